import pytest

from consult.council.models import RouteStep
from consult.council.states import StepStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition
from drafts.editions.states import EditionStatus
from site_content.pages.presenters.procedure import Standing, Step, present_step


def _edition(status=EditionStatus.SEALED, pk=1) -> Edition:
    return Edition(pk=pk, number=pk, status=status)


def _round(status, edition_id=1) -> ConsultationRound:
    return ConsultationRound(status=status, edition_id=edition_id)


def _route(*held: bool) -> list[RouteStep]:
    last = len(held) - 1
    return [
        RouteStep(
            status=StepStatus.HELD if was_held else StepStatus.PLANNED,
            authoritative=place == last,
        )
        for place, was_held in enumerate(held)
    ]


def test_nothing_yet_is_the_draft():
    assert present_step(Standing()) == Step.DRAFT


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (RoundStatus.ANNOUNCED, Step.DRAFT),
        (RoundStatus.OPEN, Step.TAKING_PART),
        (RoundStatus.SUSPENDED, Step.TAKING_PART),
        (RoundStatus.CLOSED, Step.EVALUATION),
        (RoundStatus.ANSWERED, Step.REVISION),
        (RoundStatus.ARCHIVED, Step.REVISION),
    ],
)
def test_the_round_on_the_edition_says_the_step(status, step):
    assert present_step(Standing(edition=_edition(), round=_round(status))) == step


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (RoundStatus.ANSWERED, Step.REVISION),
        (RoundStatus.ANNOUNCED, Step.REVISION),
        (RoundStatus.OPEN, Step.TAKING_PART),
    ],
)
def test_a_revised_edition(status, step):
    on_it = status != RoundStatus.ANSWERED
    standing = Standing(
        edition=_edition(pk=2), is_revised=True, round=_round(status, 2 if on_it else 1)
    )
    assert present_step(standing) == step


@pytest.mark.parametrize(
    ("held", "step"),
    [
        ((False, False), Step.COUNCIL),
        ((True, False), Step.DECISION),
        ((True, True), Step.DECISION),
    ],
)
def test_in_the_council(held, step):
    standing = Standing(
        edition=_edition(EditionStatus.SUBMITTED),
        round=_round(RoundStatus.ANSWERED),
        route=_route(*held),
    )
    assert present_step(standing) == step


@pytest.mark.parametrize(("begun", "step"), [(False, Step.ACTION_PLAN), (True, Step.REPORT)])
def test_in_force(begun, step):
    standing = Standing(edition=_edition(EditionStatus.IN_FORCE), measures_begun=begun)
    assert present_step(standing) == step
