"""The first contribution in three small steps: choose a topic, write, say where to answer.

For somebody who has never used such a site: on a phone, without an account, without a script. What
was written waits as a draft of the section's own form, which receives it in the end.
"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consult.contributions.forms import FirstWordsForm
from consult.contributions.states import Stance
from drafts.concept.snapshots import Data
from drafts.editions.selectors import contents, current_edition
from site_content.pages.presenters.comment_form import form_values, fresh_form, pre_moderation_note
from site_content.pages.presenters.discussion import Participation, participation, round_note
from site_content.pages.views.drafts import draft_of, keeps_draft, place_of
from site_content.pages.views.form_pages import describe_errors, message_page, status_of


def _taking_part(request: HttpRequest) -> Participation:
    edition = current_edition()
    if edition is None:
        raise Http404
    return participation(edition, request.user, timezone.now())


def _place(request: HttpRequest) -> str:
    # The draft is that of the section's own form.
    slug = request.resolver_match.kwargs["slug"]
    return place_of(request, _taking_part(request).comment_url(slug))


def topics(request: HttpRequest) -> HttpResponse:
    """Step 1: the sections in plain words, one to choose."""
    taking_part = _taking_part(request)
    if not taking_part.is_open:
        return _not_possible(request, taking_part)
    entries = contents(taking_part.edition, get_language())
    return render(request, "contributions/first_topics.html", {"sections": entries})


@partial(keeps_draft, place=_place, is_sent=False)
@never_cache
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 2: the words. What is complete is kept, and the last step follows."""
    taking_part = _taking_part(request)
    entry = _entry_or_404(taking_part, slug)
    if not taking_part.is_open:
        return _not_possible(request, taking_part)
    posted = request.POST if request.method == "POST" else None
    form = FirstWordsForm(posted, initial=draft_of(request, _place(request)))
    if request.method == "POST" and form.is_valid():
        return redirect("first_sending", slug=slug)
    describe_errors(form)
    context = {
        "section": entry,
        "read_first": pre_moderation_note(taking_part, entry["wid"]),
        **form_values(form, taking_part, slug),
        "action": request.path,
    }
    return render(request, "contributions/first_words.html", context, status=status_of(form))


@never_cache
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 3: what was written once more, name and address; the section's form receives it."""
    taking_part = _taking_part(request)
    entry = _entry_or_404(taking_part, slug)
    kept = draft_of(request, _place(request))
    if not taking_part.is_open:
        return _not_possible(request, taking_part, kept.get("text", ""))
    if not kept.get("text"):
        messages.info(request, _("Schreiben Sie zuerst, was Sie sagen möchten."))
        return redirect("first_words", slug=slug)
    form = fresh_form(taking_part)
    form.initial |= kept
    context = {
        "section": entry,
        "text": kept["text"],
        "length": len(kept["text"]),
        "stance": Stance(kept["stance"]),
        "back": reverse("first_words", args=[slug]),
        **form_values(form, taking_part, slug),
    }
    return render(request, "contributions/first_sending.html", context)


def _entry_or_404(taking_part: Participation, slug: str) -> Data:
    entries = contents(taking_part.edition, get_language())
    found = next((entry for entry in entries if entry["slug"] == slug), None)
    if found is None:
        raise Http404
    return found


def _not_possible(
    request: HttpRequest, taking_part: Participation, typed: str = ""
) -> HttpResponse:
    words: dict[str, Any] = {"typed": typed or request.POST.get("text", "")}
    return message_page(
        request,
        _("Hier können Sie gerade nicht schreiben"),
        round_note(taking_part),
        back=reverse("current_edition"),
        back_label=_("Zum Text"),
        status=409,
        **words,
    )
