"""Closed rounds, themes, answers and the next edition, made by their services."""

from datetime import timedelta

from consult.contributions.models import Contribution
from consult.evaluation.models import AnalysisRun, GoalResult, Response, Summary, Theme
from consult.evaluation.services.closing import close_round
from consult.evaluation.services.responses import (
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.services.revision import (
    add_cause,
    prepare_revision,
    release_next_edition,
)
from consult.evaluation.services.themes import make_single_voice, move_contributions
from consult.evaluation.states import Cause, Outcome, RunStatus, SummaryStatus
from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from drafts.concept.models import GoalPage
from drafts.editions.models import Edition
from tests.factories.document import make_department
from tests.factories.people import make_staff


def make_closed(round_: ConsultationRound) -> ConsultationRound:
    """The round after its end."""
    return close_round(round_=round_, actor=None, at=round_.closes_at)


def make_theme(contributions: list[Contribution], *, title: str, actor, at) -> Theme:
    """A confirmed theme of these contributions; of one, it is a single voice."""
    # Fresh rows: those at hand remember the round as it was when they were handed in.
    first, *others = Contribution.objects.filter(pk__in=[c.pk for c in contributions]).order_by(
        "pk"
    )
    theme = make_single_voice(contribution=first, title=title, actor=actor, at=at)
    if others:
        move_contributions(contributions=others, theme=theme, actor=actor, at=at)
    theme.refresh_from_db()
    return theme


def make_summary(theme: Theme, quotes: list[Contribution], *, actor, at) -> Summary:
    """A released summary that quotes and cites these contributions."""
    theme.summaries.all().delete()
    return Summary.objects.create(
        theme=theme,
        sentences=[
            {"sentence": f"Es geht um {theme.title}.", "cites": [found.ref for found in quotes]}
        ],
        quotes=[{"ref": found.ref, "text": found.comment_row.comment} for found in quotes],
        status=SummaryStatus.RELEASED,
        requested_at=at,
        released_by=actor,
        released_at=at,
    )


def make_answer(
    theme: Theme, *, outcome: str, actor, at, reason: str = "Das prüfen wir."
) -> Response:
    """A published answer, signed by a person of the department."""
    signed = make_signed(theme, outcome=outcome, actor=actor, at=at, reason=reason)
    return publish_response(response=signed, actor=actor, at=at)


def make_signed(
    theme: Theme, *, actor, at, reason: str, outcome: str = Outcome.ADOPTED
) -> Response:
    """An answer that a person of the department has signed."""
    department = make_department()
    signer = make_staff(Role.DEPARTMENT)
    DepartmentMember.objects.create(user=signer, department=department)
    response = request_response(
        theme=theme,
        lead_department=department,
        due_on=(at + timedelta(days=20)).date(),
        actor=actor,
    )
    response = draft_response(response=response, outcome=outcome, reason=reason, actor=signer)
    return sign_response(response=response, actor=signer, at=at)


def make_revised_edition(
    round_: ConsultationRound,
    *,
    wording: str,
    actor,
    at,
    answers: tuple[Response, ...] = (),
    note: str = "Damit es klarer ist.",
) -> Edition:
    """The next edition with another wording of the first goal, because of answers or editorial."""
    goal = GoalPage.objects.descendant_of(round_.edition.concept).first()
    goal.wording = wording
    goal.save()
    revision = prepare_revision(from_edition=round_.edition, round_=round_, actor=actor, at=at)
    for change in revision.changes.all():
        for answer in answers:
            add_cause(
                change=change, kind=Cause.RESPONSE, response=answer, note=note, actor=actor, at=at
            )
        if not answers:
            add_cause(change=change, kind=Cause.EDITORIAL, note=note, actor=actor, at=at)
    return release_next_edition(
        revision=revision, title="Zweiter Entwurf", origin="Entwurf des Amtes", actor=actor, at=at
    )


def make_goal_results(round_: ConsultationRound, wid: str, scopes: dict[str, tuple], *, at):
    """Votes on a goal by scope, as (agree, disagree, don't know)."""
    run, _created = AnalysisRun.objects.get_or_create(
        round=round_, input_hash="votes", defaults={"queued_at": at, "status": RunStatus.DONE}
    )
    goal = round_.edition.goals.get(wid=wid)
    for scope, (agree, disagree, passed) in scopes.items():
        GoalResult.objects.create(
            run=run, goal=goal, scope=scope, agree=agree, disagree=disagree, passed=passed
        )
