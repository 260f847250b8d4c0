"""Reading a concept from a Word or Markdown file into sections, goals and measures.

Nothing here touches the database: `read_concept` gives plain data and a report that accounts for
every paragraph of the file. Whoever calls it turns the data into pages.
"""

from drafts.concept.importing.parsed import (
    Defect,
    ImportRefused,
    ImportReport,
    ParsedBlock,
    ParsedConcept,
    ParsedGoal,
    ParsedMeasure,
    ParsedSection,
    ReportLine,
)
from drafts.concept.importing.reading import read_concept

__all__ = [
    "Defect",
    "ImportRefused",
    "ImportReport",
    "ParsedBlock",
    "ParsedConcept",
    "ParsedGoal",
    "ParsedMeasure",
    "ParsedSection",
    "ReportLine",
    "read_concept",
]
