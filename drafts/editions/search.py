"""How public search matches: forms of a word in its language, and words inside compounds."""

import re
from functools import reduce
from operator import and_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import Q

# What PostgreSQL has a stemmer for; in other languages a word is found in the form it stands in.
STEMMERS = {
    "de": "german", "de-x-ls": "german", "en": "english", "tr": "turkish", "ar": "arabic",
}  # fmt: skip
UNSTEMMED = "simple"
HIT_START, HIT_END = "\x02", "\x03"
SHORTEST_PART = 4
OPERATORS = re.compile(r'"|(?:^|\s)-|\bor\b', re.IGNORECASE)
ENDING = re.compile(r"(?<=\w{4})(?:en|er|es|e|n|s)$")
WORDS_AROUND_A_HIT = 12


def stemmer_of(language: str) -> str:
    """The name of PostgreSQL's text search configuration for a language."""
    return STEMMERS.get(language, UNSTEMMED)


def query_in(language: str, words: str) -> SearchQuery | CombinedSearchQuery:
    """Look for words in the forms of a language; quotes, "or" and a leading minus work."""
    if stemmer_of(language) == "german":
        return german_query(words)
    return SearchQuery(words, config=stemmer_of(language), search_type="websearch")


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
