"""The map of opinion groups shows no field and no group of fewer than ten people."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.opinion_map import _cell, opinion_map

coordinate = st.floats(-20, 20, allow_nan=False)
people = st.lists(st.tuples(coordinate, coordinate, st.sampled_from("AB")), max_size=80)


def _two_crowds(each: int):
    chance = random.Random(7)
    points = {
        f"{name}{n}": (chance.gauss(middle, 1), chance.gauss(0, 1))
        for name, middle in (("A", -4), ("B", 4))
        for n in range(each)
    }
    return points, {person: person[0] for person in points}


def test_two_crowds_are_two_places_with_their_sizes():
    drawn = opinion_map(*_two_crowds(200))
    assert {field.group for field in drawn.fields} == {"A", "B"}
    assert [row[2] for row in drawn.groups.values()] == [200, 200]
    assert drawn.groups["A"][0] < -3
    assert drawn.groups["B"][0] > 3
    assert all(abs(f.x - drawn.groups[f.group][0]) < 4 for f in drawn.fields)


@given(people)
def test_every_field_holds_ten_people_of_its_group(rows):
    points = {str(n): (x, y) for n, (x, y, _) in enumerate(rows)}
    groups = {str(n): name for n, (_, _, name) in enumerate(rows)}
    drawn = opinion_map(points, groups)
    sizes = Counter(groups.values())
    assert set(drawn.groups) == {name for name, size in sizes.items() if size >= 10}
    for field in drawn.fields:
        here = [
            p
            for p in points
            if groups[p] == field.group
            and _cell(points[p], drawn.radius) == _cell((field.x, field.y), drawn.radius)
        ]
        assert len(here) >= 10
        assert field.strength == (len(here) >= 10) + (len(here) >= 20) + (len(here) >= 40)


@given(people, st.randoms())
def test_the_order_of_people_changes_nothing(rows, chance):
    points = {str(n): (x, y) for n, (x, y, _) in enumerate(rows)}
    groups = {str(n): name for n, (_, _, name) in enumerate(rows)}
    shuffled = list(points)
    chance.shuffle(shuffled)
    again = opinion_map({p: points[p] for p in shuffled}, {p: groups[p] for p in shuffled})
    assert again == opinion_map(points, groups)


def test_a_place_of_two_groups_is_drawn_once_for_the_larger():
    points = {f"A{n}": (0.0, 0.0) for n in range(12)} | {f"B{n}": (0.0, 0.0) for n in range(15)}
    points |= {f"B{n}": (9.0, 0.0) for n in range(20, 35)}
    drawn = opinion_map(points, {person: person[0] for person in points})
    assert [field.group for field in drawn.fields] == ["B", "B"]


def test_nobody_gives_an_empty_map():
    drawn = opinion_map({}, {})
    assert (drawn.fields, dict(drawn.groups)) == ((), {})
