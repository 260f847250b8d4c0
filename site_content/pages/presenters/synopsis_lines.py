"""The lines of a synopsis: one theme or single voice each, with all that is known of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from consult.council.resolutions import Resolution, resolutions_after
from consult.evaluation.models import Change, Response
from consult.evaluation.selectors.synopsis import (
    Voice,
    changes_by_theme,
    changes_without_cause,
    drafted_answers,
    has_answers,
    voices_by_theme,
)
from consult.evaluation.states import CHANGES_TEXT, RevisionStatus, ThemeKind
from drafts.concept.models import Department
from site_content.pages.presenters.theme_report import Report, report_of

Shown = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One row before it is put into words.

    `entry` is as in selectors.public_themes. `answer` is the published one; `draft` one that is
    written and not published, for the coordination office alone. `due` is when an answer that is
    missing was promised.
    """

    entry: Shown
    number: str
    answer: Response | None
    draft: Response | None
    lead: Department | None
    due: date
    is_late: bool
    voices: list[Voice]
    changes: list[Change]
    resolutions: list[Resolution]

    @property
    def theme(self) -> Any:
        """The theme or single voice."""
        return self.entry["theme"]

    @property
    def is_single_voice(self) -> bool:
        """Whether it is one contribution with an answer of its own."""
        return self.theme.kind == ThemeKind.SINGLE_VOICE

    @property
    def decided(self) -> Response | None:
        """The answer that the row shows: the published one, else what was drafted."""
        return self.answer or self.draft

    @property
    def outcome(self) -> str:
        """The code of the outcome; empty while there is none to show."""
        return self.decided.outcome if self.decided else ""

    @property
    def lacks_change(self) -> bool:
        """Whether another wording was promised in public and none is in a released edition."""
        return bool(self.answer) and self.outcome in CHANGES_TEXT and not self.changes


@dataclass(frozen=True)
class Table:
    """All lines of a round in the order of its edition, and the changes nobody gave a cause."""

    report: Report
    lines: list[Line]
    without_cause: list[Change]
    is_inside: bool = False
    leads: dict[int, str] = field(default_factory=dict)

    @property
    def without_change(self) -> list[Line]:
        """Accepted themes that have not changed the text yet."""
        return [line for line in self.lines if line.lacks_change]


def table_of(round_: Any, today: date, *, is_inside: bool = False) -> Table:
    """Read a round's synopsis, in a number of queries that does not grow with its themes.

    `is_inside` adds what is not public: drafted answers and the revision that is being prepared.
    """
    statuses = list(RevisionStatus) if is_inside else [RevisionStatus.RELEASED]
    report = report_of(round_)
    drafts = drafted_answers(round_) if is_inside else {}
    voices, changes = voices_by_theme(round_), changes_by_theme(round_, statuses)
    resolutions = resolutions_after(round_)
    lines = []
    for entry in _in_order(report):
        theme = entry["theme"]
        answer, owed = entry["response"], report.owed.get(theme.pk)
        due = owed.due_on if owed else round_.answer_due
        lines.append(
            Line(
                entry=entry,
                number=line_number(round_.ref, theme.number),
                answer=answer,
                draft=drafts.get(theme.pk),
                lead=_lead(answer or owed),
                due=due,
                is_late=answer is None and due < today,
                voices=voices.get(theme.pk, []),
                changes=changes.get(theme.pk, []),
                resolutions=resolutions,
            )
        )
    return Table(
        report=report,
        lines=lines,
        without_cause=list(changes_without_cause(round_, statuses)),
        is_inside=is_inside,
        leads={line.lead.pk: line.lead.name for line in lines if line.lead},
    )


def synopsis_url(round_: Any) -> str:
    """Where the synopsis of a round can be read; empty while nothing of it is public."""
    return reverse("synopsis", args=[round_.ref]) if round_ and has_answers(round_) else ""


def line_url(theme: Any) -> str:
    """Where the line of a theme stands, among those of its section; empty while nobody reads it."""
    page = synopsis_url(theme.round)
    return f"{page}?abschnitt={theme.section_wid}#t{theme.number}" if page else ""


def line_number(ref: str, number: int) -> str:
    """The number of a line: that of the theme, which is never used again."""
    return f"{ref}-T{number}"


def _in_order(report: Report) -> list[Shown]:
    last = len(report.order)
    return sorted(
        report.entries,
        key=lambda entry: (
            report.order.get(entry["theme"].section_wid, last),
            entry["theme"].number,
        ),
    )


def _lead(response: Response | None) -> Department | None:
    return response.lead_department if response else None
