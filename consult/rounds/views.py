"""The rounds desk: planning, announcing, opening, prolonging, interrupting a round.

Closing needs the ledger and therefore has its page in evaluation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.rounds.forms import ExtensionForm, PreModerationForm, RoundForm
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_run_rounds
from consult.rounds.services import (
    NotPermitted,
    RoundStepRefused,
    announce_round,
    change_rules,
    extend_round,
    open_round,
    plan_round,
    set_round_status,
    start_pre_moderation,
)
from consult.rounds.states import EDITABLE, RoundStatus
from drafts.editions.selectors import contents

RUNNING = [RoundStatus.OPEN, RoundStatus.SUSPENDED]
TONES = {RoundStatus.OPEN: "ok", RoundStatus.SUSPENDED: "warn", RoundStatus.CLOSED: "warn"}
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
}


@dataclass(frozen=True)
class Deed:
    """Something that can be done with a round now, and what follows from it."""

    heading: str
    consequence: str
    button: str
    url: str
    form: Form | None = None
    is_link: bool = False


def coordination_only(view):
    """Deny everybody but the coordination office, administrators without the role included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not may_run_rounds(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@coordination_only
def desk(request: HttpRequest) -> HttpResponse:
    """All rounds, newest first, with their state in words."""
    now = timezone.now()
    rounds = ConsultationRound.objects.select_related("edition").order_by("-opens_at", "-pk")
    return render(
        request,
        "rounds/desk.html",
        {
            "header_title": _("Runden"),
            "breadcrumbs_items": _crumbs(),
            "rows": [
                {"round": found, "tone": _tone(found), "sentence": _sentence(found, now)}
                for found in rounds
            ],
        },
    )


@coordination_only
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a new round."""
    now = timezone.now()
    form = RoundForm(request.POST or None, at=now, initial={"ref": _next_ref(now)})
    if request.method == "POST" and form.is_valid():
        planned = plan_round(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Die Runde ist geplant. Noch sieht sie niemand."))
        return redirect("round_desk:round", planned.ref)
    return _form(request, _("Runde planen"), form, reverse("round_desk:desk"))


@coordination_only
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a round that was not opened yet."""
    found = _round(ref)
    if found.status not in EDITABLE:
        messages.error(request, REFUSALS["rules_fixed"])
        return redirect("round_desk:round", ref)
    form = RoundForm(request.POST or None, instance=found, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return _do(
            request,
            found,
            lambda: change_rules(round_=found, actor=request.user, **changed),
            _("Die Änderungen sind gespeichert."),
        )
    return _form(request, _("Runde ändern"), form, reverse("round_desk:round", args=[ref]))


@require_GET
@coordination_only
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """One round: its state, its rules, and what can be done now."""
    return _page(request, _round(ref))


@require_POST
@coordination_only
def step(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Announce, take back, open, interrupt or resume."""
    found = _round(ref)
    if name not in STEPS:
        raise Http404
    deed, done = STEPS[name]
    return _do(request, found, lambda: deed(found, request.user, timezone.now()), done)


@require_POST
@coordination_only
def extend(request: HttpRequest, ref: str) -> HttpResponse:
    """Prolong a running round."""
    found = _round(ref)
    form = ExtensionForm(request.POST, round_=found)
    if not form.is_valid():
        return _page(request, found, extension=form)
    return _do(
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
    found = _round(ref)
    form = PreModerationForm(request.POST, round_=found, at=timezone.now())
    if not form.is_valid():
        return _page(request, found, pre_moderation=form)
    return _do(
        request,
        found,
        lambda: start_pre_moderation(round_=found, actor=request.user, **form.cleaned_data),
        _("Vorab-Moderation ist eingerichtet. Der Grund steht öffentlich bei der Runde."),
    )


def _to(status: RoundStatus) -> Callable[..., ConsultationRound]:
    def deed(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
        with transaction.atomic():
            return set_round_status(round_=found, status=status, actor=actor)

    return deed


def _announce(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return announce_round(round_=found, actor=actor)


def _open(found: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    return open_round(round_=found, actor=actor, at=at)


STEPS = {
    "ankuendigen": (_announce, gettext_lazy("Die Runde ist öffentlich angekündigt.")),
    "zuruecknehmen": (
        _to(RoundStatus.PLANNED),
        gettext_lazy("Die Ankündigung ist zurückgenommen. Die Runde sieht nur noch Ihr Amt."),
    ),
    "oeffnen": (_open, gettext_lazy("Die Runde läuft. Ihre Regeln stehen jetzt fest.")),
    "unterbrechen": (
        _to(RoundStatus.SUSPENDED),
        gettext_lazy("Die Runde ist unterbrochen. Niemand kann jetzt beitragen."),
    ),
    "fortsetzen": (_to(RoundStatus.OPEN), gettext_lazy("Die Runde läuft wieder.")),
}


def _do(
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


def _round(ref: str) -> ConsultationRound:
    return get_object_or_404(ConsultationRound.objects.select_related("edition"), ref=ref)


def _form(request: HttpRequest, title: str, form: RoundForm, back: str) -> HttpResponse:
    return render(
        request,
        "rounds/form.html",
        {
            "header_title": title,
            "breadcrumbs_items": _crumbs(title),
            "form": form,
            "back": back,
        },
        status=422 if form.errors else 200,
    )


def _page(
    request: HttpRequest,
    found: ConsultationRound,
    extension: ExtensionForm | None = None,
    pre_moderation: PreModerationForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    forms = {
        "extension": extension or ExtensionForm(round_=found, auto_id="id_extension_%s"),
        "pre_moderation": pre_moderation
        or PreModerationForm(round_=found, at=now, auto_id="id_pre_%s"),
    }
    return render(
        request,
        "rounds/round.html",
        {
            "header_title": f"{found.ref} {found.title}",
            "breadcrumbs_items": _crumbs(found.ref),
            "round": found,
            "tone": _tone(found),
            "sentence": _sentence(found, now),
            "deeds": _deeds(found, forms, now),
            "extensions": found.extensions.select_related("by").order_by("at"),
            "pre_moderations": _pre_moderations(found, now),
        },
        status=422 if extension or pre_moderation else 200,
    )


def _pre_moderations(found: ConsultationRound, now: datetime) -> list[dict[str, Any]]:
    names = {
        row["wid"]: f"{row['number']} {row['title']}".strip() for row in contents(found.edition)
    }
    return [
        {
            "rule": rule,
            "place": names.get(rule.section_wid, _("ganze Runde")),
            "state": _period_state(rule.starts_at, rule.ends_at, now),
        }
        for rule in found.pre_moderations.select_related("by").order_by("starts_at", "pk")
    ]


def _period_state(starts: datetime, ends: datetime, now: datetime) -> str:
    if now < starts:
        return _("beginnt noch")
    return _("gilt") if now < ends else _("beendet")


def _deeds(found: ConsultationRound, forms: dict[str, Form], now: datetime) -> list[Deed]:
    match found.status:
        case RoundStatus.PLANNED:
            return [_announcing(found), _changing(found)]
        case RoundStatus.ANNOUNCED:
            opening = [_opening(found)] if found.opens_at <= now < found.closes_at else []
            return [
                *opening,
                _changing(found),
                _retracting(found),
                _pre_moderating(found, forms["pre_moderation"]),
            ]
        case RoundStatus.OPEN:
            return [
                _extending(found, forms["extension"]),
                _pre_moderating(found, forms["pre_moderation"]),
                _suspending(found),
                _closing(found),
            ]
        case RoundStatus.SUSPENDED:
            return [_resuming(found), _closing(found)]
    return [_ledger(found)]


def _announcing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ankündigen"),
        _(
            "Die Runde wird öffentlich: Termin, Umfang, Einfluss und Regeln stehen auf der "
            "Website. Zum Beginn öffnet sie von selbst. Ändern können Sie sie bis dahin."
        ),
        _("Runde ankündigen"),
        _step_url(found, "ankuendigen"),
    )


def _changing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ändern"),
        _("Mit der Öffnung werden Umfang, Einfluss und Regeln festgeschrieben."),
        _("Runde ändern"),
        reverse("round_desk:change", args=[found.ref]),
        is_link=True,
    )


def _retracting(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ankündigung zurücknehmen"),
        _("Die Runde verschwindet von der Website und öffnet nicht von selbst."),
        _("Ankündigung zurücknehmen"),
        _step_url(found, "zuruecknehmen"),
    )


def _opening(found: ConsultationRound) -> Deed:
    return Deed(
        _("Jetzt öffnen"),
        _("Ab sofort kann beigetragen und abgestimmt werden. Die Regeln stehen dann fest."),
        _("Runde jetzt öffnen"),
        _step_url(found, "oeffnen"),
    )


def _extending(found: ConsultationRound, form: Form) -> Deed:
    return Deed(
        _("Verlängern"),
        _("Altes Ende, neues Ende und Ihr Grund stehen danach öffentlich bei der Runde."),
        _("Runde verlängern"),
        reverse("round_desk:extend", args=[found.ref]),
        form,
    )


def _pre_moderating(found: ConsultationRound, form: Form) -> Deed:
    return Deed(
        _("Vorab-Moderation"),
        _(
            "Neue Beiträge erscheinen erst, wenn jemand aus der Moderation sie gelesen hat. "
            "Schon veröffentlichte bleiben stehen. Ein gesetztes Ende gilt: Früher aufheben lässt "
            "sich die Prüfung nicht."
        ),
        _("Vorab-Moderation einrichten"),
        reverse("round_desk:pre_moderate", args=[found.ref]),
        form,
    )


def _suspending(found: ConsultationRound) -> Deed:
    return Deed(
        _("Unterbrechen"),
        _(
            "Niemand kann beitragen oder abstimmen, bis Sie die Runde fortsetzen. Das Ende "
            "verschiebt sich dadurch nicht."
        ),
        _("Runde unterbrechen"),
        _step_url(found, "unterbrechen"),
    )


def _resuming(found: ConsultationRound) -> Deed:
    return Deed(
        _("Fortsetzen"),
        _("Beiträge und Stimmen werden wieder angenommen, bis zum Ende der Runde."),
        _("Runde fortsetzen"),
        _step_url(found, "fortsetzen"),
    )


def _closing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Schließen"),
        _("Eine geschlossene Runde öffnet nie wieder. Sie bestätigen das auf der nächsten Seite."),
        _("Schließen vorbereiten"),
        reverse("round_closing", args=[found.ref]),
        is_link=True,
    )


def _ledger(found: ConsultationRound) -> Deed:
    return Deed(
        _("Bilanz"),
        _("Was eingegangen ist und was daraus wurde, festgehalten beim Schließen."),
        _("Bilanz ansehen"),
        reverse("round_closing", args=[found.ref]),
        is_link=True,
    )


def _step_url(found: ConsultationRound, name: str) -> str:
    return reverse("round_desk:step", args=[found.ref, name])


def _tone(found: ConsultationRound) -> str:
    return TONES.get(found.status, "plain")


def _sentence(found: ConsultationRound, now: datetime) -> str:
    """The state of a round in a sentence that says what comes next."""
    sentences = {
        RoundStatus.PLANNED: _("Diese Runde sieht nur Ihr Amt. Kündigen Sie sie rechtzeitig an."),
        RoundStatus.ANNOUNCED: _("Angekündigt. Die Runde öffnet von selbst am %(opens)s."),
        RoundStatus.OPEN: _("Die Runde läuft und schließt von selbst am %(closes)s."),
        RoundStatus.SUSPENDED: _(
            "Die Runde ist unterbrochen: Niemand kann beitragen. Sie endet trotzdem am %(closes)s."
        ),
        RoundStatus.CLOSED: _(
            "Die Runde ist seit dem %(closes)s geschlossen und wird ausgewertet. Antworten sind "
            "zugesagt bis %(due)s."
        ),
        RoundStatus.ANSWERED: _("Alle Themen und Einzelstimmen sind beantwortet."),
        RoundStatus.ARCHIVED: _("Die Runde ist abgeschlossen."),
    }
    text = sentences[RoundStatus(found.status)]
    if found.status in RUNNING and now >= found.closes_at:
        text = _("Das Ende am %(closes)s ist vorbei. Die Runde wird gleich von selbst geschlossen.")
    elif found.status == RoundStatus.ANNOUNCED and now >= found.opens_at:
        text = _(
            "Der Beginn am %(opens)s ist vorbei. Die Runde öffnet in den nächsten Minuten von "
            "selbst, sobald ein Abschnitt der Fassung freigegeben ist."
        )
    return text % {
        "opens": _moment(found.opens_at),
        "closes": _moment(found.closes_at),
        "due": date_format(found.answer_due, "DATE_FORMAT"),
    }


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _next_ref(now: datetime) -> str:
    year = timezone.localdate(now).year
    taken = set(ConsultationRound.objects.values_list("ref", flat=True))
    numbers = range(1, len(taken) + 2)
    return next(ref for number in numbers if (ref := f"{year}-R{number}") not in taken)


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("round_desk:desk"), "label": _("Runden")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
