""" "Have we understood you?": what an author sees and can say, by account, receipt and mail."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Contribution
from consult.evaluation.models import Assignment, Theme, ThemeObjection
from consult.evaluation.services.objections import (
    file_objection,
    settle_by_explaining,
)
from consult.evaluation.services.understood import token_of
from consult.evaluation.states import ObjectionStatus
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from tests.consult.records.chain import TEXT, Chain
from tests.factories import make_contribution, make_resident, make_staff
from tests.factories.evaluation import make_closed, make_theme

pytestmark = pytest.mark.django_db
MISSING = "Mir geht es um die Uhrzeit <b>am Abend</b>."


@pytest.fixture
def chain(now) -> Chain:
    chain = Chain(at=now)
    chain.others = [make_contribution(chain.round, at=now, text=f"Nr. {n}") for n in range(6)]
    return chain


@pytest.fixture
def closed(chain) -> Chain:
    chain.close()
    return chain


def page_of(chain: Chain, key: str = "") -> str:
    return reverse("object", args=[key or chain.receipt.key])


def test_words_and_theme_stand_side_by_side_for_whoever_holds_the_receipt(closed):
    response = Client().get(page_of(closed))
    html = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert TEXT in html
    assert "Kurse am Samstag" in html
    assert "Absenden: Mein Anliegen fehlt" in html


def test_the_author_objects_and_sees_it_on_the_own_trail_alone(closed):
    client = Client()
    response = client.post(page_of(closed), {"text": MISSING})
    assert response.status_code == 302
    assert ThemeObjection.objects.get().text == MISSING
    receipt = client.get(reverse("receipt", args=[closed.receipt.key])).content.decode()
    assert "Mir geht es um die Uhrzeit &lt;b&gt;" in receipt
    public = Client().get(reverse("contribution", args=[closed.contribution.ref]))
    assert "Uhrzeit" not in public.content.decode()
    # The form is gone, what was said and the way to take it back are there.
    again = client.get(page_of(closed)).content.decode()
    assert "Absenden: Mein Anliegen fehlt" not in again
    assert "Einwand zurücknehmen" in again


def test_an_open_objection_is_taken_back(closed, now):
    file_objection(contribution=closed.contribution, text=MISSING, at=now)
    assert Client().post(page_of(closed), {"zuruecknehmen": "1"}).status_code == 302
    assert ThemeObjection.objects.get().status == ObjectionStatus.WITHDRAWN
    assert "Absenden: Mein Anliegen fehlt" in Client().get(page_of(closed)).content.decode()


def test_an_empty_objection_says_what_to_do(closed):
    response = Client().post(page_of(closed), {"text": " "})
    assert response.status_code == 422
    assert "Schreiben Sie mindestens einen Satz, was fehlt." in response.content.decode()


def test_words_are_kept_where_the_round_was_answered_meanwhile(closed):
    ConsultationRound.objects.update(status=RoundStatus.ANSWERED)
    response = Client().post(page_of(closed), {"text": "Zu spät geschrieben."})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Zu spät geschrieben." in html
    assert "Die Stadt hat diese Runde beantwortet." in html
    assert not ThemeObjection.objects.exists()


def test_the_link_of_the_mail_opens_the_objection_and_not_the_receipt(closed):
    token = token_of(closed.contribution)
    html = Client().get(page_of(closed, token)).content.decode()
    assert "Absenden: Mein Anliegen fehlt" in html
    assert reverse("contribution", args=[closed.contribution.ref]) in html
    assert closed.receipt.key not in html
    assert Client().get(reverse("receipt", args=[token])).status_code == 404


def test_nobody_else_gets_there(closed):
    stranger = Client()
    stranger.force_login(make_resident(), backend="django.contrib.auth.backends.ModelBackend")
    for client in (stranger, Client()):
        for key in (closed.contribution.ref, "gibt-es-nicht", token_of(closed.contribution)[:-2]):
            assert client.get(page_of(closed, key)).status_code == 404


def test_the_account_of_the_author_needs_no_key(closed):
    client = Client()
    client.force_login(closed.author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(page_of(closed, closed.contribution.ref), {"text": "Da."}).status_code == 302
    assert ThemeObjection.objects.get().text == "Da."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (RoundStatus.OPEN, "Die Runde läuft noch."),
        (RoundStatus.ANSWERED, "Die Stadt hat diese Runde beantwortet."),
    ],
)
def test_the_page_says_why_it_is_too_early_or_too_late(closed, status, sentence):
    ConsultationRound.objects.update(status=status)
    html = Client().get(page_of(closed)).content.decode()
    assert sentence in html
    assert "Absenden: Mein Anliegen fehlt" not in html


def test_before_there_is_a_theme_the_page_says_so(closed):
    Assignment.objects.update(is_current=False)
    assert "hat noch kein Thema" in Client().get(page_of(closed)).content.decode()


def test_the_trail_leads_the_author_there_while_it_is_possible(closed):
    receipt = reverse("receipt", args=[closed.receipt.key])
    assert page_of(closed) in Client().get(receipt).content.decode()
    public = reverse("contribution", args=[closed.contribution.ref])
    assert "anliegen-fehlt" not in Client().get(public).content.decode()
    ConsultationRound.objects.update(status=RoundStatus.ANSWERED)
    assert page_of(closed) not in Client().get(receipt).content.decode()


def test_what_became_of_it_is_told(closed, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    other = make_staff(Role.COORDINATION)
    settle_by_explaining(objection=found, reason="Das steht im Anliegen.", actor=other, at=now)
    for url in (page_of(closed), reverse("receipt", args=[closed.receipt.key])):
        html = Client().get(url).content.decode()
        assert "Das steht im Anliegen." in html
        assert "Der Beitrag bleibt, wo er ist." in html


# --- the public page of themes -------------------------------------------------------------------


def _themes(round_) -> str:
    return Client().get(reverse("round_themes", args=[round_.ref])).content.decode()


def _part(html: str, anchor: str) -> str:
    return re.search(rf'aria-labelledby="{anchor}".*?</section>', html, re.DOTALL).group()


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


def _of(round_, now, texts: dict[str, str], title: str):
    rows = [make_contribution(round_, at=now, text=text) for text in texts]
    for row, language in zip(rows, texts.values(), strict=True):
        Contribution.objects.filter(pk=row.pk).update(language=language)
    return rows, title


def test_small_themes_and_points_of_one_language_have_a_fixed_place(round_, actor, now):
    planned = [
        _of(round_, now, {f"Deutsch {n}.": "de" for n in range(5)}, "Großes Thema"),
        _of(round_, now, {"Bir.": "tr", "Iki.": "tr"}, "Nur türkisch"),
        _of(round_, now, {"Üç.": "tr", "Drei.": "de"}, "Gemischt"),
        _of(round_, now, {"Odin.": "uk"}, "Allein ukrainisch"),
        _of(round_, now, {"???": "und"}, "Unerkannt"),
    ]
    closed = make_closed(round_)
    for rows, title in planned:
        make_theme(rows, title=title, actor=actor, at=now)
    html = Client().get(reverse("round_themes", args=[closed.ref]) + "?q=nichts").content.decode()
    rare = _part(html, "wenige")
    small, by_language = rare.split("Nur in einer Sprache gesagt")
    assert ("Nur türkisch" in small, "Gemischt" in small) == (True, True)
    assert ("Großes Thema" in rare, "Unerkannt" in rare) == (False, False)
    assert "Nur auf Türkisch" in by_language
    assert "Nur auf Ukrainisch" in by_language
    assert "Allein ukrainisch" in by_language
    assert "Gemischt" not in by_language
    assert "Nur auf Deutsch" not in by_language


def test_the_place_is_there_when_nobody_is_in_it(round_, actor, now):
    rows = [make_contribution(round_, at=now) for _number in range(4)]
    closed = make_closed(round_)
    make_theme(rows, title="Kurse", actor=actor, at=now)
    rare = _part(_themes(closed), "wenige")
    assert "jedes Thema mehr als drei Beiträge" in rare
    assert "kein Anliegen, das nur in einer anderen" in rare
    assert "Bisher steht kein Beitrag für sich allein." in _themes(closed)


def test_objections_are_counted_in_public_and_not_shown(closed, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    html = _themes(closed.round)
    assert "1 Einwand ist eingegangen: 0 haben etwas geändert, 0 sind mit Begründung" in html
    assert "1 ist offen" in html
    assert "Uhrzeit" not in html
    settle_by_explaining(
        objection=found, reason="Geheimer Grund.", actor=make_staff(Role.COORDINATION), at=now
    )
    html = _themes(closed.round)
    assert "1 ist mit Begründung geklärt" in html
    assert "Geheimer Grund." not in html


# --- the desk ------------------------------------------------------------------------------------


@pytest.fixture
def roles(settings):
    """Staff open the desk without a second factor."""
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def desk(closed, client, roles):
    client.force_login(
        make_staff(Role.COORDINATION), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _desk_url(name: str, chain: Chain, *args) -> str:
    return reverse(f"workshop:{name}", args=[chain.round.ref, *args])


def test_the_desk_lists_and_settles_objections(closed, desk, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    bench = desk.get(_desk_url("bench", closed)).content.decode()
    assert "1 Einwand ist offen" in bench
    assert "Uhrzeit" in desk.get(_desk_url("objections", closed)).content.decode()
    url = _desk_url("objection", closed, found.pk)
    assert TEXT in desk.get(url).content.decode()
    refused = desk.post(url, {"deed": "explained", "reason": ""})
    assert refused.status_code == 422
    assert "Begründen Sie, warum der Beitrag bleibt" in refused.content.decode()
    assert desk.post(url, {"deed": "explained", "reason": "Steht dort."}).status_code == 302
    found.refresh_from_db()
    assert found.status == ObjectionStatus.SETTLED


@pytest.mark.parametrize("deed", ["moved", "own_voice", "reworded", ""])
def test_a_deed_without_what_it_needs_is_asked_for_it(deed, closed, desk, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    response = desk.post(_desk_url("objection", closed, found.pk), {"deed": deed})
    assert response.status_code == 422
    found.refresh_from_db()
    assert found.status == ObjectionStatus.OPEN


def test_each_deed_of_the_desk_does_what_it_says(closed, desk, now, subtests):
    other = another_theme(closed)
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    url = _desk_url("objection", closed, found.pk)
    said = {"target": other.number, "title": "Neuer Name", "concern": "Satz.", "reason": ""}
    response = desk.post(url, {**said, "deed": "moved"})
    assert response.status_code == 302
    assert closed.contribution.assignments.get(is_current=True).theme == other
    again = file_objection(contribution=closed.contribution, text="Noch etwas.", at=now)
    url = _desk_url("objection", closed, again.pk)
    assert desk.post(url, {**said, "target": "", "deed": "reworded"}).status_code == 302
    other.refresh_from_db()
    assert other.title == "Neuer Name"
    # Settled once, the page has no form any more.
    assert "Einwand klären" not in desk.get(url).content.decode()


def another_theme(chain: Chain, title: str = "Anderes") -> Theme:
    row = next(row for row in chain.others if not row.assignments.exists())
    return make_theme([row], title=title, actor=chain.coordination, at=chain.at)


def test_who_put_it_there_is_not_offered_to_leave_it(closed, client, roles, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    client.force_login(closed.coordination, backend="django.contrib.auth.backends.ModelBackend")
    url = _desk_url("objection", closed, found.pk)
    assert "Nichts ändern und begründen" not in client.get(url).content.decode()
    assert client.post(url, {"deed": "explained", "reason": "Nein."}).status_code == 422


def test_the_desk_is_for_coordination_and_the_round_in_work(closed, client, desk, now):
    found = file_objection(contribution=closed.contribution, text=MISSING, at=now)
    ConsultationRound.objects.update(status=RoundStatus.ANSWERED)
    url = _desk_url("objection", closed, found.pk)
    assert "Einwand klären" not in desk.get(url).content.decode()
    assert desk.post(url, {"deed": "explained", "reason": "X"}).status_code in {302, 403}
    assert ThemeObjection.objects.get().status == ObjectionStatus.OPEN
    client.force_login(
        make_staff(Role.MODERATION), backend="django.contrib.auth.backends.ModelBackend"
    )
    for address in (url, _desk_url("objections", closed)):
        assert client.get(address).status_code in {302, 403}
    assert client.post(_desk_url("tell_authors", closed)).status_code in {302, 403}
    assert not Notice.objects.filter(template="understood").exists()


def test_authors_are_told_by_a_button(closed, desk):
    page = desk.get(_desk_url("objections", closed)).content.decode()
    assert "1 Person weiß noch nicht" in page
    assert desk.post(_desk_url("tell_authors", closed)).status_code == 302
    assert Notice.objects.filter(template="understood").count() == 1
    page = desk.get(_desk_url("objections", closed)).content.decode()
    assert "sind benachrichtigt" in page


def test_the_list_of_the_desk_asks_no_more_for_more_objections(closed, desk, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(_desk_url("objections", closed)).status_code == 200
        return len(captured)

    file_objection(contribution=closed.contribution, text=MISSING, at=now)
    queries()
    few = queries()
    for number in range(6):
        theme = another_theme(closed, f"Thema {number}")
        row = theme.assignments.get().contribution
        file_objection(contribution=row, text=MISSING, at=now + timedelta(minutes=number))
    assert queries() == few
