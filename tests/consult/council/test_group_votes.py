"""Votes of council groups: with and without head counts, absent and biased members, corrections."""

import pytest
from django.db import IntegrityError, transaction

from consult.council.forms import GroupVotesForm
from consult.council.models import CouncilGroup, Decision, GroupVote
from consult.council.selectors import votes_by_position
from consult.council.services.decisions import confirm_decision, correct_decision
from consult.council.states import ItemOutcome, Position
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    return [CouncilGroup.objects.create(name=name) for name in ("Bürgerliste", "Offene Liste")]


@pytest.fixture
def deciding(now):
    paper = make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)
    return paper.route.get(authoritative=True)


def form(cells: dict[tuple[int, str], str]) -> GroupVotesForm:
    return GroupVotesForm({f"{pk}-{name}": value for (pk, name), value in cells.items()})


def told(decision: Decision) -> list[tuple[str, str, int | None]]:
    rows = decision.group_votes.order_by("group__name", "position")
    return [(row.group.name, row.position, row.count) for row in rows]


def test_a_group_splits_its_votes_and_says_who_was_missing(deciding, groups, now):
    first, second = groups
    votes = form({
        (first.pk, "for"): "12", (first.pk, "absent"): "2", (first.pk, "biased"): "1",
        (second.pk, "against"): "x", (second.pk, "wish"): "zur Kenntnis nehmen",
    })  # fmt: skip
    assert votes.is_valid()
    decision = make_decision(
        deciding, ItemOutcome.ADOPTED, at=now, group_votes=votes.rows(GroupVote)
    )
    assert told(decision) == [
        ("Bürgerliste", "absent", 2),
        ("Bürgerliste", "biased", 1),
        ("Bürgerliste", "for", 12),
        ("Offene Liste", "against", None),
    ]
    assert decision.group_votes.get(position="against").wish == "zur Kenntnis nehmen"


@pytest.mark.parametrize("cell", ["0", "-1", "ja", "1,5", "1000", "xx", "٣"])
def test_a_cell_is_a_number_or_an_x(groups, cell):
    assert not form({(groups[0].pk, "for"): cell}).is_valid()


def test_another_wish_goes_with_a_no(groups):
    votes = form({(groups[0].pk, "for"): "3", (groups[0].pk, "wish"): "Kenntnis"})
    assert list(votes.errors) == [f"{groups[0].pk}-wish"]


def test_sums_are_told_only_where_every_head_was_counted(groups):
    first, second = groups
    rows = [
        GroupVote(group=second, position=Position.FOR, count=9),
        GroupVote(group=first, position=Position.FOR, count=12),
        GroupVote(group=first, position=Position.AGAINST, count=1),
        GroupVote(group=second, position=Position.AGAINST),
    ]
    found = [
        (row.position, [vote.group.name for vote in row.votes], row.total)
        for row in votes_by_position(rows)
    ]
    assert found == [
        (Position.FOR, ["Bürgerliste", "Offene Liste"], 21),
        (Position.AGAINST, ["Bürgerliste", "Offene Liste"], None),
    ]


def test_a_correction_starts_with_the_votes_that_stood_and_leaves_them(deciding, groups, now):
    first, second = groups
    votes = [
        GroupVote(group=first, position=Position.FOR, count=12),
        GroupVote(group=second, position=Position.FOR),
    ]
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now, group_votes=votes)
    shown = GroupVotesForm(former=decision)
    assert [shown[f"{group.pk}-for"].value() for group in groups] == ["12", "x"]
    correction = correct_decision(
        decision=decision, outcome=ItemOutcome.ADOPTED, reason="Verzählt.", at=now,
        actor=make_staff(Role.COUNCIL_OFFICE),
        group_votes=[GroupVote(group=first, position=Position.FOR, count=13)],
    )  # fmt: skip
    assert told(decision) == [("Bürgerliste", "for", 12), ("Offene Liste", "for", None)]
    assert told(correction) == [("Bürgerliste", "for", 13)]
    assert correction.status == "provisional"
    confirm_decision(decision=correction, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    assert told(correction) == [("Bürgerliste", "for", 13)]


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"wish": "Kenntnis", "position": "for"}, {"position": "for"}]
)
def test_the_database_refuses_what_no_minutes_say(deciding, groups, now, wrong):
    votes = [GroupVote(group=groups[0], position=Position.FOR, count=3)]
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now, group_votes=votes)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupVote.objects.create(
            decision=decision, group=groups[0], **{"position": "against", **wrong}
        )
