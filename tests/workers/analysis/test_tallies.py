"""Votes in shards give what one count gives, to the last digit."""

import random

import numpy as np
import pytest

from workers.analysis.opinions import analyse_votes
from workers.analysis.own_place import own_place
from workers.analysis.planes import natural_order, principal_plane, project, vote_sums
from workers.analysis.tallies import (
    input_hash,
    join,
    opinions_on,
    pack,
    plane_as_json,
    read_ballots,
    unpack,
)

GOALS = [str(number) for number in (2, 10, 11, 12, 13, 14, 15, 16)]


@pytest.fixture(scope="module")
def ballots() -> list[tuple[str, str, int]]:
    """Ballots of 300 people of two minds; some left goals out."""
    chance = random.Random(5)
    return [
        (f"{person:03x}", goal, chance.choice([1, 1, 1, 0, -1]) * (1 if person % 3 else -1))
        for person in range(300)
        for goal in GOALS
        if chance.random() < 0.9
    ]


def _shards(ballots):
    cut = [[row for row in ballots if low <= row[0] < high] for low, high in
           [("0", "04"), ("04", "0a"), ("0a", "1")]]  # fmt: skip
    return [read_ballots(reversed(part), GOALS) for part in [*cut, ballots[:0]]] + [
        read_ballots([row for row in ballots if row[0] >= "1"], GOALS)
    ]


def test_shards_give_the_opinions_of_one_count(ballots):
    shards = _shards(ballots)
    first, *others = (unpack(pack(vote_sums(shard)), len(GOALS)) for shard in shards)
    found = opinions_on(join(shards), principal_plane(sum(others, first)))
    whole = analyse_votes({(voter, goal): vote for voter, goal, vote in ballots})
    assert whole.k > 1
    assert found.as_json() == whole.as_json()


def test_without_ballots_there_is_nothing_to_find():
    matrix = read_ballots([], [])
    found = opinions_on(matrix, principal_plane(vote_sums(matrix)))
    assert found.as_json() == analyse_votes({}).as_json()


def test_people_stand_in_natural_order_whatever_the_shard(ballots):
    names = join(_shards(ballots)).participants
    assert list(names) == sorted({row[0] for row in ballots}, key=natural_order)


def test_the_hash_of_ballots_knows_every_vote_and_no_order(ballots):
    known = input_hash(read_ballots(ballots, GOALS))
    assert known == input_hash(read_ballots(reversed(ballots), GOALS))
    voter, goal, vote = ballots[0]
    changed = [(voter, goal, -vote or 1), *ballots[1:]]
    assert known != input_hash(read_ballots(changed, GOALS))


def test_shards_with_other_goals_are_not_joined(ballots):
    with pytest.raises(ValueError, match="other statements"):
        join([read_ballots(ballots, GOALS), read_ballots(ballots, [*GOALS, "99"])])


def test_an_own_place_is_the_point_of_the_analysis(ballots):
    matrix = read_ballots(ballots, GOALS)
    plane = principal_plane(vote_sums(matrix))
    points = project(matrix, plane)
    stored = plane_as_json(plane, GOALS)
    for row, person in enumerate(matrix.participants[:20]):
        votes = {goal: vote for voter, goal, vote in ballots if voter == person}
        place = own_place({**votes, "not voted on": 1}, stored, 1)
        assert np.allclose(place, points[row])
    assert own_place({"2": 1}, stored, 7) is None
    assert own_place({}, stored, 0) is None
