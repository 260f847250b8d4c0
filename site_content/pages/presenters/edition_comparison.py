"""Any two editions beside each other or in one text: what differs, and why."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.models import Change
from consult.evaluation.selectors import changes_between
from drafts.concept.snapshots import Data
from drafts.editions.comparison import compare_lines
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus
from site_content.pages.presenters.changes import (
    cause_shown,
    credits_behind,
    edition_name,
    op_word,
    two_sides,
)
from site_content.pages.presenters.part_changes import PartChange, number_of, part_changes

Shown = dict[str, Any]

BESIDE, INLINE = "nebeneinander", "im-text"


def edition_comparison(old: Edition, new: Edition, view: str) -> Shown:
    """All that the page shows, in a number of queries that does not grow with the changes."""
    before, after = _comparable(old, new)
    found = part_changes(before, after)
    texts = [change for change in found if change.kind != "number"]
    causes = _causes(*sorted([old, new], key=lambda edition: edition.number))
    names = _section_names(before) | _section_names(after)
    return {
        "old_name": edition_name(old),
        "new_name": edition_name(new),
        "is_inline": view == INLINE,
        "views": _views(old, new, view),
        "unfinished": [edition_name(row) for row in (old, new) if row.status == EditionStatus.OPEN],
        "turned": reverse("compared", args=[new.number, old.number]),
        "sum": _sum(texts),
        "sections": _by_section(texts, causes, names),
        "renumbered": [_renumbered(change, causes) for change in found if change.kind == "number"],
        "dropped": [
            _dropped(change, number, causes)
            for number, change in enumerate(texts, 1)
            if change.kind == "delete" and change.part.kind == "goal"
        ],
    }


def _comparable(old: Edition, new: Edition) -> tuple[list[Data], list[Data]]:
    """The sections of both editions; of one that is released piece by piece what it has by now.

    A section that it lacks has not been dropped.
    """
    before, after = section_data(old), section_data(new)
    if old.status == EditionStatus.OPEN:
        after = _those_in(before, after)
    if new.status == EditionStatus.OPEN:
        before = _those_in(after, before)
    return before, after


def _those_in(known: list[Data], sections: list[Data]) -> list[Data]:
    wids = {section["wid"] for section in known}
    return [section for section in sections if section["wid"] in wids]


def chosen_view(wanted: str) -> str:
    """The view that an address asks for; anything unknown means side by side."""
    return wanted if wanted == INLINE else BESIDE


def choice_of_editions(found: list[Edition], wanted: Mapping[str, str]) -> Shown:
    """The form for choosing two of these editions, newest first.

    What somebody has chosen before stays chosen; else the last two are.
    """
    if len(found) < 2:
        return {}
    view = chosen_view(wanted.get("ansicht", ""))
    names = [(BESIDE, _("nebeneinander")), (INLINE, _("in einem Text"))]
    return {
        "old": _options(found, wanted.get("von", ""), found[1]),
        "new": _options(found, wanted.get("nach", ""), found[0]),
        "views": [
            {"value": name, "label": label, "selected": name == view} for name, label in names
        ],
    }


def _options(found: list[Edition], wanted: str, proposed: Edition) -> list[Shown]:
    numbers = {str(row.number): row for row in found}
    chosen = numbers.get(wanted, proposed)
    return [
        {"value": row.number, "label": edition_name(row), "selected": row == chosen}
        for row in found
    ]


def _views(old: Edition, new: Edition, view: str) -> list[Shown]:
    address = reverse("compared", args=[old.number, new.number])
    return [
        {"label": label, "url": f"{address}?ansicht={name}", "is_current": name == view}
        for name, label in [(BESIDE, _("Nebeneinander")), (INLINE, _("In einem Text"))]
    ]


def _sum(changes: list[PartChange]) -> str:
    counts = Counter(change.kind for change in changes)
    goals = sum(change.kind == "delete" and change.part.kind == "goal" for change in changes)
    phrases = [
        (counts["replace"], _("geändert")),
        (counts["insert"], _("neu")),
        (counts["delete"], _("gestrichen")),
        (counts["move"], _("nur verschoben")),
        (counts["facts"], _("mit anderen Angaben")),
    ]
    named = ", ".join(f"{number} {word}" for number, word in phrases if number)
    whole = ngettext("{n} Stelle ist anders", "{n} Stellen sind anders", len(changes))
    sentence = f"{whole.format(n=len(changes))}{': ' if named else ''}{named}."
    if goals:
        dropped = ngettext("{n} Ziel ist entfallen.", "{n} Ziele sind entfallen.", goals)
        sentence = f"{sentence} {dropped.format(n=goals)}"
    return sentence


def _by_section(
    changes: list[PartChange], causes: dict[str, list[Shown]], names: dict[str, str]
) -> list[Shown]:
    groups: dict[str, list[Shown]] = defaultdict(list)
    for number, change in enumerate(changes, 1):
        groups[change.part.section_wid].append(_shown(change, number, causes))
    return [{"wid": wid, "name": names[wid], "changes": found} for wid, found in groups.items()]


def _shown(change: PartChange, number: int, causes: dict[str, list[Shown]]) -> Shown:
    parts = _parts(change)
    old, new = two_sides(parts)
    return {
        "number": number,
        "place": change.part.place,
        "former_place": _former_place(change),
        "op": change.kind,
        "op_word": _kind_word(change),
        "has_moved": change.has_moved,
        "parts": parts,
        "old": old,
        "new": new,
        "causes": causes.get(change.part.wid, []),
    }


def _parts(change: PartChange) -> list[tuple[str, str]]:
    if change.kind == "move":
        return [("equal", change.part.text)]
    of_facts = change.kind == "facts"
    old, new = (
        "" if part is None else part.facts if of_facts else part.text
        for part in (change.old, change.new)
    )
    return compare_lines(old, new)


def _kind_word(change: PartChange) -> str:
    if change.kind == "facts":
        return _("Andere Angaben")
    if change.kind == "replace" and change.has_moved:
        return _("Verschoben und geändert")
    return op_word(change.kind)


def _former_place(change: PartChange) -> str:
    """Where the old edition had it, if a reader would look for it elsewhere."""
    if change.old is None or change.new is None or change.old.place == change.new.place:
        return ""
    is_numbered = bool(number_of(change.new))
    return change.old.place if change.has_moved or is_numbered else ""


def _renumbered(change: PartChange, causes: dict[str, list[Shown]]) -> Shown:
    assert change.old is not None  # noqa: S101
    reasons = [cause["label"] for cause in causes.get(change.part.wid, [])]
    return {
        "old": change.old.place,
        "new": change.part.place,
        "reasons": ", ".join(dict.fromkeys(reasons)),
    }


def _dropped(change: PartChange, number: int, causes: dict[str, list[Shown]]) -> Shown:
    return {
        "place": change.part.place,
        "text": change.part.text.partition("\n")[0],
        "number": number,
        "causes": causes.get(change.part.wid, []),
    }


def _causes(older: Edition, newer: Edition) -> dict[str, list[Shown]]:
    """Why each part was changed, through all revisions between two editions, oldest first."""
    changes = changes_between(older, newer)
    credited = credits_behind(changes)
    several = len({change.revision_id for change in changes}) > 1
    found: dict[str, list[Shown]] = defaultdict(list)
    for change in changes:
        for cause in change.causes.all():
            shown = {**cause_shown(cause, {}, credited), "edition": _step(change, several=several)}
            if shown not in found[change.wid]:
                found[change.wid].append(shown)
    return found


def _step(change: Change, *, several: bool) -> str:
    edition = change.revision.to_edition
    return _("Zu Fassung {n}").format(n=edition.number) if several and edition else ""


def _section_names(sections: list[dict[str, Any]]) -> dict[str, str]:
    return {
        section["wid"]: f"{section['number']} {section['text']['title']}".strip()
        for section in sections
    }
