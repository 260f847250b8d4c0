"""Contributions that say the same in nearly the same words, gathered into bundles.

A false merge is worse than a missed one: two texts count as the same only if their numbers,
negations and words of demand are equal (``polarity``), no word of substance was exchanged, and
what one of them adds is a greeting, a label or next to nothing. All members of a bundle fit each
other, so that no chain of small steps leads to another demand.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from workers.analysis.likeness import likely_pairs
from workers.analysis.polarity import demand_signs, has_demand, has_ending, word_mark
from workers.analysis.stopwords import is_stopword, likeliest_list
from workers.analysis.texts import normal_form, words

LEAST_SIMILAR = 70  # of 100; below it no pair passes the closer look
WORDS_PER_ADDED_WORD = 12
MANY_TEXTS = 300  # from here on their words are a dictionary

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
# Small words that say where, when or for whom: one for another is another demand.
_PLACING_LIST = """
vor von ab an am auf aus bis in im um zu zum zur mit nach bei über unter hinter neben durch für
at by in on of off to up for from with into onto out over under before after и в на з до від у
по za do od na w z po pod nad în la de din pe cu sub al del con en sin por para da di su per tra
à de du en sur sous avec par pour من في على الى إلى عن مع قبل بعد از به در بر تا
"""
_PLACING = frozenset(_PLACING_LIST.split())
# Words of their own that are one letter away from a word of demand.
_CONFUSABLE_LIST = """
nacht macht sicht kleine kleinem kleinen kleiner kleines klein kenne kennen kenner keime keimen
geben gehen legen regen segen wegen gegend hörer treuer allee halle falle meer mehl ohren bohne
lohne wieder weder leider ander newer nearer very ever tree three moore store core note knot
hall call tall wall hole pair close paint said halle beide weide seide zahlen jeden reden
"""
_CONFUSABLE = frozenset(_CONFUSABLE_LIST.split())
# With which a word turns into another; none at all is one of them.
_PREFIX_LIST = """
ab an auf aus be bei durch ein ent er hin her in mit nach um un unter über ver vor wider zer zu
zurück dis im ir il non over under out re anti pre post не без роз за від до при з с у в ви уві під пере nie bez
"""
_PREFIXES = frozenset(["", *_PREFIX_LIST.split()])
# Turkish negates inside the word: yapılsın / yapılmasın, ediyor / etmiyor, gelir / gelmez.
_NEGATING_SYLLABLE = re.compile(r"m[aeıiuü](?:yor|y[aeıi]|z$|s[ıi]n|d[ıi]|l[iı])")
_ARABIC = re.compile("[\u0600-\u06ff]")
AFTER_LATIN = "\u0250"
_DENSE = frozenset(("ar", "fa", "tr"))


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

    @cached_property
    def words(self) -> list[str]:
        return words(self.folded)

    @cached_property
    def signs(self) -> Counter[str]:
        return demand_signs(self.bare)

    @cached_property
    def language(self) -> str:
        return likeliest_list(self.words)

    @cached_property
    def content(self) -> int:
        return sum(not _is_light(word, self.language) for word in self.words)


def _without_politeness(text: str) -> str:
    for formula in (_GREETING, _CLOSING, _LABEL):
        match = formula.search(text)
        rest = text[: match.start()] + text[match.end() :] if match else text
        if match and rest.strip() and not has_demand(match.group(1)):
            text = rest
    return text


def _is_light(word: str, language: str) -> bool:
    return is_stopword(word, language) and not word_mark(word)


def _same(one: _Wording, other: _Wording, slips: int = 1, no_words: Set[str] = frozenset()) -> bool:
    """True if nothing but ``slips`` of the pen a word, small words and next to nothing differs."""
    if one.signs != other.signs:
        return False
    if not one.words or not other.words:
        return one.folded == other.folded
    differences = list(_differences(one.words, other.words, one.language, slips, no_words))
    added = sum(len(new) for gone, new in differences if not gone)
    removed = sum(len(gone) for gone, new in differences if not new)
    if (added and removed) or any(gone and new for gone, new in differences):
        return False
    if any(word_mark(word) for gone, new in differences for word in (*gone, *new)):
        return False
    return max(added, removed) <= min(one.content, other.content) // WORDS_PER_ADDED_WORD


def _differences(
    one: Sequence[str],
    other: Sequence[str],
    language: str,
    slips: int = 1,
    no_words: Set[str] = frozenset(),
) -> Iterator[tuple[list[str], list[str]]]:
    """Runs of words that only one of the texts has: (of the first, of the other).

    Left out are slips of the pen, also across a space, and words of no consequence.
    """
    for gone, new in _changed_runs(one, other):
        if _run_together(gone, new):
            continue
        if len(gone) == len(new):
            pairs = zip(gone, new, strict=True)
            kept = [pair for pair in pairs if not _exchangeable(*pair, language, slips, no_words)]
            gone, new = [pair[0] for pair in kept], [pair[1] for pair in kept]
        else:
            gone = [word for word in gone if not _is_light(word, language)]
            new = [word for word in new if not _is_light(word, language)]
        if gone or new:
            yield gone, new


def _run_together(gone: Sequence[str], new: Sequence[str]) -> bool:
    """The same letters with spaces elsewhere, or one letter short: "Fuß weg" and "Fußweg"."""
    if not gone or not new or len(gone) == len(new):
        return False
    one, other = "".join(gone), "".join(new)
    if one == other:
        return True
    marks = {word_mark(word) for word in (*gone, *new)}
    return marks == {""} and min(len(one), len(other)) > 6 and _slip(one, other, 1)


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


def _exchangeable(
    one: str, other: str, language: str, slips: int = 1, no_words: Set[str] = frozenset()
) -> bool:
    """Two words of no consequence, or one word and a slip of the pen."""
    if one in _EXCHANGEABLE and other in _EXCHANGEABLE:
        return True
    if {one, other} <= _PLACING:
        return False
    if sorted(one) == sorted(other) and (_slip(one, other, 1) or _lone_swap(one, other, no_words)):
        return True
    if slips > 1 and {one, other} <= no_words and not word_mark(one) and not word_mark(other):
        return _slip(one, other, slips) or _slip_in_content(one, other, language, slips, no_words)
    if word_mark(one) or word_mark(other):
        return _slip_in_demand(one, other, language, no_words)
    small = [word for word in (one, other) if is_stopword(word, language)]
    if len(small) == 2:
        return not {one, other} <= _PLACING and _slip(one, other, 1)
    if small and len(small[0]) < 5:
        lone = len(small[0]) > 2 and bool({one, other} & no_words)
        return max(len(one), len(other)) < 7 and _slip(one, other, 2 if lone else 1)
    return _slip_in_content(one, other, language, slips, no_words)


def _lone_swap(one: str, other: str, no_words: Set[str]) -> bool:
    """Two neighbouring letters changed places, also of a prefix: no word of its own came of it."""
    from rapidfuzz.distance import OSA

    return bool({one, other} & no_words) and OSA.distance(one, other, score_cutoff=1) == 1


def _slip_in_demand(one: str, other: str, language: str, no_words: Set[str]) -> bool:
    """A word of demand allows one slip behind what makes it one.

    Before that no letter for another ("abbauen" / "anbauen"), and never one known word for another
    ("keine" / "eine", "keine" / "kleine"). What nobody else writes is no word, and more is allowed.
    """
    if word_mark(one) == word_mark(other):
        return word_mark(one) not in (one, other) and _slip(one, other, 1)
    if has_ending(one) and has_ending(other):
        return one[-3:] == other[-3:] and _slip(one, other, 1)
    whole, changed = (one, other) if word_mark(one) else (other, one)
    if language in _DENSE or word_mark(changed) or is_stopword(changed, language):
        return False
    if changed in _CONFUSABLE or not _slip(one, other, 1):
        return False
    if changed in no_words:
        return min(len(one), len(other)) > 2
    steady = 1 if word_mark(whole) == whole else 4
    return min(len(one), len(other)) > 3 and one[:steady] == other[:steady] and one[-1] == other[-1]


def _slip_in_content(one: str, other: str, language: str, slips: int, no_words: Set[str]) -> bool:
    """One letter or one pair of neighbours differs, in long words two; the first must agree in
    short ones. Languages that negate with a syllable inside the word, or write few letters a word,
    allow less; what nobody else writes allows more."""
    shorter = min(len(one), len(other))
    if language in _DENSE or _ARABIC.search(one):
        return shorter > 4 and one[0] == other[0] and one[-1] == other[-1] and _slip(one, other, 1)
    lone = (one in no_words or other in no_words) and max(one + other) < AFTER_LATIN
    if shorter < 5:
        return shorter > 2 and (one[0] == other[0] or lone) and _slip(one, other, 1)
    several = (lone or shorter > 6) and (one[0] == other[0] or (lone and shorter > 7))
    return _slip(one, other, (2 if several else 1) * slips)


def _slip(one: str, other: str, most: int) -> bool:
    from rapidfuzz.distance import OSA

    shorter, longer = sorted((one, other), key=lambda word: (len(word), word))
    if len(longer) - len(shorter) > 2 * most or _prefix_of_negation(shorter, longer):
        return False
    if bool(_NEGATING_SYLLABLE.search(one)) != bool(_NEGATING_SYLLABLE.search(other)):
        return False
    if _other_prefix(shorter, longer):
        return False
    if OSA.distance(one, other, score_cutoff=most) <= most:
        return True
    one, other = (word.replace("ss", "ß") for word in (one, other))  # folding made two of one
    return bool(OSA.distance(one, other, score_cutoff=most) <= most)


def _other_prefix(one: str, other: str) -> bool:
    """Only the beginnings differ, and both are known: "Aufstieg" / "Ausstieg", "un-" / nothing."""
    ending = 0
    while ending < min(len(one), len(other)) and one[-1 - ending] == other[-1 - ending]:
        ending += 1
    heads = [(one[: len(one) - cut], other[: len(other) - cut]) for cut in (ending, ending - 1)]
    return ending > 2 and any(head[0] in _PREFIXES and head[1] in _PREFIXES for head in heads)


def _prefix_of_negation(shorter: str, longer: str) -> bool:
    """A letter that negates when put before a word: asozial, atypisch, Slavic n-."""
    word = any(letter in "aeiouyäöüаеиоуі" for letter in shorter[:2])
    return word and len(shorter) > 3 and longer[1:] == shorter and longer[0] in "anн"


def _groups(wordings: Sequence[_Wording]) -> list[list[int]]:
    """Partition of the indices in which all members of a part are pairwise the same."""
    from rapidfuzz import fuzz

    close = []
    no_words = _no_words(wordings)
    for i, j in likely_pairs([wording.folded for wording in wordings]):
        similarity = fuzz.ratio(wordings[i].folded, wordings[j].folded, score_cutoff=LEAST_SIMILAR)
        if similarity and _same(wordings[i], wordings[j], no_words=no_words):
            close.append((-similarity, i, j))
    group_of = {index: [index] for index in range(len(wordings))}
    for _, i, j in sorted(close):
        one, other = group_of[i], group_of[j]
        if one is not other and _all_same(wordings, one, other, no_words):
            one.extend(other)
            group_of.update(dict.fromkeys(other, one))
    return [group for index, group in group_of.items() if group[0] == index]


def _all_same(
    wordings: Sequence[_Wording], one: Iterable[int], other: Iterable[int], no_words: Set[str]
) -> bool:
    """Each fits each; two copies of one text may each have a slip in the same word."""
    return all(
        _same(wordings[i], wordings[j], slips=2, no_words=no_words) for i, j in product(one, other)
    )


def _no_words(wordings: Sequence[_Wording]) -> frozenset[str]:
    """What only one of many texts writes, and that once: a slip of the pen more often than not."""
    if len(wordings) < MANY_TEXTS:
        return frozenset()
    written = Counter(word for wording in wordings for word in wording.words)
    return frozenset(word for word, times in written.items() if times == 1)
