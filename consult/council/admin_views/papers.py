"""The papers: the list, a new one, its words, submitting and withdrawing."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.council.admin_views.desk import (
    REFUSALS,
    answer_forms,
    carry_out,
    crumbs,
    desk_only,
    form_page,
    found_paper,
    paper_address,
    preparing_only,
)
from consult.council.admin_views.page import paper_page, tone
from consult.council.admin_views.waiting import waiting
from consult.council.forms import AmendedForm, PaperForm
from consult.council.predicates import may_prepare_papers
from consult.council.selectors import deciding_steps, every_paper
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.papers import (
    change_paper,
    close_paper,
    prepare_paper,
    submit_to_council,
    withdraw_paper,
)
from consult.council.states import PaperStatus


@require_GET
@desk_only
def desk(request: HttpRequest) -> HttpResponse:
    """All papers, newest first."""
    papers = list(every_paper())
    steps = deciding_steps(papers)
    return render(
        request,
        "council_desk/desk.html",
        {
            "header_title": _("Rat und Beschluss"),
            "breadcrumbs_items": crumbs(),
            "rows": [
                {"paper": paper, "tone": tone(paper), "decides": steps.get(paper.pk)}
                for paper in papers
            ],
            "may_prepare": may_prepare_papers(request.user),
            "waiting": waiting(request.user, timezone.localdate()),
        },
    )


@preparing_only
def create(request: HttpRequest) -> HttpResponse:
    """Prepare a new paper."""
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paper = prepare_paper(actor=request.user, **form.cleaned_data)
        messages.success(
            request, _("Die Vorlage ist angelegt. Fügen Sie Beschlusspunkte und Gremien hinzu.")
        )
        return redirect("council_desk:paper", paper.pk)
    return form_page(request, _("Vorlage anlegen"), form, button=_("Vorlage anlegen"))


@preparing_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a paper that is being prepared."""
    paper = found_paper(pk)
    if paper.status != PaperStatus.PREPARING:
        messages.error(request, REFUSALS["submitted_already"])
        return redirect("council_desk:paper", pk)
    form = PaperForm(request.POST or None, instance=paper)
    answer = answer_forms(
        request,
        [form],
        lambda: change_paper(paper=paper, actor=request.user, **form.cleaned_data),
        _("Die Vorlage ist geändert."),
        back=paper_address(pk),
    )
    return answer or form_page(
        request, _("Vorlage ändern"), form, paper=paper, button=_("Speichern")
    )


@require_GET
@desk_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper with its items, its route and its decisions."""
    return paper_page(request, found_paper(pk))


@require_POST
@desk_only
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the paper before the council."""
    paper = found_paper(pk)
    return carry_out(
        request,
        pk,
        lambda: submit_to_council(paper=paper, actor=request.user, at=timezone.now()),
        _("Die Vorlage liegt dem Rat vor und ist öffentlich."),
    )


@preparing_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then withdraw the paper."""
    paper = found_paper(pk)
    form = Form(request.POST if request.method == "POST" else None)
    answer = answer_forms(
        request,
        [form],
        lambda: withdraw_paper(paper=paper, actor=request.user),
        _("Die Vorlage ist zurückgezogen."),
        back=paper_address(pk),
    )
    title = _("%(reference)s zurückziehen") % {"reference": paper.reference}
    note = _(
        "Eine zurückgezogene Vorlage wird nicht weiter beraten und kommt nicht wieder. Für einen "
        "neuen Anlauf legen Sie eine neue an."
    )
    button = _("Vorlage zurückziehen")
    return answer or form_page(request, title, form, paper=paper, button=button, note=note)


@require_POST
@desk_only
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the debate on a paper whose items were deferred or sent elsewhere."""
    paper = found_paper(pk)
    return carry_out(
        request,
        pk,
        lambda: close_paper(paper=paper, actor=request.user),
        _("Die Beratung der Vorlage ist abgeschlossen."),
    )


@require_POST
@desk_only
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the edition with the decided wording in force."""
    paper = found_paper(pk)
    form = AmendedForm(request.POST, paper=paper)
    if not form.is_valid():
        return paper_page(request, paper, amended=form)
    return carry_out(
        request,
        pk,
        lambda: adopt_amended_edition(
            paper=paper,
            edition=form.cleaned_data["edition"],
            actor=request.user,
            at=timezone.now(),
        ),
        _("Die Fassung mit dem beschlossenen Wortlaut ist in Kraft."),
    )
