"""Contributions that say the same in nearly the same words, gathered into bundles.

A false merge is worse than a missed one: two texts count as the same only if their numbers,
negations and words of demand are equal (``polarity``), no word of substance was exchanged, and
what one of them adds is a greeting, a label or next to nothing. All members of a bundle fit each
other, so that no chain of small steps leads to another demand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from workers.analysis.polarity import demand_signs, has_demand, word_mark
from workers.analysis.stopwords import is_stopword, likeliest_list
from workers.analysis.texts import normal_form, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5  # characters
BANDS, ROWS = 42, 3  # a pair with Jaccard similarity 0.5 is found with probability 0.996
LARGE_BUCKET = 40
LEAST_SIMILAR = 70  # of 100; below it no pair passes the closer look
WORDS_PER_ADDED_WORD = 12

_GREETING = re.compile(
    r"^(?:sehr geehrte|liebe|hallo|guten (?:tag|morgen|abend)|moin|servus|grüß gott|dear|hello|hi\b"
    r"|merhaba|sayın|добрий день|вітаю|здравствуйте|добрый день|bonjour|buenos días|dzień dobry"
    r"|bună ziua|السلام عليكم|مرحبا|سلام)([^.!?:\n]{0,60}?)[,.!:\n]+\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?…,\n ]))(?:mit (?:freundlich|best|herzlich)\w* gr(?:ü|ue)(?:ß|ss)\w*"
    r"|(?:viele|liebe|beste|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e\w*"
    r"|mfg|lg|vg|vielen dank|herzlichen dank|besten dank|danke|(?:kind|best) regards|thank you"
    r"|many thanks|thanks|teşekkürler|teşekkür ederim|saygılarımla|дякую|спасибо|merci|gracias"
    r"|dziękuję|mulțumesc|شكرا)\b([^.!?\n]{0,50}[.!]*\s*[^.!?\n]{0,40})$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^((?:\w+\s+){0,2}\w+)\s*:\s+(?=\S)")
# Words that may stand for each other without changing what is asked for.
_EXCHANGEABLE_LIST = """
der die das dem den des ein eine einem einen einer eines diese dieser dieses diesem diesen ich
wir man es sie uns mir und sowie oder dass daß sollte sollten soll sollen muss müsste müssen
müssten könnte könnten wird werden wäre wären würde würden am an im in beim bei the a an this
that i we one and as well should must could would is are be bir bu ve і та й а я ми и мы цей
هذا هذه و le la les un une ce cette et el los las una y e il lo gli i di del
"""
_EXCHANGEABLE = frozenset(_EXCHANGEABLE_LIST.split())


@dataclass(frozen=True)
class Bundle:
    """Contributions with nearly the same words; the representative is one of the members."""

    representative: str
    members: tuple[str, ...]


def find_bundles(texts: Mapping[str, str]) -> list[Bundle]:
    """All bundles of two or more contributions among ``texts`` (id -> text), in order of ids.

    Empty texts are in no bundle. The representative has the wording that occurs most often, and
    of these the smallest id. The order of ``texts`` changes nothing.
    """
    wordings: dict[str, list[str]] = defaultdict(list)
    for identifier in sorted(texts):
        if form := normal_form(texts[identifier]):
            wordings[form].append(identifier)
    forms = sorted(wordings)
    bundles = []
    for group in _groups([_Wording(form) for form in forms]):
        members = sorted(i for index in group for i in wordings[forms[index]])
        if len(members) > 1:
            common = max(len(wordings[forms[index]]) for index in group)
            candidates = [wordings[forms[i]] for i in group if len(wordings[forms[i]]) == common]
            bundles.append(Bundle(min(ids[0] for ids in candidates), tuple(members)))
    return sorted(bundles, key=lambda bundle: bundle.members)


def same_demand(one: str, other: str) -> bool:
    """True if the two texts say the same, apart from spelling, small words and greetings."""
    return _same(_Wording(one), _Wording(other))


class _Wording:
    """One text without greeting, closing and label, with the signs that it must share."""

    def __init__(self, text: str) -> None:
        self.bare = _without_politeness(text)
        self.folded = normal_form(self.bare).casefold()
        self.words = words(self.folded)
        self.signs = demand_signs(self.bare)
        self.language = likeliest_list(self.words)
        self.content = sum(not _is_light(word, self.language) for word in self.words)


def _without_politeness(text: str) -> str:
    for formula in (_GREETING, _CLOSING, _LABEL):
        match = formula.search(text)
        rest = text[: match.start()] + text[match.end() :] if match else text
        if match and rest.strip() and not has_demand(match.group(1)):
            text = rest
    return text


def _is_light(word: str, language: str) -> bool:
    return is_stopword(word, language) and not word_mark(word)


def _same(one: _Wording, other: _Wording) -> bool:
    if one.signs != other.signs:
        return False
    if not one.words or not other.words:
        return one.folded == other.folded
    differences = list(_differences(one.words, other.words, one.language))
    added = sum(len(new) for gone, new in differences if not gone)
    removed = sum(len(gone) for gone, new in differences if not new)
    if (added and removed) or any(gone and new for gone, new in differences):
        return False
    if any(word_mark(word) for gone, new in differences for word in (*gone, *new)):
        return False
    return max(added, removed) <= min(one.content, other.content) // WORDS_PER_ADDED_WORD


def _differences(
    one: Sequence[str], other: Sequence[str], language: str
) -> Iterator[tuple[list[str], list[str]]]:
    """Runs of words that only one of the texts has: (of the first, of the other).

    Left out are slips of the pen, also across a space, and words of no consequence.
    """
    for gone, new in _changed_runs(one, other):
        if "".join(gone) == "".join(new):
            continue
        if len(gone) == len(new):
            pairs = zip(gone, new, strict=True)
            kept = [pair for pair in pairs if not _exchangeable(*pair, language)]
            gone, new = [pair[0] for pair in kept], [pair[1] for pair in kept]
        else:
            gone = [word for word in gone if not _is_light(word, language)]
            new = [word for word in new if not _is_light(word, language)]
        if gone or new:
            yield gone, new


def _changed_runs(one: Sequence[str], other: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Neighbouring steps from one text to the other, joined: (words that go, words that come)."""
    from rapidfuzz.distance import Levenshtein

    runs: list[tuple[list[str], list[str]]] = []
    unchanged = True
    for step in Levenshtein.opcodes(one, other):
        if step.tag != "equal":
            if unchanged:
                runs.append(([], []))
            runs[-1][0].extend(one[step.src_start : step.src_end])
            runs[-1][1].extend(other[step.dest_start : step.dest_end])
        unchanged = step.tag == "equal"
    return runs


def _exchangeable(one: str, other: str, language: str) -> bool:
    """Two words of no consequence, or one word and a slip of the pen.

    Two different small words are no slip ("vor" / "von"), and neither is a word of demand that
    became another known word ("keine" / "eine").
    """
    if one in _EXCHANGEABLE and other in _EXCHANGEABLE:
        return True
    known = [word for word in (one, other) if is_stopword(word, language) or word_mark(word)]
    if len(known) == 2 and word_mark(one) != word_mark(other):
        return False
    if len(known) == 2 and not word_mark(one):
        return False
    if any(word_mark(word) for word in known) and min(len(one), len(other)) < 4:
        return False
    return _slip(one, other, small=bool(known))


def _slip(one: str, other: str, *, small: bool) -> bool:
    """One letter or one pair of neighbours differs; in words of ten letters or more two.

    The first letter of a short word must agree, unless it is a small word; and no syllable may
    be gained, which negates in Turkish.
    """
    from rapidfuzz.distance import OSA

    shorter, longer = sorted((one, other), key=lambda word: (len(word), word))
    if len(longer) - len(shorter) > 1 or _prefix_of_negation(shorter, longer):
        return False
    if len(shorter) < 5 and not small and (len(shorter) < 3 or one[:1] != other[:1]):
        return sorted(one) == sorted(other)
    slips = 2 if len(shorter) > 9 and one[0] == other[0] else 1
    return bool(OSA.distance(one, other) <= slips)


def _prefix_of_negation(shorter: str, longer: str) -> bool:
    """A letter that negates when put before a word: asozial, atypisch, Persian n-, Slavic n-."""
    return longer[1:] == shorter and longer[0] in "anнن"


def _groups(wordings: Sequence[_Wording]) -> list[list[int]]:
    """Partition of the indices in which all members of a part are pairwise the same."""
    from rapidfuzz import fuzz

    close = []
    for i, j in _candidates(wordings):
        similarity = fuzz.ratio(wordings[i].folded, wordings[j].folded, score_cutoff=LEAST_SIMILAR)
        if similarity and _same(wordings[i], wordings[j]):
            close.append((-similarity, i, j))
    group_of = {index: [index] for index in range(len(wordings))}
    for _, i, j in sorted(close):
        one, other = group_of[i], group_of[j]
        if one is not other and _all_same(wordings, one, other):
            one.extend(other)
            group_of.update(dict.fromkeys(other, one))
    return [group for index, group in group_of.items() if group[0] == index]


def _all_same(wordings: Sequence[_Wording], one: Iterable[int], other: Iterable[int]) -> bool:
    return all(_same(wordings[i], wordings[j]) for i, j in product(one, other))


def _candidates(wordings: Sequence[_Wording]) -> list[tuple[int, int]]:
    """Pairs that share many shingles: MinHash with banding (Broder 1997; Leskovec et al., ch. 3)."""
    if len(wordings) <= LARGE_BUCKET:
        return list(combinations(range(len(wordings)), 2))
    signatures = _signatures([wording.folded for wording in wordings])
    pairs: set[tuple[int, int]] = set()
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for index, row in enumerate(signatures[:, band * ROWS : (band + 1) * ROWS]):
            buckets[row.tobytes()].append(index)
        for bucket in buckets.values():
            pairs.update(_pairs_within(bucket))
    return sorted(pairs)


def _pairs_within(bucket: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs; in a very large bucket each member only with its next neighbours in order."""
    if len(bucket) <= LARGE_BUCKET:
        yield from combinations(bucket, 2)
        return
    for position, index in enumerate(bucket):
        for other in bucket[position + 1 : position + LARGE_BUCKET // 2]:
            yield index, other


def _signatures(texts: Sequence[str]) -> NDArray[np.uint64]:
    """MinHash signatures, shape (texts, BANDS * ROWS)."""
    import numpy as np

    prime = np.uint64((1 << 31) - 1)
    generator = np.random.default_rng(20230)
    factors = generator.integers(1, int(prime), size=BANDS * ROWS, dtype=np.uint64)
    offsets = generator.integers(0, int(prime), size=BANDS * ROWS, dtype=np.uint64)
    signatures = np.empty((len(texts), BANDS * ROWS), dtype=np.uint64)
    for index, text in enumerate(texts):
        shingles = _shingle_hashes(text) % prime
        hashed = (shingles[:, None] * factors[None, :] + offsets[None, :]) % prime
        signatures[index] = hashed.min(axis=0)
    return signatures


def _shingle_hashes(text: str) -> NDArray[np.uint64]:
    import numpy as np

    codes = np.frombuffer(text.ljust(SHINGLE).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for position in range(SHINGLE):
        hashes = hashes * np.uint64(1_000_003) + codes[position : position + len(hashes)]
    return np.unique(hashes)
