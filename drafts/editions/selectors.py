"""Public reads of frozen text. Nothing here reaches the working text."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from drafts.concept.snapshots import Data, block_text, means_of
from drafts.concept.states import Openness
from drafts.editions.languages import BINDING, covers, shown_text
from drafts.editions.models import (
    Edition,
    EditionGoal,
    EditionSection,
    EditionText,
    FrozenFile,
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
    """The edition's sections in the shape of drafts.concept.snapshots, in two queries.

    In another language words that its version lacks are the German ones, marked as in
    drafts.editions.languages.shown_text.
    """
    rows = _rows(edition, wid)
    texts = _texts(rows).filter(language__in={BINDING, language}).values(*_TEXT)
    return _sections(rows, texts, language)


def section_with_versions(
    edition: Edition, wid: str, language: str
) -> tuple[Data, list["Version"]]:
    """One section as `section_data` has it, and what `versions_of` says, in two queries."""
    rows = _rows(edition, wid)
    texts = list(_texts(rows).order_by("language", "pk").values(*_TEXT, **_VERSION))
    shown = [text for text in texts if text["language"] in {BINDING, language}]
    return _sections(rows, shown, language)[0], _versions(texts)


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
    """Row (`pk`), key, number and binding wording of all goals, in the order of the document."""
    texts = EditionText.objects.filter(goal__edition=edition, language=BINDING)
    rows = texts.order_by("goal__section__position", "goal__position").values(
        pk=F("goal_id"), wid=F("goal__wid"), number=F("goal__number"), wording=F("content__wording")
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
    return _versions(_current(of_section).values(*_TEXT, **_VERSION))


def versions_by_section(edition: Edition) -> dict[str, list[Version]]:
    """The same of every section of an edition by its key, in one query."""
    found: dict[str, list[Data]] = defaultdict(list)
    texts = _current(in_editions({edition.pk})).values(*_TEXT, **_VERSION, wid=_of_section("wid"))
    for text in texts:
        found[text["wid"]].append(dict(text))
    return {wid: _versions(texts) for wid, texts in found.items()}


def _current(wanted: Q) -> QuerySet[EditionText]:
    return EditionText.objects.filter(wanted, is_current=True).order_by("language", "pk")


def _versions(texts: Iterable[Data]) -> list[Version]:
    of_language: dict[str, list[Data]] = defaultdict(list)
    for text in texts:
        of_language[text["language"]].append(text)
    german = of_language.pop(BINDING, [])
    return [_version(language, own, german) for language, own in of_language.items()]


def _of_section(name: str, *, of: str = "") -> Coalesce:
    """A column of the section in which a text or its source stands."""
    return Coalesce(*(f"{of}{way}section__{name}" for way in ("", "goal__", "measure__goal__")))


def _version(language: str, own_texts: list[Data], german: list[Data]) -> Version:
    own = {_part(text): text["content"] for text in own_texts}
    source = max(own_texts, key=lambda text: text["source_edition"])
    return Version(
        language=language,
        released_at=max(text["released"] for text in own_texts if text["released"]),
        edition_number=source["source_edition"],
        source_released_at=source["source_released_at"],
        is_whole=all(covers(text["content"], own.get(_part(text), {})) for text in german),
    )


def _part(text: Data) -> tuple[str, int]:
    """Of which part the words are: section, goal or measure, and its key."""
    return next(
        (part, text[f"{part}_id"])
        for part in ("section", "goal", "measure")
        if text[f"{part}_id"] is not None
    )


# Named columns: building and reading whole rows of twelve tables would cost more than the rest.
_TEXT = ("language", "content", "section_id", "goal_id", "measure_id")
_VERSION = {
    "released": F("released_at"),
    "source_edition": _of_section("edition__number", of="source__"),
    "source_released_at": _of_section("released_at", of="source__"),
}


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


def in_editions(pks: Iterable[int]) -> Q:
    """The texts of these editions."""
    return Q(section__edition__in=pks) | Q(goal__edition__in=pks) | Q(measure__edition__in=pks)


# How each kind of part is reached from its section, and what is read of it.
_PARTS = {
    "section": ("", ("pk", "wid", "number", "kind", "openness")),
    "goal": ("goals__", ("pk", "section_id", "wid", "number", "level", "openness")),
    "measure": (
        "goals__measures__",
        ("pk", "goal_id", "wid", "number", "kind", "cost_status", "cost_one_off", "cost_yearly",
         "also_serves", "posts", "funding"),
    ),
}  # fmt: skip


def _rows(edition: Edition, wid: str | None) -> dict[str, dict[int, Data]]:
    """The facts of the parts of an edition, or of one section, by kind of part and key."""
    sections = EditionSection.objects.filter(edition=edition)
    if wid:
        sections = sections.filter(wid=wid)
    columns = [f"{way}{fact}" for way, facts in _PARTS.values() for fact in facts]
    found: dict[str, dict[int, Data]] = {part: {} for part in _PARTS}
    in_order = sections.order_by("position", "goals__position", "goals__measures__position")
    for row in in_order.values_list(*columns):
        values = iter(row)
        for part, (_way, facts) in _PARTS.items():
            pk, *rest = islice(values, len(facts))
            if pk is not None and pk not in found[part]:
                found[part][pk] = dict(zip(facts[1:], rest, strict=True))
    return found


def _texts(rows: dict[str, dict[int, Data]]) -> QuerySet[EditionText]:
    return EditionText.objects.filter(
        Q(section__in=list(rows["section"]))
        | Q(goal__in=list(rows["goal"]))
        | Q(measure__in=list(rows["measure"])),
        is_current=True,
    )


def _sections(rows: dict[str, dict[int, Data]], texts: Iterable[Data], language: str) -> list[Data]:
    in_languages: dict[tuple[str, int], dict[str, Data]] = defaultdict(dict)
    for text in texts:
        in_languages[_part(text)][text["language"]] = text["content"]
    words = {part: _in_language(found, language) for part, found in in_languages.items()}
    measures_of, goals_of = defaultdict(list), defaultdict(list)
    for pk, measure in rows["measure"].items():
        means = means_of(measure.pop("posts"), measure.pop("funding"))
        row = {**measure, **means, "text": words["measure", pk]}
        measures_of[row.pop("goal_id")].append(row)
    for pk, goal in rows["goal"].items():
        parts = {"text": words["goal", pk], "measures": measures_of[pk]}
        goals_of[goal.pop("section_id")].append({**goal, **parts})
    return [
        {**section, "text": words["section", pk], "goals": goals_of[pk]}
        for pk, section in rows["section"].items()
    ]


def _in_language(words: dict[str, Data], language: str) -> Data:
    german = words[BINDING]
    return german if language == BINDING else shown_text(german, words.get(language))
