"""Two sections of the demo concept in other languages, written sentence by sentence."""

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

from django.conf import settings
from wagtail.signal_handlers import disable_reference_index_auto_update

from consult.evaluation.models import Response
from consult.evaluation.services.answer_texts import write_answer_text
from consult.participants.models import User
from consult.project.demo.people import CONTENT
from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.editions.models import Edition
from drafts.editions.version_services import (
    confirm_version,
    release_translation,
    renew_version,
    start_version,
)

Words = dict[str, Any]

# Translated on the first draft; what round 1 changed is translated again, but not into Arabic.
EARLY = "1"
# Translated when the revised draft was out.
LATE = "3"


def translate_first_draft(edition: Edition, concept: ConceptPage, people, at: datetime) -> None:
    """Release a section in every language right after its German."""
    # What these pages refer to is nothing: the index of references is not asked.
    with disable_reference_index_auto_update():
        for code, words in _languages():
            _release_new(concept, EARLY, code, words[EARLY], edition, people, at)


def translate_second_draft(edition: Edition, concept: ConceptPage, people, at: datetime) -> None:
    """Bring a section up to date where somebody has translated the change, release another."""
    early = concept.sections().get(number=EARLY)
    with disable_reference_index_auto_update():
        for code, words in _languages():
            added = words[EARLY].get("added")
            if added:
                version = SectionPage.objects.translation_of(early).get(locale__language_code=code)
                _renew(version, added, edition, people, at)
            _release_new(concept, LATE, code, words[LATE], edition, people, at)


def translate_answer(response: Response, theme: str, actor, at: datetime) -> None:
    """Release the answer to a theme in the languages in which the file has it."""
    known = dict(settings.LANGUAGES)
    found = json.loads((CONTENT / "antworten-in-sprachen.json").read_text())
    for language, reason in found.get(theme, {}).items():
        if language in known:
            write_answer_text(
                response=response, language=language, reason=reason, actor=actor, at=at
            )


def _languages() -> Iterator[tuple[str, Words]]:
    found = json.loads((CONTENT / "sprachfassungen.json").read_text())
    known = dict(settings.LANGUAGES)
    return ((code, words) for code, words in found.items() if code in known)


def _release_new(concept, number: str, code: str, words: Words, edition, people, at) -> None:
    editor, coordination = people["redaktion"], people["koordination"]
    section = concept.sections().get(number=number)
    version = start_version(section=section, language=code, actor=editor, at=at)
    draft: Any = version.get_latest_revision_as_object()
    draft.title, draft.lede = words["title"], words["lede"]
    blocks = zip(draft.body.get_prep_value(), words["blocks"], strict=True)
    draft.body = _stream(draft.body, [_with_words(child, text) for child, text in blocks])
    _publish(draft, people)
    for goal in GoalPage.objects.child_of(version):
        _translate_goal(goal, words["goals"][goal.number], words["measures"], people)
    release_translation(version=version, edition=edition, actor=coordination, at=at)


def _translate_goal(goal: GoalPage, words: Words, measures: Words, people) -> None:
    draft: Any = goal.get_latest_revision_as_object()
    for name, text in words.items():
        setattr(draft, name, text)
    children = draft.measures.get_prep_value()
    translated = [
        {**child, "value": {**child["value"], **measures[child["value"]["number"]]}}
        for child in children
    ]
    draft.measures = _stream(draft.measures, translated)
    _publish(draft, people)


def _renew(version: SectionPage, added: str, edition, people, at: datetime) -> None:
    known = {child.id for child in version.body}
    renew_version(version=version, actor=people["redaktion"])
    draft: Any = version.get_latest_revision_as_object()
    children = draft.body.get_prep_value()
    draft.body = _stream(
        draft.body,
        [child if child["id"] in known else _with_words(child, added) for child in children],
    )
    _publish(draft, people)
    confirm_version(version=version, actor=people["redaktion"], at=at)
    release_translation(version=version, edition=edition, actor=people["koordination"], at=at)


def _publish(draft: Any, people) -> None:
    # A person at hand remembers the rights from before this language had pages.
    reviewer = User.objects.get(pk=people["koordination"].pk)
    draft.save_revision(user=people["redaktion"]).publish(user=reviewer)


def _with_words(child: Words, text: str) -> Words:
    is_heading = child["type"] == "heading"
    return {**child, "value": text if is_heading else f"<p>{escape(text, quote=False)}</p>"}


def _stream(stream, children: list[Words]):
    return stream.stream_block.to_python(children)
