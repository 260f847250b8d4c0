"""The council desk: papers with items and route, and what the bodies did with each item.

The coordination office prepares and submits; the council office invites, records and confirms.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.council.drafting import change_paper, remove_step, schedule_step
from consult.council.forms import (
    AmendedForm,
    CorrectionForm,
    DecisionForm,
    HeldForm,
    ItemForm,
    PaperForm,
    ScheduleForm,
    StepForm,
)
from consult.council.models import Decision, Paper, ResolutionItem, RouteStep
from consult.council.predicates import may_confirm, may_prepare_papers, may_record_decisions
from consult.council.selectors import paper_of, standing_decisions
from consult.council.services import (
    PaperStepRefused,
    add_item,
    add_step,
    adopt_amended_edition,
    confirm_decision,
    correct_decision,
    move_step,
    prepare_paper,
    record_decision,
    remove_item,
    set_step_status,
    submit_to_council,
    withdraw_paper,
)
from consult.council.states import (
    ADOPTING,
    REROUTABLE,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    StepStatus,
)
from consult.rounds.services import NotPermitted
from drafts.editions.services import EditionStepRefused
from drafts.editions.states import EditionStatus

TONES = {PaperStatus.SUBMITTED: "warn", PaperStatus.DECIDED: "ok"}
NOTED = frozenset({ItemOutcome.NOTED, ItemOutcome.NOTED_WITH_APPROVAL})
REFUSALS = {
    "submitted_already": gettext_lazy(
        "Die Vorlage ist nicht mehr in Vorbereitung. Was vorgelegt wurde, ändert niemand mehr."
    ),
    "no_text": gettext_lazy("Schreiben Sie, was beschlossen werden soll."),
    "held_already": gettext_lazy(
        "Dieses Gremium hat schon beraten oder ist entfallen. Sein Platz bleibt."
    ),
    "no_such_position": gettext_lazy("Weiter lässt sich dieses Gremium nicht verschieben."),
    "before_a_held_step": gettext_lazy("Vor eine Sitzung, die schon war, kommt keine andere mehr."),
    "not_submitted": gettext_lazy(
        "Die Vorlage liegt dem Rat nicht vor. Eingeladen und beraten wird erst danach."
    ),
    "step_not_allowed": gettext_lazy(
        "Das passt nicht mehr zum Stand. Jemand anderes war schneller: Lesen Sie den Stand auf "
        "dieser Seite."
    ),
    "no_items": gettext_lazy(
        "Die Vorlage hat noch keinen Beschlusspunkt. Fügen Sie mindestens einen hinzu."
    ),
    "no_deciding_step": gettext_lazy(
        "In der Beratungsfolge entscheidet noch niemand. Fügen Sie das Gremium hinzu, das "
        "entscheidet."
    ),
    "edition_not_sealed": gettext_lazy(
        "Die Fassung ist noch nicht vollständig freigegeben. Schließen Sie sie unter „Fassungen“."
    ),
    "round_not_answered": gettext_lazy(
        "Eine Beteiligungsrunde zu dieser oder einer früheren Fassung ist noch nicht beantwortet. "
        "Beantworten Sie sie zuerst: Der Rat soll die Antworten kennen."
    ),
    "step_not_held": gettext_lazy(
        "Tragen Sie zuerst ein, dass das Gremium beraten hat. Vorher gibt es nichts zu entscheiden."
    ),
    "recorded_already": gettext_lazy(
        "Zu diesem Punkt ist hier schon etwas eingetragen. Berichtigen Sie den Eintrag."
    ),
    "no_reason": gettext_lazy("Sagen Sie, was am früheren Eintrag falsch war."),
    "corrected_already": gettext_lazy(
        "Dieser Eintrag wurde schon berichtigt. Es gilt der spätere Eintrag."
    ),
    "outcome_took_effect": gettext_lazy(
        "Das Ergebnis ist bestätigt und hat gewirkt; es lässt sich nicht mehr ändern. Berichtigen "
        "können Sie Nummer, Wortlaut, Bedingungen und Abstimmung."
    ),
    "not_adopted_as_amended": gettext_lazy(
        "Dafür braucht es einen bestätigten Beschluss „geändert beschlossen“."
    ),
    "not_based_on_submitted_edition": gettext_lazy(
        "Diese Fassung wurde nicht aus der vorgelegten überarbeitet. Wählen Sie eine andere."
    ),
    "edition_step": gettext_lazy(
        "Der Stand der Fassung lässt das nicht zu: Sie liegt schon vor, ist in Kraft oder abgelöst. "
        "Wählen Sie für die Vorlage eine andere Fassung."
    ),
}


def may_see_desk(user) -> bool:
    """The coordination office and the council office."""
    return may_prepare_papers(user) or may_record_decisions(user)


def desk_only(view):
    """Deny everybody else, administrators without a role included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not may_see_desk(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@desk_only
def desk(request: HttpRequest) -> HttpResponse:
    """All papers, newest first."""
    papers = Paper.objects.select_related("edition").order_by("-pk")
    return render(
        request,
        "council_desk/desk.html",
        {
            "header_title": _("Rat und Beschluss"),
            "breadcrumbs_items": _crumbs(),
            "rows": [{"paper": paper, "tone": _tone(paper)} for paper in papers],
            "may_prepare": may_prepare_papers(request.user),
        },
    )


@desk_only
def create(request: HttpRequest) -> HttpResponse:
    """Prepare a new paper."""
    if not may_prepare_papers(request.user):
        raise PermissionDenied
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paper = prepare_paper(actor=request.user, **form.cleaned_data)
        messages.success(
            request, _("Die Vorlage ist angelegt. Fügen Sie Beschlusspunkte und Gremien hinzu.")
        )
        return redirect("council_desk:paper", paper.pk)
    back = reverse("council_desk:papers")
    return _form(request, _("Vorlage anlegen"), form, back, button=_("Vorlage anlegen"))


@desk_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a paper that is being prepared."""
    paper = _paper(pk)
    if not may_prepare_papers(request.user):
        raise PermissionDenied
    if paper.status != PaperStatus.PREPARING:
        messages.error(request, REFUSALS["submitted_already"])
        return redirect("council_desk:paper", pk)
    form = PaperForm(request.POST or None, instance=paper)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        return _do(
            request,
            pk,
            lambda: change_paper(paper=paper, actor=request.user, **fields),
            _("Die Vorlage ist geändert."),
        )
    back = reverse("council_desk:paper", args=[pk])
    return _form(request, _("Vorlage ändern"), form, back, paper=paper, button=_("Speichern"))


@require_GET
@desk_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper with its items, its route and its decisions."""
    return _page(request, _paper(pk))


@require_POST
@desk_only
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item to a paper."""
    paper = _paper(pk)
    form = ItemForm(request.POST, paper=paper)
    if not form.is_valid():
        return _page(request, paper, item=form)
    return _do(
        request,
        pk,
        lambda: add_item(
            paper=paper,
            text=form.cleaned_data["text"],
            effect=Effect(form.cleaned_data["effect"]),
            actor=request.user,
        ),
        _("Der Beschlusspunkt ist hinzugefügt."),
    )


@require_POST
@desk_only
def drop_item(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Take an item out of a paper."""
    found = get_object_or_404(ResolutionItem.objects.select_related("paper"), pk=item, paper=pk)
    return _do(
        request,
        pk,
        lambda: remove_item(item=found, actor=request.user),
        _("Der Beschlusspunkt ist entfernt, die übrigen sind neu nummeriert."),
    )


@require_POST
@desk_only
def steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a body at the end of the route."""
    paper = _paper(pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, paper, step=form)
    return _do(
        request,
        pk,
        lambda: add_step(paper=paper, actor=request.user, **form.cleaned_data),
        _("Das Gremium steht am Ende der Beratungsfolge."),
    )


@require_POST
@desk_only
def step_deed(request: HttpRequest, pk: int, step: int, name: str) -> HttpResponse:
    """Move a body, take it out, invite it or drop it."""
    found = _step(pk, step)
    if name not in STEP_DEEDS:
        raise Http404
    deed, done = STEP_DEEDS[name]
    return _do(request, pk, lambda: deed(found, request.user), done)


@desk_only
def schedule(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say when a body meets."""
    found = _step(pk, step)
    form = ScheduleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        return _do(
            request,
            pk,
            lambda: schedule_step(step=found, actor=request.user, **fields),
            _("Der Termin ist gespeichert."),
        )
    title = _("Termin: %(body)s") % {"body": found.body}
    back = reverse("council_desk:paper", args=[pk])
    return _form(request, title, form, back, paper=found.paper, button=_("Termin speichern"))


@desk_only
def held(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say that a body has met, and what came of it."""
    found = _step(pk, step)
    _require_office(request.user)
    form = HeldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _do(
            request,
            pk,
            lambda: set_step_status(
                step=found, status=StepStatus.HELD, actor=request.user, **form.cleaned_data
            ),
            _("Die Sitzung ist eingetragen. Tragen Sie jetzt ein, was sie zu jedem Punkt tat."),
        )
    title = _("Sitzung: %(body)s") % {"body": found.body}
    back = reverse("council_desk:paper", args=[pk])
    return _form(request, title, form, back, paper=found.paper, button=_("Als beraten eintragen"))


@require_POST
@desk_only
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the paper before the council."""
    paper = _paper(pk)
    return _do(
        request,
        pk,
        lambda: submit_to_council(paper=paper, actor=request.user, at=timezone.now()),
        _("Die Vorlage liegt dem Rat vor und ist öffentlich."),
    )


@require_POST
@desk_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the paper."""
    paper = _paper(pk)
    return _do(
        request,
        pk,
        lambda: withdraw_paper(paper=paper, actor=request.user),
        _("Die Vorlage ist zurückgezogen."),
    )


@desk_only
def record(request: HttpRequest, pk: int, step: int, item: int) -> HttpResponse:
    """Record what a body did with one item."""
    _require_office(request.user)
    found = _step(pk, step)
    subject = get_object_or_404(ResolutionItem, pk=item, paper=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _do(
            request,
            pk,
            lambda: record_decision(
                item=subject, step=found, actor=request.user, at=timezone.now(), **_outcome(form)
            ),
            _("Eingetragen, vorläufig. Nach der Niederschrift bestätigt eine zweite Person."),
        )
    return _decision_form(request, found, subject, form)


@desk_only
def correct(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Correct a record by a new one."""
    _require_office(request.user)
    found = _decision(pk, decision)
    initial = {name: getattr(found, name) for name in DecisionForm.Meta.fields}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _do(
            request,
            pk,
            lambda: correct_decision(
                decision=found, actor=request.user, at=timezone.now(), **_outcome(form)
            ),
            _("Die Berichtigung ist eingetragen. Der frühere Eintrag bleibt lesbar."),
        )
    return _decision_form(request, found.step, found.item, form, corrects=found)


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Confirm a record after the minutes, as the second person."""
    found = _decision(pk, decision)
    return _do(
        request,
        pk,
        lambda: confirm_decision(decision=found, actor=request.user, at=timezone.now()),
        _("Bestätigt. Das Ergebnis ist jetzt endgültig."),
    )


@require_POST
@desk_only
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the edition with the decided wording in force."""
    paper = _paper(pk)
    form = AmendedForm(request.POST, paper=paper)
    if not form.is_valid():
        return _page(request, paper, amended=form)
    return _do(
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


def _move(by: int) -> Callable[[RouteStep, Any], object]:
    def deed(found: RouteStep, actor) -> object:
        return move_step(step=found, to=found.position + by, actor=actor)

    return deed


def _to(status: StepStatus) -> Callable[[RouteStep, Any], object]:
    def deed(found: RouteStep, actor) -> object:
        return set_step_status(step=found, status=status, actor=actor)

    return deed


def _remove(found: RouteStep, actor) -> None:
    remove_step(step=found, actor=actor)


MOVED = gettext_lazy("Die Beratungsfolge ist geändert.")
STEP_DEEDS = {
    "vor": (_move(-1), MOVED),
    "zurueck": (_move(1), MOVED),
    "entfernen": (_remove, gettext_lazy("Das Gremium ist aus der Beratungsfolge genommen.")),
    "einladen": (_to(StepStatus.INVITED), gettext_lazy("Die Einladung ist eingetragen.")),
    "entfallen": (
        _to(StepStatus.DROPPED),
        gettext_lazy("Eingetragen: Die Beratung in diesem Gremium entfällt."),
    ),
}


def _do(request: HttpRequest, pk: int, deed: Callable[[], object], done: object) -> HttpResponse:
    """Do one deed, say what came of it, go back to the paper."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except PaperStepRefused as refused:
        messages.error(request, REFUSALS[refused.code])
    except EditionStepRefused:
        messages.error(request, REFUSALS["edition_step"])
    else:
        messages.success(request, done)
    return redirect("council_desk:paper", pk)


def _require_office(user) -> None:
    if not may_record_decisions(user):
        raise PermissionDenied


def _paper(pk: int) -> Paper:
    found = paper_of(pk)
    if found is None:
        raise Http404
    return found


def _step(pk: int, step: int) -> RouteStep:
    return get_object_or_404(
        RouteStep.objects.select_related("paper__edition", "body"), pk=step, paper=pk
    )


def _decision(pk: int, decision: int) -> Decision:
    return get_object_or_404(
        Decision.objects.select_related("item__paper", "step__body", "step__paper", "recorded_by"),
        pk=decision,
        item__paper=pk,
    )


def _outcome(form: DecisionForm) -> dict[str, Any]:
    return {**form.cleaned_data, "outcome": ItemOutcome(form.cleaned_data["outcome"])}


def _form(
    request: HttpRequest,
    title: str,
    form: BaseForm,
    back: str,
    *,
    button: str,
    paper: Paper | None = None,
) -> HttpResponse:
    return render(
        request,
        "council_desk/form.html",
        {
            "header_title": title,
            "breadcrumbs_items": _crumbs(paper, title),
            "form": form,
            "back": back,
            "button": button,
        },
        status=422 if form.errors else 200,
    )


def _decision_form(
    request: HttpRequest,
    step: RouteStep,
    item: ResolutionItem,
    form: DecisionForm,
    corrects: Decision | None = None,
) -> HttpResponse:
    title = _("Ergebnis berichtigen") if corrects else _("Ergebnis eintragen")
    return render(
        request,
        "council_desk/decision.html",
        {
            "header_title": title,
            "breadcrumbs_items": _crumbs(step.paper, title),
            "step": step,
            "item": item,
            "corrects": corrects,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _page(
    request: HttpRequest,
    paper: Paper,
    *,
    item: ItemForm | None = None,
    step: StepForm | None = None,
    amended: AmendedForm | None = None,
) -> HttpResponse:
    user = request.user
    prepares, records = may_prepare_papers(user), may_record_decisions(user)
    is_draft = paper.status == PaperStatus.PREPARING
    is_submitted = paper.status == PaperStatus.SUBMITTED
    listed = list(paper.items.order_by("number"))
    return render(
        request,
        "council_desk/paper.html",
        {
            "header_title": str(paper),
            "breadcrumbs_items": _crumbs(paper),
            "paper": paper,
            "tone": _tone(paper),
            "alternatives": [line for line in paper.alternatives.splitlines() if line.strip()],
            "items": listed,
            "item_form": item or ItemForm(paper=paper, auto_id="id_item_%s"),
            "steps": _steps(paper, listed, user),
            "step_form": step or StepForm(auto_id="id_step_%s"),
            "may_write": prepares and is_draft,
            "may_route": (prepares and is_draft) or ((prepares or records) and is_submitted),
            "may_withdraw": prepares and (is_draft or is_submitted),
            "adopts": any(row.effect == Effect.ADOPT_EDITION for row in listed),
            **_amended(paper, user, amended),
        },
        status=422 if item or step or amended else 200,
    )


def _steps(paper: Paper, listed: list[ResolutionItem], user) -> list[dict[str, Any]]:
    """The route in order, with what can be done at each step and what was recorded there."""
    route = list(paper.route.order_by("position").select_related("body"))
    decided = _decisions(paper)
    return [
        {
            "step": step,
            "tone": "ok" if step.status == StepStatus.HELD else "plain",
            "first": position == 0,
            "last": position == len(route) - 1,
            **_step_rights(step, paper, user),
            "records": [
                _record_row(item, step, decided.get((step.pk, item.pk), []), user)
                for item in listed
                if step.status == StepStatus.HELD
            ],
        }
        for position, step in enumerate(route)
    ]


def _step_rights(step: RouteStep, paper: Paper, user) -> dict[str, bool]:
    ahead = step.status in REROUTABLE
    is_draft = paper.status == PaperStatus.PREPARING
    is_submitted = paper.status == PaperStatus.SUBMITTED
    records = may_record_decisions(user)
    return {
        "may_move": ahead and (is_draft or is_submitted) and may_see_desk(user),
        "may_remove": is_draft and may_prepare_papers(user),
        "may_invite": is_submitted and records and step.status == StepStatus.PLANNED,
        "may_hold": is_submitted and records and ahead,
    }


def _decisions(paper: Paper) -> dict[tuple[int, int], list[Decision]]:
    """All records by (step, item), the latest first: what is first stands."""
    rows: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    found = (
        Decision.objects.filter(item__paper=paper)
        .select_related("recorded_by", "confirmed_by", "step", "item")
        .order_by("-pk")
    )
    for decision in found:
        rows[decision.step_id, decision.item_id].append(decision)
    return rows


def _record_row(
    item: ResolutionItem, step: RouteStep, records: list[Decision], user
) -> dict[str, Any]:
    standing = records[0] if records else None
    records_now = may_record_decisions(user)
    return {
        "item": item,
        "decision": standing,
        "former": records[1:],
        "tone": "ok" if standing and _is_adopted(standing, step) else "plain",
        "hint": _hint(standing, step) if standing else "",
        "may_record": records_now and standing is None,
        "may_correct": records_now and standing is not None,
        "confirming": _confirming(standing, user) if standing else None,
    }


def _is_adopted(decision: Decision, step: RouteStep) -> bool:
    """Whether the deciding body adopted it and the minutes confirm that: anything less is grey."""
    confirmed = decision.status == DecisionStatus.CONFIRMED
    return step.authoritative and confirmed and decision.outcome in ADOPTING


def _hint(decision: Decision, step: RouteStep) -> str:
    """What an outcome does not mean, so that nobody reads more into it."""
    if decision.outcome in NOTED:
        return _("Eine Kenntnisnahme ist kein Beschluss.")
    if not step.authoritative:
        return _("Das ist das Votum dieses Gremiums. Entschieden wird an anderer Stelle.")
    return ""


def _confirming(decision: Decision, user) -> dict[str, Any] | None:
    """Whether this person can confirm, and what follows or who can do it instead."""
    if decision.status == DecisionStatus.CONFIRMED:
        return None
    if may_confirm(user, decision):
        return {"allowed": True, "sentence": _consequence(decision)}
    text = _(
        "Bestätigen kann nur eine zweite Person aus dem Stadtverordnetenbüro, nicht %(person)s."
    )
    return {"allowed": False, "sentence": text % {"person": decision.recorded_by}}


def _consequence(decision: Decision) -> str:
    number = decision.item.paper.edition.number
    adopting = decision.step.authoritative and decision.item.effect == Effect.ADOPT_EDITION
    texts = {
        ItemOutcome.ADOPTED: _(
            "Vergleichen Sie mit der Niederschrift. Mit der Bestätigung tritt Fassung %(number)s "
            "in Kraft, und ihre Maßnahmen gehen in die Umsetzung."
        ),
        ItemOutcome.ADOPTED_AS_AMENDED: _(
            "Vergleichen Sie mit der Niederschrift. Danach wird der Text von Fassung %(number)s "
            "nach dem Beschluss überarbeitet und hier in Kraft gesetzt."
        ),
        ItemOutcome.REJECTED: _(
            "Vergleichen Sie mit der Niederschrift. Mit der Bestätigung gilt Fassung %(number)s "
            "als nicht beschlossen."
        ),
    }
    plain = _("Vergleichen Sie mit der Niederschrift. Danach ist das Ergebnis endgültig.")
    text = texts.get(ItemOutcome(decision.outcome), plain) if adopting else plain
    return text % {"number": number}


def _amended(paper: Paper, user, form: AmendedForm | None) -> dict[str, Any]:
    """The step after "adopted as amended": waiting for the wording, or ready to be put in force."""
    waits = paper.edition.status == EditionStatus.SUBMITTED and any(
        decision.outcome == ItemOutcome.ADOPTED_AS_AMENDED
        for decision in standing_decisions(paper).filter(
            item__effect=Effect.ADOPT_EDITION,
            step__authoritative=True,
            status=DecisionStatus.CONFIRMED,
        )
    )
    if not waits:
        return {"amended": None}
    form = form or AmendedForm(paper=paper, auto_id="id_amended_%s")
    return {
        "amended": {
            "form": form,
            "ready": form.fields["edition"].queryset.exists(),
            "allowed": may_record_decisions(user),
        }
    }


def _tone(paper: Paper) -> str:
    return TONES.get(paper.status, "plain")


def _crumbs(paper: Paper | None = None, label: str = "") -> list[dict[str, str]]:
    trail = [
        (reverse("wagtailadmin_home"), _("Start")),
        (reverse("council_desk:papers"), _("Rat und Beschluss")),
    ]
    if paper:
        trail.append((reverse("council_desk:paper", args=[paper.pk]), paper.reference))
    if label:
        trail.append(("", label))
    return [{"url": url, "label": text} for url, text in trail]
