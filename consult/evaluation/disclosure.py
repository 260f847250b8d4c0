"""What of a tally may be shown: no cell under ten, neither directly nor by subtraction.

A published table is the total and a partition of it into rows that add up to it. All rows have
the same detail, and each of their cells holds ten people at least; parts that are too small are
shown together as one row. So every difference that a reader can form is a sum of shown cells. The
rule is that of primary and secondary suppression in tables with a margin (Hundepool et al.,
Statistical Disclosure Control, 2012, section 4), with pooling instead of gaps, because a gap in a
row that adds up could be filled in again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from workers.analysis.publication import SMALLEST_CELL

REST = "rest"


class Detail(IntEnum):
    """How much of a tally is shown; each level is a sum of cells of the next."""

    NOTHING = 0
    SIZE = 1
    AGREEMENT = 2
    FULL = 3


@dataclass(frozen=True)
class Tally:
    """Votes on one goal in one part of the participants."""

    agree: int = 0
    disagree: int = 0
    passed: int = 0

    @property
    def size(self) -> int:
        """How many voted."""
        return self.agree + self.disagree + self.passed

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.agree + other.agree, self.disagree + other.disagree, self.passed + other.passed
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(
            self.agree - other.agree, self.disagree - other.disagree, self.passed - other.passed
        )

    def cells(self, detail: Detail) -> tuple[int, ...]:
        """The numbers that a reader sees at this detail."""
        match detail:
            case Detail.FULL:
                return (self.agree, self.disagree, self.passed)
            case Detail.AGREEMENT:
                return (self.agree, self.disagree + self.passed)
            case Detail.SIZE:
                return (self.size,)
        return ()


@dataclass(frozen=True)
class PublicRow:
    """One row as anybody may see it: `names` are the parts in it, `cells` what `detail` shows."""

    names: tuple[str, ...]
    detail: Detail
    size: int
    cells: tuple[int, ...]


@dataclass(frozen=True)
class PublicTable:
    """The total and its parts; `rows` is empty where only the total may be shown."""

    total: PublicRow
    rows: tuple[PublicRow, ...]


def public_table(total: Tally, parts: Mapping[str, Tally]) -> PublicTable:
    """Return what may be shown of a total and of disjoint parts of it.

    Whatever the parts leave of the total becomes the part `rest`. A part that nobody is in is left
    out. The finest detail at which at least two rows can be shown is taken. Raises ValueError if
    the parts are more than the total.
    """
    filled = _partition(total, parts)
    finest = _detail_of(total)
    for detail in (Detail.FULL, Detail.AGREEMENT, Detail.SIZE):
        rows = _rows(filled, detail) if detail <= finest else ()
        if rows:
            return PublicTable(_row(("total",), total, finest), rows)
    return PublicTable(_row(("total",), total, finest), ())


def _partition(total: Tally, parts: Mapping[str, Tally]) -> dict[str, Tally]:
    rest = total
    for part in parts.values():
        rest -= part
    if min(rest.cells(Detail.FULL)) < 0:
        raise ValueError("the parts are more than the total")
    return {name: part for name, part in {**parts, REST: rest}.items() if part.size}


def _detail_of(tally: Tally) -> Detail:
    return next(
        (d for d in (Detail.FULL, Detail.AGREEMENT, Detail.SIZE) if _fits(tally, d)),
        Detail.NOTHING,
    )


def _fits(tally: Tally, detail: Detail) -> bool:
    return min(tally.cells(detail)) >= SMALLEST_CELL


def _rows(parts: dict[str, Tally], detail: Detail) -> tuple[PublicRow, ...]:
    alone = {name for name in parts if _fits(parts[name], detail)}
    pooled = _pool(parts, parts.keys() - alone)
    while pooled.size and not _fits(pooled, detail):
        if not alone:
            return ()
        alone.remove(min(alone, key=lambda name: (parts[name].size, name)))
        pooled = _pool(parts, parts.keys() - alone)
    rows = [_row((name,), parts[name], detail) for name in parts if name in alone]
    if pooled.size:
        rows.append(_row(tuple(name for name in parts if name not in alone), pooled, detail))
    return tuple(rows) if len(rows) > 1 else ()


def _pool(parts: dict[str, Tally], names) -> Tally:
    return sum((parts[name] for name in names), Tally())


def _row(names: tuple[str, ...], tally: Tally, detail: Detail) -> PublicRow:
    size = tally.size if detail else 0
    return PublicRow(names, detail, size, tally.cells(detail))
