"""The synopsis of a round (Abwägungstabelle): every concern, what was weighed, what changes."""

from datetime import date

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.models import Change
from consult.evaluation.selectors import ledger_sums
from consult.evaluation.states import RevisionStatus
from site_content.pages.presenters.changes import op_word
from site_content.pages.presenters.synopsis_filter import SynopsisFilter, sums_of
from site_content.pages.presenters.synopsis_lines import Line, Shown, Table
from site_content.pages.presenters.synopsis_prelude import definitions, prelude
from site_content.pages.presenters.synopsis_rows import shown_rows
from site_content.pages.presenters.theme_report import change_number, change_url, theme_url

LINES_A_PAGE = 25
FORMATS = ("pdf", "docx", "xlsx", "csv")


def synopsis_page(table: Table, query: QueryDict, today: date, sizes: dict[str, str]) -> Shown:
    """All that the page shows: prelude, filter, sums, one page of lines, what is missing.

    `sizes` are those of the stored files by format.
    """
    wanted = SynopsisFilter.from_query(query, table)
    found = wanted.select(table)
    page = Paginator(found, LINES_A_PAGE).get_page(query.get("seite"))
    return {
        "prelude": prelude(table),
        "definitions": definitions(),
        "filter": wanted.fields(table),
        "is_filtered": wanted.is_set,
        "found": ngettext(
            "{n} von {total} Zeile", "{n} von {total} Zeilen", len(table.lines)
        ).format(n=len(found), total=len(table.lines)),
        "sums": sums_shown(table, found),
        "rows": shown_rows(table, list(page), today),
        "page": page,
        "missing": missing_links(table),
        "files": file_links(table, wanted, sizes),
    }


def sums_shown(table: Table, found: list[Line]) -> Shown:
    """Lines and contributions by outcome, their sum, and whether all contributions are there."""
    rows = sums_of(found)
    in_lines = sum(line.entry["size"] for line in table.lines)
    published = ledger_sums(table.report.round)["published"]
    return {
        "rows": rows,
        "lines": sum(row["lines"] for row in rows),
        "contributions": sum(row["contributions"] for row in rows),
        "late": sum(line.is_late for line in found),
        "check": _check(in_lines, published),
    }


def _check(in_lines: int, published: int) -> str:
    if in_lines == published:
        return _("Alle {n} veröffentlichten Beiträge stehen in einer Zeile.").format(n=published)
    return _(
        "{n} Beiträge stehen in einer Zeile, {left} haben noch kein Thema. Zusammen sind es alle "
        "{published} veröffentlichten."
    ).format(n=in_lines, left=published - in_lines, published=published)


def missing_links(table: Table) -> Shown:
    """Accepted themes that changed nothing yet, and changes that nobody gave a cause."""
    return {
        "without_change": [
            {
                "number": line.number,
                "title": line.theme.title,
                "url": theme_url(table.report.round, line.theme.number),
                "outcome": line.answer.get_outcome_display() if line.answer else "",
                "icon": f"i-{line.outcome}",
            }
            for line in table.without_change
        ],
        "without_cause": [_bare(change) for change in table.without_cause],
    }


def _bare(change: Change) -> Shown:
    edition = change.revision.to_edition
    released = change.revision.status == RevisionStatus.RELEASED and edition is not None
    return {
        "label": _("Änderung Nr. {n}: {place}").format(n=change_number(change), place=change.place),
        "op": op_word(change.op),
        "url": change_url(edition.number, change) if released else "",
    }


def file_links(table: Table, wanted: SynopsisFilter, sizes: dict[str, str]) -> list[Shown]:
    """Where the same lines are offered as a file, with the filter that is set.

    `sizes` are those of the whole table, which alone is stored.
    """
    ref, query = table.report.round.ref, f"?{wanted.query}" if wanted.query else ""
    words = {
        "pdf": _("PDF, zum Drucken und Vorlesen"),
        "docx": _("Word (DOCX)"),
        "xlsx": _("Excel (XLSX)"),
        "csv": _("Tabelle (CSV)"),
    }
    return [
        {
            "word": ", ".join(filter(None, [words[kind], "" if query else sizes.get(kind)])),
            "url": reverse("synopsis_file", args=[ref, kind]) + query,
        }
        for kind in FORMATS
    ]
