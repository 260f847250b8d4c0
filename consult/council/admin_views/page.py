"""The page of one paper: its words, items, route, records and history, and what can be done."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from consult.council.admin_views.choices import choices_panel
from consult.council.admin_views.desk import crumbs, may_see_desk
from consult.council.admin_views.parts import paper_parts, procedural_motions
from consult.council.admin_views.positions import positions_panel
from consult.council.amendments import accepted_on_text
from consult.council.debate import open_questions
from consult.council.forms import AmendedForm, ItemForm, StepForm
from consult.council.models import CouncilGroup, Decision, Paper, ResolutionItem, RouteStep
from consult.council.predicates import (
    may_confirm,
    may_prepare_papers,
    may_record_decisions,
    works_on_papers,
)
from consult.council.selectors import (
    lines,
    readings,
    settled_items,
    standing_decisions,
    unsettled_rounds,
    votes_by_position,
    with_votes,
)
from consult.council.states import (
    ADOPTING,
    RECORDABLE,
    REROUTABLE,
    ROUTABLE,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    StepOutcome,
    StepStatus,
)
from consult.council.wording import ending, number_word, outcome_name
from drafts.editions.states import EditionStatus

TONES = {PaperStatus.SUBMITTED: "warn", PaperStatus.DECIDED: "ok"}
NOTED = frozenset({ItemOutcome.NOTED, ItemOutcome.NOTED_WITH_APPROVAL})


def paper_page(
    request: HttpRequest,
    paper: Paper,
    *,
    item: ItemForm | None = None,
    step: StepForm | None = None,
    amended: AmendedForm | None = None,
) -> HttpResponse:
    """The page of one paper; status 422 where one of its forms was sent and has errors."""
    user = request.user
    prepares = may_prepare_papers(user)
    is_draft = paper.status == PaperStatus.PREPARING
    is_submitted = paper.status == PaperStatus.SUBMITTED
    listed = list(paper.items.order_by("number"))
    return render(
        request,
        "council_desk/paper.html",
        {
            "header_title": str(paper),
            "breadcrumbs_items": crumbs(paper),
            "paper": paper,
            "tone": tone(paper),
            "items": [_item_row(row, listed) for row in listed],
            "item_form": item or ItemForm(paper=paper, auto_id="id_item_%s"),
            "steps": _steps(paper, listed, user),
            "step_form": step or StepForm(auto_id="id_step_%s"),
            "may_write": prepares and is_draft,
            "may_route": may_see_desk(user) and paper.status in ROUTABLE,
            "may_withdraw": prepares and (is_draft or is_submitted),
            "adopts": any(row.effect == Effect.ADOPT_EDITION for row in listed),
            "missing": _missing(paper, listed) if prepares and is_draft else [],
            "history": _history(paper),
            "handover": handover_panel(paper, user),
            "waiting": open_questions().filter(paper=paper).count(),
            **_amended(paper, user, amended),
            **paper_parts(paper, user),
            **choices_panel(paper, user),
        },
        status=422 if item or step or amended else 200,
    )


def _steps(paper: Paper, listed: list[ResolutionItem], user) -> list[dict[str, Any]]:
    """The route in order, with what can be done at each step and what was recorded there."""
    route = list(paper.route.order_by("position").select_related("paper", "body", "meeting"))
    decided = _decisions(paper)
    moved = procedural_motions(paper)
    settled = settled_items(paper)
    times = readings(route)
    said = positions_panel(paper, user)
    adopts = any(row.effect == Effect.ADOPT_EDITION for row in listed)
    return [
        {
            "step": step,
            "tone": "ok" if step.status == StepStatus.HELD else "plain",
            "reading": times[step.pk] if times[step.pk] > 1 else None,
            "outcome": ending(step),
            "day_notice": _day_notice(step, route[:position]),
            "motions": moved[step.pk],
            "may_record_motion": _may_record_motion(step, user),
            "positions": said.get(step.pk),
            "may_record_positions": adopts and _may_record_positions(step, said, user),
            "first": position == 0 or route[position - 1].status == StepStatus.HELD,
            "last": position == len(route) - 1,
            **_step_rights(step, paper, user),
            "may_repeat": _may_repeat(step, route) and may_see_desk(user),
            "records": [
                _record_row(
                    item,
                    step,
                    decided.get((step.pk, item.pk), []),
                    user,
                    is_settled=item.pk in settled and step.authoritative,
                )
                for item in listed
                if step.status == StepStatus.HELD and step.outcome == StepOutcome.VOTED
            ],
        }
        for position, step in enumerate(route)
    ]


def _day_notice(step: RouteStep, before: list[RouteStep]) -> str:
    """What is odd about the day of a meeting that is still ahead in the route."""
    if step.status not in REROUTABLE or step.meeting_on is None:
        return ""
    days = [one.meeting_on for one in before if one.status != StepStatus.DROPPED]
    if any(day is not None and day > step.meeting_on for day in days):
        return _("Dieser Tag liegt vor einer Beratung, die vorher kommt. Prüfen Sie beide Termine.")
    if step.meeting_on < timezone.localdate():
        return _("Dieser Tag ist vorbei. Tragen Sie die Sitzung ein oder ändern Sie den Termin.")
    return ""


def _step_rights(step: RouteStep, paper: Paper, user) -> dict[str, bool]:
    ahead = step.status in REROUTABLE
    is_draft = paper.status == PaperStatus.PREPARING
    is_submitted = paper.status == PaperStatus.SUBMITTED
    records = may_record_decisions(user)
    return {
        "may_move": ahead and paper.status in ROUTABLE and may_see_desk(user),
        "may_remove": is_draft and may_prepare_papers(user),
        "may_invite": is_submitted and records and step.status == StepStatus.PLANNED,
        "may_hold": is_submitted and records and ahead,
        "may_drop": paper.status in RECORDABLE and records and ahead,
    }


def _may_record_motion(step: RouteStep, user) -> bool:
    held = step.status == StepStatus.HELD and step.paper.status in RECORDABLE
    return held and may_record_decisions(user)


def _may_record_positions(step: RouteStep, said: dict[int, dict[str, Any]], user) -> bool:
    """Whether a body that advises has voted and some goal waits for what it said."""
    voted = step.status == StepStatus.HELD and step.outcome == StepOutcome.VOTED
    advised = voted and not step.authoritative and step.paper.status in RECORDABLE
    is_whole = step.pk in said and said[step.pk]["is_whole"]
    return advised and not is_whole and may_record_decisions(user)


def _may_repeat(step: RouteStep, route: list[RouteStep]) -> bool:
    """Whether a body has met on a paper that is not decided, and does not come again anyway."""
    again = any(
        found.body_id == step.body_id and found.status != StepStatus.DROPPED
        for found in route
        if found.position > step.position
    )
    open_yet = step.paper.status == PaperStatus.SUBMITTED
    return step.status == StepStatus.HELD and open_yet and not again


def _decisions(paper: Paper) -> dict[tuple[int, int], list[Decision]]:
    """All records by (step, item), the latest first: what is first stands."""
    rows: dict[tuple[int, int], list[Decision]] = defaultdict(list)
    found = (
        with_votes(Decision.objects.filter(item__paper=paper))
        .select_related("recorded_by", "confirmed_by", "step", "item")
        .order_by("-pk")
    )
    for decision in found:
        rows[decision.step_id, decision.item_id].append(decision)
    return rows


def _record_row(
    item: ResolutionItem, step: RouteStep, records: list[Decision], user, *, is_settled: bool
) -> dict[str, Any]:
    standing = records[0] if records else None
    records_now = may_record_decisions(user)
    return {
        "item": item,
        "decision": standing,
        "outcome": _outcome_of(standing, step) if standing else "",
        "number": number_word(standing) if standing else "",
        "group_votes": votes_by_position(standing.group_votes.all()) if standing else [],
        "former": records[1:],
        "tone": "ok" if standing and _is_adopted(standing, step) else "plain",
        "hint": _hint(standing, step) if standing else "",
        "may_record": records_now and standing is None and not is_settled,
        "is_settled": is_settled,
        "may_correct": records_now and standing is not None,
        "confirming": _confirming(standing, user) if standing else None,
    }


def _outcome_of(decision: Decision, step: RouteStep) -> str:
    return outcome_name(ItemOutcome(decision.outcome), decides=step.authoritative)


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
    text = _("Bestätigen kann nur eine zweite Person aus dem Ratsbüro, nicht %(person)s.")
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
    """The step after "adopted as amended": waiting for the wording, or ready to be put in force.

    Nothing waits where the submitted text is in force and no accepted motion changes it.
    """
    status = paper.edition.status
    follows = status == EditionStatus.IN_FORCE and accepted_on_text(paper)
    waits = (status == EditionStatus.SUBMITTED or follows) and any(
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


def handover_panel(paper: Paper, user) -> dict[str, Any] | None:
    """Which council groups have the draft, and which could be given it; None once it is public."""
    if paper.status != PaperStatus.PREPARING or not works_on_papers(user):
        return None
    handed = list(paper.handovers.select_related("group").order_by("group__name"))
    taken = [row.group_id for row in handed]
    return {"handed": handed, "others": CouncilGroup.objects.exclude(pk__in=taken)}


def _item_row(item: ResolutionItem, listed: list[ResolutionItem]) -> dict[str, Any]:
    return {
        "item": item,
        "alternatives": lines(item.alternatives),
        "first": item.number == 1,
        "last": item.number == len(listed),
    }


def _missing(paper: Paper, listed: list[ResolutionItem]) -> list[str]:
    """What a paper still lacks before it can be submitted."""
    decides = paper.route.filter(authoritative=True).exclude(status=StepStatus.DROPPED).exists()
    wants = [
        (bool(listed), _("mindestens ein Beschlusspunkt")),
        (decides, _("ein Gremium, bei dem „Hier wird entschieden“ angekreuzt ist")),
        (paper.edition.status != EditionStatus.OPEN, _("eine vollständig freigegebene Fassung")),
    ]
    waiting = [
        _("die Antworten auf Runde %(ref)s") % {"ref": round_.ref}
        for round_ in unsettled_rounds(paper.edition)
    ]
    return waiting + [words for there, words in wants if not there]


def _history(paper: Paper) -> list[Any]:
    """What was done with the paper and its route, the latest first."""
    return list(
        registry.get_logs_for_instance(paper).select_related("user").order_by("-timestamp", "-pk")
    )


def tone(paper: Paper) -> str:
    """The colour of the state: waiting, done, or none."""
    return TONES.get(paper.status, "plain")
