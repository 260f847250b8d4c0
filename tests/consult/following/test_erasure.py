"""Who is forgotten follows nothing; who follows somebody else's words keeps that."""

import pytest

from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.following.models import Follower, Subscription
from consult.following.services.following import follow
from consult.following.states import Rhythm, Topic
from consult.participants.models import User
from consult.participants.states import ErasureScope
from consult.records.services.erasing import erase_contribution, erase_person
from tests.factories import make_contribution, make_open_round, make_resident
from tests.factories.following import tell

pytestmark = pytest.mark.django_db


def _follow(person, ref, at):
    follow(user=person, topic=Topic.CONTRIBUTION, object_=ref, rhythm=Rhythm.DAILY, at=at)


@pytest.mark.parametrize(("scope", "left"), [(ErasureScope.NAMES, 1), (ErasureScope.WORDS, 0)])
def test_others_follow_on_only_while_there_are_words(now, scope, left):
    author, reader = make_resident(), make_resident()
    ref = make_contribution(make_open_round(at=now), at=now, participant=author).ref
    for person in (author, reader):
        _follow(person, ref, now)
    erase_person(user=User.objects.get(pk=author.pk), scope=scope, at=now)
    assert Subscription.objects.count() == left
    assert not Subscription.objects.exclude(follower__user=reader).exists()
    assert Follower.objects.get().user == reader


def test_a_guest_whose_only_contribution_is_erased_is_forgotten_as_a_follower(now):
    round_ = make_open_round(at=now)
    token = submit_as_guest(
        place=find_place(round_.edition, round_.edition.sections.get().wid),
        words=Words(text="Auch ich.", stance="idea"), email="g@example.org", language="de", at=now,
    )  # fmt: skip
    own = confirm_submission(token=token, at=now).contribution
    make_contribution(round_, at=now, reply_to=own)
    tell(now)
    assert Follower.objects.get().email == "g@example.org"
    erase_contribution(contribution=own, actor=None, at=now)
    assert not Follower.objects.exists()
