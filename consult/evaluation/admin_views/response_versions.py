"""An answer in other languages: which are needed, what is written, what a service drafted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.contributions.services.translating import configured_translator
from consult.evaluation.forms import AnswerTextForm
from consult.evaluation.models import Response, ResponseText
from consult.evaluation.selectors import answer_hash, languages_of_members
from consult.evaluation.services.answer_texts import (
    release_answer_text,
    request_answer_translation,
    write_answer_text,
)
from consult.evaluation.states import AnswerTextStatus
from drafts.concept.languages import language_of
from drafts.concept.states import BINDING

S = AnswerTextStatus


def versions_panel(response: Response, form: AnswerTextForm | None = None) -> dict[str, Any]:
    """What the panel shows: who wrote in which language, and a row for each language."""
    counts = dict(languages_of_members(response.theme))
    texts = ResponseText.objects.filter(response=response).exclude(status=S.REPLACED)
    by_language: dict[str, dict[str, ResponseText]] = {}
    for text in texts.select_related("released_by"):
        by_language.setdefault(text.language, {})[text.status] = text
    translator = configured_translator()
    site = [code for code, _own_name in settings.LANGUAGES if code != BINDING]
    rows = [
        _row(response, code, by_language.get(code, {}), counts.get(code, 0), form) for code in site
    ]
    return {
        "needed": [
            {"name": language_of(code)["name"], "number": number} for code, number in counts.items()
        ],
        "service": translator.name if translator else "",
        "rows": sorted(rows, key=lambda row: -row["number"]),
        "has_answer": bool(response.reason),
    }


def save_version(request: HttpRequest, response: Response) -> HttpResponse | AnswerTextForm:
    """Release what a person wrote; the form where it has errors."""
    form = AnswerTextForm(request.POST)
    if not form.is_valid():
        return form
    write_answer_text(response=response, actor=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(
        request,
        _(
            "Gespeichert. Wer in dieser Sprache geschrieben hat, bekommt die Antwort darin, sobald "
            "sie veröffentlicht ist."
        ),
    )
    return redirect("responses:answer", response.pk)


def ask_service(request: HttpRequest, response: Response) -> HttpResponse:
    """Let the service draft the answer in a language."""
    request_answer_translation(
        response=response,
        language=request.POST.get("language", ""),
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("Die Übersetzung ist bestellt. Laden Sie die Seite gleich neu."))
    return redirect("responses:answer", response.pk)


def release_draft(request: HttpRequest, response: Response) -> HttpResponse:
    """Release the service's draft in a language."""
    text = get_object_or_404(
        ResponseText,
        response=response,
        language=request.POST.get("language", ""),
        status=S.MACHINE_DRAFT,
    )
    release_answer_text(text=text, actor=request.user, at=timezone.now())
    messages.success(request, _("Freigegeben. Die Übersetzung ist als automatisch gekennzeichnet."))
    return redirect("responses:answer", response.pk)


def _row(
    response: Response,
    code: str,
    texts: dict[str, ResponseText],
    number: int,
    form: AnswerTextForm | None,
) -> dict[str, Any]:
    released, draft = texts.get(S.RELEASED), texts.get(S.MACHINE_DRAFT)
    shown = draft or released
    initial = {"language": code, "reason": shown.reason if shown else ""}
    is_sent = form is not None and form.data.get("language") == code
    own = form if is_sent else AnswerTextForm(initial=initial, auto_id=f"id_{code}_%s")
    own.fields["reason"].widget.attrs["lang"] = code
    return {
        **language_of(code),
        "number": number,
        "released": released,
        "is_outdated": released is not None and released.source_hash != answer_hash(response),
        "draft": draft,
        "due": texts.get(S.DUE),
        "form": own,
        "open": is_sent or bool(draft) or (number > 0 and released is None),
    }
