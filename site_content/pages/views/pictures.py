"""A closed round in pictures, each with its numbers as words and as a table."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from consult.contributions.services.voting import own_ballots
from consult.evaluation.selectors import (
    days_of_contributions,
    goal_results,
    opinion_method,
    opinion_plane,
)
from consult.evaluation.services.closing import ballots_can_be_linked
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.selectors import goals_in_order
from site_content.pages.presenters.opinion_groups import (
    carried_goals,
    goal_names,
    group_map,
    nearest_group,
    place_on_map,
)
from site_content.pages.presenters.pictures import over_time, theme_sizes
from site_content.pages.presenters.theme_report import report_of


def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """When people wrote, how large the themes are, who votes alike, what all groups carry."""
    found = _closed_or_404(ref)
    goals = goal_names(goals_in_order(found.edition), found.edition.number)
    context = {
        "round": found,
        "time": over_time(
            days_of_contributions(found),
            timezone.localdate(found.opens_at),
            timezone.localdate(found.closes_at),
        ),
        "themes": theme_sizes(report_of(found)),
        "map": group_map(opinion_method(found), goals),
        "carried": carried_goals(goal_results(found), goals),
    }
    return render(request, "evaluation/pictures.html", context)


@login_required
@require_GET
def own_place(request: HttpRequest, ref: str) -> HttpResponse:
    """Where the person who asks stands on the map of a closed round; shown to nobody else.

    It is computed from the person's own ballots for this page alone and stored nowhere. Once the
    round's key is destroyed, nobody can find them.
    """
    found = _closed_or_404(ref)
    stored = opinion_method(found)
    votes = own_ballots(round_=found, participant=request.user)
    own = place_on_map(stored, opinion_plane(found), votes)
    goals = goal_names(goals_in_order(found.edition), found.edition.number)
    context = {
        "round": found,
        "map": group_map(stored, goals, own),
        "nearest": nearest_group(stored, own) if own else "",
        "votes": len(votes),
        "fewest": stored.get("fewest_votes", 0),
        "key_is_gone": not ballots_can_be_linked(found),
    }
    response = render(request, "evaluation/own_place.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _closed_or_404(ref: str) -> ConsultationRound:
    found = public_rounds().filter(ref=ref, status__in=TALLIES_READABLE).first()
    if found is None:
        raise Http404
    return found
