"""Which round there is now, and how its texts are moderated."""

from datetime import datetime

from django.db.models import Q

from consult.rounds.models import ConsultationRound, PreModeration, RoundSuspension
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition


def public_rounds():
    """Announced, running and past rounds, newest first."""
    return ConsultationRound.objects.public().select_related("edition").order_by("-opens_at")


def rounds_with_changes():
    """The same with the extensions of each, oldest first."""
    return public_rounds().prefetch_related("extensions").order_by("opens_at")


def open_round_of(edition: Edition, at: datetime) -> ConsultationRound | None:
    """The round in which people can take part on this edition now."""
    found = ConsultationRound.objects.filter(edition=edition, status=RoundStatus.OPEN).first()
    return found if found and found.is_open(at) else None


def latest_public_round(at: datetime) -> ConsultationRound | None:
    """The round that the site speaks of: the open one, else the newest announced or past one."""
    rounds = list(public_rounds()[:5])
    running = [found for found in rounds if found.is_open(at)]
    return (running or rounds or [None])[0]


def rounds_to_open(at: datetime):
    """Announced rounds whose window has begun."""
    return ConsultationRound.objects.filter(
        status=RoundStatus.ANNOUNCED, opens_at__lte=at, closes_at__gt=at
    )


def rounds_to_close(at: datetime):
    """Running rounds whose window has ended."""
    return ConsultationRound.objects.filter(
        status__in=[RoundStatus.OPEN, RoundStatus.SUSPENDED], closes_at__lte=at
    )


def suspension_of(round_: ConsultationRound) -> RoundSuspension | None:
    """The suspension that holds now, if any."""
    return round_.suspensions.filter(until=None).first()


def pre_moderation_for(
    round_: ConsultationRound, section_wid: str, at: datetime
) -> PreModeration | None:
    """The rule by which a new text in this section is read before it appears, if any."""
    return (
        PreModeration.objects.filter(round=round_, starts_at__lte=at, ends_at__gt=at)
        .filter(Q(section_wid="") | Q(section_wid=section_wid))
        .order_by("pk")
        .first()
    )
