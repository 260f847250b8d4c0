"""Revision: what was changed since the frozen edition, why, and the next edition.

A change is keyed by (wid, op, old hash, new hash). Preparing again keeps every cause whose key
still exists. Releasing checks that the changes applied to the old edition give the new one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils import translation
from wagtail.log_actions import log

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.states import IN_TEXT
from consult.evaluation.models import CarryOver, Change, ChangeCause, Response, Revision
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.services.suggested_changes import attach_suggestions, settle_suggestions
from consult.evaluation.states import CarryState, Cause, ResponseStatus, RevisionStatus
from consult.rounds.services import NotPermitted
from drafts.concept.snapshots import Data, block_text, content_hash, wordings_of
from drafts.concept.states import FundingStatus, GoalLevel, MeasureKind, Openness, SectionKind
from drafts.editions.comparison import compare_keyed
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.services import open_edition, release_edition

# The words of the binding language, whoever prepares the revision: they are part of the hashes.
KIND_WORDS = {
    MeasureKind.EXISTING: "bestehend",
    MeasureKind.MISSING: "fehlend",
    MeasureKind.NEW: "neu",
}


class RevisionNotReady(Exception):
    """The revision cannot be released; `code` is no_changes, no_cause or text_moved_on."""

    def __init__(self, code: str, places: list[str] | None = None):
        super().__init__(code)
        self.code = code
        self.places = places or []


@dataclass(frozen=True)
class Part:
    """One comparable piece of an edition: a section head, a block, a goal or a measure.

    `facts` are what the words do not say (number, level, marks); a change of them alone shows them.
    """

    wid: str
    kind: str
    section_wid: str
    place: str
    text: str
    facts: str

    @property
    def whole(self) -> str:
        """Words and facts: what is compared."""
        return f"{self.text}\n{self.facts}"


@transaction.atomic
def prepare_revision(*, from_edition: Edition, round_, actor, at: datetime) -> Revision:
    """Compare the reviewed working text with the edition; keep causes that still apply.

    Changes that adopted suggestions have led to get these as causes, now and each time anew.
    """
    _require(actor)
    revision, _created = Revision.objects.select_for_update().get_or_create(
        from_edition=from_edition,
        status=RevisionStatus.OPEN,
        defaults={"round": round_, "prepared_by": actor, "prepared_at": at},
    )
    before, after = section_data(from_edition), from_edition.concept.specific.preview_sections()
    wanted = changes_between(before, after)
    existing = {_key(change): change for change in revision.changes.all()}
    revision.changes.exclude(
        pk__in=[existing[_key(change)].pk for change in wanted if _key(change) in existing]
    ).delete()
    for position, change in enumerate(wanted):
        found = existing.get(_key(change), change)
        found.revision, found.position = revision, position
        found.place, found.section_wid = change.place, change.section_wid
        found.save()
    attach_suggestions(revision, wordings_of(before), wordings_of(after), actor, at)
    log(revision, "revision.prepare", user=actor, data={"changes": len(wanted)})
    return revision


@transaction.atomic
def add_cause(
    *,
    change: Change,
    kind: Cause,
    actor,
    at: datetime,
    response: Response | None = None,
    suggestion: SuggestionBundle | None = None,
    reference: str = "",
    note: str = "",
) -> ChangeCause:
    """Say why a text was changed: a published response, an adopted suggestion, or in words.

    `reference` names an accepted motion of the council; who calls has looked that it is one.
    Raises RevisionNotReady, also where the response, suggestion or motion causes this change
    already.
    """
    _require(actor)
    revision = Revision.objects.select_for_update().get(pk=change.revision_id)
    if revision.status != RevisionStatus.OPEN:
        raise RevisionNotReady("released_already")
    reason = reference if kind == Cause.MOTION else note
    refusal = _refused_cause(change, kind, response, suggestion, reason)
    if refusal:
        raise RevisionNotReady(refusal)
    return ChangeCause.objects.create(
        change=change,
        kind=kind,
        response=response,
        suggestion=suggestion,
        reference=reference,
        note=note.strip(),
        by=actor,
        at=at,
    )


@transaction.atomic
def remove_cause(*, cause: ChangeCause, actor) -> None:
    """Take a cause back while the revision is open."""
    _require(actor)
    if cause.change.revision.status != RevisionStatus.OPEN:
        raise RevisionNotReady("released_already")
    cause.delete()


@transaction.atomic
def release_next_edition(
    *, revision: Revision, title: str, origin: str, actor, at: datetime
) -> Edition:
    """Freeze the reviewed text as the next edition and carry all contributions over.

    Raises RevisionNotReady, naming the places, while a change has no cause or the text has moved
    on since the revision was prepared; UnableToRelease as release_edition does.
    """
    _require(actor)
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    changes = list(revision.changes.prefetch_related("causes"))
    _check_ready(revision, changes)
    edition = open_edition(
        concept=revision.from_edition.concept.specific,
        title=title,
        origin=origin,
        actor=actor,
        at=at,
    )
    edition = release_edition(edition=edition, actor=actor, at=at)
    frozen = {
        _key(change)
        for change in changes_between(section_data(revision.from_edition), section_data(edition))
    }
    if frozen != {_key(change) for change in changes}:
        raise RevisionNotReady("text_moved_on")
    revision.to_edition, revision.status = edition, RevisionStatus.RELEASED
    revision.save(update_fields=["to_edition", "status"])
    log(revision, "revision.release", user=actor, data={"edition": edition.number})
    carry_over(edition=edition)
    return edition


def carry_over(*, edition: Edition) -> int:
    """Say for every contribution of earlier editions where its place is now; return how many.

    By key first, then by the quoted words where exactly one place has them, else gone. For a
    suggestion it counts whether the wording that it refers to is still there.
    """
    earlier = list(
        Contribution.objects.filter(
            edition__concept=edition.concept, edition__number__lt=edition.number
        ).only("pk", "edition_id", "section_wid", "target_wid", "quote")
    )
    old_parts = {
        pk: parts_of(section_data(Edition.objects.get(pk=pk)))
        for pk in {found.edition_id for found in earlier}
    }
    sections = section_data(edition)
    new_parts = parts_of(sections)
    rows = [_carried(found, old_parts[found.edition_id], new_parts, edition) for found in earlier]
    settle_suggestions(rows, wordings_of(sections))
    CarryOver.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def correct_carry_over(*, row: CarryOver, section_wid: str, target_wid: str, actor) -> CarryOver:
    """A person puts a contribution to another place of the edition than the machine did."""
    _require(actor)
    if target_wid not in parts_of(section_data(row.edition, wid=section_wid)):
        raise RevisionNotReady("no_such_place")
    row.state, row.section_wid, row.target_wid = CarryState.MOVED, section_wid, target_wid
    row.corrected_by = actor
    row.save()
    return row


def parts_of(sections: list[Data]) -> dict[str, Part]:
    """All comparable parts of an edition by wid, in reading order."""
    parts = {}
    for section in sections:
        for part in _section_parts(section):
            parts[part.wid] = part
    return parts


def _section_parts(section: Data):
    words, wid = section["text"], section["wid"]
    name = " ".join(filter(None, [section["number"], words["title"]]))
    facts = _facts(section, ("Art", _german(SectionKind(section["kind"]))))
    yield Part(wid, "section", wid, name, _head_text(words), facts)
    for block in words["blocks"]:
        place = f"{name}, Absatz {block['no']}" if "no" in block else name
        yield Part(block["wid"], "block", wid, place, block_text(block), _marks(block))
    for goal in section["goals"]:
        facts = _facts(goal, ("Ebene", _german(GoalLevel(goal["level"]))))
        place = f"Ziel {goal['number']}"
        yield Part(goal["wid"], "goal", wid, place, _goal_text(goal), facts)
        for measure in goal["measures"]:
            place = f"Maßnahme {measure['number']}"
            text, facts = _measure_text(measure), _lines(("Nummer", measure["number"]))
            yield Part(measure["wid"], "measure", wid, place, text, facts)


def _facts(part: Data, kind: tuple[str, str]) -> str:
    openness = _german(Openness(part["openness"]))
    return _lines(("Nummer", part["number"]), kind, ("Offenheit", openness))


def _marks(block: Data) -> str:
    """How the words of a block are set: bold, italic, links; of a picture, which file it is."""
    match block["kind"]:
        case "list":
            return "\n".join(block["items"])
        case "figure":
            return f"Bild: {block['file']}"
        case "table":
            return ""
    return block["html"]


def _german(value: TextChoices) -> str:
    with translation.override("de"):
        return str(value.label)


def _head_text(words: Data) -> str:
    return _lines(
        words["title"],
        words["lede"],
        ("Federführung", words["lead"]),
        ("Steht fest", words["openness_reason"]),
    )


def _goal_text(goal: Data) -> str:
    words = goal["text"]
    return _lines(
        words["wording"],
        words["reason"],
        ("Für wen", words["target_groups"]),
        ("Federführung", words["lead"]),
        ("Steht fest", words["openness_reason"]),
    )


def _measure_text(measure: Data) -> str:
    words = measure["text"]
    return _lines(
        words["title"],
        words["description"],
        ("Art", KIND_WORDS[measure["kind"]]),
        ("Kosten", _cost_text(measure)),
        ("Stellen", measure.get("posts", "").replace(".", ",")),
        (
            "Finanzierung",
            _german(FundingStatus(measure["funding"])) if "funding" in measure else "",
        ),
        ("Zuständig", words["responsible"]),
        ("Zeitraum", words["period"]),
        ("Dient auch", ", ".join(measure["also_serves"])),
    )


def _cost_text(measure: Data) -> str:
    amounts = [("einmalig", measure["cost_one_off"]), ("jährlich", measure["cost_yearly"])]
    named = [
        f"{word} {amount:,} Euro".replace(",", ".")
        for word, amount in amounts
        if amount is not None
    ]
    return ", ".join(named) or "noch nicht geschätzt"


def _lines(*lines: str | tuple[str, str]) -> str:
    named = [line if isinstance(line, str) else line[1] and ": ".join(line) for line in lines]
    return "\n".join(filter(None, named))


def _refused_cause(change: Change, kind: Cause, response, suggestion, note: str) -> str:
    if kind == Cause.RESPONSE:
        if response is None or response.status != ResponseStatus.PUBLISHED:
            return "no_published_response"
        return "caused_already" if change.causes.filter(response=response).exists() else ""
    if kind == Cause.SUGGESTION:
        if suggestion is None or suggestion.status not in IN_TEXT:
            return "no_adopted_suggestion"
        return "caused_already" if change.causes.filter(suggestion=suggestion).exists() else ""
    if kind == Cause.MOTION and change.causes.filter(reference=note).exists():
        return "caused_already"
    return "" if note.strip() else "no_reason"


def changes_between(old: list[Data], new: list[Data]) -> list[Change]:
    """What differs between two texts, in the order of the new one, as rows that are not saved."""
    before, after = parts_of(old), parts_of(new)
    keyed = compare_keyed(
        {wid: part.whole for wid, part in before.items()},
        {wid: part.whole for wid, part in after.items()},
        list(before),
        list(after),
    )
    return [_change(found, before, after) for found in keyed]


def _change(found: Any, before: dict[str, Part], after: dict[str, Part]) -> Change:
    old, new = before.get(found.wid), after.get(found.wid)
    part = after.get(found.wid) or before[found.wid]
    of_facts = bool(found.op == "replace" and old and new and old.text == new.text)
    return Change(
        part=part.kind,
        section_wid=part.section_wid,
        wid=found.wid,
        op=found.op,
        place=part.place,
        old=_shown(old, of_facts=of_facts),
        new=_shown(new, of_facts=of_facts),
        old_hash=content_hash(old.whole) if old else "",
        new_hash=content_hash(new.whole) if new else "",
    )


def _shown(part: Part | None, *, of_facts: bool) -> str:
    if part is None:
        return ""
    return part.whole if of_facts else part.text


def _key(change: Change) -> tuple[str, str, str, str]:
    return change.wid, change.op, change.old_hash, change.new_hash


def _check_ready(revision: Revision, changes: list[Change]) -> None:
    if revision.status != RevisionStatus.OPEN:
        raise RevisionNotReady("released_already")
    if not changes:
        raise RevisionNotReady("no_changes")
    bare = [change.place for change in changes if not change.causes.all()]
    if bare:
        raise RevisionNotReady("no_cause", bare)


def _carried(found: Contribution, old: dict[str, Part], new: dict[str, Part], edition: Edition):
    before, after = old.get(found.target_wid), new.get(found.target_wid)
    state = CarryState.GONE
    if after and before:
        if after.text != before.text:
            state = CarryState.TEXT_CHANGED
        else:
            same = after.section_wid == before.section_wid
            state = CarryState.EXACT if same else CarryState.MOVED
    elif after is None and found.quote:
        holders = [part for part in new.values() if found.quote.rstrip("…") in part.text]
        if len(holders) == 1:
            after, state = holders[0], CarryState.MOVED
    return CarryOver(
        contribution=found,
        edition=edition,
        state=state,
        section_wid=after.section_wid if after else "",
        target_wid=after.wid if after else "",
    )


def _require(actor) -> None:
    if not may_evaluate(actor):
        raise NotPermitted
