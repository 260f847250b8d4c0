"""Authors who miss their point in a theme: they say so, and a person settles it.

Settling is a deed of the workshop (move, stand alone, another name or concern) or a reason why the
contribution stays, given by somebody else than the person who put it there.
"""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.contributions.services.notices import author_address
from consult.evaluation.models import Assignment, Theme, ThemeObjection
from consult.evaluation.predicates import may_evaluate, may_explain, may_object
from consult.evaluation.services.themes import (
    make_single_voice,
    move_contributions,
    rename_theme,
)
from consult.evaluation.services.understood import token_of
from consult.evaluation.states import (
    OBJECTION_TRANSITIONS,
    ObjectionOutcome,
    ObjectionStatus,
)
from consult.participants.services import queue_notice
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted

LONGEST_OBJECTION = 2_000


class ObjectionRefused(Exception):
    """The objection cannot be filed, withdrawn or settled so; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def file_objection(*, contribution: Contribution, text: str, at: datetime) -> ThemeObjection:
    """Let the author say what is missing in the theme of the contribution.

    Raises ObjectionRefused for an empty or too long text, before the contribution has a theme,
    after the round was answered, and for a second one on the same assignment.
    """
    said = text.strip()
    if not said or "\x00" in said:
        raise ObjectionRefused("empty")
    if len(said) > LONGEST_OBJECTION:
        raise ObjectionRefused("too_long")
    # Answering the round and moving the contribution wait meanwhile.
    ConsultationRound.objects.select_for_update().get(pk=contribution.round_id)
    found = Contribution.objects.select_related("round").get(pk=contribution.pk)
    assignment = Assignment.objects.filter(contribution=found, is_current=True).first()
    if assignment is None or not may_object(found, assignment):
        raise ObjectionRefused("not_possible")
    return ThemeObjection.objects.create(assignment=assignment, text=said, filed_at=at)


@transaction.atomic
def withdraw_objection(*, objection: ThemeObjection) -> ThemeObjection:
    """Let the author take an open objection back; another one can be written then.

    Raises ObjectionRefused where it is settled already.
    """
    return _set_status(_lock(objection), ObjectionStatus.WITHDRAWN, None)


@transaction.atomic
def settle_by_moving(
    *, objection: ThemeObjection, into: Theme, reason: str, actor, at: datetime
) -> ThemeObjection:
    """Put the contribution into the theme that its author misses. Raises NotPermitted."""
    objection = _begin(objection, actor)
    if into.pk == _theme_now(objection).pk:
        raise ObjectionRefused("same_theme")
    contribution = objection.assignment.contribution
    move_contributions(contributions=[contribution], theme=into, actor=actor, at=at)
    return _settle(objection, ObjectionOutcome.MOVED, reason, actor, at)


@transaction.atomic
def settle_as_own_voice(
    *, objection: ThemeObjection, title: str, reason: str, actor, at: datetime
) -> ThemeObjection:
    """Let the contribution stand alone: it gets its own answer. Raises NotPermitted."""
    objection = _begin(objection, actor)
    contribution = objection.assignment.contribution
    make_single_voice(contribution=contribution, title=title, actor=actor, at=at)
    return _settle(objection, ObjectionOutcome.OWN_VOICE, reason, actor, at)


@transaction.atomic
def settle_by_rewording(
    *, objection: ThemeObjection, title: str, concern: str, reason: str, actor, at: datetime
) -> ThemeObjection:
    """Let name and concern of the theme say what was missing. Raises NotPermitted.

    Raises ObjectionRefused("unchanged") where both stay as they were.
    """
    objection = _begin(objection, actor)
    theme = _theme_now(objection)
    if (title.strip(), concern.strip()) == (theme.title, theme.concern):
        raise ObjectionRefused("unchanged")
    rename_theme(theme=theme, title=title, concern=concern, actor=actor, at=at)
    return _settle(objection, ObjectionOutcome.REWORDED, reason, actor, at)


@transaction.atomic
def settle_by_explaining(
    *, objection: ThemeObjection, reason: str, actor, at: datetime
) -> ThemeObjection:
    """Leave the contribution where it is and tell its author why.

    Raises NotPermitted for the person who put it there, ObjectionRefused without a reason.
    """
    objection = _begin(objection, actor)
    if not may_explain(actor, objection):
        raise NotPermitted
    if not reason.strip():
        raise ObjectionRefused("no_reason")
    return _settle(objection, ObjectionOutcome.EXPLAINED, reason, actor, at)


def _begin(objection: ThemeObjection, actor) -> ThemeObjection:
    round_ = objection.assignment.theme.round
    if not may_evaluate(actor, ConsultationRound.objects.select_for_update().get(pk=round_.pk)):
        raise NotPermitted
    objection = _lock(objection)
    if objection.status != ObjectionStatus.OPEN:
        raise ObjectionRefused("settled_already")
    return objection


def _lock(objection: ThemeObjection) -> ThemeObjection:
    return (
        ThemeObjection.objects.select_for_update(of=("self",))
        .select_related("assignment__theme__round", "assignment__contribution__round")
        .get(pk=objection.pk)
    )


def _theme_now(objection: ThemeObjection) -> Theme:
    """Where the contribution is now: somebody may have moved it since."""
    now = Assignment.objects.filter(
        contribution=objection.assignment.contribution_id, is_current=True
    ).select_related("theme__round")
    found = now.first()
    return found.theme if found else objection.assignment.theme


def _settle(
    objection: ThemeObjection, outcome: ObjectionOutcome, reason: str, actor, at: datetime
) -> ThemeObjection:
    objection.outcome, objection.reason = outcome, reason.strip()
    objection.settled_by, objection.settled_at = actor, at
    _set_status(objection, ObjectionStatus.SETTLED, actor)
    _tell_author(objection, at)
    return objection


def _tell_author(objection: ThemeObjection, at: datetime) -> None:
    contribution = objection.assignment.contribution
    recipient = author_address(contribution)
    if not recipient:
        return
    queue_notice(
        key=f"objection:{objection.pk}",
        template="objection_settled",
        context={
            "ref": contribution.ref,
            "token": token_of(contribution),
            "theme": _theme_now(objection).title,
            "outcome": objection.outcome,
            "reason": objection.reason,
        },
        at=at,
        **recipient,
    )


def _set_status(objection: ThemeObjection, status: ObjectionStatus, actor) -> ThemeObjection:
    step = (ObjectionStatus(objection.status), status)
    if step not in OBJECTION_TRANSITIONS:
        raise ObjectionRefused("settled_already")
    # Nobody stands in the log of a withdrawal: it would say who wrote the contribution.
    log(objection, "objection.status", user=actor, data={"from": step[0], "to": status})
    objection.status = status
    objection.save()
    return objection
