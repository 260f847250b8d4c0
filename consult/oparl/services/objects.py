"""What the council's rows say in the words of OParl. Public rows only; no person is in it.

Words are German when they are built with German active. What OParl has no word for stands in
attributes that begin with "consult:".
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from consult.council.amendments import public_motions
from consult.council.models import (
    AmendmentMotion,
    Annex,
    Body,
    CouncilGroup,
    Decision,
    Paper,
    RouteStep,
)
from consult.council.selectors import (
    public_agenda,
    public_decisions,
    public_papers,
    with_votes,
)
from consult.council.states import StepStatus
from consult.oparl.services.drafts import (
    BODY,
    Draft,
    address,
    own_attributes,
    published_rows,
)
from consult.oparl.services.meeting_objects import in_agenda_order, meetings
from consult.oparl.services.packs import made_packs
from consult.oparl.services.paper_objects import (
    agenda_item_object,
    annex_objects,
    consultation_object,
    motion_object,
    pack_object,
    paper_object,
)
from consult.oparl.states import ObjectKind


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
    known = {row.key: row.data for row in published_rows(ObjectKind.FILE)}
    papers = list(
        public_papers()
        .select_related("edition", "under_direction_of")
        .prefetch_related("items", Prefetch("annexes", _annexes()))
        .order_by("pk")
    )
    yield from _organizations(papers)
    yield from meetings(steps, known)
    for step in steps:
        yield consultation_object(step)
    for of_meeting in _grouped(steps, "meeting_id").values():
        for order, step in enumerate(in_agenda_order(of_meeting), 1):
            yield agenda_item_object(step, order, decisions[step.pk])
    motions: dict[int, list[AmendmentMotion]] = defaultdict(list)
    for motion in public_motions().order_by("number"):
        motions[motion.paper_id].append(motion)
        yield motion_object(motion)
    route = _grouped(steps, "paper_id")
    made = made_packs()
    for paper in papers:
        yield pack_object(paper, made.get(str(paper.pk)))
        yield from annex_objects(paper, known)
        yield paper_object(paper, route.get(paper.pk, []), motions[paper.pk])


def _grouped(steps: list[RouteStep], name: str) -> dict[int, list[RouteStep]]:
    """The steps by meeting or paper, without those that have none."""
    groups: dict[int, list[RouteStep]] = defaultdict(list)
    for step in steps:
        if getattr(step, name) is not None:
            groups[getattr(step, name)].append(step)
    return groups


def _annexes() -> QuerySet[Annex]:
    return Annex.objects.select_related("file").defer("file__content").order_by("number")


def _organizations(papers: list[Paper]) -> Iterator[Draft]:
    rows = [(f"gremium-{body.pk}", body.name, "Gremium") for body in Body.objects.order_by("pk")]
    groups = CouncilGroup.objects.order_by("pk")
    rows += [(f"fraktion-{group.pk}", group.name, "Fraktion") for group in groups]
    offices = {paper.under_direction_of for paper in papers if paper.under_direction_of}
    rows += [
        (f"amt-{office.pk}", office.name, "Verwaltungsbereich")
        for office in sorted(offices, key=lambda office: office.pk)
    ]
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
