"""What is attached to a paper: files, earlier resolutions, the statement of its finances."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    answer_forms,
    carry_out,
    form_page,
    found_paper,
    paper_address,
    preparing_only,
    sent,
)
from consult.council.finance import statement_of
from consult.council.forms import AnnexForm, FinanceForm, PriorResolutionForm, ReasonForm
from consult.council.models import Annex, PriorResolution
from consult.council.services.annexes import (
    add_annex,
    move_annex,
    name_prior_resolution,
    remove_prior_resolution,
    state_finance,
    take_back_annex,
)
from consult.council.states import Funding

PLACE = "h-annexes"
DIRECTIONS = {"vor": -1, "zurueck": 1}


@preparing_only
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file."""
    paper = found_paper(pk)
    form = AnnexForm(*sent(request))
    answer = answer_forms(
        request,
        [form],
        lambda: add_annex(
            paper=paper,
            title=form.cleaned_data["title"],
            name=form.cleaned_data["file"].name,
            content=form.cleaned_data["file"].read(),
            actor=request.user,
            at=timezone.now(),
        ),
        _("Die Anlage ist dabei."),
        back=paper_address(pk, PLACE),
    )
    title = _("Anlage hinzufügen")
    return answer or form_page(request, title, form, paper=paper, button=title)


@require_POST
@preparing_only
def move(request: HttpRequest, pk: int, annex: int, direction: str) -> HttpResponse:
    """Move an annex one number up or down."""
    found = _annex(pk, annex)
    if direction not in DIRECTIONS:
        raise Http404
    to = found.number + DIRECTIONS[direction]
    return carry_out(
        request,
        pk,
        lambda: move_annex(annex=found, to=to, actor=request.user),
        _("Die Anlagen sind neu geordnet."),
        at=PLACE,
    )


@preparing_only
def take_back(request: HttpRequest, pk: int, annex: int) -> HttpResponse:
    """Take a file back with a reason."""
    found = _annex(pk, annex)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return carry_out(
            request,
            pk,
            lambda: take_back_annex(
                annex=found, reason=reason, actor=request.user, at=timezone.now()
            ),
            _("Die Anlage ist zurückgenommen."),
            at=PLACE,
        )
    title = _("Anlage zurücknehmen: %(title)s") % {"title": found.title}
    return form_page(request, title, form, paper=found.paper, button=_("Zurücknehmen"))


@preparing_only
def name_prior(request: HttpRequest, pk: int) -> HttpResponse:
    """Name an earlier resolution."""
    paper = found_paper(pk)
    form = PriorResolutionForm(request.POST or None)
    answer = answer_forms(
        request,
        [form],
        lambda: name_prior_resolution(paper=paper, actor=request.user, **form.cleaned_data),
        _("Der frühere Beschluss steht bei der Vorlage."),
        back=paper_address(pk, "h-prior"),
    )
    title, button = _("Früheren Beschluss nennen"), _("Zum Vorgang nehmen")
    return answer or form_page(request, title, form, paper=paper, button=button)


@require_POST
@preparing_only
def remove_prior(request: HttpRequest, pk: int, prior: int) -> HttpResponse:
    """Take an earlier resolution off."""
    found = get_object_or_404(PriorResolution.objects.select_related("paper"), pk=prior, paper=pk)
    return carry_out(
        request,
        pk,
        lambda: remove_prior_resolution(prior=found, actor=request.user),
        _("Der frühere Beschluss ist entfernt."),
        at="h-prior",
    )


@preparing_only
def finance(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the paper costs."""
    paper = found_paper(pk)
    form = FinanceForm(request.POST or None, instance=statement_of(paper))
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "funding": Funding(form.cleaned_data["funding"])}
        return carry_out(
            request,
            pk,
            lambda: state_finance(paper=paper, actor=request.user, **fields),
            _("Die Angaben zu den Kosten sind gespeichert."),
            at="h-finance",
        )
    title = _("Kosten und Finanzierung angeben")
    return form_page(request, title, form, paper=paper, button=_("Speichern"))


def _annex(pk: int, annex: int) -> Annex:
    return get_object_or_404(Annex.objects.select_related("paper", "file"), pk=annex, paper=pk)
