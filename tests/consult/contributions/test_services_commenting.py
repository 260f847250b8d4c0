"""Writing: what is taken, what is refused, and what a receipt proves."""

import hmac
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from consult.contributions.models import (
    Comment,
    Contribution,
    GuestContact,
    PendingSubmission,
)
from consult.contributions.services.commenting import (
    LONGEST_TEXT,
    UnableToComment,
    Words,
    clear_expired_submissions,
    confirm_submission,
    content_hmac,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.confirming import GUEST_HOURS_AFTER_CLOSE, LinkExpired
from consult.contributions.services.proof import secret_hash
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Visibility
from consult.evaluation.services.closing import close_round
from consult.participants.models import Notice
from consult.participants.states import Role, VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.services import set_round_status, start_pre_moderation
from consult.rounds.states import RoundStatus
from tests.factories import (
    make_contribution,
    make_open_round,
    make_resident,
    make_round,
    make_staff,
)
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(round_):
    return find_place(round_.edition, round_.edition.sections.get().wid)


@pytest.fixture
def submit(place, now):
    """Hand in a comment with an account."""

    def submit_it(text="Kurse am Samstag.", *, at=now, place=place, participant=None, **words):
        return submit_comment(
            place=place,
            words=Words(**{"text": text, "stance": "idea", **words}),
            participant=participant or make_resident(),
            at=at,
        )

    return submit_it


@pytest.fixture
def guest(place, now):
    """Hand in a comment without an account; return the token of the mail."""

    def submit_it(text="Ohne Konto.", *, at=now, **words):
        return submit_as_guest(
            place=place,
            words=Words(**{"text": text, "stance": "idea", **words}),
            email="gast@example.org",
            language="de",
            at=at,
        )

    return submit_it


# --- places ------------------------------------------------------------------------------------


def test_a_place_is_a_section_a_block_or_a_goal_with_its_words(round_):
    section = round_.edition.sections.get()
    block = section.texts.get().content["blocks"][1]
    goal = round_.edition.goals.get()
    assert find_place(round_.edition, section.wid).label == "Abschnitt 1"
    assert find_place(round_.edition, section.wid, block["wid"]).quote == "Zweiter Absatz von 1."
    assert find_place(round_.edition, section.wid, goal.wid).quote == "Wortlaut von Ziel 1.1."


@pytest.mark.parametrize(("section", "target"), [("nowhere", ""), (None, "nowhere")])
def test_a_place_that_is_not_in_the_edition_is_gone(section, target, round_):
    wid = section or round_.edition.sections.get().wid
    with pytest.raises(UnableToComment) as refused:
        find_place(round_.edition, wid, target)
    assert refused.value.code == "gone"


# --- receipts ----------------------------------------------------------------------------------


def test_receipt_proves_the_stored_words(submit, place):
    receipt = submit("  Kurse am Samstag.\n")
    row = Contribution.objects.get()
    assert row.receipt_key_hash == secret_hash(receipt.key)
    assert row.comment_row.comment == "Kurse am Samstag."
    proof = content_hmac(row.salt, "Kurse am Samstag.", place, row.ref)
    assert hmac.compare_digest(row.content_hmac, proof)
    assert row.content_hmac != content_hmac(row.salt, "Kurse am Sonntag.", place, row.ref)


def test_the_key_stands_only_in_the_mail(submit):
    receipt = submit()
    assert Notice.objects.get().context["key"] == receipt.key
    assert receipt.key not in str(list(Contribution.objects.values()))


def test_numbers_run_without_a_gap_also_past_a_refusal(submit):
    first = submit().contribution
    with pytest.raises(UnableToComment):
        submit("   ")
    second = submit().contribution
    assert [first.ref[-5:], second.ref[-5:]] == ["-0001", "-0002"]


# --- words -------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert('x')</script><b onmouseover=alert(1)>fett</b>",
    "{% load x %}{{ request.user.email }}",
    "'; DROP TABLE participants_user; --",
    "‮rückwärts​ \u202e 👩‍👩‍👧 \ufeff Zeichen",
    "a" + "̀" * 300,
    "\x01\x1b[31mrot\x7f",
    "Zeile\r\nZeile\u2028Zeile",
]


def test_words_are_stored_as_they_were_written(submit, subtests):
    for number, text in enumerate(HOSTILE):
        with subtests.test(number=number), undone():
            submit(text)
            assert Comment.objects.get().comment == text


REFUSED = {
    "no words": ({"text": " \n\t "}, "empty"),
    "a letter too much": ({"text": "x" * (LONGEST_TEXT + 1)}, "too_long"),
    "100,000 letters": ({"text": "ä" * 100_000}, "too_long"),
    "NUL in the text": ({"text": "vor\x00nach"}, "unreadable"),
    "NUL in the name": ({"display_name": "A\x00da"}, "unreadable"),
    "an invented stance": ({"stance": "hatred"}, "no_stance"),
    "no stance": ({"stance": ""}, "no_stance"),
}


@pytest.mark.parametrize("way", ["submit", "guest"])
def test_words_that_cannot_be_taken_leave_no_trace(way, request, subtests):
    hand_in = request.getfixturevalue(way)
    for name, (words, code) in REFUSED.items():
        with subtests.test(name), nothing_written():
            with pytest.raises(UnableToComment) as refused:
                hand_in(**words)
            assert refused.value.code == code


def test_longest_text_is_taken_whole(submit):
    submit("ß" * LONGEST_TEXT)
    assert len(Comment.objects.get().comment) == LONGEST_TEXT


# --- replies -----------------------------------------------------------------------------------


def test_replies_nest_two_deep_and_leave_the_thread_alone(submit):
    root = submit().contribution
    rows_before = Comment.objects.filter(contribution=root).values().get()
    reply = submit("Ja.", reply_to=root.ref).contribution
    answer = submit("Nein.", reply_to=reply.ref).contribution
    assert answer.comment_row.level == 2
    assert {row.thread_id for row in Comment.objects.all()} == {root.pk}
    assert Comment.objects.filter(contribution=root).values().get() == rows_before
    with pytest.raises(UnableToComment) as refused:
        submit("Doch.", reply_to=answer.ref)
    assert refused.value.code == "too_deep"


def test_nobody_replies_to_what_is_not_public_or_stands_in_another_round(submit, now):
    author = make_resident()
    taken_back = submit(participant=author).contribution
    withdraw(contribution=taken_back, actor=author, at=now)
    elsewhere = make_contribution(make_open_round(at=now), at=now)
    for ref in (taken_back.ref, elsewhere.ref, "2027-R1-9999"):
        with pytest.raises(UnableToComment) as refused:
            submit(reply_to=ref)
        assert refused.value.code == "gone"


# --- the window --------------------------------------------------------------------------------


def test_nothing_is_taken_unless_the_round_is_open(submit, guest, subtests):
    for status in set(RoundStatus) - {RoundStatus.OPEN}:
        ConsultationRound.objects.update(status=status)
        for hand_in in (submit, guest):
            with subtests.test(status=status), nothing_written():
                with pytest.raises(UnableToComment) as refused:
                    hand_in()
                assert refused.value.code == "closed"


# --- pre-moderation ----------------------------------------------------------------------------


def test_pre_moderated_text_is_held_until_its_time(submit, round_, now):
    start_pre_moderation(
        round_=round_,
        actor=make_staff(Role.COORDINATION),
        reason="Angriffe auf einzelne Menschen.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
        hours_to_decide=12,
    )
    held = submit(at=now + timedelta(hours=1)).contribution
    free = submit(at=now + timedelta(days=1)).contribution
    assert (held.status, held.decide_by) == (Visibility.HELD, now + timedelta(hours=13))
    assert held.comment_row.is_public is False
    assert (free.status, free.decide_by) == (Visibility.PUBLISHED, None)


# --- guests ------------------------------------------------------------------------------------


def test_a_guests_text_is_received_only_when_confirmed(guest, now):
    token = guest()
    assert not Contribution.objects.exists()
    receipt = confirm_submission(token=token, at=now + timedelta(hours=1))
    row = receipt.contribution
    assert (row.participant, row.verification_class) == (None, VerificationClass.EMAIL_CONFIRMED)
    assert row.received_at == now + timedelta(hours=1)
    assert GuestContact.objects.get().email == "gast@example.org"
    assert not PendingSubmission.objects.exists()


def test_the_token_is_stored_as_a_hash_only(guest):
    token = guest()
    assert token not in str(list(PendingSubmission.objects.values()))


def test_a_link_works_once(guest, now):
    token = guest()
    confirm_submission(token=token, at=now)
    with nothing_written(), pytest.raises(LinkExpired):
        confirm_submission(token=token, at=now)


def test_an_invented_link_is_expired(guest, now):
    guest()
    for token in ("", "x" * 32, "\x00", "🙂" * 5000):
        with nothing_written(), pytest.raises(LinkExpired):
            confirm_submission(token=token, at=now)


def test_a_link_lives_48_hours_past_the_end(guest, round_, now):
    late, in_time = guest(), guest()
    end = round_.closes_at + timedelta(hours=GUEST_HOURS_AFTER_CLOSE)
    close_round(round_=round_, actor=None, at=round_.closes_at)
    receipt = confirm_submission(token=in_time, at=end - timedelta(microseconds=1))
    assert receipt.contribution.status == Visibility.PUBLISHED
    with nothing_written(), pytest.raises(LinkExpired):
        confirm_submission(token=late, at=end)
    assert clear_expired_submissions(at=end) == 1
    assert not PendingSubmission.objects.exists()


def test_a_link_lives_48_hours_past_an_early_end(guest, round_, now):
    token = guest()
    close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=now + timedelta(hours=2))
    with pytest.raises(LinkExpired):
        confirm_submission(token=token, at=now + timedelta(hours=2 + GUEST_HOURS_AFTER_CLOSE))


def test_a_reply_to_what_was_hidden_meanwhile_keeps_the_link(guest, submit, now):
    author = make_resident()
    root = submit(participant=author).contribution
    token = guest(reply_to=root.ref)
    withdraw(contribution=root, actor=author, at=now)
    with nothing_written(), pytest.raises(UnableToComment):
        confirm_submission(token=token, at=now)


# --- withdrawing -------------------------------------------------------------------------------


def test_authors_withdraw_while_the_round_runs(submit, round_, now):
    author = make_resident()
    mine = submit(participant=author).contribution
    for actor, at in [
        (make_resident(), now),
        (make_staff(Role.MODERATION, Role.COORDINATION), now),
        (author, round_.closes_at),
    ]:
        with nothing_written(), pytest.raises(UnableToComment):
            withdraw(contribution=mine, actor=actor, at=at)
    assert withdraw(contribution=mine, actor=author, at=now).status == Visibility.WITHDRAWN


def test_a_guests_text_belongs_to_no_account(guest, now):
    found = confirm_submission(token=guest(), at=now).contribution
    with pytest.raises(UnableToComment):
        withdraw(contribution=found, actor=make_resident(), at=now)


def test_the_log_of_a_withdrawal_names_nobody(submit, now):
    author = make_resident("Anna")
    mine = submit(participant=author).contribution
    withdraw(contribution=mine, actor=author, at=now)
    assert ModelLogEntry.objects.get(action="contribution.status").user is None


def test_nothing_is_withdrawn_from_a_round_that_is_suspended(submit, round_, now):
    author = make_resident()
    mine = submit(participant=author).contribution
    set_round_status(round_=round_, status=RoundStatus.SUSPENDED, actor=None)
    mine.round.refresh_from_db()
    with pytest.raises(UnableToComment):
        withdraw(contribution=mine, actor=author, at=now)


def test_a_round_that_is_planned_takes_nothing(now):
    planned = make_round(at=now)
    section = planned.edition.sections.get()
    with pytest.raises(UnableToComment):
        submit_comment(
            place=find_place(planned.edition, section.wid),
            words=Words(text="Zu früh.", stance="idea"),
            participant=make_resident(),
            at=timezone.now(),
        )
