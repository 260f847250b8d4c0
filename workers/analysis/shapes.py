"""What goes into the search for themes and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workers.analysis.duplicates import Bundle
from workers.analysis.sentences import SummarySentence

KINDS = ("support", "concern", "question", "idea")


@dataclass(frozen=True)
class Contribution:
    """What a person sent in; all but id and text may be empty.

    ``kind`` is one of KINDS as the person chose it, ``author`` any key that is the same for the
    same person, ``language`` a code that overrides detection.
    """

    id: str
    text: str
    kind: str = ""
    language: str = ""
    section: str = ""
    author: str = ""


@dataclass(frozen=True)
class Quote:
    """A verbatim part of the contribution with this id."""

    id: str
    text: str


@dataclass(frozen=True)
class Theme:
    """What several people raise. ``members``, ``quotes`` and citations are ids of contributions;
    ``sections`` counts members by section."""

    key: str
    label: str
    keywords: tuple[str, ...]
    members: tuple[str, ...]
    kinds: Mapping[str, int]
    languages: Mapping[str, int]
    sections: Mapping[str, int]
    quotes: tuple[Quote, ...]
    summary: tuple[SummarySentence, ...]

    def as_json(self) -> dict[str, Any]:
        """The theme as the command line writes it."""
        return {
            "key": self.key,
            "label": self.label,
            "keywords": list(self.keywords),
            "size": len(self.members),
            "members": list(self.members),
            "kinds": dict(self.kinds),
            "languages": dict(self.languages),
            "quotes": [{"id": quote.id, "text": quote.text} for quote in self.quotes],
            "summary": [{"sentence": s.sentence, "cites": list(s.cites)} for s in self.summary],
        }


@dataclass(frozen=True)
class Themes:
    """Result of a run: every received id is in one theme or among the single voices."""

    received: int
    themes: tuple[Theme, ...]
    single_voices: tuple[str, ...]
    bundles: tuple[Bundle, ...]
    languages: Mapping[str, str]
    method: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape that ``consult analyse themes`` writes; sections stand under ``method``."""
        sections = {t.key: dict(t.sections) for t in self.themes if t.sections}
        return {
            "received": self.received,
            "themes": [theme.as_json() for theme in self.themes],
            "single_voices": list(self.single_voices),
            "bundles": [
                {"representative": b.representative, "members": list(b.members)}
                for b in self.bundles
            ],
            "languages": dict(self.languages),
            "method": {**self.method, **({"sections": sections} if sections else {})},
        }
