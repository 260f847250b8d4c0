"""Whom the city asks by name: written down, corrected, taken off, and what each answered."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.contributions.states import Kind
from consult.intake.models import Invitee
from consult.intake.predicates import may_keep_invitees
from consult.intake.states import INVITEE_TRANSITIONS, InviteChannel, InviteeAnswer, InviteeKind
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted

LONGEST_NAME = 160
# What a body says comes in like this; other contributions are of residents.
OF_BODIES = (Kind.STATEMENT, Kind.OFFLINE_NOTE)


class InviteeRefused(Exception):
    """The entry is not possible; `code` says why, `about` names what is meant."""

    def __init__(self, code: str, about: str = ""):
        super().__init__(code, about)
        self.code = code
        self.about = about


@transaction.atomic
def invite(
    *,
    round_: ConsultationRound,
    names: Iterable[str],
    kind: InviteeKind,
    channel: InviteChannel,
    invited_on: date,
    actor,
) -> tuple[list[Invitee], int]:
    """Write down who was asked in the same way on one day; return the new rows and how many stood.

    Who is on the list of the round already stays as it is. Raises NotPermitted, and InviteeRefused
    without a name, for a name that is too long or unreadable, and for a day after the round's end.
    """
    round_ = _lock(round_, actor)
    _require_day(round_, invited_on)
    wanted: dict[str, str] = {}
    for name in filter(None, map(_tidy, names)):
        wanted.setdefault(name.casefold(), name)
    if not wanted:
        raise InviteeRefused("no_name")
    known = {name.casefold() for name in round_.invitees.values_list("name", flat=True)}
    made = []
    for key, name in wanted.items():
        if key not in known:
            row = Invitee(
                round=round_, name=name, kind=kind, channel=channel, invited_on=invited_on
            )
            row.full_clean(exclude=["round", "contributions"])
            row.save()
            log(row, "intake.invite", user=actor, data={"round": round_.ref})
            made.append(row)
    return made, len(wanted) - len(made)


@transaction.atomic
def change_invitee(
    *,
    invitee: Invitee,
    name: str,
    kind: InviteeKind,
    channel: InviteChannel,
    invited_on: date,
    actor,
) -> Invitee:
    """Correct who was asked, when and how.

    Raises as `invite` does, for a name that stands on the list, and for a day after the answer.
    """
    round_ = _lock(invitee.round, actor)
    invitee = round_.invitees.get(pk=invitee.pk)
    _require_day(round_, invited_on)
    name = _tidy(name)
    if not name:
        raise InviteeRefused("no_name")
    if round_.invitees.filter(name__iexact=name).exclude(pk=invitee.pk).exists():
        raise InviteeRefused("named_already", name)
    if invitee.answered_on is not None and invited_on > invitee.answered_on:
        raise InviteeRefused("answered_before")
    invitee.name, invitee.kind = name, kind
    invitee.channel, invitee.invited_on = channel, invited_on
    invitee.full_clean(exclude=["round", "contributions"])
    invitee.save()
    log(invitee, "intake.change_invitee", user=actor, data={"round": round_.ref})
    return invitee


@transaction.atomic
def drop_invitee(*, invitee: Invitee, actor) -> None:
    """Take off who was entered by mistake. Raises InviteeRefused where an answer stands."""
    round_ = _lock(invitee.round, actor)
    invitee = round_.invitees.get(pk=invitee.pk)
    if invitee.answer != InviteeAnswer.NONE:
        raise InviteeRefused("has_answered")
    log(invitee, "intake.drop_invitee", user=actor, data={"round": round_.ref})
    invitee.delete()


@transaction.atomic
def record_answer(
    *,
    invitee: Invitee,
    answer: InviteeAnswer,
    actor,
    at: datetime,
    answered_on: date | None = None,
    numbers: Iterable[str] = (),
) -> Invitee:
    """Write down what came back, or that nothing did after all.

    `numbers` are those of contributions or of a statement that hold the remarks. Raises
    InviteeRefused for a day before the invitation or to come, for numbers without remarks, and for
    one that is no statement or note of this round.
    """
    round_ = _lock(invitee.round, actor)
    invitee = round_.invitees.get(pk=invitee.pk)
    if (InviteeAnswer(invitee.answer), answer) not in INVITEE_TRANSITIONS:
        raise InviteeRefused("step_not_allowed")
    numbers = list(dict.fromkeys(numbers))
    if answer == InviteeAnswer.NONE:
        answered_on = None
    else:
        _require_answer_day(invitee, answered_on, timezone.localdate(at))
    if numbers and answer != InviteeAnswer.WITH_REMARKS:
        raise InviteeRefused("numbers_without_remarks")
    found = [row for number in numbers for row in _behind(round_, number)]
    invitee.answer, invitee.answered_on = answer, answered_on
    invitee.save(update_fields=["answer", "answered_on"])
    invitee.contributions.set(found)
    data = {"round": round_.ref, "answer": answer}
    log(invitee, "intake.invitee_answer", user=actor, data=data)
    return invitee


def _lock(round_: ConsultationRound, actor) -> ConsultationRound:
    round_ = ConsultationRound.objects.select_for_update().get(pk=round_.pk)
    if not may_keep_invitees(actor, round_):
        raise NotPermitted
    return round_


def _tidy(name: str) -> str:
    name = " ".join(name.split())
    if "\x00" in name:
        raise InviteeRefused("unreadable")
    if len(name) > LONGEST_NAME:
        raise InviteeRefused("name_too_long", name[:40])
    return name


def _require_day(round_: ConsultationRound, invited_on: date) -> None:
    if invited_on > timezone.localdate(round_.closes_at):
        raise InviteeRefused("after_the_round")


def _require_answer_day(invitee: Invitee, answered_on: date | None, today: date) -> None:
    if answered_on is None:
        raise InviteeRefused("no_day")
    if answered_on > today:
        raise InviteeRefused("day_to_come")
    if answered_on < invitee.invited_on:
        raise InviteeRefused("answered_before")


def _behind(round_: ConsultationRound, number: str) -> list[Contribution]:
    """The contributions with this number, or the parts of the statement with it."""
    of_bodies = Contribution.objects.filter(round=round_, kind__in=OF_BODIES)
    found = list(
        of_bodies.filter(Q(ref=number) | Q(statement_part__statement__ref=number)).order_by("pk")
    )
    if not found:
        raise InviteeRefused("no_such_number", number)
    return found
