"""Members of the council ask the office, the office answers, all who read the pack see both."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.debate import Place
from consult.council.models import PackQuestion, Paper
from consult.council.predicates import may_debate, may_prepare_papers, works_on_papers
from consult.council.selectors import group_of
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import DEBATABLE, QUESTION_TRANSITIONS, QuestionStatus, ShownAs
from consult.participants.models import User
from consult.participants.services import queue_notice
from consult.participants.states import Role

LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 5_000


@transaction.atomic
def ask_question(
    *, paper: Paper, place: Place, text: str, shown_as: ShownAs, actor, at: datetime
) -> PackQuestion:
    """Put a member's question to the office, at a place of the pack, and tell the office.

    Who is in no council group is shown as a member. The mail holds no word of the question, and
    the log no person. Raises NotPermitted and PaperStepRefused.
    """
    require(may_debate(actor, paper))
    paper = lock_paper(paper, DEBATABLE, "not_debated_any_more")
    if not text.strip():
        raise PaperStepRefused("no_question")
    group = group_of(actor)
    question = PackQuestion(
        paper=paper,
        block=place.block,
        item_id=place.item,
        goal_wid=place.goal,
        asker=actor,
        group=group,
        shown_as=shown_as if group else ShownAs.MEMBER,
        text=text.strip(),
        asked_at=at,
    )
    question.save()
    log(paper, "paper.ask", data={"question": question.pk, "place": place.key})
    _tell_office(question, at)
    return question


@transaction.atomic
def withdraw_question(*, question: PackQuestion, actor) -> PackQuestion:
    """Take an own question back before it is answered; its words are deleted."""
    question = _lock(question)
    require(actor is not None and question.asker_id == actor.pk)
    question.text = ""
    return _set_status(question, QuestionStatus.WITHDRAWN, None)


@transaction.atomic
def answer_question(*, question: PackQuestion, answer: str, actor, at: datetime) -> PackQuestion:
    """Answer for the office; from now on all who may read the pack see question and answer.

    The asker is told by mail. Raises NotPermitted, and PaperStepRefused for an empty answer and
    for a question that is not open.
    """
    require(works_on_papers(actor))
    question = _lock(question)
    if not answer.strip():
        raise PaperStepRefused("no_answer")
    question.answer, question.answered_at = answer.strip(), at
    question.answered_by = actor
    question.answered_as = Role.COORDINATION if may_prepare_papers(actor) else Role.COUNCIL_OFFICE
    _set_status(question, QuestionStatus.ANSWERED, actor)
    _tell_asker(question, at)
    return question


def _lock(question: PackQuestion) -> PackQuestion:
    rows = PackQuestion.objects.select_for_update(of=("self",))
    return rows.select_related("paper", "asker").get(pk=question.pk)


def _set_status(question: PackQuestion, status: QuestionStatus, actor) -> PackQuestion:
    """The one gate of a question: check, log, set."""
    step = (QuestionStatus(question.status), status)
    if step not in QUESTION_TRANSITIONS:
        raise PaperStepRefused("question_is_settled")
    data = {"question": question.pk, "from": step[0], "to": status}
    log(question.paper, "paper.question", user=actor, data=data)
    question.status = status
    question.save()
    return question


def _tell_office(question: PackQuestion, at: datetime) -> None:
    office = User.objects.filter(
        is_active=True, groups__name__in=[Role.COORDINATION, Role.COUNCIL_OFFICE]
    )
    for person in office.distinct():
        queue_notice(
            key=f"question_asked:{question.pk}:{person.pk}",
            template="question_asked",
            context={"question": question.pk},
            at=at,
            user=person,
        )


def _tell_asker(question: PackQuestion, at: datetime) -> None:
    if question.asker is not None and question.asker.is_active:
        queue_notice(
            key=f"question_answered:{question.pk}",
            template="question_answered",
            context={"paper": question.paper_id, "question": question.pk},
            at=at,
            user=question.asker,
        )
