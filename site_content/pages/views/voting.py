"""Voting on a goal: three buttons, or the way to an account. A POST makes one domain call."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.contributions.services.voting import UnableToVote, cast_vote
from consult.contributions.states import Choice
from drafts.concept.snapshots import Data
from drafts.editions.models import EditionGoal
from drafts.editions.selectors import goal_at, section_data
from site_content.pages.presenters.concept_text import section_name, section_url
from site_content.pages.presenters.discussion import (
    Participation,
    goal_votes,
    participation,
    round_note,
)
from site_content.pages.views.form_pages import come_back, message_page
from site_content.pages.views.reading import edition_or_404


def vote(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Show the three buttons, or the way to an account; a POST counts the vote."""
    edition = edition_or_404(number)
    goal = goal_at(edition, slug)
    if goal is None:
        raise Http404
    if request.method == "POST":
        return _cast(request, goal)
    return _vote_page(request, goal, timezone.now())


def _cast(request: HttpRequest, goal: EditionGoal) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(come_back("account_login", request))
    if request.POST.get("choice") not in Choice:
        return redirect(request.path)
    try:
        cast_vote(
            goal=goal,
            participant=request.user,
            choice=Choice(request.POST["choice"]),
            at=timezone.now(),
        )
    except UnableToVote as problem:
        taking_part = participation(goal.edition, request.user, timezone.now())
        return _vote_refused(request, goal, problem, round_note(taking_part))
    return redirect(_next(request) or request.path)


def _vote_refused(
    request: HttpRequest, goal: EditionGoal, problem: UnableToVote, note: str
) -> HttpResponse:
    """Say why nobody can vote here; `note` says why the round takes nothing now."""
    why = {
        "closed": _("{why} Ihre Stimme wurde nicht gezählt.").format(why=note),
        "fixed": _(
            "Dieses Ziel steht fest, darüber wird nicht abgestimmt. Sie können dazu schreiben."
        ),
    }
    return message_page(
        request,
        _("Hier können Sie nicht abstimmen"),
        why[problem.code],
        back=reverse("goal", args=[goal.edition.number, goal.slug]),
        back_label=_("Zum Ziel"),
        status=409,
    )


def _vote_page(request: HttpRequest, goal: EditionGoal, now: datetime) -> HttpResponse:
    edition = goal.edition
    taking_part = participation(edition, request.user, now)
    home = section_data(edition, get_language(), goal.section.wid)[0]
    data = next(found for found in home["goals"] if found["wid"] == goal.wid)
    data = {**data, "slug": goal.slug}
    box = goal_votes([data], taking_part).get(goal.wid)
    if box is None:
        note = round_note(taking_part)
        code = "closed" if note else "fixed"
        return _vote_refused(request, goal, UnableToVote(code), note)
    if taking_part.is_open and not taking_part.signed_in:
        box = _sign_in(request, goal, taking_part)
    section = section_url(edition, goal.section.slug)
    return render(
        request,
        "contributions/vote.html",
        {
            "here": request.path,
            "goal": data,
            "vote": {**box, "next": ""},
            "section_text": home["text"],
            "section_name": section_name({**home, "title": home["text"]["title"]}),
            "back": f"{section}#{goal.slug}",
            "goal_url": reverse("goal", args=[edition.number, goal.slug]),
        },
    )


def _sign_in(request: HttpRequest, goal: EditionGoal, taking_part: Participation) -> Data:
    return {
        "template": "contributions/_vote_sign_in.html",
        "login_url": come_back("account_login", request),
        "signup_url": come_back("account_signup", request),
        "write_url": taking_part.comment_url(goal.section.slug, stelle=goal.wid),
    }


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""
