"""What became of one contribution: its words, the path so far, and what comes next."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.contributions.selectors import translations_of
from consult.contributions.states import Channel, Rule, Visibility, said_as
from consult.contributions.states import Measure as Moderation
from consult.council.amendments import deciding_vote
from consult.council.models import AmendmentMotion
from consult.council.selectors import route_of
from consult.council.states import MOTION_ACCEPTED, REROUTABLE, DecisionStatus, PaperStatus
from consult.evaluation.states import CHANGES_TEXT
from consult.records.selectors import Trace
from consult.rounds.states import TALLIES_READABLE
from drafts.concept.languages import language_of
from site_content.pages.frame import moment
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.quoting import author_name, quoted
from site_content.pages.presenters.trail_step import Reader, Step
from site_content.pages.presenters.trail_steps import facts, left, place_in

Shown = dict[str, Any]


def own_words(trace: Trace, reader: Reader) -> Shown:
    """The words as they were written, their place and who wrote them."""
    found = trace.contribution
    place = place_in(found.edition, found.section_wid, found.target_wid)
    byline = (
        _("Das schrieben Sie am {day} zu {place} in Fassung {n}.")
        if reader.is_holder
        else _("{name} am {day} zu {place} in Fassung {n}.")
    )
    return {
        "text": trace.text,
        "language": language_of(found.language),
        "byline": byline.format(
            name=author_name(found),
            day=day(found.received_at),
            place=place.get("name", ""),
            n=found.edition.number,
        ),
        "stance": said_as(found.stance, found.kind),
        "icon": f"i-{found.stance or 'pen'}",
        "channel": found.get_channel_display() if found.channel != Channel.ONLINE else "",
        "url": place.get("url", ""),
        "translation": translations_of([found], get_language()).get(found.pk),
        "quote": quoted(found.quote),
        "quote_language": language_of(found.quote_language),
    }


def path(trace: Trace, reader: Reader) -> list[Step]:
    """All that has happened in the order of time, then what is expected next."""
    done = sorted(facts(trace, reader), key=lambda step: step.on)
    if trace.contribution.status in {Visibility.WITHDRAWN, Visibility.ERASED}:
        done.append(left(trace.contribution, reader))
    done[-1] = replace(done[-1], mark="is-now")
    expected = _expected(trace, reader)
    return [*done, expected] if expected else done


def headline(trace: Trace, reader: Reader) -> str:
    """Where the contribution stands now, in one sentence."""
    by_status = {
        Visibility.HELD: _("Dieser Beitrag ist eingegangen. Die Moderation liest ihn gerade."),
        Visibility.HIDDEN: _("Dieser Beitrag ist verborgen. Unten stehen Regel und Grund."),
        Visibility.WITHDRAWN: _("Dieser Beitrag ist zurückgezogen. Seine Nummer bleibt bestehen."),
        Visibility.ERASED: _("Dieser Beitrag ist gelöscht. Seine Nummer bleibt bestehen."),
    }
    return by_status.get(trace.contribution.status) or _progress(trace, reader)


def stub(trace: Trace) -> Shown:
    """Why the words of a contribution are not public, without any of them."""
    hiding = [row for row in trace.decisions if row.measure == Moderation.HIDE]
    if trace.contribution.status != Visibility.HIDDEN or not hiding:
        return {"day": day(trace.contribution.status_since)}
    return {
        "rule": Rule(hiding[-1].rule).label,
        "reason": hiding[-1].reason,
        "day": day(hiding[-1].decided_at),
    }


def _next(title: str, template: str, when: str, **data: Any) -> Step:
    return Step(title, f"records/steps/{template}.html", date.max, when, data, "is-next")


def _expected(trace: Trace, reader: Reader) -> Step | None:
    status = trace.contribution.status
    if status == Visibility.HELD:
        by = moment(trace.contribution.decide_by)
        return _next(
            _("Die Moderation entscheidet"), "next_decision", _("bis {day}").format(day=by)
        )
    if status != Visibility.PUBLISHED:
        return None
    if trace.response is None:
        return _answer_expected(trace, timezone.localdate(reader.at))
    return _next_meeting(trace) or _next_edition(trace)


def _answer_expected(trace: Trace, today: date) -> Step:
    round_ = trace.contribution.round
    due = trace.owed.due_on if trace.owed else round_.answer_due
    return _next(
        _("Die Stadt antwortet"),
        "next_answer",
        _("bis {day}").format(day=day(due)),
        late=due < today,
        department=trace.owed.lead_department.name if trace.owed else "",
        closes="" if round_.status in TALLIES_READABLE else moment(round_.closes_at),
    )


def _next_meeting(trace: Trace) -> Step | None:
    coming = [
        step
        for paper in trace.papers
        if paper.status == PaperStatus.SUBMITTED
        for step in route_of(paper)
        if step.status in REROUTABLE
    ]
    if not coming:
        return None
    step = min(coming, key=lambda step: (step.meeting_on or date.max, step.position))
    return _next(
        _("{role}: {body}").format(role=step.get_role_display(), body=step.body),
        "next_meeting",
        day(step.meeting_on) or _("Der Termin steht noch nicht fest"),
        paper=str(step.paper),
        url=reverse("paper", args=[step.paper_id]),
    )


def _next_edition(trace: Trace) -> Step | None:
    promised = trace.response.outcome in CHANGES_TEXT
    if trace.measures or trace.changes or not promised:
        return None
    return _next(_("Der Text wird geändert"), "next_edition", _("Der Termin steht noch nicht fest"))


def _progress(trace: Trace, reader: Reader) -> str:
    if trace.response:
        return _answered_so_far(trace)
    round_ = trace.contribution.round
    due = trace.owed.due_on if trace.owed else round_.answer_due
    if round_.status not in TALLIES_READABLE:
        words = _(
            "Dieser Beitrag ist zu lesen. Die Runde dauert bis {end}, dann antwortet die Stadt."
        )
        return words.format(end=moment(round_.closes_at))
    if due < timezone.localdate(reader.at):
        words = _("Die Antwort der Stadt ist überfällig. Versprochen war sie bis {day}.")
    elif trace.theme is None:
        words = _("Die Runde ist vorbei. Menschen ordnen jeden Beitrag zu. Antwort bis {day}.")
    else:
        words = _("Dieser Beitrag hat ein Thema. Die Stadt antwortet bis {day}.")
    return words.format(day=day(due))


def _answered_so_far(trace: Trace) -> str:
    said = _answer_and_text(trace)
    accepted = sum(_is_accepted(motion) for motion in trace.motions)
    if not accepted:
        return said
    motions = ngettext(
        "Der Rat hat dazu {n} Änderungsantrag angenommen.",
        "Der Rat hat dazu {n} Änderungsanträge angenommen.",
        accepted,
    ).format(n=accepted)
    return f"{said} {motions}"


def _is_accepted(motion: AmendmentMotion) -> bool:
    """Whether the deciding body accepted it and the minutes confirm that."""
    vote = deciding_vote(motion)
    confirmed = vote is not None and vote.status == DecisionStatus.CONFIRMED
    return confirmed and motion.status in MOTION_ACCEPTED


def _answer_and_text(trace: Trace) -> str:
    outcome = trace.response.get_outcome_display()
    if trace.changes:
        changed = ngettext(
            "Das Thema dieses Beitrags hat den Text an {n} Stelle verändert.",
            "Das Thema dieses Beitrags hat den Text an {n} Stellen verändert.",
            len(trace.changes),
        ).format(n=len(trace.changes))
        return _("Die Stadt hat geantwortet: {outcome}. {changed}").format(
            outcome=outcome, changed=changed
        )
    return _("Die Stadt hat geantwortet: {outcome}.").format(outcome=outcome)
