"""The list of rounds, and what the screens of the rounds desk share.

`planning` writes a round before it opens, `one_round` shows one with its deeds (`deeds`), `steps`
does them. Closing needs the ledger and therefore has its page in evaluation.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.participants.decorators import only_if
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_run_rounds
from consult.rounds.states import RoundStatus

RUNNING = [RoundStatus.OPEN, RoundStatus.SUSPENDED]
TONES = {RoundStatus.OPEN: "ok", RoundStatus.SUSPENDED: "warn", RoundStatus.CLOSED: "warn"}


coordination_only = only_if(may_run_rounds)


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
            "breadcrumbs_items": crumbs(),
            "rows": [
                {"round": found, "tone": tone(found), "sentence": sentence(found, now)}
                for found in rounds
            ],
        },
    )


def round_or_404(ref: str) -> ConsultationRound:
    """The round with its edition."""
    return get_object_or_404(ConsultationRound.objects.select_related("edition"), ref=ref)


def tone(found: ConsultationRound) -> str:
    """The colour of a round's state."""
    return TONES.get(found.status, "plain")


def sentence(found: ConsultationRound, now: datetime) -> str:
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


def crumbs(*more: str) -> list[dict[str, str]]:
    """The way from the start of the admin to this page."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("round_desk:desk"), "label": _("Runden")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
