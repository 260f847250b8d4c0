"""What an imported concept looks like before it becomes pages, and the report on how it was read."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

BlockKind = Literal["paragraph", "heading", "list", "table"]
GoalLevel = Literal["leitziel", "ziel", "handlungsziel"]


class ImportRefused(Exception):
    """The file cannot be read. `sentence` says in German what to do next, `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass
class SourceLine:
    """One paragraph, heading, list point or table of the file, before anybody knows its meaning.

    `number` counts from 1: the paragraph in a Word file, the line in a Markdown file. `lead` is
    the bold beginning of the text, `level` the depth of a heading (1 is highest) or list point
    (0 is outermost). A table has `head` and `rows` and its cells joined by " | " as text.
    """

    number: int
    kind: str  # title, motto, heading, paragraph, item, table, contents, note
    text: str
    html: str = ""
    level: int = 0
    lead: str = ""
    italic: bool = False
    guessed: bool = False
    size: int = 0
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class ParsedBlock:
    """A numbered block of a section; text is restricted HTML (b, i, a), cells are plain text."""

    kind: BlockKind
    html: str = ""
    items: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    source: list[int] = field(default_factory=list)


@dataclass
class ParsedMeasure:
    """A proposed measure; amounts are whole euros, None where the text names none.

    `posts` are full-time equivalents, `funding` is empty where the text does not say.
    """

    number: str
    title: str
    description: str = ""
    kind: Literal["existing", "new", "missing"] = "new"
    cost_one_off: int | None = None
    cost_yearly: int | None = None
    posts: Decimal | None = None
    funding: Literal["", "secured", "applied", "open"] = ""
    responsible: str = ""
    period: str = ""
    also_serves: list[str] = field(default_factory=list)
    source: list[int] = field(default_factory=list)

    @property
    def not_estimated(self) -> bool:
        """Whether the text gives no amount at all."""
        return self.cost_one_off is None and self.cost_yearly is None


@dataclass
class ParsedGoal:
    number: str
    level: GoalLevel
    wording: str
    reason: str = ""
    target_groups: str = ""
    lead: str = ""
    openness: Literal["open", "fixed"] = "open"
    openness_reason: str = ""
    measures: list[ParsedMeasure] = field(default_factory=list)
    source: list[int] = field(default_factory=list)


@dataclass
class ParsedSection:
    number: str
    title: str
    kind: str
    lede: str = ""
    blocks: list[ParsedBlock] = field(default_factory=list)
    goals: list[ParsedGoal] = field(default_factory=list)
    source: list[int] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Number and title, as the report names the section."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True)
class ReportLine:
    """One line of the source: what it was taken for and where it went, in German words."""

    source: int
    understood: str
    excerpt: str
    target: str


@dataclass(frozen=True)
class Defect:
    """Something a person should look at; the text itself was left as it is."""

    code: str
    source: int
    excerpt: str
    sentence: str


@dataclass
class ImportReport:
    """Every line of the source, in order, and what looked wrong."""

    lines: list[ReportLine] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    def flag(self, code: str, source: int, text: str, sentence: str) -> None:
        """Add a defect with the beginning of the text that it is about."""
        self.defects.append(Defect(code, source, excerpt(text), sentence))


@dataclass
class ParsedConcept:
    title: str
    motto: str
    sections: list[ParsedSection]
    report: ImportReport


def excerpt(text: str, length: int = 80) -> str:
    """Return the beginning of a text, cut at a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return f"{text[:length].rsplit(' ', 1)[0]} …"
