"""When somebody is told, by the city's clock."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from consult.following.states import BY_THE_HOUR, Happening, Rhythm

MORNING = time(7)
MONDAY = 0


def due_at(
    rhythm: Rhythm, happening: Happening, at: datetime, until: datetime | None = None
) -> datetime:
    """The next moment of a rhythm after `at`; at once where it would come too late.

    A day begins at 7 in the morning of the city's time, which every day has once, also those on
    which the clocks change.
    """
    match rhythm:
        case Rhythm.DAILY:
            due = next_morning(at)
        case Rhythm.WEEKLY:
            due = next_morning(at, monday=True)
        case _ if happening in BY_THE_HOUR:
            due = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        case _:
            due = at
    return at if until is not None and due >= until else due


def next_morning(at: datetime, *, monday: bool = False) -> datetime:
    """The first 7 o'clock after `at`, or the first one of a Monday."""
    day = timezone.localdate(at)
    while True:
        morning = timezone.make_aware(datetime.combine(day, MORNING))
        if morning > at and (not monday or day.weekday() == MONDAY):
            return morning
        day += timedelta(days=1)
