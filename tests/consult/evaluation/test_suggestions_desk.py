"""The desk of suggestions: beside the text, adopted with one action, or answered why not."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import SuggestionBundle
from consult.contributions.states import SuggestionStatus
from consult.evaluation.services.revision import prepare_revision
from consult.evaluation.services.suggestions import adopt_suggestion
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from tests.factories import make_concept, make_edition, make_open_round, make_resident, make_staff
from tests.factories.conversation import make_suggestion
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db
NEW = "Erster Absatz, neu gefasst."


@pytest.fixture(autouse=True)
def coordination(settings, client, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def today():
    return timezone.now()


@pytest.fixture
def round_(today, coordination):
    edition = make_edition(make_concept(), at=today)
    return make_open_round(at=today, edition=edition, actor=coordination)


@pytest.fixture
def bundle(round_, today) -> SuggestionBundle:
    """An open bundle of a closed round."""
    found = make_suggestion(round_, at=today, new_text=NEW, reason="Klarer ist besser.")
    make_closed(round_)
    return found.suggestion.bundle


def _section(client, round_, **query):
    wid = round_.edition.sections.get().wid
    url = reverse("suggestions_desk:section", args=[round_.edition.pk, wid])
    return client.get(url, query)


def _one(bundle) -> str:
    return reverse("suggestions_desk:one", args=[bundle.pk])


def _read(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_the_desk_leads_to_the_sections_where_something_waits(client, round_, bundle):
    page = client.get(reverse("suggestions_desk:desk"))
    assert "Abschnitt 1" in _read(page)
    assert "Fassung 1" in _read(page)


def test_an_empty_desk_says_so(client, round_):
    page = client.get(reverse("suggestions_desk:desk"))
    assert "Zu dieser Fassung gibt es keine Änderungsvorschläge." in _read(page)
    assert "In dieser Liste steht kein Vorschlag." in _read(_section(client, round_))


def test_suggestions_stand_beside_the_working_text(client, round_, bundle):
    said = _read(_section(client, round_))
    for words in (
        "Abschnitt 1, Absatz 1", "Arbeitstext jetzt Erster Absatz von 1.",
        "1 Person schlägt das vor", "Klarer ist besser.", "In den Arbeitstext übernehmen",
    ):  # fmt: skip
        assert words in said


def test_one_action_adopts(client, round_, bundle):
    page = client.post(reverse("suggestions_desk:adopt", args=[bundle.pk]), follow=True)
    assert "Der Entwurf der Seite ist geändert." in _read(page)
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.ADOPTED
    said = _read(_section(client, round_))
    assert f"Arbeitstext jetzt {NEW} Entwurf, noch nicht geprüft" in said


def test_three_texts_where_the_working_text_has_moved_on(client, round_, bundle):
    goal = GoalPage.objects.get()
    section = SectionPage.objects.get()
    raw = section.body.get_prep_value()
    raw[0]["value"] = "<p>Ganz anders.</p>"
    section.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    section.save_revision(user=make_staff(Role.EDITOR))
    page = client.post(reverse("suggestions_desk:adopt", args=[bundle.pk]), follow=True)
    said = _read(page)
    assert "Vergleichen Sie die drei Texte" in said
    for words in ("Erster Absatz von 1.", "Ganz anders.", "neu gefasst"):
        assert words in said
    assert "In den Arbeitstext übernehmen" not in said
    assert page.context["amend_form"]["wording"].value() == "Ganz anders."
    data = {"amend": "1", "amend-wording": "Ganz anders gefasst.", "amend-reason": "Vereint."}
    client.post(_one(bundle), data)
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.AMENDED
    assert goal.pk


@pytest.mark.parametrize("deed", ["amend", "decline"])
def test_a_decision_without_a_reason_loses_nothing(client, bundle, deed):
    page = client.post(_one(bundle), {deed: "1", "amend-wording": "Halb.", f"{deed}-reason": ""})
    assert page.status_code == 422
    assert page.context[f"{deed}_form"].errors
    if deed == "amend":
        assert page.context["amend_form"]["wording"].value() == "Halb."
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.OPEN


def test_declining_and_taking_it_back(client, bundle):
    page = client.post(_one(bundle), {"decline": "1", "decline-reason": "Zu lang."}, follow=True)
    assert "bekommen Ihre Begründung" in _read(page)
    assert "Zu lang." in _read(page)
    again = client.post(_one(bundle), {"decline": "1", "decline-reason": "Noch einmal."})
    assert again.status_code == 422
    assert "schon entschieden" in _read(again)
    client.post(_one(bundle), {"reopen": "1", "reopen-reason": "Irrtum."})
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.OPEN


def test_while_the_round_runs_the_desk_shows_and_does_not_decide(client, round_, today):
    bundle = make_suggestion(round_, at=today, new_text=NEW).suggestion.bundle
    said = _read(_section(client, round_))
    assert "Entschieden wird, wenn die Runde vorbei ist" in said
    assert "In den Arbeitstext übernehmen" not in said
    client.post(reverse("suggestions_desk:adopt", args=[bundle.pk]))
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.OPEN


@pytest.mark.parametrize("role", [None, *[role for role in Role if role != Role.COORDINATION]])
def test_nobody_else_sees_or_decides(client, round_, bundle, role):
    client.force_login(make_staff(role) if role else make_resident())
    wid = round_.edition.sections.get().wid
    pages = [
        reverse("suggestions_desk:desk"),
        reverse("suggestions_desk:section", args=[round_.edition.pk, wid]),
        _one(bundle),
    ]
    assert all(client.get(address).status_code in {302, 403} for address in pages)
    answer = client.post(reverse("suggestions_desk:adopt", args=[bundle.pk]))
    assert answer.status_code in {302, 403}
    client.post(_one(bundle), {"decline": "1", "decline-reason": "Nein."})
    bundle.refresh_from_db()
    assert bundle.status == SuggestionStatus.OPEN


def test_a_filter_by_state(client, round_, bundle):
    assert "1 Person" in _read(_section(client, round_, stand="open"))
    assert "kein Vorschlag" in _read(_section(client, round_, stand="declined"))
    assert "1 Person" in _read(_section(client, round_, stand="gibt-es-nicht"))


def test_unknown_places_and_bundles_are_not_found(client, round_):
    url = reverse("suggestions_desk:section", args=[round_.edition.pk, "nirgends"])
    for address in (url, reverse("suggestions_desk:one", args=[999_999])):
        assert client.get(address, follow=True).status_code == 404


def test_queries_do_not_grow_with_suggestions(client, round_, today):
    counts = []
    for amount in (2, 10):
        for number in range(amount):
            make_suggestion(round_, at=today, new_text=f"Wortlaut {amount} {number}.")
        _section(client, round_)
        with CaptureQueriesContext(connection) as queries:
            _section(client, round_)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_revision_desk_shows_the_suggestion_and_offers_it_where_the_chain_is_broken(
    client, round_, bundle, coordination, today
):
    adopt_suggestion(bundle=bundle, actor=coordination, at=today)
    SectionPage.objects.get().get_latest_revision().publish()
    revision = prepare_revision(
        from_edition=round_.edition, round_=None, actor=coordination, at=today
    )
    url = reverse("revision:revision", args=[revision.pk])
    assert f"Änderungsvorschlag: {NEW}" in _read(client.get(url, {"liste": "alle"}))
    change = revision.changes.get()
    client.post(reverse("revision:remove", args=[revision.pk, change.causes.get().pk]))
    page = client.get(url)
    assert "Ein übernommener Änderungsvorschlag" in _read(page)
    cause = reverse("revision:cause", args=[revision.pk, change.pk])
    assert client.post(cause, {"kind": "suggestion"}).status_code == 422
    client.post(cause, {"kind": "suggestion", "suggestion": str(bundle.pk)})
    assert change.causes.get().suggestion == bundle
