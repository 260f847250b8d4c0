import pytest

from consult.council.contested import both_sides, heard_rounds, is_contested, verdicts
from consult.evaluation.disclosure import Detail, Tally
from consult.participants.states import Role
from tests.factories import make_contribution, make_staff
from tests.factories.evaluation import make_closed, make_goal_results, make_summary, make_theme


@pytest.mark.parametrize(
    ("total", "groups", "expected"),
    [
        (Tally(20, 10, 0), [], True),
        (Tally(21, 10, 90), [], False),
        (Tally(90, 10, 0), [Tally(80, 0, 0), Tally(10, 10, 0)], True),
        (Tally(90, 10, 0), [Tally(80, 0, 0), Tally(11, 10, 0)], False),
        (Tally(90, 9, 0), [Tally(0, 9, 50)], False),
    ],
    ids=[
        "a third against",
        "just under a third, don't know counts for neither",
        "a group without majority",
        "every group with a majority",
        "a group of nine gives no verdict",
    ],
)
def test_rule(total, groups, expected):
    assert is_contested(total, groups) is expected


def test_verdicts_only_after_closing_and_with_ten_votes(round_, now):
    goal = round_.edition.goals.get()
    make_goal_results(round_, goal.wid, {"total": (30, 20, 10)}, at=now)
    assert verdicts([round_]) == {}
    closed = make_closed(round_)
    [verdict] = verdicts([closed]).values()
    assert verdict.is_contested
    assert verdict.table.total.cells == (30, 20, 10)


def test_fewer_than_ten_votes_give_no_verdict(round_, now):
    goal = round_.edition.goals.get()
    make_goal_results(round_, goal.wid, {"total": (5, 4, 60)}, at=now)
    assert verdicts([make_closed(round_)]) == {}


def test_small_cells_are_not_in_the_table(round_, now):
    goal = round_.edition.goals.get()
    scopes = {"total": (40, 21, 3), "group:A": (38, 2, 1), "group:B": (2, 19, 2)}
    make_goal_results(round_, goal.wid, scopes, at=now)
    [verdict] = verdicts([make_closed(round_)]).values()
    assert verdict.is_contested
    assert verdict.table.total.detail == Detail.AGREEMENT
    shown = [cell for row in (verdict.table.total, *verdict.table.rows) for cell in row.cells]
    assert min(shown) >= 10


def test_heard_rounds_are_closed_and_of_this_edition_or_before(round_):
    assert heard_rounds(round_.edition) == []
    closed = make_closed(round_)
    assert heard_rounds(closed.edition) == [closed]


def test_released_quotes_come_first_and_hidden_words_never(round_, now):
    goal = round_.edition.goals.get()
    written = [
        make_contribution(
            round_, at=now, stance="support", target_wid=goal.wid, text=f"Dafür, Grund {number}."
        )
        for number in range(6)
    ]
    actor = make_staff(Role.COORDINATION)
    closed = make_closed(round_)
    drawn = both_sides([closed], [goal.wid])[goal.wid]["support"]
    other = next(found for found in written if found.pk != drawn.pk)
    theme = make_theme(written, title="Gründe", actor=actor, at=closed.closes_at)
    make_summary(theme, [other], actor=actor, at=closed.closes_at)
    assert both_sides([closed], [goal.wid])[goal.wid]["support"] == other
    type(other).objects.filter(pk=other.pk).update(status="hidden")
    assert both_sides([closed], [goal.wid])[goal.wid]["support"] != other
    assert "concern" not in both_sides([closed], [goal.wid])[goal.wid]
