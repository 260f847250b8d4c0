"""What the council could do instead: alternatives to a paper, options at goals."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.finance import difference_words
from consult.council.models import Alternative, GoalOption, Paper
from consult.council.services.access import PaperStepRefused
from consult.council.services.choices import (
    add_alternative,
    add_goal_option,
    change_goal_option,
    link_goal_option,
    remove_goal_option,
)
from consult.council.services.papers import change_paper, submit_to_council
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_paper, make_submitted
from tests.factories.motions import make_draft, make_motion

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def paper(now):
    return make_paper(make_edition(make_concept(goals=2), at=now))


@pytest.fixture
def wid(paper):
    return paper.edition.goals.order_by("position").first().wid


def refusal(deed, **given) -> str:
    with pytest.raises(PaperStepRefused) as refused:
        deed(**given)
    return refused.value.code


# --- deeds -----------------------------------------------------------------------------------


def test_options_have_letters_that_move_up(paper, wid, coordination):
    add = {"paper": paper, "goal_wid": wid, "actor": coordination}
    second, third = (add_goal_option(text=text, **add) for text in ("Anders.", "Gar nicht."))
    assert [second.letter, third.letter] == ["B", "C"]
    remove_goal_option(option=second, actor=coordination)
    third.refresh_from_db()
    assert (third.letter, third.text) == ("B", "Gar nicht.")
    assert refusal(add_goal_option, text=" ", **add) == "no_choice"
    assert refusal(add_goal_option, **{**add, "goal_wid": "x", "text": "y"}) == "no_such_goal"


def test_choices_are_frozen_with_the_paper(paper, wid, coordination, now):
    option = add_goal_option(paper=paper, goal_wid=wid, text="Anders.", actor=coordination)
    make_submitted(paper, at=now)
    given = {"text": "Noch anders.", "actor": coordination}
    assert refusal(change_goal_option, option=option, **given) == "submitted_already"
    assert refusal(add_alternative, paper=paper, **given) == "submitted_already"


def test_a_paper_whose_option_lost_its_goal_is_not_submitted(paper, wid, coordination, now):
    add_goal_option(paper=paper, goal_wid=wid, text="Anders.", actor=coordination)
    other = make_edition(make_concept(), at=now)
    change_paper(paper=paper, edition=other, actor=coordination)
    given = {"paper": paper, "actor": coordination, "at": now}
    assert refusal(submit_to_council, **given) == "option_without_goal"


def test_an_option_names_the_filed_motion_that_wants_the_same(paper, wid, coordination, now):
    option = add_goal_option(paper=paper, goal_wid=wid, text="Anders.", actor=coordination)
    given = {"option": option, "actor": coordination}
    assert refusal(link_goal_option, motion=None, **given) == "not_submitted"
    make_submitted(paper, at=now)
    motion = make_motion(paper, wid, at=now, text="Ein anderer Wortlaut.")
    assert link_goal_option(motion=motion, **given).motion == motion
    draft = make_draft(paper, wid, at=now)
    assert refusal(link_goal_option, motion=draft, **given) == "motion_elsewhere"
    assert link_goal_option(motion=None, **given).motion is None


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ({}, "Kosten noch nicht geschätzt"),
        ({"one_off": 0, "yearly": 0}, "kostet nicht mehr und nicht weniger"),
        ({"one_off": 0, "yearly": -40_000}, "spart jährlich etwa 40.000 €"),
        (
            {"one_off": 2000, "yearly": None},
            "kostet einmalig etwa 2.000 € mehr, jährlich nicht geschätzt",
        ),
        ({"one_off": 0, "yearly": None}, "jährlich nicht geschätzt"),
    ],
)
def test_costs_are_compared_with_the_paper(costs, words):
    assert words in difference_words(Alternative(**costs)).replace("\xa0", " ")


# --- the desk --------------------------------------------------------------------------------


@pytest.fixture
def desk(settings, client, coordination):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(coordination)
    return client


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def test_alternatives_are_written_changed_and_removed(desk, paper):
    Alternative.objects.all().delete()
    url = address("new_alternative", paper.pk)
    assert desk.post(url, {"text": "", "follows": "Nichts."}).status_code == 422
    sent = {"text": "Später", "follows": "Dann fehlt ein Jahr.", "yearly": "-1000"}
    page = desk.post(url, sent, follow=True).content.decode()
    assert "spart jährlich etwa 1.000\xa0€" in page
    row = Alternative.objects.get()
    url = address("alternative", paper.pk, row.pk)
    assert "Dann fehlt ein Jahr." in desk.get(url).content.decode()
    assert "Viel später" in desk.post(url, {**sent, "text": "Viel später"}, follow=True).content.decode()  # fmt: skip
    page = desk.post(address("drop_alternative", paper.pk, row.pk), follow=True).content.decode()
    assert "Noch keine Alternative." in page


def test_options_are_written_changed_linked_and_removed(desk, paper, wid, coordination, now):
    url = address("new_option", paper.pk)
    assert desk.post(url, {"text": "Anders"}).status_code == 422
    sent = {"goal_wid": wid, "text": "Anders", "yearly": "-40000", "one_off": "0"}
    page = desk.post(url, sent, follow=True).content.decode()
    assert "spart jährlich etwa 40.000\xa0€" in page
    row = GoalOption.objects.get()
    url = address("option", paper.pk, row.pk)
    desk.post(url, {"text": "Ganz anders"})
    row.refresh_from_db()
    assert (row.text, row.yearly, row.goal_wid) == ("Ganz anders", None, wid)
    desk.post(address("new_option", paper.pk), sent)
    desk.post(address("drop_option", paper.pk, row.pk))
    row = GoalOption.objects.get()
    assert row.letter == "B"
    make_submitted(Paper.objects.get(), at=now)
    assert desk.get(url, follow=True).redirect_chain
    motion = make_motion(paper, wid, at=now, text="Ein anderer Wortlaut.")
    url = address("link_option", paper.pk, row.pk)
    assert motion.name in desk.get(url).content.decode()
    page = desk.post(url, {"motion": motion.pk}, follow=True).content.decode()
    assert f"Änderungsantrag {motion.name}" in page
    desk.post(url, {"motion": ""})
    row.refresh_from_db()
    assert row.motion is None
