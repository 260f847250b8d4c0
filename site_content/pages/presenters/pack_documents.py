"""The decision pack of a public paper as a stored PDF, made anew once it says something else."""

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone, translation

from consult.council.models import Paper
from consult.council.selectors import public_papers
from consult.documents.services.kinds import Kind, register
from consult.oparl.services.packs import PACK
from site_content.pages.presenters.decision_blocks import reading_blocks, reading_time
from site_content.pages.presenters.decision_document import as_of, pack_document
from site_content.pages.presenters.decision_pack import decision_pack
from workers.documents.parts import Document
from workers.documents.pdf import pdf_of

# What a pack says is the same from one minute to the next: its date comes with the file.
UNDATED = date(1, 1, 1)


def said_of(subject: str, language: str) -> Document | None:
    """What the pack of a paper says to everybody, without a date; None while it is not public."""
    key = int(subject) if subject.isascii() and subject.isdecimal() else 0
    paper = public_papers().select_related("edition__concept").filter(pk=key).first()
    if paper is None:
        return None
    with translation.override(language):
        found = document_of(paper, timezone.now())
    return replace(found, date=UNDATED, date_text="")


def document_of(paper: Paper, at: datetime) -> Document:
    """The pack as it stands at the moment `at`, in the active language."""
    pack = decision_pack(paper)
    blocks = reading_blocks(pack)
    return pack_document(paper, pack, blocks, reading_time(blocks), at)


def dated_pdf(document: Document) -> bytes:
    """The PDF with the moment at which it is made on every page."""
    now = timezone.now()
    with translation.override(document.language):
        dated = replace(document, date=timezone.localdate(now), date_text=as_of(now))
    return pdf_of(dated)


def register_pack() -> None:
    """Make the pack known among the documents that are stored while they hold."""
    register(
        Kind(
            name=PACK,
            says=said_of,
            formats={"pdf": dated_pdf},
            file_name="beschlussmappe-{subject}",
            holds_words=True,
        )
    )
