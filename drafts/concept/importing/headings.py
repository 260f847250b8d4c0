"""Which lines are headings, and at which depth the sections stand."""

import re
from itertools import pairwise

from drafts.concept.importing.parsed import ImportReport, SourceLine
from drafts.concept.importing.wording import goal_from

LONGEST_HEADING = 120
LONGEST_PLAIN_HEADING = 80
NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")


def settle_headings(lines: list[SourceLine], report: ImportReport) -> int:
    """Make titles and headings known as such; return the depth at which sections stand.

    A file without heading styles is read by its bold lines, then by its short ones; every guess
    is flagged. A single heading above all others is the title.
    """
    if not any(line.kind == "heading" for line in lines):
        _guess(lines, report)
    headings = [line for line in lines if line.kind == "heading"]
    plain = [line for line in headings if not goal_from(line.text, certain=True)]
    if not plain:
        return 1
    _settle_title(lines, plain)
    levels = [line.level for line in plain if line.kind == "heading"]
    _flag_jumps(headings, report)
    return min(levels, default=1)


def _settle_title(lines: list[SourceLine], headings: list[SourceLine]) -> None:
    first = headings[0]
    if any(line.kind == "title" for line in lines) or first is not lines[0]:
        return
    alone = sum(line.level <= first.level for line in headings) == 1 and len(headings) > 1
    second = lines[1] if headings[1:2] == lines[1:2] != [] else None
    doubled = first.guessed and second is not None and second.level == first.level
    if alone or doubled:
        first.kind = "title"


def _guess(lines: list[SourceLine], report: ImportReport) -> None:
    guessed = [line for line in lines if _is_bold_heading(line)] or [
        line for line, following in pairwise(lines) if _is_short_heading(line, following)
    ]
    sizes = sorted({line.size for line in guessed}, reverse=True)
    for line in guessed:
        number = NUMBERED.match(line.text)
        line.kind, line.guessed = "heading", True
        line.level = number[1].count(".") + 1 if number else sizes.index(line.size) + 1
        sentence = "Diese Zeile wurde für eine Überschrift gehalten; sie hat keine Formatvorlage."
        report.flag("guessed_heading", line.number, line.text, sentence)
    if not guessed:
        sentence = "Das Dokument hat keine Überschriften; alles steht in einem Abschnitt."
        report.flag("no_headings", 0, "", sentence)


def _is_bold_heading(line: SourceLine) -> bool:
    short = len(line.text) <= LONGEST_HEADING and not line.text.endswith((".", ",", ";"))
    return line.kind == "paragraph" and short and line.lead == line.text


def _is_short_heading(line: SourceLine, following: SourceLine) -> bool:
    text = line.text
    fits = len(text) <= LONGEST_PLAIN_HEADING and not text.endswith((".", ",", ";", ":", "!"))
    opens = text[:1].isupper() or bool(NUMBERED.match(text))
    return line.kind == "paragraph" and following.kind == "paragraph" and fits and opens


def _flag_jumps(headings: list[SourceLine], report: ImportReport) -> None:
    depth = headings[0].level
    for line in headings:
        if line.level > depth + 1:
            sentence = "Diese Überschrift überspringt eine Ebene."
            report.flag("level_jump", line.number, line.text, sentence)
        depth = line.level
