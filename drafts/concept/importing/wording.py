"""What single lines say: headings, goals, facts about a goal, measures with their cost."""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from drafts.concept.importing.parsed import GoalLevel, ParsedGoal, ParsedMeasure

NUMBER = r"\d+(?:\.\d+)*(?:\.?[a-z])?(?![\w])"
SECTION_NUMBER = re.compile(
    r"(?:(?P<word>Kapitel|Abschnitt|Teil|Handlungsfeld)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-Z])(?P<end>[.):]|\s+[–-])?\s+(?P<title>\S.*)$"
)
SECTION_KINDS = {
    "annex": ("anhang", "anlage", "glossar", "quellen", "literatur", "abkürzung", "fußnote"),
    "preface": ("vorwort", "grußwort", "einleitung", "einführung", "präambel"),
    "understanding": ("verständnis", "definition", "verstehen wir"),
    "target_groups": ("zielgruppe", "für wen"),
    "guidelines": ("leitlinie", "leitbild"),
    "principles": ("grundsatz", "grundsätze", "prinzipien"),
    "lines_of_action": ("handlungslinie",),
    "field": ("handlungsfeld", "handlungsfelder"),
}
FIELDS_HEADING = re.compile(r"(?:[A-Z]\s+)?(?:die |unsere )?handlungsfelder\b[^.]*$", re.IGNORECASE)
FIELD_HEADING = re.compile(r"handlungsfeld\s+(?:\d|[IVX]+\b|[A-Z]\b)", re.IGNORECASE)

# Longer words first: "Zielsetzung" begins like "Ziel".
LEVELS: dict[str, GoalLevel] = {
    "zielsetzung": "ziel",
    "handlungsziel": "handlungsziel",
    "entwicklungsziel": "leitziel",
    "unterziel": "handlungsziel",
    "teilziel": "handlungsziel",
    "leitziel": "leitziel",
    "oberziel": "leitziel",
    "ziel": "ziel",
    "z": "ziel",
}
SCOPES: dict[str, GoalLevel] = {
    "strategisch": "leitziel",
    "übergeordnet": "leitziel",
    "langfristig": "leitziel",
    "operativ": "handlungsziel",
    "konkret": "handlungsziel",
    "kurzfristig": "handlungsziel",
    "mittelfristig": "ziel",
}
SCOPE = rf"(?:(?P<scope>{'|'.join(SCOPES)})e[sr]?\s+)?"
LEVEL = rf"{SCOPE}(?P<level>{'|'.join(LEVELS)})"
GOAL = re.compile(
    rf"{LEVEL}\s*(?P<number>{NUMBER}|[a-z](?=\)))?(?P<end>\s*[:–)-]|\.)?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
GOALS_HEADING = re.compile(
    rf"(?:(?:unsere|die|folgende)\s+)?{LEVEL}(?P<many>e|en)?\s*:?$", re.IGNORECASE
)
MEASURE = re.compile(
    rf"(?:Ma(?:ß|ss)nahme\s*(?P<number>{NUMBER})?(?P<end>\s*[:–-]|\.)?|M\s?(?P<short>{NUMBER})\s*[:–.-]?)"
    r"\s+(?P<rest>\S.*)$",
    re.DOTALL,
)
MEASURES_HEADING = re.compile(
    r"(?:(?:unsere|die|folgende)\s+)?ma(?:ß|ss)nahmen\s*:?$", re.IGNORECASE
)

GOAL_FACTS = {
    "reason": r"Begründung|Warum|Hintergrund",
    "target_groups": r"Zielgruppen?|Für wen",
    "lead": r"Federführung|Federführend|Zuständig(?:keit)?|Verantwortlich(?:keit)?",
    "openness": r"Offenheit",
}
MEASURE_FACTS = {
    "kind": r"Art|Status",
    "cost": r"Kosten",
    "funding": r"Finanzierung",
    "posts": r"Stellen(?:anteile?)?|Personal",
    "responsible": r"Zuständig(?:keit)?|Verantwortlich(?:keit)?|Federführung|Umsetzung durch",
    "period": r"Zeitraum|Laufzeit|Zeitplan",
    "also_serves": r"Dient auch|Dient außerdem",
}
MEASURE_COLUMNS = MEASURE_FACTS | {
    "goal": rf"{SCOPE.replace('?P<scope>', '?:')}(?:Handlungs|Teil|Leit|Unter|Ober)?ziele?",
    "title": r"Ma(?:ß|ss)nahmen?|Titel|Projekt",
    "description": r"Beschreibung|Inhalt|Erläuterung",
    "number": r"Nr\.?|Nummer",
}
MEASURE_FACT = re.compile(
    r"(?:^|(?<=[.;,!?)\s]))(?P<label>"
    + "|".join(f"(?P<{name}>{words})" for name, words in MEASURE_FACTS.items())
    + r")\s*:\s*"
)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?:]\s+(?=[^\Wa-zäöüß_]|[„\"»])")
KINDS: dict[str, Literal["existing", "new", "missing"]] = {
    "bestehend": "existing",
    "laufend": "existing",
    "vorhanden": "existing",
    "neu": "new",
    "geplant": "new",
    "fehlend": "missing",
    "fehlt": "missing",
    "lücke": "missing",
}
FUNDINGS: dict[str, Literal["secured", "applied", "open"]] = {
    "gesichert": "secured",
    "beantragt": "applied",
    "offen": "open",
}
POSTS = re.compile(
    r"(?P<number>\d{1,4}(?:,\d{1,2})?)(?:\s*(?:Vollzeit)?stellen?|\s*VZÄ)?$", re.IGNORECASE
)
OPENNESS = re.compile(r"(?P<fixed>fest(?:stehend)?|steht fest)|offen\b", re.IGNORECASE)
YEARLY = r"jährlich|pro Jahr|im Jahr|p\. ?a\."
AMOUNT = re.compile(
    rf"(?:(?P<before>einmalig|{YEARLY})\s+)?(?P<amount>\d{{1,3}}(?:[.\s]\d{{3}})+|\d+)(?P<cents>,\d+)?"
    rf"\s*(?P<unit>Mio\.?|Millionen|Tsd\.?|Tausend)?\s*(?:Euro|EUR|€)(?:\s+(?P<after>einmalig|{YEARLY}))?"
)
UNITS = {"M": 1_000_000, "T": 1_000}
NO_AMOUNT = re.compile(r"(?:noch )?(?:nicht geschätzt|offen|unbekannt|nicht beziffert)$|-$|–$")
NO_COST = re.compile(r"(?:keine|kostenneutral|0 Euro)$")


class Heading(NamedTuple):
    number: str
    title: str


def split_heading(text: str) -> Heading:
    """Return number and title of a section heading, e.g. "Handlungsfeld 3: Wohnen"."""
    match = SECTION_NUMBER.match(text)
    if not match or not (match["number"][0].isdigit() or match["word"] or match["end"]):
        return Heading("", text)
    return Heading(match["number"], match["title"])


def section_kind(title: str) -> str | None:
    """Return the kind that the first known word of a heading stands for."""
    places = {
        title.lower().find(word): kind for kind, words in SECTION_KINDS.items() for word in words
    }
    return places[min(place for place in places if place >= 0)] if max(places) >= 0 else None


def goal_from(text: str, *, certain: bool) -> ParsedGoal | None:
    """Return the goal that a line states, e.g. "Ziel 3.2: …"; None if it states none.

    Running text needs a colon or dash behind the number; a heading or list point (`certain`)
    needs either a number or a colon, and may leave the wording to the next line.
    """
    match = GOAL.match(text)
    if not match:
        return None
    number, end, rest = match["number"] or "", match["end"] or "", match["rest"]
    marked = (number or end) if certain else (end.strip(" ") not in ("", ".") and rest)
    # "z." and "Z –" begin other things than a goal.
    if not marked or (not number and (end == "." or match["level"].lower() == "z")):
        return None
    return ParsedGoal(number.lower(), _level(match), rest)


def goals_level(text: str) -> GoalLevel | None:
    """Return the level of the goals that a heading like "Teilziele" announces."""
    match = GOALS_HEADING.match(text)
    return _level(match) if match and match["many"] else None


def column_level(head: str) -> GoalLevel:
    """Return the level of the goals in a table column with this head, e.g. "Handlungsziel"."""
    match = GOALS_HEADING.match(head)
    return _level(match) if match else "ziel"


def _level(match: re.Match[str]) -> GoalLevel:
    scope = match["scope"]
    return SCOPES[scope.lower()] if scope else LEVELS[match["level"].lower()]


def fact_of_goal(text: str) -> tuple[str, str] | None:
    """Return (name, value) of a line like "Begründung: …"; a bare heading has an empty value."""
    for name, words in GOAL_FACTS.items():
        if match := re.match(rf"(?:{words})\s*(?::\s*|$)", text, re.IGNORECASE):
            return name, text[match.end() :]
    return None


def read_openness(value: str) -> tuple[Literal["open", "fixed"], str]:
    """Return openness and its reason, e.g. ("fixed", "Bundesrecht") for "fest – Bundesrecht"."""
    match = OPENNESS.match(value)
    if not match:
        return "open", value
    return "fixed" if match["fixed"] else "open", value[match.end() :].lstrip(" .:;,–—-")


def measure_from(text: str, lead: str = "") -> ParsedMeasure | None:
    """Return the measure that a line states, e.g. "Maßnahme 3.1.a: …"; None if it states none.

    `lead` is the bold beginning of the line: it ends where the title ends.
    """
    match = MEASURE.match(text)
    if not match or not (match["number"] or match["short"] or match["end"]):
        return None
    rest = match["rest"]
    shift = len(text) - len(rest)
    return unnamed_measure(
        rest, lead[shift:].strip(" :–-"), number=match["number"] or match["short"] or ""
    )


def unnamed_measure(text: str, lead: str, *, number: str = "") -> ParsedMeasure:
    """Return the measure of a line that is known to state one."""
    facts = list(MEASURE_FACT.finditer(text))
    words = text[: facts[0].start()] if facts else text
    title, description = _split_title(words.strip(), lead)
    measure = ParsedMeasure(number.lower(), title, description)
    ends = [*(match.start() for match in facts), len(text)][1:]
    for match, end in zip(facts, ends, strict=True):
        value = text[match.end() : end]
        add_fact(measure, _fact_name(match), match["label"], value.strip(" ;,"))
    return measure


def _split_title(text: str, lead: str) -> tuple[str, str]:
    if lead and text.startswith(lead):
        return lead.rstrip(" .:–-"), text[len(lead) :].lstrip(" .:–-")
    match = SENTENCE_END.search(text)
    if match:
        return text[: match.start()], text[match.end() :]
    return text.removesuffix("."), ""


def fact_of_measure(text: str) -> tuple[str, str, str] | None:
    """Return (name, label, value) of a line that is one fact about a measure."""
    match = MEASURE_FACT.match(text)
    return (_fact_name(match), match["label"], text[match.end() :]) if match else None


def _fact_name(match: re.Match[str]) -> str:
    return next(name for name in MEASURE_FACTS if match[name])


def column_fact(head: str) -> str | None:
    """Return the fact that a table column with this head holds."""
    for name, words in MEASURE_COLUMNS.items():
        if re.match(rf"(?:{words})\b", head, re.IGNORECASE):
            return name
    return None


def names_columns(row: list[str]) -> bool:
    """Whether the cells are the head of a table of measures, e.g. "Maßnahme | Zeitraum"."""
    return len({column_fact(cell) for cell in row} - {None}) > 1


def add_fact(measure: ParsedMeasure, name: str, label: str, value: str) -> None:
    """Set a fact of a measure; what cannot be read is kept in the description, word for word."""
    plain = value.strip().rstrip(".;, ")
    understood = True
    match name:
        case "kind":
            understood = plain.lower() in KINDS
            measure.kind = KINDS.get(plain.lower(), measure.kind)
        case "cost":
            understood = _add_cost(measure, plain)
        case "funding":
            understood = _add_funding(measure, plain)
        case "posts":
            understood = _add_posts(measure, plain)
        case "also_serves":
            measure.also_serves += re.findall(NUMBER, plain)
            understood = not re.sub(rf"Ziele?n?|und|sowie|[,;&\s]|{NUMBER}", "", plain)
        case "period" | "responsible" if not getattr(measure, name):
            setattr(measure, name, plain)
        case _:
            understood = False
    if not understood and plain:
        described = value.strip() if name == "description" else f"{label}: {plain}."
        measure.description = f"{measure.description} {described}".strip()


def _add_cost(measure: ParsedMeasure, text: str) -> bool:
    """Read amounts in whole euros; False if words remain that are no amount."""
    if NO_AMOUNT.match(text):
        return True
    if NO_COST.match(text):
        measure.cost_one_off = 0
        return True
    for match in AMOUNT.finditer(text):
        when = match["before"] or match["after"] or "einmalig"
        field = "cost_one_off" if when == "einmalig" else "cost_yearly"
        setattr(measure, field, (getattr(measure, field) or 0) + _euros(match))
    qualified = all(match["before"] or match["after"] for match in AMOUNT.finditer(text))
    return qualified and not AMOUNT.sub("", text).replace("und", "").strip(" ,;")


def _add_funding(measure: ParsedMeasure, text: str) -> bool:
    """Read whether the money is there; an amount behind the same word is a cost."""
    if text.lower() in FUNDINGS:
        measure.funding = FUNDINGS[text.lower()]
        return True
    return bool(AMOUNT.search(text) or NO_AMOUNT.match(text)) and _add_cost(measure, text)


def _add_posts(measure: ParsedMeasure, text: str) -> bool:
    """Read full-time equivalents, e.g. "1,5" or "2 Stellen"; False for anything else."""
    match = POSTS.match(text)
    if match:
        measure.posts = Decimal(match["number"].replace(",", "."))
    return match is not None


def _euros(match: re.Match[str]) -> int:
    unit = UNITS.get((match["unit"] or "")[:1], 1)
    digits = re.sub(r"[.\s]", "", match["amount"])
    amount = float(digits + (match["cents"] or "").replace(",", "."))
    return round(amount * unit)
