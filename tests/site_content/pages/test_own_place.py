"""A person's own place on the map: for that person alone, and only while it can be known."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consult.contributions.services.voting import (
    OBJECTION_PERIOD,
    cast_vote,
    destroy_ballot_keys,
)
from consult.evaluation.services.analysis import run_next_shard
from tests.factories import make_concept, make_edition, make_open_round, make_resident
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db
GOALS = 3


@pytest.fixture
def voted(now):
    """A closed round in which two crowds voted, and one person of each."""
    edition = make_edition(make_concept(goals=GOALS), at=now - timedelta(days=1))
    round_ = make_open_round(at=now, edition=edition)
    people = [make_resident() for _ in range(24)]
    for number, person in enumerate(people):
        for goal in edition.goals.all():
            choice = "agree" if number % 2 else "disagree"
            cast_vote(goal=goal, participant=person, choice=choice, at=now)
    closed = make_closed(round_)
    while run_next_shard(clock=lambda: now):
        pass
    return closed, people


def page(round_, person=None):
    client = Client()
    if person:
        client.force_login(person)
    return client.get(reverse("own_place", args=[round_.ref]))


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_everybody_sees_their_own_place_and_no_cache_keeps_it(voted):
    round_, people = voted
    drawn = set()
    for person in people[:2]:
        response = page(round_, person)
        assert response["Cache-Control"] == "private, no-store"
        content = text_of(response)
        assert "Niemand sonst sieht Ihre Stelle." in content
        assert f"Stimmen zu {GOALS} Zielen" in content
        drawn |= set(re.findall(r'map__own" transform="translate\(([^)]*)\)', content))
    assert len(drawn) == 2


def test_the_shared_page_shows_nobody_and_leads_there(voted):
    round_, people = voted
    client = Client()
    address = reverse("own_place", args=[round_.ref])
    for person in (None, people[0]):
        if person:
            client.force_login(person)
        content = text_of(client.get(reverse("round_pictures", args=[round_.ref])))
        assert "map__own" not in content
        assert address in content


def test_without_an_account_there_is_no_place(voted):
    response = page(voted[0])
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_who_did_not_vote_is_told_what_it_takes(voted):
    content = text_of(page(voted[0], make_resident()))
    assert f"mindestens {GOALS} Zielen" in content
    assert "map__own" not in content


def test_once_the_key_is_destroyed_nobody_can_know(voted):
    round_, people = voted
    destroy_ballot_keys(at=round_.closes_at + OBJECTION_PERIOD)
    content = text_of(page(round_, people[0]))
    assert "Der Schlüssel dieser Runde ist vernichtet." in content
    assert "map__own" not in content
    account = _account(people[0])
    assert reverse("own_place", args=[round_.ref]) not in account


def test_the_account_leads_there(voted):
    round_, people = voted
    assert reverse("own_place", args=[round_.ref]) in _account(people[0])


def test_an_open_round_has_no_places(now):
    round_ = make_open_round(at=now)
    assert page(round_, make_resident()).status_code == 404


def _account(person) -> str:
    client = Client()
    client.force_login(person)
    return text_of(client.get(reverse("account")))
