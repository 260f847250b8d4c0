"""Residents' suggestions on public pages: form, difference, list, support, own page, credit."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import (
    Contribution,
    PendingSubmission,
    Suggestion,
    SuggestionBundle,
    SuggestionSupport,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.suggestions import support_suggestion
from consult.contributions.states import Kind, Measure, Rule
from consult.evaluation.services.revision import prepare_revision, release_next_edition
from consult.evaluation.services.suggestions import adopt_suggestion, decline_suggestion
from consult.participants.letters import subject_and_text
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.records.services.erasing import erase_contribution
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.concept.states import Openness
from drafts.editions.selectors import section_data
from tests.factories import (
    make_concept,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.conversation import make_suggestion
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db
FIRST = "Erster Absatz von 1."
NEW = "Erster Absatz, der jetzt mehr sagt."


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
def round_(now):
    return make_open_round(at=now)


@pytest.fixture
def block(round_):
    (section,) = section_data(round_.edition)
    return section["text"]["blocks"][0]["wid"]


@pytest.fixture
def url(round_):
    return reverse("suggest", args=[round_.edition.number, "abschnitt-1"])


@pytest.fixture
def section_url(round_):
    return reverse("section", args=[round_.edition.number, "abschnitt-1"])


@pytest.fixture
def person(client):
    person = make_resident("Anna aus Süd")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def _sent(block, **changed) -> dict[str, str]:
    given = {
        "stelle": block, "was": "aendern", "grundlage": content_hash(FIRST), "new_text": NEW,
        "text": "Weil es klarer ist.", "display_name": "Anna aus Süd", "key": str(uuid.uuid4()),
    }  # fmt: skip
    return {**given, **changed}


def _read(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


# --- the form ----------------------------------------------------------------------------------


def test_the_form_has_the_present_wording_filled_in(client, url, block):
    page = client.get(url, {"stelle": block})
    assert page.context["form"]["new_text"].value() == FIRST
    assert f">\n{FIRST}</textarea>" in page.content.decode()
    assert "Zu Absatz 1" in _read(page)
    inserting = client.get(url, {"stelle": block, "was": "einfuegen"})
    assert inserting.context["form"]["new_text"].value() == ""
    assert "Nach dieser Stelle" in _read(inserting)
    striking = client.get(url, {"stelle": block, "was": "streichen"})
    assert 'name="new_text"' not in striking.content.decode()
    assert "Diese Stelle soll wegfallen" in _read(striking)


def test_a_person_with_an_account_proposes_at_once(client, url, block, person):
    answer = client.post(url, _sent(block, credit="on"), follow=True)
    found = Contribution.objects.get()
    assert (found.kind, found.stance, found.participant) == (Kind.SUGGESTION, "idea", person)
    assert (found.suggestion.new_text, found.suggestion.credit_agreed) == (NEW, True)
    said = _read(answer)
    assert found.ref in said
    assert "Gestrichen:" in said
    assert "Eingefügt:" in said


def test_sent_twice_it_counts_once(client, url, block, person):
    sent = _sent(block)
    first, second = (client.post(url, sent) for _time in range(2))
    assert first.url == second.url
    assert Suggestion.objects.count() == 1


def test_a_guest_confirms_what_the_mail_leads_to(client, url, block):
    answer = client.post(url, _sent(block, email="gast@example.org"))
    assert answer.url.endswith("gesendet=1")
    form = client.get(url, {"stelle": block}).context["form"]
    assert (form["text"].label, "email" in form.fields) == ("Warum?", True)
    assert "stance" not in form.fields
    pending = PendingSubmission.objects.get()
    assert pending.payload["proposal"]["new_text"] == NEW
    token = Notice.objects.get().context["token"]
    page = client.get(reverse("confirm", args=[token]))
    assert "Eingefügt:" in _read(page)
    client.post(reverse("confirm", args=[token]))
    assert Suggestion.objects.get().new_text == NEW


def test_looking_at_the_difference_sends_nothing_and_loses_nothing(client, url, block, person):
    page = client.post(url, _sent(block, ansehen="1", text="Halb ferti"))
    assert page.status_code == 200
    said = _read(page)
    assert "Ihr Vorschlag im Vergleich" in said
    assert "Eingefügt: , der jetzt mehr sagt" in said or "Eingefügt:" in said
    assert page.context["form"]["text"].value() == "Halb ferti"
    assert page.context["form"]["new_text"].value() == NEW
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"new_text": FIRST}, "Ihr Vorschlag lautet wie der jetzige Text."),
        ({"new_text": " "}, "Schreiben Sie den neuen Wortlaut."),
        ({"new_text": "a" * 5_001}, "Ihr Wortlaut ist zu lang."),
        ({"new_text": "a\x00b"}, "ein Zeichen, das wir nicht speichern können"),
        ({"text": ""}, "Sagen Sie in einem Satz, warum."),
        ({"grundlage": content_hash("Alt.")}, "ist nicht mehr der, den Sie geändert haben"),
        ({"credit": "on", "display_name": ""}, "Tragen Sie den Namen ein"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_typed(client, url, block, person, changed, said):
    sent = _sent(block, **changed)
    page = client.post(url, sent)
    assert page.status_code == 422
    assert said in _read(page)
    for name in ("new_text", "text"):
        assert page.context["form"][name].value().replace("\r\n", "\n") == sent[name]
    assert not Contribution.objects.exists()


def test_after_the_text_has_moved_on_it_can_be_sent_again(client, url, block, person):
    page = client.post(url, _sent(block, grundlage=content_hash("Alt.")))
    again = {name: page.context["form"][name].value() for name in _sent(block)}
    assert again["grundlage"] == content_hash(FIRST)
    client.post(url, again)
    assert Suggestion.objects.get().new_text == NEW


def test_a_fixed_goal_says_why_and_keeps_what_was_typed(client, now, person):
    concept = make_concept()
    GoalPage.objects.update(openness=Openness.FIXED, openness_reason="Das steht im Schulgesetz.")
    round_ = make_open_round(at=now, edition=make_edition(concept, at=now - timedelta(days=1)))
    goal = round_.edition.goals.get()
    url = reverse("suggest", args=[round_.edition.number, "abschnitt-1"])
    page = client.post(url, _sent(goal.wid))
    assert page.status_code == 409
    assert "Das steht im Schulgesetz." in _read(page)
    assert NEW in _read(page)
    section = client.get(reverse("section", args=[round_.edition.number, "abschnitt-1"]))
    assert f"?stelle={goal.wid}" in section.content.decode()
    assert f"{url}?stelle={goal.wid}" not in section.content.decode()


@pytest.mark.parametrize("place", ["", "nirgends", "mit\x00null"])
def test_a_place_that_is_none_leads_back(client, url, place):
    assert client.get(url, {"stelle": place}).status_code == 409


def test_an_older_edition_leads_to_the_text_that_holds_now(client, round_, url, block, now, clock):
    actor = make_staff(Role.COORDINATION)
    make_closed(round_)
    goal = GoalPage.objects.get()
    goal.wording = "Neu."
    goal.save_revision().publish()
    second = _next_edition(round_, actor, round_.closes_at)
    make_open_round(at=round_.closes_at, edition=second, actor=actor)
    clock[0] = round_.closes_at
    page = client.post(url, _sent(block))
    said = _read(page)
    assert page.status_code == 409
    assert "Inzwischen gilt Fassung 2." in said
    assert NEW in said
    there = re.search(r'class="btn" href="([^"]+)"', page.content.decode()).group(1)
    assert "fassung-2" in there
    assert client.get(unescape(there)).context["form"]["new_text"].value() == FIRST


def _next_edition(round_, actor, at, **_said):
    from consult.evaluation.services.revision import add_cause
    from consult.evaluation.states import Cause

    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if page.has_unpublished_changes:
            page.get_latest_revision().publish()
    revision = prepare_revision(from_edition=round_.edition, round_=round_, actor=actor, at=at)
    for change in revision.changes.filter(causes=None):
        add_cause(change=change, kind=Cause.EDITORIAL, note="Klarer.", actor=actor, at=at)
    return release_next_edition(revision=revision, title="Zwei", origin="Amt", actor=actor, at=at)


# --- beside the text -----------------------------------------------------------------------------


def test_suggestions_stand_folded_beside_their_place(client, round_, section_url, block, now):
    for number in range(4):
        make_suggestion(round_, at=now, new_text=f"Wortlaut {number}.")
    make_suggestion(round_, at=now, new_text="Wortlaut 0.")
    page = client.get(section_url)
    said = _read(page)
    assert "4 Vorschläge zum Wortlaut" in said
    assert "Alle Vorschläge mit ihren Gründen" in said
    assert page.content.decode().count('class="post suggestion"') == 3
    assert reverse("suggest", args=[1, "abschnitt-1"]) in page.content.decode()


def test_a_bundle_of_132_is_one_entry_with_its_number(client, round_, section_url, now):
    for _number in range(132):
        make_suggestion(round_, at=now, new_text=NEW)
    page = client.get(section_url)
    assert "1 Vorschlag zum Wortlaut" in _read(page)
    assert "132 Personen schlagen das vor" in _read(page)
    listed = client.get(reverse("suggestions", args=[1, "abschnitt-1"]))
    assert listed.content.decode().count('class="post suggestion"') == 1
    assert "Noch 129 Beiträge mit demselben Vorschlag" in _read(listed)


def test_hidden_erased_and_withdrawn_wordings_are_gone_from_every_page(
    client, round_, section_url, now, clock
):
    hidden = make_suggestion(round_, at=now, new_text="Böse Worte.")
    erased = make_suggestion(round_, at=now, new_text="Gelöschte Worte.")
    decide(
        contribution=hidden, measure=Measure.HIDE, rule=Rule.INSULT, reason="Beleidigt.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    erase_contribution(contribution=erased, actor=None, at=now)
    assert SuggestionBundle.objects.filter(new_text="Gelöschte Worte.").count() == 0
    pages = [
        section_url,
        reverse("suggestions", args=[1, "abschnitt-1"]),
        *(reverse("contribution", args=[found.ref]) for found in (hidden, erased)),
    ]
    for address in pages:
        said = _read(client.get(address))
        assert "Böse" not in said
        assert "Gelöschte" not in said
    assert client.get(reverse("support", args=[hidden.ref])).status_code == 404


def test_one_person_s_words_stay_with_the_others_when_erased(client, round_, now):
    first, second = (make_suggestion(round_, at=now, new_text=NEW) for _number in range(2))
    erase_contribution(contribution=first, actor=None, at=now)
    said = _read(client.get(reverse("suggestions", args=[1, "abschnitt-1"])))
    assert "1 Person schlägt das vor" in said
    assert second.ref in said
    assert first.ref not in said


def test_the_difference_is_marked_for_eyes_and_ears(client, round_, now):
    found = make_suggestion(round_, at=now, new_text="Erster Satz von 1.")
    html = client.get(reverse("contribution", args=[found.ref])).content.decode()
    flat = re.sub(r"\s+", " ", html)
    assert '<del><span class="vh">Gestrichen: </span>Absatz<span class="vh">' in flat
    assert '<ins><span class="vh">Eingefügt: </span>Satz<span class="vh">' in flat
    assert "<dt>Bisher</dt>" in flat
    assert ">Erster Satz von 1.</dd>" in flat


def test_hostile_wording_is_text(client, round_, section_url, now):
    hostile = '<script>alert("x")</script>{wording}{{ 7|add:7 }}'
    found = make_suggestion(round_, at=now, new_text=hostile, op="insert")
    for address in (section_url, reverse("contribution", args=[found.ref])):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html
        assert "{wording}{{ 7|add:7 }}" in unescape(html)


def test_shared_pages_carry_no_token_and_lead_to_forms(round_, section_url, now):
    found = make_suggestion(round_, at=now)
    for address in (section_url, reverse("suggestions", args=[1, "abschnitt-1"])):
        page = Client().get(address)
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert not page.cookies
        assert reverse("support", args=[found.ref]) in page.content.decode()


def test_the_order_is_fair_while_people_take_part_then_by_people(client, round_, now, clock):
    bundles = [
        make_suggestion(round_, at=now, new_text=f"Wortlaut {number}.").suggestion.bundle
        for number in range(6)
    ]
    for _supporter in range(3):
        support_suggestion(bundle=bundles[4], participant=make_resident(), at=now)
    address = reverse("suggestions", args=[1, "abschnitt-1"])
    first, again = (_order(client, address) for _time in range(2))
    assert first == again
    assert "unterstützen das" not in _read(client.get(address))
    days = set()
    for number in range(1, 9):
        clock[0] = now + timedelta(days=number)
        days.add(tuple(_order(client, address)))
    assert len(days) > 2
    make_closed(round_)
    clock[0] = round_.closes_at
    assert _order(client, address)[0] == bundles[4].suggestions.get().contribution.ref
    assert "3 weitere Personen unterstützen das" in _read(client.get(address))


def _order(client, address) -> list[str]:
    return re.findall(r'id="v-([^"]+)"', client.get(address).content.decode())


def test_queries_do_not_grow_with_suggestions(client, round_, section_url, now, person):
    numbers = []
    for amount in (2, 12):
        for number in range(amount):
            made = make_suggestion(round_, at=now, new_text=f"Wortlaut {amount} {number}.")
            support_suggestion(bundle=made.suggestion.bundle, participant=make_resident(), at=now)
        for address in (section_url, reverse("suggestions", args=[1, "abschnitt-1"])):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]


# --- support -----------------------------------------------------------------------------------


def test_support_needs_an_account_and_counts_once(client, round_, now):
    found = make_suggestion(round_, at=now)
    address = reverse("support", args=[found.ref])
    page = client.get(address)
    assert "Zum Unterstützen brauchen Sie ein Konto." in _read(page)
    assert "login" in client.post(address).url
    assert not SuggestionSupport.objects.exists()
    client.force_login(make_resident(), backend="django.contrib.auth.backends.ModelBackend")
    for _click in range(2):
        answer = client.post(address, {"next": "/de/konzept/"})
        assert answer.url == "/de/konzept/"
    assert SuggestionSupport.objects.count() == 1
    own = client.get(reverse("contribution", args=[found.ref])).content.decode()
    assert 'aria-pressed="true"' in own
    client.post(address, {"zurueck": "1"})
    assert not SuggestionSupport.objects.exists()


def test_support_never_leads_to_another_site(client, round_, now, person):
    found = make_suggestion(round_, at=now)
    answer = client.post(reverse("support", args=[found.ref]), {"next": "https://boese.example/"})
    assert answer.url == reverse("contribution", args=[found.ref])


def test_what_cannot_be_supported_says_why(client, round_, now, clock, person):
    own = make_suggestion(round_, at=now, participant=person)
    page = client.post(reverse("support", args=[own.ref]))
    assert (page.status_code, "selbst vorgeschlagen" in _read(page)) == (409, True)
    make_closed(round_)
    clock[0] = round_.closes_at
    client.force_login(make_resident(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("support", args=[own.ref]))
    assert (page.status_code, "solange die Beteiligung läuft" in _read(page)) == (409, True)
    assert "gerade nicht unterstützen" in _read(client.get(reverse("support", args=[own.ref])))


@pytest.mark.parametrize("ref", ["2027-R1-9999", "x\x00y"])
def test_there_is_nothing_to_support_behind_an_unknown_number(client, ref, db):
    assert client.get(reverse("support", args=[ref])).status_code == 404


# --- what became of it ---------------------------------------------------------------------------


def test_the_author_reads_the_decision_and_the_comparison_names_who_agrees(
    client, round_, block, now, clock, person
):
    actor = make_staff(Role.COORDINATION)
    mine = make_suggestion(round_, at=now, new_text=NEW, participant=person, credit_agreed=True)
    make_suggestion(round_, at=now, new_text=NEW)
    refused = make_suggestion(round_, at=now, new_text="Kürzer.")
    make_closed(round_)
    clock[0] = round_.closes_at
    bundle = mine.suggestion.bundle
    adopt_suggestion(bundle=bundle, actor=actor, at=clock[0])
    decline_suggestion(
        bundle=refused.suggestion.bundle, reason="Zu kurz.", actor=actor, at=clock[0]
    )
    edition = _next_edition(round_, actor, clock[0])
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    own = _read(client.get(reverse("receipt", args=[mine.ref])))
    assert "Vorschlag in den Arbeitstext übernommen" in own
    assert "Text geändert (Fassung 2)" in own
    other = _read(client.get(reverse("contribution", args=[refused.ref])))
    assert "Vorschlag nicht übernommen" in other
    assert "Zu kurz." in other
    changes = _read(client.get(reverse("changes", args=[edition.number])))
    credit = "Auf Vorschlag von Anna aus Süd und einer weiteren Person"
    assert credit in changes
    section = client.get(reverse("section", args=[edition.number, "abschnitt-1"]))
    assert f"{credit}." in _read(section)
    text = section_data(edition)[0]["text"]
    assert "Anna" not in str(text)
    client.post(reverse("suggestion_credit", args=[mine.ref]))
    changes = _read(client.get(reverse("changes", args=[edition.number])))
    assert "Anna" not in changes
    assert "Auf Vorschlag von 2 teilnehmenden Personen" in changes


def test_the_mail_says_either_way(round_, now):
    actor = make_staff(Role.COORDINATION)
    adopted = make_suggestion(round_, at=now, new_text=NEW)
    refused = make_suggestion(round_, at=now, new_text="Kürzer.")
    make_closed(round_)
    adopt_suggestion(bundle=adopted.suggestion.bundle, actor=actor, at=round_.closes_at)
    decline_suggestion(
        bundle=refused.suggestion.bundle, reason="Zu kurz.", actor=actor, at=round_.closes_at
    )
    mails = dict(
        subject_and_text(notice) for notice in Notice.objects.filter(template="suggestion_decided")
    )
    assert f"Ihr Änderungsvorschlag {adopted.ref} ist übernommen" in mails
    assert "Zu kurz." in mails[f"Ihr Änderungsvorschlag {refused.ref} ist nicht übernommen"]


def test_only_the_holder_of_the_receipt_decides_about_the_name(client, round_, now):
    found = make_suggestion(round_, at=now, participant=make_resident("Anna"))
    address = reverse("suggestion_credit", args=[found.ref])
    assert client.get(address).status_code == 405
    assert client.post(address, {"ja": "1"}).status_code == 404
    client.force_login(make_resident(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address, {"ja": "1"}).status_code == 404
    assert not Suggestion.objects.get().credit_agreed


def test_a_headings_wording_is_reached_from_the_list(client, now):
    concept = make_concept()
    section = SectionPage.objects.get()
    raw = section.body.get_prep_value()
    heading = str(uuid.uuid4())
    raw.insert(0, {"id": heading, "type": "heading", "value": "Worum es & geht"})
    section.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    section.save_revision().publish()
    make_open_round(at=now, edition=make_edition(concept, at=now - timedelta(days=1)))
    page = client.get(reverse("suggestions", args=[1, "abschnitt-1"]))
    assert "Zwischenüberschrift „Worum es & geht“" in _read(page)
    assert f"?stelle={heading}" in page.content.decode()
    form = client.get(reverse("suggest", args=[1, "abschnitt-1"]), {"stelle": heading})
    assert form.context["form"]["new_text"].value() == "Worum es & geht"
