"""The rounds desk: every step by a button, said in words, refused in words, never taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.evaluation.models import LedgerEntry
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound, PreModeration, RoundExtension
from consult.rounds.services import announce_round, start_pre_moderation
from consult.rounds.states import RoundStatus
from drafts.editions.services import open_edition
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_round,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordination(settings, client, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def today():
    return timezone.now()


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def fields(edition, at, **changed):
    return {
        "ref": "2027-R7",
        "title": "Erste Runde",
        "edition": edition.pk,
        "scope": "Alles ist offen.",
        "influence": "co_design",
        "afterwards": "Das Amt antwortet.",
        "rules": "Die letzte Stimme zählt.",
        "opens_at": local(at + timedelta(days=1)),
        "closes_at": local(at + timedelta(days=30)),
        "answer_due": (at + timedelta(days=90)).date().isoformat(),
        **changed,
    }


def step(client, round_, name):
    url = reverse("round_desk:step", args=[round_.ref, name])
    return client.post(url, follow=True).content.decode()


def page_of(client, round_):
    return client.get(reverse("round_desk:round", args=[round_.ref]))


def headings(client, round_):
    return [deed.heading for deed in page_of(client, round_).context["deeds"]]


def status_of(round_):
    return ConsultationRound.objects.get(pk=round_.pk).status


def test_a_round_is_planned_with_all_its_rules(client, today):
    edition = make_edition(make_concept(), at=today)
    client.post(reverse("round_desk:plan"), fields(edition, today))
    planned = ConsultationRound.objects.get()
    assert (planned.ref, planned.status) == ("2027-R7", RoundStatus.PLANNED)
    assert planned.scope == "Alles ist offen."


@pytest.mark.parametrize(
    ("name", "days", "field"),
    [
        ("closes_at", 0, "closes_at"),
        ("opens_at", 40, "closes_at"),
        ("answer_due", 20, "answer_due"),
    ],
)
def test_dates_that_do_not_fit_are_refused_at_their_field(client, today, name, days, field):
    edition = make_edition(make_concept(), at=today)
    moment = today + timedelta(days=days)
    value = moment.date().isoformat() if name == "answer_due" else local(moment)
    page = client.post(reverse("round_desk:plan"), fields(edition, today, **{name: value}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not ConsultationRound.objects.exists()


def test_an_end_in_the_past_is_refused(client, today):
    edition = make_edition(make_concept(), at=today)
    past = fields(
        edition,
        today,
        opens_at=local(today - timedelta(days=9)),
        closes_at=local(today - timedelta(days=2)),
    )
    page = client.post(reverse("round_desk:plan"), past)
    assert "schon vorbei" in page.context["form"].errors["closes_at"][0]


def test_two_rounds_on_one_edition_never_overlap(client, today):
    round_ = make_round(at=today)
    page = client.post(reverse("round_desk:plan"), fields(round_.edition, today))
    assert round_.ref in page.context["form"].errors["opens_at"][0]


def test_a_ref_that_is_no_address_is_refused(client, today):
    edition = make_edition(make_concept(), at=today)
    page = client.post(reverse("round_desk:plan"), fields(edition, today, ref="Runde 1/2"))
    assert "ref" in page.context["form"].errors


def test_a_round_is_announced_opened_interrupted_and_resumed(client, today):
    round_ = make_round(at=today)
    for name, status in [
        ("ankuendigen", RoundStatus.ANNOUNCED),
        ("zuruecknehmen", RoundStatus.PLANNED),
        ("ankuendigen", RoundStatus.ANNOUNCED),
        ("oeffnen", RoundStatus.OPEN),
    ]:
        step(client, round_, name)
        assert status_of(round_) == status
    url = reverse("round_desk:suspend", args=[round_.ref])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert status_of(round_) == RoundStatus.OPEN
    page = client.post(url, {"reason": "Die Technik streikt."}, follow=True).content.decode()
    assert status_of(round_) == RoundStatus.SUSPENDED
    assert "Die Technik streikt." in page
    step(client, round_, "fortsetzen")
    assert status_of(round_) == RoundStatus.OPEN
    assert "Die Technik streikt." in page_of(client, round_).content.decode()


def test_the_page_offers_only_what_fits_the_state(client, today, coordination):
    round_ = make_round(at=today)
    assert headings(client, round_) == ["Ankündigen", "Ändern", "Angeschriebene Stellen"]
    announce_round(round_=round_, actor=coordination)
    assert headings(client, round_) == [
        "Jetzt öffnen",
        "Ändern",
        "Angeschriebene Stellen",
        "Ankündigung zurücknehmen",
        "Vorab-Moderation",
    ]
    step(client, round_, "oeffnen")
    assert headings(client, round_) == [
        "Verlängern",
        "Vorab-Moderation",
        "Unterbrechen",
        "Angeschriebene Stellen",
        "Schließen",
    ]


def test_a_step_that_no_longer_fits_is_refused_with_a_sentence(client, today):
    round_ = make_round(at=today)
    assert "passt nicht mehr zum Stand" in step(client, round_, "fortsetzen")
    assert status_of(round_) == RoundStatus.PLANNED


def test_an_edition_without_released_text_cannot_be_opened(client, today, coordination):
    edition = open_edition(
        concept=make_concept(), title="Leer", origin="Amt", actor=coordination, at=today
    )
    round_ = make_round(at=today, edition=edition)
    announce_round(round_=round_, actor=coordination)
    assert "noch kein Abschnitt freigegeben" in step(client, round_, "oeffnen")


def test_a_second_round_on_the_same_edition_is_refused_not_broken(client, today, coordination):
    running = make_open_round(at=today)
    second = make_round(at=today, edition=running.edition)
    announce_round(round_=second, actor=coordination)
    assert "läuft schon eine Runde" in step(client, second, "oeffnen")


def test_rules_are_changed_before_and_never_after_opening(client, today):
    round_ = make_round(at=today)
    url = reverse("round_desk:change", args=[round_.ref])
    data = fields(round_.edition, today, ref=round_.ref, rules="Neu gezählt.")
    client.post(url, data)
    assert ConsultationRound.objects.get().rules == "Neu gezählt."
    ConsultationRound.objects.update(status=RoundStatus.OPEN)
    page = client.post(url, {**data, "rules": "Noch einmal anders."}, follow=True)
    assert "Ihre Regeln stehen fest" in page.content.decode()
    assert ConsultationRound.objects.get().rules == "Neu gezählt."


def test_prolonging_keeps_the_former_end_and_the_reason(client, today):
    round_ = make_open_round(at=today)
    new_end = round_.closes_at + timedelta(days=7)
    data = {"new_end": local(new_end), "reason": "Wegen der Ferien."}
    client.post(reverse("round_desk:extend", args=[round_.ref]), data)
    extension = RoundExtension.objects.get()
    assert (extension.former_end, extension.reason) == (round_.closes_at, "Wegen der Ferien.")
    assert "Wegen der Ferien." in page_of(client, round_).content.decode()


@pytest.mark.parametrize(("days", "reason"), [(-1, "Wegen der Ferien."), (7, " ")])
def test_prolonging_backwards_or_without_a_reason_is_refused(client, today, days, reason):
    round_ = make_open_round(at=today)
    data = {"new_end": local(round_.closes_at + timedelta(days=days)), "reason": reason}
    page = client.post(reverse("round_desk:extend", args=[round_.ref]), data)
    assert page.status_code == 422
    assert not RoundExtension.objects.exists()


def test_pre_moderation_names_section_reason_and_end(client, today):
    round_ = make_open_round(at=today)
    section = round_.edition.sections.get()
    data = {
        "section_wid": section.wid,
        "reason": "Viele Beleidigungen.",
        "starts_at": local(today - timedelta(minutes=2)),
        "ends_at": local(today + timedelta(days=3)),
        "hours_to_decide": 12,
    }
    url = reverse("round_desk:pre_moderate", args=[round_.ref])
    assert client.post(url, {**data, "reason": ""}).status_code == 422
    assert client.post(url, {**data, "ends_at": data["starts_at"]}).status_code == 422
    client.post(url, data)
    rule = PreModeration.objects.get()
    assert (rule.section_wid, rule.hours_to_decide) == (section.wid, 12)
    row = page_of(client, round_).context["pre_moderations"][0]
    assert (row["place"], row["state"]) == ("1 Abschnitt 1", "gilt")


def test_pre_moderation_is_prolonged_with_a_reason_and_ended_early(client, today, coordination):
    round_ = make_open_round(at=today)
    rule = start_pre_moderation(
        round_=round_, actor=coordination, reason="Viele Beleidigungen.",
        starts_at=today - timedelta(hours=1), ends_at=today + timedelta(days=3),
    )  # fmt: skip
    url = reverse("round_desk:extend_rule", args=[round_.ref, rule.pk])
    later = local(rule.ends_at + timedelta(days=2))
    assert client.post(url, {"new_end": later, "reason": ""}).status_code == 422
    assert client.post(url, {"new_end": local(today), "reason": "Kürzer."}).status_code == 422
    client.post(url, {"new_end": later, "reason": "Es geht weiter."})
    rule.refresh_from_db()
    assert local(rule.ends_at) == later
    page = client.post(reverse("round_desk:end_rule", args=[round_.ref, rule.pk]), follow=True)
    assert "Es geht weiter." in page.content.decode()
    assert [row["state"] for row in page.context["pre_moderations"]] == ["beendet"]
    assert [row["form"] for row in page.context["pre_moderations"]] == [None]


def test_closing_is_said_to_be_final_and_stores_the_ledger(client, today):
    round_ = make_open_round(at=today)
    make_contribution(round_, at=today)
    url = reverse("round_closing", args=[round_.ref])
    before = client.get(url).content.decode()
    assert "Eine geschlossene Runde öffnet nie wieder." in before
    assert status_of(round_) == RoundStatus.OPEN
    after = client.post(url, follow=True)
    assert status_of(round_) == RoundStatus.CLOSED
    assert [entry.received for entry in after.context["entries"]] == [1]
    assert "Runde endgültig schließen" not in after.content.decode()


def test_a_closed_round_never_opens_again(client, today):
    round_ = make_open_round(at=today)
    client.post(reverse("round_closing", args=[round_.ref]))
    for name in ["ankuendigen", "oeffnen", "fortsetzen"]:
        step(client, round_, name)
        assert status_of(round_) == RoundStatus.CLOSED
    client.post(reverse("round_desk:suspend", args=[round_.ref]), {"reason": "Doch nicht."})
    assert status_of(round_) == RoundStatus.CLOSED
    client.post(reverse("round_closing", args=[round_.ref]))
    assert LedgerEntry.objects.count() == 1


def test_a_round_that_never_opened_cannot_be_closed(client, today):
    round_ = make_round(at=today)
    page = client.get(reverse("round_closing", args=[round_.ref]), follow=True)
    assert "nur eine Runde, die geöffnet wurde" in page.content.decode()
    client.post(reverse("round_closing", args=[round_.ref]))
    assert status_of(round_) == RoundStatus.PLANNED


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATION, Role.COUNCIL_OFFICE])
def test_other_roles_can_neither_see_nor_do(client, today, role):
    round_ = make_round(at=today)
    running = make_open_round(at=today)
    client.force_login(make_staff(role))
    for name, args in [("desk", []), ("plan", []), ("round", [round_.ref])]:
        assert client.get(reverse(f"round_desk:{name}", args=args)).status_code != 200
    step(client, round_, "ankuendigen")
    client.post(reverse("round_closing", args=[running.ref]))
    assert (status_of(round_), status_of(running)) == (RoundStatus.PLANNED, RoundStatus.OPEN)
    assert b"/runden/" not in client.get(reverse("wagtailadmin_home")).content


def test_an_administrator_without_the_role_is_denied(client, today):
    admin = make_staff()
    admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    assert client.get(reverse("round_desk:desk")).status_code != 200
