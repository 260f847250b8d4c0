import csv
import io

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from consult.contributions.services.voting import cast_vote
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(settings, tmp_path):
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.BALLOT_KEY_DIR = tmp_path


@pytest.fixture
def round_(now):
    round_ = make_open_round(at=now, edition=make_edition(make_concept(), at=now))
    goal = round_.edition.goals.first()
    cast_vote(goal=goal, participant=make_resident(), choice="agree", at=now)
    return round_


@pytest.fixture
def auditor(client):
    user = make_staff(Role.AUDITOR)
    client.force_login(user)
    return user


def test_an_auditor_sees_the_sums_and_gets_the_ballots_of_a_closed_round(client, auditor, round_):
    make_closed(round_)
    page = client.get(reverse("audit:rounds")).content.decode()
    assert "Beim Schließen" in page
    answer = client.post(reverse("audit:ballots", args=[round_.ref]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["vote"] for row in rows] == ["1"]
    assert ModelLogEntry.objects.filter(action="round.export_ballots", user=auditor).exists()
    deeds = client.get(reverse("audit:deeds")).content.decode()
    assert "Liste der Stimmzettel zur Prüfung ausgegeben" in deeds


def test_ballots_stay_sealed_while_the_round_runs(client, auditor, round_):
    answer = client.post(reverse("audit:ballots", args=[round_.ref]))
    assert answer.status_code == 409
    assert "läuft noch" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.MODERATION])
def test_the_desk_is_for_auditors_only(client, round_, role):
    client.force_login(make_staff(role))
    for answer in (
        client.get(reverse("audit:rounds")),
        client.get(reverse("audit:deeds")),
        client.post(reverse("audit:ballots", args=[round_.ref])),
    ):
        assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


def test_the_first_page_leads_an_auditor_to_the_desk(client, auditor):
    assert reverse("audit:rounds") in client.get("/admin/").content.decode()
