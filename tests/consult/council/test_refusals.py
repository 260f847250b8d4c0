"""Whoever lacks the right tries every deed and every address of the council app and is refused.

Deeds and addresses are enumerated: one that is new fails here until the tables name who may.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from consult.council import services
from consult.council.debate import place_of
from consult.council.services.annexes import add_annex, name_prior_resolution
from consult.council.services.choices import add_goal_option
from consult.council.services.meetings import plan_meeting
from consult.council.services.motions import Mover
from consult.council.services.positions import record_goal_positions
from consult.council.services.procedural import record_procedural_motion
from consult.council.states import (
    BodyPosition,
    Effect,
    Funding,
    ItemOutcome,
    MeetingStatus,
    MotionStatus,
    ProceduralKind,
    ProceduralResult,
    ShownAs,
    StepOutcome,
    StepRole,
    StepStatus,
)
from consult.council.wagtail_hooks import council_desk
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.actionplan.services import take_on_obligation
from drafts.actionplan.states import DutyKind
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import (
    make_decision,
    make_paper,
    make_position,
    make_question,
    make_submitted,
)
from tests.factories.motions import (
    make_draft,
    make_group,
    make_member,
    make_motion,
    make_vote,
    wanted,
)
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 Anlage"
COORDINATION, OFFICE = {Role.COORDINATION}, {Role.COUNCIL_OFFICE}
BOTH = COORDINATION | OFFICE
MEMBER = {Role.COUNCIL_MEMBER}
# No role does these: the asker does, or whoever is in the council group.
NO_ROLE: set[Role] = set()
World = SimpleNamespace


@pytest.fixture
def world(now) -> World:
    """A submitted paper with one of everything that a deed or an address can be about."""
    office, coordination = make_staff(Role.COUNCIL_OFFICE), make_staff(Role.COORDINATION)
    paper = make_paper(make_edition(make_concept(goals=2), at=now), actor=coordination)
    annex = add_annex(
        paper=paper, title="Eins", name="a.pdf", content=PDF, actor=coordination, at=now
    )
    prior = name_prior_resolution(
        paper=paper, reference="§ 7", title="Auftrag", decided_on=now.date(), actor=coordination
    )
    option = add_goal_option(
        paper=paper, goal_wid=paper.edition.goals.first().wid, text="B", actor=coordination
    )
    paper = make_submitted(paper, at=now, actor=coordination)
    deciding = paper.route.get(authoritative=True)
    meeting = plan_meeting(body=deciding.body, day=now.date(), actor=office)
    decision = make_decision(paper.route.get(authoritative=False), ItemOutcome.ADOPTED, at=now)
    motion = record_procedural_motion(
        step=decision.step, kind=ProceduralKind.WITHOUT_VOTE, moved_by="Fraktion Mitte",
        result=ProceduralResult.REJECTED, actor=office, at=now,
    )  # fmt: skip
    duty = take_on_obligation(
        edition=paper.edition, source="item-0", kind=DutyKind.REPORT, begins_on=now.date(),
        actor=office, resolved_as="Punkt 1", subject="Bericht", recipient="Rat",
        rhythm_months=12,
    )  # fmt: skip
    group, wid = make_group(), paper.edition.goals.first().wid
    asker = make_member(group)
    question = make_question(paper, asker=asker, at=now)
    draft = make_draft(paper, wid, at=now, group=group, actor=asker)
    amendments = [make_motion(paper, wid, at=now, text=f"Wortlaut {n}.") for n in (1, 2)]
    vote = make_vote(amendments[0], at=now, confirmed=False)
    [position] = record_goal_positions(
        step=decision.step, positions=[make_position(wid)], actor=office, at=now
    )
    deciding.refresh_from_db()
    return World(
        position=position, option=option, alternative=paper.alternatives.get(),
        other_wid=paper.edition.goals.last().wid,
        group=group, question=question, place=place_of(question), draft=draft,
        amendment=amendments[0], by=amendments[1], vote=vote,
        wanted=wanted(paper, wid), paper=paper, item=paper.items.get(), step=deciding, decision=decision, motion=motion,
        meeting=meeting, annex=annex, prior=prior, duty=duty, now=now, body=deciding.body,
    )  # fmt: skip


# --- deeds -------------------------------------------------------------------------------------

FILE = {"name": "a.pdf", "content": PDF}
# What each deed needs beside its actor, and who may do it.
DEEDS: dict[str, tuple[set[Role], Callable[[World], dict[str, Any]]]] = {
    "prepare_paper": (COORDINATION, lambda _w: {"reference": "X"}),
    "change_paper": (COORDINATION, lambda w: {"paper": w.paper, "title": "Anders"}),
    "submit_to_council": (COORDINATION, lambda w: {"paper": w.paper, "at": w.now}),
    "withdraw_paper": (COORDINATION, lambda w: {"paper": w.paper}),
    "close_paper": (OFFICE, lambda w: {"paper": w.paper}),
    "add_item": (COORDINATION, lambda w: {"paper": w.paper, "text": "x", "effect": Effect.NONE}),
    "change_item": (COORDINATION, lambda w: {"item": w.item, "text": "x", "effect": Effect.NONE}),
    "move_item": (COORDINATION, lambda w: {"item": w.item, "to": 1}),
    "remove_item": (COORDINATION, lambda w: {"item": w.item}),
    "add_annex": (COORDINATION, lambda w: {"paper": w.paper, "title": "x", "at": w.now, **FILE}),
    "move_annex": (COORDINATION, lambda w: {"annex": w.annex, "to": 1}),
    "take_back_annex": (COORDINATION, lambda w: {"annex": w.annex, "reason": "x", "at": w.now}),
    "name_prior_resolution": (
        COORDINATION,
        lambda w: {"paper": w.paper, "reference": "§ 8", "title": "x", "decided_on": w.now.date()},
    ),
    "remove_prior_resolution": (COORDINATION, lambda w: {"prior": w.prior}),
    "state_finance": (COORDINATION, lambda w: {"paper": w.paper, "funding": Funding.SECURED}),
    "add_alternative": (COORDINATION, lambda w: {"paper": w.paper, "text": "x"}),
    "change_alternative": (COORDINATION, lambda w: {"alternative": w.alternative, "text": "x"}),
    "remove_alternative": (COORDINATION, lambda w: {"alternative": w.alternative}),
    "add_goal_option": (
        COORDINATION, lambda w: {"paper": w.paper, "goal_wid": w.other_wid, "text": "x"},
    ),
    "change_goal_option": (COORDINATION, lambda w: {"option": w.option, "text": "x"}),
    "remove_goal_option": (COORDINATION, lambda w: {"option": w.option}),
    "link_goal_option": (BOTH, lambda w: {"option": w.option, "motion": w.amendment}),
    "hand_in_report": (
        COORDINATION,
        lambda w: {
            "obligation": w.duty, "title": "x", "delivered_on": w.now.date(), "at": w.now,
        },
    ),
    "add_step": (
        BOTH, lambda w: {"paper": w.paper, "body": w.body, "role": StepRole.HEARING},
    ),
    "add_reading": (BOTH, lambda w: {"step": w.decision.step}),
    "move_step": (BOTH, lambda w: {"step": w.step, "to": 1}),
    "schedule_step": (
        BOTH, lambda w: {"step": w.step, "meeting_on": w.now.date(), "agenda_item": ""},
    ),
    "remove_step": (COORDINATION, lambda w: {"step": w.step}),
    "plan_meeting": (
        BOTH, lambda w: {"body": w.body, "day": w.now.date() + timedelta(days=1)},
    ),
    "change_meeting": (
        BOTH,
        lambda w: {"meeting": w.meeting, "day": w.now.date(), "begins_at": None, "place": "x"},
    ),
    "set_meeting_status": (
        OFFICE, lambda w: {"meeting": w.meeting, "status": MeetingStatus.HELD},
    ),
    "invite_to_meeting": (OFFICE, lambda w: {"meeting": w.meeting}),
    "attach_invitation": (OFFICE, lambda w: {"meeting": w.meeting, "at": w.now, **FILE}),
    "attach_minutes": (OFFICE, lambda w: {"meeting": w.meeting, "at": w.now, **FILE}),
    "set_step_status": (OFFICE, lambda w: {"step": w.step, "status": StepStatus.HELD}),
    "hold_step": (
        OFFICE,
        lambda w: {
            "step": w.step, "day": w.now.date(), "outcome": StepOutcome.VOTED, "result": "x",
            "at": w.now,
        },
    ),
    "correct_step": (
        OFFICE,
        lambda w: {
            "step": w.decision.step, "outcome": StepOutcome.VOTED, "result": "x", "reason": "x",
        },
    ),
    "record_decision": (
        OFFICE,
        lambda w: {
            "item": w.item, "step": w.step, "outcome": ItemOutcome.ADOPTED, "at": w.now,
        },
    ),
    "correct_decision": (
        OFFICE,
        lambda w: {
            "decision": w.decision, "outcome": ItemOutcome.NOTED, "reason": "x", "at": w.now,
        },
    ),
    "confirm_decision": (OFFICE, lambda w: {"decision": w.decision, "at": w.now}),
    "record_goal_positions": (
        OFFICE,
        lambda w: {
            "step": w.decision.step, "positions": [make_position(w.other_wid)], "at": w.now,
        },
    ),
    "correct_goal_position": (
        OFFICE,
        lambda w: {
            "position": w.position, "said": BodyPosition.OPEN, "reason": "x", "at": w.now,
        },
    ),
    "confirm_goal_positions": (OFFICE, lambda w: {"step": w.decision.step, "at": w.now}),
    "adopt_amended_edition": (
        OFFICE, lambda w: {"paper": w.paper, "edition": w.paper.edition, "at": w.now},
    ),
    "record_procedural_motion": (
        OFFICE,
        lambda w: {
            "step": w.decision.step, "kind": ProceduralKind.REFER, "moved_by": "x",
            "result": ProceduralResult.REJECTED, "at": w.now,
        },
    ),
    "correct_procedural_motion": (
        OFFICE,
        lambda w: {
            "motion": w.motion, "moved_by": "x", "result": ProceduralResult.WITHDRAWN,
            "reason": "x", "at": w.now,
        },
    ),
    "consolidate": (COORDINATION, lambda w: {"paper": w.paper, "at": w.now}),
    "prepare_amended_revision": (COORDINATION, lambda w: {"paper": w.paper, "at": w.now}),
    "mark_for_debate": (MEMBER, lambda w: {"paper": w.paper, "place": w.place, "at": w.now}),
    "withdraw_mark": (MEMBER, lambda w: {"paper": w.paper, "place": w.place}),
    "ask_question": (
        MEMBER,
        lambda w: {
            "paper": w.paper, "place": w.place, "text": "x", "shown_as": ShownAs.GROUP,
            "at": w.now,
        },
    ),
    "answer_question": (BOTH, lambda w: {"question": w.question, "answer": "x", "at": w.now}),
    "withdraw_question": (NO_ROLE, lambda w: {"question": w.question}),
    "hand_draft_over": (BOTH, lambda w: {"paper": w.paper, "group": w.group, "at": w.now}),
    "take_draft_back": (BOTH, lambda w: {"paper": w.paper, "group": w.group}),
    "draft_motion": (
        NO_ROLE,
        lambda w: {"paper": w.paper, "group": w.group, "wanted": w.wanted, "at": w.now},
    ),
    "change_motion": (NO_ROLE, lambda w: {"motion": w.draft, "wanted": w.wanted}),
    "discard_motion": (NO_ROLE, lambda w: {"motion": w.draft}),
    "file_motion": (NO_ROLE, lambda w: {"motion": w.draft, "at": w.now}),
    "file_for_mover": (
        OFFICE,
        lambda w: {
            "paper": w.paper, "mover": Mover(group=w.group), "wanted": w.wanted, "at": w.now,
        },
    ),
    "judge_motion": (
        OFFICE, lambda w: {"motion": w.by, "status": MotionStatus.ADMISSIBLE, "at": w.now},
    ),
    "settle_motion": (OFFICE, lambda w: {"motion": w.by, "by": w.amendment}),
    "settle_all": (OFFICE, lambda w: {"by": w.amendment}),
    "withdraw_motion": (OFFICE, lambda w: {"motion": w.by}),
    "record_motion_vote": (
        OFFICE,
        lambda w: {
            "motion": w.by, "step": w.step, "outcome": MotionStatus.ACCEPTED, "at": w.now,
        },
    ),
    "correct_motion_vote": (
        OFFICE,
        lambda w: {
            "vote": w.vote, "outcome": MotionStatus.REJECTED, "reason": "x", "at": w.now,
        },
    ),
    "confirm_motion_vote": (OFFICE, lambda w: {"vote": w.vote, "at": w.now}),
}  # fmt: skip


def deeds_of_the_app() -> dict[str, Callable]:
    """Every function of the services that takes its actor by name: those are the deeds."""
    found = {}
    for info in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"{services.__name__}.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            actor = inspect.signature(function).parameters.get("actor")
            is_deed = actor is not None and actor.kind == inspect.Parameter.KEYWORD_ONLY
            if function.__module__ == module.__name__ and is_deed:
                found[name] = function
    return found


def test_every_deed_is_in_the_table():
    assert set(deeds_of_the_app()) == set(DEEDS)


def strangers() -> dict[str, Any]:
    """People without any right here, and a superuser without a role."""
    superuser = make_staff()
    superuser.is_superuser = True
    roles = set(Role) - BOTH
    return {
        "nobody": None,
        "resident": make_resident(),
        "superuser": superuser,
        **{role: make_staff(role) for role in roles},
    }


def test_nobody_does_a_deed_without_the_right(world, subtests):
    people = strangers()
    for name, deed in deeds_of_the_app().items():
        allowed, given = DEEDS[name]
        others = {who: actor for who, actor in people.items() if who not in allowed}
        others |= {role: make_staff(role) for role in BOTH - allowed}
        kept = given(world)
        with nothing_written():
            for who, actor in others.items():
                with subtests.test(deed=name, who=who), pytest.raises(NotPermitted):
                    deed(actor=actor, **kept)


def test_not_even_the_office_confirms_what_it_recorded_itself(world):
    deed = deeds_of_the_app()["confirm_decision"]
    given = {"decision": world.decision, "at": world.now}
    with nothing_written(), pytest.raises(NotPermitted):
        deed(actor=world.decision.recorded_by, **given)


# --- addresses of the desk ---------------------------------------------------------------------

# Who may send something there; reading them is for both offices alone.
ADDRESSES: dict[str, set[Role]] = {
    **dict.fromkeys(
        ["papers", "paper", "meetings", "meeting", "duties", "steps", "schedule", "step",
         "create_meeting", "change_meeting", "questions", "question", "handover", "motions",
         "link_option"],
        BOTH,
    ),
    **dict.fromkeys(
        ["create", "change", "submit", "withdraw", "items", "change_item", "drop_item",
         "move_item", "finance", "name_prior", "remove_prior", "add_annex", "take_back",
         "move_annex", "deliver_report", "write_text", "compare_text", "new_alternative",
         "alternative", "drop_alternative", "new_option", "option", "drop_option"], COORDINATION
    ),
    **dict.fromkeys(
        ["close", "adopt", "held", "correct_step", "drop_step", "record", "correct", "confirm", "procedural",
         "correct_procedural", "attach", "meeting_deed", "cancel_meeting", "motion_places", "enter_motion", "refuse_motion",
         "vote_motion", "settle_motion", "settle_open", "motion_deed", "correct_motion", "confirm_motion",
         "record_positions", "correct_position", "confirm_positions"],
        OFFICE,
    ),
}  # fmt: skip
SLUGS = {"direction": "vor", "name": "einladen", "part": "einladung"}
# Sent so that the form of the address is whole and nothing but the right is missing.
SENT = {
    "items": {"text": "x", "asks": "adopt", "effect": "none"},
    "steps": {"role": "hearing"},
}


def addresses(world: World) -> dict[str, str]:
    """Every registered address of the desk, filled with rows that exist."""
    keys = {"pk": world.paper.pk} | {
        name: getattr(world, name).pk
        for name in (
            "item",
            "decision",
            "meeting",
            "annex",
            "prior",
            "duty",
            "motion",
            "question",
            "by",
            "vote",
            "position",
            "alternative",
            "option",
        )
    }
    found = {}
    for pattern in council_desk:
        wanted = pattern.pattern.converters
        given = {name: keys.get(name, SLUGS.get(name)) for name in wanted}
        if "motion" in given and pattern.name != "correct_procedural":
            given["motion"] = world.amendment.pk
        if pattern.name == "motion_deed":
            given["name"] = "zulassen"
        if "step" in given:
            held = pattern.name in {"procedural", "record"} or "positions" in pattern.name
            given["step"] = (world.decision.step if held else world.step).pk
        assert None not in given.values(), f"{pattern.name}: an unknown part of the address"
        found[pattern.name] = reverse(f"council_desk:{pattern.name}", kwargs=given)
    return found


def is_refused(response) -> bool:
    """A page that says no; Wagtail leads people of the desk back to its start instead."""
    if response.status_code == 302:
        start = response["Location"].partition("?")[0]
        return start in {reverse("wagtailadmin_home"), reverse("account_login")}
    return response.status_code in {403, 405}


@pytest.fixture
def desk(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


def test_every_address_is_in_the_table_under_a_name_of_its_own(world):
    names = [pattern.name for pattern in council_desk]
    assert len(names) == len(set(names))
    assert set(addresses(world)) == set(ADDRESSES)


@pytest.mark.parametrize("who", ["nobody", "resident", "superuser", *sorted(set(Role) - BOTH)])
def test_strangers_reach_no_address_of_the_desk(who, world, desk, client, subtests):
    actor = strangers()[who]
    if actor is not None:
        actor.save()
        client.force_login(actor)
    with nothing_written():
        for name, address in addresses(world).items():
            for method in (client.get, client.post):
                with subtests.test(address=name, method=method.__name__):
                    assert is_refused(method(address))


@pytest.mark.parametrize("role", sorted(BOTH))
def test_each_office_keeps_to_its_own_deeds(role, world, desk, client, subtests):
    client.force_login(make_staff(role))
    with nothing_written():
        for name, address in addresses(world).items():
            if role in ADDRESSES[name]:
                continue
            if name == "adopt":
                # Its form has nothing to choose from yet: it is refused by the form already.
                assert client.post(address).status_code == 422
                continue
            with subtests.test(address=name):
                assert is_refused(client.post(address, SENT.get(name, {})))
