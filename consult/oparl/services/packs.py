"""The decision packs as files of OParl: which are made, and which are to be made anew."""

from datetime import datetime

from django.db.models import Max
from wagtail.models import ModelLogEntry

from consult.council.selectors import public_papers
from consult.documents.models import Document
from consult.documents.selectors import made_documents
from consult.documents.services.making import note_request, request_document

# The kind of the document, its language and its format: what stands in `accessUrl`.
PACK = "pack"
LANGUAGE, FORMAT = "de", "pdf"


def made_packs() -> dict[str, Document]:
    """The packs that were made, by the key of the paper, without their content."""
    return made_documents(PACK, LANGUAGE, FORMAT)


def ask_for_packs(*, at: datetime) -> int:
    """Look whether the packs of public papers still say what is true, and have the others made.

    Each is looked at once after the log has grown. Returns how many were looked at.
    """
    last = ModelLogEntry.objects.aggregate(last=Max("timestamp"))["last"]
    made = made_packs()
    looked_at = 0
    for key in public_papers().order_by("pk").values_list("pk", flat=True):
        row = made.get(str(key))
        if row is not None and (last is None or row.requested_at > last):
            continue
        row = request_document(PACK, str(key), LANGUAGE, FORMAT, at=at)
        note_request(row, at=at)
        looked_at += 1
    return looked_at
