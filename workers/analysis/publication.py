"""What of the opinions everybody may see: no person, and no number under ten, also not by
subtraction.

A statement is published at the fullest of three levels that is safe. "groups": every group's
agree, disagree and pass are ten or more. "agreement": every group's agree and not-agree are. Else
"total": no counts by group, and the consensus rounded to one decimal, from which no count follows.
People in no group are nobody's business either: unless they are none, their numbers must be ten
or more too, because total less groups would show them. Of agree, disagree and pass, a number under
ten takes a second one with it, since the sum may be known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workers.analysis.opinions import Opinions, StatementResult

SMALLEST_CELL = 10
Cells = tuple[int, int, int]  # agree, disagree, pass


def public_json(opinions: Opinions) -> dict[str, Any]:
    """The shape of ``Opinions.as_json`` without persons; a withheld number is None."""
    sizes: dict[str, int] = {}
    for name in opinions.groups.values():
        sizes[name] = sizes.get(name, 0) + 1
    shown = {name for name, size in sizes.items() if size >= SMALLEST_CELL}
    return {
        "groups": {},
        "k": opinions.k,
        "statements": [_public_statement(s, shown) for s in opinions.statements],
        "coordinates": {},
        "method": {
            **{key: opinions.method[key] for key in _KEPT if key in opinions.method},
            "public": f"no person, no number under {SMALLEST_CELL}, also not by subtraction",
            "withheld": "null; consensus then rounded to one decimal",
        },
    }


# Not kept: how many people and votes there were, which would give away one withheld number.
_KEPT = ("version", "projection", "groups", "consensus", "fewest_votes")


def _public_statement(statement: StatementResult, shown: set[str]) -> dict[str, Any]:
    total = (statement.agree, statement.disagree, statement.passed)
    groups = {name: _cells(counts) for name, counts in statement.by_group.items()}
    level = _level(total, groups, shown)
    agree, disagree, passed = _safe_total(total, level)
    consensus = statement.group_aware_consensus
    if consensus is not None and level == "total":
        consensus = round(consensus, 1)
    return {
        "statement": statement.statement,
        "agree": agree,
        "disagree": disagree,
        "pass": passed,
        "by_group": _safe_groups(groups, level),
        "group_aware_consensus": consensus,
        "representative_for": [n for n in statement.representative_for if n in shown],
    }


def _cells(counts: Mapping[str, int]) -> Cells:
    agree, disagree = counts["agree"], counts["disagree"]
    return agree, disagree, counts["seen"] - agree - disagree


def _level(total: Cells, groups: Mapping[str, Cells], shown: set[str]) -> str:
    if not groups or set(groups) - shown:
        return "total"
    rest = tuple(sum(column) for column in zip(*groups.values(), strict=True))
    ungrouped = [whole - part for whole, part in zip(total, rest, strict=True)]
    rows: list[Sequence[int]] = list(groups.values())
    if any(ungrouped):
        rows.append(ungrouped)
    if all(cell >= SMALLEST_CELL for row in rows for cell in row):
        return "groups"
    if all(min(row[0], row[1] + row[2]) >= SMALLEST_CELL for row in rows):
        return "agreement"
    return "total"


def _safe_total(total: Cells, level: str) -> tuple[int | None, int | None, int | None]:
    agree, disagree, passed = total
    small = [cell for cell in total if cell < SMALLEST_CELL]
    if level == "groups" or not small:
        return agree, disagree, passed
    if level == "agreement":
        return agree, None, None
    hidden = sorted(range(3), key=lambda index: (total[index], index))[: max(2, len(small))]
    if sum(total[index] for index in hidden) < SMALLEST_CELL:
        return None, None, None
    cells = [None if index in hidden else cell for index, cell in enumerate(total)]
    return cells[0], cells[1], cells[2]


def _safe_groups(groups: Mapping[str, Cells], level: str) -> dict[str, dict[str, int | None]]:
    if level == "total":
        return {}
    return {
        name: {
            "agree": cells[0],
            "disagree": cells[1] if level == "groups" else None,
            "seen": sum(cells),
        }
        for name, cells in groups.items()
    }
