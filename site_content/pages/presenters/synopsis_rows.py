"""The lines of a synopsis in words: what a reader sees in each column."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.models import Contribution
from consult.contributions.selectors import proposed_wordings
from consult.contributions.states import Channel, Kind, Operation
from consult.council.models import RouteStep
from consult.council.resolutions import Resolution
from consult.evaluation.disclosure import REST
from consult.evaluation.models import Change
from consult.evaluation.selectors import words_of_single_voices
from consult.evaluation.selectors.synopsis import Voice, classes_of
from consult.evaluation.states import CHANGES_TEXT
from consult.intake.states import OccasionKind
from consult.participants.states import VerificationClass
from drafts.concept.languages import language_of
from drafts.concept.snapshots import block_text
from drafts.editions.models import Edition
from drafts.editions.selectors import contents, section_data
from drafts.editions.services import goal_slug
from site_content.pages.presenters.changes import changed_wordings, op_word
from site_content.pages.presenters.decision_route import outcome_word
from site_content.pages.presenters.figures import day, listed, voices
from site_content.pages.presenters.quoting import quoted
from site_content.pages.presenters.synopsis_lines import Line, Shown, Table
from site_content.pages.presenters.theme_report import (
    change_number,
    change_url,
    section_name,
    shown_entries,
    theme_url,
)
from site_content.pages.presenters.wordings import shown_wording

PLACES_SHOWN = 3
WORDS_QUOTED = 14


def shown_rows(table: Table, lines: list[Line], today: date) -> list[Shown]:
    """These lines with everything that a reader sees of them."""
    entries = shown_entries(table.report, [line.entry for line in lines], today)
    places = places_of(table.report.round.edition) if lines else {}
    own = _own_words([line for line in lines if line.is_single_voice])
    return [
        _row(table, line, entry, places, own.get(line.theme.pk))
        for line, entry in zip(lines, entries, strict=True)
    ]


def _row(table: Table, line: Line, entry: Shown, places: Shown, own: Shown | None) -> Shown:
    theme = line.theme
    return {
        "number": line.number,
        "id": f"t{theme.number}",
        "url": theme_url(table.report.round, theme.number),
        "title": theme.title,
        "concern": theme.concern,
        "is_single_voice": line.is_single_voice,
        "section": table.report.section(theme.section_wid),
        **_places(line.voices, places, table.report.round.edition.number),
        "senders": senders(line.voices),
        "own": own,
        "sentences": entry["sentences"],
        "quotes": entry["quotes"],
        "refs": [voice.ref for voice in line.voices],
        "all_label": entry["all_label"],
        "bundle": bundle(line),
        "answer": _answer(line, entry),
        "waiting": entry["waiting"],
        "is_late": line.is_late,
        "effects": [_effect(change) for change in line.changes],
        "no_effect": _no_effect(line),
        "lacks_change": line.lacks_change,
        "lead": line.lead.name if line.lead else "",
        "council": [_resolution(row) for row in line.resolutions],
    }


# --- where ---------------------------------------------------------------------------------------


def places_of(edition: Edition) -> Shown:
    """Name, address and wording of every section, block and goal of an edition, by key."""
    found = {}
    slugs = {row["wid"]: row["slug"] for row in contents(edition)}
    for section in section_data(edition):
        name = section_name({**section, "title": section["text"]["title"]})
        url = reverse("section", args=[edition.number, slugs[section["wid"]]])
        found[section["wid"]] = {"name": name, "url": url, "text": ""}
        for block in section["text"]["blocks"]:
            found[block["wid"]] = _block(block, name, url)
        for goal in section["goals"]:
            found[goal["wid"]] = {
                "name": _("{section}, Ziel {number}").format(section=name, number=goal["number"]),
                "url": reverse("goal", args=[edition.number, goal_slug(goal["number"])]),
                "text": goal["text"]["wording"],
            }
    return found


def _block(block: Shown, section: str, url: str) -> Shown:
    if "no" not in block:
        return {"name": section, "url": url, "text": ""}
    return {
        "name": _("{section}, Absatz {number}").format(section=section, number=block["no"]),
        "url": f"{url}#a{block['no']}",
        "text": block_text(block),
    }


def _places(found: list[Voice], places: Shown, edition: int) -> Shown:
    """The places commented on, the most frequent first, with the words that people quoted."""
    counts = Counter(_place_key(voice, places) for voice in found)
    counts.pop("", None)
    quotes: dict[str, tuple[str, str]] = {}
    for voice in found:
        if voice.quote:
            quotes.setdefault(_place_key(voice, places), (voice.quote, voice.quote_language))
    shown = []
    for key, number in counts.most_common():
        words, language = quotes.get(key, (places[key]["text"], "de"))
        shown.append(
            {
                **places[key],
                "edition": edition,
                "number": number,
                "quote": quoted(_shortened(words)),
                "language": language_of(language),
            }
        )
    return {"places": shown[:PLACES_SHOWN], "more_places": shown[PLACES_SHOWN:]}


def _place_key(voice: Voice, places: Shown) -> str:
    return next((key for key in (voice.target_wid, voice.section_wid) if key in places), "")


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= WORDS_QUOTED else " ".join(words[:WORDS_QUOTED]) + " …"


# --- who -----------------------------------------------------------------------------------------


def senders(found: list[Voice]) -> list[Shown]:
    """Who speaks: people without their names, organisations by name, occasions by title.

    Each {text, url}; only organisations have an address.
    """
    own = [voice for voice in found if not voice.organisation and not voice.occasion]
    people = len({voice.person or voice.ref for voice in own})
    shown = []
    if people:
        words = ngettext("{n} teilnehmende Person", "{n} teilnehmende Personen", people)
        shown.append({"text": words.format(n=people), "url": ""})
    spoken = {voice.statement: voice.organisation for voice in found if voice.organisation}
    shown += [
        {"text": name, "url": reverse("statement", args=[ref])} for ref, name in spoken.items()
    ]
    return shown + _occasions([voice for voice in found if voice.occasion])


def _occasions(found: list[Voice]) -> list[Shown]:
    counts = Counter((voice.occasion_kind, voice.occasion, voice.held_on) for voice in found)
    return [
        {
            "text": _("{kind}: {title}, {day} ({n})").format(
                kind=OccasionKind(kind).label, title=title, day=day(held_on), n=number
            ),
            "url": "",
        }
        for (kind, title, held_on), number in counts.items()
    ]


def bundle(line: Line) -> Shown:
    """How many say the same: contributions and people, by channel, by class without small cells."""
    table = classes_of(line.voices)
    return {
        "size": line.entry["size"],
        "people": line.entry["people"],
        "words": voices(line.entry["size"], line.entry["people"]),
        "channels": listed(
            [
                _("{n} {channel}").format(n=number, channel=Channel(code).label)
                for code, number in Counter(v.channel for v in line.voices).most_common()
            ]
        ),
        "classes": listed(
            [_("{n} {name}").format(n=row.size, name=_class_names(row.names)) for row in table.rows]
        ),
    }


def _class_names(names: Iterable[str]) -> str:
    return _(" oder ").join(
        _("andere") if name == REST else str(VerificationClass(name).label) for name in names
    )


# --- what was said -------------------------------------------------------------------------------


def _own_words(lines: list[Line]) -> dict[int, Shown]:
    """A single voice in full, with its language and the wording that it proposes, by theme."""
    words = words_of_single_voices([line.theme for line in lines]) if lines else {}
    proposed = [row for row in words.values() if row.kind == Kind.SUGGESTION]
    wordings = proposed_wordings(proposed) if proposed else {}
    return {pk: _own(row, wordings.get(row.pk)) for pk, row in words.items()}


def _own(contribution: Contribution, wording: tuple[str, str, str] | None) -> Shown:
    return {
        "ref": contribution.ref,
        "url": reverse("contribution", args=[contribution.ref]),
        "text": contribution.comment_row.comment,
        "language": language_of(contribution.language),
        "wording": shown_wording(*wording) if wording else None,
        "op": Operation(wording[0]).label if wording else "",
    }


# --- what becomes of it --------------------------------------------------------------------------


def _answer(line: Line, entry: Shown) -> Shown | None:
    """The answer in the reader's language, or what was drafted, marked as such."""
    if line.answer:
        return {**entry["answer"], "stage": ""}
    if line.draft is None:
        return None
    return {
        "outcome": line.draft.get_outcome_display(),
        "icon": f"i-{line.draft.outcome}",
        "reason": line.draft.reason,
        "language": language_of("de"),
        "stage": line.draft.get_status_display(),
    }


def _effect(change: Change) -> Shown:
    old, new = changed_wordings(change)
    edition = change.revision.to_edition
    number = change_number(change)
    if edition is None:
        label = _("Änderung Nr. {n}: {place}, noch nicht freigegeben")
        return _sides(change, label.format(n=number, place=change.place), "", old, new)
    label = _("Änderung Nr. {n}: {place}, Fassung {edition}").format(
        n=number, place=change.place, edition=edition.number
    )
    return _sides(change, label, change_url(edition.number, change), old, new)


def _sides(change: Change, label: str, url: str, old: Any, new: Any) -> Shown:
    return {
        "label": label,
        "url": url,
        "op": op_word(change.op),
        "old": old if change.op != "insert" else [],
        "new": new if change.op != "delete" else [],
    }


def _no_effect(line: Line) -> str:
    if line.changes:
        return ""
    if line.lacks_change:
        return _("Zugesagt. Im Text steht dazu noch keine Änderung.")
    if line.outcome in CHANGES_TEXT:
        return _("Noch keine Änderung.")
    return _("Keine Änderung des Textes.") if line.outcome else ""


def _resolution(row: Resolution) -> Shown:
    """What the deciding body did; while it has not, where and when it will."""
    last = {decision.item_id: decision for decision in row.decisions}
    shown = {
        "url": reverse("paper", args=[row.paper.pk]),
        "paper": row.paper.reference,
    }
    text = _("Fassung {n}: {outcome}")
    number = row.paper.edition.number
    if not last:
        words = text.format(n=number, outcome=_("noch nicht entschieden"))
        return {**shown, "text": words, "meeting": _meeting(row.step)}
    decisions = listed(list(dict.fromkeys(outcome_word(found) for found in last.values())))
    step = list(last.values())[-1].step
    words = text.format(n=number, outcome=decisions)
    return {**shown, "text": words, "meeting": _meeting(step)}


def _meeting(step: RouteStep | None) -> str:
    if step is None:
        return ""
    parts = (str(step.body), day(step.meeting_on), step.agenda_item)
    return listed([part for part in parts if part])
