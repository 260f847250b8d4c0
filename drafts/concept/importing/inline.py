"""Inline text as restricted HTML: bold, italic and links stay, everything else is escaped."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

LINK_SCHEMES = ("https://", "http://", "mailto:")


class Piece(NamedTuple):
    """A run of text with one look."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


def allowed_link(href: str) -> str:
    """Return the address if a link may lead there, else an empty string."""
    return href if href.lower().startswith(LINK_SCHEMES) else ""


def to_html(pieces: Iterable[Piece]) -> str:
    """Return the pieces as HTML with `b`, `i` and `a href`."""
    return "".join(_tagged(piece) for piece in _merge(pieces))


def to_text(pieces: Iterable[Piece]) -> str:
    """Return the words alone."""
    return "".join(piece.text for piece in pieces)


def bold_lead(pieces: Iterable[Piece]) -> str:
    """Return the bold beginning of the text, empty if it does not begin bold."""
    lead = ""
    for piece in pieces:
        if piece.text.strip() and not piece.bold:
            break
        lead += piece.text
    return lead.strip()


def is_italic(pieces: Iterable[Piece]) -> bool:
    """Whether every word is italic."""
    words = [piece for piece in pieces if piece.text.strip()]
    return bool(words) and all(piece.italic for piece in words)


def trimmed(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces without white space at the two ends."""
    merged = [piece for piece in _merge(pieces) if piece.text]
    while merged and not merged[0].text.strip():
        merged.pop(0)
    while merged and not merged[-1].text.strip():
        merged.pop()
    if merged:
        merged[0] = merged[0]._replace(text=merged[0].text.lstrip())
        merged[-1] = merged[-1]._replace(text=merged[-1].text.rstrip())
    return merged


def without_start(pieces: list[Piece], length: int) -> list[Piece]:
    """Return the pieces without their first `length` characters."""
    rest = []
    for piece in pieces:
        rest.append(piece._replace(text=piece.text[length:]))
        length = max(0, length - len(piece.text))
    return trimmed(rest)


def _merge(pieces: Iterable[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if last and last[1:] == piece[1:]:
            last = last._replace(text=last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _tagged(piece: Piece) -> str:
    html = escape(piece.text, quote=False)
    if not piece.text.strip():
        return html
    if piece.italic:
        html = f"<i>{html}</i>"
    if piece.bold:
        html = f"<b>{html}</b>"
    return f'<a href="{escape(piece.href)}">{html}</a>' if piece.href else html
