"""The form for a contribution, on its own page and at the end of a section."""

import uuid
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.contributions.forms import CommentForm, GuestCommentForm
from consult.contributions.services.commenting import Place
from consult.contributions.states import Stance
from consult.rounds.selectors import pre_moderation_for
from drafts.concept.snapshots import Data
from site_content.pages.frame import moment
from site_content.pages.presenters.discussion import Participation
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.quoting import isolated, quoted


def form_in_section(section: Data, taking_part: Participation, slug: str) -> dict[str, Any]:
    """The form about a whole section for somebody who is logged in; others get a link."""
    if not (taking_part.is_open and taking_part.signed_in):
        return {}
    return {
        "place_line": _("Zum ganzen Abschnitt „{title}“").format(title=section["text"]["title"]),
        **form_values(fresh_form(taking_part), taking_part, slug),
    }


def pre_moderation_note(taking_part: Participation, section_wid: str) -> str:
    """Why and until when new contributions to a section are read first; "" where they are not."""
    if not taking_part.is_open:
        return ""
    rule = pre_moderation_for(taking_part.round_, section_wid, taking_part.at)
    if rule is None:
        return ""
    decided = ngettext(
        "Entschieden wird binnen {n} Stunde.",
        "Entschieden wird binnen {n} Stunden.",
        rule.hours_to_decide,
    ).format(n=rule.hours_to_decide)
    note = _(
        "Bis {end} liest die Moderation hier neue Beiträge, bevor sie erscheinen. {decided} Der "
        "Grund: {reason}"
    )
    return note.format(end=moment(rule.ends_at), decided=decided, reason=rule.reason)


def fresh_form(taking_part: Participation, place: str = "", reply_to: str = "") -> CommentForm:
    """An empty form with the name that the person uses."""
    initial = {"stelle": place, "antwort": reply_to, "key": uuid.uuid4()}
    if taking_part.signed_in:
        return CommentForm(initial={**initial, "display_name": taking_part.user.pseudonym})
    return GuestCommentForm(initial=initial)


def sent_form(taking_part: Participation, data) -> CommentForm:
    """The form as it was sent."""
    return CommentForm(data) if taking_part.signed_in else GuestCommentForm(data)


def form_values(form: CommentForm, taking_part: Participation, slug: str) -> dict[str, Any]:
    """What the template of the form needs."""
    return {
        "form": form,
        "action": taking_part.comment_url(slug),
        "stances": _stances(),
        "afterwards": _afterwards(taking_part),
    }


def place_line(place: Place) -> str:
    """What a contribution is about, in words."""
    words = _place_words(place)
    return words if place.language == get_language() else isolated(words)


def _place_words(place: Place) -> str:
    if place.target_wid == place.section_wid:
        return _("Zum ganzen Abschnitt „{title}“").format(title=place.label)
    if not place.label:
        return _("Zu der Stelle „{quote}“").format(quote=quoted(place.quote))
    if place.label.isdecimal():
        return _("Zu Absatz {no}: „{quote}“").format(no=place.label, quote=quoted(place.quote))
    return _("Zu Ziel {no}: „{quote}“").format(no=place.label, quote=quoted(place.quote))


def _stances() -> list[Data]:
    hints = {
        Stance.SUPPORT: _("Das ist richtig so"),
        Stance.CONCERN: _("Das sehe ich kritisch"),
        Stance.QUESTION: _("Das verstehe ich nicht"),
        Stance.IDEA: _("Das fehlt oder geht besser"),
    }
    return [{"value": s.value, "label": s.label, "hint": hints[s]} for s in Stance]


def _afterwards(taking_part: Participation) -> str:
    due = day(taking_part.round_.answer_due)
    if taking_part.signed_in:
        return _(
            "Sie bekommen gleich eine Nummer und einen Beleg. Bis {day} antwortet die Stadt mit "
            "Begründung."
        ).format(day=due)
    return _(
        "Sie bekommen eine E-Mail mit einem Link. Nach der Bestätigung bekommen Sie eine Nummer "
        "und einen Beleg. Bis {day} antwortet die Stadt mit Begründung."
    ).format(day=due)
