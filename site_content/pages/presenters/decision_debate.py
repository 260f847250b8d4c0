"""What is said at a place of a pack: who wants to speak, questions and answers, what one can do."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.debate import (
    Place,
    Wish,
    is_ahead,
    marks_of,
    place_of,
    questions_of,
    wishes,
)
from consult.council.models import PackQuestion, Paper
from consult.council.predicates import may_debate, may_draft_motions
from consult.council.states import QuestionStatus, ShownAs
from site_content.pages.presenters.figures import day, listed
from site_content.pages.presenters.motions import draft_url

Shown = dict[str, Any]


class Debate:
    """Marks and questions of one pack as one person sees them; two queries, two more for members.

    `route` are the steps of the paper and `motions` those filed, which the pack has read already.
    """

    def __init__(self, paper: Paper, user, route: Iterable[Any], motions: Iterable[Shown]) -> None:
        marks = marks_of(paper)
        self._motions = list(motions)
        self._paper = paper
        self._wishes = wishes(marks)
        self.may_ask = may_debate(user, paper)
        self.may_mark = self.may_ask and is_ahead(route)
        self._may_draft = may_draft_motions(user, paper)
        self._own = {place_of(mark).key for mark in marks if user and mark.member_id == user.pk}
        self._questions = _by_place(questions_of(paper, user), user)

    def at(self, place: Place, name: str = "") -> Shown:
        """What a place shows; `name` says to screen readers which place a control is about."""
        key = place.key
        return {
            "key": key,
            "name": name,
            "wish": wish_in_words(self._wishes.get(key)),
            "is_marked": key in self._own,
            "may_mark": self.may_mark and place.is_debated,
            "questions": self._questions.get(key, []),
            "ask_url": f"{reverse('ask_office', args=[self._paper.pk])}?stelle={key}"
            if self.may_ask
            else "",
            "motion_url": self._motion_url(place),
            "motions": [
                {"name": motion["name"], "title": motion["title"], "anchor": motion["anchor"]}
                for motion in self._motions
                if self._is_at(motion, place)
            ],
        }

    def _is_at(self, motion: Shown, place: Place) -> bool:
        if place.item is not None:
            return motion["item"] == place.item
        return bool(place.goal) and motion["wid"] == place.goal

    def _motion_url(self, place: Place) -> str:
        if not self._may_draft or not place.is_debated:
            return ""
        if place.item is not None:
            return draft_url(self._paper, punkt=place.item)
        return draft_url(self._paper, stelle=place.goal)


def wish_in_words(wish: Wish | None) -> str:
    """How many members of which groups want to speak; empty where nobody does."""
    if wish is None:
        return ""
    groups = [*wish.groups, *([_("ohne Fraktion")] if wish.without_group else [])]
    return ngettext(
        "{n} Mitglied möchte hierzu sprechen: {groups}",
        "{n} Mitglieder möchten hierzu sprechen: {groups}",
        wish.members,
    ).format(n=wish.members, groups=listed(groups))


def shown_question(row: PackQuestion, user) -> Shown:
    """A question with its answer; whoever asked is a group or a member."""
    by_group = row.shown_as == ShownAs.GROUP and row.group is not None
    is_open = row.status == QuestionStatus.OPEN
    return {
        "pk": row.pk,
        "asker": row.group.name if by_group else _("Ein Mitglied"),
        "asker_is_german": by_group,
        "asked": day(row.asked_at),
        "text": row.text,
        "answer": row.answer,
        "office": row.get_answered_as_display() if row.answered_as else "",
        "answered": day(row.answered_at),
        "is_open": is_open,
        "may_withdraw": is_open and user is not None and row.asker_id == user.pk,
    }


def _by_place(rows: Iterable[PackQuestion], user) -> dict[str, list[Shown]]:
    found = defaultdict(list)
    for row in rows:
        found[place_of(row).key].append(shown_question(row, user))
    return found
