"""What a page needs and the text does not say: kinds of sections, numbers of goals and measures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, count
from string import ascii_lowercase

from drafts.concept.importing.parsed import (
    ImportReport,
    ParsedConcept,
    ParsedGoal,
    ParsedSection,
)
from drafts.concept.importing.wording import section_kind

LONGEST_TITLE = 200


def settle(concept: ParsedConcept, kinds: Mapping[str, str]) -> None:
    """Give every section a kind and every goal and measure a number; flag what was guessed.

    `kinds` overrides guessed kinds by a section's number or title.
    """
    for section in concept.sections:
        section.kind = section.kind or section_kind(concept.title) or ""
    fields = [place for place, one in enumerate(concept.sections) if _is_field(one)]
    repeated = {number for number, times in _numbers(concept).items() if number and times > 1}
    for place, section in enumerate(concept.sections):
        _settle_kind(section, _likely_kind(place, fields), kinds, concept.report)
        _settle_goals(section, concept, repeated)


def _is_field(section: ParsedSection) -> bool:
    return section.kind == "field" or (not section.kind and bool(section.goals))


def _likely_kind(place: int, fields: list[int]) -> tuple[str, str]:
    """The kind of a section whose heading does not say it, and its name for the editor.

    What stands before the first field of action explains the situation, what follows the last one
    is added to it.
    """
    if fields and place < fields[0]:
        return "understanding", "Verständnis"
    if fields and place > fields[-1]:
        return "annex", "Anhang"
    return "field", "Handlungsfeld"


def _settle_kind(
    section: ParsedSection, likely: tuple[str, str], kinds: Mapping[str, str], report: ImportReport
) -> None:
    source = section.source[0] if section.source else 0
    chosen = kinds.get(section.number) or kinds.get(section.title) or section.kind
    kind, name = ("field", "Handlungsfeld") if section.goals else likely
    if not (chosen or section.goals):
        sentence = f"Die Art dieses Abschnitts ist unklar; er gilt als {name}."
        report.flag("kind_unclear", source, section.label, sentence)
    section.kind = chosen or kind
    if not (section.lede or section.blocks or section.goals):
        report.flag("empty_section", source, section.label, "Dieser Abschnitt ist leer.")


def _settle_goals(section: ParsedSection, concept: ParsedConcept, repeated: set[str]) -> None:
    report = concept.report
    prefix = section.number or str(concept.sections.index(section) + 1)
    for goal in section.goals:
        taken = _numbers(concept)
        if not goal.number:
            goal.number = next(n for i in count(1) if (n := f"{prefix}.{i}") not in taken)
            sentence = f"Dieses Ziel hatte keine Nummer und hat {goal.number} erhalten."
            report.flag("goal_number_given", goal.source[0], goal.wording, sentence)
        elif goal.number in repeated:
            found, given = goal.number, f"{prefix}.{goal.number}"
            numbers = chain([given], (f"{given}.{i}" for i in count(2)))
            goal.number = next(number for number in numbers if number not in taken)
            sentence = f"Die Zielnummer {found} gibt es mehrmals; hier steht jetzt {goal.number}."
            report.flag("goal_number_repeated", goal.source[0], goal.wording, sentence)
        for code, sentence in _open_points(goal):
            report.flag(code, goal.source[0], goal.wording, sentence)
        _settle_measures(goal, report)


def _numbers(concept: ParsedConcept) -> Counter[str]:
    return Counter(goal.number for section in concept.sections for goal in section.goals)


def _open_points(goal: ParsedGoal) -> Iterator[tuple[str, str]]:
    if not goal.wording:
        yield "goal_without_wording", "Dieses Ziel hat keinen Wortlaut."
    if goal.openness == "fixed" and not goal.openness_reason:
        yield "fixed_without_reason", "Dieses Ziel steht fest, aber es fehlt der Grund."


def _settle_measures(goal: ParsedGoal, report: ImportReport) -> None:
    taken = {measure.number for measure in goal.measures}
    names = (f"{goal.number}.{end}" for end in [*ascii_lowercase, *map(str, range(1, 10_000))])
    for measure in goal.measures:
        if not measure.number:
            measure.number = next(name for name in names if name not in taken)
            sentence = f"Diese Maßnahme hatte keine Nummer und hat {measure.number} erhalten."
            report.flag("measure_number_given", measure.source[0], measure.title, sentence)
        if len(measure.title) > LONGEST_TITLE:
            sentence = "Der Titel dieser Maßnahme ist zu lang; kürzen Sie ihn."
            report.flag("long_title", measure.source[0], measure.title, sentence)
