"""An edition as a document: its words in the parts of workers.documents, without any conversation.

Everything is in the language that is asked for. What its version lacks stands in German and says
so. The parts are the same for every format.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from drafts.concept.snapshots import Data
from drafts.concept.states import BINDING, CostStatus, FundingStatus, GoalLevel, MeasureKind
from drafts.editions.models import Edition, FrozenFile
from drafts.editions.selectors import languages_by_part, section_data
from drafts.editions.states import EditionStatus
from workers.documents.inline import runs_of_html
from workers.documents.parts import (
    Facts,
    Goal,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Run,
    Table,
    Text,
)
from workers.documents.sheets import Sheet

ADOPTED = frozenset({EditionStatus.IN_FORCE, EditionStatus.SUPERSEDED})
MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
}


def document_languages(edition: Edition) -> list[str]:
    """German and every language in which something of the edition was released, German first."""
    found = {language for spoken in languages_by_part(edition).values() for language in spoken}
    return [BINDING, *sorted(found - {BINDING})]


def is_draft(edition: Edition) -> bool:
    """Whether the council has not adopted the text, so that every page says "Entwurf"."""
    return not (edition.status in ADOPTED and edition.in_force_on)


def state_on(edition: Edition) -> date:
    """The day as of which the edition reads as it does: adopted, sealed, or begun."""
    at = edition.sealed_at or edition.created_at
    return edition.in_force_on or timezone.localdate(at)


def edition_facts(edition: Edition) -> list[tuple[str, Text]]:
    """What the cover says: which edition, whose draft, its state, its check sum."""
    facts: list[tuple[str, Text]] = [
        (_("Fassung"), str(edition.number)),
        (_("Wessen Entwurf ist das?"), [Run(edition.origin, language=_foreign())]),
        (_("Stand"), f"{edition.get_status_display()}, {day(state_on(edition))}"),
    ]
    if edition.in_force_on:
        facts.append((_("In Kraft seit"), day(edition.in_force_on)))
    if edition.content_hash:
        facts.append((_("Prüfsumme des deutschen Wortlauts (SHA-256)"), edition.content_hash))
    return facts


def edition_parts(edition: Edition, language: str) -> list[Part]:
    """The whole text in reading order: sections, blocks, numbered goals with their measures."""
    with translation.override(language):
        return text_parts(section_data(edition, language), language)


def text_parts(sections: list[Data], language: str) -> list[Part]:
    """The text of `section_data` in one language, which is also the active one."""
    return _Words(sections, language).parts()


def goals_sheet(sections: Iterable[Data]) -> Sheet:
    """All goals of `section_data` as a table, in order."""
    rows = [
        [goal["number"], str(GoalLevel(goal["level"]).label), goal["text"]["wording"],
         goal["text"]["lead"], section["number"], section["text"]["title"], goal["wid"]]
        for section in sections
        for goal in section["goals"]
    ]  # fmt: skip
    head = [
        _("Nummer"), _("Ebene"), _("Wortlaut"), _("Federführung"), _("Abschnitt"),
        _("Titel des Abschnitts"), _("Kennung"),
    ]  # fmt: skip
    return Sheet(_("Ziele"), head, rows, [10, 16, 70, 30, 12, 30, 36])


def measures_sheet(sections: Iterable[Data]) -> Sheet:
    """All measures of `section_data` as a table, in order; money in euros, empty if unknown."""
    rows = [
        [measure["number"], measure["text"]["title"], measure["text"]["description"],
         goal["number"], str(MeasureKind(measure["kind"]).label),
         measure["text"]["responsible"], measure["text"]["period"],
         str(CostStatus(measure["cost_status"]).label),
         measure["cost_one_off"], measure["cost_yearly"],
         float(measure["posts"]) if "posts" in measure else None, funding_word(measure),
         measure["wid"]]
        for section in sections
        for goal in section["goals"]
        for measure in goal["measures"]
    ]  # fmt: skip
    head = [
        _("Nummer"), _("Maßnahme"), _("Beschreibung"), _("Ziel"), _("Art"), _("Zuständig"),
        _("Zeitraum"), _("Kosten"), _("einmalig in Euro"), _("jährlich in Euro"),
        _("Stellen (Vollzeit)"), _("Finanzierung"), _("Kennung"),
    ]  # fmt: skip
    return Sheet(_("Maßnahmen"), head, rows, [10, 40, 60, 10, 12, 30, 16, 20, 16, 16, 16, 16, 36])


def day(when: date) -> str:
    """A day in words of the active language."""
    return date_format(when, "DATE_FORMAT")


def cost_words(measure: Data) -> str:
    """The cost of a measure, or that it was not estimated (invariant 29)."""
    if measure["cost_status"] != CostStatus.ESTIMATED:
        return str(CostStatus.NOT_ESTIMATED.label)
    sums = [
        (measure["cost_one_off"], _("einmalig {sum} Euro")),
        (measure["cost_yearly"], _("jährlich {sum} Euro")),
    ]
    said = [words.format(sum=_money(amount)) for amount, words in sums if amount is not None]
    return ", ".join(said) or _("keine zusätzlichen Kosten")


def means_words(measure: Data) -> str:
    """Posts and funding of a measure in words; empty where the text does not say."""
    said = []
    if "posts" in measure:
        said.append(_("Stellen: {n}").format(n=posts_word(Decimal(measure["posts"]))))
    if "funding" in measure:
        said.append(_("Finanzierung: {state}").format(state=funding_word(measure)))
    return ", ".join(said)


def posts_word(posts: Decimal) -> str:
    """Full-time equivalents with no more digits than they need."""
    return number_format(posts.normalize() if posts else 0, use_l10n=True)


def funding_word(measure: Data) -> str:
    """Whether the money is there, in a word; empty where the text does not say."""
    return str(FundingStatus(measure["funding"]).label) if "funding" in measure else ""


def _money(amount: int) -> str:
    return number_format(amount, decimal_pos=0, use_l10n=True, force_grouping=True)


def _foreign() -> str:
    """The language of words that exist in German alone, where that is not the document's."""
    return "" if translation.get_language() == BINDING else BINDING


class _Words:
    """The parts of one text in one language."""

    def __init__(self, sections: list[Data], language: str) -> None:
        self.sections, self.language = sections, language
        self.links = {
            f"wid:{part['wid']}": f"#{anchor(part)}"
            for section in sections
            for part in (section, *section["goals"])
        }
        self.pictures = _pictures(sections)
        self.sources: dict[str, str] = {}

    def parts(self) -> list[Part]:
        found = [part for section in self.sections for part in self.section(section)]
        return [*self.notes(), *found, *self.references()]

    def notes(self) -> Iterator[Part]:
        if self.language != BINDING:
            yield Note(
                _(
                    "Verbindlich ist der deutsche Wortlaut. Was noch nicht übersetzt ist, steht "
                    "hier auf Deutsch und ist so gekennzeichnet."
                ),
                title=_("Sprachfassung"),
            )

    def section(self, section: Data) -> Iterator[Part]:
        text = section["text"]
        title = text["title"]
        yield PageBreak()
        yield Heading(
            title, number=section["number"], anchor=anchor(section),
            language=self.german(text, "title"),
        )  # fmt: skip
        if text["lede"]:
            yield Paragraph(
                self.marked(text["lede"], self.german(text, "lede")), kind="lead",
                language=self.german(text, "lede"),
            )  # fmt: skip
        if text["lead"]:
            yield Facts([(_("Federführung"), [Run(text["lead"], language=_foreign())])])
        for block in text["blocks"]:
            yield self.block(block)
        for goal in section["goals"]:
            yield from self.goal(goal)

    def block(self, block: Data) -> Part:
        language = block.get("language", "") if self.language != BINDING else ""
        number = str(block.get("no", ""))
        match block["kind"]:
            case "heading":
                return Heading(self.html(block["html"]), level=2, language=language)
            case "list":
                items = [self.html(item) for item in block["items"]]
                items[:1] = [self.marked(item, language) for item in items[:1]]
                return Items(items, number=number, language=language)
            case "table":
                return self.table(block, language)
            case "figure":
                return self.figure(block)
        return Paragraph(
            self.marked(self.html(block["html"]), language), number=number, language=language
        )

    def table(self, block: Data, language: str) -> Part:
        caption = self.note_german(block["caption"], language)
        columns = len(block["head"])
        if not columns:
            return Paragraph(caption, language=language)
        # A row that was read in from a file may be shorter than the head.
        rows = [[*row, *[""] * columns][:columns] for row in block["rows"]]
        return Table(block["head"], rows, caption, language=language)

    def figure(self, block: Data) -> Part:
        kept = self.pictures.get(block["file"])
        if kept is None:
            return Paragraph(" ".join(filter(None, [block["alt"], block["caption"]])))
        content, media_type = kept
        return Picture(content, media_type, block["alt"], block["caption"])

    def goal(self, goal: Data) -> Iterator[Part]:
        text = goal["text"]
        language = self.german(text, "wording")
        label = f"{GoalLevel(goal['level']).label} {goal['number']}"
        yield Goal(label, self.marked(text["wording"], language), 2, anchor(goal), language)
        if text["reason"]:
            language = self.german(text, "reason")
            yield Paragraph(self.marked(text["reason"], language), language=language)
        pairs: list[tuple[str, Text]] = [
            (_("Zielgruppen"), [Run(text["target_groups"], language=self.german(text, "target_groups"))]),
            (_("Federführung"), [Run(text["lead"], language=_foreign())]),
        ]  # fmt: skip
        pairs = [(name, value) for name, value in pairs if value[0].text]  # type: ignore[union-attr]
        if pairs:
            yield Facts(pairs)
        if goal["measures"]:
            yield self.measures(goal["measures"], label)

    def measures(self, measures: list[Data], label: str) -> Table:
        return Table(
            head=[_("Nr."), _("Maßnahme"), _("Zuständig"), _("Zeitraum"), _("Kosten")],
            rows=[self.measure(measure) for measure in measures],
            caption=_("Maßnahmen zu {goal}").format(goal=label),
            widths=[1, 4.4, 2.7, 1.6, 2.4],
        )

    def measure(self, measure: Data) -> list[Text]:
        text = measure["text"]
        title, said = self.german(text, "title"), self.german(text, "description")
        words = [Run(text["title"], bold=True, language=title)]
        if text["description"]:
            words += [Run(". "), Run(text["description"], language=said)]
        words.append(Run(f" ({MeasureKind(measure['kind']).label})"))
        return [
            # Digits and Latin letters keep their order, also from right to left.
            [Run(measure["number"], language=_foreign())],
            words if not title else [*self.marked("", title), *words],
            [Run(text["responsible"], language=self.german(text, "responsible"))],
            [Run(text["period"], language=self.german(text, "period"))],
            ". ".join(filter(None, [cost_words(measure), means_words(measure)])),
        ]

    def references(self) -> Iterator[Part]:
        """The addresses behind links: on paper nobody can follow them otherwise."""
        if self.sources:
            yield PageBreak()
            yield Heading(_("Quellen und Verweise"), anchor="quellen")
            yield Items(
                [
                    [Run(f"{words}: "), Run(address, link=address)]
                    for address, words in self.sources.items()
                ],
                is_numbered=True,
            )

    def html(self, html: str) -> list[Run]:
        found = runs_of_html(html, links=self.links)
        for run in found:
            if run.link and not run.link.startswith("#"):
                self.sources.setdefault(run.link, run.text)
        return found

    def german(self, text: Data, field: str) -> str:
        return BINDING if field in text.get("german", ()) and self.language != BINDING else ""

    def marked(self, text: Text, language: str) -> list[Run]:
        """The text, led in by a mark where it stands in German in another language's document."""
        words = [Run(text)] if isinstance(text, str) else list(text)
        if not language:
            return words
        mark = _("[auf Deutsch]")
        return [Run(mark, italic=True, language=self.language), Run(" "), *words]

    def note_german(self, caption: str, language: str) -> str:
        return " ".join(filter(None, [_("[auf Deutsch]") if language else "", caption]))


def anchor(part: Data) -> str:
    """The name of a section's or goal's place in the document."""
    return f"p-{part['wid']}"


def _pictures(sections: list[Data]) -> dict[str, tuple[bytes, str]]:
    digests = {
        block["file"]
        for section in sections
        for block in section["text"]["blocks"]
        if block["kind"] == "figure"
    }
    found = {}
    for kept in FrozenFile.objects.filter(pk__in=digests) if digests else ():
        suffix = kept.file.name.rsplit(".", 1)[-1].lower()
        if suffix in MEDIA_TYPES:
            with kept.file.open("rb") as stored:
                found[kept.pk] = (stored.read(), MEDIA_TYPES[suffix])
    return found
