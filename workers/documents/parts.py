"""The words that a document is written in, whatever its format.

A text is a `str` or a list of `Run`s; it is data and never markup: `$`, `#`, `*`, `<` and `@` are
printed as they are. All sentences come from the caller, in the language of the document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar


@dataclass(frozen=True)
class Run:
    """A piece of a text in one style.

    `link` is an address (https:, mailto:) or `#` and the `anchor` of a heading or goal in the same
    document; one that leads nowhere is printed as text. `language` is a code such as "ar" where it
    is not that of the document; it sets direction and what a screen reader speaks. `change` marks
    words that were added or struck.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    language: str = ""
    change: Literal["", "added", "struck"] = ""


Text = str | Sequence[Run]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 is a chapter, below it no level is left out (PDF/UA-1 refuses that)."""

    text: Text
    level: int = 1
    number: str = ""
    anchor: str = ""
    language: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`number` is printed in the margin, as the city numbers its paragraphs."""

    text: Text
    number: str = ""
    kind: Literal["body", "lead", "small"] = "body"
    language: str = ""


@dataclass(frozen=True)
class Items:
    items: Sequence[Text]
    is_numbered: bool = False
    number: str = ""
    language: str = ""


@dataclass(frozen=True)
class Table:
    """Column heads are announced with every cell. `widths` are shares, such as [1, 3, 1].

    `is_numeric` names the columns whose cells end at one line (figures).
    """

    head: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    caption: str = ""
    widths: Sequence[float] = ()
    is_numeric: Sequence[int] = ()
    language: str = ""


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, in the language in which they were said; `source` says where from."""

    text: str
    language: str = ""
    source: str = ""


@dataclass(frozen=True)
class Note:
    """A boxed remark. `kind` "warning" is for what must not be overlooked."""

    text: Text
    title: str = ""
    kind: Literal["note", "warning"] = "note"


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what holds, such as ("Federführung", "Amt für Soziales")."""

    pairs: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Goal:
    """A numbered goal: `label` is its name in full ("Ziel 3.1"), `wording` what is decided on."""

    label: str
    wording: Text
    level: int = 2
    anchor: str = ""
    language: str = ""


@dataclass(frozen=True)
class Picture:
    """A PNG, JPEG or SVG picture; `alternative` says in words what it shows."""

    content: bytes
    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"]
    alternative: str
    caption: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page (in print)."""


Part = (
    Heading | Paragraph | Items | Table | Quote | Note | Facts | Goal | Picture | PageBreak
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The few words that a format adds itself, in the language of the document."""

    contents: str = "Inhalt"
    page: str = "Seite"
    of: str = "von"
    added: str = "neu:"
    struck: str = "gestrichen:"


@dataclass(frozen=True)
class Document:
    """A document and its cover.

    `publisher` (the city) and `subtitle` stand on the cover, `mark` ("Entwurf") large above the
    title and in every running head, `facts` below it. `has_cover` False starts with the title on
    the first page: right for a few pages. `footer` is one short line in every foot, such as the
    address of the current version. `identifier` names the document for machines (an address).
    """

    title: str
    language: str
    date: date
    date_text: str
    body: Sequence[Part]
    subtitle: str = ""
    publisher: str = ""
    mark: str = ""
    facts: Sequence[tuple[str, Text]] = ()
    has_cover: bool = True
    has_contents: bool = True
    is_landscape: bool = False
    footer: str = ""
    identifier: str = ""
    description: str = ""
    words: Words = field(default_factory=Words)


RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ckb", "ps", "sd", "ug", "yi", "dv"})


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def runs(text: Text) -> Sequence[Run]:
    """A text as runs."""
    return [Run(text)] if isinstance(text, str) else text


def plain(text: Text) -> str:
    """A text without its marks."""
    return text if isinstance(text, str) else "".join(run.text for run in text)


def named(name: str) -> str:
    """A name before what holds: "Stand:", but "Wessen Entwurf ist das?"."""
    return name if name.endswith(("?", "!", ":")) else f"{name}:"


Value = TypeVar("Value")
# Control characters but tab and line feed, halves of pairs, what is no character.
_UNSAID = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")


def printable(value: Value) -> Value:
    """The same document, part or text without characters that neither XML nor a font knows."""
    return _printable(value)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSAID.sub("", value)
    if isinstance(value, list | tuple):
        return type(value)(_printable(one) for one in value)
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: _printable(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **changed)
    return value
