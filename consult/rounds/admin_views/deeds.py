"""What can be done with a round in its present state, each with what follows from it."""

from dataclasses import dataclass
from datetime import datetime

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus


@dataclass(frozen=True)
class Deed:
    """Something that can be done with a round now, and what follows from it."""

    heading: str
    consequence: str
    button: str
    url: str
    form: Form | None = None
    is_link: bool = False


def deeds(found: ConsultationRound, forms: dict[str, Form], now: datetime) -> list[Deed]:
    """The deeds that fit the state of a round, the nearest first.

    `forms` holds those of the deeds that ask for something: extension, pre_moderation, suspension.
    """
    match found.status:
        case RoundStatus.PLANNED:
            return [_announcing(found), _changing(found), _inviting(found)]
        case RoundStatus.ANNOUNCED:
            opening = [_opening(found)] if found.opens_at <= now < found.closes_at else []
            return [
                *opening,
                _changing(found),
                _inviting(found),
                _retracting(found),
                _pre_moderating(found, forms["pre_moderation"]),
            ]
        case RoundStatus.OPEN:
            return [
                _extending(found, forms["extension"]),
                _pre_moderating(found, forms["pre_moderation"]),
                _suspending(found, forms["suspension"]),
                _inviting(found),
                _closing(found),
            ]
        case RoundStatus.SUSPENDED:
            return [_resuming(found), _inviting(found), _closing(found)]
    return [_ledger(found), _inviting(found)]


def _announcing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ankündigen"),
        _(
            "Die Runde wird öffentlich: Termin, Umfang, Einfluss und Regeln stehen auf der "
            "Website. Zum Beginn öffnet sie von selbst. Ändern können Sie sie bis dahin."
        ),
        _("Runde ankündigen"),
        _step_url(found, "ankuendigen"),
    )


def _changing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ändern"),
        _("Mit der Öffnung werden Umfang, Einfluss und Regeln festgeschrieben."),
        _("Runde ändern"),
        reverse("round_desk:change", args=[found.ref]),
        is_link=True,
    )


def _inviting(found: ConsultationRound) -> Deed:
    return Deed(
        _("Angeschriebene Stellen"),
        _(
            "Welche Gremien, Organisationen und Ämter die Stadt einzeln um ihre Meinung bittet und "
            "was sie antworten. Die Zahlen stehen im Vorspann der Synopse."
        ),
        _("Liste der angeschriebenen Stellen"),
        reverse("intake:invitees", args=[found.ref]),
        is_link=True,
    )


def _retracting(found: ConsultationRound) -> Deed:
    return Deed(
        _("Ankündigung zurücknehmen"),
        _("Die Runde verschwindet von der Website und öffnet nicht von selbst."),
        _("Ankündigung zurücknehmen"),
        _step_url(found, "zuruecknehmen"),
    )


def _opening(found: ConsultationRound) -> Deed:
    return Deed(
        _("Jetzt öffnen"),
        _("Ab sofort kann beigetragen und abgestimmt werden. Die Regeln stehen dann fest."),
        _("Runde jetzt öffnen"),
        _step_url(found, "oeffnen"),
    )


def _extending(found: ConsultationRound, form: Form) -> Deed:
    return Deed(
        _("Verlängern"),
        _("Altes Ende, neues Ende und Ihr Grund stehen danach öffentlich bei der Runde."),
        _("Runde verlängern"),
        reverse("round_desk:extend", args=[found.ref]),
        form,
    )


def _pre_moderating(found: ConsultationRound, form: Form) -> Deed:
    return Deed(
        _("Vorab-Moderation"),
        _(
            "Neue Beiträge erscheinen erst, wenn jemand aus der Moderation sie gelesen hat. "
            "Schon veröffentlichte bleiben stehen. Beenden und verlängern können Sie die Prüfung "
            "weiter unten."
        ),
        _("Vorab-Moderation einrichten"),
        reverse("round_desk:pre_moderate", args=[found.ref]),
        form,
    )


def _suspending(found: ConsultationRound, form: Form) -> Deed:
    return Deed(
        _("Unterbrechen"),
        _(
            "Niemand kann beitragen oder abstimmen, bis Sie die Runde fortsetzen. Ihr Grund steht "
            "so lange auf allen Seiten. Das Ende verschiebt sich dadurch nicht: Verlängern können "
            "Sie danach."
        ),
        _("Runde unterbrechen"),
        reverse("round_desk:suspend", args=[found.ref]),
        form,
    )


def _resuming(found: ConsultationRound) -> Deed:
    return Deed(
        _("Fortsetzen"),
        _("Beiträge und Stimmen werden wieder angenommen, bis zum Ende der Runde."),
        _("Runde fortsetzen"),
        _step_url(found, "fortsetzen"),
    )


def _closing(found: ConsultationRound) -> Deed:
    return Deed(
        _("Schließen"),
        _("Eine geschlossene Runde öffnet nie wieder. Sie bestätigen das auf der nächsten Seite."),
        _("Schließen vorbereiten"),
        reverse("round_closing", args=[found.ref]),
        is_link=True,
    )


def _ledger(found: ConsultationRound) -> Deed:
    return Deed(
        _("Bilanz"),
        _("Was eingegangen ist und was daraus wurde, festgehalten beim Schließen."),
        _("Bilanz ansehen"),
        reverse("round_closing", args=[found.ref]),
        is_link=True,
    )


def _step_url(found: ConsultationRound, name: str) -> str:
    return reverse("round_desk:step", args=[found.ref, name])
