"""The deeds on a round: each POST makes one domain call and says what came of it."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consult.rounds.admin_views.desk import coordination_only, round_or_404
from consult.rounds.admin_views.one_round import page
from consult.rounds.forms import (
    ExtensionForm,
    PreModerationExtensionForm,
    PreModerationForm,
    SuspensionForm,
)
from consult.rounds.models import ConsultationRound, PreModeration
from consult.rounds.services import (
    NotPermitted,
    RoundStepRefused,
    announce_round,
    end_pre_moderation,
    extend_pre_moderation,
    extend_round,
    open_round,
    resume_round,
    retract_announcement,
    start_pre_moderation,
    suspend_round,
)

REFUSALS = {
    "step_not_allowed": gettext_lazy(
        "Das passt nicht mehr zum Stand der Runde. Jemand anderes oder die Uhr war schneller: "
        "Lesen Sie den Stand oben."
    ),
    "outside_window": gettext_lazy(
        "Öffnen geht nur zwischen Beginn und Ende. Ändern Sie den Beginn, wenn die Runde früher "
        "anfangen soll."
    ),
    "nothing_released": gettext_lazy(
        "In dieser Fassung ist noch kein Abschnitt freigegeben. Geben Sie unter „Fassungen“ "
        "mindestens einen frei."
    ),
    "another_runs": gettext_lazy(
        "Zu dieser Fassung läuft schon eine Runde. Schließen Sie jene zuerst."
    ),
    "rules_fixed": gettext_lazy("Die Runde ist geöffnet: Ihre Regeln stehen fest."),
    "not_open": gettext_lazy("Verlängern lässt sich nur eine Runde, die gerade läuft."),
    "not_later": gettext_lazy("Das neue Ende muss nach dem bisherigen liegen."),
    "no_reason": gettext_lazy("Nennen Sie den öffentlichen Grund."),
    "over": gettext_lazy("Das Ende ist schon vorbei."),
}


@require_POST
@coordination_only
def step(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Announce, take back, open or resume."""
    found = round_or_404(ref)
    if name not in STEPS:
        raise Http404
    deed, done = STEPS[name]
    return do(request, found, lambda: deed(found, request.user, timezone.now()), done)


@require_POST
@coordination_only
def extend(request: HttpRequest, ref: str) -> HttpResponse:
    """Prolong a running round."""
    found = round_or_404(ref)
    form = ExtensionForm(request.POST, round_=found)
    if not form.is_valid():
        return page(request, found, extension=form)
    return do(
        request,
        found,
        lambda: extend_round(
            round_=found, actor=request.user, at=timezone.now(), **form.cleaned_data
        ),
        _("Die Runde ist verlängert. Altes Ende, neues Ende und Grund sind öffentlich."),
    )


@require_POST
@coordination_only
def pre_moderate(request: HttpRequest, ref: str) -> HttpResponse:
    """Have new texts read before they appear, for a time."""
    found = round_or_404(ref)
    form = PreModerationForm(request.POST, round_=found, at=timezone.now())
    if not form.is_valid():
        return page(request, found, pre_moderation=form)
    return do(
        request,
        found,
        lambda: start_pre_moderation(round_=found, actor=request.user, **form.cleaned_data),
        _("Vorab-Moderation ist eingerichtet. Der Grund steht öffentlich bei der Runde."),
    )


@require_POST
@coordination_only
def suspend(request: HttpRequest, ref: str) -> HttpResponse:
    """Let nobody take part for a while, with a public reason."""
    found = round_or_404(ref)
    form = SuspensionForm(request.POST, auto_id="id_suspension_%s")
    if not form.is_valid():
        return page(request, found, suspension=form)
    return do(
        request,
        found,
        lambda: suspend_round(
            round_=found, actor=request.user, at=timezone.now(), **form.cleaned_data
        ),
        _("Die Runde ist unterbrochen. Niemand kann jetzt beitragen, der Grund ist öffentlich."),
    )


@require_POST
@coordination_only
def extend_rule(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Prolong a pre-moderation."""
    found = round_or_404(ref)
    rule = get_object_or_404(PreModeration, pk=pk, round=found)
    name = f"pre_moderation_{pk}"
    form = PreModerationExtensionForm(request.POST, rule=rule, auto_id=f"id_{name}_%s")
    if not form.is_valid():
        return page(request, found, **{name: form})
    return do(
        request,
        found,
        lambda: extend_pre_moderation(
            pre_moderation=rule, actor=request.user, at=timezone.now(), **form.cleaned_data
        ),
        _("Die Vorab-Moderation ist verlängert. Neues Ende und Grund sind öffentlich."),
    )


@require_POST
@coordination_only
def end_rule(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """End a pre-moderation now."""
    found = round_or_404(ref)
    rule = get_object_or_404(PreModeration, pk=pk, round=found)
    return do(
        request,
        found,
        lambda: end_pre_moderation(pre_moderation=rule, actor=request.user, at=timezone.now()),
        _(
            "Die Vorab-Moderation ist beendet. Neue Beiträge erscheinen wieder sofort; über "
            "zurückgehaltene entscheidet die Moderation."
        ),
    )


def _announce(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return announce_round(round_=found, actor=actor)


def _retract(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return retract_announcement(round_=found, actor=actor)


def _open(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return open_round(round_=found, actor=actor, at=at)


def _resume(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return resume_round(round_=found, actor=actor, at=at)


STEPS = {
    "ankuendigen": (_announce, gettext_lazy("Die Runde ist öffentlich angekündigt.")),
    "zuruecknehmen": (
        _retract,
        gettext_lazy("Die Ankündigung ist zurückgenommen. Die Runde sieht nur noch Ihr Amt."),
    ),
    "oeffnen": (_open, gettext_lazy("Die Runde läuft. Ihre Regeln stehen jetzt fest.")),
    "fortsetzen": (_resume, gettext_lazy("Die Runde läuft wieder.")),
}


def do(
    request: HttpRequest, found: ConsultationRound, deed: Callable[[], object], done: object
) -> HttpResponse:
    """Do one deed and say what came of it."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RoundStepRefused as refused:
        messages.error(request, REFUSALS[refused.code])
    else:
        messages.success(request, done)
    return redirect("round_desk:round", found.ref)
