"""Rounds and contributions, made by their services."""

import itertools
from datetime import timedelta

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import Words, find_place, submit_comment
from consult.contributions.services.suggestions import Proposal
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import announce_round, open_round, plan_round
from drafts.concept.snapshots import content_hash
from drafts.editions.selectors import wording_at
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


def make_suggestion(
    round_: ConsultationRound,
    *,
    at,
    new_text: str = "Ein anderer Wortlaut.",
    op: str = "replace",
    reason: str = "Das versteht man besser.",
    target_wid: str = "",
    participant=None,
    credit_agreed: bool = False,
) -> Contribution:
    """A published suggestion for the first block of the first section, or for the given place."""
    section = round_.edition.sections.order_by("position").first()
    blocks = section.texts.get(language="de").content["blocks"]
    target = target_wid or blocks[0]["wid"]
    base_hash = content_hash(wording_at(round_.edition, section.wid, target).text)
    person = participant or make_resident()
    receipt = submit_comment(
        place=find_place(round_.edition, section.wid, target),
        words=Words(
            text=reason,
            stance="idea",
            display_name=person.pseudonym,
            proposal=Proposal(op, new_text, base_hash, credit_agreed),
        ),
        participant=person,
        at=at,
    )
    return receipt.contribution
