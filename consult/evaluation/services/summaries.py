"""Summaries of themes: written by a worker from the members of a theme, released by a person.

Whenever the members or the name of a theme change, what was said of it is overtaken: the former
summary is replaced and a new one is due. So a number in a public sentence is never out of date.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.evaluation.models import Summary, Theme
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import overtaken_summaries
from consult.evaluation.services.analysis import JOB
from consult.evaluation.services.rewording import configured_endpoint, reword
from consult.evaluation.services.vectors import vectors_for
from consult.evaluation.services.words import published, words_of
from consult.evaluation.states import SUMMARY_TRANSITIONS, SummaryStatus, ThemeKind
from consult.participants.services import wake_worker
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import TALLIES_READABLE
from workers.analysis.themes import describe_theme


class SummaryStepRefused(Exception):
    """The summary cannot go from its status to the wanted one."""


def request_summary(*, theme: Theme, at: datetime) -> None:
    """Let a worker write what is to be said of a theme; the caller holds the transaction.

    A single voice speaks for itself and needs no summary.
    """
    request_summaries(themes=[theme], at=at)


def request_summaries(*, themes: Iterable[Theme], at: datetime) -> None:
    """Replace what was said of the themes and let a worker write anew, as request_summary does.

    The number of queries does not grow with the themes.
    """
    changed = list(themes)
    # Every status may become `replaced` but that one itself.
    Summary.objects.filter(theme__in=changed).exclude(status=SummaryStatus.REPLACED).update(
        status=SummaryStatus.REPLACED
    )
    due = [theme for theme in changed if theme.kind == ThemeKind.THEME]
    Summary.objects.bulk_create(Summary(theme=theme, requested_at=at) for theme in due)
    if due:
        wake_worker(JOB)


@transaction.atomic
def renew_overtaken_summaries(*, at: datetime) -> int:
    """Ask for a new summary wherever a cited text was hidden or erased; return how many."""
    overtaken = [
        summary
        for round_ in ConsultationRound.objects.filter(status__in=TALLIES_READABLE)
        for summary in overtaken_summaries(round_)
    ]
    for summary in overtaken:
        request_summary(theme=summary.theme, at=at)
    return len(overtaken)


@transaction.atomic
def write_next_summary() -> bool:
    """Write one summary that is due; return whether there was one.

    The row is locked meanwhile: a worker that dies leaves it to the next one.
    """
    summary = (
        Summary.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=SummaryStatus.DUE)
        .select_related("theme__round__edition")
        .order_by("requested_at", "pk")
        .first()
    )
    if summary is None:
        return False
    words = words_of(_members(summary.theme), summary.theme.round)
    if not words:
        _set_status(summary, SummaryStatus.REPLACED)
        return True
    said = describe_theme(summary.theme.title, words, vectors_for(words)).as_json()
    summary.sentences = said["summary"]
    summary.quotes = [{"ref": quote["id"], "text": quote["text"]} for quote in said["quotes"]]
    summary.method = {"sentences": "templates, numbers counted", "quotes": "verbatim"}
    endpoint = configured_endpoint()
    if endpoint is not None:
        texts = {row.id: row.text for row in words}
        summary.sentences, summary.method["rewording"] = reword(summary.sentences, texts, endpoint)
    _set_status(summary, SummaryStatus.MACHINE_DRAFT)
    return True


@transaction.atomic
def release_summary(*, summary: Summary, actor, at: datetime) -> Summary:
    """Make a summary public under the person's name. Raises SummaryStepRefused, NotPermitted."""
    _require(actor, summary)
    summary = Summary.objects.select_for_update().get(pk=summary.pk)
    summary.released_by, summary.released_at = actor, at
    return _set_status(summary, SummaryStatus.RELEASED, actor)


@transaction.atomic
def reject_summary(*, summary: Summary, actor) -> Summary:
    """Keep a machine's draft from being published."""
    _require(actor, summary)
    summary = Summary.objects.select_for_update().get(pk=summary.pk)
    return _set_status(summary, SummaryStatus.REJECTED, actor)


def _members(theme: Theme):
    return published(theme.round).filter(
        contribution__assignments__theme=theme, contribution__assignments__is_current=True
    )


def _set_status(summary: Summary, status: SummaryStatus, actor=None) -> Summary:
    step = (SummaryStatus(summary.status), status)
    if step not in SUMMARY_TRANSITIONS:
        raise SummaryStepRefused(f"{step[0]} -> {step[1]}")
    if actor is not None:
        log(summary.theme, "summary.status", user=actor, data={"from": step[0], "to": status})
    summary.status = status
    summary.save()
    return summary


def _require(actor, summary: Summary) -> None:
    if not may_evaluate(actor, summary.theme.round):
        raise NotPermitted
