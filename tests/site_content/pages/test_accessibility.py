"""What the law demands: the statement, the form for barriers, six weeks, an answer."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Site

from consult.participants.models import Notice
from consult.participants.states import ErasureScope, Role
from consult.project.discretion import discreet
from consult.records.models import BarrierReport
from consult.records.personal_data import personal_data_of
from consult.records.services.barriers import (
    KEPT_AFTER_ANSWER,
    BarrierStepRefused,
    _set_status,
    answer_barrier,
    barrier_token,
    clear_answered_barriers,
    report_barrier,
)
from consult.records.services.erasure import request_erasure, run_next_erasure
from consult.records.states import BARRIER_TRANSITIONS, BarrierStatus
from consult.records.tasks import tasks_of
from consult.rounds.services import NotPermitted
from site_content.pages.models import (
    AccessibilityGap,
    AccessibilityStatement,
    HomePage,
    SignLanguagePage,
)
from tests.factories import make_resident, make_staff
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db
WORDS = "Mein Vorleseprogramm liest die Karte nicht."


@pytest.fixture(autouse=True)
def _own_cache(settings):
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    moment = [now]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment


@pytest.fixture
def report(now) -> BarrierReport:
    return report_barrier(
        page="Karte", text=WORDS, contact="bea@example.org", language="de", at=now
    )


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


def page(url: str, client: Client | None = None) -> str:
    return (client or Client()).get(url).content.decode()


def test_every_page_leads_to_the_statement_and_to_the_form():
    foot = page(reverse("home")).split("<footer")[1]
    assert reverse("accessibility") in foot
    assert reverse("report_barrier") in foot


def test_the_statement_is_honest_before_anybody_has_filled_it_in():
    html = page(reverse("accessibility"))
    assert "teilweise vereinbar" in html
    assert "hat noch niemand förmlich geprüft" in html
    assert "Durchsetzungsstelle für barrierefreie Informationstechnik Ihres Landes" in html


def test_the_statement_says_what_the_settings_say(now):
    said = AccessibilityStatement.for_site(Site.objects.get())
    said.body, said.assessed_on, said.method = "LBIT Hessen", now.date(), "Mit Menschen geprüft."
    said.save()
    AccessibilityGap.objects.create(
        statement=said, what="Fremde Beiträge", why="Viele schreiben.", instead="Fragen Sie uns."
    )
    html = page(reverse("accessibility"))
    for words in ("LBIT Hessen", "10. Februar 2027", "Mit Menschen", "Fremde Beiträge", "Fragen"):
        assert words in html


def test_a_report_is_confirmed_with_its_date_on_a_page_of_its_own():
    client = Client()
    response = client.post(
        reverse("report_barrier"), {"text": WORDS, "page": "Karte", "contact": "bea@example.org"}
    )
    html = page(response.url, client)
    assert WORDS in html
    assert "Wir antworten bis 24. März 2027" in html
    mail = Notice.objects.get(template="barrier_received")
    assert (mail.email, mail.language) == ("bea@example.org", "de")
    assert mail.context["token"] in response.url


def test_without_an_address_the_link_is_enough():
    response = Client().post(reverse("report_barrier"), {"text": WORDS})
    assert WORDS in page(response.url)
    assert not Notice.objects.exists()


def test_words_are_kept_where_something_is_wrong():
    client = Client()
    response = client.post(reverse("report_barrier"), {"text": WORDS, "contact": "bea@"})
    assert response.status_code == 422
    assert "Prüfen Sie die E-Mail-Adresse." in response.content.decode()
    assert WORDS in page(reverse("report_barrier"), client)


def test_too_many_reports_from_one_place_are_refused(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "barrier": "1/h/ip"}
    client = Client()
    client.post(reverse("report_barrier"), {"text": WORDS})
    assert client.post(reverse("report_barrier"), {"text": WORDS}).status_code == 429
    assert BarrierReport.objects.count() == 1


def test_words_and_address_are_encrypted_and_the_link_is_not_logged(report):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM records_barrierreport AS row")
        [[row]] = cursor.fetchall()
    assert "Vorleseprogramm" not in row
    assert "bea@" not in row
    url = reverse("barrier", args=[barrier_token(report)])
    assert barrier_token(report) not in discreet(f"GET {url}")


def test_a_link_that_is_not_ours_opens_nothing(report):
    assert Client().get(reverse("barrier", args=["1:abc"])).status_code == 404


def test_after_six_weeks_the_page_says_that_we_are_late(report, clock, now):
    url = reverse("barrier", args=[barrier_token(report)])
    clock[0] = now + timedelta(weeks=6)
    assert "Überfällig." not in page(url)
    clock[0] = now + timedelta(weeks=6, days=1)
    assert "Überfällig." in page(url)
    assert reverse("accessibility") in page(url)


@pytest.mark.parametrize("before", BarrierStatus)
def test_a_report_takes_only_the_steps_of_the_table(before, report, actor, subtests):
    BarrierReport.objects.update(status=before, answer="Ja.")
    for after in BarrierStatus:
        with subtests.test(after=after), undone():
            report.refresh_from_db()
            if (before, after) in BARRIER_TRANSITIONS:
                _set_status(report, after, actor)
                assert BarrierReport.objects.get().status == after
            else:
                with nothing_written(), pytest.raises(BarrierStepRefused):
                    _set_status(report, after, actor)


def test_an_answer_is_written_once_by_the_office_and_told(report, actor, now):
    for stranger in (make_resident(), make_staff(Role.MODERATION)):
        with nothing_written(), pytest.raises(NotPermitted):
            answer_barrier(report=report, answer="Ja.", actor=stranger, at=now)
    with nothing_written(), pytest.raises(BarrierStepRefused):
        answer_barrier(report=report, answer=" ", actor=actor, at=now)
    answer_barrier(report=report, answer="Wir ändern das.", actor=actor, at=now)
    with nothing_written(), pytest.raises(BarrierStepRefused):
        answer_barrier(report=report, answer="Doch nicht.", actor=actor, at=now)
    assert Notice.objects.get(template="barrier_answered").context["answer"] == "Wir ändern das."
    assert "Wir ändern das." in page(reverse("barrier", args=[barrier_token(report)]))


def test_the_desk_counts_the_days_and_answers(report, actor, client, settings, clock, now):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    desk, one = reverse("barriers:desk"), reverse("barriers:one", args=[report.pk])
    assert "noch 42 Tage" in page(desk, client)
    clock[0] = now + timedelta(weeks=6, days=2)
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    assert "seit 2 Tagen überfällig" in page(desk, client)
    waiting = {task.label: task.count for task in tasks_of(actor, clock[0].date())}
    assert waiting["davon über der Frist von sechs Wochen"] == 1
    assert "bea@example.org" not in page(one, client)
    assert client.post(one, {"answer": ""}).status_code == 422
    assert client.post(one, {"answer": "Erledigt."}).status_code == 302
    assert "Erledigt." in page(one, client)
    assert "Antwort absenden" not in page(one, client)
    client.force_login(make_staff(Role.MODERATION))
    assert client.get(one).status_code in {302, 403}


def test_it_goes_a_year_after_the_answer(report, actor, now):
    answer_barrier(report=report, answer="Ja.", actor=actor, at=now)
    assert clear_answered_barriers(at=now + KEPT_AFTER_ANSWER - timedelta(days=1)) == 0
    assert clear_answered_barriers(at=now + KEPT_AFTER_ANSWER) == 1


def test_it_is_in_the_export_and_goes_with_the_account(now):
    person = make_resident()
    report_barrier(page="", text=WORDS, contact=person.email, language="de", at=now)
    [row] = personal_data_of(person, now)["barriers"]
    assert row["text"] == WORDS
    request_erasure(user=person, scope=ErasureScope.NAMES, at=now)
    run_next_erasure(at=now)
    assert not BarrierReport.objects.exists()


# --- sign language and easy language -------------------------------------------------------------


@pytest.fixture
def sign_page():
    home = HomePage.objects.get()
    found = home.add_child(
        instance=SignLanguagePage(
            title="Gebärdensprache", slug="gebaerdensprache", lede="Worum es geht.",
            transcript="<p>Sie können mitreden.</p>",
        )
    )  # fmt: skip
    found.save_revision().publish()
    return found


def test_the_start_page_leads_to_sign_language_where_there_is_a_page(sign_page):
    assert 'href="/de/gebaerdensprache/"' in page(reverse("home"))
    sign_page.unpublish()
    assert "gebaerdensprache" not in page(reverse("home"))


def test_without_a_video_the_page_says_so_and_gives_the_text(sign_page):
    html = page("/de/gebaerdensprache/")
    assert "Das Video ist noch nicht da." in html
    assert "Sie können mitreden." in html
    assert "<video" not in html


def test_a_video_has_captions_size_and_a_download(sign_page):
    video = Document.objects.create(title="V", file=ContentFile(b"0" * 2048, name="film.mp4"))
    captions = Document.objects.create(title="U", file=ContentFile(b"WEBVTT", name="film.vtt"))
    sign_page.video, sign_page.captions, sign_page.duration = video, captions, "3 Minuten"
    sign_page.save_revision().publish()
    html = page("/de/gebaerdensprache/")
    assert re.search(r'<source src="/documents/\d+/film\w*\.mp4"', html)
    assert re.search(r'<track kind="captions" src="/documents/\d+/film\w*\.vtt"', html)
    assert "3 Minuten" in html
    assert "Sie können mitreden." in html
    policy = Client().get("/de/gebaerdensprache/")["Content-Security-Policy"]
    assert "media-src 'self'" in policy
