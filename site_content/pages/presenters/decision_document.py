"""A decision pack as a document to take along: the same words and figures as on the page."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.council.models import Paper
from consult.council.selectors import PUBLIC
from consult.council.states import PackBlock
from site_content.pages.presenters.decision_blocks import Block
from site_content.pages.presenters.decision_definitions import definitions_of
from site_content.pages.presenters.decision_document_motions import motions_block
from site_content.pages.presenters.decision_document_parts import Shown, linked, talk
from site_content.pages.presenters.decision_document_people import goals_block, heard_block
from site_content.pages.presenters.decision_document_text import (
    changes_block,
    decision_block,
    money_block,
    route_block,
)
from site_content.pages.presenters.figures import day
from workers.documents.parts import Document, Facts, Heading, Paragraph, Part, Run, Words

BLOCKS = {
    PackBlock.DECISION: decision_block,
    PackBlock.CHANGES: changes_block,
    PackBlock.MOTIONS: motions_block,
    PackBlock.MONEY: money_block,
    PackBlock.GOALS: goals_block,
    PackBlock.HEARD: heard_block,
    PackBlock.ROUTE: route_block,
}


def pack_document(
    paper: Paper, pack: Shown, blocks: list[Block], minutes: str, at: datetime
) -> Document:
    """Return the pack as it stands at the moment `at`; every page says when that was.

    `pack`, `blocks` and `minutes` are what the page shows to all its readers.
    """
    address = settings.WAGTAILADMIN_BASE_URL + reverse("paper", args=[paper.pk])
    body: list[Part] = [Paragraph(minutes, kind="small")]
    for number, block in enumerate(blocks, start=1):
        body.append(Heading(f"{block.title} ({block.minutes})", number=f"{number}."))
        body.extend(BLOCKS[PackBlock(block.id)](pack))
        body.extend(talk(pack["talks"][block.id]))
    if rows := definitions_of(pack):
        body.append(Heading(_("Was die Zahlen bedeuten")))
        body.append(Facts([(row["word"], row["meaning"]) for row in rows]))
    is_public = paper.status in PUBLIC
    return Document(
        title=paper.title,
        language=str(get_language()),
        date=timezone.localdate(at),
        date_text=as_of(at),
        body=body,
        subtitle=_("Vorlage {reference}").format(reference=paper.reference),
        publisher=paper.originator,
        mark="" if is_public else _("Entwurf, nicht öffentlich"),
        facts=list(_facts(paper)),
        has_cover=False,
        has_contents=False,
        footer=_("die aktuelle Mappe steht unter {address}").format(
            address=address.partition("://")[2]
        ),
        identifier=address,
        words=Words(contents=_("Inhalt"), page=_("Seite"), of=_("von")),
    )


def as_of(at: datetime) -> str:
    """What a copy says about its age."""
    time = date_format(timezone.localtime(at), "H:i")
    return _("Stand {day}, {time} Uhr").format(day=day(at), time=time)


def _facts(paper: Paper) -> Iterator[tuple[str, list[Run]]]:
    yield _("Stand der Vorlage"), [Run(paper.get_status_display())]
    if paper.submitted_at:
        yield _("Vorgelegt am"), [Run(day(paper.submitted_at))]
    yield (
        _("Fassung"),
        [linked(str(paper.edition.number), reverse("edition", args=[paper.edition.number]))],
    )
    if paper.edition.content_hash:
        yield _("Prüfsumme (SHA-256)"), [Run(paper.edition.content_hash)]
