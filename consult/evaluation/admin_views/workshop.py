"""The theme workshop: people decide what residents raised. Every deed is a form button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.contributions.states import Visibility
from consult.evaluation.admin_views.bench import CONFIRMED, SINGLES
from consult.evaluation.admin_views.bench_details import (
    bundle_detail,
    doubts_detail,
    loose_detail,
    proposal_detail,
    theme_detail,
)
from consult.evaluation.admin_views.page import SENTENCES, WorkshopPage, crumbs
from consult.evaluation.admin_views.workshop_deeds import (
    LOOSE_DEEDS,
    PROPOSAL_DEEDS,
    THEME_DEEDS,
    say,
)
from consult.evaluation.models import Theme, ThemeProposal
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import latest_run
from consult.evaluation.services.analysis import RunStepRefused, queue_run, retry_run
from consult.evaluation.services.closing import RoundNotAnswered, answer_round
from consult.evaluation.services.themes import (
    ThemeStepRefused,
    confirm_single_voices,
    merge_themes,
)
from consult.evaluation.states import RunStatus, ThemeStatus
from consult.participants.decorators import only_if
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted, RoundStepRefused
from consult.rounds.states import TALLIES_READABLE

coordination_only = only_if(may_evaluate)


@require_GET
@coordination_only
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that have been closed, newest first."""
    published = Count("contributions", filter=Q(contributions__status=Visibility.PUBLISHED))
    closed = ConsultationRound.objects.filter(status__in=TALLIES_READABLE)
    return render(
        request,
        "workshop/rounds.html",
        {
            "header_title": _("Themen-Werkstatt"),
            "breadcrumbs_items": crumbs(),
            "rounds": closed.annotate(published=published).order_by("-closes_at"),
        },
    )


@require_GET
@coordination_only
def bench(request: HttpRequest, ref: str) -> HttpResponse:
    """The workshop of a round with the first entry of the list in the middle."""
    page = WorkshopPage(request, ref)
    return page.render(page.first_detail())


@coordination_only
def proposal(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A proposal of the program; POST confirms or dismisses it or moves its contributions."""
    page = WorkshopPage(request, ref)
    found = get_object_or_404(
        ThemeProposal.objects.select_related("run__round"), pk=pk, run__round=page.round_
    )
    detail = proposal_detail(page.bench, found)
    if request.method == "POST":
        return page.act(PROPOSAL_DEEDS, detail)
    if found.dismissed_at or not detail.members.exists():
        messages.info(request, SENTENCES["proposal_settled"])
        return redirect("workshop:bench", ref)
    return page.render(detail)


@coordination_only
def theme(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """A theme or single voice; POST changes it."""
    page = WorkshopPage(request, ref)
    found = get_object_or_404(
        Theme.objects.select_related("round", "merged_into", "from_proposal", "confirmed_by"),
        round=page.round_,
        number=number,
    )
    detail = theme_detail(page.bench, found)
    if request.method == "POST":
        return page.act(THEME_DEEDS if found.status == ThemeStatus.CONFIRMED else {}, detail)
    return page.render(detail)


@coordination_only
def loose(request: HttpRequest, ref: str) -> HttpResponse:
    """Contributions without a theme; POST assigns them."""
    page = WorkshopPage(request, ref)
    detail = loose_detail(page.bench)
    if request.method == "POST":
        return page.act(LOOSE_DEEDS, detail)
    return page.render(detail)


@coordination_only
def doubts(request: HttpRequest, ref: str) -> HttpResponse:
    """Contributions that stand doubtfully where they are; POST moves some of them."""
    page = WorkshopPage(request, ref)
    detail = doubts_detail(page.bench)
    if request.method == "POST":
        return page.act(LOOSE_DEEDS, detail)
    return page.render(detail)


@coordination_only
def bundle(request: HttpRequest, ref: str, representative: str) -> HttpResponse:
    """Near-identical texts, wherever they are; POST moves some of them."""
    page = WorkshopPage(request, ref)
    detail = bundle_detail(page.bench, representative)
    if not detail.members.exists():
        raise Http404
    if request.method == "POST":
        return page.act(LOOSE_DEEDS, detail)
    return page.render(detail)


@coordination_only
def merge(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask which of the selected themes takes the others in, then merge them."""
    page = WorkshopPage(request, ref)
    numbers = set(request.GET.getlist("theme"))
    chosen = [row for row in page.bench.themes if str(row.number) in numbers]
    if len(chosen) < 2:
        messages.error(request, _("Wählen Sie mindestens zwei Themen, die zusammengehören."))
        return redirect(page.url_of_list(CONFIRMED))
    into = [row for row in chosen if str(row.number) == request.POST.get("into")]
    if request.method == "POST" and into:
        return _merge(page, chosen, into[0])
    return render(
        request,
        "workshop/merge.html",
        {
            "header_title": _("Themen zusammenführen"),
            "breadcrumbs_items": crumbs(page.round_, _("Themen zusammenführen")),
            "entries": [page.bench.entry(row) for row in chosen],
            "may_act": may_evaluate(request.user, page.round_),
            "error": request.method == "POST",
            "back": page.url_of_list(CONFIRMED),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@coordination_only
def confirm_singles(request: HttpRequest, ref: str) -> HttpResponse:
    """Confirm all proposals of single voices under their first words."""
    page = WorkshopPage(request, ref)
    page.require_open()
    made = confirm_single_voices(
        proposals=page.single_proposals,
        round_=page.round_,
        actor=request.user,
        at=page.now,
    )
    done = len(made)
    text = ngettext("%(done)s Einzelstimme bestätigt.", "%(done)s Einzelstimmen bestätigt.", done)
    say(page, text % {"done": done})
    return redirect(page.url_of_list(SINGLES))


@require_POST
@coordination_only
def run(request: HttpRequest, ref: str) -> HttpResponse:
    """Retry a failed run, or ask for proposals for what has no theme yet."""
    page = WorkshopPage(request, ref)
    page.require_open()
    newest = latest_run(page.round_)
    now = timezone.now()
    text = _("Die Auswertung ist angefordert. Sie beginnt, sobald ein Rechner frei ist.")
    try:
        if newest and newest.status == RunStatus.FAILED:
            retry_run(run=newest, actor=request.user)
        elif queue_run(round_=page.round_, at=now).queued_at != now:
            text = _("Für genau diese Beiträge gibt es schon Vorschläge.")
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RunStepRefused:
        text = _("Die Auswertung läuft schon wieder.")
    messages.info(request, text)
    return redirect("workshop:bench", ref)


@require_POST
@coordination_only
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Declare the round answered."""
    page = WorkshopPage(request, ref)
    page.require_open()
    try:
        answer_round(round_=page.round_, actor=request.user, at=timezone.now())
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except (RoundNotAnswered, RoundStepRefused):
        messages.error(request, _("Die Auswertung ist noch nicht fertig. Hier steht, was fehlt."))
        return redirect("workshop:bench", ref)
    messages.success(
        request, _("Runde %(ref)s ist beantwortet. Die Bilanz ist festgehalten.") % {"ref": ref}
    )
    return redirect("workshop:bench", ref)


def _merge(page: WorkshopPage, chosen: list[Theme], into: Theme) -> HttpResponse:
    page.require_open()
    try:
        merge_themes(themes=chosen, into=into, actor=page.request.user, at=page.now)
    except ThemeStepRefused as refused:
        messages.error(page.request, SENTENCES[refused.code])
        return redirect(page.url_of_list(CONFIRMED))
    say(page, _("Zusammengeführt in „%(title)s“.") % {"title": into.title})
    return redirect("workshop:theme", page.round_.ref, into.number)
