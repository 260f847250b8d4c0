"""What looks wrong in the words themselves; nothing is corrected here."""

import re
from collections import Counter

from drafts.concept.importing.parsed import ImportReport, SourceLine

SAME_WORD_ALLOWED = "die|der|das|sie|den|dem"
PATTERNS = {
    "double_space": (
        re.compile(r"\S[^\S\n]{2,}\S"),
        "Hier stehen zwei Leerzeichen hintereinander.",
    ),
    "broken_hyphenation": (
        re.compile(
            r"\b\w*[a-zäöüß]- (?!(?:und|oder|bzw|sowie|noch|wie|als|statt|bis|aber|auch)\b)"
            r"[a-zäöüß]{2,}"
        ),
        "Hier ist vermutlich ein Wort durch einen Trennstrich zerrissen.",
    ),
    "missing_word": (
        re.compile(
            r"\b(?:ein|eine|einen|einem|einer) (?:sein|werden|haben)\b(?=\s*[,.;!?])"
            r"|\b(?:und|oder|für|von|eine|einen|einem|der|den|dem|des)\s*[.;!?](?=\s|$)",
        ),
        "Hier fehlt vermutlich ein Wort.",
    ),
    "repeated_word": (
        re.compile(rf"\b(?!(?:{SAME_WORD_ALLOWED})\b)(\w{{2,}}) \1\b", re.IGNORECASE),
        "Hier steht ein Wort zweimal.",
    ),
    "missing_space": (
        re.compile(r"[a-zäöüß]{2}[.!?;][A-ZÄÖÜ][a-zäöüß]"),
        "Hier fehlt vermutlich ein Leerzeichen nach dem Satzzeichen.",
    ),
}
AROUND = 25
WORD = re.compile(r"\w+")
JOINED = re.compile(
    r"(?P<word>[A-ZÄÖÜ]\w{3,}?)(?P<rest>soll|sollen|muss|müssen|wird|werden|wurde|kann|können|sind"
    r"|und|oder|für|auf|mit|hat|haben)$"
)


def flag_defects(lines: list[SourceLine], report: ImportReport) -> None:
    """Flag likely defects of the text: spaces, hyphens, missing or doubled words, tables."""
    words = Counter(word for line in lines for word in WORD.findall(line.text))
    for line in lines:
        for code, (pattern, sentence) in PATTERNS.items():
            for match in pattern.finditer(line.text):
                report.flag(code, line.number, _around(line.text, *match.span()), sentence)
        _flag_joined_words(line, words, report)
        if line.kind == "table" and not line.head:
            sentence = "Die Tabelle hat keine Kopfzeile. Ergänzen Sie sie im Abschnitt."
            report.flag("table_without_head", line.number, line.text, sentence)


def _flag_joined_words(line: SourceLine, words: Counter[str], report: ImportReport) -> None:
    """Flag "Konzeptsoll" where "Konzept" is a word of the document and the whole is not."""
    for match in WORD.finditer(line.text):
        joined = JOINED.match(match.group()) if words[match.group()] == 1 else None
        if joined and words[joined["word"]]:
            sentence = f"Fehlt hier ein Leerzeichen: „{joined['word']} {joined['rest']}“?"
            report.flag("joined_words", line.number, _around(line.text, *match.span()), sentence)


def _around(text: str, start: int, end: int) -> str:
    """The match with whole words on both sides."""
    left = text.rfind(" ", 0, max(0, start - AROUND)) + 1
    right = text.find(" ", end + AROUND)
    return text[left : right if right >= 0 else len(text)]
