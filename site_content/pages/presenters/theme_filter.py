"""The filter above a list of themes: words, section, answer, order."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from consult.contributions.states import Channel, Kind
from consult.evaluation.states import Outcome
from site_content.pages.presenters.theme_report import Report

WAITING = "offen"
# How a contribution came in; statements of organisations are a way of their own.
WAYS = (*Channel.values, Kind.STATEMENT)
ORDERS = ("abschnitt", "personen", "wenige")


@dataclass(frozen=True)
class ThemeFilter:
    """What a reader asked for; anything unknown counts as not asked for."""

    words: str
    section: str
    outcome: str
    way: str
    order: str

    @classmethod
    def from_query(cls, query: QueryDict, report: Report) -> "ThemeFilter":
        """Read the filter from an address."""
        section, outcome = query.get("abschnitt", ""), query.get("antwort", "")
        order, way = query.get("reihenfolge", ""), query.get("weg", "")
        return cls(
            words=query.get("q", "").replace("\x00", "").strip()[:100],
            section=section if section in report.sections else "",
            outcome=outcome if outcome in {*Outcome.values, WAITING} else "",
            way=way if way in WAYS else "",
            order=order if order in ORDERS else ORDERS[0],
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.words or self.section or self.outcome or self.way)

    def select(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries that fit, in the order they came."""
        return [entry for entry in entries if self._fits(entry)]

    def arrange(self, entries: list[dict[str, Any]], report: Report) -> list[dict[str, Any]]:
        """The entries in the wanted order; the theme's number decides between equals."""
        keys = {
            "abschnitt": lambda e: report.order.get(e["theme"].section_wid, len(report.order)),
            "personen": lambda e: -e["people"],
            "wenige": lambda e: e["people"],
        }
        key = keys[self.order]
        return sorted(entries, key=lambda entry: (key(entry), entry["theme"].number))

    def fields(self, report: Report) -> dict[str, Any]:
        """What the form shows: the words and the choices of its three lists."""
        return {
            "words": self.words,
            "sections": _choices(list(report.sections.items()), self.section),
            "outcomes": _choices(
                [*Outcome.choices, (WAITING, _("Noch ohne Antwort"))], self.outcome
            ),
            "ways": _choices([*Channel.choices, (Kind.STATEMENT, Kind.STATEMENT.label)], self.way),
            "orders": _choices(
                [
                    ("abschnitt", _("Nach Abschnitt")),
                    ("personen", _("Nach Zahl der Personen")),
                    ("wenige", _("Wenige Stimmen zuerst")),
                ],
                self.order,
            ),
        }

    def _fits(self, entry: dict[str, Any]) -> bool:
        theme, response = entry["theme"], entry["response"]
        outcome = response.outcome if response else WAITING
        return (
            self.section in {"", theme.section_wid}
            and self.outcome in {"", outcome}
            and (not self.way or entry["ways"][self.way] > 0)
            and self.words.lower() in f"{theme.title} {theme.concern}".lower()
        )


def _choices(pairs, chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in pairs]
