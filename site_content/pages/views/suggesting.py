"""Proposing other wording: the form for one place of the text. A POST makes one domain call."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consult.contributions.forms import GuestSuggestionForm, SuggestionForm
from consult.contributions.services.commenting import Place, UnableToComment, Words, find_place
from consult.contributions.services.suggestions import LONGEST_WORDING, Proposal, tidy
from consult.contributions.states import Operation, Stance
from drafts.concept.snapshots import Data, content_hash
from drafts.editions.models import Edition
from drafts.editions.selectors import Wording, current_edition, wording_at
from site_content.pages.presenters.comment_form import form_values, place_line, pre_moderation_note
from site_content.pages.presenters.concept_text import edition_name, section_name, section_url
from site_content.pages.presenters.discussion import Participation, participation, round_note
from site_content.pages.presenters.wordings import shown_wording
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import (
    come_back,
    describe_errors,
    message_page,
    status_of,
)
from site_content.pages.views.reading import edition_or_404
from site_content.pages.views.writing import hand_in, is_within_rate, section_or_404, sentence

OPERATION = {
    "aendern": Operation.REPLACE,
    "einfuegen": Operation.INSERT,
    "streichen": Operation.DELETE,
}


@keeps_draft
@never_cache
def suggest(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Show the form with the present wording filled in, or receive another one."""
    edition = edition_or_404(number)
    entry = section_or_404(edition, slug)
    taking_part = participation(edition, request.user, timezone.now())
    asked = request.POST if request.method == "POST" else request.GET
    wid = asked.get("stelle", "").replace("\x00", "")
    wording = wording_at(edition, entry["wid"], wid)
    code = _closed_place(wording)
    if not taking_part.is_open or wording is None or code:
        return _not_possible(request, entry, taking_part, wid, code)
    place = find_place(edition, entry["wid"], wid)
    if request.method != "POST" or "ansehen" in request.POST:
        form = _fresh_form(request, taking_part, wid, wording)
        return _form_page(request, form, entry, place, wording, taking_part)
    form = _form_class(taking_part)(request.POST)
    if form.is_valid() and is_within_rate(request, form, taking_part):
        return _take(request, form, entry, place, wording, taking_part)
    return _form_page(request, form, entry, place, wording, taking_part)


def refusal(code: str, wording: Wording | None = None) -> str:
    """Why a wording cannot be taken, and what to do next."""
    known = {
        "fixed": _(
            "Diese Stelle steht fest. {reason} Einen anderen Wortlaut können Sie hier nicht "
            "vorschlagen. Sie können aber dazu schreiben."
        ).format(reason=wording.reason if wording else ""),
        "no_wording_here": _(
            "Wählen Sie im Abschnitt den Absatz oder das Ziel, das anders lauten soll."
        ),
        "nothing_new": _(
            "Ihr Vorschlag lautet wie der jetzige Text. Ändern Sie, was anders sein soll."
        ),
        "no_new_text": _(
            "Schreiben Sie den neuen Wortlaut. Wenn die Stelle wegfallen soll, wählen Sie oben "
            "„Streichen“."
        ),
        "wording_too_long": _(
            "Ihr Wortlaut ist zu lang. Möglich sind {most} Zeichen. Kürzen Sie ihn oder machen Sie "
            "zwei Vorschläge daraus."
        ).format(most=LONGEST_WORDING),
        "text_moved_on": _(
            "Der Text dieser Stelle ist nicht mehr der, den Sie geändert haben. Vergleichen Sie "
            "unten Ihren Vorschlag mit dem jetzigen Wortlaut und schicken Sie ihn dann noch einmal "
            "ab."
        ),
        "suggested_already": _(
            "Diesen Wortlaut haben Sie schon vorgeschlagen. Sie finden ihn unter „Mein Beitrag“."
        ),
        "no_operation": _("Wählen Sie oben, ob Sie ändern, einfügen oder streichen möchten."),
    }
    return known.get(code) or sentence(UnableToComment(code))


def _closed_place(wording: Wording | None) -> str:
    if wording is None:
        return "gone"
    if wording.kind == "section":
        return "no_wording_here"
    return "fixed" if wording.is_fixed else ""


def _form_class(taking_part: Participation) -> type[SuggestionForm]:
    return SuggestionForm if taking_part.signed_in else GuestSuggestionForm


def _fresh_form(
    request: HttpRequest, taking_part: Participation, wid: str, wording: Wording
) -> SuggestionForm:
    """The form as somebody opens it, or with all that was typed so far."""
    was = request.GET.get("was", "")
    initial = {
        "was": was if was in OPERATION else "aendern",
        "new_text": wording.text if was in {"", "aendern"} else "",
        "stelle": wid,
        "grundlage": content_hash(wording.text),
        "key": uuid.uuid4(),
        "display_name": taking_part.user.pseudonym if taking_part.signed_in else "",
    }
    return _form_class(taking_part)(initial={**initial, **draft_of(request), **request.POST.dict()})


def _form_page(
    request: HttpRequest,
    form: SuggestionForm,
    entry: Data,
    place: Place,
    wording: Wording,
    taking_part: Participation,
) -> HttpResponse:
    back = section_url(taking_part.edition, entry["slug"])
    describe_errors(form)
    was = form["was"].value()
    op = OPERATION.get(was, Operation.REPLACE)
    return render(
        request,
        "contributions/suggest.html",
        {
            **form_values(form, taking_part, entry["slug"]),
            "action": request.path,
            "section_name": section_name(entry),
            "back": back,
            "others_url": _others_url(taking_part.edition, entry["slug"], place.target_wid),
            "place_line": place_line(place),
            "old": wording.text,
            "op": op,
            "choices": _choices(request, was, place.target_wid),
            "preview": _preview(request, form, op, wording),
            "read_first": pre_moderation_note(taking_part, entry["wid"]),
            "login_url": "" if taking_part.signed_in else come_back("account_login", request),
        },
        status=status_of(form),
    )


def _choices(request: HttpRequest, was: str, wid: str) -> list[dict[str, Any]]:
    labels = {
        "aendern": _("Ändern"),
        "einfuegen": _("Danach einfügen"),
        "streichen": _("Streichen"),
    }
    return [
        {
            "label": label,
            "url": f"{request.path}?{urlencode({'stelle': wid, 'was': name})}",
            "current": name == was,
        }
        for name, label in labels.items()
    ]


def _preview(
    request: HttpRequest, form: SuggestionForm, op: str, wording: Wording
) -> dict[str, Any] | None:
    """The difference that was asked for, or that was sent and could not be taken yet."""
    if request.method != "POST":
        return None
    new = tidy((form["new_text"].value() or "").replace("\x00", ""), wording.kind)
    return shown_wording(op, wording.text, "" if op == Operation.DELETE else new)


def _take(
    request: HttpRequest,
    form: SuggestionForm,
    entry: Data,
    place: Place,
    wording: Wording,
    taking_part: Participation,
) -> HttpResponse:
    data = form.cleaned_data
    words = Words(
        text=data["text"],
        stance=Stance.IDEA,
        display_name=data["display_name"],
        proposal=Proposal(
            op=OPERATION[data["was"]],
            new_text=data["new_text"],
            base_hash=data["grundlage"],
            credit_agreed=data["credit"],
        ),
    )
    try:
        return hand_in(request, form, entry, place, words, taking_part)
    except UnableToComment as problem:
        return _refuse(request, form, entry, place, wording, taking_part, problem.code)


def _refuse(
    request: HttpRequest,
    form: SuggestionForm,
    entry: Data,
    place: Place,
    wording: Wording,
    taking_part: Participation,
    code: str,
) -> HttpResponse:
    about_words = {"nothing_new", "no_new_text", "wording_too_long"}
    form.add_error("new_text" if code in about_words else None, refusal(code, wording))
    if code == "text_moved_on":
        # Who reads the present wording below may send the same words once more.
        form.data = {**form.data.dict(), "grundlage": content_hash(wording.text)}
    return _form_page(request, form, entry, place, wording, taking_part)


def _not_possible(
    request: HttpRequest, entry: Data, taking_part: Participation, wid: str, code: str
) -> HttpResponse:
    wording = wording_at(taking_part.edition, entry["wid"], wid)
    why = refusal(code, wording) if code else ""
    back, label = section_url(taking_part.edition, entry["slug"]), _("Zurück zum Abschnitt")
    if not taking_part.is_open:
        why = round_note(taking_part)
        newer = _newer(taking_part, entry["wid"], wid)
        if newer is not None:
            why = _(
                "{why} Inzwischen gilt {edition}. Schlagen Sie dort Ihren Wortlaut vor."
            ).format(why=why, edition=edition_name(newer))
            back, label = _form_url(newer, entry["slug"], wid), _("Zum Text, der jetzt gilt")
    typed = [request.POST.get("new_text", ""), request.POST.get("text", "")]
    return message_page(
        request,
        _("Hier können Sie gerade keinen anderen Wortlaut vorschlagen"),
        why,
        back=back,
        back_label=label,
        typed="\n\n".join(filter(None, typed)),
        status=409,
    )


def _newer(taking_part: Participation, section_wid: str, wid: str) -> Edition | None:
    """A later edition that people take part in now and that has the place."""
    current = current_edition()
    if current is None or current.number <= taking_part.edition.number:
        return None
    there = participation(current, taking_part.user, taking_part.at).is_open
    return current if there and wording_at(current, section_wid, wid) else None


def _form_url(edition: Edition, slug: str, wid: str) -> str:
    return f"{reverse('suggest', args=[edition.number, slug])}?{urlencode({'stelle': wid})}"


def _others_url(edition: Edition, slug: str, wid: str) -> str:
    return f"{reverse('suggestions', args=[edition.number, slug])}?{urlencode({'stelle': wid})}"
