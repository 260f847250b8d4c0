"""What became of a contribution: for everybody by its number, for its author by the receipt."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from consult.contributions.models import Contribution, ModerationDecision
from consult.contributions.predicates import (
    may_complain,
    may_name_author,
    may_withdraw,
    may_withdraw_by_receipt,
)
from consult.contributions.services import moderation
from consult.contributions.services.commenting import UnableToComment
from consult.contributions.services.withdrawing import withdraw as withdraw_contribution
from consult.contributions.services.withdrawing import withdraw_by_receipt
from consult.contributions.states import LISTED, Rule, Visibility
from consult.evaluation.selectors.suggestions import taken_over
from consult.evaluation.states import ResponseStatus
from consult.following.states import Topic
from consult.intake.selectors import waiting_card
from consult.intake.services.cards import as_typed
from consult.records.selectors import (
    Trace,
    contribution_by_receipt,
    contributions_of,
    hiding_of,
    public_contribution,
    trace_contribution,
)
from consult.rounds.states import RoundStatus
from drafts.concept.languages import language_of
from site_content.pages.forms import ComplaintForm, FindForm, WithdrawalForm
from site_content.pages.frame import moment
from site_content.pages.presenters.discussion import participation
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.following import follow_button
from site_content.pages.presenters.receipt import receipt_of
from site_content.pages.presenters.suggestions import on_own_page
from site_content.pages.presenters.theme_report import theme_url
from site_content.pages.presenters.trail import Reader, headline, own_words, path, stub
from site_content.pages.views.cards import card_not_entered
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.secrecy import behind_a_key
from site_content.pages.views.themes import page_links

Shown = dict[str, Any]

CONTRIBUTIONS_A_PAGE = 50
_RECEIPT_LINK = re.compile(r"/beleg/([^/?#\s]+)")


@require_GET
def contribution(request: HttpRequest, ref: str) -> HttpResponse:
    """The way of a published contribution; of another one only why its words are not there."""
    if _own(request, ref):
        return redirect("receipt", key=ref)
    found = public_contribution(_clean(ref))
    if found is None:
        raise Http404
    reader = Reader(at=timezone.now())
    trace = trace_contribution(found)
    context = {"ref": found.ref, "headline": headline(trace, reader)}
    if found.status != Visibility.PUBLISHED:
        context |= {"stub": stub(trace), "received": day(found.received_at)}
        return render(request, f"records/stub_{found.status}.html", context)
    context |= {"words": own_words(trace, reader), "steps": path(trace, reader)}
    context |= _suggestion(request, trace, reader)
    context["follow"] = follow_button(request, Topic.CONTRIBUTION, found.ref)
    return render(request, "records/contribution.html", context)


@require_GET
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """The same way for the holder of the receipt, whatever the status, with the proof."""
    if card := waiting_card(key):
        return behind_a_key(card_not_entered(request, card))
    found = _held_or_404(request, key)
    reader = Reader(at=timezone.now(), key=key)
    trace = trace_contribution(found)
    link = request.build_absolute_uri(request.path) if key != found.ref else ""
    context = {
        "ref": found.ref,
        "key": key,
        "headline": headline(trace, reader),
        "words": own_words(trace, reader),
        "steps": path(trace, reader),
        "receipt": receipt_of(found, trace.text, link),
        "withdrawal": _withdrawal(request, found, key),
        **_suggestion(request, trace, reader),
        "follow_url": _follow_url(request, found),
    }
    return behind_a_key(render(request, "records/receipt.html", context))


def _follow_url(request: HttpRequest, found: Contribution) -> str:
    """Where an author says how often to be told; a guest has the link in each mail."""
    if not request.user.is_authenticated or found.status not in LISTED:
        return ""
    return reverse("follow", args=[Topic.CONTRIBUTION.value, found.ref])


@keeps_draft
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once more, then take the contribution back. Without an account the receipt is enough."""
    found = _held_or_404(request, key)
    posted = request.POST if request.method == "POST" else None
    form = WithdrawalForm(posted, initial=draft_of(request))
    if request.method == "POST" and form.is_valid():
        return _take_back(request, found, key, form.cleaned_data["reason"])
    if found.participant_id and not request.user.is_authenticated:
        return behind_a_key(redirect_to_login(request.path))
    if not _may_take_back(request, found):
        return _refuse_withdrawal(request, found, key, status=200)
    context = {"ref": found.ref, "key": key, "form": form, "text": found.comment_row.comment}
    status = 422 if form.errors else 200
    return behind_a_key(render(request, "records/withdraw.html", context, status=status))


@keeps_draft
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, key: str, decision: int) -> HttpResponse:
    """Let the author object to the hiding of a contribution."""
    found = _held_or_404(request, key)
    row = hiding_of(found, decision)
    if row is None:
        raise Http404
    context = {"ref": found.ref, "key": key, "until": day(row.complaint_until)}
    if not may_complain(row, timezone.localdate()):
        return behind_a_key(render(request, "records/complaint_refused.html", context, status=409))
    form = ComplaintForm(request.POST or None, initial=draft_of(request))
    if request.method == "POST" and form.is_valid():
        return _file_complaint(request, row, form, key)
    context |= {"form": form, "rule": Rule(row.rule).label, "reason": row.reason}
    return behind_a_key(render(request, "records/complain.html", context))


@require_GET
def my_contributions(request: HttpRequest) -> HttpResponse:
    """All contributions of a person who is logged in; for others the ways to find theirs."""
    form = FindForm(request.GET if "beleg" in request.GET else None)
    if form.is_valid():
        address = _find(form.cleaned_data["beleg"])
        if address:
            return behind_a_key(redirect(address))
        form.add_error("beleg", _not_found())
    if not request.user.is_authenticated:
        response = render(request, "records/find.html", {"form": form})
        return behind_a_key(response) if form.is_bound else response
    found = contributions_of(request.user)
    page = Paginator(found, CONTRIBUTIONS_A_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "rows": [_row(row) for row in page],
        "count": ngettext("{n} Beitrag", "{n} Beiträge", found.count()).format(n=found.count()),
        "pages": page_links(request, page, "seite"),
    }
    return render(request, "records/my_contributions.html", context)


def _suggestion(request: HttpRequest, trace: Trace, reader: Reader) -> Shown:
    """The other wording that a contribution proposes, with what the reader can do about it."""
    if trace.suggestion is None:
        return {}
    carried = taken_over(trace.suggestion.bundle)
    edition = carried.edition if carried else trace.contribution.edition
    taking_part = participation(edition, request.user, reader.at)
    may_agree = reader.is_holder and may_name_author(trace.contribution)
    return {
        "here": request.path,
        "suggestion": on_own_page(trace, taking_part, is_holder=reader.is_holder),
        "credit_url": reverse("suggestion_credit", args=[reader.key]) if may_agree else "",
    }


def _held_or_404(request: HttpRequest, key: str) -> Contribution:
    # The key opens a receipt for whoever holds it, the number only for the author's account.
    found = contribution_by_receipt(key) or _own(request, key)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, ref: str) -> Contribution | None:
    if not request.user.is_authenticated:
        return None
    return contributions_of(request.user).filter(ref=_clean(ref)).first()


def _clean(text: str) -> str:
    # PostgreSQL takes no NUL in a text.
    return text.replace("\x00", "")


def _withdrawal(request: HttpRequest, found: Contribution, key: str) -> Shown | None:
    url = reverse("withdraw", args=[key])
    if _may_take_back(request, found):
        return {"template": "records/withdrawal/possible.html", "url": url}
    is_there = found.status in {Visibility.PUBLISHED, Visibility.HELD}
    if is_there and found.round.is_open(timezone.now()) and not request.user.is_authenticated:
        return {"template": "records/withdrawal/after_login.html", "url": url}
    return None


def _may_take_back(request: HttpRequest, found: Contribution) -> bool:
    now = timezone.now()
    return may_withdraw(request.user, found, now) or may_withdraw_by_receipt(found, now)


def _take_back(request: HttpRequest, found: Contribution, key: str, reason: str) -> HttpResponse:
    now = timezone.now()
    try:
        if found.participant_id is None:
            withdraw_by_receipt(key=key, reason=reason, at=now)
        else:
            withdraw_contribution(contribution=found, actor=request.user, reason=reason, at=now)
    except UnableToComment:
        return _refuse_withdrawal(request, found, key, status=409)
    messages.success(request, _("Ihr Beitrag ist zurückgezogen."))
    return redirect("receipt", key=key)


def _refuse_withdrawal(
    request: HttpRequest, found: Contribution, key: str, *, status: int
) -> HttpResponse:
    context = {"ref": found.ref, "key": key, "reason": _not_withdrawable(found)}
    return behind_a_key(render(request, "records/withdraw_refused.html", context, status=status))


def _not_withdrawable(found: Contribution) -> str:
    if found.status not in {Visibility.PUBLISHED, Visibility.HELD}:
        return _("Der Beitrag ist schon {status}.").format(status=found.get_status_display())
    if found.round.status == RoundStatus.SUSPENDED:
        return _(
            "Die Beteiligung ist gerade unterbrochen. Wenn sie weitergeht, können Sie den Beitrag "
            "hier zurückziehen."
        )
    if not found.round.is_open(timezone.now()):
        return _(
            "Die Runde ist seit {end} zu Ende. Was bis dahin eingegangen ist, wird ausgewertet."
        ).format(end=moment(found.round.closes_at))
    return _("Nur das Konto, mit dem der Beitrag abgegeben wurde, kann ihn zurückziehen.")


def _file_complaint(
    request: HttpRequest, decision: ModerationDecision, form: ComplaintForm, key: str
) -> HttpResponse:
    try:
        moderation.complain(decision=decision, text=form.cleaned_data["text"], at=timezone.now())
    except moderation.ComplaintRefused:
        context = {"key": key, "until": day(decision.complaint_until)}
        return behind_a_key(render(request, "records/complaint_refused.html", context, status=409))
    messages.success(
        request, _("Ihre Beschwerde ist eingegangen. Eine andere Person entscheidet darüber.")
    )
    return redirect("receipt", key=key)


def _find(text: str) -> str:
    """The address behind a pasted number, link or key; empty where nothing is found."""
    link = _RECEIPT_LINK.search(text)
    if link is None and public_contribution(_clean(text)):
        return reverse("contribution", args=[_clean(text)])
    key = link.group(1) if link else as_typed(text) or text
    return reverse("receipt", args=[key]) if contribution_by_receipt(key) else ""


def _not_found() -> str:
    return _(
        "Dazu haben wir nichts gefunden. Prüfen Sie, ob die Nummer oder der Link vollständig ist."
    )


def _row(found: Contribution) -> Shown:
    theme = found.current[0].theme if found.current else None
    return {
        "ref": found.ref,
        "url": reverse("receipt", args=[found.ref]),
        "day": day(found.received_at),
        "text": found.comment_row.comment,
        "language": language_of(found.language),
        "status": found.get_status_display(),
        "state": _state(found, theme),
        "theme": {"title": theme.title, "url": theme_url(found.round, theme.number)}
        if theme and found.status == Visibility.PUBLISHED
        else None,
    }


def _state(found: Contribution, theme) -> str:
    if found.status == Visibility.HELD:
        return _("Die Moderation entscheidet bis {day}.").format(day=moment(found.decide_by))
    if found.status != Visibility.PUBLISHED:
        return ""
    response = getattr(theme, "response", None)
    if response and response.status == ResponseStatus.PUBLISHED:
        return _("Die Stadt hat geantwortet: {outcome}.").format(
            outcome=response.get_outcome_display()
        )
    due = response.due_on if response else found.round.answer_due
    if due < timezone.localdate():
        return _("Überfällig: Die Antwort war bis {day} versprochen.").format(day=day(due))
    return _("Die Stadt antwortet bis {day}.").format(day=day(due))
