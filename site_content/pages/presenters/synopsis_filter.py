"""The filter above a synopsis: outcome, section, lead, overdue. It stands in the address."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from consult.evaluation.states import Outcome
from site_content.pages.presenters.synopsis_lines import Line, Table

WAITING = "offen"
LATE = "1"


@dataclass(frozen=True)
class SynopsisFilter:
    """What a reader asked for; anything unknown counts as not asked for."""

    outcome: str = ""
    section: str = ""
    lead: str = ""
    late: bool = False

    @classmethod
    def from_query(cls, query: QueryDict, table: Table) -> "SynopsisFilter":
        """Read the filter from an address."""
        outcome, section = query.get("ergebnis", ""), query.get("abschnitt", "")
        lead = query.get("federfuehrung", "")
        return cls(
            outcome=outcome if outcome in {*Outcome.values, WAITING} else "",
            section=section if section in table.report.sections else "",
            lead=lead if lead in {str(pk) for pk in table.leads} else "",
            late=query.get("ueberfaellig") == LATE,
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.query)

    @property
    def query(self) -> str:
        """The filter as it stands in an address, without what was not asked for."""
        asked = {
            "ergebnis": self.outcome,
            "abschnitt": self.section,
            "federfuehrung": self.lead,
            "ueberfaellig": LATE if self.late else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def select(self, table: Table) -> list[Line]:
        """The lines that fit, in their order."""
        return [line for line in table.lines if self._fits(line)]

    def fields(self, table: Table) -> dict[str, Any]:
        """What the form shows."""
        leads = sorted(
            ((str(pk), name) for pk, name in table.leads.items()), key=lambda row: row[1]
        )
        return {
            "outcomes": _choices(outcome_choices(), self.outcome),
            "sections": _choices(list(table.report.sections.items()), self.section),
            "leads": _choices(leads, self.lead),
            "late": self.late,
        }

    def in_words(self, table: Table) -> list[str]:
        """What was asked for, for the head of an export."""
        outcomes = dict(outcome_choices())
        found = []
        if self.outcome:
            found.append(_("Ergebnis: {word}").format(word=outcomes[self.outcome]))
        if self.section:
            found.append(_("Abschnitt: {word}").format(word=table.report.section(self.section)))
        if self.lead:
            found.append(_("Federführung: {word}").format(word=table.leads[int(self.lead)]))
        if self.late:
            found.append(_("nur überfällige Antworten"))
        return found

    def _fits(self, line: Line) -> bool:
        return (
            self.outcome in {"", line.outcome or WAITING}
            and self.section in {"", line.theme.section_wid}
            and self.lead in {"", str(line.lead.pk) if line.lead else ""}
            and (line.is_late or not self.late)
        )


def outcome_choices() -> list[tuple[str, str]]:
    """The outcomes, and that there is none yet."""
    return [*((str(code), str(word)) for code, word in Outcome.choices), (WAITING, _("Noch offen"))]


def sums_of(lines: list[Line]) -> list[dict[str, Any]]:
    """Lines and contributions for each outcome that occurs; they add up to all of `lines`."""
    rows, contributions = Counter[str](), Counter[str]()
    for line in lines:
        rows[line.outcome or WAITING] += 1
        contributions[line.outcome or WAITING] += line.entry["size"]
    return [
        {"code": code, "word": word, "lines": rows[code], "contributions": contributions[code]}
        for code, word in outcome_choices()
        if rows[code]
    ]


def _choices(pairs: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in pairs]
