"""The files of an edition: what each is called, how large it is, how to check it."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from consult.documents.services.editions import (
    AKOMA_NTOSO,
    ARCHIVE,
    REPORT,
    TEXT,
    Offer,
)
from consult.documents.states import DocumentStatus
from drafts.concept.languages import language_of
from drafts.editions.models import Edition

Shown = dict[str, Any]

# What a file is called in its address, by kind; the format follows.
NAMES = {TEXT: "konzept", AKOMA_NTOSO: "konzept", REPORT: "beteiligungsbericht", ARCHIVE: "archiv"}


def files_of(edition: Edition, offers: Iterable[Offer]) -> list[Shown]:
    """The files of an edition in groups: {title, files}, by language, then report and archive."""
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(_group(offer), []).append(offer)
    return [
        {
            "title": TITLES.get(key) or language_of(key)["name"],
            "files": [_file(edition, offer) for offer in found],
        }
        for key, found in groups.items()
    ]


def kind_called(name: str) -> tuple[str, str]:
    """Kind and format of a file's name such as "konzept.pdf"; ("", "") if there is none."""
    stem, _dot, format_ = name.rpartition(".")
    if (stem, format_) == ("konzept", "xml"):
        return AKOMA_NTOSO, format_
    kinds = {name: kind for kind, name in NAMES.items() if kind != AKOMA_NTOSO}
    return (kinds[stem], format_) if stem in kinds else ("", "")


def file_url(edition: Edition, kind: str, language: str, format_: str) -> str:
    """The address of a file of an edition."""
    with override(language):
        return reverse("edition_document", args=[edition.number, f"{NAMES[kind]}.{format_}"])


TITLES = {
    REPORT: gettext_lazy("Bericht über die Beteiligung"),
    ARCHIVE: gettext_lazy("Alles in einem Archiv"),
}


def _group(offer: Offer) -> str:
    return offer.kind if offer.kind in TITLES else offer.language


def _file(edition: Edition, offer: Offer) -> Shown:
    row = offer.row
    is_made = row is not None and row.status == DocumentStatus.DONE
    return {
        "url": file_url(edition, offer.kind, offer.language, offer.format),
        "language": offer.language,
        "what": _format_words()[offer.format],
        "size": filesizeformat(row.size) if row is not None and is_made else "",
        "sha256": row.sha256 if row is not None and is_made else "",
        "failed": row is not None and row.status == DocumentStatus.FAILED,
    }


def _format_words() -> dict[str, str]:
    return {
        "pdf": _("PDF, barrierefrei"),
        "docx": _("Word (DOCX)"),
        "html": _("eine HTML-Seite"),
        "md": _("Text mit Auszeichnung (Markdown)"),
        "xml": _("Akoma Ntoso (XML)"),
        "zip": _("ZIP-Archiv mit allen Dateien, Daten und Prüfsummen"),
    }
