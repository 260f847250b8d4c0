"""Statements of organisations: hand in, confirm by mail, read whole, download the attachment."""

from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from consult.contributions.services.commenting import UnableToComment, find_place
from consult.contributions.services.confirming import LinkExpired, unconfirmed_behind
from consult.intake.models import PendingStatement
from consult.intake.selectors import public_statement
from consult.intake.services.files import FileRefused
from consult.intake.services.statements import (
    MOST_PARTS,
    Draft,
    Part,
    confirm_statement,
    submit_statement,
)
from consult.intake.serving import private_file
from drafts.editions.selectors import current_edition
from site_content.pages.presenters.comment_form import place_line
from site_content.pages.presenters.discussion import participation, round_note
from site_content.pages.presenters.statement import shown_statement
from site_content.pages.statement_forms import PartForm, StatementForm, part_forms
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import describe_errors, message_page, status_of, too_fast
from site_content.pages.views.secrecy import behind_a_key
from site_content.pages.views.writing import sentence

Forms = tuple[StatementForm, list[PartForm]]


@keeps_draft
@never_cache
def write(request: HttpRequest) -> HttpResponse:
    """Show the form, add a field for another part, or keep the statement and send the mail."""
    edition = current_edition()
    if edition is None:
        raise Http404
    if "gesendet" in request.GET:
        return render(request, "intake/mail_sent.html", {})
    taking_part = participation(edition, request.user, timezone.now())
    if not taking_part.is_open:
        return message_page(
            request,
            _("Hier können Sie gerade keine Stellungnahme abgeben"),
            round_note(taking_part),
            back=reverse("current_edition"),
            back_label=_("Zum Entwurf"),
            typed=request.POST.get("text", ""),
            status=409,
        )
    kept = draft_of(request) if request.method != "POST" else {}
    form = StatementForm(request.POST or None, request.FILES or None, initial=kept)
    parts = part_forms(taking_part.edition, request.POST or None, kept)
    if request.method != "POST" or "more" in request.POST:
        return _form_page(request, (form, parts), quiet="more" in request.POST)
    if _is_complete(form, parts) and _is_within_rate(request, form):
        return _take(request, (form, parts), taking_part)
    return _form_page(request, (form, parts))


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was handed in; a POST makes it a statement that the office checks."""
    return behind_a_key(_confirm(request, token))


@require_GET
def statement(request: HttpRequest, ref: str) -> HttpResponse:
    """The whole statement with its parts and what became of each."""
    found = public_statement(ref.replace("\x00", ""))
    if found is None:
        raise Http404
    return render(request, "intake/statement.html", shown_statement(found, timezone.now()))


@require_GET
def attachment(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand out the attachment once the office has released it."""
    found = public_statement(ref.replace("\x00", ""))
    if found is None or found.file is None or found.file_released_at is None:
        raise Http404
    return private_file(found.file)


def _confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        if request.method == "POST":
            received = confirm_statement(token=token, at=now)
            return _received(request, received)
        pending = unconfirmed_behind(PendingStatement, token, now)
        edition, payload = pending.round.edition, pending.payload
        parts = [
            {
                "text": part["text"],
                "place": place_line(find_place(edition, part["section_wid"], part["target_wid"])),
            }
            for part in payload["parts"]
        ]
    except LinkExpired:
        return message_page(
            request,
            _("Dieser Link gilt nicht mehr"),
            _("Er wurde schon benutzt, oder er ist zu alt. Sehen Sie in Ihren E-Mails nach."),
            back=reverse("current_edition"),
            back_label=_("Zum Entwurf"),
            status=410,
        )
    except UnableToComment as problem:
        return message_page(
            request,
            _("Die Stellungnahme kann nicht angenommen werden"),
            sentence(problem),
            back=reverse("current_edition"),
            back_label=_("Zum Entwurf"),
            status=409,
        )
    return render(
        request,
        "intake/confirm.html",
        {
            "organisation": payload["organisation"],
            "text": payload["text"],
            "parts": parts,
            "file": pending.file.name if pending.file else "",
        },
    )


def _received(request: HttpRequest, received) -> HttpResponse:
    return message_page(
        request,
        _("Ihre Stellungnahme ist da"),
        _(
            "Sie hat die Nummer {ref}. Unser Büro prüft, ob es die Organisation gibt. Dann "
            "erscheint sie mit dem Namen der Organisation. Die Belege zu jedem Teil stehen in "
            "unserer E-Mail an Sie."
        ).format(ref=received.ref),
        back=reverse("current_edition"),
        back_label=_("Zum Entwurf"),
        status=200,
    )


def _is_complete(form: StatementForm, parts: list[PartForm]) -> bool:
    checked = [form.is_valid(), *(part.is_valid() for part in parts)]
    if not any(part.is_filled for part in parts):
        form.add_error(None, _("Schreiben Sie zu mindestens einem Abschnitt etwas."))
        return False
    return all(checked)


def _is_within_rate(request: HttpRequest, form: StatementForm) -> bool:
    key = form.cleaned_data["email"].lower()
    allowed = ratelimit.consume(request, action="statement", key=key)
    if not allowed:
        form.add_error(None, too_fast())
    return allowed


def _take(request: HttpRequest, forms: Forms, taking_part) -> HttpResponse:
    form, parts = forms
    data = form.cleaned_data
    file = data["file"]
    draft = Draft(
        organisation=data["organisation"],
        responsible=data["responsible"],
        members=data["members"],
        text=data["text"],
        parts=[Part(**part.said()) for part in parts if part.is_filled],
    )
    try:
        submit_statement(
            edition=taking_part.edition,
            draft=draft,
            email=data["email"],
            language=get_language(),
            attachment=(file.name, file.read()) if file else None,
            at=taking_part.at,
        )
    except FileRefused as problem:
        form.add_error("file", _file_sentence(problem))
    except UnableToComment as problem:
        form.add_error(None, sentence(problem))
    else:
        return redirect(f"{request.path}?gesendet=1")
    return _form_page(request, forms)


def _file_sentence(problem: FileRefused) -> str:
    known = {
        "empty": _("Diese Datei ist leer. Wählen Sie eine andere."),
        "too_large": _("Die Datei ist größer als 10 MB. Verkleinern Sie sie."),
        "wrong_kind": _("Wir nehmen nur PDF und Word (.docx). Speichern Sie die Datei so."),
        "active": _(
            "Die Datei enthält Programme, Makros oder ein Kennwort. Speichern Sie sie ohne und "
            "wählen Sie sie noch einmal."
        ),
        "broken": _("Die Datei ist beschädigt. Speichern Sie sie neu."),
    }
    return known[problem.code]


def _form_page(request: HttpRequest, forms: Forms, *, quiet: bool = False) -> HttpResponse:
    form, parts = forms
    if quiet:
        # Somebody asked for another field: what is missing is not named yet.
        form.errors.clear()
        for part in parts:
            part.errors.clear()
    for one in (form, *parts):
        describe_errors(one)
    values: dict[str, Any] = {
        "form": form,
        "parts": parts,
        "can_add": len(parts) < MOST_PARTS,
        "more": len(parts) + 1,
    }
    wrong = form.errors or any(part.errors for part in parts)
    status = max(status_of(form), 422) if wrong else 200
    return render(request, "intake/statement_form.html", values, status=status)
