"""How public search matches: German forms of a word, and words inside compounds."""

import re
from functools import reduce
from operator import and_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import Q

HIT_START, HIT_END = "\x02", "\x03"
SHORTEST_PART = 4
OPERATORS = re.compile(r'"|(?:^|\s)-|\bor\b', re.IGNORECASE)
ENDING = re.compile(r"(?<=\w{4})(?:en|er|es|e|n|s)$")
WORDS_AROUND_A_HIT = 12


def german_query(words: str) -> SearchQuery | CombinedSearchQuery:
    """Look for words in their German forms; quotes, "or" and a leading minus work.

    The stemmer of PostgreSQL makes "kur" of "Kurs" and "kurs" of "Kurse", so words of this ending
    are looked for in both forms.
    """
    longer = re.sub(r"(?i)(?<![-\w])(\w+[bdfghklmnrt]s)\b", r"\1e", words)
    short, long = (
        SearchQuery(form, config="german", search_type="websearch") for form in (words, longer)
    )
    return short | long


def compound_parts(words: str) -> list[str]:
    """Return what to look for inside longer words: "Kurse" -> ["Kurs"], found in "Deutschkurs".

    Words of fewer than four letters would stand in too many others; whoever uses quotes, "or" or
    a minus wants exactly these words. Then the list is empty.
    """
    if OPERATORS.search(words):
        return []
    parts = (ENDING.sub("", word) for word in re.findall(r"\w+", words))
    return [part for part in parts if len(part) >= SHORTEST_PART]


def inside_compounds(field: str, words: str) -> Q:
    """The condition that a field holds all of them, wherever; false where there are none."""
    conditions = [Q(**{f"{field}__icontains": part}) for part in compound_parts(words)]
    return reduce(and_, conditions) if conditions else Q(pk__in=[])


def mark_parts(text: str, words: str) -> str:
    """Return the text with each hit inside a word between the control characters."""
    parts = compound_parts(words)
    if not parts:
        return text
    either = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
    return re.sub(f"(?i){either}", f"{HIT_START}\\g<0>{HIT_END}", text)


def excerpt_of(marked: str) -> str:
    """Return some words on both sides of the first hit."""
    words = marked.split()
    hit = next((place for place, word in enumerate(words) if HIT_START in word), 0)
    return " ".join(words[max(0, hit - WORDS_AROUND_A_HIT) : hit + WORDS_AROUND_A_HIT])
