"""Rounds and contributions, made by their services."""

import itertools
from datetime import timedelta

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import Words, find_place, submit_comment
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import announce_round, open_round, plan_round
from tests.factories.document import make_concept, make_edition
from tests.factories.people import make_resident, make_staff

_number = itertools.count(1)


def make_round(*, at, edition=None, actor=None, days: int = 14) -> ConsultationRound:
    """A planned round whose window began an hour before `at`."""
    edition = edition or make_edition(make_concept(), at=at - timedelta(days=1))
    return plan_round(
        actor=actor or make_staff(Role.COORDINATION),
        ref=f"2027-R{next(_number)}",
        title="Erste Runde",
        edition=edition,
        scope="Alles ist offen.",
        rules="Die letzte Stimme zählt.",
        afterwards="Das Amt antwortet.",
        opens_at=at - timedelta(hours=1),
        closes_at=at + timedelta(days=days),
        answer_due=(at + timedelta(days=days + 40)).date(),
    )


def make_open_round(*, at, edition=None, actor=None, days: int = 14) -> ConsultationRound:
    """A round in which people can take part at `at`."""
    actor = actor or make_staff(Role.COORDINATION)
    round_ = make_round(at=at, edition=edition, actor=actor, days=days)
    announce_round(round_=round_, actor=actor)
    return open_round(round_=round_, actor=actor, at=at)


def make_contribution(
    round_: ConsultationRound,
    *,
    at,
    text: str = "Es braucht Kurse am Samstag.",
    stance: str = "idea",
    participant=None,
    section_wid: str = "",
    target_wid: str = "",
    reply_to: Contribution | None = None,
) -> Contribution:
    """A published comment on the first section, or on the given place."""
    section = section_wid or round_.edition.sections.order_by("position").first().wid
    receipt = submit_comment(
        place=find_place(round_.edition, section, target_wid),
        words=Words(text=text, stance=stance, reply_to=reply_to.ref if reply_to else ""),
        participant=participant or make_resident(),
        at=at,
    )
    return receipt.contribution
