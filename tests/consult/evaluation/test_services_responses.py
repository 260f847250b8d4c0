"""Answers: drafted and signed by the department, published by the coordination office."""

from datetime import timedelta

import pytest

from consult.contributions.models import Contribution
from consult.evaluation.models import Response
from consult.evaluation.services.responses import (
    ResponseStepRefused,
    _set_status,
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.states import RESPONSE_TRANSITIONS, Outcome, ResponseStatus
from consult.participants.models import DepartmentMember, Notice
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import (
    make_contribution,
    make_department,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.evaluation import make_closed, make_theme
from tests.factories.following import tell
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def theme(actor, now):
    round_ = make_open_round(at=now)
    author = make_resident()
    for participant in (author, author, make_resident()):
        make_contribution(round_, at=now, participant=participant)
    make_closed(round_)
    voices = list(Contribution.objects.select_related("round").order_by("pk"))
    return make_theme(voices, title="Kurse", actor=actor, at=now)


@pytest.fixture
def department():
    return make_department()


@pytest.fixture
def member(department):
    found = make_staff(Role.DEPARTMENT)
    DepartmentMember.objects.create(user=found, department=department)
    return found


@pytest.fixture
def response(theme, department, actor, now) -> Response:
    due = (now + timedelta(days=20)).date()
    return request_response(theme=theme, lead_department=department, due_on=due, actor=actor)


def _draft(response, by, outcome="adopted", reason="Das machen wir."):
    return draft_response(response=response, outcome=outcome, reason=reason, actor=by)


@pytest.mark.parametrize("before", ResponseStatus)
def test_response_takes_only_the_steps_of_the_table(before, response, actor, subtests):
    Response.objects.update(status=before, outcome="adopted", reason="Ja.")
    for after in ResponseStatus:
        with subtests.test(after=after), undone():
            response.refresh_from_db()
            if (before, after) in RESPONSE_TRANSITIONS:
                _set_status(response, after, actor)
                assert Response.objects.get().status == after
            else:
                with nothing_written(), pytest.raises(ResponseStepRefused):
                    _set_status(response, after, actor)


# In which states of the answer each deed is allowed.
DEEDS = {
    "request": {ResponseStatus.DUE, ResponseStatus.DRAFT},
    "draft": {ResponseStatus.DUE, ResponseStatus.DRAFT, ResponseStatus.SIGNED},
    "sign": {ResponseStatus.DRAFT},
    "publish": {ResponseStatus.SIGNED},
}


@pytest.mark.parametrize("status", ResponseStatus)
def test_deeds_fit_the_state_of_the_answer(
    status, response, theme, department, member, actor, now, subtests
):
    Response.objects.update(status=status, outcome="adopted", reason="Ja.")
    response.refresh_from_db()
    deeds = {
        "request": lambda: request_response(
            theme=theme, lead_department=department, due_on=now.date(), actor=actor
        ),
        "draft": lambda: _draft(response, member),
        "sign": lambda: sign_response(response=response, actor=member, at=now),
        "publish": lambda: publish_response(response=response, actor=actor, at=now),
    }
    for name, deed in deeds.items():
        with subtests.test(name), undone():
            if status in DEEDS[name]:
                deed()
            else:
                with nothing_written(), pytest.raises(ResponseStepRefused):
                    deed()


def test_each_author_is_told_once_also_with_several_contributions(response, member, actor, now):
    _draft(response, member)
    sign_response(response=response, actor=member, at=now)
    publish_response(response=response, actor=actor, at=now)
    tell(now)
    Notice.objects.exclude(template="news").delete()
    for _again in range(2):
        tell(now)
    authors = Contribution.objects.values_list("participant", flat=True)
    assert sorted(Notice.objects.values_list("user", flat=True)) == sorted(set(authors))


def test_a_signed_answer_that_is_changed_needs_a_new_signature(response, member, actor, now):
    _draft(response, member)
    sign_response(response=response, actor=member, at=now)
    changed = _draft(response, actor, outcome="not_adopted", reason="Doch nicht.")
    assert (changed.status, changed.signed_by) == (ResponseStatus.DRAFT, None)
    with pytest.raises(ResponseStepRefused):
        publish_response(response=changed, actor=actor, at=now)


@pytest.mark.parametrize(
    ("outcome", "reason"), [("", "Weil."), ("vielleicht", "Weil."), ("adopted", " \n")]
)
def test_an_answer_has_an_outcome_and_a_reason(outcome, reason, response, member):
    with nothing_written(), pytest.raises(ResponseStepRefused):
        _draft(response, member, outcome=outcome, reason=reason)


def test_every_outcome_can_be_given(response, member):
    for outcome in Outcome:
        assert _draft(response, member, outcome=outcome).outcome == outcome


def test_the_lead_department_signs_and_nobody_for_it(response, member, actor, now):
    _draft(response, member)
    elsewhere = make_staff(Role.DEPARTMENT)
    DepartmentMember.objects.create(user=elsewhere, department=make_department())
    without_role = make_staff()
    DepartmentMember.objects.create(user=without_role, department=response.lead_department)
    for by in (None, make_resident(), actor, elsewhere, without_role):
        with nothing_written(), pytest.raises(NotPermitted):
            sign_response(response=response, actor=by, at=now)
    for by in (None, make_resident(), elsewhere, without_role):
        with nothing_written(), pytest.raises(NotPermitted):
            _draft(response, by)


def test_the_department_does_not_publish(response, member, now):
    _draft(response, member)
    sign_response(response=response, actor=member, at=now)
    with nothing_written(), pytest.raises(NotPermitted):
        publish_response(response=response, actor=member, at=now)


def test_an_unsigned_answer_is_handed_to_another_department(response, theme, actor, now):
    other = make_department()
    handed = request_response(theme=theme, lead_department=other, due_on=now.date(), actor=actor)
    assert (handed.pk, handed.lead_department) == (response.pk, other)
