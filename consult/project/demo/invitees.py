"""Whom the demo city asked by name in each round, and what came back."""

import json
from datetime import datetime, timedelta

from django.utils import timezone

from consult.intake.selectors import statement_numbers
from consult.intake.services.invitees import invite, record_answer
from consult.intake.states import InviteChannel, InviteeAnswer, InviteeKind
from consult.project.demo.people import CONTENT
from consult.project.demo.story import Told
from consult.rounds.models import ConsultationRound


def ask_by_name(round_: ConsultationRound, told: Told, which: str) -> None:
    """Bodies, offices and organisations get a letter when the round opens; most answer.

    Whoever has handed in a statement has answered with remarks.
    """
    actor, opened = told.people["koordination"], timezone.localdate(round_.opens_at)
    for row in json.loads((CONTENT / "angeschrieben.json").read_text())[which]:
        asked, _known = invite(
            round_=round_,
            names=[row["name"]],
            kind=InviteeKind(row["kind"]),
            channel=InviteChannel(row["channel"]),
            invited_on=opened,
            actor=actor,
        )
        for invitee in asked:
            _answer(invitee, row, actor, round_.opens_at)


def _answer(invitee, row: dict, actor, opened: datetime) -> None:
    numbers = statement_numbers(invitee)
    answer = InviteeAnswer.WITH_REMARKS if numbers else InviteeAnswer(row["answer"])
    if answer == InviteeAnswer.NONE:
        return
    at = opened + timedelta(days=row["after_days"])
    record_answer(
        invitee=invitee,
        answer=answer,
        answered_on=timezone.localdate(at),
        numbers=numbers,
        actor=actor,
        at=at,
    )
