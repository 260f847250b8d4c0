"""Public reads of frozen text. Nothing here reaches the working text."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from drafts.concept.snapshots import Data, block_text
from drafts.concept.states import Openness
from drafts.editions.languages import BINDING, covers, shown_text
from drafts.editions.models import (
    Edition,
    EditionGoal,
    EditionMeasure,
    EditionSection,
    EditionText,
    FrozenFile,
)
from drafts.editions.search import (
    HIT_END,
    HIT_START,
    excerpt_of,
    inside_compounds,
    mark_parts,
    query_in,
    stemmer_of,
)
from drafts.editions.states import EditionStatus


def readable_editions():
    """Editions that anybody may read, newest first."""
    return Edition.objects.readable().order_by("-number")


def current_edition() -> Edition | None:
    """The edition that readers are led to: the newest that was not turned down."""
    return readable_editions().exclude(status=EditionStatus.NOT_ADOPTED).first()


def edition_in_force() -> Edition | None:
    """The edition that the council adopted last, or None before the first."""
    return Edition.objects.filter(status=EditionStatus.IN_FORCE).first()


def contents(edition: Edition, language: str = BINDING) -> list[Data]:
    """The contents list: {wid, number, kind, title, lede, openness, released_at} a section.

    In another language an entry also has `german`, the fields that stand in German.
    """
    texts = EditionText.objects.filter(
        section__edition=edition, language__in={BINDING, language}, is_current=True
    )
    rows = texts.order_by("section__position").values(
        "language", "section__released_at", wid=F("section__wid"), slug=F("section__slug"),
        number=F("section__number"), kind=F("section__kind"), openness=F("section__openness"),
        title=F("content__title"), lede=F("content__lede"),
    )  # fmt: skip
    entries: dict[str, Data] = {}
    words: dict[str, dict[str, Data]] = defaultdict(dict)
    for row in rows:
        entry: Data = {**row, "released_at": row["section__released_at"]}
        del entry["section__released_at"]
        # A version may lack either of them.
        text = {name: entry.pop(name) for name in ("title", "lede")}
        text = {name: found for name, found in text.items() if found is not None}
        words[entry["wid"]][entry.pop("language")] = text
        entries[entry["wid"]] = entry
    return [{**row, **_in_language(words[wid], language)} for wid, row in entries.items()]


def section_data(edition: Edition, language: str = BINDING, wid: str | None = None) -> list[Data]:
    """The edition's sections in the shape of drafts.concept.snapshots, in four queries at most.

    In another language words that its version lacks are the German ones, marked as in
    drafts.editions.languages.shown_text.
    """
    sections = EditionSection.objects.filter(edition=edition)
    goals = EditionGoal.objects.filter(edition=edition)
    measures = EditionMeasure.objects.filter(edition=edition)
    if wid:
        sections = sections.filter(wid=wid)
        goals = goals.filter(section__wid=wid)
        measures = measures.filter(goal__section__wid=wid)
    rows = {
        "section": _part_rows(sections, "wid", "number", "kind", "openness"),
        "goal": _part_rows(goals, "section_id", "wid", "number", "level", "openness"),
        "measure": _part_rows(measures, "goal_id", *_MEASURE_FACTS),
    }
    words = _part_words(rows, language)
    measures_of, goals_of = defaultdict(list), defaultdict(list)
    for pk, measure in rows["measure"].items():
        measures_of[measure.pop("goal_id")].append({**measure, "text": words["measure"][pk]})
    for pk, goal in rows["goal"].items():
        parts = {"text": words["goal"][pk], "measures": measures_of[pk]}
        goals_of[goal.pop("section_id")].append({**goal, **parts})
    return [
        {**section, "text": words["section"][pk], "goals": goals_of[pk]}
        for pk, section in rows["section"].items()
    ]


def goal_of(edition: Edition, wid: str) -> EditionGoal | None:
    """The edition's goal with this key, with its section, or None."""
    return edition.goals.select_related("section").filter(wid=wid).first()


def first_open_goal(edition: Edition) -> EditionGoal | None:
    """The first goal in reading order that residents can still change, or None."""
    return (
        edition.goals.filter(openness=Openness.OPEN)
        .order_by("section__position", "position")
        .first()
    )


def goal_numbers(edition: Edition) -> dict[str, str]:
    """The numbers of an edition's goals by key."""
    return dict(edition.goals.values_list("wid", "number"))


def goals_in_order(edition: Edition) -> list[Data]:
    """Key (`pk`), number and binding wording of all goals, in the order of the document."""
    texts = EditionText.objects.filter(goal__edition=edition, language=BINDING)
    rows = texts.order_by("goal__section__position", "goal__position").values(
        pk=F("goal_id"), number=F("goal__number"), wording=F("content__wording")
    )
    return [dict(row) for row in rows]


def goal_at(edition: Edition, slug: str) -> EditionGoal | None:
    """The edition's goal with this name in addresses, with its section, or None."""
    return edition.goals.select_related("section").filter(slug=slug).first()


class Version(NamedTuple):
    """A section in another language: when it was released, and which German text it renders.

    `is_whole` says that it has words for all of the German text, with goals and measures.
    """

    language: str
    released_at: datetime
    edition_number: int
    source_released_at: datetime
    is_whole: bool


def versions_of(edition: Edition, section_wid: str) -> list[Version]:
    """The languages besides German in which a section can be read, in one query."""
    of_section = Q(section__edition=edition, section__wid=section_wid)
    of_section |= Q(goal__edition=edition, goal__section__wid=section_wid)
    of_section |= Q(measure__edition=edition, measure__goal__section__wid=section_wid)
    return _versions(of_section).get(section_wid, [])


def versions_by_section(edition: Edition) -> dict[str, list[Version]]:
    """The same of every section of an edition by its key, in one query."""
    return _versions(_in_editions({edition.pk}))


def _versions(wanted: Q) -> dict[str, list[Version]]:
    texts = EditionText.objects.filter(wanted, is_current=True).order_by("language", "pk")
    found: dict[str, dict[str, list[Data]]] = defaultdict(lambda: defaultdict(list))
    # Named columns: building and reading whole rows of twelve tables would cost more than the rest.
    for text in texts.values(
        "language", "content", "released_at",
        part=Coalesce("section__wid", "goal__wid", "measure__wid"),
        wid=_of_section("wid"),
        source_edition=_of_section("edition__number", of="source__"),
        source_released_at=_of_section("released_at", of="source__"),
    ):  # fmt: skip
        found[text["wid"]][text["language"]].append(dict(text))
    return {
        wid: [
            _version(language, own, texts_of[BINDING])
            for language, own in texts_of.items()
            if language != BINDING
        ]
        for wid, texts_of in found.items()
    }


def _of_section(name: str, *, of: str = "") -> Coalesce:
    """A column of the section in which a text or its source stands."""
    return Coalesce(*(f"{of}{way}section__{name}" for way in ("", "goal__", "measure__goal__")))


def _version(language: str, own_texts: list[Data], german: list[Data]) -> Version:
    own = {text["part"]: text["content"] for text in own_texts}
    source = max(own_texts, key=lambda text: text["source_edition"])
    return Version(
        language=language,
        released_at=max(text["released_at"] for text in own_texts if text["released_at"]),
        edition_number=source["source_edition"],
        source_released_at=source["source_released_at"],
        is_whole=all(covers(text["content"], own.get(text["part"], {})) for text in german),
    )


def _part_key(text: EditionText) -> tuple[int | None, ...]:
    return text.section_id, text.goal_id, text.measure_id


def languages_by_part(edition: Edition) -> dict[str, list[str]]:
    """The languages in which each section and each goal of an edition can be read, by key."""
    found: dict[str, list[str]] = defaultdict(list)
    texts = EditionText.objects.filter(
        Q(section__edition=edition) | Q(goal__edition=edition), is_current=True
    )
    rows = texts.order_by("language").values_list("language", "section__wid", "goal__wid")
    for language, section, goal in rows:
        found[section or goal].append(language)
    return found


def pictures_of(sections: list[Data]) -> dict[str, str]:
    """Addresses of the frozen pictures in sections, by SHA-256; no query where there are none."""
    digests = [
        block["file"]
        for section in sections
        for block in section["text"]["blocks"]
        if block["kind"] == "figure"
    ]
    return {kept.pk: kept.file.url for kept in FrozenFile.objects.filter(pk__in=digests)}


class Wording(NamedTuple):
    """What stands at a place of an edition, and whether residents can still change it.

    `kind` is section, goal or the kind of a block. A section's own words are empty and its number
    is its title; `reason` says why a fixed place is fixed.
    """

    kind: str
    text: str
    number: str
    language: str
    is_fixed: bool
    reason: str


def wording_at(
    edition: Edition, section_wid: str, wid: str, language: str = BINDING
) -> Wording | None:
    """What stands at a section, a block in it or a goal of it, in one query.

    Words that the language lacks are the German ones. None if there is no such place.
    """
    texts = EditionText.objects.filter(
        Q(section__edition=edition, section__wid=section_wid)
        | Q(goal__edition=edition, goal__section__wid=section_wid, goal__wid=wid),
        language__in={BINDING, language},
        is_current=True,
    )
    places: dict[str, Wording] = {}
    parts: dict[tuple[str | None, str | None, str], dict[str, Data]] = defaultdict(dict)
    rows = texts.values_list(
        "language", "content", "goal__number", "goal__openness", "section__openness"
    )
    for code, content, goal_number, of_goal, of_section in rows:
        parts[goal_number, of_goal, of_section][code] = content
    for (goal_no, *openness), words in parts.items():
        text = _in_language(words, language)
        fixed = Openness.FIXED in openness, text["openness_reason"]
        if goal_no is not None:
            of = BINDING if "wording" in text.get("german", ()) else language
            places[wid] = Wording("goal", text["wording"], goal_no, of, *fixed)
            continue
        places[section_wid] = Wording("section", "", text["title"], language, *fixed)
        for block in text["blocks"]:
            number = str(block.get("no", ""))
            of = block.get("language", language)
            places[block["wid"]] = Wording(block["kind"], block_text(block), number, of, *fixed)
    return places.get(wid)


def goal_history(wid: str) -> list[Data]:
    """The goal's wording in every readable edition, oldest first: {edition, number, wording}."""
    texts = (
        EditionText.objects.filter(
            goal__wid=wid, language=BINDING, goal__edition__in=Edition.objects.readable()
        )
        .select_related("goal__edition")
        .order_by("goal__edition__number")
    )
    return [
        {
            "edition": text.goal.edition,
            "number": text.goal.number,
            "wording": text.content["wording"],
        }
        for text in texts
        if text.goal is not None
    ]


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
        .filter(_in_editions(editions), language=language, is_current=True)
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


def _in_editions(pks):
    return Q(section__edition__in=pks) | Q(goal__edition__in=pks) | Q(measure__edition__in=pks)


_MEASURE_FACTS = (
    "wid", "number", "kind", "cost_status", "cost_one_off", "cost_yearly", "also_serves",
)  # fmt: skip


def _part_rows(parts, *facts: str) -> dict[int, Data]:
    return {row.pop("pk"): row for row in parts.order_by("position").values("pk", *facts)}


def _part_words(rows: dict[str, dict[int, Data]], language: str) -> dict[str, dict[int, Data]]:
    found: dict[str, dict[int, dict[str, Data]]] = {part: defaultdict(dict) for part in rows}
    texts = EditionText.objects.filter(
        Q(section__in=list(rows["section"]))
        | Q(goal__in=list(rows["goal"]))
        | Q(measure__in=list(rows["measure"])),
        language__in={BINDING, language},
        is_current=True,
    )
    for code, content, *pks in texts.values_list(
        "language", "content", "section_id", "goal_id", "measure_id"
    ):
        part, pk = next(pair for pair in zip(rows, pks, strict=True) if pair[1])
        found[part][pk][code] = content
    return {
        part: {pk: _in_language(words, language) for pk, words in texts_of.items()}
        for part, texts_of in found.items()
    }


def _in_language(words: dict[str, Data], language: str) -> Data:
    german = words[BINDING]
    return german if language == BINDING else shown_text(german, words.get(language))
