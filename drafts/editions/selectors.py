"""Public reads of frozen text. Nothing here reaches the working text."""

from collections import defaultdict
from typing import NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchRank, SearchVector
from django.db.models import F, Q

from drafts.concept.snapshots import Data, block_text
from drafts.concept.states import Openness
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
    german_query,
    inside_compounds,
    mark_parts,
)
from drafts.editions.states import EditionStatus

BINDING = "de"


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
    """The contents list: {wid, number, kind, title, lede, openness, released_at} a section."""
    texts = EditionText.objects.filter(section__edition=edition, language__in={BINDING, language})
    rows = texts.order_by("section__position").values(
        "language", wid=F("section__wid"), slug=F("section__slug"), number=F("section__number"),
        kind=F("section__kind"), openness=F("section__openness"),
        released_at=F("section__released_at"), title=F("content__title"), lede=F("content__lede"),
    )  # fmt: skip
    entries: dict[str, Data] = {}
    for row in rows:
        entry: Data = {**row}
        if entry.pop("language") == language or entry["wid"] not in entries:
            entries[entry["wid"]] = entry
    return list(entries.values())


def section_data(edition: Edition, language: str = BINDING, wid: str | None = None) -> list[Data]:
    """The edition's sections in the shape of drafts.concept.snapshots, in four queries at most.

    A part without words in the language is shown in the binding German.
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


def is_in_language(edition: Edition, language: str) -> bool:
    """Whether sections of the edition have words in this language."""
    return language == BINDING or edition.sections.filter(texts__language=language).exists()


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
    is_fixed: bool
    reason: str


def wording_at(edition: Edition, section_wid: str, wid: str) -> Wording | None:
    """What stands at a section, a block in it or a goal of it, in one query; None if nothing."""
    texts = EditionText.objects.filter(language=BINDING).filter(
        Q(section__edition=edition, section__wid=section_wid)
        | Q(goal__edition=edition, goal__section__wid=section_wid, goal__wid=wid)
    )
    places: dict[str, Wording] = {}
    rows = texts.values_list("content", "goal__number", "goal__openness", "section__openness")
    for content, goal_number, of_goal, of_section in rows:
        fixed = Openness.FIXED in (of_goal, of_section), content["openness_reason"]
        if goal_number is not None:
            places[wid] = Wording("goal", content["wording"], goal_number, *fixed)
            continue
        places[section_wid] = Wording("section", "", content["title"], *fixed)
        for block in content["blocks"]:
            number = str(block.get("no", ""))
            places[block["wid"]] = Wording(block["kind"], block_text(block), number, *fixed)
    return places.get(wid)


def words_at(edition: Edition, section_wid: str, wid: str) -> tuple[str, str] | None:
    """The words and the number of a place, as wording_at finds them."""
    found = wording_at(edition, section_wid, wid)
    return (found.text, found.number) if found else None


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


def search_texts(words: str, limit: int = 30) -> list[EditionText]:
    """Frozen texts of the current edition and the one in force that match, best first.

    German stemming: "Haus" finds "Häuser"; texts with the words inside of longer ones come last.
    Each row carries `headline` with the hits between the control characters U+0002 and U+0003, so
    that markup is added by the template alone.
    """
    query = german_query(words)
    vector = SearchVector("plain", config="german")
    editions = {edition.pk for edition in (current_edition(), edition_in_force()) if edition}
    found = (
        EditionText.objects.annotate(
            found=vector,
            rank=SearchRank(vector, query),
            headline=SearchHeadline(
                "plain",
                query,
                config="german",
                start_sel=HIT_START,
                stop_sel=HIT_END,
                max_words=28,
                min_words=12,
                max_fragments=1,
            ),
        )
        .filter(Q(found=query) | inside_compounds("plain", words), language=BINDING)
        .filter(_in_editions(editions))
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
    found: dict[str, dict[int, Data]] = {part: {} for part in rows}
    texts = EditionText.objects.filter(
        Q(section__in=list(rows["section"]))
        | Q(goal__in=list(rows["goal"]))
        | Q(measure__in=list(rows["measure"])),
        language__in={BINDING, language},
    )
    for code, content, *pks in texts.values_list(
        "language", "content", "section_id", "goal_id", "measure_id"
    ):
        part, pk = next(pair for pair in zip(rows, pks, strict=True) if pair[1])
        if code == language or pk not in found[part]:
            found[part][pk] = content
    return found
