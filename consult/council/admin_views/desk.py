"""What every screen of the council desk shares: who enters, how a deed ends, where one stands."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consult.council.models import (
    Decision,
    GoalPosition,
    Meeting,
    Paper,
    ResolutionItem,
    RouteStep,
)
from consult.council.motion_words import MOTION_REFUSALS
from consult.council.predicates import may_prepare_papers, may_record_decisions, may_route
from consult.council.selectors import every_meeting, paper_of
from consult.council.services.access import PaperStepRefused
from consult.intake.services.files import FileRefused
from consult.participants.decorators import only_if
from consult.rounds.services import NotPermitted
from drafts.editions.services import EditionStepRefused

REFUSALS = {
    "submitted_already": _(
        "Die Vorlage ist nicht mehr in Vorbereitung. Was vorgelegt wurde, ändert niemand mehr."
    ),
    "not_debated_any_more": _("Darüber wurde schon beraten oder entschieden."),
    "nothing_to_debate": _("Vormerken lassen sich Beschlusspunkte und Ziele."),
    "no_question": _("Schreiben Sie Ihre Frage."),
    "no_answer": _("Schreiben Sie eine Antwort."),
    "question_is_settled": _("Diese Frage ist schon beantwortet oder zurückgenommen."),
    "no_text": _("Schreiben Sie, was beschlossen werden soll."),
    "adopts_already": _("Ein anderer Punkt setzt die Fassung schon in Kraft."),
    "route_closed": _(
        "Die Vorlage ist entschieden oder zurückgezogen. Ihre Beratungsfolge steht fest."
    ),
    "not_held_yet": _(
        "Dieses Gremium hat noch nicht beraten. Eine zweite Beratung folgt auf die erste."
    ),
    "decides_by_vote": _(
        "Ein Gremium, das entscheidet, kann die Vorlage nicht ohne Votum weiterleiten: Nach ihm "
        "kommt niemand. Tragen Sie ein, dass es abgestimmt oder vertagt hat."
    ),
    "no_reason_to_drop": _("Sagen Sie, warum die Beratung entfällt. Der Satz ist öffentlich."),
    "held_already": _("Dieses Gremium hat schon beraten oder ist entfallen. Sein Platz bleibt."),
    "no_such_position": _("Weiter lässt sich das nicht verschieben."),
    "before_a_held_step": _("Vor eine Sitzung, die schon war, kommt keine andere mehr."),
    "not_submitted": _(
        "Die Vorlage liegt dem Rat nicht oder nicht mehr vor. Eingeladen, beraten und entschieden "
        "wird nur über eine Vorlage, die vorliegt."
    ),
    "step_not_allowed": _(
        "Das passt nicht mehr zum Stand. Jemand anderes war schneller: Lesen Sie den Stand auf "
        "dieser Seite."
    ),
    "no_items": _("Die Vorlage hat noch keinen Beschlusspunkt. Fügen Sie mindestens einen hinzu."),
    "no_deciding_step": _(
        "In der Beratungsfolge entscheidet noch niemand. Fügen Sie das Gremium hinzu, das "
        "entscheidet."
    ),
    "edition_not_sealed": _(
        "Die Fassung ist noch nicht vollständig freigegeben. Schließen Sie sie unter „Fassungen“."
    ),
    "round_not_answered": _(
        "Eine Beteiligungsrunde zu dieser oder einer früheren Fassung ist noch nicht beantwortet. "
        "Beantworten Sie sie zuerst: Der Rat soll die Antworten kennen."
    ),
    "step_not_held": _(
        "Tragen Sie zuerst ein, dass das Gremium beraten hat. Vorher gibt es nichts zu entscheiden."
    ),
    "step_without_vote": _(
        "Dieses Gremium hat nicht abgestimmt. Zu den einzelnen Punkten gibt es kein Ergebnis."
    ),
    "settled_already": _(
        "Über diesen Punkt wurde in einer anderen Sitzung schon entschieden. Berichtigen Sie "
        "den Eintrag dort, wenn er nicht stimmt."
    ),
    "recorded_already": _(
        "Zu diesem Punkt ist hier schon etwas eingetragen. Berichtigen Sie den Eintrag."
    ),
    "no_position": _("Wählen Sie bei mindestens einem Ziel, was das Gremium dazu sagt."),
    "no_such_goal": _("Dieses Ziel gibt es in der Fassung nicht, über die beraten wird."),
    "no_choice": _("Schreiben Sie, was der Rat stattdessen beschließen kann."),
    "too_many_options": _("Mehr als 25 Möglichkeiten passen nicht zu einem Ziel."),
    "motion_elsewhere": _("Wählen Sie einen eingereichten Antrag zum Text dieser Vorlage."),
    "option_without_goal": _(
        "Eine Möglichkeit steht bei einem Ziel, das es in dieser Fassung nicht gibt. Entfernen Sie "
        "sie, oder wählen Sie eine andere Fassung."
    ),
    "goal_recorded_already": _(
        "Zu einem dieser Ziele ist hier schon etwas eingetragen. Berichtigen Sie den Eintrag."
    ),
    "decides_on_items": _(
        "Dieses Gremium entscheidet über die Beschlusspunkte. Positionen zu Zielen haben die "
        "Gremien, die beraten."
    ),
    "no_reason": _("Sagen Sie, was am früheren Eintrag falsch war."),
    "corrected_already": _("Dieser Eintrag wurde schon berichtigt. Es gilt der spätere Eintrag."),
    "outcome_took_effect": _(
        "Das Ergebnis ist bestätigt und hat gewirkt; es lässt sich nicht mehr ändern. Berichtigen "
        "können Sie Nummer, Wortlaut, Bedingungen und Abstimmung."
    ),
    "not_adopted_as_amended": _(
        "Dafür braucht es einen bestätigten Beschluss „geändert beschlossen“."
    ),
    "not_based_on_submitted_edition": _(
        "Diese Fassung wurde nicht aus der vorgelegten überarbeitet. Wählen Sie eine andere."
    ),
    "no_target": _("Sagen Sie, wohin verwiesen wurde."),
    "duty_incomplete": _("Eine Berichtspflicht nennt Art, Monate und wem berichtet wird."),
    "no_title": _("Geben Sie einen Titel an."),
    "taken_back_already": _("Diese Anlage ist schon zurückgenommen."),
    "named_already": _("Dieser Beschluss steht schon bei der Vorlage."),
    "no_report_owed": _("Hier ist kein Bericht mehr offen."),
    "not_delivered_yet": _("Der Tag liegt in der Zukunft. Tragen Sie ein, was schon vorliegt."),
    "bodies_ahead": _(
        "Ein Gremium hat noch nicht beraten. Tragen Sie ein, was es tat oder dass es entfällt."
    ),
    "items_undecided": _(
        "Zu einem Punkt fehlt das bestätigte Ergebnis des Gremiums, das entscheidet."
    ),
    "meeting_ended_otherwise": _(
        "Wäre der Antrag angenommen, wäre die Sitzung anders ausgegangen. Prüfen Sie beides."
    ),
    "decides_in_public": _("Wer über die Vorlage entscheidet, tut das öffentlich."),
    "meets_already": _(
        "Das Gremium hat an diesem Tag schon eine Sitzung. Setzen Sie die Vorlage auf ihre "
        "Tagesordnung."
    ),
    "meeting_over": _("Die Sitzung war schon oder ist abgesagt. Daran ändert sich nichts mehr."),
    "meeting_ahead": _(
        "Dieser Tag kommt erst noch. Was eine Sitzung ergeben hat, tragen Sie danach ein."
    ),
    "results_recorded": _(
        "Zu dieser Sitzung stehen schon Ergebnisse einzelner Punkte oder Anträge. Sie gelten nur, "
        "wenn abgestimmt wurde."
    ),
    "motion_says_otherwise": _(
        "Ein angenommener Antrag zur Geschäftsordnung sagt etwas anderes. Berichtigen Sie zuerst "
        "den Antrag."
    ),
    "meeting_not_held": _(
        "Eine Niederschrift gibt es erst, wenn die Sitzung war. Tragen Sie das zuerst ein."
    ),
    "meeting_cancelled": _(
        "Die Sitzung ist abgesagt. Setzen Sie die Vorlage auf die Tagesordnung einer anderen."
    ),
    "empty": _("Die Datei ist leer. Wählen Sie eine andere."),
    "too_large": _("Die Datei ist größer als 10 MB. Verkleinern oder teilen Sie sie."),
    "wrong_kind": _("Nehmen Sie eine PDF-Datei oder eine Word-Datei (.docx)."),
    "active": _("Die Datei enthält Makros oder Programme. Speichern Sie sie ohne."),
    "broken": _("Die Datei ist beschädigt. Speichern Sie sie neu."),
    **MOTION_REFUSALS,
    "edition_step": _(
        "Der Stand der Fassung lässt das nicht zu: Sie liegt schon vor, ist in Kraft oder abgelöst. "
        "Wählen Sie für die Vorlage eine andere Fassung."
    ),
}


# The coordination office and the council office, who also keep the route.
may_see_desk = may_route
desk_only = only_if(may_see_desk)
preparing_only = only_if(may_prepare_papers)
recording_only = only_if(may_record_decisions)


def carry_out(
    request: HttpRequest, pk: int, deed: Callable[[], object], done: object, *, at: str = ""
) -> HttpResponse:
    """Do one deed, say what came of it, go back to the paper, to the place `at` on its page."""
    return carry_out_at(request, paper_address(pk, at), deed, done)


def carry_out_at(
    request: HttpRequest, back: str, deed: Callable[[], object], done: object
) -> HttpResponse:
    """Do one deed, say what came of it, go on to the address `back`."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except (PaperStepRefused, FileRefused) as refused:
        messages.error(request, REFUSALS[refused.code])
    except EditionStepRefused:
        messages.error(request, REFUSALS["edition_step"])
    else:
        messages.success(request, done)
    return redirect(back)


def answer_forms(
    request: HttpRequest,
    forms: Sequence[BaseForm],
    deed: Callable[[], object],
    done: object,
    *,
    back: str,
) -> HttpResponse | None:
    """Do what valid forms ask for, and go on to the address `back`; None where they are shown.

    A refusal becomes a sentence above the first form, and all that was typed stays.
    """
    # Each form is asked, so that all mistakes are shown at once.
    valid = [form.is_valid() for form in forms]
    if request.method != "POST" or not all(valid):
        return None
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except (PaperStepRefused, FileRefused) as refused:
        forms[0].add_error(None, REFUSALS[refused.code])
        return None
    messages.success(request, done)
    return redirect(back)


def sent(request: HttpRequest) -> tuple[Any, ...]:
    """What a form with a file was sent, also where nothing was chosen; empty before."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def paper_address(pk: int, at: str = "") -> str:
    """The page of a paper, at a place of it."""
    return reverse("council_desk:paper", args=[pk]) + (f"#{at}" if at else "")


def found_paper(pk: int) -> Paper:
    """The paper, or a page that does not exist."""
    found = paper_of(pk)
    if found is None:
        raise Http404
    return found


def found_item(pk: int, item: int) -> ResolutionItem:
    """An item of this paper."""
    return get_object_or_404(ResolutionItem.objects.select_related("paper"), pk=item, paper=pk)


def found_step(pk: int, step: int) -> RouteStep:
    """A step of this paper's route."""
    return get_object_or_404(
        RouteStep.objects.select_related("paper__edition", "body", "meeting"), pk=step, paper=pk
    )


def found_meeting(meeting: int) -> Meeting:
    """A meeting with its agenda."""
    return get_object_or_404(every_meeting(), pk=meeting)


def found_decision(pk: int, decision: int) -> Decision:
    """A record on an item of this paper."""
    return get_object_or_404(
        Decision.objects.select_related("item__paper", "step__body", "step__paper", "recorded_by"),
        pk=decision,
        item__paper=pk,
    )


def found_position(pk: int, position: int) -> GoalPosition:
    """What a body said to a goal of this paper."""
    return get_object_or_404(
        GoalPosition.objects.select_related("step__body", "step__paper", "recorded_by"),
        pk=position,
        step__paper=pk,
    )


def form_page(
    request: HttpRequest,
    title: str,
    form: BaseForm,
    *,
    button: str,
    paper: Paper | None = None,
    meeting: Meeting | None = None,
    note: str = "",
) -> HttpResponse:
    """A page with one form; status 422 where it was sent and has errors."""
    trail = meeting_crumbs(meeting, title) if meeting else crumbs(paper, title)
    return render(
        request,
        "council_desk/form.html",
        {
            "header_title": title,
            "breadcrumbs_items": trail,
            "form": form,
            "back": trail[-2]["url"],
            "button": button,
            "note": note,
        },
        status=422 if form.errors else 200,
    )


def crumbs(paper: Paper | None = None, label: str = "") -> list[dict[str, str]]:
    """Where one stands: start, the desk, the paper, this page."""
    steps = [(reverse("council_desk:paper", args=[paper.pk]), paper.reference)] if paper else []
    return _trail(steps, label)


def meeting_crumbs(meeting: Meeting | None = None, label: str = "") -> list[dict[str, str]]:
    """Where one stands: start, the desk, the meetings, the meeting, this page."""
    steps = [(reverse("council_desk:meetings"), str(_("Sitzungen")))]
    if meeting:
        steps.append((reverse("council_desk:meeting", args=[meeting.pk]), str(meeting)))
    return _trail(steps, label)


def _trail(steps: list[tuple[str, str]], label: str) -> list[dict[str, str]]:
    trail = [
        (reverse("wagtailadmin_home"), _("Start")),
        (reverse("council_desk:papers"), _("Rat und Beschluss")),
        *steps,
    ]
    if label:
        trail.append(("", label))
    return [{"url": url, "label": text} for url, text in trail]
