from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.contributions import selectors
from consult.contributions.selectors import (
    REPLIES_A_THREAD,
    THREADS_A_PAGE,
    Order,
    Wanted,
    held_texts_of,
    posts_of,
    published_contribution,
    reportable_contribution,
    talk_in,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.status import set_status
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Measure, Rule, Visibility
from consult.participants.states import Role
from consult.rounds.models import PreModeration
from tests.factories import make_contribution, make_resident, make_staff

pytestmark = pytest.mark.django_db

DAY = date(2027, 2, 10)


@pytest.fixture
def section(round_):
    return round_.edition.sections.first()


def page(round_, section, **wanted):
    talk = talk_in(round_.edition, section.wid)
    places = [section.wid, *round_.edition.goals.values_list("wid", flat=True)]
    return posts_of(talk, wanted=Wanted(**wanted), places=places, day=DAY)


def refs(found):
    return [post["ref"] for post in found.posts]


def test_answers_stand_under_what_they_answer(round_, section, now):
    first = make_contribution(round_, at=now)
    second = make_contribution(round_, at=now)
    to_first = make_contribution(round_, at=now, reply_to=first)
    also_to_first = make_contribution(round_, at=now, reply_to=first)
    to_answer = make_contribution(round_, at=now, reply_to=to_first)

    found = page(round_, section, order=Order.NEWEST)

    assert refs(found) == [c.ref for c in (second, first, to_first, to_answer, also_to_first)]
    assert [post["depth"] for post in found.posts] == [0, 0, 1, 2, 1]


def test_hidden_withdrawn_and_erased_keep_their_place_without_words(round_, section, now):
    author = make_resident("Rolf")
    marker = "Geheimwort 4711"
    hidden, gone, erased = (
        make_contribution(round_, at=now, text=marker, participant=author) for _ in range(3)
    )
    moderator = make_staff(Role.MODERATION)
    decide(
        contribution=hidden,
        measure=Measure.HIDE,
        rule=Rule.PERSONAL_DATA,
        reason="Telefonnummer",
        actor=moderator,
        at=now,
    )
    withdraw(contribution=gone, actor=author, at=now)
    set_status(contribution=erased, status=Visibility.ERASED, actor=None, at=now)

    posts = {post["ref"]: post for post in page(round_, section).posts}

    assert set(posts) == {hidden.ref, gone.ref, erased.ref}
    assert all(post["text"] == "" and post["name"] == "" for post in posts.values())
    assert marker not in str(posts)
    assert posts[hidden.ref]["rule"] == "R3"
    assert posts[hidden.ref]["decided_at"] == now
    assert posts[gone.ref]["rule"] == ""
    assert talk_in(round_.edition, section.wid).by_target.total() == 0


def test_what_was_shown_again_has_its_words_and_no_rule(round_, section, now):
    contribution = make_contribution(round_, at=now, text="Wieder da.")
    moderator = make_staff(Role.MODERATION)
    for measure, rule in ((Measure.HIDE, Rule.INSULT), (Measure.RESTORE, "")):
        decide(
            contribution=contribution,
            measure=measure,
            rule=rule,
            reason="Grund",
            actor=moderator,
            at=now,
        )

    [post] = page(round_, section).posts

    assert (post["text"], post["rule"], post["decided_at"]) == ("Wieder da.", "", None)


def test_the_last_of_two_hidings_is_the_one_that_is_named(round_, section, now):
    contribution = make_contribution(round_, at=now)
    moderator = make_staff(Role.MODERATION)
    for measure, rule in (
        (Measure.HIDE, Rule.INSULT),
        (Measure.RESTORE, ""),
        (Measure.HIDE, Rule.HATE),
    ):
        decide(
            contribution=contribution,
            measure=measure,
            rule=rule,
            reason="Grund",
            actor=moderator,
            at=now,
        )

    [post] = page(round_, section).posts

    assert post["rule"] == Rule.HATE


def test_a_held_text_is_reached_by_its_author_only(round_, section, now):
    PreModeration.objects.create(
        round=round_, reason="Viel Streit", starts_at=now, ends_at=now + timedelta(days=1)
    )
    author = make_resident()
    held = make_contribution(round_, at=now, participant=author)
    assert held.status == Visibility.HELD

    assert page(round_, section).posts == []
    assert published_contribution(round_.edition, held.ref) is None
    assert reportable_contribution(held.ref) is None
    assert list(held_texts_of(author, round_.edition, section.wid)) == [held]
    assert not held_texts_of(make_resident(), round_.edition, section.wid).exists()


def test_filter_by_place_and_stance(round_, section, now):
    goal = round_.edition.goals.first()
    on_goal = make_contribution(round_, at=now, target_wid=goal.wid, stance="concern")
    make_contribution(round_, at=now, stance="idea")

    assert refs(page(round_, section, place=goal.wid)) == [on_goal.ref]
    assert refs(page(round_, section, stance="concern")) == [on_goal.ref]
    assert refs(page(round_, section, place=goal.wid, stance="idea")) == []


def test_orders(round_, section, now):
    goal = round_.edition.goals.first()
    on_goal = make_contribution(round_, at=now, target_wid=goal.wid)
    on_section = make_contribution(round_, at=now)

    assert refs(page(round_, section, order=Order.PLACE)) == [on_section.ref, on_goal.ref]
    assert refs(page(round_, section, order=Order.NEWEST)) == [on_section.ref, on_goal.ref]


def test_random_order_holds_for_a_day_and_differs_between_days(round_, section, now):
    person = make_resident()
    for _ in range(12):
        make_contribution(round_, at=now, participant=person)
    talk = talk_in(round_.edition, section.wid)

    def order(day):
        return refs(posts_of(talk, wanted=Wanted(), places=[], day=day))

    orders = {tuple(order(DAY + timedelta(days=days))) for days in range(4)}
    assert order(DAY) == order(DAY)
    assert len(orders) == 4
    assert {tuple(sorted(found)) for found in orders} == {tuple(sorted(order(DAY)))}


def test_threads_and_answers_come_in_pages(round_, section, now, monkeypatch):
    monkeypatch.setattr(selectors, "THREADS_A_PAGE", 2)
    monkeypatch.setattr(selectors, "REPLIES_A_THREAD", 3)
    person = make_resident()
    threads = [make_contribution(round_, at=now, participant=person) for _ in range(3)]
    answers = [
        make_contribution(round_, at=now, participant=person, reply_to=threads[2]) for _ in range(5)
    ]

    first = page(round_, section, order=Order.NEWEST)
    second = page(round_, section, order=Order.NEWEST, page=2)
    rest = page(round_, section, thread=threads[2].ref, page=2)

    assert refs(first) == [threads[2].ref, *(a.ref for a in answers[:3]), threads[1].ref]
    assert first.more == {threads[2].ref: 2}
    assert refs(second) == [threads[0].ref]
    assert (first.pages, second.pages, rest.pages) == (2, 2, 2)
    assert refs(rest) == [threads[2].ref, *(a.ref for a in answers[3:])]
    assert rest.more == {}


def test_sizes_of_pages():
    assert (THREADS_A_PAGE, REPLIES_A_THREAD) == (50, 20)


def test_counts_by_place_include_answers(round_, section, now):
    goal = round_.edition.goals.first()
    first = make_contribution(round_, at=now, target_wid=goal.wid)
    make_contribution(round_, at=now, target_wid=goal.wid, reply_to=first)
    make_contribution(round_, at=now)

    talk = talk_in(round_.edition, section.wid)

    assert talk.by_target == {goal.wid: 2, section.wid: 1}
    assert talk.offline == 0


def test_two_queries_however_much_was_said(round_, section, now):
    person = make_resident()

    def count():
        with CaptureQueriesContext(connection) as queries:
            page(round_, section)
        return len(queries)

    first = make_contribution(round_, at=now, participant=person)
    few = count()
    for _ in range(15):
        make_contribution(round_, at=now, participant=person, reply_to=first)
    assert count() == few
