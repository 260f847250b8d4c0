"""Whom the city asked by name in a round, and what came back. Bodies only, never a person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.models import Contribution
from consult.intake.models import Invitee
from consult.intake.selectors import InviteeFigures, invitees_of
from consult.intake.states import StatementStatus
from consult.rounds.models import ConsultationRound
from site_content.pages.presenters.figures import day, listed

Shown = dict[str, Any]
SILENT_NAMED = 12


def invitee_rows(round_: ConsultationRound) -> list[Shown]:
    """One row for each that was asked, with the way to its remarks where they can be read."""
    return [_row(found) for found in invitees_of(round_)]


def figures_of_invitees(found: InviteeFigures) -> list[tuple[str, str, int]]:
    """Code, word and number of each figure; none where the city keeps no list."""
    if not found.invited:
        return []
    return [
        ("invited", _("angeschriebene Stellen"), found.invited),
        ("invited-answered", _("davon mit Antwort"), found.answered),
        ("invited-without-remarks", _("davon ohne Anmerkungen"), found.without_remarks),
        ("invited-with-remarks", _("davon mit Anmerkungen"), found.with_remarks),
        ("invited-silent", _("ohne Antwort"), found.silent),
    ]


def invitee_definitions() -> dict[str, str]:
    """What each of these figures counts, by its code."""
    return {
        "invited": _(
            "Gremien, Organisationen und Ämter, die die Stadt einzeln um ihre Meinung gebeten hat. "
            "Menschen zählen hier nicht."
        ),
        "invited-answered": _("Angeschriebene Stellen, die geantwortet haben, wie auch immer."),
        "invited-without-remarks": _(
            "Angeschriebene Stellen, die geantwortet haben, dass sie nichts anmerken."
        ),
        "invited-with-remarks": _(
            "Angeschriebene Stellen, die etwas angemerkt haben. Was auf der Plattform steht, ist "
            "verlinkt und hat eine Zeile in der Tabelle."
        ),
        "invited-silent": _("Angeschriebene Stellen, von denen keine Antwort eingetragen ist."),
    }


def invitees_in_words(found: InviteeFigures) -> str:
    """All figures in one sentence, for a cell of a table; "" where the city keeps no list."""
    if not found.invited:
        return ""
    return _(
        "{invited} angeschrieben, {answered} mit Antwort ({without} ohne Anmerkungen, {remarks} mit "
        "Anmerkungen), {silent} ohne Antwort"
    ).format(
        invited=found.invited,
        answered=found.answered,
        without=found.without_remarks,
        remarks=found.with_remarks,
        silent=found.silent,
    )


def silent_sentence(found: InviteeFigures) -> list[str]:
    """Who was asked and did not answer, as a sentence; none where nobody is missing."""
    names = found.unanswered
    if not names:
        return []
    more = len(names) - SILENT_NAMED
    shown = listed(names[:SILENT_NAMED])
    if more > 0:
        shown = ngettext("{names} und {n} weitere", "{names} und {n} weitere", more).format(
            names=shown, n=more
        )
    return [_("Angeschrieben, aber ohne Antwort: {names}.").format(names=shown)]


def _row(found: Invitee) -> Shown:
    return {
        "name": found.name,
        "kind": found.get_kind_display(),
        "channel": found.get_channel_display(),
        "invited": day(found.invited_on),
        "answer": found.get_answer_display(),
        "answered": day(found.answered_on),
        "said": list({one["url"]: one for one in map(_said, found.said)}.values()),
    }


def _said(found: Contribution) -> Shown:
    """A statement as a whole, else the contribution that holds the remarks."""
    part = getattr(found, "statement_part", None)
    if part is not None and part.statement.status == StatementStatus.CONFIRMED:
        ref = part.statement.ref
        return {
            "text": _("Stellungnahme {ref}").format(ref=ref),
            "url": reverse("statement", args=[ref]),
        }
    return {
        "text": _("Beitrag {ref}").format(ref=found.ref),
        "url": reverse("contribution", args=[found.ref]),
    }
