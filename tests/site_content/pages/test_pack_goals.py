"""What a pack says at single goals: positions of bodies, what could be
chosen instead; on the page and in both copies."""

from datetime import date
from decimal import Decimal

import pytest

from consult.council.models import Body, Paper
from consult.council.services.annexes import state_finance
from consult.council.services.choices import add_goal_option, link_goal_option
from consult.council.services.items import change_item
from consult.council.services.papers import change_paper
from consult.council.services.positions import confirm_goal_positions, correct_goal_position
from consult.council.services.route import schedule_step, set_step_status
from consult.council.states import BodyPosition, Effect, Funding, ItemOutcome, Publicity, StepStatus
from consult.participants.states import Role
from drafts.actionplan.states import DutyKind
from drafts.concept.models import Department
from drafts.editions.models import EditionMeasure
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import (
    make_decision,
    make_heard_edition,
    make_paper,
    make_position,
    make_positions,
    make_submitted,
)
from tests.factories.motions import make_motion
from tests.site_content.pages.test_council import words
from tests.site_content.pages.test_pack_files import html, page, pdf, said
from tests.workers.documents.reading import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def paper(now) -> Paper:
    actor = make_staff(Role.COORDINATION)
    return make_submitted(make_paper(make_heard_edition(at=now, actor=actor)), at=now)


@pytest.fixture
def hearing(paper):
    return paper.route.select_related("paper").get(authoritative=False)


@pytest.fixture
def wids(paper):
    """The goal that residents contest, and the one that they don't."""
    return list(paper.edition.goals.order_by("position").values_list("wid", flat=True))


def copies(paper: Paper) -> list[str]:
    """The words of the page, of the file and of the PDF."""
    return [words(page(paper)), words(html(paper)), said(pdf(paper))]


def test_bodies_agree_to_the_list_en_bloc_and_speak_at_contested_goals(
    paper, hearing, wids, now, tmp_path
):
    make_positions(
        hearing,
        make_position(wids[0], votes="7 zu 4", note="Bittet um feste Stellen."),
        make_position(wids[1], votes="9 zu 0", note="Auch in den Ferien."),
        at=now,
    )
    for copy in copies(paper):
        assert "1 Ziel ist umstritten. 1 Ziel ist nicht umstritten." in copy
        assert "Allen diesen Zielen haben zugestimmt: Ausländerbeirat." in copy
        contested = copy[copy.index("1 Ziel ist umstritten") : copy.index("Allen diesen Zielen")]
        assert "dafür, 7 zu 4" in contested
        assert "Bittet um feste Stellen" in contested
        assert "Auch in den Ferien" in copy[copy.index("Allen diesen Zielen") :]
        assert "vorläufig" in contested
    assert findings(pdf(paper), tmp_path) == []
    confirm_goal_positions(
        step=paper.route.get(authoritative=False), actor=make_staff(Role.COUNCIL_OFFICE), at=now
    )
    for copy in copies(paper):
        start = copy.index("Zustimmung je Meinungsgruppe")
        assert "vorläufig" not in copy[start : copy.index("Allen diesen Zielen")]


@pytest.mark.parametrize("against", [BodyPosition.AGAINST, BodyPosition.OPEN])
def test_a_goal_to_which_a_body_did_not_agree_is_contested(paper, hearing, wids, now, against):
    make_positions(hearing, make_position(wids[1], against, votes="6 zu 6"), at=now)
    for copy in copies(paper):
        assert "2 Ziele sind umstritten. 0 Ziele sind nicht umstritten." in copy
        assert "Nicht zugestimmt: Ausländerbeirat." in copy
        assert "gemeinsam abzustimmen" not in copy
        assert "6 zu 6" in copy


def test_a_goal_without_result_that_a_body_contests_has_no_figures(now):
    paper = make_submitted(make_paper(make_edition(make_concept(goals=2), at=now)), at=now)
    step = paper.route.select_related("paper").get(authoritative=False)
    wid = paper.edition.goals.order_by("position").first().wid
    make_positions(step, make_position(wid, BodyPosition.AGAINST), at=now)
    for copy in copies(paper):
        assert "1 Ziel ist umstritten" in copy
        assert "Stimmen kein Ergebnis" in copy.replace("Stimmen:", "Stimmen ")
        assert "Zu 1 Ziel gibt es kein Ergebnis" in copy


def test_a_correction_says_what_stood_there_before(paper, hearing, wids, office, now):
    [former] = make_positions(hearing, make_position(wids[1]), at=now)
    correct_goal_position(
        position=former, said=BodyPosition.AGAINST, reason="Verzählt.", votes="5 zu 6",
        actor=office, at=now,
    )  # fmt: skip
    for copy in copies(paper):
        assert "dagegen, 5 zu 6" in copy
        assert "Vorher stand hier: dafür. Verzählt." in copy


def test_what_a_body_says_in_private_is_in_no_copy(paper, hearing, wids, office, now):
    schedule_step(
        step=hearing, meeting_on=now.date(), agenda_item="", publicity=Publicity.NON_PUBLIC,
        actor=office,
    )  # fmt: skip
    held = set_step_status(step=hearing, status=StepStatus.HELD, actor=office, result="Geheim.")
    make_positions(held, make_position(wids[1], BodyPosition.AGAINST, votes="0 zu 9"), at=now)
    for copy in copies(paper):
        assert "1 Ziel ist umstritten." in copy
        assert "0 zu 9" not in copy


# --- what the council could do instead -------------------------------------------------------


def test_alternatives_say_what_happens_then_and_rejecting_is_one(paper):
    for copy in copies(paper):
        found = copy[copy.index("Alternativen") :]
        assert "Nichts tun. Dann gilt, was bisher gilt." in found
        assert "Kosten noch nicht geschätzt" in found
        rejected = found.replace("Ablehnen.", "Ablehnen")
        assert "Ablehnen Wenn die Mehrheit ablehnt, gilt diese Fassung nicht." in rejected


def test_a_paper_says_itself_what_a_no_means(now):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    change_paper(paper=draft, actor=actor, if_rejected="Die Fassung von 2019 gilt weiter.")
    for copy in copies(make_submitted(draft, at=now)):
        rejected = copy.replace("Ablehnen.", "Ablehnen")
        assert "Ablehnen Die Fassung von 2019 gilt weiter." in rejected


def test_options_stand_at_their_goal_and_lead_to_the_motion(now, office):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    first, second = draft.edition.goals.order_by("position")
    option = add_goal_option(
        paper=draft, goal_wid=first.wid, text="mit Auftrag an den Mieterverein", one_off=0,
        yearly=-40_000, actor=actor,
    )  # fmt: skip
    add_goal_option(paper=draft, goal_wid=second.wid, text="nur in West", actor=actor)
    paper = make_submitted(draft, at=now)
    motion = make_motion(paper, first.wid, at=now, text="Der Mieterverein berät.")
    link_goal_option(option=option, motion=motion, actor=office)
    for copy in copies(paper):
        contested, _break, en_bloc = copy.partition("Vorschlag, gemeinsam abzustimmen")
        assert "A wie vorgelegt" in contested
        assert (
            "B mit Auftrag an den Mieterverein (spart jährlich etwa 40.000 €) "
            f"Änderungsantrag {motion.name}"
        ) in contested
        assert "B nur in West (Kosten noch nicht geschätzt)" in en_bloc
    assert f'href="#ae-{motion.number}">Änderungsantrag {motion.name}</a>' in page(paper)


# --- money -----------------------------------------------------------------------------------


def test_money_names_posts_and_how_it_is_found(now):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    first = draft.edition.measures.order_by("number").first()
    EditionMeasure.objects.filter(pk=first.pk).update(posts=Decimal("1.5"), funding="secured")
    state_finance(paper=draft, yearly=24_000, posts=Decimal(2), funding=Funding.PARTLY, actor=actor)
    for copy in copies(make_submitted(draft, at=now)):
        # In a PDF nothing stands between the cells of a table.
        money = "".join(copy[copy.index("Kosten der Maßnahmen, aus dem Text") :].split())
        for sentence in (
            "Stellen nennen 1 von 2 Maßnahmen.", "Summe 0 € 24.000 € 1,5 0 von 2",
            "gesichert 0 € 12.000 € 1", "ohne Angabe 0 € 12.000 € 1", "Stellen 2 1,5",
            "Die Vorlage nennt andere Beträge",
        ):  # fmt: skip
            assert "".join(sentence.split()) in money, sentence
        assert "beantragt" not in money[: money.index("LautVorlage")]


# --- after the decision ----------------------------------------------------------------------


def charged(paper: Paper, actor, **fields) -> None:
    """The paper's item charges somebody and asks for reports."""
    item = paper.items.get()
    change_item(
        item=item, text=item.text, effect=Effect(item.effect), actor=actor, **fields
    )  # fmt: skip


def test_who_does_what_until_when_and_the_first_report(now, office):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    charged(
        draft, actor, title="Handlungsplan", task_until=date(2028, 3, 31),
        task_for=Department.objects.create(name="Amt für Soziales"), duty=DutyKind.REPORT,
        duty_months=24, duty_to=Body.objects.get(name="Stadtverordnetenversammlung"),
    )  # fmt: skip
    for copy in copies(make_submitted(draft, at=now)):
        after = "".join(copy[copy.index("Nach der Entscheidung") :].split())
        for sentence in (
            "Nummer 1: Handlungsplan Amt für Soziales 31. März 2028",
            "Nummer 1: Erster Bericht an",
            "24 Monate nach dem", "noch niemand: 2 Maßnahmen",
        ):  # fmt: skip
            assert "".join(sentence.split()) in after, sentence
    deciding = draft.route.select_related("paper").get(authoritative=True)
    schedule_step(step=deciding, meeting_on=date(2027, 9, 30), agenda_item="", actor=office)
    assert "30. September 2029" in words(page(draft))


def test_what_was_rejected_charges_nobody(now):
    actor = make_staff(Role.COORDINATION)
    draft = make_paper(make_heard_edition(at=now, actor=actor))
    charged(draft, actor, task_until=date(2028, 3, 31))
    paper = make_submitted(draft, at=now)
    assert "noch niemand 31. März 2028" in words(page(paper))
    deciding = paper.route.select_related("paper").get(authoritative=True)
    make_decision(deciding, ItemOutcome.REJECTED, at=now)
    assert "Nach der Entscheidung" not in words(page(paper))
