"""What the program doubts of its own proposals is a list in the workshop until people move it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.contributions.services.status import set_status
from consult.contributions.states import Visibility
from consult.evaluation.models import AnalysisRun, ProposalMember, Theme, ThemeProposal
from consult.evaluation.selectors import doubtful_contributions, doubtful_places
from consult.evaluation.services import doubts
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.themes import confirm_proposal, dismiss_proposal
from consult.evaluation.states import ThemeKind
from consult.participants.states import Role
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed
from workers.analysis.doubts import Doubt, Reason

pytestmark = pytest.mark.django_db

BUSES = [
    "Der Nachtbus fährt nicht bis zur Siedlung am Wald.",
    "Nach zehn Uhr fährt kein Bus mehr in die Siedlung am Wald.",
    "Der Bus am Abend ist zu selten, wir warten eine Stunde an der Haltestelle.",
    "Die Buslinie in den Stadtwald muss auch am Wochenende fahren.",
]
COURSES = [
    "Deutschkurse am Abend mit Kinderbetreuung fehlen in unserem Viertel.",
    "Abends gibt es keinen Deutschkurs, bei dem die Kinder betreut werden.",
    "Der Deutschkurs am Vormittag hilft mir nicht, ich arbeite und habe Kinder.",
    "Bitte mehr Deutschkurse mit Betreuung für kleine Kinder anbieten.",
]


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def coordination(client):
    user = make_staff(Role.COORDINATION, name="Miriam")
    client.force_login(user)
    return user


def _analysed(monkeypatch, *reasons: Reason):
    """A round after its analysis, which doubts as many contributions of the first theme."""
    now = timezone.now()
    round_ = make_open_round(at=now)
    for text in [*BUSES, *COURSES]:
        make_contribution(round_, at=now, text=text)

    def judge(groups, _words, _vectors):
        other = 1 if len(groups) > 1 else None
        return {
            ref: Doubt(reason, 2.0 + place, other if reason == Reason.BETWEEN else None)
            for place, (reason, ref) in enumerate(zip(reasons, groups[0], strict=False))
        }

    monkeypatch.setattr(doubts, "doubtful", judge)
    closed = make_closed(round_)
    while run_next_shard():
        pass
    assert AnalysisRun.objects.get().error == ""
    return closed


def _url(round_) -> str:
    return reverse("workshop:doubts", args=[round_.ref])


def _first_theme() -> ThemeProposal:
    return ThemeProposal.objects.filter(kind=ThemeKind.THEME).order_by("pk").first()


def test_a_run_notes_reason_strength_and_the_other_theme(monkeypatch):
    round_ = _analysed(monkeypatch, Reason.WEAK, Reason.BETWEEN)
    first, second = ThemeProposal.objects.filter(kind=ThemeKind.THEME).order_by("pk")
    assert [
        (row.proposal, row.doubt, row.doubt_strength, row.near_to)
        for row in doubtful_places(round_)
    ] == [(first, "between", 3.0, second), (first, "weak", 2.0, None)]
    assert ProposalMember.objects.filter(doubt="").count() == len(BUSES + COURSES) - 2


def test_the_list_shows_the_most_doubtful_first_with_reason_and_place(
    monkeypatch, client, coordination
):
    round_ = _analysed(monkeypatch, Reason.WEAK, Reason.BETWEEN)
    page = client.get(_url(round_)).content.decode()
    weak, between = (row.ref for row in reversed(doubtful_contributions(round_)))
    assert page.index(f'value="{between}"') < page.index(f'value="{weak}"')
    assert "näher an einem anderen Thema" in page
    assert "fern von den anderen im Thema" in page
    assert "Jetzt im Vorschlag" in page
    assert "Näher an" in page
    other = doubtful_places(round_)[0].near_to
    assert reverse("workshop:proposal", args=[round_.ref, other.pk]) in page


def test_whom_a_person_puts_elsewhere_leaves_the_list_and_others_stay(
    monkeypatch, client, coordination
):
    round_ = _analysed(monkeypatch, Reason.WEAK, Reason.BETWEEN)
    own, other = ThemeProposal.objects.filter(kind=ThemeKind.THEME).order_by("pk")
    for proposal in (own, other):
        confirm_proposal(
            proposal=proposal,
            actor=coordination,
            at=timezone.now(),
            title=proposal.label,
            concern="",
        )
    first, second = doubtful_contributions(round_)
    target = Theme.objects.exclude(assignments__contribution=first).get()
    answer = client.post(
        _url(round_), {"deed": "move", "contribution": [first.ref], "target": target.number}
    )
    assert answer.status_code == 302
    assert list(doubtful_contributions(round_)) == [second]
    page = client.get(_url(round_)).content.decode()
    assert Theme.objects.get(from_proposal=own).title in page


def test_what_was_dismissed_or_hidden_is_not_listed(monkeypatch, coordination):
    round_ = _analysed(monkeypatch, Reason.WEAK, Reason.BETWEEN)
    hidden = doubtful_contributions(round_)[0]
    set_status(contribution=hidden, status=Visibility.HIDDEN, actor=coordination, at=timezone.now())
    assert hidden not in doubtful_contributions(round_)
    dismiss_proposal(proposal=_first_theme(), actor=coordination, at=timezone.now())
    assert not doubtful_places(round_).exists()


def test_without_doubts_the_page_says_so(monkeypatch, client, coordination):
    round_ = _analysed(monkeypatch)
    page = client.get(_url(round_))
    assert page.status_code == 200
    assert "Das Programm zweifelt an keiner Zuordnung." in page.content.decode()


def test_the_list_has_pages_and_its_queries_do_not_grow(monkeypatch, client, coordination):
    round_ = _analysed(monkeypatch, Reason.WEAK)

    def queries() -> int:
        client.get(_url(round_))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(_url(round_)).status_code == 200
        return len(captured)

    few = queries()
    run, proposal = AnalysisRun.objects.get(), _first_theme()
    row = Contribution.objects.first()
    for number in range(20):
        copy = Contribution.objects.get(pk=row.pk)
        words = row.comment_row
        copy.pk, copy.ref, copy.receipt_key_hash = None, f"ZWEIFEL-{number}", f"{number:064}"
        copy.save()
        words.pk = words.id = words.xtdcomment_ptr_id = words.comment_ptr_id = None
        words.contribution = copy
        words.save()
        ProposalMember.objects.create(
            run=run, proposal=proposal, contribution=copy, doubt="weak", doubt_strength=number
        )
    assert queries() == few
    first = client.get(_url(round_)).content.decode()
    second = client.get(_url(round_), {"seite": 2}).content.decode()
    assert "ZWEIFEL-19" in first
    assert "ZWEIFEL-0<" not in first
    assert "ZWEIFEL-0<" in second


def test_only_the_coordination_may_see_it(monkeypatch, client):
    round_ = _analysed(monkeypatch, Reason.WEAK)
    assert client.get(_url(round_)).status_code == 302
    client.force_login(make_staff(Role.MODERATION))
    assert client.get(_url(round_)).status_code in {302, 403}
