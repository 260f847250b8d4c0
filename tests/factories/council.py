"""Papers and decisions, made by their services."""

from consult.council.debate import place_behind
from consult.council.models import (
    Body,
    CouncilGroup,
    Decision,
    GoalPosition,
    GroupMembership,
    Paper,
    RouteStep,
)
from consult.council.services.choices import add_alternative
from consult.council.services.decisions import record_decision
from consult.council.services.items import add_item
from consult.council.services.papers import prepare_paper, submit_to_council
from consult.council.services.positions import record_goal_positions
from consult.council.services.questions import ask_question
from consult.council.services.route import add_step, set_step_status
from consult.council.states import (
    BodyPosition,
    Effect,
    ItemOutcome,
    ShownAs,
    StepRole,
    StepStatus,
)
from consult.evaluation.services.closing import answer_round
from consult.evaluation.states import Outcome
from consult.participants.models import User
from consult.participants.states import Role
from drafts.editions.models import Edition
from tests.factories.conversation import make_contribution, make_open_round
from tests.factories.document import make_concept, make_edition
from tests.factories.evaluation import (
    make_answer,
    make_closed,
    make_goal_results,
    make_revised_edition,
    make_theme,
)
from tests.factories.people import make_staff


def make_paper(edition: Edition, *, effect: str = Effect.ADOPT_EDITION, actor=None) -> Paper:
    """A paper in preparation with one item, an advising and a deciding step."""
    actor = actor or make_staff(Role.COORDINATION)
    paper = prepare_paper(
        actor=actor,
        reference=f"STV {edition.number}/{Paper.objects.count() + 1}",
        title="Beschluss des Konzepts",
        edition=edition,
        originator="Magistrat",
        summary="Es geht um das Konzept.",
        finance="Es kostet etwas.",
    )
    add_alternative(
        paper=paper, text="Nichts tun.", follows="Dann gilt, was bisher gilt.", actor=actor
    )
    add_item(paper=paper, text="Das Konzept wird beschlossen.", effect=Effect(effect), actor=actor)
    add_step(paper=paper, body=_body("Ausländerbeirat"), role=StepRole.HEARING, actor=actor)
    add_step(
        paper=paper,
        body=_body("Stadtverordnetenversammlung"),
        role=StepRole.DECISION,
        actor=actor,
        authoritative=True,
    )
    return paper


def make_submitted(paper: Paper, *, at, actor=None) -> Paper:
    """The paper after it was laid before the council."""
    return submit_to_council(paper=paper, actor=actor or make_staff(Role.COORDINATION), at=at)


def make_decision(step: RouteStep, outcome: ItemOutcome, *, at, **fields) -> Decision:
    """A provisional record on the paper's only item, at a step that is held by now."""
    office = make_staff(Role.COUNCIL_OFFICE)
    if outcome == ItemOutcome.REFERRED:
        fields.setdefault("referred_to", "Haushaltsberatung")
    if step.status != StepStatus.HELD:
        step = set_step_status(step=step, status=StepStatus.HELD, actor=office)
    return record_decision(
        item=step.paper.items.get(), step=step, outcome=outcome, actor=office, at=at, **fields
    )


def make_position(wid: str, said: BodyPosition = BodyPosition.FOR, **fields) -> GoalPosition:
    """An unsaved position of a body to a goal."""
    return GoalPosition(goal_wid=wid, position=said, **fields)


def make_positions(step: RouteStep, *positions: GoalPosition, at, actor=None) -> list[GoalPosition]:
    """Provisional records of what a body said to goals, at a step that is held by now."""
    office = actor or make_staff(Role.COUNCIL_OFFICE)
    if step.status != StepStatus.HELD:
        step = set_step_status(step=step, status=StepStatus.HELD, actor=office)
    return record_goal_positions(step=step, positions=positions, actor=office, at=at)


def _body(name: str) -> Body:
    return Body.objects.get_or_create(name=name)[0]


def make_member(group: str = "") -> User:
    """A member of the council, in the group of this name where one is given."""
    member = make_staff(Role.COUNCIL_MEMBER)
    if group:
        found, _new = CouncilGroup.objects.get_or_create(name=group)
        GroupMembership.objects.create(user=member, group=found)
    return member


def make_question(paper: Paper, *, asker, at, text: str = "Was kostet das?", place: str = "kosten"):
    """A question of a member at a place of the pack, by the place's key."""
    found = place_behind(paper, place)
    assert found is not None
    return ask_question(
        paper=paper, place=found, text=text, shown_as=ShownAs.GROUP, actor=asker, at=at
    )


def make_heard_edition(*, at, actor) -> Edition:
    """An edition after a round with votes and words on a goal, answered; the goal reworded in edition 2."""
    concept = make_concept(goals=2)
    round_ = make_open_round(at=at, edition=make_edition(concept, at=at), actor=actor)
    first, second = round_.edition.goals.order_by("position")
    found = [
        make_contribution(round_, at=at, target_wid=first.wid, text=text, stance=stance)
        for text, stance in [
            ("Das ist gut.", "support"),
            ("Das ist teuer.", "concern"),
            ("Was heißt das?", "question"),
        ]
    ]
    groups = {"group:A": (40, 10, 10), "group:B": (12, 14, 10)}
    make_goal_results(round_, first.wid, {"total": (52, 24, 20), **groups}, at=at)
    make_goal_results(round_, second.wid, {"total": (60, 12, 4)}, at=at)
    closed = make_closed(round_)
    at = closed.closes_at
    theme = make_theme(found, title="Kosten", actor=actor, at=at)
    answer = make_answer(
        theme,
        outcome=Outcome.NOT_ADOPTED,
        reason="Dafür fehlt im Haushalt das Geld. Mehr nicht.",
        actor=actor,
        at=at,
    )
    closed = answer_round(round_=closed, actor=actor, at=at)
    return make_revised_edition(
        closed, wording="Ein neuer Wortlaut.", answers=(answer,), actor=actor, at=at
    )
