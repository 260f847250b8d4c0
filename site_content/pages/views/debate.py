"""What members of the council do with a pack: mark what they want to speak about, ask the office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult.council.debate import Place, place_behind, place_names, words_at
from consult.council.models import PackQuestion, Paper
from consult.council.predicates import may_debate
from consult.council.selectors import group_of
from consult.council.services.access import PaperStepRefused
from consult.council.services.debate import mark_for_debate, withdraw_mark
from consult.council.services.questions import ask_question, withdraw_question
from consult.council.states import ShownAs
from consult.rounds.services import NotPermitted
from site_content.pages.council_forms import QuestionForm
from site_content.pages.views.council import readable_paper
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import come_back, describe_errors, status_of


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a member wants to speak about a place, or take that back (`zuruecknehmen`)."""
    paper = _debated(request, pk)
    takes_back = "zuruecknehmen" in request.POST
    key = request.POST.get("zuruecknehmen" if takes_back else "vormerken", "")
    place = _place(paper, key)
    try:
        if takes_back:
            withdraw_mark(paper=paper, place=place, actor=request.user)
        else:
            mark_for_debate(paper=paper, place=place, actor=request.user, at=timezone.now())
    except PaperStepRefused:
        messages.error(request, _over())
    return redirect(_at(paper, key))


@keeps_draft
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A form for a question to the office about the place `stelle` of a pack."""
    if not request.user.is_authenticated and readable_paper(request, pk):
        return redirect(come_back("account_login", request))
    paper = _debated(request, pk)
    place = _place(paper, request.GET.get("stelle", ""))
    group = group_of(request.user)
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, initial=draft_of(request), group=group)
    if form.is_bound and form.is_valid() and _is_asked(request, paper, place, form):
        return redirect(_at(paper, place.key))
    describe_errors(form)
    context = {
        "paper": paper,
        "form": form,
        "place": place_names([(paper, place)])[0],
        "words": words_at(paper, place),
        "back": _at(paper, place.key),
    }
    return render(request, "council/ask.html", context, status=status_of(form))


@require_POST
def withdraw(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Take an own question back before it is answered; others' questions do not exist here."""
    paper = _debated(request, pk)
    found = get_object_or_404(PackQuestion, pk=question, paper=paper, asker=request.user)
    try:
        withdraw_question(question=found, actor=request.user)
    except PaperStepRefused:
        messages.error(request, _("Die Frage ist schon beantwortet. Sie bleibt stehen."))
    else:
        messages.success(request, _("Ihre Frage ist zurückgenommen und gelöscht."))
    return redirect("paper", pk)


def _debated(request: HttpRequest, pk: int) -> Paper:
    """The paper, for members; a paper that one may not read does not exist."""
    paper = readable_paper(request, pk)
    if not may_debate(request.user, paper):
        raise PermissionDenied
    return paper


def _place(paper: Paper, key: str) -> Place:
    place = place_behind(paper, key)
    if place is None:
        raise Http404
    return place


def _is_asked(request: HttpRequest, paper: Paper, place: Place, form: QuestionForm) -> bool:
    try:
        ask_question(
            paper=paper,
            place=place,
            text=form.cleaned_data["text"],
            shown_as=ShownAs(form.cleaned_data.get("shown_as") or ShownAs.MEMBER),
            actor=request.user,
            at=timezone.now(),
        )
    except (PaperStepRefused, NotPermitted):
        form.add_error(None, _over())
        return False
    messages.success(
        request,
        _("Ihre Frage ist bei der Verwaltung. Sie bekommen eine E-Mail, wenn sie beantwortet ist."),
    )
    return True


def _over() -> str:
    return _("Darüber wurde schon beraten. Vormerken und fragen können Sie nicht mehr.")


def _at(paper: Paper, key: str) -> str:
    return f"{reverse('paper', args=[paper.pk])}#{key}"
