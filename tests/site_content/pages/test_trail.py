"""Everybody can follow a contribution; its author sees everything, also what is not public."""

import hashlib
import hmac
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Complaint, Contribution
from consult.contributions.services.moderation import (
    complain,
    decide,
    decide_complaint,
)
from consult.contributions.services.status import set_status
from consult.contributions.states import ComplaintOutcome, Measure, Rule, Visibility
from consult.evaluation.models import Response
from consult.evaluation.services.closing import close_round
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import start_pre_moderation
from drafts.actionplan.models import Measure as RunningMeasure
from drafts.actionplan.services import report_progress
from drafts.actionplan.states import MeasureStatus
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.receipt import picture_code
from site_content.pages.views import trail
from tests.consult.records.chain import NEW_WORDING, TEXT, Chain
from tests.factories import make_resident, make_staff

pytestmark = pytest.mark.django_db

REASON = "Beleidigt eine Nachbarin."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def chain(now) -> Chain:
    return Chain(at=now)


@pytest.fixture
def hiding(chain, now):
    return decide(
        contribution=chain.contribution,
        measure=Measure.HIDE,
        rule=Rule.INSULT,
        reason=REASON,
        actor=make_staff(Role.MODERATION),
        at=now,
    )


@pytest.fixture
def held(chain, now):
    start_pre_moderation(
        round_=chain.round,
        actor=chain.coordination,
        section_wid="",
        reason="Es gab Streit.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    return chain.hand_in(chain.author, "Noch ein Kurs.")


def _public(client, chain, status=200) -> str:
    response = client.get(reverse("contribution", args=[chain.contribution.ref]))
    assert response.status_code == status
    return unescape(response.content.decode())


def _receipt(client, receipt) -> str:
    response = client.get(reverse("receipt", args=[receipt.key]))
    assert response.status_code == 200
    return unescape(response.content.decode())


def _past_deadline(round_):
    ConsultationRound.objects.filter(pk=round_.pk).update(answer_due="2020-01-01")


# --- the public page -----------------------------------------------------------------------------


def test_a_fresh_contribution_says_what_comes_next(client, chain):
    content = _public(client, chain)
    assert TEXT in content
    assert "Ada am" in content
    assert "Ziel 1.1" in content
    assert "Als Nächstes: Die Stadt antwortet" in content
    assert chain.receipt.key not in content


def test_a_visitor_s_page_can_be_shared(client, chain):
    response = client.get(reverse("contribution", args=[chain.contribution.ref]))
    assert response["Cache-Control"].startswith("public")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not response.cookies


def test_the_whole_way_in_words(client, chain):
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    chain.confirm(chain.decide(chain.submit(edition)))
    report_progress(
        measure=RunningMeasure.objects.get(),
        status=MeasureStatus.RUNNING,
        note="Der erste Kurs hat begonnen.",
        actor=chain.coordination,
        at=chain.at,
    )
    content = _public(client, chain)
    order = [
        "Eingegangen",
        "Veröffentlicht",
        "Als Einzelstimme geführt",
        "Von der Stadt beantwortet",
        "Text geändert (Fassung 2)",
        "Entscheidung: Stadtverordnetenversammlung",
        "Maßnahme dazu",
    ]
    places = [content.index(f"{title}</h3>") for title in order]
    assert places == sorted(places)
    assert "Amt für Sprache" in content
    assert NEW_WORDING.split()[0] in re.search(r"<ins>(.*?)</ins>", content, re.S)[1]
    assert "Punkt 1: beschlossen" in content
    assert "Nach Niederschrift bestätigt am" in content
    assert "Der erste Kurs hat begonnen." in content
    assert "Als Nächstes" not in content


def test_a_provisional_decision_is_called_so(client, chain):
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    step = chain.submit(edition)
    assert "Als Nächstes: Entscheidung: Stadtverordnetenversammlung" in _public(client, chain)
    chain.decide(step)
    assert "vorläufig, Niederschrift steht aus" in _public(client, chain)


def test_a_promised_answer_that_is_late_is_called_late(client, chain):
    response = chain.request(chain.close())
    assert "überfällig" not in _public(client, chain)
    Response.objects.filter(pk=response.pk).update(due_on="2020-01-01")
    content = _public(client, chain)
    assert "Die Antwort der Stadt ist überfällig." in content
    assert "Zuständig: Amt für Sprache" in content


def test_a_closed_round_without_a_theme_names_the_day_of_the_answer(client, chain):
    close_round(round_=chain.round, actor=chain.coordination, at=chain.at)
    assert "Menschen ordnen jeden Beitrag zu." in _public(client, chain)
    _past_deadline(chain.round)
    assert "Versprochen war sie bis 1. Januar 2020." in _public(client, chain)


def test_a_changed_place_without_a_change_for_this_theme_is_explained(client, chain):
    other = chain.hand_in(make_resident(), "Bleibt.").contribution
    response = chain.answer(chain.close())
    chain.answer(chain.name_voice(other, "So lassen"))
    chain.revise(response)
    chain.contribution = other
    content = _public(client, chain)
    assert "Neue Fassung 2</h3>" in content
    assert "Der Grund dafür ist nicht die Antwort auf dieses Thema." in content
    assert "Als Nächstes: Der Text wird geändert" in content


def test_a_hidden_text_leaves_rule_date_and_reason(client, chain, hiding):
    content = _public(client, chain)
    assert TEXT not in content
    assert "Ada" not in content
    assert "R1: Niemanden beleidigen" in content
    assert REASON in content


@pytest.mark.parametrize("status", [Visibility.WITHDRAWN, Visibility.ERASED])
def test_a_text_that_was_taken_back_leaves_its_number(client, chain, status):
    set_status(contribution=chain.contribution, status=status, actor=None, at=timezone.now())
    content = _public(client, chain)
    assert TEXT not in content
    assert chain.contribution.ref in content


@pytest.mark.parametrize("ref", ["2020-R9-0001", "x%00y", "'", "%E2%80%AE"])
def test_an_unknown_number_leads_nowhere(client, chain, ref):
    assert client.get(f"/de/beitrag/{ref}/").status_code == 404


def test_a_held_text_is_not_there_for_others(client, chain, held):
    assert client.get(f"/de/beitrag/{held.contribution.ref}/").status_code == 404


def test_a_restored_text_shows_the_reason_to_its_author_alone(client, chain, hiding, now):
    complaint = complain(decision=hiding, text="Das stimmt nicht.", at=now)
    decide_complaint(
        complaint=complaint,
        outcome=ComplaintOutcome.REVERSED,
        reason="Sie haben recht.",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    public, own = _public(client, chain), _receipt(client, chain.receipt)
    assert "Wieder veröffentlicht" in public
    assert REASON not in public
    assert REASON in own
    assert "Sie haben recht." in own


def test_the_page_costs_the_same_however_many_say_the_same(client, chain):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            _public(client, chain)
        return len(captured)

    _public(client, chain)
    alone = queries()
    for number in range(3):
        chain.hand_in(make_resident(), f"Noch ein Kurs {number}.")
    assert queries() == alone


# --- the receipt ---------------------------------------------------------------------------------


def test_a_receipt_stays_with_its_holder(client, chain):
    response = client.get(reverse("receipt", args=[chain.receipt.key]))
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


def test_the_check_sum_can_be_recomputed_from_the_page(client, chain):
    content = _receipt(client, chain.receipt)
    line = re.search(r'id="zeile">(.*?)</p>', content, re.S)[1]
    check_sum, salt = re.findall(r'<dd class="mono" dir="ltr">([0-9a-f]+)</dd>', content)
    assert hmac.new(bytes.fromhex(salt), line.encode(), hashlib.sha256).hexdigest() == check_sum
    assert check_sum == Contribution.objects.get(pk=chain.contribution.pk).content_hmac
    assert TEXT in line


def test_spaces_around_the_words_do_not_spoil_the_check_sum(client, chain):
    receipt = chain.hand_in(make_resident(), "  \n Am Rand ist Platz. \n")
    content = _receipt(client, receipt)
    line = re.search(r'id="zeile">(.*?)</p>', content, re.S)[1]
    check_sum, salt = re.findall(r'<dd class="mono" dir="ltr">([0-9a-f]+)</dd>', content)
    assert hmac.new(bytes.fromhex(salt), line.encode(), hashlib.sha256).hexdigest() == check_sum


def test_the_picture_carries_the_link():
    code = picture_code("https://example.org/de/beleg/abc/")
    modules = [
        (int(x), int(y), int(width))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.outline)
    ]
    assert (2, 2, 7) in modules  # the finder pattern begins behind the quiet zone
    assert all(x + width <= code.size - 2 and y < code.size - 2 for x, y, width in modules)


def test_a_held_text_is_shown_to_its_holder_with_its_deadline(client, chain, held):
    content = _receipt(client, held)
    assert "Noch ein Kurs." in content
    assert "Warum: Es gab Streit." in content
    assert "Als Nächstes: Die Moderation entscheidet" in content
    Contribution.objects.filter(pk=held.contribution.pk).update(
        decide_by=timezone.now() - timedelta(hours=1)
    )
    assert "überfällig" in _receipt(client, held)


def test_a_held_text_that_was_published_says_that_somebody_read_it(client, chain, held, now):
    decide(
        contribution=held.contribution,
        measure=Measure.PUBLISH,
        rule="",
        reason="In Ordnung.",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    response = client.get(reverse("contribution", args=[held.contribution.ref]))
    content = response.content.decode()
    assert "Nach Prüfung durch die Moderation" in content
    assert "In Ordnung." not in content
    assert "In Ordnung." in _receipt(client, held)


def test_a_hidden_text_is_shown_to_its_holder(client, chain, hiding):
    content = _receipt(client, chain.receipt)
    assert TEXT in content
    assert "Sich über diese Entscheidung beschweren" in content


def test_the_number_opens_the_receipt_for_the_author_s_account_alone(client, chain, hiding):
    url = reverse("receipt", args=[chain.contribution.ref])
    assert client.get(url).status_code == 404
    client.force_login(make_resident())
    assert client.get(url).status_code == 404
    client.force_login(chain.author)
    assert TEXT in client.get(url).content.decode()
    public = client.get(reverse("contribution", args=[chain.contribution.ref]))
    assert public.url == url


@pytest.mark.parametrize("key", ["falsch", "x%00y", "2027-R1-0001"])
def test_a_wrong_key_opens_nothing(client, chain, key):
    client.force_login(make_resident())
    assert client.get(f"/de/beleg/{key}/").status_code == 404


# --- withdrawing ---------------------------------------------------------------------------------


def test_the_author_withdraws_after_being_asked(client, chain):
    client.force_login(chain.author)
    url = reverse("withdraw", args=[chain.receipt.key])
    assert url in _receipt(client, chain.receipt)
    assert TEXT in client.get(url).content.decode()
    assert chain.contribution.ref in Contribution.objects.published().values_list("ref", flat=True)
    response = client.post(url, follow=True)
    assert "Ihr Beitrag ist zurückgezogen." in response.content.decode()
    assert Contribution.objects.get(pk=chain.contribution.pk).status == Visibility.WITHDRAWN
    again = client.post(url)
    assert again.status_code == 409
    assert "schon zurückgezogen" in again.content.decode()


def test_the_holder_of_the_link_logs_in_to_withdraw(client, chain):
    url = reverse("withdraw", args=[chain.receipt.key])
    assert f"{reverse('account_login')}?next={url}" in _receipt(client, chain.receipt)
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"
    assert client.post(url).status_code == 409


def test_nobody_else_withdraws(client, chain):
    client.force_login(make_resident())
    url = reverse("withdraw", args=[chain.receipt.key])
    assert "Nur das Konto" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert Contribution.objects.get(pk=chain.contribution.pk).status == Visibility.PUBLISHED


def test_after_the_round_nothing_is_withdrawn(client, chain):
    chain.close()
    client.force_login(chain.author)
    url = reverse("withdraw", args=[chain.receipt.key])
    assert "zu Ende" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert url not in _receipt(client, chain.receipt)


def test_a_guest_withdraws_with_the_receipt_and_may_say_why(client, chain):
    Contribution.objects.filter(pk=chain.contribution.pk).update(participant=None)
    url = reverse("withdraw", args=[chain.receipt.key])
    assert url in _receipt(client, chain.receipt)
    assert "Grund (freiwillig)" in client.get(url).content.decode()
    response = client.post(url, {"reason": "Ich habe mich geirrt."}, follow=True)
    content = response.content.decode()
    assert "Ihr Beitrag ist zurückgezogen." in content
    assert "Ihr Grund: Ich habe mich geirrt." in content
    assert "Ich habe mich geirrt." not in _public(client, chain)
    assert client.post(url).status_code == 409


def test_nobody_withdraws_a_guest_s_contribution_by_its_number(client, chain):
    Contribution.objects.filter(pk=chain.contribution.pk).update(participant=None)
    client.force_login(make_resident())
    assert client.post(reverse("withdraw", args=[chain.contribution.ref])).status_code == 404


def test_the_way_says_on_which_day_a_text_was_taken_back(client, chain):
    later = timezone.now() - timedelta(days=3)
    for status in (Visibility.WITHDRAWN, Visibility.ERASED):
        set_status(contribution=chain.contribution, status=status, actor=None, at=later)
        [last] = re.findall(r"(?s)is-now.*?</li>", _receipt(client, chain.receipt))
        assert day(later) in last
        assert day(later) in _public(client, chain)


# --- complaining ---------------------------------------------------------------------------------


def test_the_holder_complains_once(client, chain, hiding):
    url = reverse("complain", args=[chain.receipt.key, hiding.pk])
    assert REASON in client.get(url).content.decode()
    response = client.post(url, {"text": "Das war keine Beleidigung."}, follow=True)
    assert "Ihre Beschwerde ist eingegangen." in response.content.decode()
    assert Complaint.objects.get().text == "Das war keine Beleidigung."
    assert client.get(url).status_code == 409
    assert client.post(url, {"text": "Noch einmal."}).status_code == 409
    assert Complaint.objects.count() == 1


def test_an_empty_complaint_is_asked_again(client, chain, hiding):
    url = reverse("complain", args=[chain.receipt.key, hiding.pk])
    content = client.post(url, {"text": " "}).content.decode()
    assert "Schreiben Sie mindestens einen Satz" in content
    assert not Complaint.objects.exists()


def test_after_six_months_it_is_too_late(client, chain, hiding):
    type(hiding).objects.update(complaint_until="2020-01-01")
    assert "endete am 1. Januar 2020" in _receipt(client, chain.receipt)
    url = reverse("complain", args=[chain.receipt.key, hiding.pk])
    assert client.post(url, {"text": "Doch."}).status_code == 409


def test_an_upheld_decision_is_told_with_its_reason(client, chain, hiding, now):
    complaint = complain(decision=hiding, text="Nein.", at=now)
    assert "Eine andere Person entscheidet darüber." in _receipt(client, chain.receipt)
    decide_complaint(
        complaint=complaint,
        outcome=ComplaintOutcome.UPHELD,
        reason="Es bleibt dabei.",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    assert "Es bleibt dabei." in _receipt(client, chain.receipt)


def test_one_complains_about_one_s_own_hiding_only(client, chain, hiding):
    other = chain.hand_in(make_resident(), "Etwas anderes.")
    assert client.get(reverse("complain", args=[other.key, hiding.pk])).status_code == 404
    far = reverse("complain", args=[chain.receipt.key, 10**30])
    assert client.get(far).status_code == 404


# --- finding one's own ---------------------------------------------------------------------------


def test_visitors_see_two_ways(client, chain):
    response = client.get(reverse("my_contributions"))
    content = response.content.decode()
    assert 'name="beleg"' in content
    assert reverse("account_login") in content
    assert response["Cache-Control"].startswith("public")
    assert "csrfmiddlewaretoken" not in content


def test_link_key_or_number_lead_to_the_contribution(client, chain):
    def find(text):
        return client.get(reverse("my_contributions"), {"beleg": text})

    receipt = reverse("receipt", args=[chain.receipt.key])
    for text in (f"http://testserver{receipt}", f"  {chain.receipt.key} ", receipt):
        assert find(text).url == receipt
    number = find(chain.contribution.ref)
    assert number.url == reverse("contribution", args=[chain.contribution.ref])
    assert find(chain.receipt.key)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("text", ["", "quatsch", "x" * 2_000, "a\x00b", "/beleg/falsch/"])
def test_what_is_not_found_is_said(client, chain, text):
    response = client.get(reverse("my_contributions"), {"beleg": text})
    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_a_held_text_is_not_betrayed_by_its_number(client, chain, held):
    response = client.get(reverse("my_contributions"), {"beleg": held.contribution.ref})
    assert "Dazu haben wir nichts gefunden." in response.content.decode()


def test_the_list_says_the_state_of_each(client, chain, held, hiding, now):
    client.force_login(chain.author)
    content = client.get(reverse("my_contributions")).content.decode()
    assert "2 Beiträge" in content
    assert "Die Moderation entscheidet bis" in content
    assert ">verborgen<" in content
    assert reverse("receipt", args=[held.contribution.ref]) in content


def test_the_list_follows_the_answer(client, chain):
    client.force_login(chain.author)

    def content():
        return client.get(reverse("my_contributions")).content.decode()

    assert "Die Stadt antwortet bis" in content()
    theme = chain.close()
    response = chain.request(theme)
    Response.objects.filter(pk=response.pk).update(due_on="2020-01-01")
    assert "Überfällig: Die Antwort war bis 1. Januar 2020 versprochen." in content()
    chain.answer(theme)
    assert "Die Stadt hat geantwortet: Übernommen." in content()


def test_an_empty_list_invites_to_read(client, chain):
    client.force_login(make_resident())
    assert "noch nichts geschrieben" in client.get(reverse("my_contributions")).content.decode()


def test_a_guest_s_contributions_belong_to_no_visitor(chain):
    Contribution.objects.filter(pk=chain.contribution.pk).update(participant=None)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert trail._own(request, chain.contribution.ref) is None
