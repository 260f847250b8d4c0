"""Invariants 20 to 24 of the model: moderation, and what machines may write."""

import ast
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.contributions.models import Contribution, ModerationDecision
from consult.contributions.services.moderation import (
    NotAModerator,
    complain,
    decide,
    decide_complaint,
)
from consult.contributions.states import ComplaintOutcome, Measure, Rule
from consult.evaluation.models import (
    Assignment,
    Response,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.selectors import public_themes
from consult.evaluation.services.analysis import queue_run, run_next_shard
from consult.evaluation.services.summaries import release_summary, write_next_summary
from consult.evaluation.states import SummaryStatus
from consult.participants.models import Notice
from consult.participants.services import send_due_notices
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.tables import nothing_written
from workers.analysis import sentences
from workers.analysis.themes import Contribution as Words
from workers.analysis.themes import describe_theme

ROOT = Path(__file__).resolve().parents[2]


def _hide(contribution, at, actor=None):
    return decide(
        contribution=contribution,
        measure=Measure.HIDE,
        rule=Rule.INSULT,
        reason="Beleidigt eine Nachbarin.",
        actor=actor or make_staff(Role.MODERATION),
        at=at,
    )


# --- 20 ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_20_hiding_names_ground_facts_and_remedy_and_tells_the_author(now):
    contribution = make_contribution(make_open_round(at=now), at=now)
    decision = _hide(contribution, now)
    assert decision.rule
    assert decision.reason
    assert decision.complaint_until > now.date()
    notice = Notice.objects.get(key=f"decision:{decision.pk}")
    assert (notice.user, notice.created_at) == (contribution.participant, now)
    for spoiled in ({"rule": ""}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationDecision.objects.update(**spoiled)


def test_invariant_20_only_moderation_and_the_author_limit_what_is_seen():
    callers = set()
    for package in ("consult", "site_content", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            names = {
                alias.name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.ImportFrom)
                and node.module == "consult.contributions.services.status"
                for alias in node.names
            }
            if "set_status" in names:
                callers.add(path.name)
    # erasing.py does what the author has asked for; statements.py shows what was held until the
    # office had confirmed the organisation.
    assert callers == {"moderation.py", "withdrawing.py", "erasing.py", "statements.py"}


# --- 21 ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_invariant_21_another_person_decides_the_complaint(now):
    first = make_staff(Role.MODERATION)
    decision = _hide(make_contribution(make_open_round(at=now), at=now), now, actor=first)
    complaint = complain(decision=decision, text="Das ist keine Beleidigung.", at=now)

    def settle(actor):
        return decide_complaint(
            complaint=complaint,
            outcome=ComplaintOutcome.UPHELD,
            reason="Doch.",
            actor=actor,
            at=now,
        )

    with nothing_written(), pytest.raises(NotAModerator):
        settle(first)
    assert settle(make_staff(Role.MODERATION)).decided_by != first


# --- 22 ----------------------------------------------------------------------------------------


@pytest.fixture
def closed(db, now):
    round_ = make_open_round(at=now)
    for text in (
        "Deutschkurse am Abend fehlen.",
        "Abends gibt es keine Deutschkurse.",
        "Der Bus fährt nachts nicht.",
    ):
        make_contribution(round_, at=now, text=text)
    return make_closed(round_)


def _work():
    while run_next_shard() or write_next_summary():
        pass


def test_invariant_22_a_machine_only_proposes(closed, now):
    _work()
    assert ThemeProposal.objects.exists()
    for model in (Theme, Assignment, Summary, Response, ModerationDecision):
        assert not model.objects.exists()
    assert public_themes(closed) == []
    voices = list(Contribution.objects.select_related("round").order_by("pk"))
    actor = make_staff(Role.COORDINATION)
    make_theme(voices[:2], title="Kurse", actor=actor, at=now)
    _work()
    summary = Summary.objects.get(status=SummaryStatus.MACHINE_DRAFT)
    assert public_themes(closed)[0]["summary"] is None
    with pytest.raises(NotPermitted):
        release_summary(summary=summary, actor=None, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Summary.objects.update(status=SummaryStatus.RELEASED)


def test_invariant_22_jobs_call_no_deed_of_a_person():
    called = {
        alias.name
        for path in (ROOT / "workers/jobs").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("consult", "drafts"))
        for alias in node.names
    }
    assert called == {
        "clear_answered_barriers",
        "clear_expired_drafts",
        "clear_expired_statements",
        "clear_expired_submissions",
        "clear_originals",
        "close_round",
        "compute_next_vectors",
        "correct_ledgers",
        "JOB",
        # Makes files of what is public already.
        "ask_for_packs",
        "SEND_JOB",
        "destroy_ballot_keys",
        "gather_next",
        "make_next_document",
        "note_occurrences",
        "open_round",
        "publish",
        "queue_edition_documents",
        "queue_follow_up_runs",
        "queue_translations",
        "renew_overtaken_summaries",
        "rounds_to_close",
        "rounds_to_open",
        "run_next_erasure",
        # Takes over a table that two people have approved.
        "run_next_import",
        "run_next_shard",
        "seal_entries",
        "send_due_notices",
        "steps_are_due",
        "tell_next",
        # What they write is a draft until somebody releases it, or is marked beside the original.
        "translate_next",
        "translate_next_answer",
        "understood",
        "wake_worker",
        "write_next_summary",
    }


# --- 23 ----------------------------------------------------------------------------------------

WORDS = ["Kurse", "am", "Abend", "fehlen", "Busse", "nachts", "nicht", "!", "42", "", "сад", "الحي"]
texts = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=9
)


@settings(max_examples=40)
@given(texts, st.sampled_from(["", "a", "ab"]))
def test_invariant_23_every_sentence_cites_its_input_and_every_quote_is_verbatim(given_texts, who):
    voices = [
        Words(
            id=f"R-{number}", text=text, kind="idea", author=who[number % len(who)] if who else ""
        )
        for number, text in enumerate(given_texts)
    ]
    said = describe_theme("Kurse", voices, {})
    assert str(sentences.voices(voices)) in said.summary[0].sentence
    texts_by_id = {voice.id: voice.text for voice in voices}
    for sentence in said.summary:
        assert set(sentence.cites) <= texts_by_id.keys()
        assert sentence.cites
    for quote in said.quotes:
        assert quote.text in texts_by_id[quote.id]


# --- 24 ----------------------------------------------------------------------------------------


def test_invariant_24_doing_it_again_changes_nothing(closed, now):
    _work()
    send_due_notices(at=now)
    sent = len(mail.outbox)
    with nothing_written():
        queue_run(round_=closed, at=now)
        _work()
        send_due_notices(at=now)
    assert len(mail.outbox) == sent


def test_invariant_24_the_same_words_give_the_same_proposals(closed, now):
    def proposed():
        return list(ThemeProposal.objects.order_by("position").values_list("key", "label"))

    _work()
    first = proposed()
    shards = closed.runs.get().shards
    closed.runs.update(status="queued")
    shards.update(status="queued", attempts=0)
    _work()
    assert proposed() == first != []


@pytest.mark.django_db
def test_invariant_21_an_author_who_moderates_is_bound_too(now):
    moderator = make_staff(Role.MODERATION)
    contribution = make_contribution(make_open_round(at=now), at=now, participant=make_resident())
    complaint = complain(decision=_hide(contribution, now, moderator), text="Nein.", at=now)
    complaint.decision.decided_by = make_staff(Role.MODERATION)
    with pytest.raises(NotAModerator):
        decide_complaint(
            complaint=complaint, outcome=ComplaintOutcome.REVERSED, reason="Ja.",
            actor=moderator, at=now,
        )  # fmt: skip
