"""The page where a vote of a body is recorded or corrected, for items and for motions alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from consult.council.admin_views.desk import answer_forms, crumbs
from consult.council.forms import CorrectionForm, DecisionForm, GroupVotesForm
from consult.council.forms.motions import MotionCorrectionForm, MotionVoteForm
from consult.council.models import Decision, MotionVote, RouteStep

Record = Decision | MotionVote
RECORDED = _("Eingetragen, vorläufig. Nach der Niederschrift bestätigt eine zweite Person.")


@dataclass(frozen=True)
class Subject:
    """What a body voted on, in words; `back` is the address where it is listed.

    `others` are records of the same meeting with what they are on: groups often vote alike.
    `follows` says what else a vote would bring about.
    """

    title: str
    step: RouteStep
    name: str
    facts: str
    words: str
    back: str
    others: Iterable[tuple[Record, str]]
    follows: str = ""


def record_page(
    request: HttpRequest,
    subject: Subject,
    form: DecisionForm | CorrectionForm | MotionVoteForm | MotionCorrectionForm,
    deed: Callable[[GroupVotesForm], object],
    *,
    done: object = RECORDED,
    corrects: Record | None = None,
) -> HttpResponse:
    """Show the form with the votes of the groups, and carry the deed out once both are valid.

    What is corrected stands in the fields, or the votes of another record that was chosen.
    """
    others = list(subject.others)
    like = {str(record.pk): record for record, _name in others}.get(request.GET.get("wie", ""))
    votes = GroupVotesForm(request.POST or None, former=like or corrects)
    answer = answer_forms(request, [form, votes], lambda: deed(votes), done, back=subject.back)
    return answer or render(
        request,
        "council_desk/record.html",
        {
            "header_title": subject.title,
            "breadcrumbs_items": crumbs(subject.step.paper, subject.title),
            "subject": subject,
            "others": others,
            "like": like,
            "corrects": corrects,
            "form": form,
            "votes": votes,
        },
        status=422 if form.errors or votes.errors else 200,
    )
