"""What comes late changes only the themes that it touches, and nothing that people decided."""

from datetime import timedelta

import pytest

from consult.contributions.models import Contribution
from consult.evaluation.models import Assignment, ProposalMember, Theme, ThemeProposal
from consult.evaluation.services.analysis import queue_follow_up_runs, run_next_shard
from consult.evaluation.services.themes import (
    ThemeStepRefused,
    accept_into_theme,
    confirm_proposal,
    dismiss_proposal,
)
from consult.evaluation.states import ThemeKind
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
COURSES = [
    "Deutschkurse am Abend mit Kinderbetreuung fehlen in unserem Viertel.",
    "Abends gibt es keinen Deutschkurs, bei dem die Kinder betreut werden.",
    "Der Deutschkurs am Vormittag hilft mir nicht, ich arbeite und habe Kinder.",
    "Bitte mehr Deutschkurse mit Betreuung für kleine Kinder anbieten.",
]
BUSES = [
    "Der Nachtbus fährt nicht bis zur Siedlung am Wald.",
    "Nach zehn Uhr fährt kein Bus mehr in die Siedlung am Wald.",
    "Der Bus am Abend ist zu selten, wir warten eine Stunde an der Haltestelle.",
    "Die Buslinie in den Stadtwald muss auch am Wochenende fahren.",
]
LATE_COURSE = "Ein Deutschkurs am Abend, bei dem jemand auf die Kinder aufpasst, wäre gut."
LATE_BUS = "Abends kommt kein Bus mehr zur Siedlung am Wald."
LATE_POOL = "Das Schwimmbad braucht im Winter eine Heizung mit Wärmepumpe."


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def closed(now):
    round_ = make_open_round(at=now)
    for text in [*COURSES, *BUSES]:
        make_contribution(round_, at=now, text=text)
    closed = make_closed(round_)
    _work(now)
    return closed


def _work(at) -> None:
    while run_next_shard(clock=lambda: at):
        pass


def _come_late(round_, now, *texts: str) -> list[Contribution]:
    """What was written in time and became known after the analysis."""
    ConsultationRound.objects.filter(pk=round_.pk).update(
        status="open", closes_at=now + timedelta(days=1)
    )
    rows = [make_contribution(round_, at=now, text=text) for text in texts]
    ConsultationRound.objects.filter(pk=round_.pk).update(status="closed", closes_at=now)
    [run] = queue_follow_up_runs(at=round_.closes_at + timedelta(days=3))
    _work(now)
    run.refresh_from_db()
    assert (run.status, run.error) == ("done", "")
    assert run.method["themes"]["late"] == len(texts)
    return rows


def _place(contribution: Contribution) -> ThemeProposal:
    return ProposalMember.objects.filter(contribution=contribution).latest("pk").proposal


def _with(text: str, run=None) -> ThemeProposal:
    found = ThemeProposal.objects.filter(members__contribution__comment_row__comment=text)
    return (found.filter(run=run) if run else found).latest("pk")


def _words(proposal: ThemeProposal) -> tuple:
    members = proposal.members.order_by("contribution").values_list("contribution", "bundle")
    return (
        proposal.key, proposal.kind, proposal.label, proposal.keywords, proposal.quotes,
        proposal.summary, proposal.sections, list(members),
    )  # fmt: skip


def test_late_ones_join_a_proposal_and_the_others_stay_word_for_word(closed, now):
    buses, courses = _with(BUSES[0]), _with(COURSES[0])
    assert buses.kind == courses.kind == ThemeKind.THEME
    bus, pool = _come_late(closed, now, LATE_BUS, LATE_POOL)
    assert _place(bus).label == buses.label
    assert _place(bus).members.count() == buses.members.count() + 1
    assert _place(pool).kind == ThemeKind.SINGLE_VOICE
    again = _with(COURSES[0])
    assert again.run_id != courses.run_id
    assert _words(again) == _words(courses)


def test_late_ones_are_offered_for_a_theme_of_people_and_people_decide(closed, now, actor):
    theme = confirm_proposal(
        proposal=_with(COURSES[0]), title="Kurse", concern="", actor=actor, at=now
    )
    decided = list(Assignment.objects.values_list("pk", "contribution", "is_current"))
    [late] = _come_late(closed, now, LATE_COURSE)
    offer = _place(late)
    assert (offer.fits, offer.label, offer.position) == (theme, "Kurse", 0)
    assert list(offer.members.values_list("contribution", flat=True)) == [late.pk]
    assert list(Assignment.objects.values_list("pk", "contribution", "is_current")) == decided
    assigned = [contribution for _pk, contribution, _current in decided]
    assert not ProposalMember.objects.filter(run=offer.run, contribution__in=assigned).exists()

    accept_into_theme(proposal=offer, actor=actor, at=now)
    assert late.assignments.get(is_current=True).theme == theme
    with nothing_written(), pytest.raises(ThemeStepRefused, match="nothing_left"):
        accept_into_theme(proposal=offer, actor=actor, at=now)


def test_who_comes_later_still_joins_the_same_offer(closed, now, actor):
    theme = confirm_proposal(
        proposal=_with(COURSES[0]), title="Kurse", concern="", actor=actor, at=now
    )
    _come_late(closed, now, LATE_COURSE)
    [later] = _come_late(closed, now, "Abends fehlen Deutschkurse mit Betreuung der Kinder.")
    offer = _place(later)
    assert offer.fits == theme
    assert offer.members.count() == 2
    _come_late(closed, now, LATE_POOL)
    assert _words(_place(later)) == _words(offer)


def test_what_was_dismissed_is_not_proposed_again(closed, now, actor):
    dismiss_proposal(proposal=_with(BUSES[0]), actor=actor, at=now)
    [pool] = _come_late(closed, now, LATE_POOL)
    run = _place(pool).run
    refs = ProposalMember.objects.filter(run=run).values_list("contribution__comment_row__comment")
    assert not {text for (text,) in refs} & set(BUSES)


def test_who_was_hidden_meanwhile_is_no_member(closed, now):
    gone = Contribution.objects.get(comment_row__comment=BUSES[3])
    Contribution.objects.filter(pk=gone.pk).update(status="hidden")
    [bus] = _come_late(closed, now, LATE_BUS)
    run = _place(bus).run
    assert not ProposalMember.objects.filter(run=run, contribution=gone).exists()
    assert Theme.objects.count() == 0


def test_without_a_theme_to_go_to_nothing_is_accepted(closed, now, actor):
    with nothing_written(), pytest.raises(ThemeStepRefused, match="proposal_settled"):
        accept_into_theme(proposal=_with(BUSES[0]), actor=actor, at=now)
