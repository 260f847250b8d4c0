"""A closed round in pictures, each with its numbers as words and as a table."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consult.evaluation.selectors import days_of_contributions, goal_results, opinion_method
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.selectors import goals_in_order
from site_content.pages.presenters.opinion_groups import carried_goals, goal_names, group_map
from site_content.pages.presenters.pictures import over_time, theme_sizes
from site_content.pages.presenters.theme_report import report_of


def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """When people wrote, how large the themes are, who votes alike, what all groups carry."""
    found = public_rounds().filter(ref=ref, status__in=TALLIES_READABLE).first()
    if found is None:
        raise Http404
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
