"""Why a language version cannot be released yet. Pure."""

from collections.abc import Iterable, Iterator

from drafts.concept.snapshots import Data, block_text, content_hash
from drafts.editions.languages import BINDING, language_fields
from drafts.editions.models import EditionText

Obstacle = tuple[str, str]

# Shorter texts can be the same in two languages, such as names.
WORDS_OF_A_SENTENCE = 5
EXCERPT = 60
# Offices and years may be named as they are in German.
NAMES = {"responsible", "period"}


def version_obstacles(
    version: Data, rendered: Data | None, german: Iterable[EditionText], language: str
) -> list[Obstacle]:
    """Compare a version's snapshot with the frozen German and with the German that it renders.

    Codes: source_unknown, source_changed, place_missing, place_extra, still_german; each with the
    name or the first words of the place.
    """
    if rendered is None:
        return [("source_unknown", version["text"]["title"])]
    source, own = _places(rendered), _places(version)
    frozen = {wid: place for text in german for wid, place in _frozen_places(text)}
    changed = [
        ("source_changed", _excerpt(words))
        for wid, words in frozen.items()
        if wid not in source or content_hash(source[wid]) != content_hash(words)
    ]
    missing = [("place_missing", _excerpt(frozen[wid])) for wid in frozen if wid not in own]
    extra = [("place_extra", _excerpt(own[wid])) for wid in own if wid not in frozen]
    both = {wid: frozen[wid] for wid in frozen if wid in own}
    return [*changed, *missing, *extra, *_untranslated(both, own, language)]


def _untranslated(german: dict[str, Data], own: dict[str, Data], language: str) -> list[Obstacle]:
    # A German sentence may be easy enough to stand in easy German too.
    if language.split("-")[0] == BINDING:
        return []
    return [
        ("still_german", line[:EXCERPT])
        for wid, words in german.items()
        for line in _lines(_sentences(words))
        if len(line.split()) >= WORDS_OF_A_SENTENCE and line in _lines(own[wid])
    ]


def _places(snapshot: Data) -> dict[str, Data]:
    """Every place of a section that people can name: itself, blocks, goals and measures."""
    places = dict(_section_places(snapshot["wid"], snapshot["text"]))
    for goal in snapshot["goals"]:
        places[goal["wid"]] = language_fields(goal["text"])
        for measure in goal["measures"]:
            places[measure["wid"]] = language_fields(measure["text"])
    return places


def _frozen_places(text: EditionText) -> Iterator[tuple[str, Data]]:
    if text.section:
        yield from _section_places(text.section.wid, text.content)
    elif text.goal:
        yield text.goal.wid, language_fields(text.content)
    elif text.measure:
        yield text.measure.wid, language_fields(text.content)


def _section_places(wid: str, text: Data) -> Iterator[tuple[str, Data]]:
    yield wid, language_fields(text)
    for block in text["blocks"]:
        # A block that stands at another place keeps its words.
        yield block["wid"], {name: part for name, part in block.items() if name != "no"}


def _sentences(words: Data) -> Data:
    return {name: text for name, text in words.items() if name not in NAMES}


def _lines(words: Data) -> list[str]:
    if "kind" in words:
        return block_text(words).splitlines()
    return [line for text in words.values() for line in text.splitlines()]


def _excerpt(words: Data) -> str:
    name = words.get("title") or words.get("wording") or "\n".join(_lines(words))
    return name.strip()[:EXCERPT]
