import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.analysis import planes
from workers.analysis.clusters import MOST_FITTED, cluster_points
from workers.analysis.opinions import analyse_votes, group_aware_consensus
from workers.analysis.planes import Matrix, natural_order, principal_plane, read_matrix, vote_sums


def two_camps(people=40, statements=10):
    """Half agree with the first half of the statements, half with the second; all with the last."""
    votes = {}
    for person in range(people):
        for number in range(statements):
            same_side = (person % 2 == 0) == (number < statements // 2)
            vote = 1 if number == statements - 1 or same_side else -1
            votes[f"p{person}", str(number)] = 0 if (person + 3 * number) % 11 == 0 else vote
    return votes


def test_consensus_by_hand():
    votes = {("a", "1"): 1, ("b", "1"): 1, ("c", "1"): -1, ("d", "1"): 1, ("e", "1"): 0}
    given_groups = {"a": "A", "b": "A", "c": "A", "d": "B", "e": "B"}
    (statement,) = analyse_votes(votes, given_groups=given_groups).statements
    # By hand: two of three agree in A, one of two in B.
    assert statement.group_aware_consensus == pytest.approx(
        (2 + 1) / (3 + 2) * (1 + 1) / (2 + 2), abs=1e-12
    )
    assert statement.by_group == {
        "A": {"agree": 2, "disagree": 1, "seen": 3},
        "B": {"agree": 1, "disagree": 0, "seen": 2},
    }
    assert (statement.agree, statement.disagree, statement.passed) == (3, 1, 1)


def test_a_group_that_did_not_see_a_statement_counts_one_half():
    seen = {"agree": 3, "disagree": 0, "seen": 3}
    unseen = {"agree": 0, "disagree": 0, "seen": 0}
    assert group_aware_consensus([seen, unseen]) == pytest.approx(4 / 5 / 2)
    assert group_aware_consensus([]) is None


def test_two_camps_are_found_and_their_statements_named():
    result = analyse_votes(two_camps())
    assert result.k == 2
    assert {result.groups[f"p{n}"] for n in range(0, 40, 2)} == {"A"}
    assert {result.groups[f"p{n}"] for n in range(1, 40, 2)} == {"B"}
    best = max(result.statements, key=lambda s: s.group_aware_consensus)
    assert best.statement == "9"
    assert result.statements[0].representative_for == ("A", "B")
    assert result.statements[9].representative_for == ()


def test_three_camps_are_found_by_silhouette():
    chance = np.random.default_rng(5)
    opinions = chance.choice([-1, 1], size=(3, 30))
    votes = {
        (f"p{n}", str(s)): int(opinions[n % 3][s] * chance.choice([1, -1], p=[0.9, 0.1]))
        for n in range(90)
        for s in range(30)
    }
    result = analyse_votes(votes)
    assert result.k == 3
    assert all(len({result.groups[f"p{n}"] for n in range(m, 90, 3)}) == 1 for m in range(3))


def test_the_order_of_votes_changes_nothing():
    votes = two_camps()
    reverse = dict(reversed(list(votes.items())))
    assert analyse_votes(reverse).as_json() == analyse_votes(votes).as_json()


def test_who_cast_too_few_votes_is_counted_but_not_placed():
    votes = two_camps()
    votes["late", "0"] = 1
    result = analyse_votes(votes)
    assert "late" not in result.groups
    assert "late" not in result.coordinates
    assert result.statements[0].agree == analyse_votes(two_camps()).statements[0].agree + 1


@pytest.mark.parametrize(("wanted", "found"), [(1, 1), (3, 3), (500, None)])
def test_a_fixed_number_of_groups(wanted, found):
    result = analyse_votes(two_camps(), groups=wanted)
    assert result.k == (found if found else len(set(result.coordinates.values())))
    assert result.method["groups"] == "fixed"


def test_nothing_received_and_a_single_vote():
    assert analyse_votes({}).as_json() == {
        **analyse_votes({}).as_json(),
        "groups": {},
        "k": 0,
        "statements": [],
        "coordinates": {},
    }
    single = analyse_votes({("a", "1"): 1})
    assert single.groups == {"a": "A"}
    assert single.statements[0].group_aware_consensus == pytest.approx(2 / 3)


def test_sums_over_shards_of_participants_add_up():
    matrix = read_matrix(two_camps())
    shards = [
        Matrix(matrix.participants[a:b], matrix.statements, matrix.votes[a:b], matrix.seen[a:b])
        for a, b in ((0, 7), (7, 30), (30, 40))
    ]
    whole, parts = vote_sums(matrix), [vote_sums(shard) for shard in shards]
    joined = parts[0] + parts[1] + parts[2]
    assert np.array_equal(whole.vv, joined.vv)
    assert np.array_equal(whole.vo, joined.vo)
    assert np.array_equal(whole.oo, joined.oo)


def _few_votes_each(people: int, statements: int, each: int) -> dict[tuple[str, str], int]:
    chance = np.random.default_rng(2)
    return {
        (str(person), str(subject)): int(chance.choice([-1, 0, 1]))
        for person in range(people)
        for subject in chance.choice(statements, each, replace=False)
    }


@pytest.mark.parametrize("votes", [_few_votes_each(300, 200, 3), two_camps()])
def test_counting_pair_by_pair_gives_the_sums_of_dense_multiplication(votes, monkeypatch):
    matrix = read_matrix(votes)
    for cost in (0, 10**9):
        monkeypatch.setattr(planes, "PAIR_COSTS", cost)
        sums = vote_sums(matrix)
        cast, seen = matrix.votes.toarray(), matrix.seen.toarray()
        assert np.array_equal(sums.vv, cast.T @ cast)
        assert np.array_equal(sums.vo, cast.T @ seen)
        assert np.array_equal(sums.oo, seen.T @ seen)


@pytest.mark.parametrize("vote", [1, -1])
def test_the_largest_sums_of_one_block_are_exact(vote, monkeypatch):
    monkeypatch.setattr(planes, "PAIR_COSTS", 0)
    people = 2 ** (planes.DIGIT - 1) + 5
    sums = vote_sums(read_matrix({(str(n), s): vote for n in range(people) for s in "12"}))
    assert sums.vv.tolist() == sums.oo.tolist() == [[people] * 2] * 2
    assert sums.vo.tolist() == [[vote * people] * 2] * 2


def test_names_are_read_in_natural_order_also_if_a_person_is_named_like_a_statement():
    votes = {("10", "2"): 1, ("2", "10"): -1, ("b", "2"): 0}
    matrix = read_matrix(votes)
    assert matrix.participants == ("2", "10", "b")
    assert matrix.statements == ("2", "10")
    assert matrix.votes.toarray().tolist() == [[0, -1], [1, 0], [0, 0]]
    assert matrix.seen.toarray().tolist() == [[0, 1], [1, 0], [1, 0]]
    assert sorted(["b", "10", "2"], key=natural_order) == ["2", "10", "b"]


def test_of_very_many_people_all_are_in_the_group_where_they_stand():
    chance = np.random.default_rng(1)
    middles = np.array([[0, 0], [10, 0], [0, 10]])[np.arange(MOST_FITTED + 3000) % 3]
    labels = np.array(cluster_points(middles + chance.normal(0, 1, middles.shape)))
    assert len(set(labels)) == 3
    assert all(len(set(labels[number::3])) == 1 for number in range(3))


def test_the_plane_is_that_of_votes_with_missing_ones_at_the_mean():
    votes = {(p, s): v for (p, s), v in two_camps().items() if (int(p[1:]) + int(s)) % 4}
    matrix = read_matrix(votes)
    plane = principal_plane(vote_sums(matrix))
    cast, seen = matrix.votes.toarray(), matrix.seen.toarray()
    filled = np.where(seen > 0, cast - cast.sum(0) / seen.sum(0), 0)
    _, _, axes = np.linalg.svd(filled, full_matrices=False)
    assert np.allclose(np.abs(np.sum(plane.directions * axes[:2].T, axis=0)), 1)


PEOPLE, SUBJECTS = st.sampled_from("abcdefghij"), st.sampled_from("12345678")
BALLOTS = st.dictionaries(st.tuples(PEOPLE, SUBJECTS), st.sampled_from([-1, 0, 1]), max_size=80)


@settings(max_examples=40)
@given(BALLOTS)
def test_counts_and_groups_agree_with_the_votes(votes):
    result = analyse_votes(votes)
    assert sum(s.agree + s.disagree + s.passed for s in result.statements) == len(votes)
    assert len(set(result.groups.values())) == result.k
    assert set(result.groups) == set(result.coordinates)
    for s in result.statements:
        assert all(c["agree"] + c["disagree"] <= c["seen"] for c in s.by_group.values())
        if result.k:
            assert s.group_aware_consensus == pytest.approx(
                group_aware_consensus(s.by_group.values())
            )
