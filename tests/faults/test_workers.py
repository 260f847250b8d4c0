"""A worker is killed, the queue goes away, a step fails: nothing is lost and nothing is doubled."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from consult.contributions.models import Contribution, PendingSubmission
from consult.evaluation.models import AnalysisRun, AnalysisShard, ProposalMember, ThemeProposal
from consult.evaluation.services.analysis import retry_run
from consult.evaluation.services.closing import close_round
from consult.evaluation.states import RunStatus, Step
from consult.participants.models import Notice
from consult.participants.services import DOUBT_SETTLES, queue_notice, settle_doubts
from consult.participants.states import NoticeStatus, Role
from consult.project.embedded.claim import Claim
from consult.project.embedded.place import settle
from consult.project.embedded.valkey import Valkey
from consult.rounds.models import ConsultationRound
from consult.rounds.services import announce_round
from consult.rounds.states import RoundStatus
from drafts.editions.services import open_edition
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_round,
    make_staff,
)
from tests.faults.conftest import wait_for
from tests.faults.smtp import MailServer
from workers.jobs.turn_rounds import turn_rounds

WISHES = [
    "Deutschkurse am Abend mit Kinderbetreuung fehlen in unserem Viertel, Wunsch {}.",
    "Der Nachtbus fährt nicht bis zur Siedlung am Wald, ich laufe {} Minuten.",
    "In der Ausländerbehörde wartet man {} Wochen auf einen Termin, das geht nicht.",
    "Für Vereine fehlen Räume, wir sind {} Leute und haben keinen Schlüssel.",
]


def _closed_run(sections: int, contributions: int) -> AnalysisRun:
    at = timezone.now()
    edition = make_edition(make_concept(sections=sections), at=at - timedelta(days=1))
    round_ = make_open_round(at=at, edition=edition)
    people = [make_resident() for _ in range(10)]
    wids = list(edition.sections.order_by("position").values_list("wid", flat=True))
    for number in range(contributions):
        make_contribution(
            round_,
            at=at,
            text=WISHES[number // sections % len(WISHES)].format(number),
            participant=people[number % len(people)],
            section_wid=wids[number % sections],
        )
    close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=at)
    return AnalysisRun.objects.get()


def _steps(status: RunStatus) -> int:
    return AnalysisShard.objects.filter(status=status).count()


def _is(run: AnalysisRun, status: RunStatus):
    return lambda: AnalysisRun.objects.get(pk=run.pk).status == status


def _everybody_is_in_one_proposal(run: AnalysisRun) -> None:
    placed = Counter(
        ProposalMember.objects.filter(run=run).values_list("contribution__ref", flat=True)
    )
    assert placed == Counter(Contribution.objects.values_list("ref", flat=True))
    proposals = ThemeProposal.objects.filter(run=run)
    assert proposals.count() == proposals.values("key").distinct().count()


@pytest.mark.worker
def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(make_worker):
    run = _closed_run(sections=3, contributions=60)
    first, second = make_worker(), make_worker()
    first.start()
    first.send("workers.analyse")
    wait_for(
        lambda: _steps(RunStatus.DONE) >= 1 and _steps(RunStatus.RUNNING) == 1,
        "a step after the first",
    )
    first.kill()
    assert AnalysisRun.objects.get().status == RunStatus.RUNNING
    assert not ThemeProposal.objects.exists()
    broken_off = AnalysisShard.objects.get(status=RunStatus.RUNNING)

    # Nobody sends a message: the sweep of the schedule finds what was left behind.
    second.start(schedule=True)
    wait_for(_is(run, RunStatus.DONE), "the run")
    _everybody_is_in_one_proposal(run)
    attempts = dict(AnalysisShard.objects.values_list("pk", "attempts"))
    assert attempts.pop(broken_off.pk) == 2
    assert set(attempts.values()) == {1}


@pytest.mark.worker
def test_the_queue_is_emptied_in_the_middle_and_the_run_goes_on(make_worker, tmp_path):
    with Claim(tmp_path / "valkey") as claim:
        place = settle(claim.data_dir)
        valkey = Valkey(claim, place)
        valkey.start()
        try:
            run = _closed_run(sections=3, contributions=30)
            worker = make_worker(broker=valkey.url)
            worker.start(schedule=True)
            wait_for(lambda: _steps(RunStatus.RUNNING) == 1, "the first step")
            valkey.stop()
            wait_for(lambda: _steps(RunStatus.DONE) >= 1, "a step without the queue")
            valkey.start()
            wait_for(_is(run, RunStatus.DONE), "the run")
            _everybody_is_in_one_proposal(run)
            # The worker listens again: what is sent now is done, long before its next sweep.
            expired = timezone.now() - timedelta(days=1)
            PendingSubmission.objects.create(
                round=run.round, token_hash="x", email="a@example.org", payload={},
                submitted_at=expired, expires_at=expired,
            )  # fmt: skip
            worker.send("workers.clear_expired")
            wait_for(lambda: not PendingSubmission.objects.exists(), "the message")
        finally:
            valkey.stop()
            place.leave()


@pytest.mark.worker
def test_a_run_that_fails_says_why_and_can_be_retried(make_worker):
    run = _closed_run(sections=2, contributions=8)
    last = Contribution.objects.order_by("pk").last()
    right = last.section_wid
    AnalysisShard.objects.filter(section_wid=right).update(section_wid="lost")
    Contribution.objects.filter(pk=last.pk).update(section_wid="lost")
    worker = make_worker()
    worker.start()
    worker.send("workers.analyse")
    wait_for(_is(run, RunStatus.FAILED), "the failure")
    run.refresh_from_db()
    assert run.error == "KeyError: 'lost'"
    assert AnalysisShard.objects.get(step=Step.REDUCE).status == RunStatus.QUEUED

    Contribution.objects.filter(section_wid="lost").update(section_wid=right)
    retry_run(run=run, actor=make_staff(Role.COORDINATION))
    worker.send("workers.analyse")
    wait_for(_is(run, RunStatus.DONE), "the second try")
    _everybody_is_in_one_proposal(run)


# --- mails -------------------------------------------------------------------------------------


@pytest.fixture
def mail_server():
    server = MailServer()
    yield server
    server.close()


def _queue(number: int = 1) -> None:
    queue_notice(
        key=f"receipt:{number}",
        template="receipt",
        context={"ref": f"2027-R1-{number:04}", "key": "k", "held": False},
        email="ada@example.org",
        at=timezone.now(),
    )


@pytest.mark.worker
def test_a_mail_server_that_refuses_and_a_worker_that_dies_double_no_mail(make_worker, mail_server):
    _queue()
    mail_server.refuses = True
    smtp = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_server.port),
        "DJANGO_SETTINGS_MODULE": "consult.project.settings.production",
    }
    first, second = make_worker(**smtp), make_worker(**smtp)
    first.start()
    first.send("workers.send_notices")
    wait_for(lambda: Notice.objects.get().attempts == 1, "the first try")
    refused = Notice.objects.get()
    assert (refused.status, mail_server.mails) == (NoticeStatus.QUEUED, [])
    assert "451" in refused.error
    assert refused.due_at > timezone.now() + timedelta(minutes=4)

    # Its time has come; the server takes the mail slowly and the worker is killed meanwhile.
    Notice.objects.update(due_at=timezone.now())
    mail_server.refuses = False
    mail_server.holds = threading.Event()
    first.send("workers.send_notices")
    wait_for(mail_server.receiving.is_set, "the second try")
    first.kill()
    mail_server.holds = None
    assert Notice.objects.get().status == NoticeStatus.HANDED

    # Nobody knows whether the server took it. A receipt is not risked: it is sent once more.
    Notice.objects.update(handed_at=timezone.now() - DOUBT_SETTLES)
    settle_doubts(at=timezone.now())
    Notice.objects.update(due_at=timezone.now())
    second.start()
    for _message in range(3):
        second.send("workers.send_notices")
    wait_for(lambda: Notice.objects.get().status == NoticeStatus.SENT, "the mail")
    assert [("2027-R1-0001" in mail) for mail in mail_server.mails] == [True]


# --- the clock ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_round_that_cannot_open_holds_up_no_other():
    now = timezone.now()
    actor = make_staff(Role.COORDINATION)
    empty = open_edition(
        concept=make_concept(sections=0), title="Leer", origin="Amt", actor=actor, at=now
    )
    stuck = make_round(at=now, edition=empty, actor=actor)
    opens = make_round(at=now, actor=actor)
    closes = make_open_round(at=now, actor=actor)
    for round_ in (stuck, opens):
        announce_round(round_=round_, actor=actor)
    ConsultationRound.objects.filter(pk=closes.pk).update(closes_at=now - timedelta(minutes=1))
    turn_rounds()
    status = dict(ConsultationRound.objects.values_list("pk", "status"))
    assert status == {
        stuck.pk: RoundStatus.ANNOUNCED,
        opens.pk: RoundStatus.OPEN,
        closes.pk: RoundStatus.CLOSED,
    }
