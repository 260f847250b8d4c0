"""An edition as Akoma Ntoso: for council systems and whoever reads texts by machine."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consult.council.selectors import decisions_on
from consult.council.states import DecisionStatus
from consult.documents.services.kinds import publisher
from consult.documents.services.legitimation import rounds_until
from consult.rounds.states import TALLIES_READABLE
from drafts.concept.states import BINDING
from drafts.editions.models import Edition
from drafts.editions.selectors import pictures_of, section_data
from workers.documents.akn_meta import Stage
from workers.documents.akoma_ntoso import EditionDocument


def structured_edition(edition: Edition, language: str) -> EditionDocument | None:
    """An edition in one language with its way, or None where nothing was released.

    The way is told in German, the language in which the city decides.
    """
    sections = section_data(edition, language)
    if not sections:
        return None
    first = edition.concept.editions.order_by("number").first() or edition
    site = settings.WAGTAILADMIN_BASE_URL
    with translation.override(BINDING):
        stages = sorted([*_rounds(edition, site), *_decisions(edition, site)], key=_day)
    return EditionDocument(
        concept=str(edition.concept.translation_key),
        title=edition.title,
        authority=publisher(),
        number=edition.number,
        language=language,
        status=edition.status,
        begun_on=timezone.localdate(first.created_at),
        released_on=timezone.localdate(edition.sealed_at or edition.created_at),
        sections=sections,
        origin=edition.origin,
        based_on=edition.based_on.number if edition.based_on else None,
        in_force_on=edition.in_force_on,
        content_hash=edition.content_hash,
        stages=tuple(stages),
        pictures={digest: f"{site}{url}" for digest, url in pictures_of(sections).items()},
    )


def _rounds(edition: Edition, site: str) -> Iterator[Stage]:
    for round_ in rounds_until(edition):
        if round_.status in TALLIES_READABLE:
            yield Stage(
                on=timezone.localdate(round_.closes_at),
                what=_("Beteiligung {ref}").format(ref=round_.ref),
                by=publisher(),
                outcome=round_.get_status_display(),
                address=site + reverse("round_themes", args=[round_.ref]),
            )


def _decisions(edition: Edition, site: str) -> Iterator[Stage]:
    for decision in decisions_on(edition):
        if decision.step.meeting_on is None:
            continue
        paper, outcome = decision.item.paper, decision.get_outcome_display()
        if decision.status == DecisionStatus.PROVISIONAL:
            outcome = f"{outcome} ({decision.get_status_display()})"
        yield Stage(
            on=decision.step.meeting_on,
            what=_("Vorlage {reference}, Nummer {number}").format(
                reference=paper.reference, number=decision.item.number
            ),
            by=decision.step.body.name,
            outcome=outcome,
            address=site + reverse("paper", args=[paper.pk]),
        )


def _day(stage: Stage) -> tuple[str, str]:
    return stage.on.isoformat(), stage.what
