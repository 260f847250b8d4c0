"""Which words of two texts are the same ones: a longest common subsequence, tidied for readers."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate, pairwise

from rapidfuzz.distance import LCSseq

from drafts.editions.markdown_text import MarkdownText, Pair

FULL_TABLE = 400_000_000  # cells of one bit: the matcher takes 50 MB, above it the task is halved
WEAK_OVERLAP = 0.35  # share of a block's words below which two blocks only share chance words


def match_words(a: MarkdownText, b: MarkdownText, kept: list[Pair]) -> list[Pair]:
    """Return pairs of word numbers that stay, in order: kept blocks whole, the rest by LCS."""
    matches: list[Pair] = []
    done_a = done_b = 0
    for i, j in [*kept, (None, None)]:
        of_a = a.word_range(i) if i is not None else range(len(a.words), len(a.words))
        of_b = b.word_range(j) if j is not None else range(len(b.words), len(b.words))
        loose_a = [n for n in range(done_a, of_a.start) if a.block_of[n] not in a.moved]
        loose_b = [n for n in range(done_b, of_b.start) if b.block_of[n] not in b.moved]
        matches += _match_loose(a, b, loose_a, loose_b)
        matches += zip(of_a, of_b, strict=True)
        done_a, done_b = of_a.stop, of_b.stop
    return _settle(a, b, _widen(a, b, matches))


def _match_loose(
    a: MarkdownText, b: MarkdownText, loose_a: list[int], loose_b: list[int]
) -> list[Pair]:
    """Match the words of a region, without the chance words that unrelated blocks share."""
    found = common([a.words[n] for n in loose_a], [b.words[n] for n in loose_b])
    pairs = [(loose_a[i], loose_b[j]) for i, j in found]
    shared = Counter((a.block_of[i], b.block_of[j]) for i, j in pairs)
    related = {
        (x, y)
        for (x, y), n in shared.items()
        if n >= WEAK_OVERLAP * min(a.words_in[x], b.words_in[y])
    }
    return [(i, j) for i, j in pairs if (a.block_of[i], b.block_of[j]) in related]


def with_ends(a: MarkdownText, b: MarkdownText, matches: list[Pair]) -> list[Pair]:
    """The matches between two imagined ones before the first and behind the last word."""
    return [(-1, -1), *matches, (len(a.words), len(b.words))]


def _widen(a: MarkdownText, b: MarkdownText, matches: list[Pair]) -> list[Pair]:
    """Match equal words before a match where dropping chance words has freed them."""
    widened: list[Pair] = []
    for (i, j), (next_i, next_j) in pairwise(with_ends(a, b, matches)):
        freed = []
        while next_i - 1 > i and next_j - 1 > j and _preceded_alike(a, b, next_i, next_j):
            next_i, next_j = next_i - 1, next_j - 1
            freed.append((next_i, next_j))
        widened += [(i, j), *reversed(freed)]
    return widened[1:]


def _preceded_alike(a: MarkdownText, b: MarkdownText, i: int, j: int) -> bool:
    """Whether the same word stands before words `i` and `j`, each within its block."""
    if i == len(a.words) or j == len(b.words) or a.words[i - 1] != b.words[j - 1]:
        return False
    return a.block_of[i - 1] == a.block_of[i] and b.block_of[j - 1] == b.block_of[j]


def _settle(a: MarkdownText, b: MarkdownText, matches: list[Pair]) -> list[Pair]:
    """Slide pure insertions and deletions to the start of a block or sentence where they can."""
    for at in range(1, len(matches)):
        (i, j), (next_i, next_j) = matches[at - 1], matches[at]
        if next_i == i + 1 and next_j > j + 1:
            _slide(matches, at, b, 1)
        elif next_j == j + 1 and next_i > i + 1:
            _slide(matches, at, a, 0)
    return matches


def _slide(matches: list[Pair], at: int, text: MarkdownText, side: int) -> None:
    """Move the loose words before match `at` to the place where a change begins best."""
    first, stop = matches[at - 1][side] + 1, matches[at][side]
    shifts = [0]
    while _can_slide(matches, at, text, first, stop, shifts[-1] - 1):
        shifts.append(shifts[-1] - 1)
    best = max(shifts, key=lambda shift: (text.opens(first + shift), shift))
    for shift in range(-1, best - 1, -1):
        pair = list(matches[at + shift])
        pair[side] = stop + shift
        matches[at + shift] = (pair[0], pair[1])


def _can_slide(
    matches: list[Pair], at: int, text: MarkdownText, first: int, stop: int, shift: int
) -> bool:
    if at + shift < 0 or text.words[first + shift] != text.words[stop + shift]:
        return False
    if text.block_of[stop + shift] in text.moved:
        return False
    (i, j), (next_i, next_j) = matches[at + shift], matches[at + shift + 1]
    return shift == -1 or (next_i == i + 1 and next_j == j + 1)


def common(x: Sequence[Hashable], y: Sequence[Hashable]) -> list[Pair]:
    """A longest common subsequence as pairs of positions."""
    numbers: dict[Hashable, int] = {}
    return _lcs(
        [numbers.setdefault(item, len(numbers)) for item in x],
        [numbers.setdefault(item, len(numbers)) for item in y],
    )


def _lcs(x: list[int], y: list[int]) -> list[Pair]:
    if len(x) * len(y) <= FULL_TABLE:
        return [
            pair
            for op in LCSseq.opcodes(x, y)
            if op.tag == "equal"
            for pair in zip(
                range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True
            )
        ]
    middle = len(x) // 2
    before = _lengths(x[:middle], y)
    after = _lengths(x[: middle - 1 : -1], y[::-1])
    cut = max(range(len(y) + 1), key=lambda k: before[k] + after[len(y) - k])
    rest = _lcs(x[middle:], y[cut:])
    return _lcs(x[:middle], y[:cut]) + [(i + middle, j + cut) for i, j in rest]


def _lengths(x: list[int], y: list[int]) -> list[int]:
    """Length of the longest common subsequence of `x` with every beginning of `y`.

    Bit-parallel recurrence of Hyyrö, "Bit-parallel LCS-length computation revisited" (2004); a
    zero at position k of the vector raises the length from k to k + 1. Halving by these lengths
    is Hirschberg, "A linear space algorithm for computing maximal common subsequences" (1975).
    """
    places = dict.fromkeys(x, 0)
    for position, item in enumerate(y):
        if item in places:
            places[item] |= 1 << position
    everywhere = (1 << len(y)) - 1
    vector = everywhere
    for item in x:
        hits = vector & places[item]
        if hits:
            vector = ((vector + hits) | (vector - hits)) & everywhere
    bits = reversed(f"{vector:0{len(y)}b}") if y else ()
    return list(accumulate((bit == "0" for bit in bits), initial=0))
