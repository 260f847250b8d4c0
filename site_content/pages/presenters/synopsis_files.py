"""The synopsis as a file: the same lines as on the page, in German, without anybody's name.

The table keeps one column for each thing (CSV, XLSX); a document has the page's six columns (PDF,
DOCX). Both name the day, the address and the filter that they were made with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consult.documents.services.kinds import Kind, register
from consult.evaluation.selectors.synopsis import has_answers
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from site_content.pages.frame import name_of_city
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.synopsis import missing_links, sums_shown
from site_content.pages.presenters.synopsis_document import document_body
from site_content.pages.presenters.synopsis_filter import SynopsisFilter
from site_content.pages.presenters.synopsis_lines import Shown, Table, table_of
from site_content.pages.presenters.synopsis_prelude import prelude
from site_content.pages.presenters.synopsis_rows import shown_rows
from site_content.pages.presenters.synopsis_sheets import about_sheet, invitee_sheet, line_sheet
from workers.documents.parts import Document
from workers.documents.pdf import pdf_of
from workers.documents.sheets import Sheet, csv_of, xlsx_of
from workers.documents.word import docx_of

SYNOPSIS = "synopsis"
LANGUAGE = "de"


@dataclass(frozen=True)
class Said:
    """All that the files of a synopsis say: plain data, the same for every format."""

    document: Document
    lines: Sheet
    about: Sheet
    invitees: list[Sheet]


FILES: dict[str, Callable[[Said], bytes]] = {
    "pdf": lambda said: pdf_of(said.document),
    "docx": lambda said: docx_of(said.document),
    "xlsx": lambda said: xlsx_of(
        [said.lines, said.about, *said.invitees],
        title=said.document.title,
        language=LANGUAGE,
        date=said.document.date,
    ),
    "csv": lambda said: csv_of(said.lines),
}


def said_of(subject: str, language: str) -> Said | None:
    """What the files say of the round with this number to everybody; None while nobody may read it.

    They are in German alone.
    """
    found = public_rounds().filter(ref=subject, status__in=TALLIES_READABLE).first()
    if found is None or language != LANGUAGE or not has_answers(found):
        return None
    today = timezone.localdate(timezone.now())
    return said_in(table_of(found, today), SynopsisFilter(), today)


def register_synopsis() -> None:
    """Make the synopsis known among the documents that are stored while they hold."""
    register(
        Kind(
            name=SYNOPSIS,
            says=said_of,
            formats=FILES,
            file_name="synopse-{subject}",
            holds_words=True,
            version=2,
        )
    )


def said_in(table: Table, wanted: SynopsisFilter, today: date) -> Said:
    """What the files say of the lines that fit; the words are German, whoever asks."""
    with translation.override(LANGUAGE):
        found = wanted.select(table)
        rows = [absolute(row) for row in shown_rows(table, found, today)]
        before = prelude(table)
        head = _head(table, wanted, today) | {"invited": before["invited"]}
        parts: Shown = {
            "prelude": before | {"invitees": absolute(before["invitees"])},
            "sums": sums_shown(table, found),
            "missing": absolute(missing_links(table)),
        }
        return Said(
            document=_document(head, rows, parts, today),
            lines=line_sheet(rows, head),
            about=about_sheet(head, parts),
            invitees=invitee_sheet(parts["prelude"]),
        )


def absolute(value: Any) -> Any:
    """The same data with whole addresses: a file stands apart from the site."""
    if isinstance(value, dict):
        return {
            name: site_url(one) if name == "url" and one else absolute(one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [absolute(one) for one in value]
    return value


def site_url(path: str) -> str:
    """The whole address of a page of this site."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def _head(table: Table, wanted: SynopsisFilter, today: date) -> Shown:
    """Title, day, address and filter: what every file bears."""
    round_ = table.report.round
    query = f"?{wanted.query}" if wanted.query else ""
    return {
        "title": _("Synopse der Runde {ref}").format(ref=round_.ref),
        "round": round_.title,
        "date": day(today),
        "address": site_url(reverse("synopsis", args=[round_.ref])) + query,
        "filter": "; ".join(wanted.in_words(table)) or _("alle Zeilen"),
        "mark": _("Arbeitsstand, nicht öffentlich") if table.is_inside else "",
    }


def _document(head: Shown, rows: list[Shown], parts: Shown, today: date) -> Document:
    return Document(
        title=head["title"],
        subtitle=_("Abwägungstabelle: {title}").format(title=head["round"]),
        language=LANGUAGE,
        date=today,
        date_text=_("Stand {day}").format(day=head["date"]),
        publisher=name_of_city(),
        mark=head["mark"],
        facts=[
            (_("Stand"), head["date"]),
            (_("Auswahl"), head["filter"]),
            (_("Diese Tabelle im Netz"), head["address"]),
        ],
        body=document_body(rows, parts),
        has_cover=False,
        has_contents=False,
        is_landscape=True,
        footer=head["address"],
        identifier=head["address"],
        description=_("Jedes Thema und jede Einzelstimme mit Abwägung, Änderung und Beschluss."),
    )
