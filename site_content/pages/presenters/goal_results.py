"""Votes on a goal after the round, as bars and table, under the rule of evaluation.disclosure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.disclosure import (
    REST,
    SMALLEST_CELL,
    Detail,
    PublicRow,
    PublicTable,
    Tally,
    public_table,
)
from consult.evaluation.models import GoalResult
from consult.participants.states import VerificationClass
from drafts.concept.snapshots import Data
from site_content.pages.presenters.figures import PATTERNS, listed, stacked_bar

TOTAL = "total"
CLASS = "class:"
GROUP = "group:"


def results_of_goal(found: dict[str, GoalResult]) -> Data:
    """What the goal's page shows of `found` (results by scope): charts with rows and a table."""
    if TOTAL not in found:
        return {"template": "contributions/_results_pending.html"}
    total = _tally(found[TOTAL])
    classes = public_table(total, _parts(found, CLASS))
    groups = public_table(total, _parts(found, GROUP))
    return {
        "template": "contributions/_results.html",
        "intro": _intro(classes.total),
        "charts": [chart for chart in (_by_class(classes), _by_group(groups)) if chart],
        "consensus": _consensus(found[TOTAL], groups),
    }


def _intro(total: PublicRow) -> str:
    if total.detail == Detail.NOTHING:
        return _(
            "Zu diesem Ziel haben weniger als {number} Personen abgestimmt. Deshalb zeigen wir "
            "kein Ergebnis."
        ).format(number=SMALLEST_CELL)
    return ngettext(
        "{n} Person hat zu diesem Ziel abgestimmt. Die Stimmen sind nicht gewichtet. Sie zeigen, "
        "was Teilnehmende meinen, nicht was die ganze Stadt meint.",
        "{n} Personen haben zu diesem Ziel abgestimmt. Die Stimmen sind nicht gewichtet. Sie "
        "zeigen, was Teilnehmende meinen, nicht was die ganze Stadt meint.",
        total.size,
    ).format(n=total.size)


def _by_class(table: PublicTable) -> Data | None:
    if table.total.detail == Detail.NOTHING:
        return None
    names = {f"{CLASS}{known.value}": str(known.label) for known in VerificationClass}
    rows = [_row(_("Alle zusammen"), table.total)]
    rows += [_row(_joined(row, names), row) for row in table.rows]
    note = "" if table.rows else _("Nach Art der Bestätigung lassen sich die Stimmen nicht zeigen.")
    return _chart(_("Stimmen nach Art der Bestätigung"), note, rows)


def _by_group(table: PublicTable) -> Data | None:
    if not table.rows:
        return None
    found = {name for row in table.rows for name in row.names}
    names = {name: _("Gruppe {letter}").format(letter=name.removeprefix(GROUP)) for name in found}
    note = _(
        "Eine Gruppe sind Menschen, die über viele Ziele ähnlich abgestimmt haben. Die Gruppen "
        "entstehen allein aus den Stimmen und haben deshalb keine Namen."
    )
    rows = [_row(_joined(row, names), row) for row in table.rows]
    return _chart(_("Stimmen nach Meinungsgruppe"), note, rows)


@dataclass(frozen=True)
class Carried:
    """How far all groups agree (0 to 100), and the share of agreement in each, in per cent."""

    value: int
    shares: dict[str, int]


def carried_by_groups(found: Mapping[str, GoalResult]) -> Carried | None:
    """What all groups carry, or None where it would give away a group that may not be shown."""
    total = found.get(TOTAL)
    if total is None or total.consensus is None:
        return None
    return _carried(total, public_table(_tally(total), _parts(found, GROUP)))


def _carried(total: GoalResult, groups: PublicTable) -> Carried | None:
    # The product over the groups would give away a group that is not shown by itself.
    shown = [row for row in groups.rows if row.names != (REST,)]
    alone = all(len(row.names) == 1 and row.detail >= Detail.AGREEMENT for row in shown)
    if total.consensus is None or not shown or not alone:
        return None
    shares = {
        row.names[0].removeprefix(GROUP): round(100 * row.cells[0] / row.size) for row in shown
    }
    return Carried(round(100 * total.consensus), shares)


def _consensus(total: GoalResult, groups: PublicTable) -> str:
    carried = _carried(total, groups)
    if carried is None:
        return ""
    return _(
        "Von allen Gruppen getragen: {number} von 100. Der Wert ist nur hoch, wenn jede Gruppe "
        "zustimmt; eine große Gruppe kann eine kleine nicht überstimmen."
    ).format(number=carried.value)


def _chart(title: str, note: str, rows: list[Data]) -> Data:
    finest = max(row["detail"] for row in rows)
    names = [name for name, _fill in _parts_at(finest)]
    same = all(row["detail"] == finest for row in rows)
    return {
        "title": title,
        "note": note,
        "rows": rows,
        # Rows of different detail do not share columns; their numbers stand beside the bars.
        "columns": [*names, _("Summe")] if same and names else [],
        "key": _key(finest),
    }


def _row(name: str, row: PublicRow) -> Data:
    parts = list(zip(_parts_at(row.detail), row.cells, strict=True)) if row.detail > 1 else []
    labels = [
        _("{percent} % {name}").format(percent=round(100 * cell / row.size), name=part)
        for (part, _fill), cell in parts
    ]
    said = _("{who}: {shares}").format(who=name, shares=listed(labels))
    return {
        "name": name,
        "size": row.size,
        "detail": row.detail,
        "bar": stacked_bar(said, [(cell, fill) for (_part, fill), cell in parts]),
        "labels": labels,
        "cells": row.cells if parts else (),
    }


def _parts_at(detail: Detail) -> list[tuple[str, str]]:
    if detail == Detail.FULL:
        return [
            (_("Zustimmung"), "f-agree"),
            (_("Ablehnung"), "hatch"),
            (_("Weiß nicht"), "dots"),
        ]
    if detail == Detail.AGREEMENT:
        return [(_("Zustimmung"), "f-agree"), (_("Ablehnung oder weiß nicht"), "dots")]
    return []


def _key(detail: Detail) -> list[Data]:
    return [
        {"name": name, "fill": fill, "is_pattern": fill in PATTERNS}
        for name, fill in _parts_at(detail)
    ]


def _joined(row: PublicRow, names: dict[str, str]) -> str:
    known = {**names, REST: _("Keiner Gruppe zugeordnet")}
    return " + ".join(known.get(name, name) for name in row.names)


def _parts(found: Mapping[str, GoalResult], prefix: str) -> dict[str, Tally]:
    return {scope: _tally(row) for scope, row in sorted(found.items()) if scope.startswith(prefix)}


def _tally(row: GoalResult) -> Tally:
    return Tally(row.agree, row.disagree, row.passed)
