"""The working pages become the computed text, whatever was moved, and can go back to the former."""

import dataclasses
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.council.motion_places import operations_at
from consult.council.states import MotionOp
from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.editions.amended_pages import BY_HAND, PageState, amended_pages, write_amended
from drafts.editions.amending import Amendment, apply_amendments
from drafts.editions.models import Edition
from drafts.editions.part_wordings import UnableToAmend
from drafts.editions.places import Place, places_of
from drafts.editions.selectors import section_data
from tests.factories import make_concept, make_edition, make_staff
from tests.tables import undone

pytestmark = pytest.mark.django_db

TABLE = {
    "id": "t1",
    "type": "table",
    "value": {
        "columns": [{"type": "text", "heading": "Ort"}, {"type": "text", "heading": "Geld"}],
        "rows": [{"values": ["Nord", "10 Euro"]}, {"values": ["Süd", ""]}],
        "caption": "Geld & Orte",
    },
}
LIST = {
    "id": "l1",
    "type": "list",
    "value": [
        {"id": "i1", "type": "item", "value": "<p>Kurse mit <b>Kindern</b></p>"},
        {"id": "i2", "type": "item", "value": "<p>Beratung &amp; Treffen</p>"},
    ],
}
WORDS = {
    "costs": ["einmalig 7 Euro", "noch nicht geschätzt", "jährlich 8.000 Euro"],
    "table": ["Ort | Geld\nNord | 20 Euro\nWest | 5 Euro\nSüd |\nGeld & Orte"],
    "list": ["Kurse mit Kindern\nTreffen <heute>\nFeste"],
}


@pytest.fixture
def concept() -> ConceptPage:
    found = make_concept(sections=2, goals=2)
    first = SectionPage.objects.get(number="1")
    first.body = [*first.body.get_prep_value(), TABLE, LIST]
    first.save()
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        page.save_revision().publish()
    return found


@pytest.fixture
def edition(concept, now) -> Edition:
    return make_edition(concept, at=now)


def publish() -> None:
    """A second person reviews every draft."""
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if page.has_unpublished_changes or not page.live:
            page.get_latest_revision().publish()


@st.composite
def amendments(draw, places: dict[str, Place]) -> list[Amendment]:
    """Up to five changes of all kinds, at any places."""
    keys = draw(st.lists(st.sampled_from(sorted(places)), max_size=5))
    found = [draw(_amendment(places, places[key])) for key in keys]
    return [
        dataclasses.replace(change, order=n, new_wid=uuid.uuid5(uuid.NAMESPACE_OID, str(n)).hex)
        for n, change in enumerate(draw(st.permutations(found)), start=1)
    ]


@st.composite
def _amendment(draw, places: dict[str, Place], place: Place) -> Amendment:
    op = draw(st.sampled_from(operations_at(place)))
    family = [key for key, other in places.items() if other.family == place.family]
    words = WORDS.get(place.kind) if op == MotionOp.REPLACE else None
    to_wid = draw(st.sampled_from(family)) if op == MotionOp.MOVE else ""
    return Amendment(
        order=0,
        op=op.value,
        wid=place.wid,
        part=place.part,
        text=draw(st.sampled_from(words or ["Ganz anders.", "Neu & <anders>."])),
        side=draw(st.sampled_from(["before", "after"])),
        to_wid=to_wid,
    )


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_become_the_computed_text_and_go_back(data, concept, edition):
    submitted, actor = section_data(edition), make_staff()
    changes = data.draw(amendments(places_of(submitted)))
    try:
        target = apply_amendments(submitted, changes)
    except UnableToAmend:
        return
    with undone():
        formers = [submitted]
        for text in (target, submitted):
            wanted = {"edition": edition, "target": text, "formers": formers}
            rows = write_amended(**wanted, actor=actor, reasons={})
            assert not {row.state for row in rows} & {*BY_HAND, PageState.TO_MOVE}
            publish()
            assert concept.preview_sections() == text
            again = amended_pages(concept, text, formers)
            assert {row.state for row in again} <= {PageState.DONE}
            formers = [*formers, text]
