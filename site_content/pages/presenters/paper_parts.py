"""What belongs to a paper beside its items: files, earlier resolutions, costs, promised reports."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.finance import differs, sums_of
from consult.council.history import route_history
from consult.council.models import Paper, ProceduralMotion, ResolutionItem
from consult.council.services.duties import duty_source
from consult.documents.services.editions import REPORT
from consult.rounds.models import ConsultationRound
from drafts.actionplan.selectors import Owed, obligations
from drafts.actionplan.states import DutyState
from drafts.concept.states import BINDING
from drafts.editions.documents import posts_word
from site_content.pages.frame import moment
from site_content.pages.presenters.documents import file_url
from site_content.pages.presenters.figures import day, euros
from site_content.pages.presenters.file_sizes import stored_sizes
from site_content.pages.presenters.meetings import shown_file

Shown = dict[str, Any]


def paper_parts(paper: Paper, items: list[ResolutionItem], heard: list[ConsultationRound]) -> Shown:
    """The parts for the page of a paper; `procedural` motions are by the step where they were moved.

    `items` are its items, `heard` the closed rounds on its text.
    """
    return {
        "annexes": _annexes(paper),
        "made_here": _made_here(paper, heard),
        "priors": [
            {
                "reference": row.reference,
                "title": row.title,
                "day": day(row.decided_on),
                "url": row.url,
            }
            for row in paper.prior_resolutions.all()
        ],
        "finance": _finance(paper),
        "duties": _duties_of(items),
        "procedural": _motions(paper),
        "history": [
            {"at": moment(change.at), "text": change.text} for change in route_history(paper)
        ],
    }


def duties(today) -> list[Shown]:
    """All reports that the council has asked for, what is due first at the top."""
    return [shown_duty(owed) for owed in obligations(today)]


def shown_duty(owed: Owed) -> Shown:
    """A promised report in words; overdue is said openly."""
    duty = owed.obligation
    return {
        "subject": duty.subject,
        "resolved_as": duty.resolved_as,
        "recipient": duty.recipient,
        "kind": duty.get_kind_display(),
        "months": duty.rhythm_months,
        "due": day(owed.due_on),
        "is_overdue": owed.state == DutyState.OVERDUE,
        "state": owed.state.label,
        "ended": duty.end_reason,
        "reports": [
            {"title": report.title, "day": day(report.delivered_on), "url": report.url}
            for report in owed.reports
        ],
    }


def _annexes(paper: Paper) -> list[Shown]:
    return [
        {
            "number": annex.number,
            "title": annex.title,
            "file": None if annex.taken_back_because else shown_file(annex.file, annex.title),
            "taken_back": annex.taken_back_because,
            "later": day(annex.added_at)
            if paper.submitted_at and annex.added_at > paper.submitted_at
            else "",
        }
        for annex in paper.annexes.select_related("file")
    ]


def _made_here(paper: Paper, heard: list[ConsultationRound]) -> Shown:
    """What the platform makes itself: the text as annex 1, the report on taking part as annex 2."""
    number = paper.edition.number
    text = {
        "title": _("Fassung {n} im Wortlaut").format(n=number),
        "url": reverse("edition", args=[number]),
    }
    report = {
        "title": f"{_('Bericht über die Beteiligung')} ({_report_file(paper)})" if heard else "",
        "url": file_url(paper.edition, REPORT, BINDING, "pdf"),
    }
    return {
        "annexes": [text, *([report] if heard else [])],
        "changes": reverse("changes", args=[number]),
    }


def _report_file(paper: Paper) -> str:
    size = stored_sizes(REPORT, str(paper.edition_id), BINDING).get("pdf")
    return f"PDF, {size}" if size else "PDF"


def _finance(paper: Paper) -> Shown | None:
    # Read with the paper (selectors.paper_of).
    statement = getattr(paper, "finance_statement", None)
    if statement is None:
        return None
    sums = sums_of(paper.edition)
    return {
        "rows": [
            (_("Einmalig"), _amount(statement.one_off), euros(sums.one_off)),
            (_("Jährlich"), _amount(statement.yearly), euros(sums.yearly)),
            (_("Stellen"), _posts(statement.posts), _posts(sums.posts)),
        ],
        "funding": statement.get_funding_display(),
        "proviso": statement.proviso,
        "differs": differs(statement, sums),
        "not_estimated": _("{n} von {total}").format(n=sums.not_estimated, total=sums.measures),
    }


def _amount(amount: int | None) -> str:
    return _("nicht geschätzt") if amount is None else euros(amount)


def _posts(posts: Decimal | None) -> str:
    return _("nicht geschätzt") if posts is None else posts_word(posts)


def _duties_of(items: list[ResolutionItem]) -> list[Shown]:
    sources = [duty_source(item) for item in items if item.duty]
    if not sources:
        return []
    today = timezone.localdate()
    return [shown_duty(owed) for owed in obligations(today, source__in=sources)]


def _motions(paper: Paper) -> dict[int, list[Shown]]:
    """Motions about dealing with the paper that stand, by step."""
    found: dict[int, list[Shown]] = {}
    rows = ProceduralMotion.objects.filter(step__paper=paper, corrected_by_motion=None)
    for row in rows.select_related("corrects"):
        found.setdefault(row.step_id, []).append(
            {
                "kind": row.get_kind_display(),
                "moved_by": row.moved_by,
                "text": row.text,
                "result": row.get_result_display(),
                "votes": row.votes,
                "correction": row.correction_reason,
                "former": row.corrects.get_result_display() if row.corrects else "",
            }
        )
    return found
