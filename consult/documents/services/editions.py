"""The documents of an edition: the text in all formats, the report on participation, the archive.

The subject is the key of the edition. They are made when the edition is sealed or put in force,
and whenever somebody asks for one that is not there or no longer true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from consult.documents.models import Document as StoredDocument
from consult.documents.selectors import documents_about, editions_without_documents
from consult.documents.services.kinds import Kind, kind_named, publisher, register
from consult.documents.services.legitimation import legitimation
from consult.documents.services.making import note_request, request_document
from consult.documents.services.participation import participation_report, reported_rounds
from consult.documents.services.structured import structured_edition
from drafts.concept.snapshots import Data, canonical_bytes
from drafts.concept.states import BINDING
from drafts.editions.documents import (
    day,
    document_languages,
    edition_facts,
    edition_parts,
    goals_sheet,
    is_draft,
    measures_sheet,
    state_on,
)
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus
from workers.documents.akoma_ntoso import EditionDocument, akoma_ntoso
from workers.documents.archive import zip_of
from workers.documents.markdown import markdown_of
from workers.documents.parts import Document, Words
from workers.documents.pdf import pdf_of
from workers.documents.sheets import csv_of
from workers.documents.web import html_of
from workers.documents.word import docx_of

TEXT, REPORT, ARCHIVE = "edition", "participation", "edition_archive"
AKOMA_NTOSO = "edition_xml"
LOOK = 2  # of PDF and DOCX; stored files of an earlier one are made again
SEALED = frozenset(EditionStatus) - {EditionStatus.OPEN, EditionStatus.WITHDRAWN}


@dataclass(frozen=True)
class Offer:
    """A file that can be had: of which kind, in which language and format, and its row if any."""

    kind: str
    language: str
    format: str
    row: StoredDocument | None = None


def edition_document(edition: Edition, language: str) -> Document:
    """An edition in one language with its cover and how it came about."""
    with translation.override(language):
        number = _("Fassung {number}").format(number=edition.number)
        address = settings.WAGTAILADMIN_BASE_URL + reverse(
            "edition_documents", args=[edition.number]
        )
        return Document(
            title=edition.title,
            subtitle=number,
            language=language,
            date=state_on(edition),
            date_text=_("Stand: {day}").format(day=day(state_on(edition))),
            publisher=publisher(),
            mark=_("Entwurf") if is_draft(edition) else "",
            facts=edition_facts(edition),
            footer=number,
            identifier=address,
            description=f"{edition.title}, {number}",
            body=[*edition_parts(edition, language), *legitimation(edition, language)],
            words=document_words(),
        )  # fmt: skip


def document_words() -> Words:
    """What formats add themselves, in the language that is active."""
    return Words(_("Inhalt"), _("Seite"), _("von"), _("neu:"), _("gestrichen:"))


def offers_of(edition: Edition) -> list[Offer]:
    """All files of an edition: text by language and format, report, archive.

    None before the edition is sealed, and none of one that was withdrawn.
    """
    if edition.status not in SEALED:
        return []
    pk = str(edition.pk)
    offers = [
        Offer(kind, language, format_)
        for kind in (TEXT, AKOMA_NTOSO)
        for language in document_languages(edition)
        for format_ in kind_named(kind).formats
    ]
    if reported_rounds(edition):
        offers += [Offer(REPORT, BINDING, format_) for format_ in kind_named(REPORT).formats]
    offers.append(Offer(ARCHIVE, BINDING, "zip"))
    rows = {kind: documents_about(kind, pk) for kind in {offer.kind for offer in offers}}
    return [
        Offer(one.kind, one.language, one.format, rows[one.kind].get((one.language, one.format)))
        for one in offers
    ]


def queue_edition_documents(*, at: datetime) -> None:
    """Ask workers for all files of editions that were sealed, adopted or superseded since.

    A sweep calls this: sealing and adopting know nothing of files. A file that is asked for again
    and still says what is true is not made again.
    """
    for edition in editions_without_documents(TEXT):
        for offer in offers_of(edition):
            row = request_document(offer.kind, str(edition.pk), offer.language, offer.format, at=at)
            note_request(row, at=at)


def request_missing(*, edition: Edition, offers: Iterable[Offer], at: datetime) -> None:
    """Ask workers for those files of an edition that nobody has asked for yet."""
    for offer in offers:
        if offer.row is None:
            request_document(offer.kind, str(edition.pk), offer.language, offer.format, at=at)


def register_kinds() -> None:
    """Make the kinds of this module known."""
    formats = {"pdf": pdf_of, "docx": docx_of, "html": html_of, "md": markdown_of}
    printed = {"pdf": pdf_of, "docx": docx_of}
    text, report, archive = "konzept-{language}", "beteiligungsbericht", "konzept-archiv"
    register(Kind(TEXT, _says_text, formats, text, holds_words=False, version=LOOK))
    register(Kind(REPORT, _says_report, printed, report, holds_words=True, version=LOOK))
    xml = {"xml": akoma_ntoso}
    register(Kind(AKOMA_NTOSO, _says_structured, xml, text, holds_words=False))
    packed = {"zip": _archive_of}
    register(Kind(ARCHIVE, _says_archive, packed, archive, holds_words=True, version=LOOK))


def _edition(subject: str) -> Edition | None:
    found = Edition.objects.select_related("based_on", "concept").filter(
        pk=int(subject), status__in=SEALED
    )
    return found.first()


def _says_text(subject: str, language: str) -> Document | None:
    edition = _edition(subject)
    if edition is None or language not in document_languages(edition):
        return None
    return edition_document(edition, language)


def _says_structured(subject: str, language: str) -> EditionDocument | None:
    edition = _edition(subject)
    if edition is None or language not in document_languages(edition):
        return None
    return structured_edition(edition, language)


def _says_report(subject: str, language: str) -> Document | None:
    edition = _edition(subject)
    return participation_report(edition) if edition and language == BINDING else None


def _says_archive(subject: str, language: str) -> dict[str, Any] | None:
    edition = _edition(subject)
    if edition is None or language != BINDING:
        return None
    languages = document_languages(edition)
    with translation.override(BINDING):
        return {
            "number": edition.number,
            "title": edition.title,
            "hash": edition.content_hash,
            "date": state_on(edition),
            "texts": {code: edition_document(edition, code) for code in languages},
            "structured": {code: structured_edition(edition, code) for code in languages},
            "report": participation_report(edition),
            "data": {code: section_data(edition, code) for code in languages},
        }


def _archive_of(data: Mapping[str, Any]) -> bytes:
    files: dict[str, bytes] = {}
    for code, document in data["texts"].items():
        for format_, render in kind_named(TEXT).formats.items():
            files[f"{code}/konzept.{format_}"] = render(document)
    for code, structured in data["structured"].items():
        files[f"{code}/konzept.xml"] = akoma_ntoso(structured)
    if data["report"] is not None:
        for format_, render in kind_named(REPORT).formats.items():
            files[f"de/beteiligungsbericht.{format_}"] = render(data["report"])
    files |= _data_files(data)
    files["LIESMICH.txt"] = _readme(data, files).encode()
    return zip_of(files, date=data["date"])


def _data_files(data: Mapping[str, Any]) -> dict[str, bytes]:
    sections: dict[str, list[Data]] = data["data"]
    with translation.override(BINDING):
        tables = {
            "daten/ziele.csv": csv_of(goals_sheet(sections[BINDING])),
            "daten/massnahmen.csv": csv_of(measures_sheet(sections[BINDING])),
        }
    texts = {
        f"daten/konzept-{code}.json": canonical_bytes(found) for code, found in sections.items()
    }
    return tables | texts


def _readme(data: Mapping[str, Any], files: Iterable[str]) -> str:
    with translation.override(BINDING):
        intro = _(
            "{title}, Fassung {number}\nStand: {day}\nPrüfsumme des deutschen Wortlauts (SHA-256): "
            "{hash}\n\nDieses Archiv enthält das Konzept in allen Sprachen und Formaten, den "
            "Bericht über die Beteiligung und die Daten. Verbindlich ist der deutsche Wortlaut. "
            "Die Ordner heißen nach den Kürzeln der Sprachen.\n\n"
            "daten/konzept-….json enthält den Wortlaut mit den Kennungen aller Abschnitte, Ziele "
            "und Maßnahmen. Die Tabellen (CSV) sind durch Semikolon getrennt, in UTF-8 mit "
            "Kennzeichnung. Vor einem Text, der mit =, +, - oder @ beginnt, steht dort ein "
            "Apostroph, damit kein Programm ihn als Formel ausführt.\n\n"
            "Ob eine Datei verändert wurde, zeigt der Befehl\n\n    sha256sum -c SHA256SUMS\n\n"
            "im entpackten Ordner.\n\nInhalt:\n"
        ).format(
            title=data["title"], number=data["number"], day=day(data["date"]), hash=data["hash"]
        )
    return intro + "".join(f"  {name}\n" for name in sorted(files))
