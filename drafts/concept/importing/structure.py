"""From source lines to sections, goals and measures, with a report line for every source line."""

from collections.abc import Callable, Mapping
from html import escape

from drafts.concept.importing.headings import settle_headings
from drafts.concept.importing.parsed import (
    BlockKind,
    GoalLevel,
    ImportReport,
    ParsedBlock,
    ParsedConcept,
    ParsedGoal,
    ParsedMeasure,
    ParsedSection,
    ReportLine,
    SourceLine,
    excerpt,
)
from drafts.concept.importing.settling import settle
from drafts.concept.importing.wording import (
    FIELD_HEADING,
    FIELDS_HEADING,
    MEASURES_HEADING,
    SECTION_KINDS,
    add_fact,
    column_fact,
    column_level,
    fact_of_goal,
    fact_of_measure,
    goal_from,
    goals_level,
    measure_from,
    read_openness,
    section_kind,
    split_heading,
    unnamed_measure,
)

OUTERMOST = -1


def build_concept(
    lines: list[SourceLine], report: ImportReport, fallback_title: str, kinds: Mapping[str, str]
) -> ParsedConcept:
    """Return the concept that the lines make up; every line gets its entry in `report.lines`.

    `kinds` overrides guessed section kinds by number or title; an unknown kind is a ValueError.
    """
    if unknown := set(kinds.values()) - set(SECTION_KINDS):
        raise ValueError(f"unknown section kind: {sorted(unknown)[0]}")
    section_level = settle_headings(lines, report)
    builder = _Builder(report, section_level)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        builder.add(line, following)
    concept = ParsedConcept(builder.title, builder.motto, builder.sections, report)
    if not concept.title:
        concept.title = fallback_title
        report.flag("no_title", 0, fallback_title, "Der Titel fehlt; es gilt der Dateiname.")
    settle(concept, kinds)
    return concept


class _Builder:
    """Reads line after line and knows which section, goal and measure is open."""

    def __init__(self, report: ImportReport, section_level: int) -> None:
        self.report = report
        self.section_level = section_level
        self.title = self.motto = ""
        self.sections: list[ParsedSection] = []
        self.goal: ParsedGoal | None = None
        self.goal_heading = 0  # depth of the heading that states the open goal, 0 if a line does
        self.measure: ParsedMeasure | None = None
        self.measure_depth = OUTERMOST  # of the list point that states it, or of all below it
        self.following: SourceLine | None = None
        self.expects = ""  # goals, measures or the name of a fact that a heading announced
        self.goals_level: GoalLevel = "ziel"
        self.fields_follow = False
        self.last_kind = ""
        self.steps: dict[str, Callable[[SourceLine], tuple[str, str]]] = {
            "title": self._add_title,
            "motto": self._add_motto,
            "heading": self._add_heading,
            "paragraph": self._add_paragraph,
            "item": self._add_item,
            "table": self._add_table,
            "contents": self._leave_out,
            "note": self._add_note,
        }

    def add(self, line: SourceLine, following: SourceLine | None) -> None:
        self.following = following
        understood, target = self.steps[line.kind](line)
        self.last_kind = line.kind
        self.report.lines.append(ReportLine(line.number, understood, excerpt(line.text), target))

    @property
    def section(self) -> ParsedSection:
        """The open section; text before the first heading opens one of its own."""
        if not self.sections:
            sentence = "Vor der ersten Überschrift steht Text. Geben Sie dem Abschnitt einen Titel."
            self.report.flag("text_before_section", 0, "", sentence)
            self.sections.append(ParsedSection("", "Vorbemerkung", "preface"))
        return self.sections[-1]

    # headings

    def _add_title(self, line: SourceLine) -> tuple[str, str]:
        self.title = f"{self.title} {line.text}".strip()
        return "Titel", "Titel des Konzepts"

    def _add_motto(self, line: SourceLine) -> tuple[str, str]:
        self.motto = f"{self.motto} {line.text}".strip()
        return "Untertitel", "Motto des Konzepts"

    def _add_heading(self, line: SourceLine) -> tuple[str, str]:
        goal = goal_from(line.text, certain=True)
        if goal:
            return self._open_goal(goal, line, line.level)
        if self._opens_section(line):
            return self._open_section(line)
        measure = measure_from(line.text) if self.goal else None
        if self.goal and measure:
            return self._open_measure(self.goal, measure, line)
        marker = self._marker(line)
        if marker:
            return marker
        self._close_goal()
        return self._add_block(line, "heading", "Zwischenüberschrift")

    def _marker(self, line: SourceLine) -> tuple[str, str] | None:
        """A line that only announces what follows: "Teilziele", "Maßnahmen", "Begründung"."""
        text, following = line.text, self.following
        if not following or not (line.kind == "heading" or text.endswith(":")):
            return None
        level, fact = goals_level(text), fact_of_goal(text)
        if level and (following.kind == "item" or goal_from(following.text, certain=True)):
            self.goal, self.goals_level, self.expects = None, level, "goals"
        elif MEASURES_HEADING.match(text) and following.kind in ("item", "table"):
            if not self._announce_measures(line):
                return None
        elif self.goal and fact and not fact[1] and following.kind in ("item", "paragraph"):
            self.expects = fact[0]
        else:
            return None
        self.measure = None
        return "Kennwort", "sagt, was die folgenden Zeilen sind"

    def _announce_measures(self, line: SourceLine) -> bool:
        goals = self.section.goals
        if not self.goal:
            if self.following and self.following.kind == "item":
                self._flag_without_goal(line)
            return False
        if self.expects == "goals" and len(goals) > 1:
            sentence = (
                f"Diese Maßnahmen stehen hinter mehreren Zielen; sie gehören jetzt zum letzten "
                f"({self._name(self.goal)}). Ordnen Sie sie zu."
            )
            self.report.flag("measures_of_several_goals", line.number, line.text, sentence)
        self.expects = "measures"
        return True

    def _flag_without_goal(self, line: SourceLine) -> None:
        sentence = (
            "Hier stehen Maßnahmen, aber davor kein Ziel; sie blieben einfacher Text. Schreiben Sie "
            "davor, welchem Ziel sie dienen, und laden Sie die Datei noch einmal hoch."
        )
        self.report.flag("measure_without_goal", line.number, line.text, sentence)

    def _close_goal(self) -> None:
        self.goal = self.measure = None
        self.expects = ""

    def _opens_section(self, line: SourceLine) -> bool:
        below = self.fields_follow and line.level == self.section_level + 1
        return line.level <= self.section_level or below or bool(FIELD_HEADING.match(line.text))

    def _open_section(self, line: SourceLine) -> tuple[str, str]:
        self._close_goal()
        heading = split_heading(line.text)
        is_field = bool(FIELD_HEADING.match(line.text)) or line.level > self.section_level
        if line.level <= self.section_level:
            self.fields_follow = bool(FIELDS_HEADING.match(heading.title))
        kind = "field" if is_field else section_kind(line.text) or ""
        level = goals_level(heading.title)
        if level:
            self.goals_level, self.expects = level, "goals"
        self.sections.append(
            ParsedSection(heading.number, heading.title, kind, source=[line.number])
        )
        return "Abschnitt", f"Abschnitt „{self.section.label}“"

    # running text

    def _add_paragraph(self, line: SourceLine) -> tuple[str, str]:
        section = self.section
        empty = not (section.lede or section.blocks or section.goals)
        if empty and line.italic and self.last_kind == "heading":
            section.lede = line.text
            section.source.append(line.number)
            return "Vorspann", f"Abschnitt „{section.label}“, Vorspann"
        found = self._goal_line(line, certain=False) or self._marker(line)
        if found:
            return found
        if self.goal and (self.goal_heading or not self.goal.wording):
            return self._continue_goal(self.goal, line)
        self._close_goal()
        return self._add_block(line, "paragraph", "Absatz")

    def _add_item(self, line: SourceLine) -> tuple[str, str]:
        found = self._goal_line(line, certain=True)
        if found:
            return found
        if self.expects == "goals":
            return self._open_goal(ParsedGoal("", self.goals_level, line.text), line, 0)
        if self.goal and self.expects == "measures":
            return self._open_measure(self.goal, unnamed_measure(line.text, line.lead), line)
        if self.goal:
            return self._continue_goal(self.goal, line)
        return self._add_list_point(line)

    def _goal_line(self, line: SourceLine, *, certain: bool) -> tuple[str, str] | None:
        """A goal, a measure or a fact, if the line begins with its word."""
        goal = goal_from(line.text, certain=certain)
        if goal:
            return self._open_goal(goal, line, 0)
        measure = measure_from(line.text, line.lead)
        if not self.goal:
            if measure:
                self._flag_without_goal(line)
            return None
        if measure:
            return self._open_measure(self.goal, measure, line)
        if self.measure:
            found = self._measure_line(self.goal, self.measure, line)
            if found:
                return found
        named = fact_of_goal(line.text)
        return self._add_fact(self.goal, line, *named) if named and named[1] else None

    def _measure_line(
        self, goal: ParsedGoal, measure: ParsedMeasure, line: SourceLine
    ) -> tuple[str, str] | None:
        """A line that says more about the open measure."""
        below = self.measure_depth == OUTERMOST
        deeper = below or (line.kind == "item" and line.level > self.measure_depth)
        fact = fact_of_measure(line.text)
        if fact and (deeper or fact[0] in ("kind", "cost", "period", "also_serves")):
            add_fact(measure, *fact)
            return self._to_measure(goal, measure, line, "Angabe zur Maßnahme")
        if not deeper:
            return None
        add_fact(measure, "description", "", line.text)
        return self._to_measure(goal, measure, line, "Beschreibung der Maßnahme")

    # goals and measures

    def _open_goal(self, goal: ParsedGoal, line: SourceLine, depth: int) -> tuple[str, str]:
        goal.source.append(line.number)
        self.section.goals.append(goal)
        self.goal, self.goal_heading, self.measure = goal, depth, None
        if self.expects != "goals" or depth:
            self.expects = ""
        return "Ziel", f"Abschnitt „{self.section.label}“, {self._name(goal)}"

    def _name(self, goal: ParsedGoal) -> str:
        return f"Ziel {goal.number or len(self.section.goals)}"

    def _continue_goal(self, goal: ParsedGoal, line: SourceLine) -> tuple[str, str]:
        """Text below a goal's heading without a word that says what it is."""
        if not goal.wording:
            goal.wording = line.text
            goal.source.append(line.number)
            return "Wortlaut", f"{self._name(goal)}, Wortlaut"
        name = self.expects if self.expects in FACT_NAMES else "reason"
        return self._add_fact(goal, line, name, line.text)

    def _add_fact(
        self, goal: ParsedGoal, line: SourceLine, name: str, value: str
    ) -> tuple[str, str]:
        goal.source.append(line.number)
        if name == "openness" and not goal.openness_reason:
            goal.openness, goal.openness_reason = read_openness(value)
        else:
            name = "openness_reason" if name == "openness" else name
            before = getattr(goal, name)
            between = "\n\n" if name == "reason" else ", "
            setattr(goal, name, f"{before}{between}{value}" if before else value)
        label = FACT_NAMES[name]
        return label, f"{self._name(goal)}, {label}"

    def _open_measure(
        self, goal: ParsedGoal, measure: ParsedMeasure, line: SourceLine
    ) -> tuple[str, str]:
        goal.measures.append(measure)
        self.measure = measure
        self.measure_depth = line.level if line.kind == "item" else OUTERMOST
        return self._to_measure(goal, measure, line, "Maßnahme")

    def _to_measure(
        self, goal: ParsedGoal, measure: ParsedMeasure, line: SourceLine, understood: str
    ) -> tuple[str, str]:
        measure.source.append(line.number)
        place = measure.number or len(goal.measures)
        return understood, f"{self._name(goal)}, Maßnahme {place}"

    # blocks

    def _add_block(self, line: SourceLine, kind: BlockKind, name: str) -> tuple[str, str]:
        html = escape(line.text, quote=False) if kind == "heading" else line.html
        block = ParsedBlock(kind, html, source=[line.number])
        block.head, block.rows = line.head, line.rows
        self.section.blocks.append(block)
        return name, f"Abschnitt „{self.section.label}“, Block {len(self.section.blocks)}"

    def _add_list_point(self, line: SourceLine) -> tuple[str, str]:
        blocks = self.section.blocks
        if self.last_kind != "item" or not blocks or blocks[-1].kind != "list":
            blocks.append(ParsedBlock("list"))
        blocks[-1].items.append(line.html)
        blocks[-1].source.append(line.number)
        return "Listenpunkt", f"Abschnitt „{self.section.label}“, Block {len(blocks)}"

    def _add_table(self, line: SourceLine) -> tuple[str, str]:
        head, rows = line.head, line.rows
        columns = [column_fact(cell) for cell in head]
        if not (rows and "title" in columns):
            return self._add_block(line, "table", "Tabelle")
        if not (self.goal or "goal" in columns):
            self._flag_without_goal(line)
            return self._add_block(line, "table", "Tabelle")
        for row in rows:
            self._add_row(line, columns, head, row)
        self.measure = None
        return "Tabelle mit Maßnahmen", f"Abschnitt „{self.section.label}“, {len(rows)} Zeilen"

    def _add_row(
        self, line: SourceLine, columns: list[str | None], head: list[str], row: list[str]
    ) -> None:
        """One measure; a cell in the column of goals holds for this row and the next ones."""
        measure = ParsedMeasure("", "")
        for name, label, cell in zip(columns, head, row, strict=True):
            if name != "goal":
                _fill(measure, name, label, cell)
            elif cell:
                self._turn_to_goal(cell, label, line)
        if self.goal is None:
            self._open_goal(ParsedGoal("", "ziel", ""), line, 0)
        if self.goal and (measure.title or measure.description):
            measure.source.append(line.number)
            self.goal.measures.append(measure)

    def _turn_to_goal(self, cell: str, label: str, line: SourceLine) -> None:
        """A known goal by its number or wording, else a new one."""
        goal = goal_from(cell, certain=True) or ParsedGoal("", column_level(label), cell)
        known = [found for section in self.sections for found in section.goals]
        same = [
            found
            for found in known
            if (found.number and found.number in (goal.number, cell))
            or (found.wording and found.wording == goal.wording)
        ]
        if same:
            self.goal = same[-1]
        else:
            self._open_goal(goal, line, 0)

    def _leave_out(self, _line: SourceLine) -> tuple[str, str]:
        return "Inhaltsverzeichnis", "nicht übernommen, es entsteht von selbst"

    def _add_note(self, line: SourceLine) -> tuple[str, str]:
        self._close_goal()
        if not self.sections or self.sections[-1].title != "Fußnoten":
            self.sections.append(ParsedSection("", "Fußnoten", "annex"))
        return self._add_list_point(line)


FACT_NAMES = {
    "reason": "Begründung",
    "target_groups": "Zielgruppen",
    "lead": "Federführung",
    "openness": "Offenheit",
    "openness_reason": "Grund der Festlegung",
}


def _fill(measure: ParsedMeasure, name: str | None, head: str, cell: str) -> None:
    if name in ("title", "number") and not getattr(measure, name):
        setattr(measure, name, cell)
    elif name == "description" or not cell:
        add_fact(measure, "description", "", cell)
    else:
        add_fact(measure, name or "", head, cell)
