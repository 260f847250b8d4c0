import re
import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from consult.contributions.models import (
    Ballot,
    Complaint,
    Contribution,
    PendingSubmission,
    Report,
)
from consult.contributions.services.commenting import Words, find_place, submit_as_guest
from consult.contributions.services.moderation import decide, report
from consult.contributions.services.notices import reporter_token
from consult.contributions.services.voting import own_votes
from consult.contributions.states import Choice, Measure, Rule, Visibility
from consult.participants.letters import subject_and_text
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.rounds.models import PreModeration
from consult.rounds.services import resume_round, start_pre_moderation, suspend_round
from drafts.editions.models import EditionGoal
from drafts.editions.selectors import section_data
from site_content.pages.views import writing
from tests.factories import make_contribution, make_resident, make_staff
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Limits and sent forms of another test, or of another run, do not count here."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    moment = [now]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment


@pytest.fixture
def url(round_):
    return reverse("comment", args=[round_.edition.number, "abschnitt-1"])


@pytest.fixture
def goal(round_):
    return round_.edition.goals.get(number="1.1")


@pytest.fixture
def vote_url(round_, goal):
    return reverse("vote", args=[round_.edition.number, goal.slug])


@pytest.fixture
def person():
    return make_resident("Anna aus Süd")


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(**changed):
    return {
        "stance": "idea",
        "text": "Es braucht Kurse am Samstag.",
        "display_name": "",
        "key": str(uuid.uuid4()),
        **changed,
    }


def guest_words(**changed):
    return words(email="gast@example.org", **changed)


# The form


def test_the_form_quotes_the_chosen_place(client, round_, url):
    block = section_data(round_.edition)[0]["text"]["blocks"][1]
    page = client.get(f"{url}?stelle={block['wid']}").content.decode()
    assert "Zu Absatz 2: „Zweiter Absatz von 1.“" in page
    assert 'value="Anna aus Süd"' in page


def test_the_form_for_a_guest_asks_for_an_address_and_is_never_shared(url):
    first = Client()
    response = first.get(url)
    assert 'type="email"' in response.content.decode()
    # Also when the visitor has a token already and no new cookie is set.
    assert "private" in response["Cache-Control"]
    assert "private" in first.get(url)["Cache-Control"]


def test_an_answer_shows_what_it_answers(client, round_, url, now, goal):
    first = make_contribution(round_, at=now, text="Wer zahlt das?", target_wid=goal.wid)
    page = client.get(f"{url}?antwort={first.ref}").content.decode()
    assert "Wer zahlt das?" in page
    assert "Zu Ziel 1.1" in page


@pytest.mark.parametrize(
    "query", ["stelle=gibt-es-nicht", "stelle=%00", "antwort=%00", "antwort=x"]
)
def test_a_place_that_is_gone_is_said(client, url, query):
    response = client.get(f"{url}?{query}")
    assert response.status_code == 409
    assert "ist nicht mehr da" in response.content.decode()


# Writing with an account


def test_a_contribution_leads_to_its_receipt(client, round_, url, person, goal):
    response = client.post(url, words(stelle=goal.wid, display_name="Anna"))

    contribution = Contribution.objects.get()
    assert re.fullmatch(r"/de/beleg/[\w-]{22}/", response.url)
    assert contribution.participant == person
    assert contribution.target_wid == goal.wid
    assert contribution.display_name == "Anna"
    receipt = client.get(response.url).content.decode()
    assert f"Ihr Beitrag ist da. Nummer {contribution.ref}." in receipt


def test_a_held_contribution_says_until_when(client, round_, url, now):
    PreModeration.objects.create(
        round=round_, reason="Streit", starts_at=now, ends_at=now + timedelta(days=1)
    )
    response = client.post(url, words())
    assert Contribution.objects.get().status == Visibility.HELD
    page = client.get(response.url).content.decode()
    assert "Donnerstag, 11. Februar 2027" in page


def test_an_answer_takes_the_place_of_what_it_answers(client, round_, url, now, goal):
    first = make_contribution(round_, at=now, target_wid=goal.wid)
    client.post(url, words(antwort=first.ref))
    answer = Contribution.objects.latest("pk")
    assert answer.target_wid == goal.wid
    assert answer.comment_row.parent_id == first.pk


def test_the_same_form_sent_twice_is_one_contribution(client, url):
    form = words()
    first, second = client.post(url, form), client.post(url, form)
    assert Contribution.objects.count() == 1
    assert second.url == first.url


def test_other_words_in_the_same_form_are_another_contribution(client, url):
    form = words()
    client.post(url, form)
    client.post(url, {**form, "text": "Und abends."})
    assert Contribution.objects.count() == 2


def test_a_form_that_is_being_received_is_not_received_again(client, url, monkeypatch):
    monkeypatch.setattr(writing, "_once_key", lambda *_: "this-form")
    cache.add("this-form", writing.IN_PROGRESS)

    response = client.post(url, words())

    assert response.status_code == 409
    assert "er zählt einmal" in response.content.decode()
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": " \r\n "}, "Schreiben Sie mindestens einen Satz."),
        ({"stance": ""}, "Wählen Sie, was Sie uns sagen möchten."),
        ({"stance": "spam"}, "Wählen Sie eine der vier Möglichkeiten."),
        ({"text": "a\x00b"}, "Ihr Text enthält ein Zeichen"),
        ({"text": "x" * 5001}, "Ihr Text hat 5001 Zeichen, möglich sind 5000."),
        ({"display_name": "n" * 61}, "höchstens 60 Zeichen"),
        ({"website": "http://spam.example"}, "Lassen Sie dieses Feld leer"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, url, changed, said):
    response = client.post(url, words(**{"text": "Mein langer Text.", **changed}))
    page = response.content.decode()

    assert response.status_code == 422
    assert page.count(said) >= (1 if "website" in changed else 2)  # summary and field
    assert 'role="alert"' in page
    if "text" not in changed:
        assert "Mein langer Text." in page
    assert not Contribution.objects.exists()


def test_links_of_the_summary_lead_to_the_fields(client, url):
    page = client.post(url, words(text="", stance="")).content.decode()
    for target in re.findall(r'<li><a href="#([^"]+)">', page):
        assert f'id="{target}"' in page
    assert 'aria-invalid="true"' in page


def test_a_line_break_counts_as_one_character(client, url):
    text = "\r\n".join(["x" * 99] * 50)
    assert client.post(url, words(text=text)).status_code == 302
    assert len(Contribution.objects.get().comment_row.comment) == 4999


def test_after_the_round_the_typed_text_is_given_back(client, round_, url):
    make_closed(round_)
    response = client.post(url, words(text="Zu spät, aber wichtig."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Die Beteiligung endete am" in page
    assert "Zu spät, aber wichtig." in page


def test_nobody_answers_the_second_answer(client, round_, url, now):
    first = make_contribution(round_, at=now)
    second = make_contribution(round_, at=now, reply_to=first)
    third = make_contribution(round_, at=now, reply_to=second)
    response = client.post(url, words(antwort=third.ref))
    assert "Auf diese Antwort kann man nicht mehr antworten." in response.content.decode()
    assert Contribution.objects.count() == 3


def test_an_account_has_a_limit_and_loses_nothing_by_it(client, url, settings):
    settings.ACCOUNT_RATE_LIMITS = {"comment": "2/h/user"}
    for number in range(2):
        assert client.post(url, words(text=f"Text {number}")).status_code == 302
    response = client.post(url, words(text="Der dritte Text."))
    assert response.status_code == 429
    assert "Der dritte Text." in response.content.decode()
    assert Contribution.objects.count() == 2


def test_the_limits_are_set(settings):
    assert set(settings.ACCOUNT_RATE_LIMITS) >= {"comment", "guest_comment", "report"}


def test_markup_in_words_stays_words(client, url, round_):
    client.post(url, words(text="<script>alert(1)</script>", display_name="<b>x</b>"))
    page = client.get(
        reverse("section", args=[round_.edition.number, "abschnitt-1"])
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


# Writing without an account


def test_a_guest_confirms_and_only_then_it_counts(url):
    guest = Client()
    response = guest.post(url, guest_words())
    assert "Bitte bestätigen Sie Ihren Beitrag" in guest.get(response.url).content.decode()
    assert not Contribution.objects.exists()

    mail = subject_and_text(Notice.objects.get(template="confirm_contribution"))[1]
    link = re.search(r"http://[^/]+(/de/bestaetigen/\S+)", mail)[1]
    page = guest.get(link).content.decode()
    assert "Es braucht Kurse am Samstag." in page
    assert not Contribution.objects.exists()

    receipt = guest.post(link)
    assert receipt.url.startswith("/de/beleg/")
    assert Contribution.objects.get().participant is None
    again = guest.post(link)
    assert again.status_code == 410
    assert "Dieser Link gilt nicht mehr" in again.content.decode()
    assert guest.get(link).status_code == 410
    assert Contribution.objects.count() == 1


def test_a_guest_form_sent_twice_sends_one_mail(url):
    guest, form = Client(), guest_words()
    guest.post(url, form)
    guest.post(url, form)
    assert PendingSubmission.objects.count() == 1


@pytest.mark.parametrize("email", ["", "keine-adresse"])
def test_a_guest_needs_an_address(url, email):
    response = Client().post(url, {**guest_words(), "email": email})
    assert response.status_code == 422
    assert "Es braucht Kurse am Samstag." in response.content.decode()
    assert not PendingSubmission.objects.exists()


def test_an_address_is_not_written_to_without_end(url, settings):
    settings.ACCOUNT_RATE_LIMITS = {"guest_comment": "60/h/ip,2/h/key"}
    answers = [
        Client().post(url, guest_words(text=f"Text {number}")).status_code for number in range(3)
    ]
    assert answers == [302, 302, 429]


def test_a_link_after_its_time_says_so(round_, url, clock, now):
    guest = Client()
    guest.post(url, guest_words())
    token = re.search(r"bestaetigen/(\S+)/", subject_and_text(Notice.objects.get())[1])[1]
    clock[0] = round_.closes_at + timedelta(hours=47)
    assert guest.get(reverse("confirm", args=[token])).status_code == 200
    clock[0] = round_.closes_at + timedelta(hours=49)
    assert guest.get(reverse("confirm", args=[token])).status_code == 410


def test_confirming_when_the_answered_text_is_gone_is_explained(round_, url, now):
    from consult.contributions.services.commenting import Words, find_place
    from consult.contributions.services.withdrawing import withdraw

    author = make_resident()
    first = make_contribution(round_, at=now, participant=author)
    token = submit_as_guest(
        place=find_place(round_.edition, first.section_wid),
        words=Words("Dazu noch etwas.", "idea", reply_to=first.ref),
        email="gast@example.org",
        language="de",
        at=now,
    )
    withdraw(contribution=first, actor=author, at=now)
    response = Client().post(reverse("confirm", args=[token]))
    assert response.status_code == 409
    assert "ist nicht mehr da" in response.content.decode()


# Voting


def test_a_vote_is_counted_replaced_and_leads_back(client, round_, vote_url, person, goal):
    back = f"/de/konzept/fassung-1/abschnitt-1/#{goal.slug}"
    assert client.post(vote_url, {"choice": Choice.AGREE, "next": back}).url == back
    client.post(vote_url, {"choice": Choice.PASS})

    assert Ballot.objects.count() == 1
    assert own_votes(round_=round_, participant=person, goal_wids=[goal.wid]) == {
        goal.wid: Choice.PASS
    }
    page = client.get(vote_url).content.decode()
    assert "Sie haben „Weiß nicht“ gewählt." in page
    assert page.count('aria-pressed="true"') == 1


@pytest.mark.parametrize(
    "target", ["https://böse.example/", "//example.org/", "javascript:alert(1)"]
)
def test_a_vote_never_leads_to_another_site(client, vote_url, target):
    assert client.post(vote_url, {"choice": Choice.AGREE, "next": target}).url == vote_url


def test_a_visitor_is_told_how_to_vote_and_comes_back(vote_url):
    page = unquote(Client().get(vote_url).content.decode())
    assert "Zum Abstimmen brauchen Sie ein Konto." in page
    assert f"{reverse('account_login')}?next={vote_url}" in page
    assert f"{reverse('account_signup')}?next={vote_url}" in page

    response = Client().post(vote_url, {"choice": Choice.AGREE})
    assert response.url.startswith(reverse("account_login"))
    assert not Ballot.objects.exists()


def test_an_unknown_choice_counts_nothing(client, vote_url):
    assert client.post(vote_url, {"choice": "maybe"}).url == vote_url
    assert not Ballot.objects.exists()


def test_no_vote_on_a_fixed_goal(client, vote_url, goal):
    EditionGoal.objects.filter(pk=goal.pk).update(openness="fixed")
    for response in (client.get(vote_url), client.post(vote_url, {"choice": Choice.AGREE})):
        assert response.status_code == 409
        assert "Dieses Ziel steht fest" in response.content.decode()
    assert not Ballot.objects.exists()


def test_no_vote_after_the_round(client, round_, vote_url):
    make_closed(round_)
    response = client.post(vote_url, {"choice": Choice.AGREE})
    assert response.status_code == 409
    assert "Ihre Stimme wurde nicht gezählt." in response.content.decode()
    assert "vote__btn" not in client.get(vote_url).content.decode()
    assert not Ballot.objects.exists()


# Reporting


def test_anybody_can_report(round_, now):
    contribution = make_contribution(round_, at=now)
    url, visitor = reverse("report", args=[contribution.ref]), Client()

    response = visitor.post(url, {"rule": "R1", "text": "Beleidigt uns.", "contact": ""})

    report = Report.objects.get()
    assert (report.contribution, report.rule) == (contribution, "R1")
    assert "Ihre Meldung ist angekommen" in visitor.get(response.url).content.decode()
    contribution.refresh_from_db()
    assert contribution.status == Visibility.PUBLISHED


@pytest.mark.parametrize(
    "changed", [{"rule": ""}, {"text": ""}, {"contact": "x"}, {"website": "y"}, {"text": "a\x00"}]
)
def test_an_incomplete_report_is_not_filed(round_, now, changed):
    url = reverse("report", args=[make_contribution(round_, at=now).ref])
    form = {"rule": "R1", "text": "Beleidigt uns.", "contact": "", **changed}
    response = Client().post(url, form)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Report.objects.exists()


def test_what_nobody_can_read_cannot_be_reported(round_, now):
    from consult.contributions.services.withdrawing import withdraw

    author = make_resident()
    contribution = make_contribution(round_, at=now, participant=author)
    withdraw(contribution=contribution, actor=author, at=now)
    assert Client().get(reverse("report", args=[contribution.ref])).status_code == 404


def test_reports_have_a_limit(round_, now, settings):
    settings.ACCOUNT_RATE_LIMITS = {"report": "1/h/ip"}
    url = reverse("report", args=[make_contribution(round_, at=now).ref])
    form = {"rule": "R1", "text": "Beleidigt uns."}
    assert [Client().post(url, form).status_code for _ in range(2)] == [302, 429]


def test_whoever_reported_reads_the_decision_and_complains_once(round_, now):
    moderators = [make_staff(Role.MODERATION) for _ in range(2)]
    found = make_contribution(round_, at=now)
    filed = report(
        contribution=found, rule=Rule.HATE, text="Hetze.", contact="melder@example.org", at=now
    )
    url = reverse("report_decision", args=[reporter_token(filed)])
    assert Client().get(url).status_code == 404
    decide(
        contribution=found, measure=Measure.NONE, rule="", reason="Das ist eine Meinung.",
        actor=moderators[0], at=now,
    )  # fmt: skip
    content = Client().get(url).content.decode()
    assert "Das ist eine Meinung." in content
    assert "Der Beitrag ist zu lesen." in content
    assert Client().post(url, {"text": ""}).status_code == 422
    done = Client().post(url, {"text": "Doch, das ist Hetze."}, follow=True).content.decode()
    assert "Ihre Beschwerde ist eingegangen." in done
    assert "Beschwerde absenden" not in done
    assert Complaint.objects.get().report == filed
    assert Client().get(f"{url[:-2]}x/").status_code == 404


# A round that is suspended or pre-moderated


def test_a_suspended_round_says_why_and_takes_nothing(round_, url, vote_url, goal, now):
    coordination = make_staff(Role.COORDINATION)
    suspend_round(round_=round_, reason="Der Server zieht um.", actor=coordination, at=now)
    why = "Die Beteiligung ist unterbrochen: Der Server zieht um."
    section = reverse("section", args=[round_.edition.number, "abschnitt-1"])
    for address in (reverse("home"), section, url):
        assert why in Client().get(address).content.decode()
    client = Client()
    client.force_login(make_resident())
    sent = client.post(url, {"text": "Mein Satz.", "stance": "idea"})
    assert sent.status_code == 409
    assert "Mein Satz." in sent.content.decode()
    voted = client.post(vote_url, {"choice": Choice.AGREE})
    assert voted.status_code == 409
    assert why in voted.content.decode()
    assert not Contribution.objects.exists()
    assert not Ballot.objects.exists()


def test_a_guest_confirms_when_a_suspended_round_goes_on(round_, now):
    token = submit_as_guest(
        place=find_place(round_.edition, round_.edition.sections.get().wid),
        words=Words(text="Mein Satz.", stance="idea"),
        email="gast@example.org",
        language="de",
        at=now,
    )
    coordination = make_staff(Role.COORDINATION)
    suspend_round(round_=round_, reason="Der Server zieht um.", actor=coordination, at=now)
    link = reverse("confirm", args=[token])
    refused = Client().post(link)
    assert refused.status_code == 409
    assert "Ihr Link gilt weiter" in refused.content.decode()
    assert not Contribution.objects.exists()
    resume_round(round_=round_, actor=coordination, at=now)
    assert Client().post(link).status_code == 302
    assert Contribution.objects.get().ref.endswith("-0001")


def test_reason_and_end_of_a_pre_moderation_stand_where_people_write(round_, url, now):
    start_pre_moderation(
        round_=round_, actor=make_staff(Role.COORDINATION), reason="Viele Beleidigungen.",
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1),
    )  # fmt: skip
    section = reverse("section", args=[round_.edition.number, "abschnitt-1"])
    for address in (section, url):
        content = Client().get(address).content.decode()
        assert "Bis Donnerstag, 11. Februar 2027, 10:30 Uhr liest die Moderation" in content
        assert "Viele Beleidigungen." in content


# Mails


@pytest.mark.parametrize(
    "template",
    [
        "confirm_contribution", "receipt", "moderation_hide", "moderation_restore",
        "moderation_publish", "complaint_decided", "report_decided",
        "report_complaint_decided",
    ],
)  # fmt: skip
def test_mails_have_a_subject_and_words_as_they_were_written(template):
    context = {
        "ref": "2027-R1-0001",
        "key": "KEY",
        "token": "TOKEN",
        "text": "Ich & <Du>",
        "reason": "Ich & <Du>",
        "outcome": "partly",
        "department": "Amt",
        "theme": "Kurse",
        "held": False,
        "rule": "R1",
    }
    subject, body = subject_and_text(Notice(template=template, context=context))
    assert subject
    assert "\n" not in subject
    assert "/de/" in body
    says_why = template not in {"receipt", "confirm_contribution"}
    assert ("Ich & <Du>" in body) == says_why


def test_nobody_has_the_city_send_their_words_to_somebody_else(url):
    Client().post(url, guest_words(text="Gewinnen Sie auf https://boese.example ein Auto!"))
    notice = Notice.objects.get(template="confirm_contribution")
    assert "boese.example" not in str(notice.context)
    assert "boese.example" not in "".join(subject_and_text(notice))
