"""Language versions, made by their services."""

from typing import Any

from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import Edition
from drafts.editions.version_services import release_translation, start_version
from tests.factories.people import make_staff

MARKS = {"tr": "Türkçe", "ar": "بالعربية", "en": "English", "uk": "Українською", "de-x-ls": "LS"}


def make_version(section: SectionPage, language: str, *, at, actor=None) -> SectionPage:
    """A reviewed version of a section and its goals: each text gets a mark of its language."""
    version = start_version(section=section, language=language, actor=actor or make_staff(), at=at)
    translate(version, language)
    return version


def translate(version: SectionPage, language: str) -> None:
    """Put "[mark] words" where the drafts still have "words", and review all pages."""
    mark = f"[{MARKS[language]}] "
    draft: Any = version.get_latest_revision_as_object()
    draft.title, draft.lede = _marked(draft.title, mark), _marked(draft.lede, mark)
    draft.body = _stream(draft.body, lambda value: _marked(value, mark))
    draft.save_revision().publish()
    for goal in GoalPage.objects.child_of(version):
        words: Any = goal.get_latest_revision_as_object()
        words.wording = _marked(words.wording, mark)
        words.measures = _stream(
            words.measures,
            lambda value: {
                **value,
                "title": _marked(value["title"], mark),
                "description": _marked(value["description"], mark),
            },
        )
        words.save_revision().publish()
    version.refresh_from_db()


def make_released_version(
    edition: Edition, section: SectionPage, language: str, *, at, actor=None
) -> SectionPage:
    """A version of a section that the edition holds, released."""
    actor = actor or make_staff()
    version = make_version(section, language, at=at, actor=actor)
    release_translation(version=version, edition=edition, actor=actor, at=at)
    return version


def _stream(stream, change):
    raw = [{**child, "value": change(child["value"])} for child in stream.get_prep_value()]
    return stream.stream_block.to_python(raw)


def _marked(words: str, mark: str) -> str:
    if not words or mark in words:
        return words
    return words.replace("<p>", f"<p>{mark}", 1) if words.startswith("<p") else mark + words
