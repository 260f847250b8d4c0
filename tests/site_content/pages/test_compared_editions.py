"""Any two editions beside each other or in one text, with the causes of every step between."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.evaluation.services.revision import add_cause, prepare_revision, release_next_edition
from consult.evaluation.states import Cause
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.services import open_edition, release_section, set_edition_status
from drafts.editions.states import EditionStatus
from tests.factories import make_concept, make_edition, make_staff

pytestmark = pytest.mark.django_db


def get(old: int, new: int, query: str = "", status: int = 200) -> str:
    response = Client().get(reverse("compared", args=[old, new]) + query)
    assert response.status_code == status
    return response.content.decode()


def kinds(page: str) -> list[tuple[str, str]]:
    """Place and kind of each shown place."""
    return re.findall(
        r'-ort"><span lang="de" dir="ltr">(.*?)</span></h3><span class="row"><span class="[^"]*">(.*?)<',
        page,
    )


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def release(now, actor):
    """Release what stands in the working text, every change for one reason."""

    def _release(edition, note: str, kind=Cause.EDITORIAL):
        revision = prepare_revision(from_edition=edition, round_=None, actor=actor, at=now)
        for change in revision.changes.all():
            add_cause(change=change, kind=kind, note=note, actor=actor, at=now)
        return release_next_edition(
            revision=revision, title="Weiter", origin="Amt", actor=actor, at=now
        )

    return _release


@pytest.fixture
def three(now, actor, release):
    """Goal 1.1 is reworded twice, 1.2 is dropped at last, 1.3 gets its number; blocks change place."""
    concept = make_concept(sections=2, goals=3)
    first = make_edition(concept, at=now)
    goal = GoalPage.objects.get(number="1.1")
    goal.wording = "Wortlaut von Ziel 1.1 mit Frist."
    goal.save()
    second = release(first, "Die Frist fehlte.")
    goal.wording = "Wortlaut von Ziel 1.1 mit langer Frist."
    goal.save()
    GoalPage.objects.get(number="1.2").delete()
    last = GoalPage.objects.get(number="1.3")
    last.number = "1.2"
    last.save()
    section = SectionPage.objects.child_of(concept).get(number="2")
    body = [
        {"id": child.id, "type": "paragraph", "value": child.value.source} for child in section.body
    ]
    section.body = body[::-1]
    section.save()
    release(second, "Das Gesetz regelt es schon.", Cause.LEGAL)
    return concept


def test_side_by_side_shows_both_wordings_and_all_causes_between(three):
    page = get(1, 3)
    first = page[page.index('id="stelle-1"') : page.index('id="stelle-2"')]
    assert "Wortlaut von Ziel 1.1." in re.sub(r"<.*?>", "", first)
    assert re.findall(r"<ins><span[^>]*>Eingefügt: </span>(.*?)<span", first) == [
        " mit langer Frist"
    ]
    assert first.index("Zu Fassung 2") < first.index("Die Frist fehlte.")
    assert first.index("Zu Fassung 3") < first.index("Das Gesetz regelt es schon.")
    assert "Fassung 1," in first
    assert "Fassung 3," in first


def test_in_one_text_each_place_stands_once(three):
    beside, inline = get(1, 2), get(1, 2, "?ansicht=im-text")
    assert beside.count("pair--why") == 1
    assert inline.count("pair--inline") == 1
    assert "pair--why" not in inline
    assert 'href="/de/fassungen/1/vergleich/2/?ansicht=im-text"' in beside
    assert '<b aria-current="true">In einem Text</b>' in inline


def test_a_step_of_one_revision_names_no_edition_beside_its_cause(three):
    assert "Zu Fassung 2" not in get(1, 2)


def test_a_dropped_goal_is_listed_with_its_reason(three):
    page = get(1, 3)
    dropped = page[page.index('id="entfallen"') : page.index('id="nummern"')]
    assert "Ziel 1.2" in dropped
    assert "Wortlaut von Ziel 1.2." in dropped
    assert "Das Gesetz regelt es schon." in dropped
    assert "1 Ziel ist entfallen." in page


def test_a_new_number_alone_is_one_line_and_no_change_of_text(three):
    page = get(1, 3)
    numbers = page[page.index('id="nummern"') : page.index('id="stelle-1"')]
    words = " ".join(re.sub(r"<.*?>", " ", numbers).split())
    assert "früher Ziel 1.3 → jetzt Ziel 1.2 rechtlich nötig" in words
    assert "Wortlaut von Ziel 1.3" not in page


def test_a_moved_text_is_shown_as_moved(three):
    page = get(1, 3)
    [place] = [place for place, kind in kinds(page) if kind == "Verschoben"]
    assert place.startswith("2 Abschnitt 2")
    assert "Dieser Text steht jetzt an einer anderen Stelle." in page


def test_the_other_direction_shows_what_was_taken_out(three):
    page = get(3, 1)
    assert ("Ziel 1.2", "Eingefügt") in kinds(page)
    assert (
        re.findall(r"<del><span[^>]*>Gestrichen: </span>(.*?)<span", page)[0] == " mit langer Frist"
    )


def test_editions_that_do_not_differ_say_so(three):
    assert "Im Wortlaut unterscheiden sich diese Fassungen nicht." in get(1, 1)
    assert "Im Wortlaut unterscheiden sich diese Fassungen nicht." not in get(1, 2)


def test_unknown_and_withdrawn_editions_are_not_found(three, actor):
    get(1, 9, status=404)
    edition = three.editions.get(number=2)
    set_edition_status(edition=edition, status=EditionStatus.WITHDRAWN, actor=actor)
    get(1, 2, status=404)
    get(2, 3, status=404)
    assert "Die Frist fehlte." not in get(1, 3)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_section_that_is_not_released_yet_has_not_been_dropped(now, actor, order):
    concept = make_concept(sections=2)
    make_edition(concept, at=now)
    [section, _other] = concept.sections()
    opened = open_edition(concept=concept, title="Neu", origin="Amt", actor=actor, at=now)
    release_section(section=section, edition=opened, actor=actor, at=now)
    page = get(*order)
    assert "Im Wortlaut unterscheiden sich diese Fassungen nicht." in page
    assert "wird Abschnitt für Abschnitt freigegeben" in page


def test_the_list_of_editions_leads_to_a_comparison(three):
    page = Client().get(reverse("editions")).content.decode()
    form = page[page.index('id="vergleich"') : page.index("</form>", page.index('id="vergleich"'))]
    chosen = re.findall(r'<option value="(\d)" selected>', form)
    assert chosen == ["2", "3"]
    response = Client().get(
        reverse("choose_compared"), {"von": "1", "nach": "3", "ansicht": "im-text"}
    )
    assert response.status_code == 302
    assert response["Location"] == reverse("compared", args=[1, 3]) + "?ansicht=im-text"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Wählen Sie zwei Fassungen aus der Liste."),
        ({"von": "1", "nach": "99"}, "Wählen Sie zwei Fassungen aus der Liste."),
        ({"von": "1", "nach": "²"}, "Wählen Sie zwei Fassungen aus der Liste."),
        ({"von": "2", "nach": "2"}, "zweimal dieselbe Fassung"),
    ],
)
def test_a_choice_that_cannot_be_compared_is_explained(three, query, words):
    response = Client().get(reverse("choose_compared"), query)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    for name, number in query.items():
        kept = re.search(rf'<select id="{name}".*?</select>', page)[0]
        assert number not in {"1", "2"} or f'value="{number}" selected' in kept
    assert "Alle Fassungen des Konzepts" in page


def test_one_edition_cannot_be_compared(now):
    make_edition(make_concept(), at=now)
    assert 'id="vergleich"' not in Client().get(reverse("editions")).content.decode()


def test_queries_do_not_grow_with_changes_nor_with_revisions(three, release):
    get(1, 2)
    with CaptureQueriesContext(connection) as few:
        get(1, 2)
    with CaptureQueriesContext(connection) as many:
        get(1, 3)
    assert len(many) == len(few) <= 20
