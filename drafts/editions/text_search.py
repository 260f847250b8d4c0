"""Public search in frozen text."""

from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.db.models import Q

from drafts.editions.languages import BINDING
from drafts.editions.models import EditionText
from drafts.editions.search import (
    HIT_END,
    HIT_START,
    excerpt_of,
    inside_compounds,
    mark_parts,
    query_in,
    stemmer_of,
)
from drafts.editions.selectors import current_edition, edition_in_force, in_editions


def search_texts(words: str, limit: int = 30, language: str = BINDING) -> list[EditionText]:
    """Frozen texts of the current edition and the one in force that match, best first.

    Words are found in the forms of their language: "Haus" finds "Häuser"; texts with the words
    inside of longer ones come last. Texts in the reader's language come before the German ones,
    which are left out where their version was found. Each row carries `headline` with the hits
    between the control characters U+0002 and U+0003, so that markup is added by the template
    alone.
    """
    editions = {edition.pk for edition in (current_edition(), edition_in_force()) if edition}
    found = _search(words, editions, language, limit)
    if language != BINDING:
        known = {_part_key(text) for text in found}
        german = _search(words, editions, BINDING, limit)
        found += [text for text in german if _part_key(text) not in known]
    return found[:limit]


def _search(words: str, editions: set[int], language: str, limit: int) -> list[EditionText]:
    query, config = query_in(language, words), stemmer_of(language)
    vector = SearchVector("plain", config=config)
    found = (
        EditionText.objects.annotate(
            found=vector,
            rank=SearchRank(vector, query),
            headline=SearchHeadline(
                "plain",
                query,
                config=config,
                start_sel=HIT_START,
                stop_sel=HIT_END,
                max_words=28,
                min_words=12,
                max_fragments=1,
            ),
        )
        .filter(Q(found=query) | inside_compounds("plain", words))
        .filter(in_editions(editions), language=language, is_current=True)
        .select_related(
            "section__edition",
            "goal__edition",
            "goal__section",
            "measure__goal__section",
            "measure__edition",
        )
        .order_by("-rank", "pk")[:limit]
    )
    for row in found:
        if HIT_START not in row.headline:
            row.headline = excerpt_of(mark_parts(row.plain, words))
    return list(found)


def _part_key(text: EditionText) -> tuple[int | None, ...]:
    return text.section_id, text.goal_id, text.measure_id
