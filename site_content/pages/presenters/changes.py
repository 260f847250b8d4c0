"""Old, new and why: the changes that led to an edition, as a reader compares them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.models import Change, ChangeCause, Revision
from consult.evaluation.selectors import public_themes, revision_changes, themes_without_change
from consult.evaluation.selectors.suggestions import credits_of, first_refs
from consult.evaluation.states import Cause
from consult.rounds.models import ConsultationRound
from drafts.editions.comparison import compare_lines
from drafts.editions.models import Edition
from drafts.editions.selectors import contents
from site_content.pages.presenters.figures import listed, month, voices
from site_content.pages.presenters.suggestions import credit_line
from site_content.pages.presenters.theme_report import (
    change_number,
    next_edition,
    section_name,
    theme_url,
)

Shown = dict[str, Any]
Parts = list[tuple[str, str]]

OPS = ("replace", "insert", "delete", "move")
# Parts whose place does not name the section already.
IN_SECTION = {"goal", "measure"}
CAUSES = (Cause.RESPONSE, Cause.SUGGESTION, Cause.MOTION, Cause.EDITORIAL, Cause.LEGAL)


@dataclass(frozen=True)
class ChangeFilter:
    """What a reader asked for; anything unknown counts as not asked for."""

    section: str
    op: str
    cause: str

    @classmethod
    def from_query(cls, query: QueryDict, sections: dict[str, str]) -> "ChangeFilter":
        """Read the filter from an address."""
        section, op, cause = (query.get(name, "") for name in ("abschnitt", "art", "grund"))
        return cls(
            section=section if section in sections else "",
            op=op if op in OPS else "",
            cause=cause if cause in CAUSES else "",
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.section or self.op or self.cause)

    def fits(self, change: Change) -> bool:
        """Whether a change is shown."""
        return (
            self.section in {"", change.section_wid}
            and self.op in {"", change.op}
            and (not self.cause or any(c.kind == self.cause for c in change.causes.all()))
        )


def changes_of(revision: Revision, query: QueryDict) -> Shown:
    """All that the page of a revision shows, in a number of queries that does not grow with it."""
    changes = list(revision_changes(revision))
    sections = _sections(revision)
    wanted = ChangeFilter.from_query(query, sections)
    found = [change for change in changes if wanted.fits(change)]
    figures, credited = _figures(changes), credits_behind(changes)
    return {
        "old_name": edition_name(revision.from_edition),
        "new_name": edition_name(next_edition(revision)),
        "counts": _counts(changes),
        "causes": cause_sentence(changes),
        "filter": _fields(wanted, sections, changes),
        "is_filtered": wanted.is_set,
        "found": ngettext(
            "{n} von {total} Änderung", "{n} von {total} Änderungen", len(changes)
        ).format(n=len(found), total=len(changes)),
        "changes": [_shown(change, figures, credited, sections) for change in found],
        "dropped": [
            _dropped(change, figures, credited) for change in changes if change.op == "delete"
        ],
        "without_change": _without_change(revision),
    }


def edition_name(edition: Edition) -> str:
    """Number and month of an edition."""
    return _("Fassung {n}, {month}").format(
        n=edition.number, month=month(edition.sealed_at or edition.created_at)
    )


def op_word(op: str) -> str:
    """What happened to a text, in one word."""
    words = {
        "replace": _("Geändert"),
        "insert": _("Eingefügt"),
        "delete": _("Gestrichen"),
        "move": _("Verschoben"),
    }
    return words[op]


def cause_sentence(changes: list[Change]) -> str:
    """Say how many changes go back to contributions and how many have another reason."""
    counts = Counter(kind for change in changes for kind in {c.kind for c in change.causes.all()})
    phrases = [
        ngettext(
            "{n} Änderung geht auf Beiträge zurück",
            "{n} Änderungen gehen auf Beiträge zurück",
            counts[Cause.RESPONSE],
        ).format(n=counts[Cause.RESPONSE]),
        *_of_suggestions(counts[Cause.SUGGESTION]),
        *_of_motions(counts[Cause.MOTION]),
        ngettext("{n} ist redaktionell", "{n} sind redaktionell", counts[Cause.EDITORIAL]).format(
            n=counts[Cause.EDITORIAL]
        ),
        ngettext("{n} ist rechtlich nötig", "{n} sind rechtlich nötig", counts[Cause.LEGAL]).format(
            n=counts[Cause.LEGAL]
        ),
    ]
    return listed(phrases)


def _of_suggestions(number: int) -> list[str]:
    if not number:
        return []
    words = ngettext(
        "{n} folgt einem Änderungsvorschlag", "{n} folgen Änderungsvorschlägen", number
    )
    return [words.format(n=number)]


def _of_motions(number: int) -> list[str]:
    if not number:
        return []
    words = ngettext(
        "{n} folgt einem Änderungsantrag im Rat", "{n} folgen Änderungsanträgen im Rat", number
    )
    return [words.format(n=number)]


def wordings(change: Change) -> tuple[Parts, Parts]:
    """The old wording with what was struck, the new one with what was inserted."""
    if change.op == "move":
        return [("equal", change.old)], [("equal", change.new)]
    return two_sides(compare_lines(change.old, change.new))


def changed_wordings(change: Change) -> tuple[Parts, Parts]:
    """As wordings(), without the lines that stayed: to be read at a glance."""
    if change.op == "move":
        return wordings(change)
    return two_sides(changed_lines(compare_lines(change.old, change.new)))


def two_sides(parts: Parts) -> tuple[Parts, Parts]:
    """The parts of a difference that belong to the old wording, and those of the new one."""
    old = [part for part in parts if part[0] != "insert"]
    new = [part for part in parts if part[0] != "delete"]
    return old, new


def changed_lines(parts: Parts) -> Parts:
    """Leave out the lines without a change; the rest of a line stays around its change."""
    if len(parts) == 1:
        return parts
    first, last = 0, len(parts) - 1
    shown: Parts = []
    for place, (op, text) in enumerate(parts):
        if op == "equal" and "\n" in text:
            ending, beginning = text.split("\n", 1)[0], text.rsplit("\n", 1)[1]
            text = {first: beginning, last: ending}.get(place, f"{ending}\n{beginning}")
        shown.append((op, text))
    return [part for part in shown if part[1]]


def _sections(revision: Revision) -> dict[str, str]:
    found = [*contents(next_edition(revision)), *contents(revision.from_edition)]
    sections: dict[str, str] = {}
    for row in found:
        sections.setdefault(row["wid"], section_name(row))
    return sections


def _figures(changes: list[Change]) -> dict[int, str]:
    """Contributions and people behind each theme that caused a change."""
    rounds = {
        cause.response.theme.round_id
        for change in changes
        for cause in change.causes.all()
        if cause.response
    }
    return {
        entry["theme"].pk: voices(entry["size"], entry["people"])
        for round_ in ConsultationRound.objects.filter(pk__in=rounds)
        for entry in public_themes(round_)
    }


def credits_behind(changes: list[Change]) -> dict[int, tuple[str, str]]:
    """Who proposed a wording that caused a change, and the address of the first suggestion."""
    bundles = {
        cause.suggestion_id
        for change in changes
        for cause in change.causes.all()
        if cause.suggestion_id
    }
    if not bundles:
        return {}
    credits, refs = credits_of(bundles), first_refs(bundles)
    return {
        pk: (credit_line(credit), reverse("contribution", args=[refs[pk]]) if pk in refs else "")
        for pk, credit in credits.items()
    }


def _counts(changes: list[Change]) -> list[tuple[str, int]]:
    counts = Counter(change.op for change in changes)
    return [
        (_("Änderungen"), len(changes)),
        (_("geändert"), counts["replace"]),
        (_("eingefügt"), counts["insert"]),
        (_("gestrichen"), counts["delete"]),
        (_("verschoben"), counts["move"]),
    ]


def _fields(wanted: ChangeFilter, sections: dict[str, str], changes: list[Change]) -> Shown:
    touched = {change.section_wid for change in changes}
    return {
        "sections": [
            {"value": wid, "label": name, "selected": wid == wanted.section}
            for wid, name in sections.items()
            if wid in touched
        ],
        "ops": [{"value": op, "label": op_word(op), "selected": op == wanted.op} for op in OPS],
        "causes": [
            {"value": cause.value, "label": cause.label, "selected": cause == wanted.cause}
            for cause in CAUSES
        ],
    }


def _shown(
    change: Change,
    figures: dict[int, str],
    credited: dict[int, tuple[str, str]],
    sections: dict[str, str],
) -> Shown:
    old, new = wordings(change)
    return {
        "number": change_number(change),
        "place": change.place,
        "section": sections.get(change.section_wid, "") if change.part in IN_SECTION else "",
        "op": change.op,
        "op_word": op_word(change.op),
        "old": old,
        "new": new,
        "causes": [cause_shown(cause, figures, credited) for cause in change.causes.all()],
    }


def cause_shown(
    cause: ChangeCause, figures: dict[int, str], credited: dict[int, tuple[str, str]]
) -> Shown:
    """Why a text was changed, with the way to what stands behind it."""
    if cause.suggestion_id:
        line, url = credited[cause.suggestion_id]
        return {"label": line, "note": cause.note, "theme": None, "suggestion": url}
    if cause.response is None:
        label = cause.reference or cause.get_kind_display()
        return {"label": label, "note": cause.note, "theme": None}
    theme = cause.response.theme
    return {
        "label": cause.response.get_outcome_display(),
        "icon": f"i-{cause.response.outcome}",
        "note": cause.note,
        "theme": {
            "title": theme.title,
            "url": theme_url(theme.round, theme.number),
            "voices": figures.get(theme.pk, ""),
        },
    }


def _dropped(
    change: Change, figures: dict[int, str], credited: dict[int, tuple[str, str]]
) -> Shown:
    return {
        "place": change.place,
        "number": change_number(change),
        "text": change.old,
        "causes": [cause_shown(cause, figures, credited) for cause in change.causes.all()],
    }


def _without_change(revision: Revision) -> list[Shown]:
    return [
        {
            "title": response.theme.title,
            "url": theme_url(response.theme.round, response.theme.number),
            "outcome": response.get_outcome_display(),
            "icon": f"i-{response.outcome}",
        }
        for response in themes_without_change(revision)
    ]
