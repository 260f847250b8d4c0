from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.evaluation.disclosure import (
    REST,
    SMALLEST_CELL,
    Detail,
    Tally,
    public_table,
)

counts = st.integers(0, 60)
tallies = st.builds(Tally, counts, counts, counts)


def test_large_parts_are_shown_in_full():
    table = public_table(Tally(60, 40, 30), {"a": Tally(40, 20, 10), "b": Tally(20, 20, 20)})

    assert table.total.cells == (60, 40, 30)
    assert [row.names for row in table.rows] == [("a",), ("b",)]
    assert [row.cells for row in table.rows] == [(40, 20, 10), (20, 20, 20)]


def test_what_the_parts_leave_of_the_total_is_a_row_of_its_own():
    table = public_table(Tally(60, 40, 30), {"a": Tally(40, 20, 10)})

    assert table.rows[1].names == (REST,)
    assert table.rows[1].cells == (20, 20, 20)


def test_a_small_part_takes_the_smallest_other_with_it():
    parts = {"a": Tally(50, 50, 50), "b": Tally(30, 30, 30), "c": Tally(3, 12, 12)}
    table = public_table(Tally(83, 92, 92), parts)

    assert [row.names for row in table.rows] == [("a",), ("b", "c")]
    assert table.rows[1].cells == (33, 42, 42)


def test_two_parts_of_which_one_is_small_cannot_be_told_apart():
    table = public_table(Tally(60, 40, 30), {"a": Tally(55, 38, 27), "b": Tally(5, 2, 3)})

    # At the level of sizes both hold ten people at least.
    assert [row.detail for row in table.rows] == [Detail.SIZE, Detail.SIZE]
    assert [row.cells for row in table.rows] == [(120,), (10,)]


def test_few_who_passed_are_counted_with_those_who_disagreed():
    table = public_table(Tally(50, 20, 3), {})

    assert table.total.detail == Detail.AGREEMENT
    assert table.total.cells == (50, 23)


def test_nothing_is_shown_of_nine_voters():
    table = public_table(Tally(9, 0, 0), {"a": Tally(9, 0, 0)})

    assert table.total.cells == ()
    assert table.total.size == 0
    assert table.rows == ()


def test_parts_beyond_the_total_are_refused():
    with pytest.raises(ValueError, match="more than the total"):
        public_table(Tally(10, 10, 10), {"a": Tally(11, 0, 0)})


@given(st.dictionaries(st.sampled_from("abcd"), tallies, max_size=4), tallies)
def test_no_difference_of_shown_rows_is_under_ten(parts, rest):
    total = sum(parts.values(), rest)
    table = public_table(total, parts)

    for number in range(len(table.rows)):
        for chosen in combinations(table.rows, number):
            left = [
                total.cells(table.rows[0].detail)[cell] - sum(row.cells[cell] for row in chosen)
                for cell in range(len(table.rows[0].cells))
            ]
            assert min(left) >= SMALLEST_CELL


@given(st.dictionaries(st.sampled_from("abcd"), tallies, max_size=4), tallies)
def test_shown_rows_add_up_to_the_total(parts, rest):
    total = sum(parts.values(), rest)
    table = public_table(total, parts)

    if table.rows:
        detail = table.rows[0].detail
        sums = tuple(sum(column) for column in zip(*(row.cells for row in table.rows), strict=True))
        assert sums == total.cells(detail)
        assert detail <= table.total.detail
