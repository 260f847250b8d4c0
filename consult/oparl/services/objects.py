"""What the council's rows say in the words of OParl. Public rows only; no person is in it.

Addresses have no host here. Words are German, whatever language is active. What OParl has no word
for stands in attributes that begin with "consult:".
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha512
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from consult.council.amendments import public_motions
from consult.council.models import (
    AmendmentMotion,
    Body,
    CouncilFile,
    CouncilGroup,
    Decision,
    Meeting,
    Paper,
    RouteStep,
)
from consult.council.selectors import (
    public_agenda,
    public_decisions,
    public_meetings,
    public_papers,
    with_votes,
)
from consult.council.states import DecisionStatus, MeetingStatus, StepStatus
from consult.oparl.models import PublishedObject
from consult.oparl.states import ObjectKind, type_of

Data = dict[str, Any]

BODY = "1"
_FILES = {"invitation": "Einladung", "resultsProtocol": "Niederschrift"}
# Attributes that hold addresses.
ADDRESSES = frozenset(
    {
        "id", "body", "web", "website", "organization", "person", "meeting", "paper", "agendaItem",
        "consultation", "file", "locationList", "legislativeTermList", "membership", "meetings",
        "accessUrl", "downloadUrl", "system", "consult:edition", "superordinatedPaper",
        "subordinatedPaper", "originatorOrganization",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An object as it is now. `created_at` is when it became public, where that is known."""

    kind: ObjectKind
    key: str
    data: Data
    parts: dict[str, str | list[str]] = field(default_factory=dict)
    created_at: datetime | None = None


def address(kind: ObjectKind, key: str) -> str:
    """The one address of an object, which never changes."""
    return reverse("oparl_object", args=[kind.value, key])


def own_attributes(kind: ObjectKind, key: str) -> Data:
    """What every object begins with."""
    return {"id": address(kind, key), "type": type_of(kind)}


def council_objects() -> Iterator[Draft]:
    """Every public object of the council, in a number of queries that does not grow."""
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for decision in with_votes(public_decisions()).order_by("item__number", "pk"):
        decisions[decision.step_id].append(decision)
    steps = [
        step
        for step in public_agenda().order_by("paper_id", "position")
        if step.status != StepStatus.DROPPED
    ]
    yield from _organizations()
    yield from _meetings(steps)
    for step in steps:
        yield _consultation(step)
        if step.meeting_id is not None:
            yield _agenda_item(step, steps, decisions[step.pk])
    motions: dict[int, list[AmendmentMotion]] = defaultdict(list)
    for motion in public_motions().order_by("number"):
        motions[motion.paper_id].append(motion)
        yield _motion(motion)
    for paper in public_papers().prefetch_related("items").order_by("pk"):
        yield _pack(paper)
        yield _paper(
            paper, [step for step in steps if step.paper_id == paper.pk], motions[paper.pk]
        )


# --- organizations -------------------------------------------------------------------------------


def _organizations() -> Iterator[Draft]:
    rows = [(f"gremium-{body.pk}", body.name, "Gremium") for body in Body.objects.order_by("pk")]
    groups = CouncilGroup.objects.order_by("pk")
    rows += [(f"fraktion-{group.pk}", group.name, "Fraktion") for group in groups]
    for key, name, kind in rows:
        lists = {}
        if kind == "Gremium":
            names = (ObjectKind.MEETING, ObjectKind.CONSULTATION)
            lists = {of.value: reverse("oparl_organization_list", args=[key, of]) for of in names}
        data = {
            **own_attributes(ObjectKind.ORGANIZATION, key),
            "body": address(ObjectKind.BODY, BODY),
            "name": name,
            "organizationType": kind,
            "classification": kind,
            **lists,
        }
        yield Draft(ObjectKind.ORGANIZATION, key, data)


def _organization(body_pk: int) -> str:
    return address(ObjectKind.ORGANIZATION, f"gremium-{body_pk}")


# --- meetings ------------------------------------------------------------------------------------


def _meetings(steps: list[RouteStep]) -> Iterator[Draft]:
    known = {row.key: row.data for row in _published(ObjectKind.FILE)}
    on_agenda: dict[int | None, list[RouteStep]] = defaultdict(list)
    for step in steps:
        on_agenda[step.meeting_id].append(step)
    shown = [meeting for meeting in _without_contents(public_meetings()) if on_agenda[meeting.pk]]
    for meeting in shown:
        yield from _meeting_objects(meeting, on_agenda[meeting.pk], known)
    # Whoever heard of a meeting hears that it was cancelled, wherever its papers went.
    cancelled = Meeting.objects.filter(
        status=MeetingStatus.CANCELLED, pk__in=[int(r.key) for r in _published(ObjectKind.MEETING)]
    ).exclude(pk__in=[meeting.pk for meeting in shown])
    for meeting in cancelled.select_related("body").order_by("pk"):
        data = _meeting(meeting)
        del data["web"]
        yield Draft(ObjectKind.MEETING, str(meeting.pk), data)


def _published(kind: ObjectKind) -> QuerySet[PublishedObject]:
    return PublishedObject.objects.filter(kind=kind, deleted_at__isnull=True)


def _without_contents(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.defer("invitation__content", "minutes__content").order_by("pk")


def _meeting_objects(
    meeting: Meeting, steps: list[RouteStep], known: dict[str, Data]
) -> Iterator[Draft]:
    key, since = str(meeting.pk), _since(steps)
    parts: dict[str, str | list[str]] = {
        "agendaItem": [f"agendaitem/{step.pk}" for step in _in_agenda_order(steps)]
    }
    if meeting.place:
        parts["location"] = f"location/sitzung-{key}"
        yield _location(meeting, since)
    files = {"invitation": meeting.invitation, "resultsProtocol": meeting.minutes}
    for name, file in files.items():
        if file is not None and file.taken_back_at is None:
            parts[name] = f"file/{file.pk}"
            yield _file(file, meeting, _FILES[name], known.get(str(file.pk), {}))
    yield Draft(ObjectKind.MEETING, key, _meeting(meeting), parts, since)


def _meeting(meeting: Meeting) -> Data:
    is_cancelled = meeting.status == MeetingStatus.CANCELLED
    data = {
        **own_attributes(ObjectKind.MEETING, str(meeting.pk)),
        "name": f"{meeting.body.name}, {meeting.day:%d.%m.%Y}",
        "organization": [_organization(meeting.body_id)],
        "cancelled": is_cancelled,
        "web": reverse("meeting", args=[meeting.pk]),
        "consult:day": meeting.day.isoformat(),
    }
    # OParl has no state for a cancelled meeting, and no start without an hour.
    if not is_cancelled:
        data["meetingState"] = meeting.get_status_display()
    if meeting.starts_at is not None:
        data["start"] = meeting.starts_at.isoformat(timespec="seconds")
    return data


def _location(meeting: Meeting, since: datetime | None) -> Draft:
    key = f"sitzung-{meeting.pk}"
    data = {
        **own_attributes(ObjectKind.LOCATION, key),
        "description": meeting.place,
        "meetings": [address(ObjectKind.MEETING, str(meeting.pk))],
    }
    return Draft(ObjectKind.LOCATION, key, data, created_at=since)


def _file(file: CouncilFile, meeting: Meeting, name: str, known: Data) -> Draft:
    shown = reverse("council_file", args=[file.pk, file.name])
    data = {
        **own_attributes(ObjectKind.FILE, str(file.pk)),
        "name": name,
        "fileName": file.name,
        "mimeType": file.media_type,
        "date": file.stored_at.date().isoformat(),
        "size": file.size,
        "sha512Checksum": _sha512(file, known),
        "accessUrl": shown,
        "downloadUrl": f"{shown}?herunterladen",
        "meeting": [address(ObjectKind.MEETING, str(meeting.pk))],
        "consult:sha256": file.sha256,
    }
    return Draft(ObjectKind.FILE, str(file.pk), data, created_at=file.stored_at)


def _sha512(file: CouncilFile, known: Data) -> str:
    """The checksum that OParl wants; a file is read for it once."""
    if known.get("consult:sha256") == file.sha256:
        return known["sha512Checksum"]
    return sha512(bytes(file.content)).hexdigest()


# --- the way of a paper --------------------------------------------------------------------------


def _paper(paper: Paper, steps: list[RouteStep], motions: list[AmendmentMotion]) -> Draft:
    key = str(paper.pk)
    data = {
        **own_attributes(ObjectKind.PAPER, key),
        "body": address(ObjectKind.BODY, BODY),
        "name": paper.title,
        "reference": paper.reference,
        "paperType": "Vorlage",
        "web": reverse("paper", args=[paper.pk]),
        "consult:originator": paper.originator,
        "consult:edition": reverse("edition", args=[paper.edition.number]),
        "consult:items": [
            {"number": item.number, "title": item.title, "text": item.text}
            for item in sorted(paper.items.all(), key=lambda item: item.number)
        ],
    }
    if paper.submitted_at is not None:
        data["date"] = paper.submitted_at.date().isoformat()
    if motions:
        data["subordinatedPaper"] = [
            address(ObjectKind.PAPER, f"antrag-{motion.pk}") for motion in motions
        ]
    parts: dict[str, str | list[str]] = {
        "mainFile": f"file/mappe-{key}",
        "consultation": [f"consultation/{step.pk}" for step in steps],
    }
    return Draft(ObjectKind.PAPER, key, data, parts, paper.submitted_at)


def _pack(paper: Paper) -> Draft:
    """The decision pack. It is made on request and carries its date, so it has no checksum."""
    key = f"mappe-{paper.pk}"
    data = {
        **own_attributes(ObjectKind.FILE, key),
        "name": "Beschlussmappe",
        "fileName": "beschlussmappe.pdf",
        "mimeType": "application/pdf",
        "accessUrl": reverse("pack_pdf", args=[paper.pk]),
        "paper": [address(ObjectKind.PAPER, str(paper.pk))],
    }
    return Draft(ObjectKind.FILE, key, data, created_at=paper.submitted_at)


def _motion(motion: AmendmentMotion) -> Draft:
    """A filed motion is a paper below the one that it wants to change; its mover is no person."""
    key = f"antrag-{motion.pk}"
    data = {
        **own_attributes(ObjectKind.PAPER, key),
        "body": address(ObjectKind.BODY, BODY),
        "name": f"Änderungsantrag zu {motion.paper.reference}: {motion.place}",
        "reference": f"{motion.paper.reference}, {motion.name}",
        "paperType": "Änderungsantrag",
        "superordinatedPaper": [address(ObjectKind.PAPER, str(motion.paper_id))],
        "web": reverse("paper", args=[motion.paper_id]),
        "consult:status": motion.get_status_display(),
        "consult:place": motion.place,
        "consult:change": {"op": motion.op, "old": motion.old_text, "new": motion.new_text},
    }
    if motion.filed_at is not None:
        data["date"] = motion.filed_at.date().isoformat()
    if motion.group_id is not None:
        group = address(ObjectKind.ORGANIZATION, f"fraktion-{motion.group_id}")
        data["originatorOrganization"] = [group]
    elif motion.body_id is not None:
        data["originatorOrganization"] = [_organization(motion.body_id)]
    return Draft(ObjectKind.PAPER, key, data, created_at=motion.filed_at)


def _consultation(step: RouteStep) -> Draft:
    key = str(step.pk)
    data = {
        **own_attributes(ObjectKind.CONSULTATION, key),
        "paper": address(ObjectKind.PAPER, str(step.paper_id)),
        "organization": [_organization(step.body_id)],
        "authoritative": step.authoritative,
        "role": step.get_role_display(),
        "web": reverse("paper", args=[step.paper_id]),
    }
    if step.meeting_id is not None:
        data["meeting"] = address(ObjectKind.MEETING, str(step.meeting_id))
        data["agendaItem"] = address(ObjectKind.AGENDA_ITEM, key)
    return Draft(ObjectKind.CONSULTATION, key, data, created_at=step.paper.submitted_at)


def _agenda_item(step: RouteStep, steps: list[RouteStep], decisions: list[Decision]) -> Draft:
    key = str(step.pk)
    beside = _in_agenda_order([other for other in steps if other.meeting_id == step.meeting_id])
    data = {
        **own_attributes(ObjectKind.AGENDA_ITEM, key),
        "meeting": address(ObjectKind.MEETING, str(step.meeting_id)),
        "order": beside.index(step) + 1,
        "name": f"{step.paper.reference}: {step.paper.title}",
        "public": True,
        "consultation": address(ObjectKind.CONSULTATION, key),
        "web": reverse("paper", args=[step.paper_id]),
    }
    said = {
        "number": step.agenda_item,
        "result": result_words(step, decisions),
        "resolutionText": _resolution_text(decisions),
        "consult:decisions": [_decision(decision) for decision in decisions],
    }
    data |= {name: value for name, value in said.items() if value}
    return Draft(ObjectKind.AGENDA_ITEM, key, data, created_at=step.paper.submitted_at)


def result_words(step: RouteStep, decisions: list[Decision]) -> str:
    """What the body did, item by item: each has its own outcome, and none stands for another."""
    if not decisions:
        return step.get_outcome_display() if step.status == StepStatus.HELD else ""
    named = [
        f"Nummer {decision.item.number}: {decision.get_outcome_display()}" for decision in decisions
    ]
    if any(decision.status == DecisionStatus.PROVISIONAL for decision in decisions):
        named.append(str(DecisionStatus.PROVISIONAL.label))
    return "; ".join(named)


def _resolution_text(decisions: list[Decision]) -> str:
    """The wording that was adopted where it is not the proposed one."""
    return "\n\n".join(
        f"{decision.item.number}. {decision.resolution_text}"
        for decision in decisions
        if decision.resolution_text
    )


def _decision(decision: Decision) -> Data:
    """OParl has no object for decisions by number, and none for votes."""
    return {
        "item": decision.item.number,
        "outcome": decision.outcome,
        "status": decision.status,
        "resolutionNumber": decision.resolution_number,
        "conditions": decision.conditions,
        "votes": [
            {"group": vote.group.name, "position": vote.position, "count": vote.count}
            for vote in decision.group_votes.all()
        ],
    }


def _in_agenda_order(steps: list[RouteStep]) -> list[RouteStep]:
    """By the numbers of the items as people read them (2 before 10), those without one last."""
    return sorted(steps, key=lambda step: (*_number(step.agenda_item), step.pk))


def _number(text: str) -> tuple[bool, list[int], str]:
    return not text, [int(part) for part in re.findall(r"[0-9]{1,9}", text)], text


def _since(steps: list[RouteStep]) -> datetime | None:
    times = [step.paper.submitted_at for step in steps if step.paper.submitted_at]
    return min(times, default=None)
