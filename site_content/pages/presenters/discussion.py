"""Who takes part in a round now, and the votes on goals: open with buttons, closed with results."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.services.voting import own_votes
from consult.contributions.states import Choice
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.concept.snapshots import Data
from drafts.concept.states import Openness
from drafts.editions.models import Edition
from site_content.pages.frame import moment, suspension_note
from site_content.pages.presenters.concept_text import goal_url
from site_content.pages.presenters.figures import day


@dataclass(frozen=True)
class Participation:
    """What can be done with an edition now."""

    edition: Edition
    round_: ConsultationRound | None
    at: datetime
    user: Any

    @property
    def is_open(self) -> bool:
        """Whether words and votes are taken now."""
        return self.round_ is not None and self.round_.is_open(self.at)

    @property
    def is_counted(self) -> bool:
        """Whether the round is over for good, so that results may be shown."""
        return self.round_ is not None and self.round_.status in TALLIES_READABLE

    @property
    def signed_in(self) -> bool:
        """Whether the visitor has an account and is logged in."""
        return self.user.is_authenticated

    def comment_url(self, slug: str, **place: str) -> str:
        """The address of the form, with the place chosen."""
        url = reverse("comment", args=[self.edition.number, slug])
        chosen = {name: value for name, value in place.items() if value}
        return f"{url}?{urlencode(chosen)}" if chosen else url


def participation(edition: Edition, user, at: datetime) -> Participation:
    """Find the newest public round on an edition."""
    return Participation(edition, public_rounds().filter(edition=edition).first(), at, user)


def round_note(taking_part: Participation) -> str:
    """Why nobody can write or vote now; "" while people can."""
    round_ = taking_part.round_
    if round_ is None:
        return _("Zu dieser Fassung gibt es keine Beteiligung.")
    if taking_part.is_open:
        return ""
    if taking_part.is_counted or taking_part.at >= round_.closes_at:
        return _("Die Beteiligung endete am {end}.").format(end=moment(round_.closes_at))
    if round_.status == RoundStatus.SUSPENDED:
        return suspension_note(round_)
    return _("Die Beteiligung beginnt am {start}.").format(start=moment(round_.opens_at))


def goal_votes(goals: list[Data], taking_part: Participation) -> dict[str, Data]:
    """What stands under each goal for voting, by key; one query for a person, none for others."""
    open_goals = [goal for goal in goals if goal["openness"] == Openness.OPEN]
    if taking_part.round_ is None or not open_goals:
        return {}
    if taking_part.is_counted:
        return {goal["wid"]: _closed_vote(goal, taking_part) for goal in open_goals}
    if not taking_part.is_open:
        return {}
    choices: dict[str, str] = {}
    if taking_part.signed_in:
        wids = [goal["wid"] for goal in open_goals]
        choices = own_votes(round_=taking_part.round_, participant=taking_part.user, goal_wids=wids)
    return {goal["wid"]: open_vote(goal, taking_part, choices) for goal in open_goals}


def open_vote(goal: Data, taking_part: Participation, choices: dict[str, str]) -> Data:
    """The vote form of a goal with the person's own choice, or the way to it for others."""
    url = reverse("vote", args=[taking_part.edition.number, goal["slug"]])
    if not taking_part.signed_in:
        return {"template": "contributions/_vote_link.html", "url": url}
    return {
        "template": "contributions/_vote_form.html",
        "url": url,
        "next": f"#{goal['slug']}",
        "buttons": vote_buttons(choices.get(goal["wid"], "")),
        **vote_note(choices.get(goal["wid"], ""), taking_part.round_),
    }


def vote_buttons(chosen: str) -> list[Data]:
    """The three buttons; the person's own choice is pressed."""
    icons = {Choice.AGREE: "check", Choice.DISAGREE: "cross", Choice.PASS: "skip"}
    return [
        {
            "value": choice.value,
            "label": choice.label,
            "icon": icons[choice],
            "pressed": choice == chosen,
        }
        for choice in Choice
    ]


def vote_note(chosen: str, round_: ConsultationRound) -> dict[str, str]:
    """What is said under the buttons: the own choice, until when it can be changed."""
    said = {
        Choice.AGREE: _("Sie haben zugestimmt."),
        Choice.DISAGREE: _("Sie haben nicht zugestimmt."),
        Choice.PASS: _("Sie haben „Weiß nicht“ gewählt."),
    }
    secret = _(
        "Ihre Stimme ist geheim. Ergebnisse zeigen wir erst, wenn die Runde vorbei ist, damit "
        "niemand vorab beeinflusst wird."
    )
    until = _("Bis {end} können Sie Ihre Stimme ändern; gezählt wird die letzte.").format(
        end=moment(round_.closes_at)
    )
    return {"said": said.get(chosen, ""), "note": until if chosen else secret}


def _closed_vote(goal: Data, taking_part: Participation) -> Data:
    return {
        "template": "contributions/_vote_closed.html",
        "note": _("Die Abstimmung endete am {day}.").format(day=day(taking_part.round_.closes_at)),
        "url": f"{goal_url(taking_part.edition, goal)}#ergebnis",
    }
