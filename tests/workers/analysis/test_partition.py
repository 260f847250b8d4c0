import numpy as np
import pytest

from workers.analysis import partition as search
from workers.analysis.features import Features
from workers.analysis.partition import partition


def camps(people=300, groups=3, noise=0.15, seed=1):
    """Rows around ``groups`` axes, mixed."""
    chance = np.random.default_rng(seed)
    truth = np.arange(people) % groups
    rows = np.eye(12)[truth] + chance.normal(0, noise, (people, 12))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return truth, Features(rows, np.zeros((people, 1), np.float32), np.zeros(people, np.int32))


def same_groups(one, other):
    return len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist()))


@pytest.mark.parametrize("people", [30, 300])
def test_clear_groups_are_found_with_their_number(people):
    truth, features = camps(people)
    found = partition(features)
    assert len(set(found.tolist())) == 3
    assert same_groups(truth, found)


def test_whoever_was_not_searched_is_foretold(monkeypatch):
    truth, features = camps(600)
    monkeypatch.setattr(search, "MOST_SEARCHED", 150)
    assert same_groups(truth, partition(features))


def test_where_nothing_can_be_foretold_nobody_is_moved_into_one_theme():
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(200, 12)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    features = Features(rows, np.zeros((200, 1), np.float32), np.zeros(200, np.int32))
    assert len(set(partition(features).tolist())) > 2


def test_nobody_and_one():
    for people in (0, 1, 2):
        features = Features(
            np.ones((people, 2), np.float32), np.zeros((people, 1), np.float32),
            np.zeros(people, np.int32),
        )  # fmt: skip
        assert len(partition(features)) == people
