"""The theme workshop: people decide what residents raised. Every deed is a form button."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.admin_views.bench import (
    CONFIRMED,
    SINGLES,
    Detail,
    bundle_detail,
    loose_detail,
    proposal_detail,
    theme_detail,
)
from consult.evaluation.admin_views.page import (
    BATCH,
    SENTENCES,
    Unfinished,
    WorkshopPage,
    crumbs,
)
from consult.evaluation.forms import MoveForm, ThemeForm, TitleForm
from consult.evaluation.models import Summary, Theme, ThemeProposal
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import confirmed_themes, latest_run
from consult.evaluation.services.analysis import RunStepRefused, queue_run, retry_run
from consult.evaluation.services.closing import RoundNotAnswered, answer_round
from consult.evaluation.services.summaries import (
    SummaryStepRefused,
    reject_summary,
    release_summary,
)
from consult.evaluation.services.themes import (
    ThemeStepRefused,
    confirm_proposal,
    dismiss_proposal,
    make_single_voice,
    merge_themes,
    move_contributions,
    rename_theme,
    split_theme,
)
from consult.evaluation.states import RunStatus, ThemeStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted, RoundStepRefused
from consult.rounds.states import TALLIES_READABLE

TITLE_WORDS = 8


def coordination_only(view):
    """Deny everybody but the coordination office, administrators without the role included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not may_evaluate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


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
    """Confirm proposals of single voices under their first words; each is a deed of its own."""
    page = WorkshopPage(request, ref)
    page.require_open()
    done = 0
    for row in page.single_proposals[:BATCH]:
        try:
            confirm_proposal(
                proposal=row, title=row.label, concern="", actor=request.user, at=timezone.now()
            )
        except ThemeStepRefused:
            continue  # somebody else settled it meanwhile
        done += 1
    text = ngettext("%(done)s Einzelstimme bestätigt.", "%(done)s Einzelstimmen bestätigt.", done)
    messages.success(request, text % {"done": done})
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


def _confirm(page: WorkshopPage, detail: Detail) -> str:
    form = _valid(ThemeForm(page.request.POST), "theme_form")
    made = confirm_proposal(
        proposal=detail.subject,
        actor=page.request.user,
        at=timezone.now(),
        **form.cleaned_data,
    )
    _say(page, _("„%(title)s“ bestätigt.") % {"title": made.title})
    return page.url_of_list(page.list_name(detail))


def _dismiss(page: WorkshopPage, detail: Detail) -> str:
    dismiss_proposal(proposal=detail.subject, actor=page.request.user, at=timezone.now())
    _say(page, _("Vorschlag verworfen. Seine Beiträge stehen unter „Ohne Thema“."))
    return page.url_of_list(page.list_name(detail))


def _rename(page: WorkshopPage, detail: Detail) -> str:
    form = _valid(ThemeForm(page.request.POST), "theme_form")
    rename_theme(
        theme=detail.subject, actor=page.request.user, at=timezone.now(), **form.cleaned_data
    )
    _say(page, _("Name und Anliegen gespeichert. Der frühere Wortlaut steht im Verlauf."))
    return page.request.get_full_path()


def _move(page: WorkshopPage, detail: Detail) -> str:
    chosen = _chosen(page)
    bound = MoveForm(page.request.POST, themes=confirmed_themes(page.round_))
    form = _valid(bound, "move_form", chosen)
    target = form.cleaned_data["target"]
    moved = move_contributions(
        contributions=chosen, theme=target, actor=page.request.user, at=timezone.now()
    )
    text = ngettext(
        "%(moved)s Beitrag nach „%(title)s“ verschoben.",
        "%(moved)s Beiträge nach „%(title)s“ verschoben.",
        moved,
    )
    _say(page, text % {"moved": moved, "title": target.title})
    return _where_work_goes_on(page, detail)


def _split(page: WorkshopPage, detail: Detail) -> str:
    chosen = _chosen(page)
    form = _valid(TitleForm(page.request.POST), "title_form", chosen)
    made = split_theme(
        theme=detail.subject,
        contributions=chosen,
        title=form.cleaned_data["new_title"],
        actor=page.request.user,
        at=timezone.now(),
    )
    _say(page, _("In „%(title)s“ abgetrennt.") % {"title": made.title})
    return page.request.get_full_path()


def _stand_alone(page: WorkshopPage, detail: Detail) -> str:
    chosen = _chosen(page)
    name = page.request.POST.get("new_title", "").strip()
    if name and len(chosen) > 1:
        sentence = _(
            "Ein Name passt nur zu einem Beitrag. Wählen Sie einen Beitrag aus, oder lassen Sie das "
            "Feld leer: Dann heißt jede Einzelstimme wie ihre ersten Wörter."
        )
        raise Unfinished(sentence, chosen={found.ref for found in chosen}, selection_error=sentence)
    for found in chosen:
        make_single_voice(
            contribution=found,
            title=name or _first_words(found),
            actor=page.request.user,
            at=timezone.now(),
        )
    text = ngettext(
        "%(number)s Einzelstimme bestätigt.", "%(number)s Einzelstimmen bestätigt.", len(chosen)
    )
    _say(page, text % {"number": len(chosen)})
    return _where_work_goes_on(page, detail)


def _release(page: WorkshopPage, detail: Detail) -> str:
    summary = _posted_summary(page, detail)
    if detail.values["summary"]["is_stale"]:
        raise ThemeStepRefused("step_not_allowed")
    try:
        release_summary(summary=summary, actor=page.request.user, at=timezone.now())
    except SummaryStepRefused as refused:
        raise ThemeStepRefused("step_not_allowed") from refused
    _say(page, _("Zusammenfassung freigegeben. Sie steht jetzt öffentlich beim Thema."))
    return page.request.get_full_path()


def _reject(page: WorkshopPage, detail: Detail) -> str:
    try:
        reject_summary(summary=_posted_summary(page, detail), actor=page.request.user)
    except SummaryStepRefused as refused:
        raise ThemeStepRefused("step_not_allowed") from refused
    _say(page, _("Zusammenfassung verworfen. Sie wird nicht veröffentlicht."))
    return page.request.get_full_path()


PROPOSAL_DEEDS = {
    "confirm": _confirm,
    "dismiss": _dismiss,
    "move": _move,
    "stand_alone": _stand_alone,
}
THEME_DEEDS = {
    "rename": _rename,
    "move": _move,
    "split": _split,
    "stand_alone": _stand_alone,
    "release": _release,
    "reject": _reject,
}
LOOSE_DEEDS = {"move": _move, "stand_alone": _stand_alone}


def _merge(page: WorkshopPage, chosen: list[Theme], into: Theme) -> HttpResponse:
    page.require_open()
    try:
        merge_themes(themes=chosen, into=into, actor=page.request.user, at=timezone.now())
    except ThemeStepRefused as refused:
        messages.error(page.request, SENTENCES[refused.code])
        return redirect(page.url_of_list(CONFIRMED))
    _say(page, _("Zusammengeführt in „%(title)s“.") % {"title": into.title})
    return redirect("workshop:theme", page.round_.ref, into.number)


def _valid(form, name: str, chosen: list[Contribution] | None = None):
    if form.is_valid():
        return form
    [first, *_others] = [error for errors in form.errors.values() for error in errors]
    raise Unfinished(first, **{name: form, "chosen": {found.ref for found in chosen or []}})


def _chosen(page: WorkshopPage) -> list[Contribution]:
    refs = page.request.POST.getlist("contribution")
    chosen = list(
        Contribution.objects.published()
        .filter(round=page.round_, ref__in=refs)
        .select_related("round", "comment_row")
        .order_by("pk")
    )
    if not chosen:
        sentence = _("Wählen Sie zuerst mindestens einen Beitrag aus der Liste aus.")
        raise Unfinished(sentence, selection_error=sentence)
    return chosen


def _posted_summary(page: WorkshopPage, detail: Detail) -> Summary:
    shown = detail.values["summary"]
    if shown is None or str(shown["row"].pk) != page.request.POST.get("summary"):
        raise ThemeStepRefused("step_not_allowed")
    return shown["row"]


def _where_work_goes_on(page: WorkshopPage, detail: Detail) -> str:
    if isinstance(detail.subject, Theme) or detail.members.exists():
        return page.request.get_full_path()
    return page.url_of_list(page.list_name(detail))


def _first_words(contribution: Contribution) -> str:
    return " ".join(contribution.comment_row.comment.split()[:TITLE_WORDS])


def _say(page: WorkshopPage, text: str) -> None:
    messages.success(page.request, text)
