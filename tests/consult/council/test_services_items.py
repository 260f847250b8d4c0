"""Items of a paper in preparation: changed, put in another order, one of them adopts."""

import pytest
from wagtail.models import ModelLogEntry

from consult.council.models import Paper
from consult.council.services.access import PaperStepRefused
from consult.council.services.items import add_item, change_item, move_item
from consult.council.states import Ask, Effect, PaperStatus
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_paper
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def paper(coordination, now) -> Paper:
    """Three items; the first one adopts the edition."""
    paper = make_paper(make_edition(make_concept(), at=now))
    for text in ("Zweitens.", "Drittens."):
        add_item(paper=paper, text=text, effect=Effect.NONE, actor=coordination)
    return paper


def texts(paper):
    return list(paper.items.order_by("number").values_list("number", "text"))


def refused(deed) -> str:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    return found.value.code


def test_an_item_keeps_its_number_when_its_words_change(paper, coordination):
    item = change_item(
        item=paper.items.get(number=2),
        text=" Anders. ",
        effect=Effect.NONE,
        title="Bericht",
        alternatives="Gar nicht.\nSpäter.",
        asks=Ask.INSTRUCT,
        actor=coordination,
    )
    assert (item.number, item.text, item.title, item.asks) == (2, "Anders.", "Bericht", "instruct")
    assert item.alternatives == "Gar nicht.\nSpäter."
    assert ModelLogEntry.objects.get(action="paper.change_item").data == {"number": 2}


@pytest.mark.parametrize(
    ("number", "to", "order"),
    [
        (3, 1, ["Drittens.", "Das Konzept wird beschlossen.", "Zweitens."]),
        (1, 3, ["Zweitens.", "Drittens.", "Das Konzept wird beschlossen."]),
        (2, 2, ["Das Konzept wird beschlossen.", "Zweitens.", "Drittens."]),
    ],
)
def test_items_are_put_in_another_order_without_a_gap(paper, coordination, number, to, order):
    move_item(item=paper.items.get(number=number), to=to, actor=coordination)
    assert texts(paper) == list(enumerate(order, start=1))


@pytest.mark.parametrize("to", [0, 4])
def test_an_item_is_not_moved_beyond_the_ends(paper, coordination, to):
    item = paper.items.get(number=1)
    assert refused(lambda: move_item(item=item, to=to, actor=coordination)) == "no_such_position"


def test_an_item_has_words(paper, coordination):
    item = paper.items.get(number=2)
    deed = lambda: change_item(item=item, text=" ", effect=Effect.NONE, actor=coordination)  # noqa: E731
    assert refused(deed) == "no_text"


def test_one_item_adopts_the_edition(paper, coordination):
    second = {"text": "Auch.", "effect": Effect.ADOPT_EDITION, "actor": coordination}
    assert refused(lambda: add_item(paper=paper, **second)) == "adopts_already"
    item = paper.items.get(number=2)
    assert refused(lambda: change_item(item=item, **second)) == "adopts_already"
    first = change_item(item=paper.items.get(number=1), **second)
    assert first.effect == Effect.ADOPT_EDITION


DEEDS = {
    "change": lambda item, by: change_item(item=item, text="x", effect=Effect.NONE, actor=by),
    "move": lambda item, by: move_item(item=item, to=1, actor=by),
}


@pytest.mark.parametrize("name", DEEDS)
def test_items_change_only_while_the_paper_is_prepared(name, paper, coordination, subtests):
    item, deed = paper.items.get(number=2), DEEDS[name]
    for status in PaperStatus:
        Paper.objects.update(status=status)
        with subtests.test(status=status), undone():
            if status == PaperStatus.PREPARING:
                deed(item, coordination)
            else:
                assert refused(lambda: deed(item, coordination)) == "submitted_already"


@pytest.mark.parametrize("name", DEEDS)
def test_only_coordination_changes_items(name, paper, subtests):
    item = paper.items.get(number=2)
    for role in set(Role) - {Role.COORDINATION}:
        with subtests.test(role=role), nothing_written(), pytest.raises(NotPermitted):
            DEEDS[name](item, make_staff(role))
