"""Writing: the comment form, a guest's confirmation. Each POST makes one domain call.

Pages with a form carry a visitor's own token, also without a session: they are never shared.
"""

import hashlib
from datetime import timedelta
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consult.contributions.forms import CommentForm
from consult.contributions.models import Contribution, PendingSubmission
from consult.contributions.selectors import published_contribution
from consult.contributions.services.commenting import (
    Place,
    Receipt,
    UnableToComment,
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
    words_of,
)
from consult.contributions.services.confirming import (
    GUEST_HOURS_AFTER_CLOSE,
    LinkExpired,
    unconfirmed_behind,
)
from consult.contributions.states import Stance, Visibility
from drafts.concept.snapshots import Data
from drafts.editions.models import Edition
from drafts.editions.selectors import contents
from site_content.pages.frame import moment
from site_content.pages.presenters.comment_form import (
    form_values,
    fresh_form,
    place_line,
    pre_moderation_note,
    sent_form,
)
from site_content.pages.presenters.concept_text import section_name, section_url
from site_content.pages.presenters.discussion import Participation, participation, round_note
from site_content.pages.presenters.quoting import author_name
from site_content.pages.presenters.wordings import proposed
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import (
    come_back,
    describe_errors,
    message_page,
    status_of,
    too_fast,
)
from site_content.pages.views.reading import edition_or_404
from site_content.pages.views.secrecy import behind_a_key

IN_PROGRESS = "in progress"
IN_PROGRESS_SECONDS = 30
ONCE_SECONDS = 3_600
# What a guest's words are kept with.
PLACED = frozenset({"section_wid", "target_wid", "language"})


@keeps_draft
@never_cache
def comment(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Show the form with its place chosen, or receive what was written."""
    edition = edition_or_404(number)
    entry = section_or_404(edition, slug)
    taking_part = participation(edition, request.user, timezone.now())
    if "gesendet" in request.GET:
        return mail_sent(request, entry, taking_part)
    asked = (
        request.POST if request.method == "POST" else {**draft_of(request), **request.GET.dict()}
    )
    typed = asked.get("text", "")
    if not taking_part.is_open:
        return _not_possible(request, entry, taking_part, round_note(taking_part), typed)
    try:
        place, answered = _place(taking_part.edition, entry, asked)
    except UnableToComment as problem:
        return _not_possible(request, entry, taking_part, sentence(problem), typed)
    if request.method != "POST":
        form = fresh_form(taking_part, place.target_wid, answered.ref if answered else "")
        form.initial |= draft_of(request)
        return _form_page(request, form, entry, place, answered, taking_part)
    form = sent_form(taking_part, request.POST)
    if form.is_valid() and is_within_rate(request, form, taking_part):
        return _take(request, form, entry, place, answered, taking_part)
    return _form_page(request, form, entry, place, answered, taking_part)


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guest what was written; a POST makes it a contribution."""
    return behind_a_key(_confirm(request, token))


def _confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        if request.method == "POST":
            receipt = confirm_submission(token=token, at=now)
            return _to_receipt(request, receipt)
        pending = unconfirmed_behind(PendingSubmission, token, now)
        kept = pending.payload
        words = words_of({name: kept[name] for name in kept if name not in PLACED})
        place = find_place(
            pending.round.edition, kept["section_wid"], kept["target_wid"], kept["language"]
        )
    except LinkExpired:
        return message_page(
            request,
            _("Dieser Link gilt nicht mehr"),
            _(
                "Er wurde schon benutzt, oder er ist zu alt. Wenn Sie schon bestätigt haben, steht "
                "Ihr Beitrag in der Diskussion. Sonst geben Sie ihn bitte noch einmal ab."
            ),
            back=reverse("current_edition"),
            back_label=_("Zum Entwurf"),
            status=410,
        )
    except UnableToComment as problem:
        return message_page(
            request,
            _("Der Beitrag kann nicht angenommen werden"),
            sentence(problem),
            back=reverse("current_edition"),
            back_label=_("Zum Entwurf"),
            status=409,
        )
    return render(
        request,
        "contributions/confirm.html",
        {
            "place_line": place_line(place),
            "text": words.text,
            "stance": Stance(words.stance).label,
            "who": words.display_name or _("Teilnehmende Person"),
            "proposal": proposed(place, words.proposal),
        },
    )


def sentence(problem: UnableToComment) -> str:
    """Why words cannot be taken, and what to do next."""
    known = {
        "closed": _("Die Beteiligung ist beendet. Neue Beiträge nehmen wir nicht mehr an."),
        "suspended": _(
            "Die Beteiligung ist gerade unterbrochen. Ihr Link gilt weiter: Öffnen Sie ihn noch "
            "einmal, wenn es weitergeht."
        ),
        "gone": _(
            "Die Stelle oder der Beitrag, zu dem Sie schreiben wollten, ist nicht mehr da. Wählen "
            "Sie im Abschnitt eine andere Stelle."
        ),
        "too_deep": _(
            "Auf diese Antwort kann man nicht mehr antworten. Antworten Sie auf den Beitrag "
            "darüber."
        ),
        "too_long": _("Ihr Text ist zu lang. Kürzen Sie ihn oder geben Sie zwei Beiträge ab."),
        "empty": _("Schreiben Sie mindestens einen Satz."),
        "unreadable": _(
            "Ihr Text enthält ein Zeichen, das wir nicht speichern können. Löschen Sie es oder "
            "tippen Sie die Stelle neu."
        ),
        "no_stance": _("Wählen Sie, was Sie uns sagen möchten."),
    }
    return known[problem.code]


def section_or_404(edition: Edition, slug: str) -> Data:
    """The section with this name in addresses, as the contents list has it."""
    entry = next((e for e in contents(edition, get_language()) if e["slug"] == slug), None)
    if entry is None:
        raise Http404
    return entry


def _place(edition: Edition, entry: Data, asked: Any) -> tuple[Place, Contribution | None]:
    ref, target = asked.get("antwort", ""), asked.get("stelle", "")
    answered = None
    if "\x00" in ref + target:
        raise UnableToComment("gone")
    if ref:
        answered = published_contribution(edition, ref)
        if answered is None or answered.section_wid != entry["wid"]:
            raise UnableToComment("gone")
        target = answered.target_wid
    return find_place(edition, entry["wid"], target, get_language()), answered


def _form_page(
    request: HttpRequest,
    form: CommentForm,
    entry: Data,
    place: Place,
    answered: Contribution | None,
    taking_part: Participation,
) -> HttpResponse:
    back = section_url(taking_part.edition, entry["slug"])
    describe_errors(form)
    return render(
        request,
        "contributions/comment.html",
        {
            "section_name": section_name(entry),
            "section_text": entry,
            "back": f"{back}#{answered.ref}" if answered else back,
            "others_url": f"{back}?{urlencode({'stelle': place.target_wid})}#diskussion",
            "place_line": place_line(place),
            "answered": _answered(answered),
            "read_first": pre_moderation_note(taking_part, entry["wid"]),
            "login_url": "" if taking_part.signed_in else come_back("account_login", request),
            **form_values(form, taking_part, entry["slug"]),
        },
        status=status_of(form),
    )


def _answered(answered: Contribution | None) -> Data | None:
    if answered is None:
        return None
    return {
        "ref": answered.ref,
        "text": answered.comment_row.comment,
        "who": author_name(answered),
        "language": answered.language if answered.language != "und" else "",
    }


def mail_sent(request: HttpRequest, entry: Data, taking_part: Participation) -> HttpResponse:
    """Say that a link is on its way, and until when it holds."""
    until = ""
    if taking_part.round_:
        closing = taking_part.round_.closes_at
        until = moment(closing + timedelta(hours=GUEST_HOURS_AFTER_CLOSE))
    return render(
        request,
        "contributions/mail_sent.html",
        {"back": section_url(taking_part.edition, entry["slug"]), "until": until},
    )


def _not_possible(
    request: HttpRequest, entry: Data, taking_part: Participation, why: str, typed: str
) -> HttpResponse:
    return message_page(
        request,
        _("Hier können Sie gerade nicht schreiben"),
        why,
        back=section_url(taking_part.edition, entry["slug"]),
        back_label=_("Zurück zum Abschnitt"),
        typed=typed,
        status=409,
    )


def _take(
    request: HttpRequest,
    form: CommentForm,
    entry: Data,
    place: Place,
    answered: Contribution | None,
    taking_part: Participation,
) -> HttpResponse:
    words = Words(
        text=form.cleaned_data["text"],
        stance=form.cleaned_data["stance"],
        display_name=form.cleaned_data["display_name"],
        reply_to=answered.ref if answered else "",
    )
    try:
        return hand_in(request, form, entry, place, words, taking_part)
    except UnableToComment as problem:
        form.add_error(None, sentence(problem))
        return _form_page(request, form, entry, place, answered, taking_part)


def hand_in(
    request: HttpRequest,
    form: CommentForm,
    entry: Data,
    place: Place,
    words: Words,
    taking_part: Participation,
) -> HttpResponse:
    """Receive the words once, however often the form is sent; lead to the receipt or the mail.

    Raises UnableToComment.
    """
    once = _once_key(request, form, place, words)
    if not cache.add(once, IN_PROGRESS, IN_PROGRESS_SECONDS):
        return _taken_already(request, cache.get(once), entry, taking_part)
    try:
        if taking_part.signed_in:
            receipt = submit_comment(
                place=place, words=words, participant=request.user, at=taking_part.at
            )
            response = _to_receipt(request, receipt)
        else:
            submit_as_guest(
                place=place,
                words=words,
                email=form.cleaned_data["email"],
                language=get_language(),
                at=taking_part.at,
            )
            response = redirect(taking_part.comment_url(entry["slug"], gesendet="1"))
    except UnableToComment:
        cache.delete(once)
        raise
    cache.set(once, response.url, ONCE_SECONDS)
    return response


def _once_key(request: HttpRequest, form: CommentForm, place: Place, words: Words) -> str:
    # Part of the key is what was written: a form that the browser kept can be sent again with
    # other words and is then another contribution.
    who = str(request.user.pk or form.cleaned_data["email"])
    parts = [who, str(form.cleaned_data["key"]), place.target_wid, repr(words)]
    return "once:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _taken_already(
    request: HttpRequest, outcome: str | None, entry: Data, taking_part: Participation
) -> HttpResponse:
    if outcome and outcome != IN_PROGRESS:
        return redirect(outcome)
    return message_page(
        request,
        _("Ihr Beitrag kommt gerade an"),
        _(
            "Sie haben ihn zweimal abgeschickt; er zählt einmal. Sie finden ihn gleich in der "
            "Diskussion, und mit Konto unter „Mein Beitrag“."
        ),
        back=section_url(taking_part.edition, entry["slug"]),
        back_label=_("Zurück zum Abschnitt"),
        status=409,
    )


def _to_receipt(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    contribution = receipt.contribution
    if contribution.status == Visibility.HELD:
        said = _(
            "Ihr Beitrag ist da. Nummer {ref}. Die Moderation liest ihn, bevor er erscheint, "
            "spätestens {time}."
        ).format(ref=contribution.ref, time=moment(contribution.decide_by))
    else:
        said = _("Ihr Beitrag ist da. Nummer {ref}.").format(ref=contribution.ref)
    messages.success(request, said)
    return redirect("receipt", receipt.key)


def is_within_rate(request: HttpRequest, form: CommentForm, taking_part: Participation) -> bool:
    """Whether this visitor may send more now; else the form says so."""
    if taking_part.signed_in:
        allowed = ratelimit.consume(request, action="comment")
    else:
        allowed = ratelimit.consume(
            request, action="guest_comment", key=form.cleaned_data["email"].lower()
        )
    if not allowed:
        form.add_error(None, too_fast())
    return allowed
