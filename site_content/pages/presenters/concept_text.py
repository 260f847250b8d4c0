"""What the reading pages show of frozen text: addresses, facts and sentences about it."""

import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.rounds.models import ConsultationRound
from drafts.concept.snapshots import Data, block_text, plain
from drafts.concept.states import CostStatus, MeasureKind, Openness
from drafts.editions.documents import means_words
from drafts.editions.models import Edition
from drafts.editions.services import goal_slug
from drafts.editions.states import EditionStatus
from site_content.pages.presenters.figures import day, euros

WORDS_A_MINUTE = 180
HASH_DIGITS = 12

_KEY = re.compile(r'href="wid:([0-9a-f-]+)"')


def section_url(edition: Edition, slug: str) -> str:
    """The address of a section in this edition."""
    return reverse("section", args=[edition.number, slug])


def goal_url(edition: Edition, goal: Data) -> str:
    """The address of a goal in this edition."""
    return reverse("goal", args=[edition.number, goal_slug(goal["number"])])


def addresses(
    edition: Edition, outline: Iterable[Data], sections: Iterable[Data]
) -> dict[str, str]:
    """Where links between parts lead in this edition, by key.

    Goals are looked up only where a text links to a key that is no section's.
    """
    found = {entry["wid"]: section_url(edition, entry["slug"]) for entry in outline}
    linked = {key for section in sections for key in _linked_keys(section)}
    if linked - found.keys():
        for wid, slug in edition.goals.values_list("wid", "slug"):
            found[wid] = reverse("goal", args=[edition.number, slug])
    return found


def outline_entries(
    edition: Edition, outline: Iterable[Data], current: str = "", parts: list[Data] | None = None
) -> list[Data]:
    """The contents list beside a section; the current one also lists its own headings."""
    return [
        {
            "url": section_url(edition, entry["slug"]),
            "number": entry["number"],
            "title": entry["title"],
            "german": entry.get("german", []),
            "current": entry["wid"] == current,
            "parts": parts if entry["wid"] == current else [],
        }
        for entry in outline
    ]


def neighbours(edition: Edition, outline: list[Data], wid: str) -> dict[str, Data | None]:
    """The sections before and after one, for the links at its end."""
    place = next(at for at, entry in enumerate(outline) if entry["wid"] == wid)
    around = {"previous": place - 1, "next": place + 1}
    return {
        name: {
            "url": section_url(edition, outline[at]["slug"]),
            "name": section_name(outline[at]),
            "german": outline[at].get("german", []),
        }
        if 0 <= at < len(outline)
        else None
        for name, at in around.items()
    }


def section_name(entry: Data) -> str:
    """Number and title of a section."""
    return f"{entry['number']} {entry['title']}".strip()


def reading_minutes(section: Data) -> int:
    """Minutes for a section with its goals at 180 words a minute (Brysbaert 2019), at least 1."""
    texts = [block_text(block) for block in section["text"]["blocks"]]
    for goal in section["goals"]:
        texts += [goal["text"]["wording"], goal["text"]["reason"]]
    count = sum(len(text.split()) for text in texts)
    return max(1, math.ceil(count / WORDS_A_MINUTE))


def plain_heading(block: Data) -> str:
    """The words of a heading for the contents list."""
    return plain(block["html"])


def edition_facts(edition: Edition) -> Data:
    """State, origin and check sum of an edition in words."""
    return {
        "number": edition.number,
        "title": edition.title,
        "name": edition_name(edition),
        "origin": edition.origin,
        "status": edition.get_status_display(),
        "in_force": edition.status == EditionStatus.IN_FORCE,
        "in_force_on": edition.in_force_on,
        "hash": edition.content_hash[:HASH_DIGITS],
        "url": reverse("edition", args=[edition.number]),
        "print_url": reverse("edition_print", args=[edition.number]),
        "changes_url": reverse("changes", args=[edition.number]) if edition.based_on_id else "",
    }


def edition_name(edition: Edition) -> str:
    """How people call an edition."""
    return _("Fassung {number}").format(number=edition.number)


def openness_sentence(edition: Edition, section: Data, *, is_over: bool) -> str:
    """Whether the section can still be changed, and why not; `is_over` after its round."""
    if edition.status in {EditionStatus.IN_FORCE, EditionStatus.SUPERSEDED}:
        return _("Dieser Abschnitt ist beschlossen.")
    if section["openness"] == Openness.FIXED:
        reason = section["text"]["openness_reason"]
        return _("Dieser Abschnitt steht fest. {reason}").format(reason=reason)
    if is_over:
        return _("Dieser Abschnitt konnte in dieser Fassung geändert werden.")
    return _("Dieser Abschnitt kann noch geändert werden.")


def newer_edition(edition: Edition, current: Edition | None) -> Data | None:
    """The way to the edition that is read now, where it is a later one."""
    if current is None or current.number <= edition.number:
        return None
    return {"url": reverse("edition", args=[current.number]), "name": edition_name(current)}


def released_since(released_at: datetime, round_: ConsultationRound | None) -> str:
    """Since when a section can be read that was released while its round was open, else ""."""
    if round_ is None or released_at <= round_.opens_at:
        return ""
    return _("Freigegeben am {day}, während die Beteiligung schon lief.").format(
        day=day(released_at)
    )


def figures_of_blocks(blocks: list[Data], pictures: dict[str, str]) -> list[Data]:
    """The blocks; a figure also carries the address of its picture."""
    return [
        {**block, "src": pictures.get(block["file"], "")} if block["kind"] == "figure" else block
        for block in blocks
    ]


def cost_sentence(measures: list[Data]) -> str:
    """What a goal's measures cost, and whether all of them were estimated; "" without any."""
    if not measures:
        return ""
    sums = cost_sums(measures)
    if sums["open"] == len(measures):
        return _("Kosten noch nicht geschätzt")
    money = _money_sentence(sums)
    if sums["open"]:
        return _("{money}, zum Teil noch nicht geschätzt").format(money=money)
    return money


def cost_sums(measures: list[Data]) -> dict[str, int]:
    """Sums of what was estimated in euro, and how many measures were not estimated."""
    return {
        "one_off": sum(measure["cost_one_off"] or 0 for measure in measures),
        "yearly": sum(measure["cost_yearly"] or 0 for measure in measures),
        "open": sum(measure["cost_status"] == CostStatus.NOT_ESTIMATED for measure in measures),
        "count": len(measures),
    }


def measure_rows(measures: list[Data]) -> list[Data]:
    """The rows of the table of measures with money in words."""
    return [
        {
            "number": measure["number"],
            **measure["text"],
            "kind": MeasureKind(measure["kind"]).label,
            "is_new": measure["kind"] == MeasureKind.NEW,
            "is_missing": measure["kind"] == MeasureKind.MISSING,
            "one_off": _money(measure, "cost_one_off"),
            "yearly": _money(measure, "cost_yearly"),
            "means": means_words(measure),
            "also_serves": _also_serves(measure["also_serves"]),
        }
        for measure in measures
    ]


def measure_sums(measures: list[Data]) -> Data:
    """The last row of the table of measures."""
    sums = cost_sums(measures)
    note = ""
    if sums["open"]:
        note = ngettext(
            "{open} von {count} Maßnahme noch nicht geschätzt",
            "{open} von {count} Maßnahmen noch nicht geschätzt",
            sums["count"],
        ).format(**sums)
    return {
        "one_off": euros(_total(measures, "cost_one_off")),
        "yearly": euros(_total(measures, "cost_yearly")),
        "note": note,
    }


def _total(measures: list[Data], name: str) -> int | None:
    # Nothing estimated is not the same as nothing to pay.
    known = [measure[name] for measure in measures if measure[name] is not None]
    return sum(known) if known else None


def _money_sentence(sums: dict[str, int]) -> str:
    one_off, yearly = euros(sums["one_off"]), euros(sums["yearly"])
    if sums["one_off"] and sums["yearly"]:
        return _("einmalig {one_off}, jährlich {yearly}").format(one_off=one_off, yearly=yearly)
    if sums["one_off"]:
        return _("einmalig {one_off}").format(one_off=one_off)
    return _("jährlich {yearly}").format(yearly=yearly)


def _money(measure: Data, name: str) -> str:
    if measure["cost_status"] == CostStatus.NOT_ESTIMATED:
        return _("nicht geschätzt")
    amount = measure[name]
    return euros(amount)


def _also_serves(numbers: list[str]) -> str:
    if not numbers:
        return ""
    return ngettext(
        "Dient auch dem Ziel {numbers}", "Dient auch den Zielen {numbers}", len(numbers)
    ).format(numbers=", ".join(numbers))


def _linked_keys(section: Data) -> set[str]:
    html: list[Any] = []
    for block in section["text"]["blocks"]:
        html += [*block.get("items", []), block.get("html", "")]
    return {key for text in html for key in _KEY.findall(text)}
