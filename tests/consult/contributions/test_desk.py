"""The moderation desk: who sees it, what it hides, and how a decision is taken."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Comment, Complaint, Contribution, ModerationDecision
from consult.contributions.services.moderation import complain, decide, report
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import ComplaintOutcome, Measure, Rule, Visibility
from consult.participants.states import Role
from tests.factories import make_contribution, make_open_round, make_resident, make_staff

pytestmark = pytest.mark.django_db

HIDE = {"measure": Measure.HIDE, "rule": Rule.PERSONAL_DATA, "reason": "Da steht ein Name."}


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def moderator(client):
    user = make_staff(Role.MODERATION, name="Petra")
    client.force_login(user)
    return user


@pytest.fixture
def round_():
    return make_open_round(at=timezone.now())


@pytest.fixture
def comment(round_):
    return make_contribution(
        round_, at=timezone.now(), text="Frau Weber hat das verbockt.", participant=make_resident()
    )


def report_it(contribution, *, rule=Rule.PERSONAL_DATA, at=None, contact="melder@example.org"):
    return report(
        contribution=contribution,
        rule=rule,
        text="Hier steht ein Name.",
        contact=contact,
        at=at or timezone.now(),
    )


def hold(contribution, *, decide_by):
    # Rows of pre-moderated sections: the status gate knows no way back to held.
    Contribution.objects.filter(pk=contribution.pk).update(
        status=Visibility.HELD, decide_by=decide_by
    )


def case_url(contribution):
    return reverse("moderation:case", args=[contribution.ref])


def page(client, name, *args):
    return client.get(reverse(f"moderation:{name}", args=args)).content.decode()


def decided(contribution, actor, rule=Rule.PERSONAL_DATA, reason="Da steht ein Name."):
    return decide(
        contribution=contribution,
        measure=Measure.HIDE,
        rule=rule,
        reason=reason,
        actor=actor,
        at=timezone.now(),
    )


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.DEPARTMENT, Role.EDITOR])
@pytest.mark.parametrize("name", ["held", "reports", "complaints", "log"])
def test_other_roles_are_denied(client, role, name):
    client.force_login(make_staff(role))
    response = client.get(reverse(f"moderation:{name}"))
    assert response.headers["Location"] == reverse("wagtailadmin_home")


def test_an_administrator_without_the_role_decides_nothing(client, comment):
    boss = make_staff()
    boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    response = client.post(case_url(comment), HIDE)
    assert response.headers["Location"] == reverse("wagtailadmin_home")
    assert not ModerationDecision.objects.exists()


def test_the_menu_shows_the_desk_to_moderators_only(client):
    for role, shown in [(Role.MODERATION, True), (Role.COORDINATION, False)]:
        client.force_login(make_staff(role))
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (reverse("moderation:held") in home) is shown


def test_held_texts_stand_in_the_order_of_their_deadlines(client, moderator, round_):
    now = timezone.now()
    late, soon = (make_contribution(round_, at=now, text=text) for text in ("Alt hier.", "Neu da."))
    hold(soon, decide_by=now + timedelta(hours=5, minutes=30))
    hold(late, decide_by=now - timedelta(hours=2, minutes=30))
    text = page(client, "held").replace("\xa0", " ")
    assert text.index(late.ref) < text.index(soon.ref)
    assert "2 Stunden über der Frist" in text
    assert "noch 5 Stunden" in text


def test_the_oldest_report_stands_first(client, moderator, round_):
    now = timezone.now()
    newer, older = (make_contribution(round_, at=now, text=text) for text in ("Eins.", "Zwei."))
    report_it(newer, at=now - timedelta(hours=1))
    report_it(older, at=now - timedelta(days=2))
    report_it(older, at=now, rule=Rule.INSULT)
    text = page(client, "reports")
    assert text.index(older.ref) < text.index(newer.ref)
    assert "2 Meldungen" in text


def test_author_and_reporter_stay_unknown(client, moderator, comment):
    report_it(comment)
    for text in (page(client, "reports"), page(client, "case", comment.ref)):
        assert "Hier steht ein Name." in text or "R3" in text
        assert "melder@example.org" not in text
        assert comment.participant.email not in text


def test_a_case_shows_place_parent_and_words(client, moderator, round_):
    now = timezone.now()
    parent = make_contribution(round_, at=now, text="Wer zahlt das eigentlich?")
    goal = round_.edition.goals.first()
    reply = make_contribution(
        round_, at=now, text="Immer die anderen.", reply_to=parent, target_wid=goal.wid
    )
    text = page(client, "case", reply.ref)
    assert "Wer zahlt das eigentlich?" in text
    assert f"Ziel {goal.number}" in text
    assert f'<blockquote class="tw-words" lang="{reply.language}"' in text


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("rule", "Wählen Sie die Regel, gegen die der Beitrag verstößt."),
        ("reason", "Begründen Sie die Entscheidung"),
        ("measure", "Wählen Sie, was mit dem Beitrag geschehen soll."),
    ],
)
def test_a_decision_without_a_part_is_asked_for_again(
    client, moderator, comment, left_out, sentence
):
    response = client.post(case_url(comment), HIDE | {left_out: ""})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    comment.refresh_from_db()
    assert comment.status == Visibility.PUBLISHED


def test_hiding_settles_the_reports_and_leaves_the_words(client, moderator, comment):
    found = report_it(comment)
    client.post(case_url(comment), HIDE | {"text": "Umgeschrieben", "comment": "Umgeschrieben"})
    comment.refresh_from_db()
    found.refresh_from_db()
    assert comment.status == Visibility.HIDDEN
    assert found.decision.decided_by == moderator
    assert Comment.objects.get(contribution=comment).comment == "Frau Weber hat das verbockt."


def test_a_held_text_is_published_or_hidden_and_nothing_else(client, moderator, comment):
    hold(comment, decide_by=timezone.now())
    response = client.post(
        case_url(comment), {"measure": Measure.NONE, "rule": "", "reason": "Weiß nicht."}
    )
    assert response.status_code == 422
    client.post(case_url(comment), {"measure": Measure.PUBLISH, "rule": "", "reason": "Passt."})
    comment.refresh_from_db()
    assert comment.status == Visibility.PUBLISHED


def test_like_cases_share_the_rule(client, moderator, round_, comment):
    now = timezone.now()
    same, other = (make_contribution(round_, at=now, text=text) for text in ("Drei.", "Vier."))
    decided(same, moderator, Rule.PERSONAL_DATA, "Adresse genannt.")
    decided(other, moderator, Rule.ADVERTISING, "Werbung für einen Laden.")
    report_it(comment, rule=Rule.PERSONAL_DATA)
    text = page(client, "case", comment.ref)
    assert "Adresse genannt." in text
    assert "Werbung für einen Laden." not in text
    chosen = client.get(case_url(comment), {"rule": Rule.ADVERTISING}).content.decode()
    assert "Werbung für einen Laden." in chosen


def test_the_first_person_does_not_decide_the_complaint(client, moderator, comment):
    complaint = complain(decision=decided(comment, moderator), text="Kein Name.", at=timezone.now())
    assert "weil die erste Entscheidung von Ihnen ist" in page(client, "case", comment.ref)
    client.post(
        reverse("moderation:complaint", args=[complaint.pk]),
        {"outcome": ComplaintOutcome.UPHELD, "reason": "Doch."},
    )
    complaint.refresh_from_db()
    assert complaint.outcome == ""


def test_a_moderator_reads_that_somebody_else_decides_on_the_own_text(client, moderator, round_):
    own = make_contribution(round_, at=timezone.now(), participant=moderator)
    report_it(own)
    for content in (page(client, "reports"), page(client, "case", own.ref)):
        assert "Das haben Sie selbst geschrieben." in content
        assert "Entscheidung speichern" not in content
    client.post(case_url(own), HIDE)
    own.refresh_from_db()
    assert own.status == Visibility.PUBLISHED


def test_a_second_person_takes_the_decision_back(client, comment):
    decision = decided(comment, make_staff(Role.MODERATION))
    complaint = complain(decision=decision, text="Kein Name.", at=timezone.now())
    client.force_login(make_staff(Role.MODERATION))
    url = reverse("moderation:complaint", args=[complaint.pk])
    unfinished = client.post(url, {"outcome": ComplaintOutcome.REVERSED, "reason": ""})
    assert unfinished.status_code == 422
    client.post(url, {"outcome": ComplaintOutcome.REVERSED, "reason": "Nur ein Amt genannt."})
    comment.refresh_from_db()
    assert comment.status == Visibility.PUBLISHED


def test_a_complaint_is_decided_after_the_text_was_restored(client, comment):
    first = make_staff(Role.MODERATION)
    complaint = complain(decision=decided(comment, first), text="Doch.", at=timezone.now())
    decide(
        contribution=comment,
        measure=Measure.RESTORE,
        rule="",
        reason="Geirrt.",
        actor=first,
        at=timezone.now(),
    )
    comment.refresh_from_db()
    withdraw(contribution=comment, actor=comment.participant, at=timezone.now())
    client.force_login(make_staff(Role.MODERATION))
    client.post(
        reverse("moderation:complaint", args=[complaint.pk]),
        {"outcome": ComplaintOutcome.REVERSED, "reason": "Die Beschwerde hatte recht."},
    )
    assert Complaint.objects.get().outcome == ComplaintOutcome.REVERSED
    comment.refresh_from_db()
    assert comment.status == Visibility.WITHDRAWN


def test_an_open_complaint_comes_before_any_other_decision(client, moderator, comment):
    decision = decided(comment, make_staff(Role.MODERATION))
    complain(decision=decision, text="Kein Name.", at=timezone.now())
    client.post(
        case_url(comment), {"measure": Measure.RESTORE, "rule": "", "reason": "Einfach so."}
    )
    comment.refresh_from_db()
    assert comment.status == Visibility.HIDDEN


def test_the_log_is_filtered_by_rule_and_measure(client, moderator, round_):
    now = timezone.now()
    one, two = (make_contribution(round_, at=now, text=text) for text in ("Fünf.", "Sechs."))
    decided(one, moderator, Rule.INSULT, "Beleidigt jemanden.")
    decided(two, moderator, Rule.HATE, "Hetzt gegen Menschen.")
    url = reverse("moderation:log")
    everything = client.get(url).content.decode()
    assert "2 Entscheidungen" in everything
    some = client.get(url, {"rule": Rule.HATE, "measure": Measure.HIDE}).content.decode()
    assert "Hetzt gegen Menschen." in some
    assert "Beleidigt jemanden." not in some
    none = client.get(url, {"measure": Measure.RESTORE}).content.decode()
    assert "Dazu gibt es keine Entscheidung." in none


@pytest.mark.parametrize("name", ["held", "reports", "log"])
def test_a_queue_needs_as_many_queries_for_many_as_for_few(client, moderator, round_, name):
    now = timezone.now()
    numbers = []
    for amount in (2, 12):
        for number in range(amount):
            made = make_contribution(round_, at=now, text=f"Text {amount} {number}.")
            report_it(made)
            decided(make_contribution(round_, at=now, text=f"Weg {amount} {number}."), moderator)
            hold(make_contribution(round_, at=now, text=f"Halt {amount} {number}."), decide_by=now)
        page(client, name)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, name)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
