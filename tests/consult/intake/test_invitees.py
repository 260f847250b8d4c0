"""Whom the city asks by name: written down by one office, corrected, answered, never a person."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.evaluation.services.closing import answer_round
from consult.intake.models import Invitee
from consult.intake.selectors import (
    InviteeFigures,
    invitee_figures,
    invitees_of,
    statement_numbers,
)
from consult.intake.services.invitees import (
    InviteeRefused,
    change_invitee,
    drop_invitee,
    invite,
    record_answer,
)
from consult.intake.services.statements import confirm_organisation
from consult.intake.states import InviteChannel, InviteeAnswer, InviteeKind
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import (
    make_contribution,
    make_open_round,
    make_resident,
    make_round,
    make_staff,
)
from tests.factories.evaluation import make_closed
from tests.factories.intake import (
    make_invitee,
    make_occasion,
    make_received_note,
    make_statement,
)
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db
NAMES = ["Handwerkskammer", "Kita-Elternbeirat Süd", "Polizei"]


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def round_(now, actor):
    return make_open_round(at=now, actor=actor)


def ask(round_, actor, now, names=NAMES, **fields):
    fields = {
        "kind": InviteeKind.ORGANISATION, "channel": InviteChannel.LETTER, "invited_on": now.date(),
    } | fields  # fmt: skip
    return invite(round_=round_, names=names, actor=actor, **fields)


def refused(deed) -> str:
    with nothing_written(), pytest.raises(InviteeRefused) as found:
        deed()
    return found.value.code


# --- the list ------------------------------------------------------------------------------------


def test_a_list_is_written_down_while_a_round_is_prepared(now, actor):
    planned = make_round(at=now, actor=actor)
    made, known = ask(planned, actor, now, [" Handwerkskammer ", "Polizei", "polizei", ""])
    assert ([row.name for row in made], known) == (["Handwerkskammer", "Polizei"], 0)
    made, known = ask(planned, actor, now, ["POLIZEI", "Jobcenter"])
    assert ([row.name for row in made], known) == (["Jobcenter"], 1)
    assert invitee_figures(planned) == InviteeFigures(
        0, 0, ["Handwerkskammer", "Jobcenter", "Polizei"]
    )


def test_what_cannot_be_written_down(round_, actor, now):
    assert refused(lambda: ask(round_, actor, now, ["  "])) == "no_name"
    assert refused(lambda: ask(round_, actor, now, ["x" * 161])) == "name_too_long"
    assert refused(lambda: ask(round_, actor, now, ["a\x00b"])) == "unreadable"
    late = (round_.closes_at + timedelta(days=1)).date()
    assert refused(lambda: ask(round_, actor, now, invited_on=late)) == "after_the_round"


def test_an_entry_is_corrected_and_taken_off(round_, actor, now):
    [first, second, third], _known = ask(round_, actor, now)
    words = {
        "kind": InviteeKind.OFFICE, "channel": InviteChannel.EMAIL, "invited_on": now.date(),
        "actor": actor,
    }  # fmt: skip
    assert (
        refused(lambda: change_invitee(invitee=first, name="polizei", **words)) == "named_already"
    )
    changed = change_invitee(invitee=third, name="Polizeipräsidium", **words)
    assert (changed.name, changed.kind) == ("Polizeipräsidium", InviteeKind.OFFICE)
    drop_invitee(invitee=first, actor=actor)
    record_answer(
        invitee=second, answer=InviteeAnswer.WITHOUT_REMARKS, answered_on=now.date(), actor=actor,
        at=now,
    )  # fmt: skip
    assert refused(lambda: drop_invitee(invitee=second, actor=actor)) == "has_answered"
    later = words | {"invited_on": now.date() + timedelta(days=2)}
    again = lambda: change_invitee(invitee=second, name="Beirat", **later)  # noqa: E731
    assert refused(again) == "answered_before"
    assert [row.name for row in invitees_of(round_)] == [
        "Polizeipräsidium",
        "Kita-Elternbeirat Süd",
    ]


# --- answers -------------------------------------------------------------------------------------


def test_every_answer_is_counted_once(round_, actor, now):
    [first, second, third], _known = ask(round_, actor, now)
    answered = {"answered_on": now.date(), "actor": actor, "at": now}
    record_answer(invitee=first, answer=InviteeAnswer.WITHOUT_REMARKS, **answered)
    record_answer(invitee=second, answer=InviteeAnswer.WITH_REMARKS, **answered)
    found = invitee_figures(round_)
    assert found == InviteeFigures(without_remarks=1, with_remarks=1, unanswered=["Polizei"])
    assert (found.invited, found.answered) == (Invitee.objects.count(), 2)
    assert invitee_figures(round_).unanswered == ["Polizei"]
    record_answer(invitee=first, answer=InviteeAnswer.NONE, actor=actor, at=now)
    assert invitee_figures(round_).unanswered == ["Handwerkskammer", "Polizei"]
    nothing = lambda: record_answer(  # noqa: E731
        invitee=third, answer=InviteeAnswer.NONE, actor=actor, at=now
    )
    assert refused(nothing) == "step_not_allowed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answered_on": None}, "no_day"),
        ({"days": 1}, "day_to_come"),
        ({"days": -1}, "answered_before"),
        ({"numbers": ["2027-R9-0001"]}, "no_such_number"),
        ({"numbers": ["x"], "answer": InviteeAnswer.WITHOUT_REMARKS}, "numbers_without_remarks"),
    ],
)
def test_an_answer_that_cannot_be_true_is_refused(change, code, round_, actor, now):
    [found, *_others], _known = ask(round_, actor, now)
    fields = {"answer": InviteeAnswer.WITH_REMARKS, "answered_on": now.date(), **change}
    if "days" in change:
        fields["answered_on"] = now.date() + timedelta(days=fields.pop("days"))
    deed = lambda: record_answer(invitee=found, actor=actor, at=now, **fields)  # noqa: E731
    assert refused(deed) == code


def test_remarks_lead_to_the_statement_or_the_note(round_, actor, now):
    statement = make_statement(round_, at=now)
    confirm_organisation(statement=statement, actor=actor, at=now)
    note = make_received_note(make_occasion(round_, at=now), at=now, text="Mehr Bänke.")
    [_first, council, police], _known = ask(round_, actor, now)
    assert statement_numbers(council) == [statement.ref]
    answered = {
        "answer": InviteeAnswer.WITH_REMARKS, "answered_on": now.date(), "actor": actor, "at": now,
    }  # fmt: skip
    record_answer(invitee=council, numbers=[statement.ref], **answered)
    record_answer(invitee=police, numbers=[note.contribution.ref], **answered)
    said = {row.name: [one.ref for one in row.said] for row in invitees_of(round_)}
    parts = Contribution.objects.filter(statement_part__statement=statement)
    assert said["Kita-Elternbeirat Süd"] == [part.ref for part in parts]
    assert said["Polizei"] == [note.contribution.ref]
    Contribution.objects.filter(pk=note.contribution.pk).update(status="hidden")
    assert [row.said for row in invitees_of(round_) if row.name == "Polizei"] == [[]]


def test_a_resident_s_contribution_is_never_named_as_the_answer_of_a_body(round_, actor, now):
    own = make_contribution(round_, at=now, participant=make_resident())
    [found, *_others], _known = ask(round_, actor, now)
    deed = lambda: record_answer(  # noqa: E731
        invitee=found, answer=InviteeAnswer.WITH_REMARKS, answered_on=now.date(),
        numbers=[own.ref], actor=actor, at=now,
    )  # fmt: skip
    assert refused(deed) == "no_such_number"


def test_the_database_refuses_an_answer_without_a_day(round_, now):
    found = make_invitee(round_, "Polizei", at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitee.objects.filter(pk=found.pk).update(answer=InviteeAnswer.WITH_REMARKS)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_invitee(round_, "POLIZEI", at=now)


# --- who -----------------------------------------------------------------------------------------


def test_only_the_coordination_office_keeps_the_list(round_, now, subtests):
    found = make_invitee(round_, "Polizei", at=now)
    deeds = {
        "invite": lambda by: ask(round_, by, now),
        "change": lambda by: change_invitee(
            invitee=found, name="Amt", kind=InviteeKind.OFFICE, channel=InviteChannel.EMAIL,
            invited_on=now.date(), actor=by,
        ),
        "answer": lambda by: record_answer(
            invitee=found, answer=InviteeAnswer.WITHOUT_REMARKS, answered_on=now.date(), actor=by,
            at=now,
        ),
        "drop": lambda by: drop_invitee(invitee=found, actor=by),
    }  # fmt: skip
    people = {role: make_staff(role) for role in Role} | {"resident": make_resident()}
    for name, deed in deeds.items():
        for role, person in people.items():
            with subtests.test(deed=name, role=role):
                if role == Role.COORDINATION:
                    with undone():
                        deed(person)
                else:
                    with nothing_written(), pytest.raises(NotPermitted):
                        deed(person)


def test_once_the_round_is_answered_the_list_stays(now, actor):
    round_ = make_closed(make_open_round(at=now, actor=actor))
    ask(round_, actor, now, ["Polizei"])
    answer_round(round_=round_, actor=actor, at=round_.closes_at + timedelta(days=1))
    with nothing_written(), pytest.raises(NotPermitted):
        ask(round_, actor, now, ["Jobcenter"])


# --- the desk ------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, actor, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(actor)
    return client


@pytest.fixture
def current():
    return make_open_round(at=timezone.now())


def url(name: str, *args) -> str:
    return reverse(f"intake:{name}", args=args)


def words(response) -> str:
    html = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_desk_of_a_round_leads_to_the_list_which_begins_empty(desk, current):
    page = desk.get(reverse("round_desk:round", args=[current.ref])).content.decode()
    assert url("invitees", current.ref) in page
    assert "Noch ist niemand eingetragen" in words(desk.get(url("invitees", current.ref)))


def test_names_are_entered_answered_and_counted_at_the_desk(desk, current):
    today = timezone.localdate().isoformat()
    sent = {"kind": "office", "channel": "email", "invited_on": today}
    wrong = desk.post(url("invite", current.ref), {**sent, "names": " "})
    assert wrong.status_code == 422
    assert "Geben Sie mindestens eine Stelle an." in words(wrong)
    done = desk.post(
        url("invite", current.ref), {**sent, "names": "Jobcenter\r\nPolizei"}, follow=True
    )
    assert "2 Stellen eingetragen." in done.content.decode()
    found = Invitee.objects.get(name="Polizei")
    wrong = desk.post(
        url("invitee_answer", found.pk),
        {"answer": "with_remarks", "answered_on": today, "numbers": "2027-R0-S01"},
    )
    assert wrong.status_code == 422
    assert "2027-R0-S01 ist keine Stellungnahme" in words(wrong)
    assert 'value="2027-R0-S01"' in wrong.content.decode()
    desk.post(url("invitee_answer", found.pk), {"answer": "without_remarks", "answered_on": today})
    shown = words(desk.get(url("invitees", current.ref)))
    assert "angeschrieben 2 haben geantwortet 1 davon ohne Anmerkungen 1" in shown
    changed = {**sent, "name": "Polizei Süd", "kind": "council_body"}
    desk.post(url("change_invitee", found.pk), changed)
    desk.post(url("drop_invitee", Invitee.objects.get(name="Jobcenter").pk))
    assert [row.name for row in Invitee.objects.all()] == ["Polizei Süd"]


def test_nobody_else_reaches_the_pages(desk, client, current):
    found = make_invitee(current, "Polizei", at=timezone.now())
    pages = [
        url("invitees", current.ref), url("invite", current.ref), url("change_invitee", found.pk),
        url("invitee_answer", found.pk),
    ]  # fmt: skip
    for role in set(Role) - {Role.COORDINATION}:
        client.force_login(make_staff(role))
        for page in pages:
            assert client.get(page).status_code in {302, 403}, (role, page)
    client.logout()
    for page in pages:
        assert client.get(page).status_code == 302


def test_a_list_of_an_answered_round_is_read_and_not_changed(desk, current, actor):
    found = make_invitee(current, "Polizei", at=timezone.now())
    type(current).objects.filter(pk=current.pk).update(status="answered")
    shown = words(desk.get(url("invitees", current.ref)))
    assert "Die Liste ändert sich nicht mehr." in shown
    assert "Antwort eintragen" not in shown
    assert desk.get(url("invite", current.ref)).status_code in {302, 403}
    with nothing_written():
        desk.post(url("drop_invitee", found.pk))


def test_the_page_costs_the_same_with_a_long_list(desk, current):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(url("invitees", current.ref))
        return len(captured)

    at = timezone.now()
    make_invitee(current, "Stelle 0", at=at)
    queries()
    one = queries()
    for number in range(1, 6):
        make_invitee(current, f"Stelle {number}", InviteeAnswer.WITH_REMARKS, at=at)
    assert queries() == one
