import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.analysis.opinions import analyse_votes
from workers.analysis.publication import SMALLEST_CELL, public_json


def votes_of(cells):
    """``cells``: for each group and statement how many agree, disagree and pass."""
    votes, groups = {}, {}
    for name, by_statement in cells.items():
        for statement, (agree, disagree, passed) in by_statement.items():
            for number, vote in enumerate([1] * agree + [-1] * disagree + [0] * passed):
                person = f"person-{name or 'none'}-{number}"
                votes[person, statement] = vote
                if name:
                    groups[person] = name
    return votes, groups


def published(cells):
    votes, groups = votes_of(cells)
    return public_json(analyse_votes(votes, given_groups=groups))


def test_large_numbers_are_published_whole():
    result = published({"A": {"1": (30, 20, 12)}, "B": {"1": (15, 40, 10)}})
    (statement,) = result["statements"]
    assert (statement["agree"], statement["disagree"], statement["pass"]) == (45, 60, 22)
    assert statement["by_group"]["A"] == {"agree": 30, "disagree": 20, "seen": 62}
    assert statement["group_aware_consensus"] == pytest.approx(31 / 64 * 16 / 67)


def test_few_passes_leave_agreement_by_group_and_hide_how_the_rest_splits():
    (statement,) = published({"A": {"1": (30, 20, 3)}, "B": {"1": (15, 40, 2)}})["statements"]
    assert statement["by_group"]["A"] == {"agree": 30, "disagree": None, "seen": 53}
    assert (statement["agree"], statement["disagree"], statement["pass"]) == (45, None, None)


def test_a_small_cell_in_one_group_withholds_all_groups():
    (statement,) = published({"A": {"1": (50, 4, 3)}, "B": {"1": (15, 40, 20)}})["statements"]
    assert statement["by_group"] == {}
    assert (statement["agree"], statement["disagree"], statement["pass"]) == (65, 44, 23)
    assert statement["group_aware_consensus"] == round(51 / 59 * 16 / 77, 1)


def test_a_small_group_is_not_named():
    result = published({"A": {"1": (30, 30, 30)}, "B": {"1": (0, 9, 0)}})
    (statement,) = result["statements"]
    assert statement["by_group"] == {}
    assert "B" not in statement["representative_for"]


def test_people_outside_all_groups_cannot_be_found_by_subtraction():
    cells = {"A": {"1": (30, 30, 30)}, "B": {"1": (30, 30, 30)}, "": {"1": (2, 0, 1)}}
    (statement,) = published(cells)["statements"]
    assert statement["by_group"] == {}


def test_no_person_is_in_the_public_file():
    votes, groups = votes_of({"A": {"1": (30, 20, 12)}, "B": {"1": (15, 40, 10)}})
    for opinions in (analyse_votes(votes), analyse_votes(votes, given_groups=groups)):
        result = public_json(opinions)
        assert result["groups"] == {}
        assert result["coordinates"] == {}
        assert "person-" not in json.dumps(result)


def known_numbers(statement, everybody):
    """All counts that can be read or subtracted, if it is known how many saw the statement."""
    known = [statement[key] for key in ("agree", "disagree", "pass") if statement[key] is not None]
    hidden = 3 - len(known)
    if hidden:
        known.append(everybody - sum(known))
    columns = {"agree": [], "seen": []}
    for counts in statement["by_group"].values():
        known += [counts["agree"], counts["seen"] - counts["agree"]]
        columns["agree"].append(counts["agree"])
        columns["seen"].append(counts["seen"])
        if counts["disagree"] is not None:
            known += [counts["disagree"], counts["seen"] - counts["agree"] - counts["disagree"]]
    for chosen in itertools.chain.from_iterable(
        itertools.combinations(range(len(columns["agree"])), n)
        for n in range(1, len(columns["agree"]) + 1)
    ):
        agree_rest = statement["agree"] - sum(columns["agree"][i] for i in chosen)
        seen_rest = everybody - sum(columns["seen"][i] for i in chosen)
        if seen_rest:
            known += [agree_rest, seen_rest - agree_rest]
    return known


CELL = st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25))


@settings(max_examples=150)
@given(CELL, CELL, CELL, st.randoms())
def test_no_number_under_ten_can_be_read_or_subtracted(one, other, nobody, chance):
    everybody = sum(one) + sum(other) + sum(nobody)
    if everybody < SMALLEST_CELL:
        return
    if chance.random() < 0.5:
        one, other = (tuple(cell + SMALLEST_CELL for cell in row) for row in (one, other))
        everybody += 6 * SMALLEST_CELL
    for statement in published({"A": {"1": one}, "B": {"1": other}, "": {"1": nobody}})[
        "statements"
    ]:
        assert all(number >= SMALLEST_CELL for number in known_numbers(statement, everybody))


def test_how_many_took_part_is_not_said():
    chance = random.Random(2)
    votes = {(str(p), str(s)): chance.choice([1, -1, 0]) for p in range(60) for s in range(9)}
    method = public_json(analyse_votes(votes))["method"]
    assert not {"participants", "placed", "votes", "replaced"} & set(method)
