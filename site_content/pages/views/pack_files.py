"""The decision pack to take along: one PDF, or one HTML file. Both hold what all readers see.

They say what is true when they are asked for: words that were hidden or erased since are gone.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from consult.council.models import Paper
from consult.council.selectors import PUBLIC
from consult.documents.services.making import made_now
from consult.oparl.services.packs import PACK
from site_content.pages.presenters.decision_blocks import reading_blocks, reading_time
from site_content.pages.presenters.decision_definitions import definitions_of
from site_content.pages.presenters.decision_document import as_of
from site_content.pages.presenters.decision_pack import decision_pack
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.file_sizes import remember_copy
from site_content.pages.presenters.pack_documents import document_of
from site_content.pages.views.council import readable_paper
from workers.documents.pdf import pdf_of

STYLES = ["css/tokens.css", "css/site.css"]


def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The pack as PDF/UA-1, with its date on every page; a draft is stored nowhere."""
    paper = readable_paper(request, pk)
    if paper.status in PUBLIC:
        made = made_now(PACK, str(pk), get_language(), "pdf", at=timezone.now())
        content = bytes(made.content)
    else:
        content = pdf_of(document_of(paper, timezone.now()))
    remember_copy(paper.pk, "pdf", len(content))
    return _secret_draft(paper, HttpResponse(content, content_type="application/pdf"))


def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The pack as one file that needs nothing else: styles inside, no script, links to the site."""
    paper = readable_paper(request, pk)
    pack = decision_pack(paper)
    blocks = reading_blocks(pack)
    context = {
        **_about(paper),
        "blocks": blocks,
        "definitions": definitions_of(pack),
        "minutes": reading_time(blocks),
        "decided_on": pack["decided_on"],
        "styles": _styles(),
    }
    response = render(request, "council/pack_file.html", context)
    # Only our own markup can hold this: a quotation mark in somebody's words is escaped.
    response.content = response.content.replace(
        b'href="/', f'href="{settings.WAGTAILADMIN_BASE_URL}/'.encode()
    )
    remember_copy(paper.pk, "html", len(response.content))
    response["Content-Disposition"] = f'attachment; filename="beschlussmappe-{paper.pk}.html"'
    # A shared copy would lose the name of the file.
    response["Cache-Control"] = "private, no-store"
    return _secret_draft(paper, response)


def _about(paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper,
        "is_public": paper.status in PUBLIC,
        "status": paper.get_status_display(),
        "submitted": day(paper.submitted_at),
        "hash": paper.edition.content_hash,
        "as_of": as_of(timezone.now()),
        "address": settings.WAGTAILADMIN_BASE_URL + reverse("paper", args=[paper.pk]),
    }


def _secret_draft(paper: Paper, response: HttpResponse) -> HttpResponse:
    """A draft stays out of caches and search engines."""
    if paper.status not in PUBLIC:
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@cache
def _styles() -> str:
    found = [finders.find(name) for name in STYLES]
    return "\n".join(Path(str(path)).read_text() for path in found)
