"""Who follows what in the demo city. The worker tells them within a minute of the start."""

from datetime import datetime, timedelta
from typing import Any

from consult.evaluation.models import Theme
from consult.evaluation.selectors import confirmed_themes
from consult.following.models import Occurrence
from consult.following.services.following import ask_to_follow, confirm_following, follow
from consult.following.states import Happening, OccurrenceStatus, Rhythm, Topic
from drafts.editions.models import Edition

GUEST = "gast@lindenau.example"


def follow_things(
    edition: Edition, people: dict[str, Any], themes: dict[str, Theme], when: dict[str, datetime]
) -> None:
    """Let both residents and a guest follow something; what is older than the answers is not told."""
    at = when["published"] - timedelta(hours=1)
    Occurrence.objects.create(
        key="beginning",
        happening=Happening.BEGINNING,
        happened_at=at,
        noted_at=at,
        status=OccurrenceStatus.TOLD,
    )
    section = edition.sections.get(number="9")
    goal = edition.goals.get(number="9.1")
    first = confirmed_themes(next(iter(themes.values())).round).first()
    wanted = {
        "anna": [
            (Topic.SECTION, section.wid, Rhythm.AT_ONCE),
            (Topic.CONCEPT, str(edition.concept_id), Rhythm.DAILY),
            (Topic.THEME, str(first.pk), Rhythm.WEEKLY),
        ],
        "mehmet": [
            (Topic.GOAL, goal.wid, Rhythm.WEEKLY),
            (Topic.CONCEPT, str(edition.concept_id), Rhythm.AT_ONCE),
        ],
    }
    for name, things in wanted.items():
        for topic, key, rhythm in things:
            follow(user=people[name], topic=topic, object_=key, rhythm=rhythm, at=at)
    token = ask_to_follow(
        email=GUEST,
        topic=Topic.SECTION,
        object_=section.wid,
        rhythm=Rhythm.DAILY,
        language="de",
        at=at,
    )
    confirm_following(token=token, at=at + timedelta(minutes=9))
