"""Bringing in a concept again keeps the keys; what is frozen has one spelling."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.participants.states import Role
from consult.project.setup import create_roles
from drafts.concept.blocks import MeasureBlock, ParagraphBlock
from drafts.concept.importing import ParsedConcept, read_concept
from drafts.concept.models import (
    ConceptPage,
    Department,
    GoalPage,
    OwnChangeApproved,
    SectionPage,
)
from drafts.concept.services import import_concept, plan_import
from drafts.concept.snapshots import (
    canonical_bytes,
    content_hash,
    goal_snapshot,
    inline_html,
    plain,
)
from drafts.editions.selectors import section_data
from site_content.pages.models import HomePage
from tests.factories import make_concept, make_edition, make_staff

TEXT = """# Zusammen leben

## 1 Sprache

Alle sollen Deutsch lernen können, gleich woher sie kommen.

Kurse gibt es heute nur am Vormittag.

**Ziel 1.1:** Kurse gibt es in jedem Stadtteil.

**Ziel 1.2:** Niemand wartet länger als vier Wochen.

## 2 Wohnen

Wohnungen sind knapp.

**Ziel 2.1:** Es wird beraten.
"""


@pytest.fixture
def read(tmp_path):
    def read_it(text: str) -> ParsedConcept:
        path = tmp_path / "konzept.md"
        path.write_text(text)
        return read_concept(path)

    return read_it


@pytest.fixture
def bring_in(db, read):
    home = HomePage.objects.get()

    def bring(text: str, concept: ConceptPage | None = None) -> ConceptPage:
        return import_concept(parsed=read(text), parent=home, actor=make_staff(), concept=concept)

    return bring


def _drafts(model):
    return {
        page.number: page.get_latest_revision_as_object()
        for page in model.objects.order_by("number")
    }


def test_an_import_writes_drafts_and_nothing_public(bring_in):
    bring_in(TEXT)
    assert list(_drafts(GoalPage)) == ["1.1", "1.2", "2.1"]
    assert not SectionPage.objects.live().exists()
    assert not GoalPage.objects.live().exists()


def test_a_second_import_keeps_pages_and_blocks(bring_in):
    concept = bring_in(TEXT)
    before = {n: (p.wid, [c.id for c in p.body]) for n, p in _drafts(SectionPage).items()}
    goals = {n: p.wid for n, p in _drafts(GoalPage).items()}
    bring_in(TEXT.replace("nur am Vormittag", "am Vormittag und am Abend"), concept)
    after = {n: (p.wid, [c.id for c in p.body]) for n, p in _drafts(SectionPage).items()}
    assert after == before
    assert {n: p.wid for n, p in _drafts(GoalPage).items()} == goals
    assert "am Abend" in str(_drafts(SectionPage)["1"].body)


def test_a_new_paragraph_gets_a_new_key_and_takes_no_other(bring_in):
    concept = bring_in(TEXT)
    before = [child.id for child in _drafts(SectionPage)["1"].body]
    new = "Kurse gibt es heute nur am Vormittag.\n\nEin ganz neuer Gedanke über Vereine."
    bring_in(TEXT.replace("Kurse gibt es heute nur am Vormittag.", new), concept)
    after = [child.id for child in _drafts(SectionPage)["1"].body]
    assert after[:2] == before
    assert len(after) == 3


def test_the_plan_says_what_would_happen_and_writes_nothing(bring_in, read):
    concept = bring_in(TEXT)
    changed = (
        TEXT.replace("vier Wochen", "zwei Wochen")
        .replace("## 2 Wohnen", "## 3 Arbeit")
        .replace("2.1", "3.1")
        .replace("Es wird beraten.", "Es wird vermittelt.")
    )
    pages = list(concept.get_descendants().values_list("pk", "latest_revision"))
    plan = {(row.kind, row.number): row.state for row in plan_import(
        parsed=read(changed), concept=concept)}  # fmt: skip
    assert plan == {
        ("section", "1"): "same", ("goal", "1.1"): "same", ("goal", "1.2"): "changed",
        ("section", "3"): "new", ("goal", "3.1"): "new", ("section", "2"): "gone",
    }  # fmt: skip
    assert list(concept.get_descendants().values_list("pk", "latest_revision")) == pages


def test_what_a_file_does_not_hold_any_more_stays(bring_in):
    concept = bring_in(TEXT)
    bring_in(TEXT.partition("## 2")[0], concept)
    assert set(_drafts(SectionPage)) == {"1", "2"}


def test_a_department_is_named_once(bring_in):
    text = TEXT.replace(
        "**Ziel 1.1:** Kurse gibt es in jedem Stadtteil.",
        "**Ziel 1.1:** Kurse gibt es in jedem Stadtteil.\n\nFederführung: Amt für Sprache",
    )
    concept = bring_in(text)
    bring_in(text, concept)
    assert Department.objects.filter(name="Amt für Sprache").count() == 1


# --- four eyes ---------------------------------------------------------------------------------


def test_nobody_approves_a_change_of_their_own(db):
    concept = make_concept()
    create_roles(concept.get_parent())
    writer = make_staff(Role.COORDINATION)
    page = GoalPage.objects.get()
    page.wording = "Neu."
    page.save_revision(user=writer)
    state = page.get_workflow().start(page, writer)
    task = state.current_task_state
    with pytest.raises(OwnChangeApproved):
        task.task.specific.on_action(task, writer, "approve")
    page.refresh_from_db()
    assert page.wording != "Neu."
    offered = task.task.specific.get_actions(page, writer)
    assert "approve" not in [name for name, *_rest in offered]
    task.task.specific.on_action(task, make_staff(Role.COORDINATION), "approve")
    page.refresh_from_db()
    assert page.wording == "Neu."


# --- canonical bytes ---------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(max_examples=40)
@given(st.dictionaries(st.text(), values))
def test_order_of_keys_and_spelling_of_letters_change_no_hash(data):
    turned = dict(reversed(list(data.items())))
    assert canonical_bytes(turned) == canonical_bytes(data)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_composed_and_decomposed_letters_are_one_text(text):
    decomposed, composed = (unicodedata.normalize(form, text) for form in ("NFD", "NFC"))
    assert content_hash({"text": decomposed}) == content_hash({"text": composed})


def test_other_words_have_another_hash():
    assert content_hash({"text": "Ziel"}) != content_hash({"text": "Ziele"})
    assert content_hash({"a": "bc"}) != content_hash({"ab": "c"})
    assert content_hash(["a", "b"]) != content_hash(["ab"])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_frozen_html_is_spelled_once_and_holds_no_other_mark(source):
    once = inline_html(source)
    assert inline_html(once) == once
    assert "<script" not in once.lower()


@pytest.mark.parametrize(
    ("source", "frozen"),
    [
        ("<p><strong>fett</strong> <em>kursiv</em></p>", "<b>fett</b> <i>kursiv</i>"),
        ("<p>eins<br/>zwei</p>", "eins zwei"),
        ("<p>eins</p><p>zwei</p>", "eins zwei"),
        ('<p onclick="x()">a<script>b</script></p>', "a"),
        ('<a href="javascript:x">a</a>', "<a>a</a>"),
    ],
)
def test_marks_are_reduced_and_words_stay_apart(source, frozen):
    assert inline_html(source) == frozen


def test_a_link_to_a_page_is_kept_by_its_key(db):
    page = make_concept()
    html = inline_html(f'<p><a linktype="page" id="{page.pk}">Konzept</a></p>')
    assert html == f'<a href="wid:{page.translation_key.hex}">Konzept</a>'
    assert str(page.pk) not in html.replace(page.translation_key.hex, "")


# --- blocks ------------------------------------------------------------------------------------


def test_a_paragraph_block_holds_one_paragraph():
    block = ParagraphBlock()
    assert plain(block.clean(block.to_python("<p>eins</p>")).source) == "eins"
    with pytest.raises(ValidationError):
        block.clean(block.to_python("<p>eins</p><p>zwei</p>"))


@given(
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
    st.sampled_from(["estimated", "not_estimated"]),
)
def test_a_measure_has_a_cost_or_says_that_it_has_none(one_off, yearly, status):
    block = MeasureBlock()
    value = block.to_python(
        {
            "number": "1.a", "title": "Kurs", "description": "", "kind": "new",
            "responsible": "", "period": "", "cost_status": status,
            "cost_one_off": one_off, "cost_yearly": yearly, "also_serves": [],
        }
    )  # fmt: skip
    has_figure = one_off is not None or yearly is not None
    if has_figure == (status == "estimated"):
        block.clean(value)
    else:
        with pytest.raises(ValidationError):
            block.clean(value)


@pytest.mark.django_db
def test_posts_and_funding_are_frozen_only_where_they_are_said(now):
    concept = make_concept()
    page = GoalPage.objects.get()
    before = goal_snapshot(page)
    assert {"posts", "funding"}.isdisjoint(before["measures"][0])
    value = page.measures.get_prep_value()
    value[0]["value"] |= {"posts": "1.50", "funding": "applied"}
    page.measures = page.measures.stream_block.to_python([*value])
    page.save_revision().publish()
    page.refresh_from_db()
    after = goal_snapshot(page)
    [measure] = after["measures"]
    assert (measure["posts"], measure["funding"]) == ("1.5", "applied")
    edition = make_edition(concept, at=now)
    [section] = section_data(edition)
    assert section["goals"] == [after]
    assert content_hash([section]) == edition.content_hash
