"""Suggestions of a section in a list, supporting one, and whether its author may be named."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from consult.contributions.models import Contribution, Suggestion
from consult.contributions.predicates import may_name_author
from consult.contributions.selectors import suggestion_of
from consult.contributions.services.suggestions import (
    UnableToSupport,
    set_credit,
    support_suggestion,
    withdraw_support,
)
from consult.evaluation.selectors.suggestions import bundle_of, taken_over
from consult.records.selectors import held_contribution, public_contribution
from drafts.concept.snapshots import Data, plain
from drafts.editions.selectors import section_data
from site_content.pages.presenters.concept_text import section_name, section_url
from site_content.pages.presenters.discussion import Participation, participation, round_note
from site_content.pages.presenters.section_talk import place_names
from site_content.pages.presenters.suggestions import Suggestions, counted, entry, suggest_url
from site_content.pages.views.form_pages import come_back, message_page
from site_content.pages.views.reading import edition_or_404
from site_content.pages.views.themes import page_links
from site_content.pages.views.writing import section_or_404

A_PAGE = 20


def of_section(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """All wordings that residents propose in a section, or at one place of it."""
    edition = edition_or_404(number)
    section = section_or_404(edition, slug)
    taking_part = participation(edition, request.user, timezone.now())
    data = section_data(edition, get_language(), section["wid"])[0]
    places = _places(data)
    wanted = request.GET.get("stelle", "")
    wanted = wanted if wanted in places else ""
    found = Suggestions(taking_part, section["wid"])
    chosen = [
        (places[wid], bundle)
        for wid in ([wanted] if wanted else places)
        for bundle in found.by_place.get(wid, [])
    ]
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("seite"))
    shown = found.entries([bundle for _place, bundle in page], reasons=True)
    return render(
        request,
        "contributions/suggestions.html",
        {
            "here": request.path,
            "section_name": section_name(section),
            "back": section_url(edition, slug),
            "count": counted(len(chosen)),
            "place": places.get(wanted, ""),
            "entries": [
                {**item, "place": place} for item, (place, _bundle) in zip(shown, page, strict=True)
            ],
            "is_open": taking_part.is_open,
            "state_note": round_note(taking_part),
            "options": _options(taking_part, data, places, slug, wanted, found),
            "pages": page_links(request, page, "seite"),
        },
    )


@never_cache
def support(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for an account, or count the person; `zurueck` takes the support back."""
    found = public_contribution(ref.replace("\x00", ""))
    suggestion = suggestion_of(found) if found else None
    bundle = bundle_of(suggestion) if suggestion else None
    if found is None or suggestion is None or bundle is None:
        raise Http404
    if request.method == "POST":
        return _support(request, found, suggestion)
    carried = taken_over(suggestion.bundle)
    edition = carried.edition if carried else found.edition
    taking_part = participation(edition, request.user, timezone.now())
    return render(
        request,
        "contributions/support.html",
        {
            "ref": ref,
            "here": reverse("contribution", args=[ref]),
            "entry": entry(bundle, taking_part, set(), []),
            "login_url": "" if taking_part.signed_in else come_back("account_login", request),
            "signup_url": "" if taking_part.signed_in else come_back("account_signup", request),
        },
    )


@require_POST
def credit(request: HttpRequest, key: str) -> HttpResponse:
    """Let the author agree to be named beside the changed text, or take that back."""
    found = held_contribution(key, request.user)
    suggestion = suggestion_of(found) if found else None
    if found is None or suggestion is None or not may_name_author(found):
        raise Http404
    set_credit(suggestion=suggestion, agreed="ja" in request.POST)
    return redirect("receipt", key=key)


def _support(request: HttpRequest, found: Contribution, suggestion: Suggestion) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(come_back("account_login", request))
    deed = withdraw_support if "zurueck" in request.POST else support_suggestion
    try:
        deed(bundle=suggestion.bundle, participant=request.user, at=timezone.now())
    except UnableToSupport as problem:
        return message_page(
            request,
            _("Das können Sie gerade nicht unterstützen"),
            _sentence(problem),
            back=reverse("contribution", args=[found.ref]),
            back_label=_("Zum Vorschlag"),
            status=409,
        )
    return redirect(_next(request) or reverse("contribution", args=[found.ref]))


def _sentence(problem: UnableToSupport) -> str:
    known = {
        "closed": _(
            "Unterstützen können Sie Vorschläge, solange die Beteiligung läuft und noch nicht "
            "entschieden ist."
        ),
        "own": _("Das haben Sie selbst vorgeschlagen. Ihre Stimme zählt dafür schon."),
        "gone": _("Dieser Vorschlag ist nicht mehr zu lesen."),
    }
    return known[problem.code]


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _places(data: Data) -> dict[str, str]:
    """Every place that can have another wording, also headings, and the section for what is gone."""
    names = place_names(data)
    headings = {
        block["wid"]: _("Zwischenüberschrift „{words}“").format(words=plain(block["html"]))
        for block in data["text"]["blocks"]
        if block["kind"] == "heading"
    }
    return {**names, **headings}


def _options(
    taking_part: Participation,
    data: Data,
    places: dict[str, str],
    slug: str,
    wanted: str,
    found: Suggestions,
) -> list[Data]:
    goals = {goal["wid"]: goal["openness"] for goal in data["goals"]}
    return [
        {
            "name": name,
            "count": len(found.by_place.get(wid, [])),
            "url": f"?stelle={wid}",
            "current": wid == wanted,
            "suggest_url": suggest_url(taking_part, slug, wid, goals.get(wid, data["openness"])),
        }
        for wid, name in places.items()
        if wid != data["wid"]
    ]
