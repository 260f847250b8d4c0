"""Annexes of a draft are read by the council groups that were given it, and by nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from consult.council.models import CouncilGroup
from consult.council.services.annexes import add_annex, take_back_annex
from consult.council.services.handover import hand_draft_over, take_draft_back
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_member, make_paper, make_submitted

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 Gutachten"


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def members() -> dict:
    return {"given": make_member("Die Mitte"), "other": make_member("Neue Liste")}


@pytest.fixture
def draft(now, actor, members):
    paper = make_paper(make_edition(make_concept(), at=now), actor=actor)
    add_annex(paper=paper, title="Gutachten", name="g.pdf", content=PDF, actor=actor, at=now)
    group = CouncilGroup.objects.get(name="Die Mitte")
    hand_draft_over(paper=paper, group=group, actor=actor, at=now)
    return paper


def logged_in(user) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(paper) -> str:
    file = paper.annexes.get().file
    return reverse("council_file", args=[file.pk, file.name])


def status(paper, user) -> int:
    return logged_in(user).get(address(paper)).status_code


def test_a_member_opens_the_annex_where_the_draft_names_it(draft, members):
    client = logged_in(members["given"])
    page = client.get(reverse("paper", args=[draft.pk])).content.decode()
    assert address(draft) in page
    found = client.get(address(draft))
    assert (found.status_code, found.content) == (200, PDF)
    assert found["Cache-Control"] == "private, no-store"
    assert found["X-Robots-Tag"] == "noindex, nofollow"


def test_for_everybody_else_the_annex_does_not_exist(draft, members):
    offices = {Role.COORDINATION, Role.COUNCIL_OFFICE}
    others = [make_staff(role) for role in Role if role not in offices]
    for user in [None, make_resident(), members["other"], *others]:
        assert status(draft, user) == 404
    for role in offices:
        assert status(draft, make_staff(role)) == 200


def test_it_ends_when_the_draft_is_taken_back_from_the_group(draft, members, actor):
    group = CouncilGroup.objects.get(name="Die Mitte")
    take_draft_back(paper=draft, group=group, actor=actor)
    assert status(draft, members["given"]) == 404


def test_an_annex_that_was_taken_back_is_no_sign_of_a_draft(draft, members, actor, now):
    take_back_annex(annex=draft.annexes.get(), reason="Veraltet.", actor=actor, at=now)
    assert status(draft, None) == 404
    assert status(draft, members["other"]) == 404
    assert status(draft, members["given"]) == 410
    make_submitted(draft, at=now)
    assert status(draft, None) == 410


def test_once_submitted_everybody_reads_it(draft, now):
    make_submitted(draft, at=now)
    found = Client().get(address(draft))
    assert found.status_code == 200
    assert found["Cache-Control"].startswith("public")
    assert "X-Robots-Tag" not in found
