"""Marks, questions and drafts for council groups: who may, until when, and what is told to whom."""

import pytest
from django.core import mail
from wagtail.models import ModelLogEntry

from consult.council.debate import (
    Place,
    goal_place,
    item_place,
    marks_of,
    open_questions,
    place_behind,
    questions_of,
    wishes,
)
from consult.council.models import CouncilGroup, DebateMark, PackQuestion, Paper
from consult.council.predicates import may_debate, may_read
from consult.council.selectors import readable_papers
from consult.council.services.access import PaperStepRefused
from consult.council.services.debate import mark_for_debate, withdraw_mark
from consult.council.services.handover import hand_draft_over, take_draft_back
from consult.council.services.items import remove_item
from consult.council.services.questions import (
    answer_question,
    ask_question,
    withdraw_question,
)
from consult.council.services.route import add_reading, set_step_status
from consult.council.states import (
    QUESTION_TRANSITIONS,
    Effect,
    PackBlock,
    PaperStatus,
    QuestionStatus,
    ShownAs,
    StepOutcome,
    StepStatus,
)
from consult.participants.models import Notice
from consult.participants.services import send_due_notices
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import (
    make_member,
    make_paper,
    make_question,
    make_submitted,
)
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role != Role.COUNCIL_MEMBER]


@pytest.fixture
def draft(now) -> Paper:
    return make_paper(make_edition(make_concept(), at=now))


@pytest.fixture
def paper(draft, now) -> Paper:
    return make_submitted(draft, at=now)


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def member():
    return make_member("Offene Liste")


@pytest.fixture
def item(paper) -> Place:
    return item_place(paper.items.get().pk)


def hold(paper: Paper, outcome: StepOutcome = StepOutcome.VOTED):
    """Let the deciding body meet."""
    return set_step_status(
        step=paper.route.get(authoritative=True, status=StepStatus.PLANNED),
        status=StepStatus.HELD,
        actor=make_staff(Role.COUNCIL_OFFICE),
        outcome=outcome,
    )


# --- places ------------------------------------------------------------------------------------


def test_every_place_of_a_pack_is_found_by_its_key_and_no_other(paper, now):
    goal = paper.edition.goals.get()
    for place in [item_place(paper.items.get().pk), goal_place(goal.wid), *map(Place, PackBlock)]:
        assert place_behind(paper, place.key) == place
    other = make_paper(make_edition(make_concept(), at=now))
    foreign = [item_place(other.items.get().pk), goal_place(other.edition.goals.get().wid)]
    for key in ["", "punkt-", "punkt-x", "ziel-", "punkt-99999999999", "nirgends"]:
        assert place_behind(paper, key) is None
    assert [place_behind(paper, place.key) for place in foreign] == [None, None]


def test_a_pack_that_adopts_no_text_has_no_goals(now):
    plain = make_paper(make_edition(make_concept(), at=now), effect=Effect.NONE)
    assert place_behind(plain, goal_place(plain.edition.goals.get().wid).key) is None


# --- marks -------------------------------------------------------------------------------------


def test_a_member_marks_a_place_once_and_takes_that_back(paper, item, member, now):
    for _time in range(2):
        mark_for_debate(paper=paper, place=item, actor=member, at=now)
    assert DebateMark.objects.count() == 1
    goal = goal_place(paper.edition.goals.get().wid)
    mark_for_debate(paper=paper, place=goal, actor=member, at=now)
    for _time in range(2):
        withdraw_mark(paper=paper, place=item, actor=member)
    assert set(wishes(marks_of(paper))) == {goal.key}


def test_others_see_groups_and_members_without_one(paper, item, member, now):
    for person in (member, make_member("Offene Liste"), make_member("Alle"), make_member()):
        mark_for_debate(paper=paper, place=item, actor=person, at=now)
    wish = wishes(marks_of(paper))[item.key]
    assert (wish.members, wish.groups, wish.without_group) == (4, ("Alle", "Offene Liste"), 1)


def test_the_log_of_a_mark_names_the_group_and_nobody(paper, item, member, now):
    mark_for_debate(paper=paper, place=item, actor=member, at=now)
    withdraw_mark(paper=paper, place=item, actor=member)
    entries = ModelLogEntry.objects.filter(action__in=["paper.mark", "paper.unmark"])
    assert [entry.data for entry in entries] == [{"place": item.key, "group": "Offene Liste"}] * 2
    assert {entry.user_id for entry in entries} == {None}


def test_nobody_takes_the_mark_of_another_back(paper, item, member, now):
    mark_for_debate(paper=paper, place=item, actor=member, at=now)
    withdraw_mark(paper=paper, place=item, actor=make_member("Offene Liste"))
    assert DebateMark.objects.get().member == member


def test_marks_end_when_the_body_that_decides_has_met(paper, item, member, now):
    mark_for_debate(paper=paper, place=item, actor=member, at=now)
    held = hold(paper, StepOutcome.ADJOURNED)
    for deed in (
        lambda: mark_for_debate(paper=paper, place=item, actor=make_member(), at=now),
        lambda: withdraw_mark(paper=paper, place=item, actor=member),
    ):
        with nothing_written(), pytest.raises(PaperStepRefused) as refused:
            deed()
        assert refused.value.code == "not_debated_any_more"
    add_reading(step=held, actor=make_staff(Role.COUNCIL_OFFICE))
    withdraw_mark(paper=paper, place=item, actor=member)
    assert not DebateMark.objects.exists()


def test_a_block_is_not_debated(paper, member, now):
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        mark_for_debate(paper=paper, place=Place(PackBlock.MONEY), actor=member, at=now)
    assert refused.value.code == "nothing_to_debate"


@pytest.mark.parametrize("status", PaperStatus)
def test_members_mark_and_ask_while_a_paper_that_they_read_is_not_decided(
    status, draft, member, now
):
    hand_draft_over(
        paper=draft, group=CouncilGroup.objects.get(), actor=make_staff(Role.COORDINATION), at=now
    )
    Paper.objects.update(status=status)
    draft.refresh_from_db()
    expected = status in {PaperStatus.PREPARING, PaperStatus.SUBMITTED}
    assert may_debate(member, draft) == expected


def test_only_members_mark_and_ask(paper, item, now):
    superuser = make_staff()
    superuser.is_superuser = True
    for actor in (None, make_resident(), superuser, make_staff(*OTHERS)):
        for deed in (
            lambda by: mark_for_debate(paper=paper, place=item, actor=by, at=now),
            lambda by: withdraw_mark(paper=paper, place=item, actor=by),
            lambda by: ask_question(
                paper=paper, place=item, text="x", shown_as=ShownAs.GROUP, actor=by, at=now
            ),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed(actor)


# --- questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("before", QuestionStatus)
def test_a_question_takes_only_the_steps_of_the_table(before, paper, member, office, now, subtests):
    question = make_question(paper, asker=member, at=now)
    if before == QuestionStatus.ANSWERED:
        answer_question(question=question, answer="Viel.", actor=office, at=now)
    if before == QuestionStatus.WITHDRAWN:
        withdraw_question(question=question, actor=member)
    deeds = {
        QuestionStatus.ANSWERED: lambda: answer_question(
            question=question, answer="Wenig.", actor=office, at=now
        ),
        QuestionStatus.WITHDRAWN: lambda: withdraw_question(question=question, actor=member),
    }
    for after, deed in deeds.items():
        with subtests.test(after=after), undone():
            if (before, after) in QUESTION_TRANSITIONS:
                assert deed().status == after
            else:
                with nothing_written(), pytest.raises(PaperStepRefused):
                    deed()


def test_before_the_answer_only_the_asker_and_the_office_see_a_question(paper, member, office, now):
    make_question(paper, asker=member, at=now)
    readers = (None, make_resident(), make_member("Offene Liste"), make_staff(Role.MODERATION))
    assert [questions_of(paper, reader).count() for reader in readers] == [0] * 4
    insiders = (member, office, make_staff(Role.COORDINATION))
    assert [questions_of(paper, reader).count() for reader in insiders] == [1] * 3
    answer_question(question=PackQuestion.objects.get(), answer="Viel.", actor=office, at=now)
    assert [questions_of(paper, reader).count() for reader in readers] == [1] * 4


def test_a_question_that_was_taken_back_is_gone_for_everybody(paper, member, office, now):
    question = make_question(paper, asker=member, at=now, text="Ganz geheim?")
    with nothing_written(), pytest.raises(NotPermitted):
        withdraw_question(question=question, actor=office)
    withdraw_question(question=question, actor=member)
    assert not questions_of(paper, member).exists()
    assert not open_questions().exists()
    assert not PackQuestion.objects.filter(text__contains="geheim").exists()


def test_only_the_office_answers_and_never_without_words(paper, member, now):
    question = make_question(paper, asker=member, at=now)
    strangers = [role for role in Role if role not in {Role.COORDINATION, Role.COUNCIL_OFFICE}]
    for actor in (None, make_resident(), member, make_staff(*strangers)):
        with nothing_written(), pytest.raises(NotPermitted):
            answer_question(question=question, answer="Ja.", actor=actor, at=now)
    with nothing_written(), pytest.raises(PaperStepRefused):
        answer_question(question=question, answer="  ", actor=make_staff(Role.COORDINATION), at=now)


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.COUNCIL_OFFICE])
def test_an_answer_names_the_office(role, paper, member, now):
    question = make_question(paper, asker=member, at=now)
    answered = answer_question(question=question, answer=" Viel. ", actor=make_staff(role), at=now)
    assert (answered.answer, answered.answered_as) == ("Viel.", role)


def test_without_a_group_one_asks_as_a_member(paper, now):
    assert make_question(paper, asker=make_member(), at=now).shown_as == ShownAs.MEMBER
    assert make_question(paper, asker=make_member("Alle"), at=now).shown_as == ShownAs.GROUP


def test_mails_go_to_the_office_and_to_the_asker_and_hold_no_word_of_it(draft, member, office, now):
    coordination = make_staff(Role.COORDINATION)
    gone = make_staff(Role.COUNCIL_OFFICE)
    gone.is_active = False
    gone.save()
    hand_draft_over(paper=draft, group=CouncilGroup.objects.get(), actor=office, at=now)
    Notice.objects.all().delete()
    question = make_question(draft, asker=member, at=now, text="Was kostet das Geheimnis?")
    send_due_notices(at=now)
    staff = {recipient for letter in mail.outbox for recipient in letter.to}
    assert {coordination.email, office.email} <= staff
    assert gone.email not in staff
    assert member.email not in staff
    mail.outbox.clear()
    answer_question(question=question, answer="Ein Geheimnis.", actor=office, at=now)
    send_due_notices(at=now)
    [letter] = mail.outbox
    assert letter.to == [member.email]
    assert f"/rat/{draft.pk}/#frage-{question.pk}" in letter.body
    everything = str([(notice.context, notice.key) for notice in Notice.objects.all()])
    for word in ("Geheimnis", draft.title, draft.reference):
        assert word not in letter.body + letter.subject + everything


def test_the_log_of_a_question_holds_no_word_and_no_asker(paper, member, office, now):
    question = make_question(paper, asker=member, at=now, text="Was kostet das Geheimnis?")
    answer_question(question=question, answer="Ein Geheimnis.", actor=office, at=now)
    asked, answered = ModelLogEntry.objects.filter(
        action__in=["paper.ask", "paper.question"]
    ).order_by("pk")
    assert (asked.user_id, answered.user_id) == (None, office.pk)
    assert "Geheimnis" not in str([asked.data, answered.data, asked.label])


def test_a_question_about_a_removed_item_stays_in_its_block(draft, member, office, now):
    hand_draft_over(paper=draft, group=CouncilGroup.objects.get(), actor=office, at=now)
    item = draft.items.get()
    make_question(draft, asker=member, at=now, place=item_place(item.pk).key)
    mark_for_debate(paper=draft, place=item_place(item.pk), actor=member, at=now)
    remove_item(item=item, actor=make_staff(Role.COORDINATION))
    assert PackQuestion.objects.get().block == PackBlock.DECISION
    assert not DebateMark.objects.exists()


# --- drafts for groups -------------------------------------------------------------------------


def test_a_draft_is_read_by_the_group_that_was_given_it(draft, member, office, now):
    other = make_member("Alle")
    nobody = make_member()
    former = make_resident()
    group = CouncilGroup.objects.get(name="Offene Liste")
    hand_draft_over(paper=draft, group=group, actor=office, at=now)
    hand_draft_over(paper=draft, group=group, actor=office, at=now)
    readers = [reader for reader in (member, other, nobody, former) if may_read(reader, draft)]
    assert readers == [member]
    assert list(readable_papers(member)) == [draft]
    assert list(readable_papers(other)) == []
    take_draft_back(paper=draft, group=group, actor=office)
    assert not may_read(member, draft)
    assert list(readable_papers(member)) == []


def test_membership_without_the_role_opens_nothing(draft, member, office, now):
    hand_draft_over(paper=draft, group=CouncilGroup.objects.get(), actor=office, at=now)
    member.groups.clear()
    assert not may_read(member, draft)


def test_a_withdrawn_draft_is_gone_for_the_group(draft, member, office, now):
    hand_draft_over(paper=draft, group=CouncilGroup.objects.get(), actor=office, at=now)
    Paper.objects.update(status=PaperStatus.WITHDRAWN)
    draft.refresh_from_db()
    assert not may_read(member, draft)
    assert list(readable_papers(member)) == []


def test_drafts_are_handed_over_by_the_offices_before_submission(draft, member, office, now):
    group = CouncilGroup.objects.get()
    for actor in (None, make_resident(), member, make_staff(Role.MODERATION)):
        for deed in (
            lambda by: hand_draft_over(paper=draft, group=group, actor=by, at=now),
            lambda by: take_draft_back(paper=draft, group=group, actor=by),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed(actor)
    paper = make_submitted(draft, at=now)
    with nothing_written(), pytest.raises(PaperStepRefused):
        hand_draft_over(paper=paper, group=group, actor=office, at=now)
