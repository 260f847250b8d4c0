"""What the German source of a language version says otherwise since it was translated. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from drafts.concept.snapshots import Data, block_text
from drafts.editions.comparison import compare_keyed, compare_words
from drafts.editions.languages import language_fields

Parts = list[tuple[str, str]]

FIELDS = (
    "title", "lede", "wording", "reason", "target_groups", "description", "responsible", "period",
    "openness_reason",
)  # fmt: skip


@dataclass(frozen=True)
class SourceChange:
    """One place whose German words changed, with both wordings as parts of compare_words."""

    place: str
    old: Parts
    new: Parts


def source_changes(rendered: Data, now: Data) -> list[SourceChange]:
    """Compare two snapshots of a section, place by place; moves alone change no words."""
    before, after = dict(_places(rendered)), dict(_places(now))
    keyed = compare_keyed(
        {wid: words for wid, (_place, words) in before.items()},
        {wid: words for wid, (_place, words) in after.items()},
        list(before),
        list(after),
    )
    return [
        _change((after.get(found.wid) or before[found.wid])[0], found.old or "", found.new or "")
        for found in keyed
        if found.op != "move"
    ]


def _change(place: str, old: str, new: str) -> SourceChange:
    parts = compare_words(old, new)
    return SourceChange(
        place=place,
        old=[part for part in parts if part[0] != "insert"],
        new=[part for part in parts if part[0] != "delete"],
    )


def _places(section: Data) -> Iterator[tuple[str, tuple[str, str]]]:
    yield section["wid"], (_("Überschrift und Vorspann"), _words(section["text"]))
    for block in section["text"]["blocks"]:
        no = block.get("no")
        name = _("Absatz %(number)s") % {"number": no} if no else _("Zwischenüberschrift")
        yield block["wid"], (name, block_text(block))
    for goal in section["goals"]:
        place = _("Ziel %(number)s") % {"number": goal["number"]}
        yield goal["wid"], (place, _words(goal["text"]))
        for measure in goal["measures"]:
            place = _("Maßnahme %(number)s") % {"number": measure["number"]}
            yield measure["wid"], (place, _words(measure["text"]))


def _words(text: Data) -> str:
    fields = language_fields(text)
    # What was stored comes back with its fields in another order.
    return "\n".join(fields[name] for name in FIELDS if fields.get(name))
