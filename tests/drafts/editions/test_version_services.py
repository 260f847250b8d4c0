"""Language versions: they name their source, never touch the German, and are carried in parts."""

from datetime import timedelta

import pytest
from wagtail.models import GroupPagePermission, Page

from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.editions.freezing import UnableToRelease
from drafts.editions.languages import BINDING
from drafts.editions.models import EditionText, RenderedSource
from drafts.editions.selectors import (
    contents,
    languages_by_part,
    section_data,
    versions_of,
    wording_at,
)
from drafts.editions.version_services import (
    VersionRefused,
    confirm_version,
    release_translation,
    renew_version,
    start_version,
)
from tests.factories import make_concept, make_edition, make_section, make_staff
from tests.factories.document import make_goal
from tests.factories.versions import make_released_version, make_version, translate
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff()


@pytest.fixture
def concept():
    return make_concept(goals=2)


@pytest.fixture
def section(concept) -> SectionPage:
    return concept.sections().get()


@pytest.fixture
def edition(concept, now):
    return make_edition(concept, at=now)


def _obstacles(version, edition, actor, now) -> list[tuple[str, str]]:
    with nothing_written(), pytest.raises(UnableToRelease) as refused:
        release_translation(version=version, edition=edition, actor=actor, at=now)
    return refused.value.obstacles


def _change_german(section: SectionPage, text: str) -> None:
    """Another wording of the first block of the reviewed German section."""
    page = SectionPage.objects.get(pk=section.pk)
    first, *others = page.body.get_prep_value()
    page.body = page.body.stream_block.to_python([{**first, "value": f"<p>{text}</p>"}, *others])
    page.save_revision().publish()


# --- beginning ---------------------------------------------------------------------------------


def test_a_version_has_the_keys_of_its_source_and_is_a_draft(section, actor, now):
    version = start_version(section=section, language="tr", actor=actor, at=now)
    assert not version.live
    assert version.wid == section.wid
    assert [child.id for child in version.body] == [child.id for child in section.body]
    goals = GoalPage.objects.child_of(version)
    assert [goal.wid for goal in goals] == [goal.wid for goal in section.goals()]
    assert [m.id for g in goals for m in g.measures] == [
        m.id for g in section.goals() for m in g.measures
    ]
    assert RenderedSource.objects.get(page=version).snapshot == section.snapshot()


def test_who_works_on_the_german_pages_works_on_the_version_with_the_same_review(now):
    section = make_section(make_concept(sections=0), "1")
    editor = make_staff(Role.EDITOR)
    version = start_version(section=section, language="tr", actor=editor, at=now)
    rights = version.permissions_for_user(editor)
    assert rights.can_edit()
    assert not rights.can_publish()
    assert version.get_workflow() == section.get_workflow() is not None
    former = GroupPagePermission.objects.count()
    other = make_section(section.concept, "2")
    start_version(section=other, language="tr", actor=editor, at=now)
    assert GroupPagePermission.objects.count() == former
    assert Page.objects.filter(locale=version.locale, depth=2).count() == 1


def test_a_version_is_begun_once_from_reviewed_german(section, actor, now):
    version = start_version(section=section, language="tr", actor=actor, at=now)
    for page, language, code in [
        (section, "tr", "exists"),
        (section, "de", "exists"),
        (version, "ar", "not_the_source"),
    ]:
        with nothing_written(), pytest.raises(VersionRefused) as refused:
            start_version(section=page, language=language, actor=actor, at=now)
        assert refused.value.code == code
    section.title = "Noch nicht geprüft"
    section.save_revision()
    with nothing_written(), pytest.raises(VersionRefused) as refused:
        start_version(section=section, language="ar", actor=actor, at=now)
    assert refused.value.code == "not_reviewed"


# --- releasing ---------------------------------------------------------------------------------


def test_a_release_adds_rows_of_the_language_and_leaves_the_german_alone(
    section, edition, actor, now
):
    german = list(EditionText.objects.order_by("pk").values())
    version = make_version(section, "tr", at=now, actor=actor)
    later = now + timedelta(days=9)
    release_translation(version=version, edition=edition, actor=actor, at=later)
    assert list(EditionText.objects.filter(language="de").order_by("pk").values()) == german
    assert content_hash(section_data(edition)) == edition.content_hash
    rows = EditionText.objects.filter(language="tr")
    assert {row.source_hash for row in rows} == {row["hash"] for row in german}
    assert {row.source.hash == row.source_hash for row in rows} == {True}
    assert {row.released_at for row in rows} == {later}
    [found] = section_data(edition, "tr")
    assert found["text"]["title"] == "[Türkçe] Abschnitt 1"
    assert found["text"]["blocks"][1]["html"] == "[Türkçe] Zweiter Absatz von 1."
    assert found["goals"][1]["text"]["wording"] == "[Türkçe] Wortlaut von Ziel 1.2."
    assert found["goals"][0]["measures"][0]["text"]["title"] == "[Türkçe] Maßnahme zu 1.1"
    assert found["goals"][0]["text"]["german"] == ["lead"]
    [shown] = versions_of(edition, section.wid)
    assert shown.language == "tr"
    assert shown.is_whole
    assert shown.released_at == later
    assert shown.edition_number == 1


def test_a_version_needs_a_released_section_and_a_review(concept, section, edition, actor, now):
    other = make_section(concept, "7")
    version = make_version(other, "tr", at=now)
    assert _obstacles(version, edition, actor, now) == [("not_released", version.title)]
    version = make_version(section, "tr", at=now)
    draft = version.get_latest_revision_as_object()
    draft.lede = "Yeni"
    draft.save_revision()
    version.refresh_from_db()
    assert ("unpublished_changes", version.title) in _obstacles(version, edition, actor, now)


def test_places_that_only_one_text_has_are_named(section, edition, actor, now):
    version = make_version(section, "tr", at=now)
    first, _second = version.body.get_prep_value()
    strange = {"type": "paragraph", "id": "strange", "value": "<p>Fazla bir paragraf</p>"}
    version.body = version.body.stream_block.to_python([first, strange])
    version.save_revision().publish()
    GoalPage.objects.child_of(version).get(number="1.2").delete()
    version.refresh_from_db()
    assert _obstacles(version, edition, actor, now) == [
        ("place_missing", "Zweiter Absatz von 1."),
        ("place_missing", "Wortlaut von Ziel 1.2."),
        ("place_missing", "Maßnahme zu 1.2"),
        ("place_extra", "Fazla bir paragraf"),
    ]


def test_german_sentences_are_not_released_as_a_translation(section, edition, actor, now):
    version = make_version(section, "tr", at=now)
    goal = GoalPage.objects.child_of(version).get(number="1.1")
    goal.wording = "Wortlaut von Ziel 1.1."
    goal.reason = "Ein ganzer Satz, der noch auf Deutsch dasteht."
    goal.save_revision().publish()
    # Four words can be the same in two languages.
    release_translation(version=version, edition=edition, actor=actor, at=now)
    german = section.goals().get(number="1.1")
    german.reason = goal.reason
    german.save_revision().publish()
    second = make_edition(section.concept, at=now)
    confirm_version(version=version, actor=actor, at=now)
    assert _obstacles(version, second, actor, now) == [("still_german", goal.reason)]


def test_easy_german_may_say_the_same_sentence(section, edition, actor, now):
    version = start_version(section=section, language="de-x-ls", actor=actor, at=now)
    for page in [version, *GoalPage.objects.child_of(version)]:
        page.get_latest_revision().publish()
    version.refresh_from_db()
    assert release_translation(version=version, edition=edition, actor=actor, at=now)


def test_a_version_of_other_german_words_is_refused_until_a_person_confirms_it(
    section, edition, actor, now
):
    version = make_version(section, "tr", at=now)
    _change_german(section, "Ganz anders gesagt.")
    second = make_edition(section.concept, at=now)
    assert _obstacles(version, second, actor, now) == [("source_changed", "Ganz anders gesagt.")]
    # It still fits the edition that it renders.
    release_translation(version=version, edition=edition, actor=actor, at=now)
    confirm_version(version=version, actor=actor, at=now)
    assert release_translation(version=version, edition=second, actor=actor, at=now)


def test_a_corrected_version_is_a_new_row_and_the_former_is_kept(section, edition, actor, now):
    version = make_released_version(edition, section, "tr", at=now)
    assert _obstacles(version, edition, actor, now) == [("nothing_new", version.title)]
    former = EditionText.objects.get(language="tr", section__isnull=False)
    version.title = "Dil ve anlaşma"
    version.save_revision().publish()
    rows = release_translation(
        version=version, edition=edition, actor=actor, at=now + timedelta(days=1)
    )
    assert [row.section.wid for row in rows] == [section.wid]
    kept = EditionText.objects.get(pk=former.pk)
    assert (kept.content, kept.hash, kept.is_current) == (former.content, former.hash, False)
    assert contents(edition, "tr")[0]["title"] == "Dil ve anlaşma"


# --- the next edition --------------------------------------------------------------------------


def test_unchanged_words_are_carried_and_changed_ones_stand_in_german(section, edition, actor, now):
    make_released_version(edition, section, "tr", at=now)
    _change_german(section, "Ganz anders gesagt.")
    goal = section.goals().get(number="1.2")
    goal.wording = "Ein anderes Ziel."
    goal.save_revision().publish()
    second = make_edition(section.concept, at=now + timedelta(days=30))
    [found] = section_data(second, "tr")
    assert found["text"]["title"] == "[Türkçe] Abschnitt 1"
    changed, same = found["text"]["blocks"]
    assert (changed["html"], changed["language"]) == ("Ganz anders gesagt.", "de")
    assert (same["html"], "language" in same) == ("[Türkçe] Zweiter Absatz von 1.", False)
    first, other = found["goals"]
    assert first["text"]["wording"] == "[Türkçe] Wortlaut von Ziel 1.1."
    assert other["text"]["wording"] == "Ein anderes Ziel."
    assert "wording" in other["text"]["german"]
    [shown] = versions_of(second, section.wid)
    assert not shown.is_whole
    assert shown.edition_number == 1
    assert content_hash(section_data(second)) == second.content_hash


def test_a_version_stays_whole_where_the_next_edition_changed_nothing(
    concept, section, edition, actor, now
):
    make_released_version(edition, section, "tr", at=now)
    make_section(concept, "2")
    second = make_edition(concept, at=now)
    assert [found.is_whole for found in versions_of(second, section.wid)] == [True]
    third = make_edition(concept, at=now)
    assert [found.is_whole for found in versions_of(third, section.wid)] == [True]
    assert versions_of(third, concept.sections().get(number="2").wid) == []


def test_a_renewed_version_takes_over_what_is_new_and_keeps_its_words(section, edition, actor, now):
    version = make_released_version(edition, section, "tr", at=now)
    page = SectionPage.objects.get(pk=section.pk)
    _first, second_block = page.body.get_prep_value()
    fresh = {"type": "paragraph", "id": "fresh", "value": "<p>Ein neuer Absatz.</p>"}
    page.body = page.body.stream_block.to_python([second_block, fresh])
    page.save_revision().publish()
    make_goal(page, "1.3")
    renew_version(version=version, actor=actor)
    draft = version.get_latest_revision_as_object()
    assert [child.value.source for child in draft.body] == [
        "<p>[Türkçe] Zweiter Absatz von 1.</p>", "<p>Ein neuer Absatz.</p>",
    ]  # fmt: skip
    goals = GoalPage.objects.child_of(version)
    assert [goal.number for goal in goals] == ["1.1", "1.2", "1.3"]
    assert goals[0].get_latest_revision_as_object().measures[0].value["title"] == (
        "[Türkçe] Maßnahme zu 1.1"
    )
    confirm_version(version=version, actor=actor, at=now)
    translate(version, "tr")
    second = make_edition(section.concept, at=now)
    release_translation(version=version, edition=second, actor=actor, at=now)
    assert [found.is_whole for found in versions_of(second, section.wid)] == [True]


def test_a_goal_is_dropped_with_its_source_and_comes_back_with_it(section, edition, actor, now):
    version = make_released_version(edition, section, "tr", at=now)
    source = GoalPage.objects.child_of(section).get(number="1.1")
    for reason, numbers in (("Beschluss", ["1.2"]), ("", ["1.1", "1.2"])):
        source.dropped_because = reason
        source.save_revision().publish()
        source.refresh_from_db()
        renew_version(version=version, actor=actor)
        for goal in GoalPage.objects.child_of(version):
            goal.get_latest_revision().publish()
        assert [goal.number for goal in version.goals()] == numbers


# --- reading -----------------------------------------------------------------------------------


def test_words_at_a_place_are_those_of_the_language_or_german(section, edition, now):
    make_released_version(edition, section, "tr", at=now)
    wid = section.body[0].id
    found = [wording_at(edition, section.wid, wid, language) for language in ("tr", "ar", BINDING)]
    assert [(wording.text, wording.number, wording.language) for wording in found] == [
        ("[Türkçe] Erster Absatz von 1.", "1", "tr"),
        ("Erster Absatz von 1.", "1", "de"),
        ("Erster Absatz von 1.", "1", "de"),
    ]


def test_languages_of_an_edition_are_known_by_part(concept, section, edition, now):
    make_released_version(edition, section, "tr", at=now)
    found = languages_by_part(edition)
    assert found[section.wid] == ["de", "tr"]
    assert {tuple(found[goal.wid]) for goal in section.goals()} == {("de", "tr")}
