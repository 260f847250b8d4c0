"""How easy a text is to read, put into words for the person who writes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workers.analysis.easy_language import Finding, Rule, check, check_plain
from workers.analysis.readability import Reading, read, text_complexity

EASY = "de-x-ls"
GERMAN = "de"
CHECKED = frozenset({EASY, GERMAN})
# In a text for everybody only sentences from here on are shown: half of those that people rated
# in an encyclopaedia are easier.
HARD_FOR_EVERYBODY = 3.1

ADVICE = {
    Rule.LONG_SENTENCE: gettext_lazy("Langer Satz: Machen Sie zwei daraus."),
    Rule.SEVERAL_STATEMENTS: gettext_lazy("Mehrere Aussagen: Schreiben Sie für jede einen Satz."),
    Rule.PASSIVE: gettext_lazy("Passiv: Sagen Sie, wer etwas tut."),
    Rule.GENITIVE: gettext_lazy(
        "Genitiv: Schreiben Sie „von“, zum Beispiel „das Haus vom Lehrer“."
    ),
    Rule.SUBJUNCTIVE: gettext_lazy("Konjunktiv: Schreiben Sie „kann“, „soll“ oder „vielleicht“."),
    Rule.NEGATION: gettext_lazy("Verneinung: Sagen Sie, was ist oder was man tun kann."),
    Rule.COMPOUND: gettext_lazy("Zusammengesetztes Wort: Trennen Sie es mit Mediopunkt."),
    Rule.HARD_WORD: gettext_lazy(
        "Schwieriges Wort: Nehmen Sie ein bekanntes oder erklären Sie es."
    ),
    Rule.NUMBER_WORD: gettext_lazy("Zahl als Wort: Schreiben Sie Ziffern."),
    Rule.HIGH_NUMBER: gettext_lazy(
        "Große Zahl oder Anteil: Schreiben Sie „viele“ oder „die Hälfte“."
    ),
    Rule.ABBREVIATION: gettext_lazy("Abkürzung: Schreiben Sie das Wort aus."),
    Rule.SIGN: gettext_lazy("Sonderzeichen oder Klammer: Schreiben Sie es mit Worten."),
}


@dataclass(frozen=True)
class Hint:
    """What to do about a place: the words, the advice, a better spelling or nothing."""

    words: str
    advice: str
    better: str


@dataclass(frozen=True)
class HardSentence:
    """A sentence with its hints; `complexity` from about 1 to 7."""

    text: str
    complexity: float
    hints: list[Hint]


@dataclass(frozen=True)
class Report:
    """What the writer is shown. `complexity` is None where nothing is written."""

    complexity: float | None
    verdict: str
    sentences: int
    hard: list[HardSentence]
    is_easy_language: bool


def report(texts: Iterable[str], language: str) -> Report:
    """Check German texts sentence by sentence.

    In easy language (`de-x-ls`) by all its rules; otherwise only sentences that are hard for
    everybody are listed, the hardest first.
    """
    is_easy = language == EASY
    look = check if is_easy else check_plain
    hard: list[HardSentence] = []
    readings: list[Reading] = []
    for text in texts:
        read_here = read(text)
        readings += read_here
        findings = look(text)
        hard += [_sentence(text, reading, findings) for reading in read_here]
    shown = [sentence for sentence in hard if _is_shown(sentence, is_easy=is_easy)]
    if not is_easy:
        shown.sort(key=lambda sentence: -sentence.complexity)
    mean = text_complexity(readings)
    return Report(mean, _verdict(mean), len(readings), shown, is_easy)


def _sentence(text: str, reading: Reading, findings: list[Finding]) -> HardSentence:
    here = [f for f in findings if reading.start <= f.start and f.end <= reading.end]
    hints = [Hint(_words(text, found), str(ADVICE[found.rule]), found.better) for found in here]
    return HardSentence(text[reading.start : reading.end], reading.complexity, hints)


def _words(text: str, finding: Finding) -> str:
    return "" if finding.rule is Rule.LONG_SENTENCE else text[finding.start : finding.end]


def _is_shown(sentence: HardSentence, *, is_easy: bool) -> bool:
    return bool(sentence.hints) and (is_easy or sentence.complexity >= HARD_FOR_EVERYBODY)


def _verdict(complexity: float | None) -> str:
    """Quarters of what people rated in the sentences of an encyclopaedia, in words."""
    if complexity is None:
        return _("noch kein Text")
    steps = [(2.1, _("leicht zu lesen")), (3.1, _("gut zu lesen")), (3.9, _("schwer zu lesen"))]
    return next((words for most, words in steps if complexity < most), _("sehr schwer zu lesen"))
