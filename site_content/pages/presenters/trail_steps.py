"""What has happened to a contribution: one dated step for each fact."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution, ModerationDecision
from consult.contributions.predicates import may_complain
from consult.contributions.states import Kind, Rule, SuggestionStatus, Visibility
from consult.contributions.states import Measure as Moderation
from consult.evaluation.models import CarryOver, Change, SuggestionDecision, Theme
from consult.evaluation.predicates import may_object
from consult.evaluation.selectors import members_of
from consult.evaluation.states import CarryState, ObjectionStatus, ThemeKind
from consult.intake.selectors import statement_behind, taken_down_at
from consult.records.selectors import Trace
from consult.rounds.selectors import pre_moderation_for
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.models import Edition
from drafts.editions.selectors import contents, section_data
from drafts.editions.services import goal_slug
from drafts.editions.states import READABLE
from site_content.pages.frame import moment
from site_content.pages.presenters.answer_words import (
    answer_words,
    languages_of_holder,
    languages_of_reader,
)
from site_content.pages.presenters.figures import day, voices
from site_content.pages.presenters.theme_report import section_name, theme_url
from site_content.pages.presenters.trail_motions import motion_steps
from site_content.pages.presenters.trail_outcomes import council_steps, measures_step
from site_content.pages.presenters.trail_step import Reader, Step, shown_change, step_of

Shown = dict[str, Any]


def place_in(edition: Edition, section_wid: str, target_wid: str) -> Shown:
    """Name and address of a place of an edition; empty where the edition does not have it."""
    outline = {row["wid"]: row for row in contents(edition)}
    if section_wid not in outline:
        return {}
    section = outline[section_wid]
    url = reverse("section", args=[edition.number, section["slug"]])
    name = section_name(section)
    (data,) = section_data(edition, wid=section_wid)
    for goal in data["goals"]:
        if goal["wid"] == target_wid:
            return {
                "name": _("{section}, Ziel {number}").format(section=name, number=goal["number"]),
                "url": reverse("goal", args=[edition.number, goal_slug(goal["number"])]),
            }
    for block in data["text"]["blocks"]:
        if block["wid"] == target_wid and "no" in block:
            return {
                "name": _("{section}, Absatz {number}").format(section=name, number=block["no"]),
                "url": f"{url}#a{block['no']}",
            }
    return {"name": name, "url": url}


def facts(trace: Trace, reader: Reader) -> Iterator[Step]:
    """Everything that has happened, in no order; the steps carry their days."""
    yield _received(trace.contribution, reader)
    if trace.contribution.kind != Kind.COMMENT:
        yield from _collected(trace.contribution)
    yield from _moderation(trace, reader)
    if reader.is_holder:
        yield from objection_steps(trace)
    if trace.contribution.status == Visibility.PUBLISHED:
        yield from _consequences(trace, reader)


def _consequences(trace: Trace, reader: Reader) -> Iterator[Step]:
    if trace.contribution.round.status in TALLIES_READABLE and trace.theme:
        yield _themed(trace, reader)
    if trace.response:
        yield _answered(trace, reader)
    for decision in trace.suggestion_decisions:
        yield _suggestion_decided(decision)
    yield from _editions(trace)
    yield from motion_steps(trace)
    yield from council_steps(trace.resolutions)
    if trace.measures:
        yield measures_step(trace.measures)


def _collected(found: Contribution) -> Iterator[Step]:
    """What happened to words that were taken down or came from an organisation."""
    if note := taken_down_at(found):
        words = {"occasion": note.occasion.title, "kind": note.occasion.get_kind_display()}
        yield step_of(_("Mit dem Original verglichen"), "compared", note.checked_at, **words)
    if statement := statement_behind(found):
        url = reverse("statement", args=[statement.ref])
        if statement.confirmed_at:
            title = _("Organisation bestätigt")
            yield step_of(title, "statement", statement.confirmed_at, ref=statement.ref, url=url)


def _received(found: Contribution, reader: Reader) -> Step:
    return step_of(
        _("Eingegangen"),
        "received",
        found.received_at,
        # Of what was taken down only the day is known.
        day(found.received_at) if found.kind == Kind.OFFLINE_NOTE else moment(found.received_at),
        ref=found.ref,
        is_holder=reader.is_holder,
    )


def _moderation(trace: Trace, reader: Reader) -> Iterator[Step]:
    found = trace.contribution
    if found.decide_by is None and found.kind != Kind.OFFLINE_NOTE:
        yield step_of(_("Veröffentlicht"), "published_at_once", found.received_at)
    elif reader.is_holder:
        yield _held(found, reader.at)
    for decision in trace.decisions:
        if decision.measure == Moderation.HIDE:
            yield _hidden(decision, reader)
        elif decision.measure != Moderation.NONE:
            yield _shown_again(decision, reader)


def _held(found: Contribution, at: datetime) -> Step:
    rule = pre_moderation_for(found.round, found.section_wid, found.received_at)
    waiting = found.status == Visibility.HELD
    return step_of(
        _("In Prüfung"),
        "held",
        found.received_at,
        reason=rule.reason if rule else "",
        waiting=waiting,
        decide_by=moment(found.decide_by),
        late=waiting and found.decide_by < at,
    )


def _hidden(decision: ModerationDecision, reader: Reader) -> Step:
    return step_of(
        _("Verborgen"),
        "hidden",
        decision.decided_at,
        rule=Rule(decision.rule).label,
        reason=decision.reason if reader.is_holder else "",
        complaint=_complaint(decision, reader) if reader.is_holder else None,
    )


def _complaint(decision: ModerationDecision, reader: Reader) -> Shown:
    filed = getattr(decision, "complaint", None)
    if filed is None:
        until = day(decision.complaint_until)
        if not may_complain(decision, timezone.localdate(reader.at)):
            return {"template": "records/complaint/too_late.html", "until": until}
        url = reverse("complain", args=[reader.key, decision.pk])
        return {"template": "records/complaint/possible.html", "until": until, "url": url}
    if not filed.outcome:
        return {"template": "records/complaint/pending.html", "day": day(filed.filed_at)}
    return {
        "template": "records/complaint/decided.html",
        "day": day(filed.decided_at),
        "outcome": filed.get_outcome_display(),
        "reason": filed.reason,
    }


def _shown_again(decision: ModerationDecision, reader: Reader) -> Step:
    titles = {
        Moderation.PUBLISH: _("Veröffentlicht"),
        Moderation.RESTORE: _("Wieder veröffentlicht"),
    }
    return step_of(
        titles[Moderation(decision.measure)],
        "published_by_person",
        decision.decided_at,
        reason=decision.reason if reader.is_holder else "",
    )


def left(found: Contribution, reader: Reader) -> Step:
    """That its author has withdrawn it or that it was erased."""
    if found.status == Visibility.ERASED:
        return step_of(_("Gelöscht"), "erased", found.status_since)
    return step_of(
        _("Zurückgezogen"),
        "withdrawn",
        found.status_since,
        reason=found.withdrawal_reason if reader.is_holder else "",
    )


def _themed(trace: Trace, reader: Reader) -> Step:
    theme, found = trace.theme, trace.contribution
    is_single = theme.kind == ThemeKind.SINGLE_VOICE
    return step_of(
        _("Als Einzelstimme geführt") if is_single else _("Einem Thema zugeordnet"),
        "single_voice" if is_single else "themed",
        trace.themed_at,
        theme=theme.title,
        url=theme_url(found.round, theme.number),
        voices=_voices(theme),
        object_url=_object_url(trace, reader),
    )


def _object_url(trace: Trace, reader: Reader) -> str:
    """Where the author can say that the point is missing; empty where that is not possible."""
    if not reader.is_holder or not may_object(trace.contribution, trace.assignment):
        return ""
    return reverse("object", args=[reader.key])


def objection_steps(trace: Trace) -> Iterator[Step]:
    """What the author objected, and what a person did about it."""
    for found in trace.objections:
        yield step_of(
            _("Sie sagen: Mein Anliegen fehlt"),
            "objection",
            found.filed_at,
            theme=found.assignment.theme.title,
            text=found.text,
            is_open=found.status == ObjectionStatus.OPEN,
        )
        if found.status == ObjectionStatus.SETTLED:
            yield step_of(
                _("Ihr Einwand ist geklärt"),
                "objection_settled",
                found.settled_at,
                outcome=found.get_outcome_display(),
                reason=found.reason,
            )


def _voices(theme: Theme) -> str:
    rows = list(members_of(theme).values_list("participant_id", "pk"))
    return voices(len(rows), len({person or f"guest {pk}" for person, pk in rows}))


def _answered(trace: Trace, reader: Reader) -> Step:
    response, found = trace.response, trace.contribution
    languages = languages_of_holder(found) if reader.is_holder else languages_of_reader()
    return step_of(
        _("Von der Stadt beantwortet"),
        "answered",
        response.published_at,
        outcome=response.get_outcome_display(),
        icon=f"i-{response.outcome}",
        **answer_words(response, trace.answer_texts, languages),
        department=response.lead_department.name,
    )


def _suggestion_decided(decision: SuggestionDecision) -> Step:
    titles = {
        SuggestionStatus.ADOPTED: _("Vorschlag in den Arbeitstext übernommen"),
        SuggestionStatus.AMENDED: _("Vorschlag mit Änderungen übernommen"),
        SuggestionStatus.DECLINED: _("Vorschlag nicht übernommen"),
        SuggestionStatus.OPEN: _("Entscheidung über den Vorschlag zurückgenommen"),
    }
    return step_of(
        titles[SuggestionStatus(decision.outcome)],
        "suggestion_decided",
        decision.decided_at,
        outcome=decision.outcome,
        reason=decision.reason,
        wording=decision.wording,
    )


def _editions(trace: Trace) -> Iterator[Step]:
    changes: dict[Edition, list[Change]] = defaultdict(list)
    for change in trace.changes:
        changes[change.revision.to_edition].append(change)
    carried = {row.edition: row for row in trace.carry_overs}
    former = trace.contribution.edition.number
    for edition in sorted({*changes, *carried}, key=lambda edition: edition.number):
        if edition.status in READABLE:
            yield _edition(edition, changes[edition], carried.get(edition), former)
            former = edition.number


def _edition(edition: Edition, changes: list[Change], row: CarryOver | None, former: int) -> Step:
    title = _("Text geändert (Fassung {n})") if changes else _("Neue Fassung {n}")
    elsewhere = not changes and row is not None and row.state == CarryState.TEXT_CHANGED
    return step_of(
        title.format(n=edition.number),
        "edition",
        edition.sealed_at or edition.created_at,
        number=edition.number,
        former=former,
        changes=[shown_change(edition, change) for change in changes],
        all_changes=reverse("changes", args=[edition.number]) if elsewhere else "",
        place_state=row.get_state_display() if row else "",
        place=place_in(edition, row.section_wid, row.target_wid) if row else {},
    )
