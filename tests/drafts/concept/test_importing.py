"""A concept from Word or Markdown: what is recognised, what is flagged, what is refused."""

import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import unescape
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.concept.importing import ImportRefused, ParsedConcept, ParsedSection, read_concept

CONCEPT = """# Zusammen in Musterstadt

## Vorwort

*Warum es dieses Konzept gibt.*

Wir haben **zuerst** zugehört.

## 3 Sprache

### Wo wir stehen

Viele warten < 5 Monate & länger, siehe [Bericht](https://example.org/?a=1&b=2).

- am Abend
- am *Samstag*

| Ort | Plätze |
| --- | --- |
| Mitte | 12 |

#### Ziel 3.1: Alle können Deutsch lernen.

- Begründung: Die Warteliste ist lang. Das bremst.
- Zielgruppen: Deutschlernende, Neuzugezogene
- Federführung: Amt für Bildung
- Offenheit: fest – Landesrecht: Das Schulgesetz gilt.
- Maßnahme 3.1.a: Abendkurse. Zwölf Kurse ab 18 Uhr. Art: bestehend. Kosten: einmalig 12.000 Euro, \
jährlich 48.000 Euro. Zuständig: Volkshochschule. Zeitraum: 2027-2030. Dient auch: Ziel 5.2.
- Maßnahme 3.1.b: Kurse im Westen. Dort gibt es keinen. Art: fehlend. Kosten: noch nicht geschätzt. \
Zuständig: noch offen. Zeitraum: noch offen.

## Anhang: Zahlen

Hier stehen Zahlen.
"""


def read(text: str, **options) -> ParsedConcept:
    return read_concept(BytesIO(text.encode()), "konzept.md", **options)


def read_word(build: Callable[[docx.document.Document], object], **options) -> ParsedConcept:
    return read_concept(BytesIO(word_bytes(build)), "konzept.docx", **options)


def word_bytes(build: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    build(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def codes(concept: ParsedConcept) -> list[str]:
    return [defect.code for defect in concept.report.defects]


def only_section(text: str) -> ParsedSection:
    """The section of a text that stands below one heading and one goal, as far as given."""
    (section,) = read(f"# Titel\n\n## 7 Feld\n\n{text}").sections
    return section


# --- the whole of a concept ----------------------------------------------------------------------


def test_a_concept_becomes_sections_goals_and_measures():
    concept = read(CONCEPT)
    preface, language, annex = concept.sections
    (goal,) = language.goals
    existing, missing = goal.measures
    assert concept.title == "Zusammen in Musterstadt"
    assert [(s.number, s.title, s.kind) for s in concept.sections] == [
        ("", "Vorwort", "preface"),
        ("3", "Sprache", "field"),
        ("", "Anhang: Zahlen", "annex"),
    ]
    assert preface.lede == "Warum es dieses Konzept gibt."
    assert [block.kind for block in language.blocks] == ["heading", "paragraph", "list", "table"]
    assert (goal.number, goal.level, goal.wording) == ("3.1", "ziel", "Alle können Deutsch lernen.")
    assert goal.reason == "Die Warteliste ist lang. Das bremst."
    assert goal.target_groups == "Deutschlernende, Neuzugezogene"
    assert goal.lead == "Amt für Bildung"
    assert (goal.openness, goal.openness_reason) == ("fixed", "Landesrecht: Das Schulgesetz gilt.")
    assert (existing.number, existing.title) == ("3.1.a", "Abendkurse")
    assert existing.description == "Zwölf Kurse ab 18 Uhr."
    assert (existing.kind, existing.cost_one_off, existing.cost_yearly) == (
        "existing",
        12000,
        48000,
    )
    assert (existing.responsible, existing.period) == ("Volkshochschule", "2027-2030")
    assert existing.also_serves == ["5.2"]
    assert (missing.kind, missing.not_estimated) == ("missing", True)
    assert annex.blocks[0].html == "Hier stehen Zahlen."


def test_inline_marks_are_kept_and_everything_else_is_escaped():
    preface, language, _ = read(CONCEPT).sections
    assert preface.blocks[0].html == "Wir haben <b>zuerst</b> zugehört."
    assert language.blocks[1].html == (
        "Viele warten &lt; 5 Monate &amp; länger, siehe "
        '<a href="https://example.org/?a=1&amp;b=2">Bericht</a>.'
    )
    assert language.blocks[2].items == ["am Abend", "am <i>Samstag</i>"]
    assert language.blocks[3].head == ["Ort", "Plätze"]
    assert language.blocks[3].rows == [["Mitte", "12"]]


def test_word_says_the_same_as_markdown():
    def build(document):
        document.add_paragraph("Zusammen in Musterstadt", style="Title")
        document.add_paragraph("Ein Ort für alle", style="Subtitle")
        document.add_heading("3 Sprache", 1)
        paragraph = document.add_paragraph("Viele ")
        paragraph.add_run("warten").bold = True
        paragraph.add_run(" < 5 Monate.")
        document.add_paragraph("am Abend", style="List Bullet")
        document.add_paragraph("• am Samstag")
        document.add_heading("Ziel 3.1: Alle können Deutsch lernen.", 2)
        document.add_paragraph("Begründung: Die Warteliste ist lang.")
        document.add_paragraph("Maßnahme 3.1.a: Abendkurse. Art: neu. Kosten: 500 € jährlich")

    concept = read_word(build)
    (section,) = concept.sections
    (goal,) = section.goals
    assert (concept.title, concept.motto) == ("Zusammen in Musterstadt", "Ein Ort für alle")
    assert (section.number, section.title) == ("3", "Sprache")
    assert section.blocks[0].html == "Viele <b>warten</b> &lt; 5 Monate."
    assert section.blocks[1].items == ["am Abend", "am Samstag"]
    assert goal.reason == "Die Warteliste ist lang."
    assert (goal.measures[0].title, goal.measures[0].cost_yearly) == ("Abendkurse", 500)


def test_the_demonstration_concept_loses_no_goal_and_no_measure():
    path = Path(__file__).parents[3] / "consult/project/demo/content/konzept.md"
    text = path.read_text(encoding="utf-8")
    goals = [goal for section in read_concept(path).sections for goal in section.goals]
    measures = [measure for goal in goals for measure in goal.measures]
    assert len(goals) == len(re.findall(r"^#### Ziel ", text, re.MULTILINE))
    assert len(measures) == len(re.findall(r"^- Maßnahme ", text, re.MULTILINE))
    assert all(goal.reason and goal.lead and goal.target_groups for goal in goals)
    assert all(measure.responsible and measure.period for measure in measures)
    assert not any("Kosten:" in measure.description for measure in measures)


# --- headings and sections -----------------------------------------------------------------------


def test_german_style_names_and_outline_levels_are_headings():
    def build(document):
        own = document.styles.add_style("Überschrift 1", WD_STYLE_TYPE.PARAGRAPH)
        based = document.styles.add_style("Kapitel", WD_STYLE_TYPE.PARAGRAPH)
        based.base_style = own
        document.add_paragraph("Vorwort", style="Überschrift 1")
        document.add_paragraph("Guten Tag.")
        document.add_paragraph("Leitlinien", style="Kapitel")
        document.add_paragraph("Wir hören zu.")
        outlined = document.add_paragraph("Grundsätze")
        level = f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'
        outlined.paragraph_format.element.get_or_add_pPr().append(parse_xml(level))
        document.add_paragraph("Wir handeln.")

    assert [s.kind for s in read_word(build).sections] == ["preface", "guidelines", "principles"]


def test_bold_lines_are_headings_if_there_are_no_styles():
    def build(document):
        for text in ("1 Sprache", "1.1 Wo wir stehen", "2 Wohnen"):
            document.add_paragraph().add_run(text).bold = True
            document.add_paragraph(f"Text unter {text}, der ein ganzer Satz ist.")

    concept = read_word(build)
    assert [section.label for section in concept.sections] == ["1 Sprache", "2 Wohnen"]
    assert concept.sections[0].blocks[1].kind == "heading"
    assert codes(concept).count("guessed_heading") == 3


def test_short_lines_are_headings_if_nothing_else_is():
    concept = read(
        "Das Konzept\nLeitlinien\n" + "Wir hören zu, bevor wir schreiben. " * 5 + "\nWohnen\nText."
    )
    assert concept.title == "Das Konzept"
    assert [section.title for section in concept.sections] == ["Leitlinien", "Wohnen"]
    assert "guessed_heading" in codes(concept)


def test_a_text_without_headings_is_one_section():
    concept = read("Nur ein Satz.\n\nNoch ein Satz.")
    (section,) = concept.sections
    assert [block.html for block in section.blocks] == ["Nur ein Satz.", "Noch ein Satz."]
    assert {"no_headings", "no_title"} <= set(codes(concept))
    assert concept.title == "konzept"


def test_fields_below_a_common_heading_are_sections():
    concept = read(
        "# K\n\n## B Handlungsfelder\n\nEinleitung.\n\n### Sprache\n\nA.\n\n### Wohnen\n\nB.\n\n## Anhang\n\nC."
    )
    assert [(s.title, s.kind) for s in concept.sections] == [
        ("B Handlungsfelder", "field"),
        ("Sprache", "field"),
        ("Wohnen", "field"),
        ("Anhang", "annex"),
    ]


@pytest.mark.parametrize(
    ("heading", "number", "title", "kind"),
    [
        ("Handlungsfeld 3: Wohnen", "3", "Wohnen", "field"),
        ("Kapitel 2 Grundsätze und Handlungslinien", "2", "Grundsätze und Handlungslinien", "principles"),
        ("IV. Handlungslinien", "IV", "Handlungslinien", "lines_of_action"),
        ("Unser Verständnis von Integration", "", "Unser Verständnis von Integration", "understanding"),
        ("Für wen dieses Konzept gilt", "", "Für wen dieses Konzept gilt", "target_groups"),
        ("2.1 Leitbild", "2.1", "Leitbild", "guidelines"),
        ("Anlage 2: Quellen", "", "Anlage 2: Quellen", "annex"),
    ],
)  # fmt: skip
def test_headings_give_number_title_and_kind(heading, number, title, kind):
    (section,) = read(f"# Titel\n\n## {heading}\n\nText.").sections
    assert (section.number, section.title, section.kind) == (number, title, kind)


def test_guessed_kinds_can_be_overridden():
    kinds = {"3": "annex", "Vorwort": "understanding"}
    assert [s.kind for s in read(CONCEPT, section_kinds=kinds).sections] == [
        "understanding", "annex", "annex",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="unknown section kind: other"):
        read(CONCEPT, section_kinds={"3": "other"})


# --- goals and measures --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "level", "wording"),
    [
        ("#### Ziel 3.2: Alle lernen.", "3.2", "ziel", "Alle lernen."),
        ("#### Leitziel 4 Die Stadt hilft", "4", "leitziel", "Die Stadt hilft"),
        ("Leitziel: Die Stadt hilft.", "7.1", "leitziel", "Die Stadt hilft."),
        ("Teilziel 2.1.a – Die Stadt hilft.", "2.1.a", "handlungsziel", "Die Stadt hilft."),
        ("- Handlungsziel 2.1 Die Stadt hilft.", "2.1", "handlungsziel", "Die Stadt hilft."),
        ("**Ziel 5:** Die Stadt hilft.", "5", "ziel", "Die Stadt hilft."),
        ("#### Ziel 6\n\nDie Stadt hilft.", "6", "ziel", "Die Stadt hilft."),
        ("### Teilziele\n\n- Die Stadt hilft.", "7.1", "handlungsziel", "Die Stadt hilft."),
        ("Unsere Ziele:\n\n- Die Stadt hilft.", "7.1", "ziel", "Die Stadt hilft."),
        ("Zielsetzung: Die Stadt hilft.", "7.1", "ziel", "Die Stadt hilft."),
        ("**Strategisches Ziel:** Die Stadt hilft.", "7.1", "leitziel", "Die Stadt hilft."),
        ("Operatives Ziel 2: Die Stadt hilft.", "2", "handlungsziel", "Die Stadt hilft."),
        ("### Operative Ziele\n\n- Die Stadt hilft.", "7.1", "handlungsziel", "Die Stadt hilft."),
        ("- Teilziel b) Die Stadt hilft.", "b", "handlungsziel", "Die Stadt hilft."),
        ("Z 4: Die Stadt hilft.", "4", "ziel", "Die Stadt hilft."),
    ],
)
def test_goals_are_recognised_in_many_spellings(text, number, level, wording):
    (goal,) = only_section(text).goals
    assert (goal.number, goal.level, goal.wording) == (number, level, wording)


@pytest.mark.parametrize(
    "text",
    [
        "Ziel einer Politik der Vielfalt sind nicht einzelne Maßnahmen.",
        "Ziel 3 des Konzepts von 2019 ist erreicht.",
        "- Zielgruppen: alle",
        "- Z. B. die Bücherei hilft.",
        "- Z – Zuwanderung",
        "- Maßnahmen wirken, wenn sie bekannt sind.",
        "### Ziele\n\nWir haben viel vor.",
    ],
)
def test_running_text_is_no_goal(text):
    section = only_section(text)
    assert section.goals == []
    words = " ".join(text.replace("### ", "").replace("- ", "").split())
    assert " ".join(section_words(section)).endswith(words)


def test_a_goal_number_that_stands_twice_is_made_unique_and_flagged():
    concept = read(
        "# T\n\n## 1 Sprache\n\nZiel 1: Eins tun.\n\nZiel 2: Mehr tun.\n\n"
        "## 2 Wohnen\n\nZiel 1: Zwei tun.\n"
    )
    numbers = [goal.number for section in concept.sections for goal in section.goals]
    assert numbers == ["1.1", "2", "2.1"]
    assert codes(concept).count("goal_number_repeated") == 2


def test_a_section_between_cover_and_fields_explains_and_one_behind_them_is_an_annex():
    concept = read(
        "# T\n\n## Ausgangslage\n\nA.\n\n## Handlungsfeld 1: Sprache\n\nB.\n\n## Ausblick\n\nC.\n"
    )
    assert [section.kind for section in concept.sections] == ["understanding", "field", "annex"]
    assert codes(concept).count("kind_unclear") == 2


def test_measures_behind_several_goals_are_flagged():
    section = "### Ziele\n\n- Eins tun.\n- Zwei tun.\n\n### Maßnahmen\n\n- Sprachcafé\n"
    concept = read(f"# Titel\n\n## 7 Feld\n\n{section}")
    first, second = concept.sections[0].goals
    assert (first.measures, [m.title for m in second.measures]) == ([], ["Sprachcafé"])
    assert "measures_of_several_goals" in codes(concept)


@pytest.mark.parametrize(
    "text",
    [
        "Maßnahme 1: Sprachcafé",
        "### Maßnahmen\n\n- Sprachcafé",
        "| Maßnahme | Zeitraum |\n| --- | --- |\n| Sprachcafé | 2027 |",
    ],
)
def test_measures_without_a_goal_stay_text_and_are_flagged(text):
    concept = read(f"# Titel\n\n## 7 Feld\n\n{text}\n")
    assert "Sprachcafé" in " ".join(section_words(concept.sections[0]))
    assert "measure_without_goal" in codes(concept)


def test_a_table_of_goals_and_measures_needs_no_marked_head():
    rows = [
        ["Handlungsziel", "Maßnahme", "Zuständigkeit", "Kosten"],
        ["Alle lernen Deutsch.", "Abendkurse", "Volkshochschule", "20.000 € jährlich"],
        ["", "Sprachcafé", "Bücherei", ""],
        ["Ziel 9: Alle wohnen gut.", "Wohnungslotsen", "Sozialamt", "offen"],
    ]

    def build(document):
        document.add_heading("Feld", 1)
        document.add_heading("Zweites Feld", 1)
        table = document.add_table(rows=len(rows), cols=4)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words

    concept = read_word(build)
    first, second = concept.sections[-1].goals
    assert (first.level, first.wording) == ("handlungsziel", "Alle lernen Deutsch.")
    assert (second.number, second.wording) == ("9", "Alle wohnen gut.")
    assert [[m.title for m in goal.measures] for goal in (first, second)] == [
        ["Abendkurse", "Sprachcafé"],
        ["Wohnungslotsen"],
    ]
    assert (first.measures[0].responsible, first.measures[0].cost_yearly) == (
        "Volkshochschule",
        20000,
    )
    assert "table_without_head" not in codes(concept)


def test_a_section_named_goals_lists_goals():
    (section,) = read("# T\n\n## 2 Unsere Ziele\n\n- Eins tun.\n- Zwei tun.\n\nSchluss.").sections
    assert [(goal.number, goal.wording) for goal in section.goals] == [
        ("2.1", "Eins tun."),
        ("2.2", "Zwei tun."),
    ]
    assert section.blocks[0].html == "Schluss."


def test_facts_may_stand_below_small_headings_and_in_paragraphs():
    (goal,) = only_section(
        "### Ziel 1: Die Stadt hilft.\n\nEs eilt.\n\n#### Zielgruppen\n\n- Eltern\n- Kinder\n\n"
        "#### Maßnahmen\n\n- **Sprachcafé** für alle im Stadtteil\n- Lotsen: Sie begleiten.\n"
    ).goals
    assert goal.reason == "Es eilt."
    assert goal.target_groups == "Eltern, Kinder"
    assert [(m.number, m.title, m.description) for m in goal.measures] == [
        ("1.a", "Sprachcafé", "für alle im Stadtteil"),
        ("1.b", "Lotsen", "Sie begleiten."),
    ]


def test_facts_of_a_measure_may_be_points_below_it():
    (goal,) = only_section(
        "### Ziel 1: Die Stadt hilft.\n\n- M 1.1 Sprachcafé\n"
        "  - Kosten: 20 Tsd. Euro pro Jahr\n  - Zuständig: Bücherei\n  - Es gibt Tee.\n"
        "- Federführung: Amt für Kultur\n"
    ).goals
    (measure,) = goal.measures
    assert (measure.number, measure.title) == ("1.1", "Sprachcafé")
    assert (measure.cost_yearly, measure.responsible) == (20000, "Bücherei")
    assert measure.description == "Es gibt Tee."
    assert goal.lead == "Amt für Kultur"


def test_a_measure_may_be_a_heading_with_text():
    (goal,) = only_section(
        "### Ziel 1: Die Stadt hilft.\n\n#### Maßnahme 1.1: Sprachcafé\n\nJeden Tag offen.\n\n"
        "Zuständig: Bücherei\n\n### Ausblick\n\nWeiter so.\n"
    ).goals
    (measure,) = goal.measures
    assert (measure.description, measure.responsible) == ("Jeden Tag offen.", "Bücherei")
    assert goal.lead == ""


def test_a_table_below_a_goal_lists_measures():
    (goal,) = only_section(
        "### Ziel 1: Die Stadt hilft.\n\n| Maßnahme | Zuständigkeit | Kosten | Indikator |\n"
        "|---|---|---|---|\n| Sprachcafé | Bücherei | 1,5 Mio. € einmalig | Gäste |\n"
    ).goals
    (measure,) = goal.measures
    assert (measure.title, measure.responsible, measure.cost_one_off) == (
        "Sprachcafé", "Bücherei", 1_500_000,
    )  # fmt: skip
    assert measure.description == "Indikator: Gäste."


@pytest.mark.parametrize(
    ("cost", "one_off", "yearly", "left"),
    [
        ("einmalig 12.000 Euro, jährlich 48.000 Euro", 12000, 48000, ""),
        ("12 000 € pro Jahr", None, 12000, ""),
        ("noch nicht geschätzt", None, None, ""),
        ("keine", 0, None, ""),
        ("rund 500 Euro jährlich", None, 500, "Kosten: rund 500 Euro jährlich."),
        ("500 Euro", 500, None, "Kosten: 500 Euro."),
        ("trägt das Land", None, None, "Kosten: trägt das Land."),
    ],
)
def test_costs_are_read_and_nothing_of_them_is_lost(cost, one_off, yearly, left):
    (goal,) = only_section(
        f"### Ziel 1: X.\n\n- Maßnahme 1.a: Café. Kosten: {cost}. Zeitraum: 2027."
    ).goals
    (measure,) = goal.measures
    assert (measure.cost_one_off, measure.cost_yearly) == (one_off, yearly)
    assert measure.description == left
    assert measure.period == "2027"


@pytest.mark.parametrize(
    ("value", "openness", "reason"),
    [
        ("offen", "open", ""),
        ("fest – Bundesrecht", "fixed", "Bundesrecht"),
        ("feststehend", "fixed", ""),
        ("nur der Ort", "open", "nur der Ort"),
    ],
)
def test_openness_is_read_with_its_reason(value, openness, reason):
    (goal,) = only_section(f"### Ziel 1: X.\n\n- Offenheit: {value}").goals
    assert (goal.openness, goal.openness_reason) == (openness, reason)


# --- nothing is lost -----------------------------------------------------------------------------


def section_words(section: ParsedSection) -> Iterator[str]:
    yield from section.label.split()
    yield from section.lede.split()
    for block in section.blocks:
        cells = [cell for row in [block.head, *block.rows] for cell in row]
        for html in [block.html, *block.items]:
            yield from unescape(re.sub(r"<[^>]+>", "", html)).split()
        yield from " ".join(cells).split()
    for goal in section.goals:
        texts = [goal.wording, goal.reason, goal.target_groups, goal.lead, goal.openness_reason]
        yield from " ".join(texts).split()
        for measure in goal.measures:
            texts = [measure.title, measure.description, measure.responsible, measure.period]
            yield from " ".join(texts).split()


def all_words(concept: ParsedConcept) -> list[str]:
    words = f"{concept.title} {concept.motto}".split()
    return words + [word for section in concept.sections for word in section_words(section)]


SHAPES = {
    "# {}": "Heading 1", "## {}": "Heading 2", "### {}": "Heading 3", "{}": "Normal",
    "- {}": "List Bullet", "  - {}": "List Bullet 2", "*{}*": "Normal", "**{}**": "Normal",
    "### Ziel 1.1: {}": "Heading 3", "Leitziel: {}": "Normal", "- Ziel: {}": "List Bullet",
    "### Ziel 4": "Heading 3", "### Ziele": "Heading 3", "### Maßnahmen": "Heading 3",
    "#### Begründung": "Heading 4", "Maßnahmen:": "Normal", "- Begründung: {}": "List Bullet",
    "- Zielgruppen: {}": "List Bullet", "Offenheit: fest – {}": "Normal",
    "- Maßnahme 1.a: {}. Art: {}. Kosten: {}. Zuständig: {}. Zeitraum: {}.": "List Bullet",
    "#### Maßnahme: {}": "Heading 4", "  - Kosten: {}": "List Bullet 2", "Kosten: {}": "Normal",
    "| Maßnahme | {} |\n| --- | --- |\n| {} | {} |": "table", "| {} | {} |": "table",
    "## Handlungsfeld 2: {}": "Heading 2", "## Die Handlungsfelder": "Heading 2",
}  # fmt: skip


@st.composite
def documents(draw) -> list[tuple[str, str]]:
    """Shapes filled with words that occur once in the whole document."""
    lines = []
    used = 0
    for shape in draw(st.lists(st.sampled_from(list(SHAPES)), min_size=1, max_size=16)):
        count = shape.count("{}")
        phrases = [f"wort{used + n}x wort{used + n}y" for n in range(count)]
        used += count
        lines.append((SHAPES[shape], shape.format(*phrases)))
    return lines


def as_word(lines: list[tuple[str, str]]) -> bytes:
    def build(document):
        for style, text in lines:
            if style == "table":
                rows = [
                    row.strip("| ").split(" | ") for row in text.split("\n") if "---" not in row
                ]
                table = document.add_table(len(rows), 2)
                for cells, row in zip(table.rows, rows, strict=True):
                    for cell, words in zip(cells.cells, row, strict=True):
                        cell.text = words
                if len(rows) > 1:
                    for cell in table.rows[0].cells:
                        cell.paragraphs[0].runs[0].bold = True
                continue
            words = re.sub(r"^\s*(?:#+|-) ", "", text)
            run = document.add_paragraph(style=style).add_run(words.strip("*"))
            run.bold, run.italic = (
                words.startswith("**") or None,
                words[:1] == "*" != words[1:2] or None,
            )

    return word_bytes(build)


@settings(max_examples=150)
@given(documents())
def test_no_word_of_a_document_is_lost_or_doubled(lines):
    text = "\n\n".join(text for _, text in lines)
    wanted = sorted(re.findall(r"wort\w+", text))
    for data, name in ((text.encode(), "k.md"), (as_word(lines), "k.docx")):
        concept = read_concept(BytesIO(data), name)
        found = sorted(re.findall(r"wort\w+", " ".join(all_words(concept))))
        assert found == wanted
        assert len(concept.report.lines) == len(lines)
        assert all(entry.understood and entry.target for entry in concept.report.lines)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_can_be_read(text):
    concept = read(f"{text}\n\nEin Satz.")
    assert concept.report.lines
    assert "Satz." in all_words(concept)


# --- what Word hides -----------------------------------------------------------------------------

RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


def with_xml(inner: str) -> Callable[[docx.document.Document], None]:
    def build(document):
        document.add_heading("Vorwort", 1)
        document.element.body.insert(1, parse_xml(f"<w:p {nsdecls('w', 'r')}>{inner}</w:p>"))

    return build


def test_tracked_changes_count_as_accepted_and_are_flagged():
    concept = read_word(
        with_xml(
            RUN.format("Wir ")
            + f"<w:del>{RUN.format('alt').replace('w:t', 'w:delText')}</w:del>"
            + f"<w:ins>{RUN.format('neu')}</w:ins>"
        )
    )
    assert concept.sections[0].blocks[0].html == "Wir neu"
    assert "tracked_changes" in codes(concept)


def test_text_boxes_and_content_controls_are_read():
    box = f"<w:r><w:pict><w:txbxContent><w:p>{RUN.format('im Kasten')}</w:p></w:txbxContent></w:pict></w:r>"
    control = f"<w:sdt><w:sdtContent>{RUN.format('im Feld')}</w:sdtContent></w:sdt>"
    concept = read_word(with_xml(box + control))
    assert [block.html for block in concept.sections[0].blocks] == ["im Feld", "im Kasten"]


def test_footnotes_become_a_section_at_the_end():
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    data = word_bytes(with_xml(RUN.format("Ein Satz.") + reference))
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p>{RUN.format('Quelle A')}</w:p></w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    changed = repacked(
        data,
        {
            "word/footnotes.xml": lambda _: notes.encode(),
            "[Content_Types].xml": lambda xml: xml.replace(
                b"</Types>",
                f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode(),
            ),
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b"</Relationships>",
                f'<Relationship Id="rId99" Type="{link}" Target="footnotes.xml"/></Relationships>'.encode(),
            ),
        },
    )
    text, notes_section = read_concept(BytesIO(changed), "k.docx").sections
    assert text.blocks[0].html == "Ein Satz. [1]"
    assert (notes_section.kind, notes_section.blocks[0].items) == ("annex", ["[1] Quelle A"])


def test_links_of_word_are_kept_if_they_lead_to_the_web():
    def build(document):
        document.add_heading("Vorwort", 1)
        for address in ("https://example.org/", "javascript:alert(1)"):
            relation = document.part.relate_to(
                address,
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
                is_external=True,
            )
            inner = f"<w:hyperlink r:id='{relation}'>{RUN.format('hier')}</w:hyperlink>"
            document.element.body.insert(1, parse_xml(f"<w:p {nsdecls('w', 'r')}>{inner}</w:p>"))

    concept = read_word(build)
    assert [block.html for block in concept.sections[0].blocks] == [
        "hier",
        '<a href="https://example.org/">hier</a>',
    ]
    assert codes(concept).count("link_dropped") == 1


def test_contents_page_headers_and_pictures_are_accounted_for(tmp_path):
    def build(document):
        document.styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Vorwort 3", style="TOC 1")
        document.add_heading("Vorwort", 1)
        document.add_paragraph("Text.")
        document.sections[0].footer.paragraphs[0].text = "Seite 1 von 9"
        document.add_picture(BytesIO(PIXEL))

    concept = read_word(build)
    assert concept.report.lines[0].understood == "Inhaltsverzeichnis"
    assert "Vorwort 3" not in " ".join(all_words(concept))
    assert {"header_footer", "picture"} <= set(codes(concept))


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


# --- defects are flagged, never corrected --------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("broken_hyphenation", "einen gemein- samen Ort"),
        ("double_space", "zwei  Leerzeichen"),
        ("missing_word", "Der Grundsatz muss ein sein, alle zu stützen."),
        ("repeated_word", "Wir hören hören zu."),
        ("missing_space", "Das ist gut.Wir gehen weiter."),
        ("joined_words", "Dieses Konzeptsoll gelten. Das Konzept ist neu."),
    ],
)
def test_defects_are_flagged_and_the_text_stays(code, text):
    concept = read(f"# T\n\n## Vorwort\n\n{text}")
    (defect,) = [defect for defect in concept.report.defects if defect.code == code]
    assert defect.source == 5
    assert concept.sections[0].blocks[0].html == text


@pytest.mark.parametrize(
    "text",
    ["Vor- und Nachteile", "Wer kommt, bringt sich ein.", "die, die kommen, und die der Stadt",
     "Die Verbände und der Verbund", "am 1.1.2027 um 18.30 Uhr", "z. B. hier"],
)  # fmt: skip
def test_sound_text_is_not_flagged(text):
    assert codes(read(f"# T\n\n## Vorwort\n\n{text}")) == []


def test_structural_defects_are_flagged():
    concept = read("# T\n\n## Vorwort\n\n#### Tief\n\n| a | b |\n\n## Anhang\n")
    assert {"level_jump", "table_without_head", "empty_section"} <= set(codes(concept))


def test_a_fixed_goal_without_reason_is_flagged():
    concept = read("# T\n\n## 1 Feld\n\n### Ziel 1.1:\n\n- Offenheit: fest\n")
    assert {"fixed_without_reason", "goal_without_wording"} <= set(codes(concept))


# --- refused files -------------------------------------------------------------------------------


def repacked(data: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The .docx with parts changed or added."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist() + [name for name in changes if name not in old.namelist()]
        for name in names:
            part = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes.get(name, lambda same: same)(part))
    return file.getvalue()


def minimal(document) -> None:
    document.add_paragraph("Text.")


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: repacked(word_bytes(minimal), {name: change})


def with_doctype(xml: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return xml.replace(b"?>", b"?>" + entity, 1)


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)

REFUSED = {
    "wrong_type": ("k.pdf", lambda: b"%PDF-1.7"),
    "not_word": ("k.docx", lambda: b"%PDF-1.7"),
    "old_word": ("k.doc", lambda: OLE),
    "encrypted": ("k.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    "broken": ("k.docx", lambda: word_bytes(minimal)[:-300]),
    "too_large": ("k.md", lambda: b"a" * (20 * 1024 * 1024 + 1)),
    "zip_bomb": ("k.docx", changed("word/media/a.bin", lambda _: bytes(30_000_000))),
    "macros": ("k.docm", changed("word/vbaProject.bin", lambda _: b"x")),
    "doctype": ("k.docx", changed("word/document.xml", with_doctype)),
    "not_utf8": ("k.md", lambda: "Straße".encode("latin-1")),
    "nul_byte": ("k.md", lambda: b"Text\0"),
    "empty": ("k.md", lambda: b"\xef\xbb\xbf\n \n---\n"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_bad_files_are_refused_with_a_plain_sentence(code):
    name, make = REFUSED[code]
    with pytest.raises(ImportRefused) as refusal:
        read_concept(BytesIO(make()), name)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")
    assert str(refusal.value) == refusal.value.sentence


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("broken", changed("word/document.xml", lambda _: b"<?xml version='1.0'?><w:document")),
        ("broken", changed("[Content_Types].xml", lambda xml: xml.replace(b"document.main", b"other"))),
        ("not_word", lambda: repacked_without("[Content_Types].xml")),
        ("doctype", changed("word/document.xml", lambda x: with_doctype(x).decode().replace("UTF-8", "UTF-16").encode("utf-16"))),
        ("doctype", changed("word/document.xml", lambda x: x.replace(b"UTF-8", b"UTF-7"))),
        ("macros", changed("[Content_Types].xml", lambda x: x.replace(b"</Types>", b'<Default Extension="z" ContentType="a.macroEnabled"/></Types>'))),
        ("empty", lambda: word_bytes(lambda document: None)),
    ],
)  # fmt: skip
def test_damaged_and_dangerous_word_files_are_refused(code, make):
    with pytest.raises(ImportRefused) as refusal:
        read_concept(BytesIO(make()), "k.docx")
    assert refusal.value.code == code


def repacked_without(name: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(word_bytes(minimal))) as old, zipfile.ZipFile(file, "w") as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
    return file.getvalue()


def test_a_path_is_read_like_a_file(tmp_path):
    path = tmp_path / "Unser Konzept.MD"
    path.write_text("## Vorwort\r\n\r\nText.\r\n", encoding="utf-8-sig")
    concept = read_concept(path)
    assert (concept.title, concept.sections[0].title) == ("Unser Konzept", "Vorwort")


@pytest.mark.parametrize(
    ("facts", "posts", "funding", "left"),
    [
        ("Stellen: 1,5. Finanzierung: beantragt", Decimal("1.5"), "applied", ""),
        ("Stellen: 2 Stellen. Finanzierung: gesichert", Decimal(2), "secured", ""),
        ("Personal: 0,5 VZÄ. Finanzierung: offen", Decimal("0.5"), "open", ""),
        ("Stellen: zwei halbe", None, "", "Stellen: zwei halbe."),
        ("Finanzierung: trägt das Land", None, "", "Finanzierung: trägt das Land."),
    ],
)
def test_posts_and_funding_are_read_and_nothing_of_them_is_lost(facts, posts, funding, left):
    (goal,) = only_section(
        f"### Ziel 1: X.\n\n- Maßnahme 1.a: Café. {facts}. Zeitraum: 2027."
    ).goals
    (measure,) = goal.measures
    assert (measure.posts, measure.funding, measure.description) == (posts, funding, left)
    assert measure.not_estimated


def test_an_amount_behind_funding_is_a_cost():
    (goal,) = only_section(
        "### Ziel 1: X.\n\n- Maßnahme 1.a: Café. Finanzierung: jährlich 500 Euro."
    ).goals
    assert (goal.measures[0].cost_yearly, goal.measures[0].funding) == (500, "")
