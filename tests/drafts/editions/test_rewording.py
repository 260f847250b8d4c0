"""Another wording in the working text: the words are exactly those, marks stay, nobody is passed."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import inline_html, plain
from drafts.editions.comparison import compare_words
from drafts.editions.rewording import UnableToReword, reword, reworded_html, working_text
from drafts.editions.services import UnableToRelease, open_edition, release_section
from tests.factories import make_concept, make_staff

WORDS = st.lists(
    st.sampled_from(["Kurse", "am", "Abend", "<b>", "&", "„neu“", "ß", "für", "alle."]),
    min_size=1, max_size=12,
)  # fmt: skip
MARKS = st.sampled_from(
    ["{}", "<b>{}</b>", "<i>{}</i>", "<b><i>{}</i></b>", '<a linktype="page" id="3">{}</a>']
)


@st.composite
def rich_texts(draw) -> str:
    """A paragraph as the editor stores it."""
    parts = draw(st.lists(st.tuples(MARKS, WORDS), min_size=1, max_size=4))
    escaped = [
        mark.format(" ".join(words).replace("&", "&amp;").replace("<", "&lt;"))
        for mark, words in parts
    ]
    return f'<p data-block-key="x1">{" ".join(escaped)}</p>'


@given(rich_texts(), WORDS)
def test_the_words_are_exactly_the_proposed_ones(html, words):
    text = " ".join(words)
    assert plain(inline_html(f"<p>{reworded_html(html, text)}</p>")) == text


@given(rich_texts())
def test_the_same_words_keep_every_mark(html):
    same = reworded_html(html, plain(inline_html(html)))
    assert inline_html(same).replace("</b><b>", "") == inline_html(html).replace("</b><b>", "")


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_shown_difference_gives_both_wordings(old, new):
    parts = compare_words(old, new)
    assert "".join(text for op, text in parts if op != "insert") == old
    assert "".join(text for op, text in parts if op != "delete") == new


@pytest.mark.parametrize(
    ("html", "text", "expected"),
    [
        ("<p>Wir wollen <b>viele</b> Kurse.</p>", "Wir wollen <b>mehr</b> Kurse.", None),
        ("<p>Siehe <a href='https://a.de'>hier</a>.</p>", "Siehe <a href='https://a.de'>dort</a>.",
         None),
        ("<p><b>Kurse</b> am Abend</p>", "<b>Kurse</b> auch am Abend", None),
        ("<p>Kurse &amp; mehr</p>", "Kurse &amp; vieles mehr", None),
    ],
)  # fmt: skip
def test_what_is_new_takes_the_marks_of_what_it_replaces(html, text, expected):
    assert reworded_html(html, plain(text)) == (expected or text)


# --- pages -------------------------------------------------------------------------------------


@pytest.fixture
def concept(db):
    return make_concept(goals=2)


@pytest.fixture
def section(concept) -> SectionPage:
    return SectionPage.objects.get()


def _reword(concept, section, wid, op, text="Ganz neu."):
    return reword(
        concept=concept, section_wid=section.wid, wid=wid, op=op, text=text,
        actor=make_staff(Role.COORDINATION),
    )  # fmt: skip


def _draft_texts(section) -> list[str]:
    draft = SectionPage.objects.get(pk=section.pk).get_latest_revision_as_object()
    return [plain(child.value.source) for child in draft.body]


def test_a_block_is_reworded_in_a_draft_that_nobody_has_reviewed(concept, section, now):
    wid = section.body[0].id
    assert _reword(concept, section, wid, "replace") == wid
    assert _draft_texts(section) == ["Ganz neu.", "Zweiter Absatz von 1."]
    page = SectionPage.objects.get()
    assert plain(page.body[0].value.source) == "Erster Absatz von 1."
    assert page.has_unpublished_changes
    actor = make_staff(Role.COORDINATION)
    edition = open_edition(concept=concept, title="x", origin="x", actor=actor, at=now)
    with pytest.raises(UnableToRelease) as refused:
        release_section(section=page, edition=edition, actor=actor, at=now)
    assert refused.value.obstacles == [("unpublished_changes", "Abschnitt 1")]


def test_a_block_is_inserted_behind_or_taken_out(concept, section):
    wid = section.body[0].id
    new = _reword(concept, section, wid, "insert")
    assert new != wid
    assert uuid.UUID(new)
    assert _draft_texts(section) == ["Erster Absatz von 1.", "Ganz neu.", "Zweiter Absatz von 1."]
    _reword(concept, section, wid, "delete", "")
    assert _draft_texts(section) == ["Ganz neu.", "Zweiter Absatz von 1."]


def test_a_list_keeps_the_points_that_stay(concept, section):
    points = [
        {"id": str(uuid.uuid4()), "type": "item", "value": f"<p>{text}</p>"}
        for text in ("<b>Eins</b>", "Zwei", "Drei")
    ]
    block = {"id": str(uuid.uuid4()), "type": "list", "value": points}
    section.body = SectionPage._meta.get_field("body").stream_block.to_python([block])
    section.save_revision().publish()
    _reword(concept, section, block["id"], "replace", "Eins\nZwei und halb\nDrei\nVier")
    draft = SectionPage.objects.get().get_latest_revision_as_object()
    raw = draft.body.get_prep_value()[0]["value"]
    assert [item["value"] for item in raw] == [
        "<p><b>Eins</b></p>", "<p>Zwei und halb</p>", "<p>Drei</p>", "<p>Vier</p>",
    ]  # fmt: skip
    assert [item["id"] for item in raw[:3]] == [item["id"] for item in points]


def test_a_goal_is_reworded_and_a_new_one_gets_the_next_number(concept, section):
    goal = GoalPage.objects.get(number="1.1")
    assert _reword(concept, section, goal.wid, "replace") == goal.wid
    assert working_text(concept, section.wid, goal.wid).text == "Ganz neu."
    assert GoalPage.objects.get(pk=goal.pk).wording == "Wortlaut von Ziel 1.1."
    wid = _reword(concept, section, goal.wid, "insert", "Ein drittes Ziel.")
    new = GoalPage.objects.get(number="1.3")
    assert (new.wid, new.wording, new.live) == (wid, "Ein drittes Ziel.", False)
    order = [page.number for page in section.goals()]
    assert order == ["1.1", "1.3", "1.2"]


def test_a_goal_is_dropped_by_a_draft_that_a_second_person_reviews(concept, section):
    goal = GoalPage.objects.get(number="1.1")
    _reword(concept, section, goal.wid, "delete", "")
    assert goal.wid in [page.wid for page in section.goals()]
    assert working_text(concept, section.wid, goal.wid) is None
    GoalPage.objects.get(pk=goal.pk).get_latest_revision().publish()
    assert [page.number for page in section.goals()] == ["1.2"]
    assert GoalPage.objects.get(pk=goal.pk).dropped_because


def test_a_page_that_is_being_reviewed_is_left_alone(concept, section):
    section.locked = True
    section.save()
    with pytest.raises(UnableToReword) as refused:
        _reword(concept, section, section.body[0].id, "replace")
    assert refused.value.code == "being_reviewed"


@pytest.mark.parametrize(
    "wid",
    ["", "nirgends", "86a3772b-5366-4778-83ca-5347180714f3", "4d80cbb178c548eb96e97aa5929e441f"],
)
def test_a_place_that_is_gone_is_named(concept, section, wid):
    with pytest.raises(UnableToReword) as refused:
        _reword(concept, section, wid, "replace")
    assert refused.value.code == "gone"
    with pytest.raises(UnableToReword):
        reword(concept=concept, section_wid="x", wid=wid, op="replace", text="x", actor=None)
