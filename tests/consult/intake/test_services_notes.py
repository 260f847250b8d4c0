"""Notes that somebody takes down: nothing is received before a second person has compared it."""

from datetime import timedelta

import pytest

from consult.contributions.models import Contribution, GuestContact
from consult.contributions.services.commenting import UnableToComment
from consult.contributions.services.proof import secret_hash
from consult.contributions.states import Channel, Kind, Visibility
from consult.evaluation.selectors import ledger_sums
from consult.evaluation.services.closing import (
    RoundNotAnswered,
    answer_round,
    correct_ledgers,
)
from consult.intake.models import OfflineNote
from consult.intake.selectors import ORIGINALS_KEPT
from consult.intake.services.cards import (
    CardRefused,
    as_typed,
    attach_card,
    print_blank_cards,
    print_receipts,
    shown,
)
from consult.intake.services.notes import (
    NoteStepRefused,
    Taken,
    accept_note,
    change_note,
    delete_note,
    return_note,
    submit_note,
)
from consult.intake.services.occasions import (
    add_original,
    clear_originals,
    open_occasion,
    split_transcript,
)
from consult.intake.states import NoteStatus, OccasionKind
from consult.participants.models import Notice
from consult.participants.states import Role, VerificationClass
from consult.records.selectors import contribution_by_receipt
from consult.rounds.services import NotPermitted
from tests.factories import make_resident, make_staff
from tests.factories.evaluation import make_closed
from tests.factories.intake import make_note, make_occasion, make_received_note
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def occasion(round_, now):
    return make_occasion(round_, at=now)


@pytest.fixture
def second(db):
    return make_staff(Role.MODERATION, name="Zweite")


def submitted(occasion, now, **fields) -> OfflineNote:
    note = make_note(occasion, at=now, **fields)
    return submit_note(note=note, actor=note.recorded_by)


def test_a_transcript_becomes_one_draft_a_paragraph_and_nothing_is_received(occasion, now):
    text = "- Mehr Bänke.\n\n2. Der Bus fährt\nzu selten.\n\n\n"
    made = split_transcript(
        occasion=occasion, text=text, by_line=False, section_wid="", at=now,
        actor=occasion.recorded_by,
    )  # fmt: skip
    assert made == (2, 0)
    assert [note.text for note in occasion.notes.order_by("position")] == [
        "Mehr Bänke.", "Der Bus fährt\nzu selten.",
    ]  # fmt: skip
    occasion.refresh_from_db()
    assert occasion.transcript == text.strip()
    assert not Contribution.objects.exists()


def test_the_same_transcript_sent_twice_makes_no_second_drafts(occasion, now):
    for expected in ((2, 0), (0, 2)):
        assert expected == split_transcript(
            occasion=occasion, text="Eins.\nZwei.", by_line=True, section_wid="", at=now,
            actor=occasion.recorded_by,
        )  # fmt: skip


def test_a_received_note_is_a_contribution_like_any_other(occasion, now, second, round_):
    receipt = accept_note(note=submitted(occasion, now), actor=second, at=now)
    found = Contribution.objects.get()
    assert receipt.contribution == found
    assert (found.kind, found.channel) == (Kind.OFFLINE_NOTE, Channel.EVENT)
    assert (found.status, found.participant) == (Visibility.PUBLISHED, None)
    assert found.verification_class == VerificationClass.NOT_VERIFIED
    assert found.comment_row.comment == "Es braucht eine Bank am Markt."
    assert found.language == "de"
    assert ledger_sums(round_)["received"] == 1
    note = found.offline_note
    assert (note.status, note.text, note.checked_by) == (NoteStatus.RECEIVED, "", second)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [(OccasionKind.LETTERS, Channel.LETTER), (OccasionKind.CALLS, Channel.ASSISTED)],
)
def test_the_channel_follows_from_the_occasion(round_, now, kind, channel):
    note = make_received_note(make_occasion(round_, at=now, kind=kind), at=now)
    assert note.contribution.channel == channel


def test_nobody_checks_what_they_have_written(occasion, now, second):
    note = submitted(occasion, now)
    with pytest.raises(NotPermitted), nothing_written():
        accept_note(note=note, actor=occasion.recorded_by, at=now)
    return_note(note=note, reason="Ein Wort fehlt.", actor=second)
    change_note(
        note=note, taken=Taken(text="Besser.", section_wid=note.section_wid), actor=second, at=now
    )
    submit_note(note=note, actor=second)
    # Now the second person has written of it, and the first one too.
    for actor in (second, occasion.recorded_by):
        with pytest.raises(NotPermitted):
            accept_note(note=note, actor=actor, at=now)
    accept_note(note=note, actor=make_staff(Role.COORDINATION), at=now)


def test_corrections_of_the_second_person_stay_in_the_history(occasion, now, second):
    note = submitted(occasion, now, text="Es braucht eine Bahn.")
    corrected = Taken(text="Es braucht eine Bank.", section_wid=note.section_wid, stance="idea")
    found = accept_note(note=note, actor=second, at=now, corrected=corrected).contribution
    assert found.comment_row.comment == "Es braucht eine Bank."
    assert [(v.text, v.by) for v in note.versions.order_by("pk")] == [
        ("Es braucht eine Bahn.", occasion.recorded_by), ("Es braucht eine Bank.", second),
    ]  # fmt: skip


def test_a_note_comes_back_with_a_reason(occasion, now, second):
    note = submitted(occasion, now)
    with pytest.raises(NoteStepRefused, match="no_reason"):
        return_note(note=note, reason=" ", actor=second)
    returned = return_note(note=note, reason="Falsches Ziel.", actor=second)
    assert (returned.status, returned.return_reason) == (NoteStatus.RETURNED, "Falsches Ziel.")


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x" * 5001}, "too_long"),
        ({"section_wid": ""}, "no_place"),
        ({"section_wid": "nowhere"}, "no_place"),
    ],
)
def test_a_draft_may_be_incomplete_but_is_not_handed_over(occasion, now, missing, code):
    note = make_note(occasion, at=now, **missing)
    with pytest.raises(NoteStepRefused, match=code):
        submit_note(note=note, actor=note.recorded_by)


def test_a_letter_counts_by_the_day_on_which_it_came_in(round_, now, second):
    letters = make_occasion(round_, at=now, kind=OccasionKind.LETTERS)
    note = submitted(letters, now, received_on=now.date() + timedelta(days=3))
    closed = make_closed(round_)
    late = closed.closes_at + timedelta(days=2)
    found = accept_note(note=note, actor=second, at=late).contribution
    assert found.received_at.date() == now.date() + timedelta(days=3)
    assert found.status_since == late
    outside = make_note(letters, at=late, received_on=late.date())
    with pytest.raises(NoteStepRefused, match="outside_window"):
        submit_note(note=outside, actor=outside.recorded_by)


def test_an_occasion_lies_in_the_window(round_, now):
    with pytest.raises(UnableToComment, match="outside_window"):
        make_occasion(round_, at=now, held_on=now.date() - timedelta(days=2))


def test_an_address_is_told_and_kept_like_that_of_a_guest(occasion, now, second):
    note = submitted(occasion, now, contact="karte@example.org")
    found = accept_note(note=note, actor=second, at=now).contribution
    assert GuestContact.objects.get(contribution=found).email == "karte@example.org"
    [mail] = Notice.objects.filter(template="receipt")
    assert contribution_by_receipt(mail.context["key"]) == found
    note.refresh_from_db()
    assert (note.contact, note.contact_hash) == ("", "")


def test_residents_and_other_offices_take_nothing_down(round_, occasion, now):
    for nobody in (make_resident(), make_staff(Role.DEPARTMENT), make_staff()):
        with pytest.raises(NotPermitted), nothing_written():
            open_occasion(
                round_=round_, actor=nobody, at=now, kind=OccasionKind.EVENT, title="T",
                held_on=now.date(),
            )  # fmt: skip
        with pytest.raises(NotPermitted), nothing_written():
            make_note(occasion, at=now, actor=nobody)


def test_a_draft_can_be_thrown_away_a_contribution_cannot(occasion, now, second):
    delete_note(note=make_note(occasion, at=now), actor=occasion.recorded_by)
    assert not occasion.notes.exists()
    received = make_received_note(occasion, at=now)
    with pytest.raises(NotPermitted):
        delete_note(note=received, actor=second)


# --- cards -------------------------------------------------------------------------------------


def test_a_card_handed_out_before_opens_what_became_of_the_note(occasion, now, second):
    [code, _other] = print_blank_cards(
        occasion=occasion, number=2, actor=occasion.recorded_by, at=now
    )
    note = make_note(occasion, at=now)
    attach_card(note=note, code=shown(code).lower(), actor=occasion.recorded_by)
    submit_note(note=note, actor=occasion.recorded_by)
    found = accept_note(note=note, actor=second, at=now).contribution
    assert contribution_by_receipt(code) == found
    assert code not in str(list(occasion.cards.values()))


def test_a_code_belongs_to_one_note_and_one_occasion(round_, occasion, now):
    [code] = print_blank_cards(occasion=occasion, number=1, actor=occasion.recorded_by, at=now)
    first, other = (make_note(occasion, at=now, text=text) for text in ("Eins.", "Zwei."))
    attach_card(note=first, code=code, actor=occasion.recorded_by)
    attach_card(note=first, code=code, actor=occasion.recorded_by)
    elsewhere = make_note(make_occasion(round_, at=now), at=now)
    for note, wrong, why in [(other, code, "taken"), (elsewhere, code, "unknown"),
                             (other, "2345-6789-ABCD", "unknown"), (other, "", "unknown")]:  # fmt: skip
        with pytest.raises(CardRefused, match=why):
            attach_card(note=note, code=wrong, actor=occasion.recorded_by)


def test_a_receipt_printed_later_opens_and_the_former_ends(occasion, now):
    note = make_received_note(occasion, at=now)
    [(_note, first)] = print_receipts(notes=[note], actor=occasion.recorded_by, at=now)
    [(_note, second)] = print_receipts(notes=[note], actor=occasion.recorded_by, at=now)
    assert contribution_by_receipt(first) is None
    assert contribution_by_receipt(second) == note.contribution
    assert secret_hash(second) == Contribution.objects.get().receipt_key_hash


@pytest.mark.parametrize("typed", ["k7qm-3xwr-9tfa", " K7QM 3XWR 9TFA ", "K7QM3XWR9TFA"])
def test_a_code_is_understood_as_people_type_it(typed):
    assert as_typed(typed) == "K7QM3XWR9TFA"


@pytest.mark.parametrize("typed", ["", "K7QM3XWR9TF", "K7QM3XWR9TF0", "K7QM3XWR9TFAA", "ÄÖÜ"])
def test_what_is_no_code_is_none(typed):
    assert as_typed(typed) == ""


# --- originals ---------------------------------------------------------------------------------


def test_scans_and_transcript_go_some_time_after_the_last_check(occasion, now, second):
    split_transcript(
        occasion=occasion, text="Eins.", by_line=True, section_wid="", at=now,
        actor=occasion.recorded_by,
    )  # fmt: skip
    add_original(
        occasion=occasion, name="seite.png", content=PNG, actor=occasion.recorded_by, at=now
    )
    later = now + ORIGINALS_KEPT
    # A draft is still on the way.
    assert clear_originals(at=later) == 0
    note = occasion.notes.get()
    section = occasion.round.edition.sections.first().wid
    change_note(
        note=note,
        taken=Taken(text="Eins.", section_wid=section),
        actor=occasion.recorded_by,
        at=now,
    )
    submit_note(note=note, actor=occasion.recorded_by)
    accept_note(note=note, actor=second, at=now + timedelta(days=1))
    assert clear_originals(at=later) == 0
    assert clear_originals(at=later + timedelta(days=1)) == 1
    occasion.refresh_from_db()
    assert occasion.transcript == ""
    assert not occasion.originals.exists()


def test_a_round_is_not_answered_while_a_note_is_on_its_way(round_, occasion, now):
    make_note(occasion, at=now)
    closed = make_closed(round_)
    with pytest.raises(RoundNotAnswered) as refused:
        answer_round(
            round_=closed, actor=make_staff(Role.COORDINATION), at=now + timedelta(days=20)
        )
    assert ("not_entered", 1) in refused.value.obstacles


def test_a_note_received_after_the_closing_corrects_the_ledger(round_, occasion, now, second):
    note = submitted(occasion, now)
    closed = make_closed(round_)
    accept_note(note=note, actor=second, at=closed.closes_at + timedelta(days=1))
    [correction] = correct_ledgers()
    assert (correction.received, correction.occasion) == (1, "correction")
