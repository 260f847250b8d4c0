"""A Markdown text cut into blocks and words, with the place of each."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

PUNCTUATION = r"\s\ufeff.,;:!?…()\[\]{}<>|\"'„“”‚‘’»«›‹*_`~#=+/\\–—-"
WORD = re.compile(rf"[^{PUNCTUATION}]+(?:[.,:/*_'’–-][^{PUNCTUATION}]+)*")
SEPARATOR = re.compile(rf"[{PUNCTUATION}]")
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
HEADING = re.compile(r"\ufeff? {0,3}#{1,6}(?=\s|$)\s*")
UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
MARKER = re.compile(
    r"\s*(?:[-*+•](?=\s)\s*|\d{1,3}[.)](?=\s)\s*|>\s?|\(\d+[a-z]?\)(?=\s)\s*|(?=\|))"
)

Pair = tuple[int, int]


class Block(NamedTuple):
    start: int  # with its marker ("- ", "## ")
    content_start: int
    content_end: int
    heading: str | None


class MarkdownText:
    """A text with its blocks and words, each word knowing its block.

    `moved` is filled by the comparison: block number -> span that moves as a whole.
    """

    def __init__(self, text: str, *, plain: bool = False) -> None:
        """Read `text`; a `plain` one is a single wording, its line breaks mean nothing."""
        self.text = text
        self.blocks = [] if plain else list(_blocks(text))
        self.contents = [text[block.content_start : block.content_end] for block in self.blocks]
        self.starts = [block.start for block in self.blocks]
        self.spans = [match.span() for match in WORD.finditer(text)]
        self.words = [text[start:end] for start, end in self.spans]
        self.block_of = [self.block_at(start) for start, _ in self.spans]
        self.words_in = Counter(self.block_of)
        self.moved: dict[int, Pair] = {}
        self.headings = [(block.start, block.heading) for block in self.blocks if block.heading]

    def block_at(self, offset: int) -> int:
        return max(bisect_right(self.starts, offset) - 1, 0)

    def piece(self, number: int) -> Pair:
        """A block with its marker and the white space up to the next block."""
        following = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.starts[number], following

    def heading_at(self, offset: int) -> str:
        position = bisect_right(self.headings, offset, key=lambda entry: entry[0]) - 1
        return self.headings[position][1] if position >= 0 else ""

    def word_range(self, number: int) -> range:
        block = self.blocks[number]
        first = bisect_right(self.spans, (block.content_start, -1))
        return range(first, bisect_right(self.spans, (block.content_end, -1)))

    def gap(self, left: int, right: int) -> Pair:
        """The span between two words; -1 and the number of words stand for the two ends."""
        start = self.spans[left][1] if left >= 0 else 0
        return start, self.spans[right][0] if right < len(self.spans) else len(self.text)

    def opens(self, word: int) -> int:
        """How well a change may begin at this word: 2 at a block, 1 at a sentence, else 0."""
        if word in (0, len(self.spans)) or self.block_of[word] != self.block_of[word - 1]:
            return 2
        start, end = self.gap(word - 1, word)
        return int(any(sign in ".!?:;" for sign in self.text[start:end]))


def _blocks(text: str) -> Iterator[Block]:
    """Cut Markdown into blocks; a line opens one after an empty line or with a marker."""
    lines: list[Pair] = []
    for match in LINE.finditer(text):
        line = match.group()
        opens = not line.strip() or HEADING.match(line) or MARKER.match(line)
        if lines and (opens or _is_heading(text, lines)):
            yield _block(text, lines)
            lines = []
        if line.strip():
            lines.append(match.span())
    if lines:
        yield _block(text, lines)


def _is_heading(text: str, lines: list[Pair]) -> bool:
    return bool(HEADING.match(text, *lines[-1])) or (
        len(lines) > 1 and bool(UNDERLINE.match(text[slice(*lines[-1])]))
    )


def _block(text: str, lines: list[Pair]) -> Block:
    start, end = lines[0][0], lines[-1][1]
    marker = HEADING.match(text, start, end) or MARKER.match(text, start, end)
    content_start = marker.end() if marker else start
    content_end = start + len(text[start:end].rstrip())
    heading = None
    if _is_heading(text, lines):
        heading = text[content_start : lines[0][1]].strip().rstrip("#").rstrip()
    return Block(start, content_start, max(content_start, content_end), heading)


def shared_edges(old: str, new: str) -> Pair:
    """How many separators two texts share at their start and, apart from those, at their end."""
    shorter = min(len(old), len(new))
    if old == new:
        return shorter, 0
    lead = trail = 0
    while lead < shorter and old[lead] == new[lead] and SEPARATOR.match(old[lead]):
        lead += 1
    while trail < shorter - lead and _same_separator(old, new, -1 - trail):
        trail += 1
    return lead, trail


def _same_separator(old: str, new: str, at: int) -> bool:
    return old[at] == new[at] and bool(SEPARATOR.match(old[at]))
