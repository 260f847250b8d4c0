"""The desk of suggestions: residents' wordings beside the text they concern, and the decisions."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.contributions.models import SuggestionBundle
from consult.contributions.states import Operation, SuggestionStatus
from consult.evaluation.admin_views.suggestion_forms import AmendForm, ReasonForm
from consult.evaluation.admin_views.suggestion_rows import (
    bundle_row,
    edition_rows,
    place_rows,
    running_rounds,
    status_tabs,
)
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors.suggestions import Bundle, bundle_at, bundles_beside, place_now
from consult.evaluation.services.suggestions import (
    SuggestionNotDecided,
    adopt_amended,
    adopt_suggestion,
    decline_suggestion,
    reopen_suggestion,
)
from consult.participants.decorators import only_if
from consult.rounds.services import NotPermitted
from drafts.editions.models import Edition
from drafts.editions.rewording import working_texts
from drafts.editions.selectors import contents

REFUSALS = {
    "decided_already": gettext_lazy("Über diesen Vorschlag ist schon entschieden."),
    "not_decided": gettext_lazy("Über diesen Vorschlag ist noch nicht entschieden."),
    "in_an_edition": gettext_lazy(
        "Eine freigegebene Fassung beruht auf dieser Entscheidung. Sie bleibt bestehen; ändern Sie "
        "den Text in der nächsten Überarbeitung."
    ),
    "no_reason": gettext_lazy("Schreiben Sie eine Begründung."),
    "no_words": gettext_lazy("Schreiben Sie, wie die Stelle lauten soll."),
    "text_moved_on": gettext_lazy(
        "Der Arbeitstext lautet nicht mehr so wie der Text, auf den sich der Vorschlag bezieht. "
        "Vergleichen Sie die drei Texte und übernehmen Sie den Vorschlag mit Änderungen."
    ),
    "gone": gettext_lazy(
        "Die Stelle gibt es im Arbeitstext nicht mehr. Lehnen Sie den Vorschlag mit Begründung ab "
        "oder legen Sie die Stelle auf der Seite wieder an."
    ),
    "by_hand": gettext_lazy(
        "Das ändern Sie auf der Seite selbst: Tabellen und Bilder. "
        "Danach halten Sie hier fest, dass Sie den Vorschlag übernommen haben."
    ),
    "being_reviewed": gettext_lazy(
        "Die Seite wird gerade geprüft oder ist gesperrt. Warten Sie die Prüfung ab und übernehmen "
        "Sie den Vorschlag danach."
    ),
}
coordination_only = only_if(may_evaluate)


@require_GET
@coordination_only
def desk(request: HttpRequest) -> HttpResponse:
    """The editions with their sections, and how many suggestions wait in each."""
    return render(
        request,
        "suggestions_desk/desk.html",
        {
            "header_title": _("Änderungsvorschläge"),
            "breadcrumbs_items": crumbs(),
            "editions": edition_rows(),
        },
    )


@require_GET
@coordination_only
def section(request: HttpRequest, pk: int, wid: str) -> HttpResponse:
    """The suggestions of a section beside the working text of each place."""
    edition = get_object_or_404(Edition.objects.select_related("concept"), pk=pk)
    entry = next((row for row in contents(edition) if row["wid"] == wid), None)
    if entry is None:
        raise Http404
    found = bundles_beside(edition, wid)
    wanted = request.GET.get("stand", "")
    chosen = found if wanted not in SuggestionStatus else _with_status(found, wanted)
    title = f"{entry['number']} {entry['title']}".strip()
    return render(
        request,
        "suggestions_desk/section.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(("", title)),
            "edition": edition,
            "tabs": status_tabs(found, wanted),
            "places": place_rows(edition, wid, chosen),
        },
    )


@coordination_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One bundle with the three texts; a POST amends, declines or takes the decision back."""
    bundle = _bundle_or_404(pk)
    if request.method != "POST":
        return _page(request, bundle, {})
    deed = next((name for name in _FORMS if name in request.POST), "")
    if not deed:
        return redirect("suggestions_desk:one", pk)
    form = _FORMS[deed](request.POST, prefix=deed)
    if not form.is_valid():
        return _page(request, bundle, {deed: form})
    refused = _decide(request, bundle.row, deed, form.cleaned_data)
    if refused:
        messages.error(request, REFUSALS[refused])
        return _page(request, bundle, {deed: form})
    return _done(request, bundle.row)


@require_POST
@coordination_only
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the proposed wording into the working text: one action."""
    bundle = _bundle_or_404(pk)
    refused = _decide(request, bundle.row, "adopt", {})
    if refused:
        messages.error(request, REFUSALS[refused])
        return redirect("suggestions_desk:one", pk)
    return _done(request, bundle.row)


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the desk: (url, label) pairs after its start."""
    trail = [
        (reverse("wagtailadmin_home"), _("Start")),
        (reverse("suggestions_desk:desk"), _("Änderungsvorschläge")),
        *more,
    ]
    return [{"url": url, "label": label} for url, label in trail]


_FORMS: dict[str, type[forms.Form]] = {
    "amend": AmendForm,
    "decline": ReasonForm,
    "reopen": ReasonForm,
}
_DEEDS: dict[str, Any] = {
    "adopt": adopt_suggestion,
    "amend": adopt_amended,
    "decline": decline_suggestion,
    "reopen": reopen_suggestion,
}


def _decide(request: HttpRequest, row: SuggestionBundle, deed: str, said: dict[str, Any]) -> str:
    """Take the decision; return why it cannot be taken, or ""."""
    try:
        _DEEDS[deed](bundle=row, actor=request.user, at=timezone.now(), **said)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except SuggestionNotDecided as refused:
        return refused.code
    return ""


def _done(request: HttpRequest, row: SuggestionBundle) -> HttpResponse:
    row.refresh_from_db()
    said = {
        SuggestionStatus.ADOPTED: _(
            "Übernommen: Der Entwurf der Seite ist geändert. Lassen Sie ihn von einer zweiten "
            "Person prüfen. Alle, die das vorgeschlagen haben, bekommen eine Nachricht."
        ),
        SuggestionStatus.AMENDED: _(
            "Mit Änderungen übernommen. Lassen Sie den Entwurf von einer zweiten Person prüfen. "
            "Alle, die das vorgeschlagen haben, bekommen eine Nachricht."
        ),
        SuggestionStatus.DECLINED: _(
            "Abgelehnt. Alle, die das vorgeschlagen haben, bekommen Ihre Begründung."
        ),
        SuggestionStatus.OPEN: _(
            "Die Entscheidung ist zurückgenommen. Der Arbeitstext ist geblieben, wie er war."
        ),
    }
    messages.success(request, said[SuggestionStatus(row.status)])
    return redirect("suggestions_desk:one", row.pk)


def _page(request: HttpRequest, bundle: Bundle, bound: dict[str, forms.Form]) -> HttpResponse:
    row = bundle.row
    section_wid, wid = place_now(row)
    now = working_texts(row.edition.concept, section_wid).get(wid)
    shown = bundle_row(bundle, now, running_rounds(row.edition))
    name = _("Vorschlag %(ref)s") % {"ref": bundle.first.ref}
    return render(
        request,
        "suggestions_desk/one.html",
        {
            "header_title": name,
            "breadcrumbs_items": crumbs(("", name)),
            "row": shown,
            "now": now,
            "edit_url": _edit_url(now),
            "can_decide": shown["can_decide"],
            "amend_form": bound.get("amend") or _amend_form(row, shown, now),
            "decline_form": bound.get("decline") or ReasonForm(prefix="decline"),
            "reopen_form": bound.get("reopen") or ReasonForm(prefix="reopen"),
        },
        status=422 if bound else 200,
    )


def _amend_form(row: SuggestionBundle, shown: dict[str, Any], now) -> AmendForm:
    """Filled with the proposed words; where the text has moved on, with the present ones."""
    moved_on = shown["moved_on"] and now is not None and row.op != Operation.INSERT
    wording = now.text if moved_on else row.new_text
    return AmendForm(prefix="amend", initial={"wording": wording})


def _edit_url(now) -> str:
    return reverse("wagtailadmin_pages:edit", args=[now.page.pk]) if now else ""


def _with_status(found: list[Bundle], status: str) -> list[Bundle]:
    return [bundle for bundle in found if bundle.row.status == status]


def _bundle_or_404(pk: int) -> Bundle:
    found = bundle_at(pk)
    if found is None:
        raise Http404
    return found


desk_patterns = [
    path("", desk, name="desk"),
    path("fassung/<int:pk>/<str:wid>/", section, name="section"),
    path("<int:pk>/", one, name="one"),
    path("<int:pk>/uebernehmen/", adopt, name="adopt"),
]
suggestion_urls = [
    path("aenderungsvorschlaege/", include((desk_patterns, "suggestions_desk"))),
]
