"""Papers, motions and the way through the bodies in the words of OParl."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import localtime

from consult.council.models import AmendmentMotion, Annex, Decision, Paper, RouteStep
from consult.council.states import DecisionStatus, StepStatus
from consult.documents.models import Document
from consult.oparl.services.drafts import (
    BODY,
    Data,
    Draft,
    address,
    file_object,
    organization_address,
    own_attributes,
)
from consult.oparl.states import ObjectKind


def paper_object(paper: Paper, steps: list[RouteStep], motions: list[AmendmentMotion]) -> Draft:
    """A submitted paper with its files and the steps of its route."""
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
        data["date"] = localtime(paper.submitted_at).date().isoformat()
    if paper.submitted_by_id is not None:
        data["originatorOrganization"] = [organization_address(paper.submitted_by_id)]
    if paper.under_direction_of_id is not None:
        office = f"amt-{paper.under_direction_of_id}"
        data["underDirectionOf"] = [address(ObjectKind.ORGANIZATION, office)]
    if motions:
        data["subordinatedPaper"] = [
            address(ObjectKind.PAPER, f"antrag-{motion.pk}") for motion in motions
        ]
    parts: dict[str, str | list[str]] = {
        "mainFile": f"file/mappe-{key}",
        "auxiliaryFile": [f"file/{annex.file_id}" for annex in standing_annexes(paper)],
        "consultation": [f"consultation/{step.pk}" for step in steps],
    }
    return Draft(ObjectKind.PAPER, key, data, parts, paper.submitted_at)


def pack_object(paper: Paper, made: Document | None) -> Draft:
    """The decision pack; its size and check sum are those of the file that was made last."""
    key = f"mappe-{paper.pk}"
    data = {
        **own_attributes(ObjectKind.FILE, key),
        "name": "Beschlussmappe",
        "fileName": "beschlussmappe.pdf",
        "mimeType": "application/pdf",
        "accessUrl": reverse("pack_pdf", args=[paper.pk]),
        "paper": [address(ObjectKind.PAPER, str(paper.pk))],
    }
    if made is not None and made.made_at is not None:
        data |= {
            "date": localtime(made.made_at).date().isoformat(),
            "size": made.size,
            "sha512Checksum": made.sha512,
            "consult:sha256": made.sha256,
        }
    return Draft(ObjectKind.FILE, key, data, created_at=paper.submitted_at)


def motion_object(motion: AmendmentMotion) -> Draft:
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
        data["date"] = localtime(motion.filed_at).date().isoformat()
    if motion.group_id is not None:
        group = address(ObjectKind.ORGANIZATION, f"fraktion-{motion.group_id}")
        data["originatorOrganization"] = [group]
    elif motion.body_id is not None:
        data["originatorOrganization"] = [organization_address(motion.body_id)]
    return Draft(ObjectKind.PAPER, key, data, created_at=motion.filed_at)


def annex_objects(paper: Paper, known: dict[str, Data]) -> Iterator[Draft]:
    """The annexes of a paper that were not taken back."""
    place = {"paper": address(ObjectKind.PAPER, str(paper.pk))}
    for annex in standing_annexes(paper):
        name = f"Anlage {annex.number}: {annex.title}"
        yield file_object(annex.file, name, place, known)


def standing_annexes(paper: Paper) -> list[Annex]:
    """The annexes by number; those that were taken back have no content any more."""
    return [annex for annex in paper.annexes.all() if annex.file.taken_back_at is None]


def consultation_object(step: RouteStep) -> Draft:
    """A step of the route."""
    key = str(step.pk)
    data = {
        **own_attributes(ObjectKind.CONSULTATION, key),
        "paper": address(ObjectKind.PAPER, str(step.paper_id)),
        "organization": [organization_address(step.body_id)],
        "authoritative": step.authoritative,
        "role": step.get_role_display(),
        "web": reverse("paper", args=[step.paper_id]),
    }
    if step.meeting_id is not None:
        data["meeting"] = address(ObjectKind.MEETING, str(step.meeting_id))
        data["agendaItem"] = address(ObjectKind.AGENDA_ITEM, key)
    return Draft(ObjectKind.CONSULTATION, key, data, created_at=step.paper.submitted_at)


def agenda_item_object(step: RouteStep, order: int, decisions: list[Decision]) -> Draft:
    """The same step on the agenda of its meeting, with what was decided."""
    key = str(step.pk)
    data = {
        **own_attributes(ObjectKind.AGENDA_ITEM, key),
        "meeting": address(ObjectKind.MEETING, str(step.meeting_id)),
        "order": order,
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
