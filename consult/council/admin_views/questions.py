"""What members of the council ask, with its age; and who was given a draft."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.council.admin_views.desk import (
    answer_forms,
    carry_out,
    crumbs,
    desk_only,
    found_paper,
)
from consult.council.debate import days_open, open_questions, place_names, place_of, words_at
from consult.council.forms.questions import AnswerForm
from consult.council.models import CouncilGroup, PackQuestion
from consult.council.predicates import works_on_papers
from consult.council.services.handover import hand_draft_over, take_draft_back
from consult.council.services.questions import answer_question
from consult.council.states import QuestionStatus, ShownAs
from consult.participants.decorators import only_if

QUESTIONS_A_PAGE = 30

office_only = only_if(works_on_papers)


@require_GET
@office_only
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first."""
    page = Paginator(open_questions(), QUESTIONS_A_PAGE).get_page(request.GET.get("page"))
    return _page(request, "questions", {"page": page, "rows": _rows(page)})


@office_only
def one(request: HttpRequest, question: int) -> HttpResponse:
    """One question; POST answers it. What was taken back does not exist."""
    rows = PackQuestion.objects.exclude(status=QuestionStatus.WITHDRAWN)
    found = get_object_or_404(rows.select_related("paper__edition", "item", "group"), pk=question)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    answer = answer_forms(
        request,
        [form],
        lambda: answer_question(
            question=found,
            answer=form.cleaned_data["answer"],
            actor=request.user,
            at=timezone.now(),
        ),
        _("Die Antwort steht in der Beschlussmappe. Wer gefragt hat, bekommt eine E-Mail."),
        back=reverse("council_desk:questions"),
    )
    if answer:
        return answer
    [row] = _rows([found])
    is_open = found.status == QuestionStatus.OPEN
    row["words"] = words_at(found.paper, place_of(found))
    context = {"row": row, "form": form if is_open or form.errors else None}
    return _page(request, "question", context, status=422 if form.errors else 200)


@require_POST
@desk_only
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft to a council group, or take it back (`back`)."""
    paper = found_paper(pk)
    group = get_object_or_404(CouncilGroup, pk=_number(request.POST.get("group", "")))
    if "back" in request.POST:
        return carry_out(
            request,
            pk,
            lambda: take_draft_back(paper=paper, group=group, actor=request.user),
            _("Die Fraktion kann den Entwurf nicht mehr lesen."),
            at="h-handover",
        )
    return carry_out(
        request,
        pk,
        lambda: hand_draft_over(paper=paper, group=group, actor=request.user, at=timezone.now()),
        _("Die Mitglieder der Fraktion können den Entwurf jetzt lesen."),
        at="h-handover",
    )


def _rows(questions: Iterable[PackQuestion]) -> list[dict[str, Any]]:
    found = list(questions)
    names = place_names((row.paper, place_of(row)) for row in found)
    now = timezone.now()
    return [
        {
            "question": row,
            "place": name,
            "key": place_of(row).key,
            "days": (days := days_open(row, now)),
            "age": _age(days),
            "asker": row.group
            if row.shown_as == ShownAs.GROUP and row.group
            else _("Ein Mitglied"),
        }
        for row, name in zip(found, names, strict=True)
    ]


def _age(days: int) -> str:
    if days == 0:
        return _("seit heute")
    return ngettext("seit %(days)s Tag", "seit %(days)s Tagen", days) % {"days": days}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _page(
    request: HttpRequest, name: str, values: dict[str, Any], status: int = 200
) -> HttpResponse:
    title = _("Fragen aus dem Rat")
    context = {"header_title": title, "breadcrumbs_items": crumbs(label=title), **values}
    return render(request, f"council_desk/{name}.html", context, status=status)
