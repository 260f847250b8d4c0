"""Numbers of new sections, goals and measures: those that stand keep theirs."""

from collections.abc import Collection, Iterable, Sequence
from itertools import count


def next_number(taken: Sequence[str]) -> str:
    """The first number behind the highest of those taken: 3.4 after 3.3, 1.b after 1.a.

    Only what is counted with digits or one small letter at the end is a number here; "" where
    nothing is.
    """
    counted = [number.rpartition(".") for number in taken]
    digits = [row for row in counted if row[2].isascii() and row[2].isdigit()]
    letters = [row for row in counted if len(row[2]) == 1 and "a" <= row[2] < "z"]
    if digits:
        beginning, dot, last = max(digits, key=lambda row: int(row[2]))
        return f"{beginning}{dot}{int(last) + 1}"
    if letters:
        beginning, dot, last = max(letters, key=lambda row: row[2])
        return f"{beginning}{dot}{chr(ord(last) + 1)}"
    return ""


def next_of(
    near: Sequence[str], home: str, others: Iterable[tuple[str, str]], *, taken: Collection[str]
) -> str:
    """The number of a new part beside those that are `near`, which none of `taken` has.

    It goes on from those; where it is the first one in its section or goal `home`, it is counted
    as the `others` are, each with the number of its home: 4.1 where 3.1 stands in 3.
    """
    begun = [number for number in taken if _begins_alike(number, near)]
    if not near and home:
        begun = [number for number in taken if number.startswith(f"{home}.")]
    number = next_number([*near, *begun]) or ("" if near else _first(home, others))
    if number and number not in taken:
        return number
    return next_number(sorted(taken)) or _counted(home, taken)


def _first(home: str, others: Iterable[tuple[str, str]]) -> str:
    for other, number in others:
        beginning, _dot, last = number.rpartition(".")
        if other and home and beginning == other:
            return f"{home}.{'a' if last.isalpha() else 1}"
    return ""


def _counted(home: str, taken: Collection[str]) -> str:
    """A number where nothing is counted yet."""
    free = (f"{home}.{n}" if home else str(n) for n in count(1))
    return next(number for number in free if number not in taken)


def _begins_alike(number: str, others: Sequence[str]) -> bool:
    return number.rpartition(".")[0] in {other.rpartition(".")[0] for other in others}
