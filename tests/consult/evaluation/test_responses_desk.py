"""The desk of answers: coordination asks and publishes, the department drafts and signs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.evaluation.admin_views import responses
from consult.evaluation.models import Response
from consult.evaluation.services.responses import (
    draft_response,
    request_response,
    sign_response,
)
from consult.evaluation.services.themes import merge_themes
from consult.evaluation.states import ResponseStatus
from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from tests.factories import make_contribution, make_department, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme

pytestmark = pytest.mark.django_db

REASON = (
    "Die Stadt richtet ab Februar vier Kurse am Samstag ein, weil viele Menschen "
    "unter der Woche arbeiten."
)


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION, name="Miriam")


@pytest.fixture
def department():
    return make_department("Amt für Bildung")


@pytest.fixture
def clerk(department):
    user = make_staff(Role.DEPARTMENT, name="Ruth")
    DepartmentMember.objects.create(user=user, department=department)
    return user


@pytest.fixture
def round_(coordination):
    opened = make_open_round(at=timezone.now(), actor=coordination)
    for number in range(4):
        make_contribution(opened, at=timezone.now(), text=f"Satz Nummer {number}.")
    return make_closed(opened)


@pytest.fixture
def themes(round_, coordination):
    said = round_.contributions.order_by("pk")
    return [
        make_theme([found], title=f"Thema {number}", actor=coordination, at=timezone.now())
        for number, found in enumerate(said)
    ]


def asked(theme, department, actor, *, days=10):
    return request_response(
        theme=theme,
        lead_department=department,
        due_on=timezone.localdate() + timedelta(days=days),
        actor=actor,
    )


def signed(theme, department, coordination, clerk):
    response = asked(theme, department, coordination)
    response = draft_response(response=response, outcome="partly", reason=REASON, actor=clerk)
    return sign_response(response=response, actor=clerk, at=timezone.now())


def overview(round_, **query):
    return reverse("responses:of_round", args=[round_.ref], query=query)


def one(response):
    return reverse("responses:answer", args=[response.pk])


def text_of(response):
    return response.content.decode()


def said_after(response):
    return [str(message) for message in response.context["messages"]]


def status_of(response):
    return Response.objects.get(pk=response.pk).status


# Who


def test_roles_see_their_part_only(client, round_, themes, department, coordination, clerk):
    response = asked(themes[0], department, coordination)
    denied = reverse("wagtailadmin_home")
    client.force_login(make_staff(Role.MODERATION))
    for address in (reverse("responses:start"), overview(round_), one(response)):
        assert client.get(address).headers["Location"] == denied
    client.force_login(clerk)
    assert client.get(overview(round_)).headers["Location"] == denied
    assert client.get(one(response)).status_code == 200
    client.force_login(coordination)
    assert client.get(reverse("responses:mine")).headers["Location"] == denied


def test_another_department_neither_reads_nor_writes(
    client, themes, department, coordination, clerk
):
    response = asked(themes[0], make_department("Jugendamt"), coordination)
    client.force_login(clerk)
    client.post(one(response), {"deed": "draft", "outcome": "adopted", "reason": REASON})
    assert status_of(response) == ResponseStatus.DUE
    assert client.get(one(response)).status_code == 302


def test_an_administrator_without_a_role_publishes_nothing(
    client, themes, department, coordination, clerk
):
    response = signed(themes[0], department, coordination, clerk)
    boss = make_staff()
    boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    client.post(one(response), {"deed": "publish"})
    assert status_of(response) == ResponseStatus.SIGNED


def test_everybody_starts_where_the_work_is(client, round_, themes, coordination, clerk):
    client.force_login(coordination)
    start = reverse("responses:start")
    assert client.get(start).headers["Location"] == overview(round_)
    client.force_login(clerk)
    assert client.get(start).headers["Location"] == reverse("responses:mine")


# Coordination


def test_several_answers_are_asked_for_at_once(client, round_, themes, department, coordination):
    client.force_login(coordination)
    due = timezone.localdate() + timedelta(days=30)
    client.post(
        overview(round_),
        {
            "deed": "request",
            "scope": "chosen",
            "theme": [themes[0].number, themes[2].number],
            "department": department.pk,
            "due_on": due.isoformat(),
        },
    )
    found = Response.objects.order_by("theme__number")
    assert [response.theme for response in found] == [themes[0], themes[2]]
    assert {(response.lead_department, response.due_on) for response in found} == {
        (department, due)
    }


def test_what_fits_in_a_list_is_asked_for_at_once(client, round_, themes, department, coordination):
    asked(themes[0], make_department("Jugendamt"), coordination)
    client.force_login(coordination)
    client.post(
        overview(round_),
        {
            "deed": "request",
            "scope": "list",
            "department": department.pk,
            "due_on": timezone.localdate().isoformat(),
        },
    )
    assert Response.objects.filter(lead_department=department).count() == 3


def test_a_step_takes_so_many_themes_and_says_what_is_left(
    client, monkeypatch, round_, themes, department, coordination
):
    monkeypatch.setattr(responses, "BATCH", 3)
    client.force_login(coordination)
    response = client.post(
        overview(round_),
        {"deed": "request", "scope": "list", "department": department.pk, "due_on": "2030-01-01"},
        follow=True,
    )
    assert Response.objects.count() == 3
    assert any("1 Thema ist übrig" in line for line in said_after(response))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"theme": []}, "Wählen Sie mindestens ein Thema aus, bei dem dieser Schritt ansteht."),
        ({"department": ""}, "Wählen Sie, welche Dienststelle antwortet."),
        ({"due_on": ""}, "Nennen Sie den Tag, bis zu dem die Antwort da sein soll."),
    ],
)
def test_an_unfinished_request_is_asked_for_again(
    client, round_, themes, department, coordination, values, sentence
):
    client.force_login(coordination)
    whole = {
        "deed": "request",
        "scope": "chosen",
        "theme": [themes[0].number],
        "department": department.pk,
        "due_on": "2030-01-01",
    }
    response = client.post(overview(round_), whole | values)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Response.objects.exists()


def test_publishing_several_skips_what_is_not_signed(
    client, round_, themes, department, coordination, clerk
):
    ready = signed(themes[0], department, coordination, clerk)
    waiting = asked(themes[1], department, coordination)
    client.force_login(coordination)
    response = client.post(
        overview(round_),
        {"deed": "publish", "scope": "chosen", "theme": [theme.number for theme in themes[:3]]},
        follow=True,
    )
    assert status_of(ready) == ResponseStatus.PUBLISHED
    assert status_of(waiting) == ResponseStatus.DUE
    assert said_after(response) == [
        "1 Antwort veröffentlicht.",
        "2 Themen wurden übersprungen: Sie haben keine gezeichnete Antwort.",
    ]


def test_lists_count_by_state_and_say_what_is_late(
    client, round_, themes, department, coordination, clerk
):
    signed(themes[0], department, coordination, clerk)
    asked(themes[1], department, coordination, days=-2)
    client.force_login(coordination)
    text = text_of(client.get(overview(round_)))
    for line in ("Alle <span>4", "Ohne Auftrag <span>2", "Gezeichnet <span>1"):
        assert line in text
    late = text_of(client.get(overview(round_, liste="ueberfaellig")))
    assert "seit 2 Tagen überfällig" in late
    assert "Thema 1" in late
    assert "Thema 0" not in late


def test_the_overview_needs_no_more_queries_for_more_themes(
    client, round_, themes, department, coordination
):
    client.force_login(coordination)
    numbers = []
    for theme in (themes[0], themes[1]):
        asked(theme, department, coordination)
        client.get(overview(round_))
        with CaptureQueriesContext(connection) as queries:
            client.get(overview(round_))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# Departments


def test_a_department_sees_what_it_owes_in_words(client, themes, department, coordination, clerk):
    asked(themes[0], department, coordination, days=-1)
    asked(themes[1], make_department("Jugendamt"), coordination)
    client.force_login(clerk)
    text = text_of(client.get(reverse("responses:mine")))
    assert "seit 1 Tag überfällig" in text
    assert "Thema 0" in text
    assert "Thema 1" not in text


def test_a_merged_theme_is_owed_no_longer(client, themes, department, coordination, clerk):
    response = asked(themes[0], department, coordination)
    merge_themes(themes=themes[:1], into=themes[1], actor=coordination, at=timezone.now())
    client.force_login(clerk)
    assert "Thema 0" not in text_of(client.get(reverse("responses:mine")))
    text = text_of(client.get(one(response)))
    assert "Eine Antwort ist nicht mehr nötig." in text
    assert 'name="deed"' not in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": "Vielen Dank für Ihren Beitrag."}, "Die Begründung hat erst 5 Wörter."),
        ({"reason": ""}, "Schreiben Sie eine Begründung."),
        ({"outcome": ""}, "Wählen Sie, was aus dem Anliegen wird."),
    ],
)
def test_thanks_are_not_an_answer(
    client, themes, department, coordination, clerk, values, sentence
):
    response = asked(themes[0], department, coordination)
    client.force_login(clerk)
    found = client.post(
        one(response), {"deed": "draft", "outcome": "adopted", "reason": REASON} | values
    )
    assert found.status_code == 422
    assert sentence in text_of(found)
    assert status_of(response) == ResponseStatus.DUE


def test_the_department_drafts_and_signs_by_name(client, themes, department, coordination, clerk):
    response = asked(themes[0], department, coordination)
    client.force_login(clerk)
    client.post(one(response), {"deed": "draft", "outcome": "partly", "reason": REASON})
    text = text_of(client.get(one(response)))
    assert "Mit dem Zeichnen stehen Sie, Ruth Beispiel, für Amt für Bildung" in text
    client.post(one(response), {"deed": "sign"})
    response.refresh_from_db()
    assert (response.status, response.signed_by) == (ResponseStatus.SIGNED, clerk)


def test_coordination_drafts_but_does_not_sign(client, themes, department, coordination, clerk):
    response = asked(themes[0], department, coordination)
    client.force_login(coordination)
    client.post(one(response), {"deed": "draft", "outcome": "partly", "reason": REASON})
    assert "Antwort zeichnen" not in text_of(client.get(one(response)))
    client.post(one(response), {"deed": "sign"})
    assert status_of(response) == ResponseStatus.DRAFT


def test_the_department_does_not_publish(client, themes, department, coordination, clerk):
    response = signed(themes[0], department, coordination, clerk)
    client.force_login(clerk)
    assert "Antwort veröffentlichen" not in text_of(client.get(one(response)))
    client.post(one(response), {"deed": "publish"})
    assert status_of(response) == ResponseStatus.SIGNED


def test_changing_a_signed_answer_takes_the_signature_away(
    client, themes, department, coordination, clerk
):
    response = signed(themes[0], department, coordination, clerk)
    client.force_login(clerk)
    assert "gilt die Zeichnung nicht mehr" in text_of(client.get(one(response)))
    client.post(one(response), {"deed": "draft", "outcome": "adopted", "reason": REASON})
    response.refresh_from_db()
    assert (response.status, response.signed_by) == (ResponseStatus.DRAFT, None)


def test_a_published_answer_stays_as_it_is(client, themes, department, coordination, clerk):
    response = signed(themes[0], department, coordination, clerk)
    client.force_login(coordination)
    client.post(one(response), {"deed": "publish"})
    found = client.post(
        one(response), {"deed": "draft", "outcome": "adopted", "reason": REASON}, follow=True
    )
    assert any("schon veröffentlicht" in line for line in said_after(found))
    response.refresh_from_db()
    assert (response.status, response.outcome) == (ResponseStatus.PUBLISHED, "partly")
