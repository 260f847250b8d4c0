"""What all blocks of a pack's document share: German words, links, what is said at a place."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from workers.documents.parts import Note, Paragraph, Part, Run, Text

Shown = dict[str, Any]
Parts = Iterator[Part]


def german(text: str) -> list[Run]:
    """Words that stand in German in every language of the site."""
    return [Run(text, language="de")]


def named(name: str, *runs: Run) -> list[Run]:
    """A bold name before what it is about."""
    return [Run(f"{name} ", bold=True), *runs]


def linked(words: str, url: str) -> Run:
    """Words that lead to a page of this site, also from a copy that lies elsewhere."""
    return Run(words, link=settings.WAGTAILADMIN_BASE_URL + url)


def paragraphs(text: str) -> Parts:
    """German text with line breaks, a paragraph a line."""
    for part in text.splitlines():
        if part.strip():
            yield Paragraph(part.strip(), language="de")


def talk(said: Shown) -> Parts:
    """Who wants to speak at a place, and what was asked and answered there."""
    if said["wish"]:
        yield Note(said["wish"], title=_("Zur Debatte vorgemerkt."))
    if said["motions"]:
        runs = [Run(_("Änderungsanträge:"))]
        for number, motion in enumerate(said["motions"]):
            name = f"{motion['name']}: {motion['title']}"
            runs += [Run("; " if number else " "), Run(name, link=f"#{motion['anchor']}")]
        yield Paragraph(runs)
    for question in said["questions"]:
        asked = _("Frage, {asker}, {day}").format(asker=question["asker"], day=question["asked"])
        yield Note(german(question["text"]), title=asked)
        answered = _("Antwort, {office}, {day}").format(
            office=question["office"], day=question["answered"]
        )
        yield Note(german(question["answer"]), title=answered)


def position_words(row: Shown) -> str:
    """What a body said to a goal, in one line."""
    said = f"{row['said']} ({_('vorläufig')})" if row["is_provisional"] else row["said"]
    correction = f"{row['corrected']} {row['correction']}" if row["corrected"] else ""
    return ". ".join(filter(None, [said, row["note"].rstrip("."), correction]))


def decided(decision: Shown) -> list[tuple[str, Text]]:
    """A record as pairs of a name and what holds; what it lacks is left out."""
    status = f" ({decision['status']})" if decision["is_provisional"] else ""
    pairs: list[tuple[str, Text]] = [
        (_("Ergebnis"), decision["outcome"] + status),
        *_in_german((_("Abstimmung"), decision["votes"])),
        *((row["word"], _heads(row)) for row in decision["group_votes"]),
        *_in_german(
            (_("Niederschrift"), decision["resolution_number"]),
            (_("Verwiesen"), decision["referred_to"]),
            (_("Geänderter Wortlaut"), decision["text"]),
            (_("Bedingungen"), decision["conditions"]),
        ),
    ]
    if decision["correction"]:
        corrected = _("Berichtigt am {day}. Vorher stand hier: {former}.").format(
            day=decision["corrected_on"], former=decision["former"]
        )
        said = [Run(f"{corrected} "), *german(decision["correction"])]
        pairs.append((_("Berichtigung"), said))
    return pairs


def _in_german(*pairs: tuple[str, str]) -> list[tuple[str, Text]]:
    return [(name, german(text)) for name, text in pairs if text]


def _heads(row: Shown) -> list[Run]:
    groups = german(row["groups"])
    return groups if row["total"] is None else [Run(f"{row['total']}: "), *groups]


def difference(row: Shown) -> list[Run]:
    """In brackets what a choice costs more or less, with the note on it."""
    if not row["costs"]:
        return []
    note = [Run(". "), Run(row["note"], language="de")] if row["note"] else []
    return [Run(f" ({row['costs']}"), *note, Run(")")]
