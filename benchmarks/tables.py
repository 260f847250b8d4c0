"""A row for each bar: what was measured, baseline and product in the same run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One bar. ``reached`` is None where there is nothing to compare with."""

    what: str
    baseline: str
    product: str
    bar: str
    reached: bool | None = None


Measure = Callable[[], Iterator[Row]]


def print_rows(title: str, measures: list[Measure]) -> None:
    """Measure and print row by row, so that a long run can be followed."""
    print(f"\n{title}")
    print(f"{'what':<52}{'baseline':>22}{'product':>26}{'bar':>26}  reached")
    for measure in measures:
        for row in measure():
            reached = {True: "yes", False: "NO", None: ""}[row.reached]
            print(
                f"{row.what:<52}{row.baseline:>22}{row.product:>26}{row.bar:>26}  {reached}",
                flush=True,
            )


def missing(what: str) -> Row:
    """The row of a bar whose data are not there."""
    return Row(what, "", "CONSULT_BENCH_DATA not set", "")
