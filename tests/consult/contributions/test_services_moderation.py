"""Moderation: who decides, what follows, what the author is told."""

from datetime import timedelta

import pytest
from django.utils import translation

from consult.contributions.models import Complaint, Contribution, ModerationDecision
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import (
    COMPLAINT_PERIOD,
    ComplaintRefused,
    DecisionIncomplete,
    NotAModerator,
    complain,
    decide,
    decide_complaint,
    report,
)
from consult.contributions.services.notices import report_behind, reporter_token
from consult.contributions.services.status import StatusStepRefused
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import ComplaintOutcome, Measure, Rule, Visibility
from consult.participants.models import Notice
from consult.participants.states import Role
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db

# What each measure makes of each status; every other pair is refused.
EFFECTS = {
    (Visibility.HELD, Measure.PUBLISH): Visibility.PUBLISHED,
    (Visibility.HELD, Measure.RESTORE): Visibility.PUBLISHED,
    (Visibility.HELD, Measure.HIDE): Visibility.HIDDEN,
    (Visibility.PUBLISHED, Measure.HIDE): Visibility.HIDDEN,
    (Visibility.HIDDEN, Measure.PUBLISH): Visibility.PUBLISHED,
    (Visibility.HIDDEN, Measure.RESTORE): Visibility.PUBLISHED,
}


@pytest.fixture
def moderator():
    return make_staff(Role.MODERATION)


@pytest.fixture
def contribution(now) -> Contribution:
    return make_contribution(make_open_round(at=now), at=now)


@pytest.fixture
def hide(contribution, moderator, now):
    def hide_it(**changed):
        deed = {
            "contribution": contribution,
            "measure": Measure.HIDE,
            "rule": Rule.INSULT,
            "reason": "Beleidigt eine Nachbarin.",
            "actor": moderator,
            "at": now,
        }
        return decide(**{**deed, **changed})

    return hide_it


@pytest.mark.parametrize("before", Visibility)
def test_measures_take_the_steps_of_the_table(before, contribution, hide, subtests):
    Contribution.objects.update(status=before)
    for measure in Measure:
        with subtests.test(measure=measure), undone():
            if measure == Measure.NONE:
                hide(measure=measure, rule="")
                assert Contribution.objects.get().status == before
            elif (before, measure) in EFFECTS:
                hide(measure=measure)
                assert Contribution.objects.get().status == EFFECTS[before, measure]
            else:
                with nothing_written(), pytest.raises(StatusStepRefused):
                    hide(measure=measure)


@pytest.mark.parametrize("incomplete", [{"reason": " \n"}, {"rule": ""}], ids=str)
def test_hiding_needs_rule_and_reason(incomplete, hide):
    with nothing_written(), pytest.raises(DecisionIncomplete):
        hide(**incomplete)


def test_nobody_else_moderates(contribution, hide):
    others = [role for role in Role if role != Role.MODERATION]
    superuser = make_staff()
    superuser.is_superuser = True
    superuser.save()
    inactive = make_staff(Role.MODERATION)
    inactive.is_active = False
    for actor in (None, contribution.participant, make_staff(*others), superuser, inactive):
        with nothing_written(), pytest.raises(NotAModerator):
            hide(actor=actor)


def test_the_author_is_told_with_rule_and_reason(contribution, hide, now):
    decision = hide()
    notice = Notice.objects.get(key=f"decision:{decision.pk}")
    assert (notice.user, notice.template) == (contribution.participant, "moderation_hide")
    assert notice.context == {
        "ref": contribution.ref,
        "reason": "Beleidigt eine Nachbarin.",
        "rule": str(Rule.INSULT.label),
    }
    assert decision.complaint_until == now.date() + COMPLAINT_PERIOD


def test_a_guest_is_told_at_the_address_of_the_contribution(hide, now):
    round_ = make_open_round(at=now)
    token = submit_as_guest(
        place=find_place(round_.edition, round_.edition.sections.get().wid),
        words=Words(text="Ohne Konto.", stance="idea"),
        email="gast@example.org",
        language="en",
        at=now,
    )
    hide(contribution=confirm_submission(token=token, at=now).contribution)
    notice = Notice.objects.get(template="moderation_hide")
    assert (notice.email, notice.language) == ("gast@example.org", "en")


def test_a_notice_names_the_rule_in_the_language_of_its_reader(contribution, hide):
    contribution.participant.language = "en"
    contribution.participant.save()
    with translation.override("de"):
        hide(contribution=Contribution.objects.get())
    notice = Notice.objects.get(template="moderation_hide")
    with translation.override("en"):
        assert notice.context["rule"] == str(Rule.INSULT.label)
    assert notice.language == "en"


def test_nobody_decides_on_what_they_wrote(now):
    author = make_staff(Role.MODERATION)
    own = make_contribution(make_open_round(at=now), at=now, participant=author)
    deed = {
        "contribution": own,
        "measure": Measure.NONE,
        "rule": "",
        "reason": "Gut so.",
        "at": now,
    }
    with nothing_written(), pytest.raises(NotAModerator):
        decide(actor=author, **deed)
    hidden = decide(
        actor=make_staff(Role.MODERATION), **{**deed, "measure": Measure.HIDE, "rule": Rule.HATE}
    )
    complaint = complain(decision=hidden, text="Nein.", at=now)
    with nothing_written(), pytest.raises(NotAModerator):
        _settle(complaint, author, now)


# --- reports -----------------------------------------------------------------------------------


def _reported(contribution, now, **changed):
    filed = {"rule": Rule.HATE, "text": "Hetze.", "contact": "melder@example.org", "language": "en"}
    return report(contribution=contribution, at=now, **{**filed, **changed})


def test_whoever_reported_is_told_the_decision_once(contribution, hide, now):
    filed = _reported(contribution, now)
    _reported(contribution, now, contact="")
    hide(measure=Measure.NONE, rule="", reason="Das ist eine Meinung.")
    hide()
    notice = Notice.objects.get(template="report_decided")
    assert (notice.email, notice.language) == ("melder@example.org", "en")
    assert notice.context["reason"] == "Das ist eine Meinung."
    assert notice.context["is_shown"]
    assert report_behind(notice.context["token"]) == filed


def test_a_link_to_a_report_cannot_be_guessed(contribution, hide, now):
    filed = _reported(contribution, now)
    assert report_behind(reporter_token(filed)) is None  # nothing is decided yet
    hide()
    assert report_behind(reporter_token(filed)) == filed
    assert report_behind(f"{filed.pk}:x:y") is None


def test_whoever_reported_complains_about_what_stays_and_is_told(contribution, hide, now):
    filed = _reported(contribution, now)
    decision = hide(measure=Measure.NONE, rule="", reason="Das ist eine Meinung.")
    filed.refresh_from_db()
    complaint = complain(decision=decision, report=filed, text="Doch.", at=now)
    told_before = Notice.objects.filter(user=contribution.participant).count()
    _settle(complaint, make_staff(Role.MODERATION), now, outcome=ComplaintOutcome.UPHELD)
    notice = Notice.objects.get(template="report_complaint_decided")
    assert (notice.email, notice.context["reason"]) == ("melder@example.org", "Sie haben recht.")
    assert Notice.objects.filter(user=contribution.participant).count() == told_before


def test_the_complaint_about_a_hidden_text_is_left_to_its_author(contribution, hide, now):
    filed = _reported(contribution, now)
    decision = hide()
    filed.refresh_from_db()
    with nothing_written(), pytest.raises(ComplaintRefused):
        complain(decision=decision, report=filed, text="Löschen Sie ihn.", at=now)
    _complain(decision, now)


def test_a_report_hides_nothing_and_is_settled_by_the_decision(contribution, hide, now):
    filed = report(contribution=contribution, rule=Rule.HATE, text="Hetze.", contact="", at=now)
    assert Contribution.objects.get().status == Visibility.PUBLISHED
    decision = hide(measure=Measure.NONE, rule="", reason="Das ist eine Meinung.")
    filed.refresh_from_db()
    assert filed.decision == decision
    assert decision.from_report


# --- complaints --------------------------------------------------------------------------------


def _complain(decision, at, text="Das stimmt nicht."):
    return complain(decision=decision, text=text, at=at)


def _settle(complaint, actor, at, outcome=ComplaintOutcome.REVERSED, reason="Sie haben recht."):
    return decide_complaint(complaint=complaint, outcome=outcome, reason=reason, actor=actor, at=at)


def test_one_complaint_in_time(hide, now):
    decision = hide()
    last = now + COMPLAINT_PERIOD
    with pytest.raises(ComplaintRefused):
        _complain(decision, last + timedelta(days=1))
    with pytest.raises(ComplaintRefused):
        _complain(decision, now, text="  ")
    _complain(decision, last)
    with nothing_written(), pytest.raises(ComplaintRefused):
        _complain(ModerationDecision.objects.get(), last)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (ComplaintOutcome.REVERSED, Visibility.PUBLISHED),
        (ComplaintOutcome.UPHELD, Visibility.HIDDEN),
    ],
)
def test_a_complaint_is_decided_once(outcome, status, contribution, hide, now):
    complaint = _complain(hide(), now)
    second = make_staff(Role.MODERATION)
    _settle(complaint, second, now, outcome=outcome)
    assert Contribution.objects.get().status == status
    assert Notice.objects.filter(user=contribution.participant).count() == 3
    with nothing_written(), pytest.raises(ComplaintRefused):
        _settle(complaint, second, now, outcome=outcome)


def test_a_complaint_needs_a_reason_and_a_moderator(hide, now):
    complaint = _complain(hide(), now)
    with nothing_written(), pytest.raises(DecisionIncomplete):
        _settle(complaint, make_staff(Role.MODERATION), now, reason=" ")
    with nothing_written(), pytest.raises(NotAModerator):
        _settle(complaint, make_staff(Role.COORDINATION), now)


def test_a_reporters_complaint_hides_what_was_left_standing(contribution, hide, now):
    filed = _reported(contribution, now)
    decision = hide(measure=Measure.NONE, rule="", reason="Das ist eine Meinung.")
    filed.refresh_from_db()
    complaint = complain(decision=decision, report=filed, text="Doch.", at=now)
    _settle(complaint, make_staff(Role.MODERATION), now)
    assert Contribution.objects.get().status == Visibility.HIDDEN
    assert ModerationDecision.objects.last().rule == Rule.HATE


def test_reversing_undoes_nothing_that_the_author_took_back(contribution, hide, now):
    report(contribution=contribution, rule=Rule.HATE, text="Hetze.", contact="", at=now)
    complaint = _complain(hide(measure=Measure.NONE, rule="", reason="Meinung."), now)
    withdraw(contribution=contribution, actor=contribution.participant, at=now)
    _settle(Complaint.objects.get(pk=complaint.pk), make_staff(Role.MODERATION), now)
    assert Contribution.objects.get().status == Visibility.WITHDRAWN


def test_words_stay_as_they_are_while_hidden(contribution, hide):
    text = contribution.comment_row.comment
    hide()
    contribution.comment_row.refresh_from_db()
    assert contribution.comment_row.comment == text


def test_a_resident_is_no_moderator(contribution, hide):
    with pytest.raises(NotAModerator):
        hide(actor=make_resident())
