"""The small concept that the journey begins with, as a Word file."""

from pathlib import Path

import docx

TITLE = "Zusammen in Musterstadt"
PARAGRAPH = "Deutschkurse gibt es in Musterstadt nur an Werktagen am Vormittag."
GOAL = "Wer Deutsch lernen will, findet binnen acht Wochen einen Kurs."
MEASURE = "Abendkurse"
DEPARTMENT = "Amt für Bildung"


def write_concept(path: Path) -> Path:
    """Write two sections with three goals and four measures."""
    document = docx.Document()
    document.add_heading(TITLE, level=0)
    document.add_heading("1 Sprache", level=1)
    document.add_paragraph(PARAGRAPH)
    document.add_paragraph("Auf der Warteliste stehen 240 Menschen.")
    _add_goal(document, f"Ziel 1.1: {GOAL}", f"1.1.a: {MEASURE}", "1.1.b: Kurse am Samstag")
    _add_goal(
        document, "Ziel 1.2: Ämter schreiben verständlich.", "1.2.a: Vorlagen für alle Schreiben"
    )
    document.add_heading("2 Begegnung", level=1)
    document.add_paragraph("In den Stadtteilen fehlen Räume, in denen Menschen sich treffen.")
    _add_goal(document, "Ziel 2.1: Jeder Stadtteil hat einen offenen Raum.", "2.1.a: Offene Schule")
    document.save(path)
    return path


def _add_goal(document, goal: str, *measures: str) -> None:
    document.add_heading(goal, level=2)
    document.add_paragraph("Begründung: Das fehlt den Menschen am meisten.", style="List Bullet")
    document.add_paragraph(f"Federführung: {DEPARTMENT}", style="List Bullet")
    for measure in measures:
        document.add_paragraph(
            f"Maßnahme {measure}. Die Stadt richtet es ein. Kosten: jährlich 48.000 Euro. "
            "Zuständig: Volkshochschule. Zeitraum: 2027-2030.",
            style="List Bullet",
        )
