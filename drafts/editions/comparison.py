"""What changed between two wordings: pure text in, a list of changes out, no database.

Two Markdown texts are compared in three steps. Blocks (paragraph, heading, list item, table row)
that stand in both are kept, blocks that stand elsewhere are moves, and between the kept blocks
words are matched by a longest common subsequence. What lies between two matched words is a change,
cut at the borders of blocks so that no change covers more than one.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from drafts.editions.markdown_text import MarkdownText, Pair, shared_edges
from drafts.editions.word_matching import common, match_words, with_ends

MOVED_WORDS = 3  # a shorter block that stands elsewhere too is chance, not a move

_NAME = re.compile(r"[^\W\d_][\w ]{2,30}: ")  # of a line such as "Kosten: jährlich 9.000 Euro"

Operation = Literal["replace", "insert", "delete", "move"]


class BadInput(ValueError):
    """A file that cannot be compared; the message is one sentence naming file, line and remedy."""


@dataclass(frozen=True)
class Change:
    """One difference within one block; offsets count characters, ends are exclusive.

    A `move` has the same text in `old` and `new`. An insertion has `old_start == old_end` (where
    it belongs in the old text), a deletion `new_start == new_end`.
    """

    op: Operation
    heading: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int
    old: str
    new: str


@dataclass(frozen=True)
class Comparison:
    """All changes in the order of the new text, and how many words they touch.

    `words_changed` counts struck and inserted words; moved words keep their wording and do not
    count. Words are what stands between white space.
    """

    changes: list[Change]
    words_old: int
    words_new: int
    words_changed: int

    def as_dict(self) -> dict:
        """The JSON shape of `consult analyse compare`."""
        stats = {
            "words_old": self.words_old,
            "words_new": self.words_new,
            "words_changed": self.words_changed,
        }
        return {"changes": [asdict(change) for change in self.changes], "stats": stats}


@dataclass(frozen=True)
class KeyedChange:
    """What happened to one item of an edition; `old` or `new` is None where it did not exist."""

    op: Operation
    wid: str
    old: str | None
    new: str | None


class _Piece(NamedTuple):
    start: int
    end: int
    moved: int | None = None  # the block's number where the piece is a moved block


# --- comparing two Markdown texts ----------------------------------------------------------------


def compare_markdown(old: str, new: str) -> Comparison:
    """Return every difference between two texts; applying them to `old` gives `new` exactly.

    Any two strings may be compared: line endings, trailing spaces and text that is no Markdown
    are kept as they are. Differences of white space alone are changes too, with no words.
    """
    a, b = MarkdownText(old), MarkdownText(new)
    kept = common(a.contents, b.contents)
    origin = _find_moves(a, b, kept)
    changes = list(_join(a, b, _changes_between(a, b, match_words(a, b, kept), origin)))
    touched = sum(len(f"{c.old} {c.new}".split()) for c in changes if c.op != "move")
    return Comparison(changes, len(old.split()), len(new.split()), touched)


def apply_changes(old: str, changes: Iterable[Change]) -> str:
    """Return the new text: take every `old` away, then put every `new` at its `new_start`.

    Raises ValueError if a change does not fit the text.
    """
    changes = sorted(changes, key=lambda change: (change.new_start, change.new_end))
    taken = sorted((change.old_start, change.old_end, change.old) for change in changes)
    kept, position = [], 0
    for start, end, text in taken:
        if start < position or old[start:end] != text:
            raise ValueError(f"the change at character {start} does not fit this text")
        kept.append(old[position:start])
        position = end
    rest = "".join(kept) + old[position:]
    parts, used, length = [], 0, 0
    for change in changes:
        fill = change.new_start - length
        parts += [rest[used : used + fill], change.new]
        used, length = used + fill, change.new_start + len(change.new)
    return "".join(parts) + rest[used:]


def compare_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return the two wordings as (op, text) with op `equal`, `delete` or `insert`, in order.

    Equal and deleted parts together are `old`, equal and inserted parts together are `new`.
    """
    a, b = MarkdownText(old, plain=True), MarkdownText(new, plain=True)
    parts: list[tuple[str, str]] = []
    for (i, j), (next_i, next_j) in pairwise(with_ends(a, b, match_words(a, b, []))):
        if i >= 0:
            parts.append(("equal", a.words[i]))
        start, end = a.gap(i, next_i)
        new_start, new_end = b.gap(j, next_j)
        lead, trail = shared_edges(old[start:end], new[new_start:new_end])
        parts += [
            ("equal", old[start : start + lead]),
            ("delete", old[start + lead : end - trail]),
            ("insert", new[new_start + lead : new_end - trail]),
            ("equal", old[end - trail : end]),
        ]
    return _run_together(part for part in parts if part[1])


def compare_lines(old: str, new: str) -> list[tuple[str, str]]:
    """As compare_words, but lines with one name ("Kosten: …") are compared with each other.

    What stands between two such lines is compared as a text.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts: list[tuple[str, str]] = []
    i = j = 0
    for next_i, next_j in [*_named_alike(before, after), (len(before), len(after))]:
        parts += compare_words("".join(before[i:next_i]), "".join(after[j:next_j]))
        if next_i < len(before):
            name = before[next_i].partition(": ")[0] + ": "
            parts.append(("equal", name))
            parts += compare_words(
                before[next_i].removeprefix(name), after[next_j].removeprefix(name)
            )
        i, j = next_i + 1, next_j + 1
    return _run_together(parts)


def _named_alike(before: list[str], after: list[str]) -> Iterator[Pair]:
    """Places of lines that bear the same name in both texts, in the order of both."""
    places = {match[0]: j for j, line in enumerate(after) if (match := _NAME.match(line))}
    last = -1
    for i, line in enumerate(before):
        match = _NAME.match(line)
        j = places.get(match[0], -1) if match else -1
        if j > last:
            last = j
            yield i, j


def compare_keyed(
    old: Mapping[str, str],
    new: Mapping[str, str],
    old_order: Sequence[str],
    new_order: Sequence[str],
) -> list[KeyedChange]:
    """Return what happened to the items of an edition, in the order of the new one.

    Items are texts keyed by wid, the two orders name every key once (ValueError otherwise). An
    item is a `move` only if it left its place among the items that stand in both editions, so
    insertions and deletions before it make no noise. A reworded and moved item gives two changes.
    Deleted items stand where they stood: behind the item that they followed.
    """
    for items, order in ((old, old_order), (new, new_order)):
        if len(order) != len(items) or set(order) != set(items):
            raise ValueError("an order must name every wid of its edition exactly once")
    both_old = [wid for wid in old_order if wid in new]
    both_new = [wid for wid in new_order if wid in old]
    in_place = {both_old[i] for i, _ in common(both_old, both_new)}
    gone: dict[str | None, list[KeyedChange]] = defaultdict(list)
    last = None
    for wid in old_order:
        if wid in new:
            last = wid
        else:
            gone[last].append(KeyedChange("delete", wid, old[wid], None))
    changes = gone[None]
    for wid in new_order:
        changes += _item_changes(wid, old.get(wid), new[wid], stays=wid in in_place)
        changes += gone[wid]
    return changes


def compare_files(old_path: Path, new_path: Path, out_path: Path, *, apply: bool = False) -> bool:
    """Compare two Markdown files and write the changes as JSON to `out_path`.

    With `apply` the changes are applied to the old file; the return value says whether that gave
    the new one byte for byte (True without `apply`). Raises BadInput, having written nothing, for
    a file that is missing, is not UTF-8, holds a NUL byte, or for an output that cannot be made.
    """
    old, new = _read(Path(old_path)), _read(Path(new_path))
    comparison = compare_markdown(old, new)
    text = json.dumps(comparison.as_dict(), ensure_ascii=False, indent=1) + "\n"
    try:
        Path(out_path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or "not writable"
        raise BadInput(f"{out_path}: {reason}; name a file that can be written.") from error
    return not apply or apply_changes(old, comparison.changes).encode() == new.encode()


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "not readable"
        raise BadInput(f"{path}: {reason}; name a Markdown file that can be read.") from error
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise BadInput(f"{path}, line {line}: a NUL byte; save the file as plain UTF-8 text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path}, line {line}: not UTF-8; save the file as UTF-8 text.") from error


# --- blocks that moved ---------------------------------------------------------------------------


def _find_moves(a: MarkdownText, b: MarkdownText, kept: list[Pair]) -> dict[int, Pair]:
    """Mark blocks that stand elsewhere in both texts; return new block -> its old span."""
    kept_old, kept_new = {i for i, _ in kept}, {j for _, j in kept}
    places: dict[str, deque[int]] = defaultdict(deque)
    for i in range(len(a.blocks)):
        if i not in kept_old and len(a.word_range(i)) >= MOVED_WORDS:
            places[a.contents[i]].append(i)
    origin = {}
    for j in range(len(b.blocks)):
        if j not in kept_new and places.get(b.contents[j]):
            i = places[b.contents[j]].popleft()
            a.moved[i], b.moved[j] = _moving_spans(a, i, b, j)
            origin[j] = a.moved[i]
    return origin


def _moving_spans(a: MarkdownText, i: int, b: MarkdownText, j: int) -> tuple[Pair, Pair]:
    """The content of a moved block, with marker and following white space where they are equal."""
    spans = []
    (old_start, old_end), (new_start, new_end) = a.piece(i), b.piece(j)
    old, new = a.blocks[i], b.blocks[j]
    marker = a.text[old_start : old.content_start] == b.text[new_start : new.content_start]
    space = a.text[old.content_end : old_end] == b.text[new.content_end : new_end]
    for block, start, end in ((old, old_start, old_end), (new, new_start, new_end)):
        spans.append(
            (start if marker else block.content_start, end if space else block.content_end)
        )
    return spans[0], spans[1]


# --- from matched words to changes ---------------------------------------------------------------


def _changes_between(
    a: MarkdownText, b: MarkdownText, matches: list[Pair], origin: dict[int, Pair]
) -> Iterator[Change]:
    for (i, j), (next_i, next_j) in pairwise(with_ends(a, b, matches)):
        old_gap, new_gap = a.gap(i, next_i), b.gap(j, next_j)
        couples = _couple(
            _pieces(a, *old_gap), _pieces(b, *new_gap), first=i < 0, last=next_i == len(a.words)
        )
        at_old, at_new = old_gap[0], new_gap[0]
        for old, new in couples:
            old_span = (old.start, old.end) if old else (at_old, at_old)
            new_span = (new.start, new.end) if new else (at_new, at_new)
            at_old, at_new = old_span[1], new_span[1]
            if new and new.moved is not None:
                yield _change(a, b, origin[new.moved], new_span, moved=True)
            elif not (old and old.moved is not None):
                yield from _difference(a, b, old_span, new_span)


def _pieces(text: MarkdownText, start: int, end: int) -> list[_Piece]:
    """Cut a span at the starts of blocks and around moved blocks."""
    number = text.block_at(start)
    pieces = []
    while start < end:
        stop = min(text.piece(number)[1], end) if text.blocks else end
        cuts = sorted({start, stop, *text.moved.get(number, ())})
        for left, right in pairwise(cut for cut in cuts if start <= cut <= stop):
            is_moved = (left, right) == text.moved.get(number)
            pieces.append(_Piece(left, right, number if is_moved else None))
        start, number = stop, number + 1
    return pieces


def _couple(
    old: list[_Piece], new: list[_Piece], *, first: bool, last: bool
) -> list[tuple[_Piece | None, _Piece | None]]:
    """Say which piece became which: the ends belong to the matched words beside them."""
    head: list[tuple[_Piece | None, _Piece | None]] = []
    tail: list[tuple[_Piece | None, _Piece | None]] = []
    if not first and old and new and old[0].moved is new[0].moved is None:
        head, old, new = [(old[0], new[0])], old[1:], new[1:]
    if not last and old and new and old[-1].moved is new[-1].moved is None:
        tail, old, new = [(old[-1], new[-1])], old[:-1], new[:-1]
    if len(old) == len(new) and all(piece.moved is None for piece in old + new):
        return [*head, *zip(old, new, strict=True), *tail]
    return [*head, *((piece, None) for piece in old), *((None, piece) for piece in new), *tail]


def _difference(
    a: MarkdownText, b: MarkdownText, old_span: Pair, new_span: Pair
) -> Iterator[Change]:
    """The change between two spans without the separators they share; nothing if equal."""
    lead, trail = shared_edges(a.text[slice(*old_span)], b.text[slice(*new_span)])
    old_span = old_span[0] + lead, old_span[1] - trail
    new_span = new_span[0] + lead, new_span[1] - trail
    if old_span[0] < old_span[1] or new_span[0] < new_span[1]:
        yield _change(a, b, old_span, new_span)


def _change(
    a: MarkdownText, b: MarkdownText, old_span: Pair, new_span: Pair, *, moved: bool = False
) -> Change:
    old, new = a.text[slice(*old_span)], b.text[slice(*new_span)]
    op: Operation = "replace" if old and new else "insert" if new else "delete"
    heading = b.heading_at(new_span[0]) if new else a.heading_at(old_span[0])
    return Change("move" if moved else op, heading, *old_span, *new_span, old, new)


def _join(a: MarkdownText, b: MarkdownText, changes: Iterable[Change]) -> Iterator[Change]:
    """Run a change of white space alone together with the change that it touches."""
    last: Change | None = None
    for change in changes:
        if last is None:
            last = change
        elif _touch(last, change):
            spans = (last.old_start, change.old_end), (last.new_start, change.new_end)
            last = next(_difference(a, b, *spans), None)
        else:
            yield last
            last = change
    if last:
        yield last


def _touch(left: Change, right: Change) -> bool:
    blank = any(not f"{change.old}{change.new}".strip() for change in (left, right))
    beside = left.old_end == right.old_start and left.new_end == right.new_start
    return blank and beside and "move" not in (left.op, right.op)


def _run_together(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    for op, text in parts:
        if joined and joined[-1][0] == op:
            joined[-1] = op, joined[-1][1] + text
        else:
            joined.append((op, text))
    return joined


def _item_changes(wid: str, old: str | None, new: str, *, stays: bool) -> Iterator[KeyedChange]:
    if old is None:
        yield KeyedChange("insert", wid, None, new)
        return
    if not stays:
        yield KeyedChange("move", wid, old, new)
    if old != new:
        yield KeyedChange("replace", wid, old, new)
