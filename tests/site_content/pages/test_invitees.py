"""Whom the city asked by name: in the prelude of the synopsis and in the decision pack."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Contribution
from consult.contributions.states import Kind
from consult.intake.models import Statement
from consult.intake.states import InviteeAnswer
from consult.participants.states import Role
from site_content.pages.presenters.invitees import SILENT_NAMED, invitee_rows
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.factories.intake import make_invitee
from tests.factories.synopsis import make_synopsis

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(now):
    return make_synopsis(at=now)


@pytest.fixture
def asked(answered, now):
    parts = Contribution.objects.filter(kind=Kind.STATEMENT)
    make_invitee(answered.round, "Polizei", at=now)
    make_invitee(answered.round, "Jobcenter", InviteeAnswer.WITHOUT_REMARKS, at=now)
    make_invitee(answered.round, "Elternbeirat", InviteeAnswer.WITH_REMARKS, at=now, said=parts)
    return answered


def read(address: str) -> str:
    found = Client().get(address)
    assert found.status_code == 200
    return found.content.decode()


def synopsis(asked) -> str:
    return read(reverse("synopsis", args=[asked.round.ref]))


def figures(html: str) -> dict[str, int]:
    pairs = re.findall(r"#zahl-([\w-]+)\">[^<]*</a></dt><dd class=\"big\">(\d+)<", html)
    return {code: int(number) for code, number in pairs}


def test_the_prelude_says_who_was_asked_and_what_came_back(asked):
    page = synopsis(asked)
    found = figures(page)
    assert found["invited"] == 3
    assert found["invited-answered"] == 2
    assert found["invited-without-remarks"] == found["invited-with-remarks"] == 1
    assert found["invited-silent"] == 1
    for code in found:
        assert f'id="zahl-{code}"' in page
    assert "Angeschrieben, aber ohne Antwort: Polizei." in page
    assert reverse("statement", args=[Statement.objects.get().ref]) in page


def test_a_round_without_a_list_says_that_nobody_knows(answered):
    page = synopsis(answered)
    assert "ist für diese Runde nicht erfasst" in page
    assert "zahl-invited" not in page


def test_what_is_hidden_is_linked_no_more(asked):
    Contribution.objects.filter(kind=Kind.STATEMENT).update(status="hidden")
    found = {row["name"]: row["said"] for row in invitee_rows(asked.round)}
    assert found["Elternbeirat"] == []


def test_a_name_is_hostile_text(answered, now):
    make_invitee(answered.round, "<script>alert(1)</script>", at=now)
    page = synopsis(answered)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_pack_names_the_figures_and_who_is_missing(asked):
    page = read(reverse("paper", args=[asked.paper.pk]))
    heard = page[page.index('id="gehoert"') :]
    found = figures(heard)
    assert (found["invited"], found["invited-silent"]) == (3, 1)
    assert reverse("synopsis", args=[asked.round.ref]) + "#zahl-invited" in heard
    assert "Angeschrieben, aber ohne Antwort: Polizei." in heard


def test_of_many_silent_bodies_the_first_are_named(answered, now):
    for number in range(SILENT_NAMED + 3):
        make_invitee(answered.round, f"Stelle {number:02}", at=now)
    page = synopsis(answered)
    assert "Stelle 11 und 3 weitere." in page
    assert page.count("Stelle 12") == 1  # in the table


def test_nothing_of_the_list_is_public_before_something_is_answered(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    found = [make_contribution(round_, at=now) for _n in range(2)]
    make_invitee(round_, "Nordhafen GmbH", at=now)
    addresses = ["home", "papers", "dates"]
    for state in ("open", "closed"):
        if state == "closed":
            closed = make_closed(round_)
            make_theme(found, title="Kurse", actor=actor, at=closed.closes_at)
        for name in addresses:
            assert "Nordhafen" not in read(reverse(name)), (state, name)
        assert "Nordhafen" not in read(reverse("round_themes", args=[round_.ref]))
        hidden = Client().get(reverse("synopsis", args=[round_.ref]))
        assert hidden.status_code == 404


def test_rows_cost_the_same_for_a_long_list(asked, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            invitee_rows(asked.round)
        return len(captured)

    few = queries()
    parts = Contribution.objects.filter(kind=Kind.STATEMENT)
    for number in range(6):
        make_invitee(
            asked.round, f"Stelle {number}", InviteeAnswer.WITH_REMARKS, at=now, said=parts
        )
    assert queries() == few
