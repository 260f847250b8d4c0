"""What contributions have changed so far, with a refusal beside it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.models import Change
from consult.evaluation.selectors import revision_changes, revision_to
from consult.evaluation.states import Outcome, ThemeKind
from consult.rounds.models import ConsultationRound
from drafts.editions.comparison import compare_lines
from drafts.editions.models import Edition
from site_content.pages.presenters.changes import changed_lines
from site_content.pages.presenters.theme_report import (
    Report,
    change_url,
    next_edition,
    report_of,
    shown_entries,
    theme_url,
)

Shown = dict[str, Any]

REFUSALS = {Outcome.NOT_ADOPTED, Outcome.OUTSIDE}
CHANGES_SHOWN = 2
# A specimen should be read at a glance.
LONGEST_SPECIMEN = 600


def achievements(round_: ConsultationRound, today) -> Shown:
    """The two themes of most people that changed the text, and the refusal of most people.

    A single voice that changed the text stands there where too few themes did.

    Empty lists where nothing was answered yet. Quotes are verbatim and from released summaries.
    """
    report = report_of(round_)
    themes = report.of_kind(ThemeKind.THEME)
    answered = sorted(
        (entry for entry in report.entries if entry["response"]),
        key=lambda entry: (_is_single(entry), not _has_quotes(entry), -entry["people"]),
    )
    changed = [entry for entry in answered if report.changes.get(entry["response"].pk)]
    refused = [entry for entry in answered if entry["response"].outcome in REFUSALS]
    chosen = [*changed[:CHANGES_SHOWN], *refused[:1]] if changed else []
    shown = shown_entries(report, chosen, today)
    return {
        "round": round_,
        "entries": [
            {**view, "first_sentence": first_sentence(view["answer"]["reason"])} for view in shown
        ],
        "intro": _intro(report),
        "all_label": ngettext(
            "{n} Thema dieser Runde mit Antwort",
            "Alle {n} Themen dieser Runde mit Antworten",
            len(themes),
        ).format(n=len(themes))
        if themes
        else _("Alle Einzelstimmen dieser Runde mit Antworten"),
    }


def _is_single(entry: Shown) -> bool:
    return entry["theme"].kind == ThemeKind.SINGLE_VOICE


def _has_quotes(entry: Shown) -> bool:
    return entry["summary"] is not None and bool(entry["summary"].quotes)


def _intro(report: Report) -> str:
    size = sum(entry["size"] for entry in report.entries)
    return _("In der Runde {ref} gab es {contributions}. Das ist daraus geworden.").format(
        ref=report.round.ref,
        contributions=ngettext(
            "{n} veröffentlichten Beitrag", "{n} veröffentlichte Beiträge", size
        ).format(n=size),
    )


def first_sentence(text: str) -> str:
    """The beginning of an official text up to its first full stop that ends a sentence."""
    for mark in (". ", ".\n", "? ", "! "):
        head, found, _rest = text.partition(mark)
        if found and len(head) > 20:
            return head + mark[0]
    return text


def specimen(edition: Edition | None) -> Shown | None:
    """A short change of the current edition that contributions caused, as an example."""
    revision = revision_to(edition) if edition else None
    if revision is None:
        return None
    changes = list(revision_changes(revision))
    fitting = [change for change in changes if _is_short(change) and _response(change)]
    if not fitting:
        return None
    change = max(fitting, key=_share_kept)
    theme = _response(change).theme
    return {
        "place": change.place,
        "parts": changed_lines(compare_lines(change.old, change.new)),
        "url": change_url(next_edition(revision).number, change),
        "theme": theme.title,
        "theme_url": theme_url(theme.round, theme.number),
        "count": ngettext(
            "{n} Änderung ansehen", "Alle {n} Änderungen ansehen", len(changes)
        ).format(n=len(changes)),
    }


def _is_short(change: Change) -> bool:
    in_text = change.part in {"block", "goal"}
    return (
        in_text and change.op == "replace" and len(change.old) + len(change.new) <= LONGEST_SPECIMEN
    )


def _share_kept(change: Change) -> float:
    """How much of the wording stayed: where all is new, there is little to compare."""
    kept = sum(len(text) for op, text in compare_lines(change.old, change.new) if op == "equal")
    return kept / (len(change.old) + len(change.new))


def _response(change: Change):
    causes = (cause for cause in change.causes.all() if cause.response)
    return next((cause.response for cause in causes), None)
