import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.evaluation.models import Change
from consult.evaluation.services.closing import answer_round
from consult.evaluation.services.revision import (
    add_cause,
    prepare_revision,
    release_next_edition,
)
from consult.evaluation.states import Cause, Outcome
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_staff,
)
from tests.factories.evaluation import (
    make_answer,
    make_closed,
    make_revised_edition,
    make_theme,
)

pytestmark = pytest.mark.django_db


def get(url: str, status: int = 200) -> str:
    response = Client().get(url)
    assert response.status_code == status
    return response.content.decode()


def changes(query: str = "", number: int = 2) -> str:
    return get(reverse("changes", args=[number]) + query)


def numbers(page: str) -> list[int]:
    """The numbers of the shown changes."""
    return [
        int(found) for found in re.findall(r'<article class="change" id="aenderung-(\d+)"', page)
    ]


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def answered(now, actor):
    """A round on two sections, with an answer that changes the text and one that does not yet."""
    concept = make_concept(sections=2)
    edition = make_edition(concept, at=now)
    round_ = make_open_round(at=now, edition=edition, actor=actor)
    found = [make_contribution(round_, at=now, text=f"Kurs {n}.") for n in range(4)]
    closed = make_closed(round_)
    at = closed.closes_at
    answers = [
        make_answer(
            make_theme(pair, title=title, actor=actor, at=at),
            outcome=Outcome.ADOPTED,
            actor=actor,
            at=at,
        )
        for title, pair in [("Mehr Kurse", found[:2]), ("Mehr Räume", found[2:])]
    ]
    return answer_round(round_=closed, actor=actor, at=at), answers


@pytest.fixture
def revised(answered, actor):
    """Edition 2: a goal reworded and a paragraph gone, one because of an answer, one legal."""
    round_, answers = answered
    concept = round_.edition.concept
    goal = GoalPage.objects.descendant_of(concept).get(number="1.1")
    goal.wording = "Wortlaut von Ziel 1.1 mit Frist."
    goal.save()
    section = SectionPage.objects.child_of(concept).get(number="2")
    section.body = [
        {"id": child.id, "type": "paragraph", "value": child.value.source} for child in section.body
    ][1:]
    section.save()
    at = round_.closes_at
    revision = prepare_revision(from_edition=round_.edition, round_=round_, actor=actor, at=at)
    for change in revision.changes.all():
        if change.part == "goal":
            add_cause(
                change=change,
                kind=Cause.RESPONSE,
                response=answers[0],
                note="Die Frist fehlte.",
                actor=actor,
                at=at,
            )
        else:
            add_cause(
                change=change,
                kind=Cause.LEGAL,
                note="Das Gesetz sagt es schon.",
                actor=actor,
                at=at,
            )
    return release_next_edition(
        revision=revision, title="Zweiter Entwurf", origin="Amt", actor=actor, at=at
    )


def test_without_editions_the_list_says_what_will_come():
    assert "Noch ist keine Fassung freigegeben." in get(reverse("editions"))


def test_every_edition_with_its_links(revised):
    page = get(reverse("editions"))
    assert page.index("Fassung 2:") < page.index("Fassung 1:")
    assert revised.content_hash in page
    assert "vollständig freigegeben" in page
    assert reverse("changes", args=[2]) in page
    assert reverse("changes", args=[1]) not in page
    assert reverse("edition_print", args=[1]) in page


def test_a_change_shows_old_new_and_why(revised):
    page = changes()
    assert numbers(page) == [1, 2]
    first = page[page.index('id="aenderung-1"') : page.index('id="aenderung-2"')]
    assert "Ziel 1.1" in first
    inserted = r'<ins><span class="vh">Eingefügt: </span>(.*?)<span class="vh"> Ende der Einfügung'
    assert re.findall(inserted, first) == [" mit Frist"]
    assert "<del>" not in first
    assert "Übernommen" in first
    assert "Die Frist fehlte." in first
    assert "Thema „Mehr Kurse“" in first
    assert "2 Beiträge von 2 Personen" in first


def test_what_was_dropped_is_struck_and_listed(revised):
    page = changes()
    second = page[page.index('id="aenderung-2"') :]
    assert re.search(r'<del><span class="vh">Gestrichen: </span>Erster Absatz von 2\.', second)
    assert "Rechtlich nötig" in second
    assert "Das Gesetz sagt es schon." in second
    dropped = page[page.index('id="entfallen"') :]
    assert "#aenderung-2" in dropped


def test_answers_that_changed_nothing_yet_are_reported_openly(revised):
    page = changes()
    assert "Mehr Räume" in page[page.index('id="ohne-aenderung"') :]
    assert "Mehr Kurse" not in page[page.index('id="ohne-aenderung"') :]


def test_sums_and_causes(revised):
    page = changes()
    assert "1 Änderung geht auf Beiträge zurück, 0 sind redaktionell, 1 ist rechtlich nötig" in page
    shown = re.findall(r'<dt>(\w+)</dt><dd class="big">(\d+)</dd>', page)
    assert shown == [
        ("Änderungen", "2"),
        ("geändert", "1"),
        ("eingefügt", "0"),
        ("gestrichen", "1"),
        ("verschoben", "0"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?art=replace", [1]),
        ("?art=insert", []),
        ("?grund=legal", [2]),
        ("?grund=response", [1]),
        ("?art=quatsch&grund=quatsch&abschnitt=quatsch", [1, 2]),
    ],
)
def test_filter_keeps_the_numbers(revised, query, expected):
    assert numbers(changes(query)) == expected


def test_filter_by_section(revised):
    wid = Change.objects.get(position=1).section_wid
    assert numbers(changes(f"?abschnitt={wid}")) == [2]


def test_a_moved_text_is_shown_as_moved(answered, actor):
    round_, _answers = answered
    section = SectionPage.objects.child_of(round_.edition.concept).get(number="1")
    body = [
        {"id": child.id, "type": "paragraph", "value": child.value.source} for child in section.body
    ]
    section.body = body[::-1]
    section.save()
    at = round_.closes_at
    revision = prepare_revision(from_edition=round_.edition, round_=round_, actor=actor, at=at)
    for change in revision.changes.all():
        add_cause(change=change, kind=Cause.EDITORIAL, note="Lesefluss.", actor=actor, at=at)
    release_next_edition(revision=revision, title="Zweiter", origin="Amt", actor=actor, at=at)
    page = changes()
    assert "Dieser Text steht jetzt an einer anderen Stelle." in page
    assert '<ins><span class="vh">' not in page
    assert '<del><span class="vh">' not in page


def test_the_first_edition_has_no_comparison(revised):
    assert "Zu dieser Fassung gibt es keinen Vergleich" in changes(number=1)


def test_what_is_being_prepared_is_not_public(answered, actor):
    round_, _answers = answered
    prepare_revision(from_edition=round_.edition, round_=round_, actor=actor, at=round_.closes_at)
    get(reverse("changes", args=[2]), 404)
    assert numbers(changes(number=1)) == []


def test_changes_follow_the_reading_order(now, actor):
    concept = make_concept(sections=3)
    round_ = make_open_round(at=now, edition=make_edition(concept, at=now), actor=actor)
    closed = make_closed(round_)
    section = SectionPage.objects.child_of(concept).get(number="3")
    body = [
        {"id": child.id, "type": "paragraph", "value": child.value.source} for child in section.body
    ]
    section.body = [*body, {"type": "paragraph", "value": "<p>Neu am Ende.</p>"}]
    section.save()
    make_revised_edition(closed, wording="Neuer Wortlaut.", actor=actor, at=closed.closes_at)
    places = list(Change.objects.order_by("position").values_list("place", flat=True))
    assert places == ["Ziel 1.1", "3 Abschnitt 3, Absatz 3"]


def test_queries_do_not_grow_with_changes(revised):
    changes()
    with CaptureQueriesContext(connection) as queries:
        changes()
    assert len(queries) <= 20
