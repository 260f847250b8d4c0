"""What waits for a member of staff: one line a desk, counted from rows."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.models import Complaint, Contribution, Report
from consult.contributions.predicates import may_moderate
from consult.council.debate import open_questions
from consult.council.predicates import may_record_decisions, works_on_papers
from consult.council.waiting import (
    decisions_to_confirm,
    meetings_to_enter,
    motions_to_judge,
    positions_to_confirm,
    results_to_enter,
    texts_to_adopt,
    votes_to_confirm,
    votes_to_enter,
)
from consult.evaluation.models import Response
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import open_objections, responses_of_department, unassigned
from consult.evaluation.states import ResponseStatus
from consult.intake.predicates import works_at_intake
from consult.intake.selectors import statements_to_check, waiting_for_a_second_person
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.records.models import BarrierReport
from consult.records.predicates import may_answer_barriers, may_audit
from consult.records.states import BarrierStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE, RoundStatus


@dataclass(frozen=True)
class Task:
    """How many things wait behind a link."""

    label: str
    count: int
    url: str


def tasks_of(user, on: date) -> list[Task]:
    """The tasks of all roles that the person has; a desk without work is shown with nought."""
    tasks: list[Task] = []
    if may_moderate(user):
        tasks += _moderation(user)
    if may_evaluate(user):
        tasks += _evaluation()
    if works_at_intake(user):
        tasks += _entries(user)
    if may_answer_barriers(user):
        tasks += _barriers(on)
    if has_role(user, Role.DEPARTMENT):
        tasks += _answers(user, on)
    if works_on_papers(user):
        tasks += _council(user, on)
    if may_audit(user):
        tasks += _audits()
    return tasks


def _moderation(user) -> list[Task]:
    complaints = (
        Complaint.objects.filter(outcome="")
        .exclude(decision__decided_by=user)
        .exclude(decision__contribution__participant=user)
    )
    return [
        Task(
            _("Zurückgehaltene Beiträge"),
            Contribution.objects.in_review().count(),
            reverse("moderation:held"),
        ),
        Task(
            _("Offene Meldungen"),
            Report.objects.filter(decision=None).count(),
            reverse("moderation:reports"),
        ),
        Task(
            _("Beschwerden, über die Sie entscheiden können"),
            complaints.count(),
            reverse("moderation:complaints"),
        ),
    ]


def _entries(user) -> list[Task]:
    return [
        Task(
            _("Mitschriften und Dateien, die Sie vergleichen können"),
            waiting_for_a_second_person(user),
            reverse("intake:desk"),
        ),
        Task(_("Stellungnahmen zu prüfen"), statements_to_check(), reverse("intake:statements")),
    ]


def _evaluation() -> list[Task]:
    closed = ConsultationRound.objects.filter(status=RoundStatus.CLOSED)
    signed = Response.objects.filter(status=ResponseStatus.SIGNED)
    return [
        Task(
            _("Beiträge ohne Thema"),
            sum(unassigned(round_).count() for round_ in closed),
            reverse("workshop:rounds"),
        ),
        Task(
            _("Offene Einwände: Mein Anliegen fehlt"),
            sum(open_objections(round_).count() for round_ in closed),
            reverse("workshop:rounds"),
        ),
        Task(
            _("Gezeichnete Antworten zum Veröffentlichen"),
            signed.count(),
            reverse("responses:start"),
        ),
    ]


def _barriers(on: date) -> list[Task]:
    waiting = BarrierReport.objects.filter(status=BarrierStatus.OPEN)
    return [
        Task(_("Gemeldete Barrieren ohne Antwort"), waiting.count(), reverse("barriers:desk")),
        Task(
            _("davon über der Frist von sechs Wochen"),
            waiting.filter(due_on__lt=on).count(),
            reverse("barriers:desk"),
        ),
    ]


def _answers(user, on: date) -> list[Task]:
    owed = responses_of_department(user)
    return [
        Task(_("Antworten, die Ihr Amt schuldet"), owed.count(), reverse("responses:mine")),
        Task(_("davon überfällig"), owed.filter(due_on__lt=on).count(), reverse("responses:mine")),
    ]


def _council(user, on: date) -> list[Task]:
    questions = Task(
        _("Fragen aus dem Rat ohne Antwort"),
        open_questions().count(),
        reverse("council_desk:questions"),
    )
    texts = Task(
        _("Beschlüsse, deren Wortlaut noch nicht in Kraft ist"),
        len(texts_to_adopt()),
        reverse("council_desk:papers"),
    )
    office = _council_office(user, on) if may_record_decisions(user) else []
    return [questions, *office, texts]


def _council_office(user, on: date) -> list[Task]:
    to_enter = len(meetings_to_enter(on)) + len(results_to_enter()) + len(votes_to_enter())
    to_confirm = sum(
        len(found(user)) for found in (decisions_to_confirm, votes_to_confirm, positions_to_confirm)
    )
    desk = reverse("council_desk:papers")
    return [
        Task(_("Sitzungen und Ergebnisse, die noch einzutragen sind"), to_enter, desk),
        Task(
            _("Änderungsanträge, über deren Zulassung zu entscheiden ist"),
            len(motions_to_judge()),
            desk,
        ),
        Task(_("Vorläufige Entscheidungen, die Sie bestätigen können"), to_confirm, desk),
    ]


def _audits() -> list[Task]:
    counted = ConsultationRound.objects.filter(status__in=TALLIES_READABLE)
    return [
        Task(_("Beendete Runden, die Sie prüfen können"), counted.count(), reverse("audit:rounds"))
    ]
