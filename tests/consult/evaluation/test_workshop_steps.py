"""Looking for contributions, choosing many at once, undoing and second reading in the workshop."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.evaluation.models import AnalysisRun, AnalysisShard, TextVector, Theme, ThemeDeed
from consult.evaluation.selectors import members_of, most_alike
from consult.evaluation.services.themes import move_contributions
from consult.evaluation.states import RunStatus, ThemeStatus, ThemeStep
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme
from workers.analysis.vectors import DIMENSIONS, vector_key

pytestmark = pytest.mark.django_db

TEXTS = (
    "Der Aufzug am Bahnhof ist kaputt.",
    "Am Bahnhof Nord fehlt ein Aufzug.",
    "Mehr Bäume in der Weststadt bitte.",
    "Kurse am Samstag sind immer voll.",
)
MANY = 20


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def coordination(client):
    user = make_staff(Role.COORDINATION, name="Miriam")
    client.force_login(user)
    return user


@pytest.fixture(scope="module")
def closed_round(kept_for_the_file):
    """A closed round with four contributions of their own words and more than one page of others."""
    round_ = make_open_round(at=timezone.now())
    texts = [*TEXTS, *(f"Der Bus der Linie {number} kommt zu spät." for number in range(MANY))]
    for text in texts:
        make_contribution(round_, at=timezone.now(), text=text)
    make_closed(round_)
    AnalysisRun.objects.update(status=RunStatus.DONE)
    AnalysisShard.objects.update(status=RunStatus.DONE)


@pytest.fixture
def said(closed_round, db):
    return list(Contribution.objects.select_related("round", "comment_row").order_by("pk"))


@pytest.fixture
def themes(said, coordination):
    return [
        make_theme(said[:2], title="Aufzug", actor=coordination, at=timezone.now()),
        make_theme(said[2:3], title="Bäume", actor=coordination, at=timezone.now()),
    ]


def url(found, name, *args):
    return reverse(f"workshop:{name}", args=[found.round.ref, *args])


def text_of(response):
    return response.content.decode().replace("\xa0", " ")


def newest():
    return ThemeDeed.objects.latest("pk")


# Finding


def test_words_are_looked_for_in_all_contributions_wherever_they_are(client, said, themes):
    text = text_of(client.get(url(said[0], "search"), {"q": "Aufzüge"}))
    assert said[0].ref in text
    assert said[1].ref in text
    assert "Jetzt im Thema" in text
    assert said[2].ref not in text


def test_what_was_found_is_moved_and_the_search_stays(client, said, themes):
    address = url(said[0], "search") + "?q=Aufzug"
    response = client.post(
        address, {"deed": "move", "contribution": said[1].ref, "target": themes[1].number}
    )
    assert "q=Aufzug" in response.headers["Location"]
    assert {found.pk for found in members_of(themes[1])} == {said[1].pk, said[2].pk}


def test_without_vectors_those_with_shared_words_are_alike(said):
    [found, *_others] = most_alike(said[0])
    assert (found.contribution_id, found.closeness) == (said[1].pk, "")
    assert found.shared == ["aufzug", "bahnhof"]


def vector(*leading) -> bytes:
    import numpy as np

    return np.array([*leading, *[0.0] * (DIMENSIONS - len(leading))], dtype="<f4").tobytes()


def test_with_vectors_those_of_one_meaning_are_alike(said):
    TextVector.objects.all().delete()
    for place, found in enumerate(said):
        value = vector(1.0, 0.0) if place in {0, 3} else vector(0.0, 1.0, place / 100)
        TextVector.objects.create(key=vector_key(found.comment_row.comment), value=value)
    [nearest, *_others] = most_alike(said[0])
    assert nearest.contribution_id == said[3].pk
    assert nearest.closeness == "high"
    assert nearest.shared == []


def test_a_text_that_no_run_has_read_is_found_by_its_words(said):
    TextVector.objects.all().delete()
    for found in [said[0], *said[2:]]:
        key = vector_key(found.comment_row.comment)
        TextVector.objects.create(key=key, value=vector(1.0, found.pk / 1000))
    unread = [row for row in most_alike(said[0]) if row.contribution_id == said[1].pk]
    assert [row.closeness for row in unread] == [""]


def test_a_contribution_says_why_it_is_where_it_is(client, said, themes):
    text = text_of(client.get(url(said[0], "contribution", said[0].ref)))
    assert "Er steht im Thema" in text
    assert "Wortstämme, die auch das Thema beschreiben: aufzug" in text
    assert "Gleiche Wortstämme: aufzug, bahnhof" in text
    assert "Aufzug (Miriam Beispiel)" in text
    assert "Passt vielleicht nicht" not in text


def test_a_contribution_whose_neighbours_are_elsewhere_is_flagged(
    client, said, themes, coordination
):
    move_contributions(
        contributions=said[:1], theme=themes[1], actor=coordination, at=timezone.now()
    )
    text = text_of(client.get(url(said[0], "contribution", said[0].ref)))
    assert "Passt vielleicht nicht" in text


def test_a_hidden_contribution_has_no_page_in_the_workshop(client, said, coordination):
    Contribution.objects.filter(pk=said[0].pk).update(status="hidden")
    response = client.get(url(said[0], "contribution", said[0].ref), follow=True)
    assert response.status_code == 404


# Choosing all of a list


def test_all_of_a_list_are_moved_on_whichever_page_they_stand(client, said, themes):
    address = url(said[0], "loose")
    page = text_of(client.get(address))
    left = MANY + 1
    assert f"Alle {left} Beiträge dieser Liste auswählen, auch die auf den anderen" in page
    client.post(address, {"deed": "move", "all": left, "target": themes[0].number})
    assert members_of(themes[0]).count() == left + 2


def test_a_list_that_has_changed_is_shown_before_all_of_it_is_moved(client, said, themes):
    response = client.post(
        url(said[0], "loose"), {"deed": "move", "all": MANY, "target": themes[0].number}
    )
    assert response.status_code == 422
    assert f"Die Liste hat sich geändert und hat jetzt {MANY + 1} Beiträge." in text_of(response)
    assert members_of(themes[0]).count() == 2


def test_all_of_a_list_become_single_voices_and_the_steps_are_listed(client, said, themes):
    address = url(said[0], "loose")
    response = client.post(
        address, {"deed": "stand_alone", "all": MANY + 1, "new_title": ""}, follow=True
    )
    assert "Schritte ansehen" in text_of(response)
    assert Theme.objects.filter(kind="single_voice").count() == MANY + 2


def test_the_page_of_a_list_stays_after_a_mistake(client, said, themes):
    address = url(said[0], "loose") + "?seite=2"
    page = client.get(address)
    assert "seite=2" in text_of(page).split('aria-labelledby="h-members"')[0].rsplit("<form", 1)[1]
    ref = page.context["members"]["rows"][0]["contribution"].ref
    response = client.post(address, {"deed": "move", "contribution": ref})
    assert f'value="{ref}" aria-label="Beitrag {ref} auswählen" checked' in text_of(response)


# Undoing


def test_undoing_says_what_will_happen_and_does_it(client, said, themes):
    client.post(
        url(said[0], "theme", themes[1].number),
        {"deed": "move", "contribution": said[2].ref, "target": themes[0].number},
    )
    address = url(said[0], "undo", newest().pk)
    page = text_of(client.get(address))
    assert "1 Beitrag kommt zurück nach „Bäume“." in page
    assert "Das Thema „Bäume“ besteht wieder." in page
    client.post(address)
    assert [found.pk for found in members_of(themes[1])] == [said[2].pk]
    history = text_of(client.get(url(said[0], "theme", themes[0].number)))
    assert "Rückgängig gemacht: Beiträge verschoben" in history
    assert "1 Beitrag ging nach „Bäume“" in history
    steps = text_of(client.get(url(said[0], "steps")))
    assert "rückgängig gemacht von Miriam Beispiel" in steps


def test_an_undone_dismissal_or_name_is_announced_in_its_own_words(client, said, themes):
    client.post(
        url(said[0], "theme", themes[0].number),
        {"deed": "rename", "title": "Lift", "concern": ""},
    )
    deed = newest()
    assert "Das Thema heißt wieder „Aufzug“" in text_of(client.get(url(said[0], "undo", deed.pk)))
    client.post(url(said[0], "undo", deed.pk))
    themes[0].refresh_from_db()
    assert themes[0].title == "Aufzug"


def test_what_cannot_be_undone_says_why_and_has_no_button(client, said, themes, coordination):
    first = ThemeDeed.objects.filter(step=ThemeStep.OPEN).earliest("pk")
    move_contributions(
        contributions=said[:1], theme=themes[1], actor=coordination, at=timezone.now()
    )
    page = text_of(client.get(url(said[0], "undo", first.pk)))
    assert "Mindestens ein Beitrag wurde danach noch einmal verschoben." in page
    assert 'method="post"' not in page.partition('id="h-undo"')[2]
    response = client.post(url(said[0], "undo", first.pk), follow=True)
    assert "Machen Sie zuerst den späteren Schritt rückgängig." in text_of(response)


def test_nothing_is_undone_in_an_answered_round(client, said, themes):
    ConsultationRound.objects.update(status=RoundStatus.ANSWERED)
    address = url(said[0], "undo", newest().pk)
    assert "lassen sich nicht mehr rückgängig machen" in text_of(client.get(address))
    client.post(address)
    assert not ThemeDeed.objects.filter(step=ThemeStep.UNDO).exists()


@pytest.mark.parametrize("name", ["search", "steps", "undo", "contribution"])
def test_other_roles_see_and_undo_nothing(client, said, themes, name):
    client.force_login(make_staff(Role.MODERATION, Role.EDITOR))
    more = {"undo": [newest().pk], "contribution": [said[0].ref]}
    address = url(said[0], name, *more.get(name, []))
    assert client.get(address).headers["Location"] == reverse("wagtailadmin_home")
    client.post(address)
    assert Theme.objects.filter(status=ThemeStatus.CONFIRMED).count() == 2


# Second reading


def test_the_first_person_is_told_that_another_one_reads(client, said, themes):
    address = url(said[0], "theme", themes[0].number)
    text = text_of(client.get(address))
    assert "Das tut eine andere Person" in text
    assert 'value="read"' not in text
    client.post(address, {"deed": "read"})
    assert not themes[0].readings.exists()


def test_a_second_person_reads_and_the_list_is_filtered(client, said, themes):
    client.force_login(make_staff(Role.COORDINATION, name="Jonas"))
    address = url(said[0], "theme", themes[0].number)
    assert "Als zweite Person: Jonas Beispiel." in text_of(client.get(address))
    client.post(address, {"deed": "read"})
    text = text_of(client.get(address))
    assert "von Jonas Beispiel am" in text
    assert "Von einer zweiten Person gegengelesen (Jonas Beispiel)" in text
    listed = url(said[0], "bench")
    everything = client.get(listed, {"liste": "bestaetigt"})
    assert [entry.is_read for entry in everything.context["entries"]] == [True]
    unread = client.get(listed, {"liste": "bestaetigt", "gelesen": "nein"})
    assert list(unread.context["entries"]) == []
    voices = client.get(listed, {"liste": "einzelstimmen", "gelesen": "nein"})
    assert [entry.title for entry in voices.context["entries"]] == ["Bäume"]


def test_the_public_page_says_how_many_were_read(client, said, themes):
    client.force_login(make_staff(Role.COORDINATION))
    client.post(url(said[0], "theme", themes[0].number), {"deed": "read"})
    client.logout()
    text = text_of(client.get(reverse("round_themes", args=[said[0].round.ref])))
    assert "Eine zweite Person hat 1 von allen bestätigten gegengelesen." in text


# By keyboard


def test_the_page_has_ways_to_its_parts_in_the_order_of_the_parts(client, said, themes):
    text = text_of(client.get(url(said[0], "theme", themes[0].number)))
    targets = ["h-list", "h-detail", "h-members"]
    for order in (
        [text.index(f'href="#{name}"') for name in targets],
        [text.index(f'id="{name}" tabindex="-1"') for name in targets],
    ):
        assert order == sorted(order)


def test_every_field_has_a_name(client, said, themes):
    text = text_of(client.get(url(said[0], "loose"))).partition('class="tw"')[2]
    fields = re.findall(r"<(?:input|select|textarea)[^>]*>", text)
    shown = [field for field in fields if 'type="hidden"' not in field]
    assert len(shown) > 15
    labelled = set(re.findall(r'<label for="([^"]+)"', text))
    wrapped = re.findall(r"<label[^>]*>\s*(<input[^>]*>)", text)
    nameless = [
        field
        for field in shown
        if "aria-label=" not in field
        and field not in wrapped
        and not labelled.intersection(re.findall(r' id="([^"]+)"', field))
    ]
    assert nameless == []
