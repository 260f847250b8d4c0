"""A person's own data as sections to read and as a file to take along."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consult.contributions.states import (
    Channel,
    Choice,
    ComplaintOutcome,
    Measure,
    Operation,
    Rule,
    Stance,
    SuggestionStatus,
    Visibility,
)
from consult.council.states import QuestionStatus, ShownAs
from consult.evaluation.states import ObjectionOutcome, ObjectionStatus, Outcome
from consult.following.states import Happening, Rhythm, Topic
from consult.participants.states import (
    ErasureScope,
    ErasureStatus,
    NoticeStatus,
    Role,
    VerificationClass,
)
from consult.records.states import BarrierStatus
from drafts.concept.languages import language_of
from site_content.pages.frame import moment
from site_content.pages.presenters.figures import day


@dataclass(frozen=True)
class Record:
    """Lines of name and value, and records below them under a heading."""

    lines: list[tuple[str, str]]
    parts: list["Section"] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """Records of one kind."""

    heading: str
    records: list[Record]


HEADINGS = {
    "account": gettext_lazy("Konto"),
    "addresses": gettext_lazy("E-Mail-Adressen"),
    "second_factors": gettext_lazy("Zweiter Faktor beim Anmelden"),
    "contributions": gettext_lazy("Beiträge"),
    "unconfirmed": gettext_lazy("Noch nicht bestätigte Beiträge"),
    "supports": gettext_lazy("Änderungsvorschläge, die Sie unterstützen"),
    "votes": gettext_lazy("Stimmen, die Ihnen noch zugeordnet werden können"),
    "reports": gettext_lazy("Ihre Meldungen"),
    "following": gettext_lazy("Was Sie verfolgen"),
    "told": gettext_lazy("Worüber wir Sie informiert haben"),
    "barriers": gettext_lazy("Barrieren, die Sie gemeldet haben"),
    "marks": gettext_lazy("Wozu Sie im Rat sprechen möchten"),
    "questions": gettext_lazy("Ihre Fragen zu Vorlagen"),
    "council_groups": gettext_lazy("Fraktionen, in denen Sie mitarbeiten"),
    "motions_drafted": gettext_lazy("Änderungsanträge, die Sie entworfen haben"),
    "notices": gettext_lazy("Nachrichten an Sie"),
    "erasure_requests": gettext_lazy("Löschungen auf Wunsch"),
    "suggestion": gettext_lazy("Anderer Wortlaut, den Sie vorschlagen"),
    "decisions": gettext_lazy("Entscheidungen der Moderation"),
    "complaint": gettext_lazy("Ihre Beschwerde"),
    "themes": gettext_lazy("Zuordnung zu Themen"),
    "objections": gettext_lazy("Ihre Einwände: Mein Anliegen fehlt"),
    "answer": gettext_lazy("Antwort der Stadt"),
    "content": gettext_lazy("Inhalt, solange die Nachricht wartet"),
}
LABELS = {
    "group__name": gettext_lazy("Fraktion"),
    "function": gettext_lazy("Funktion"),
    "paper__reference": gettext_lazy("Vorlage"),
    "number": gettext_lazy("Nummer"),
    "drafted_at": gettext_lazy("entworfen am"),
    "email": gettext_lazy("E-Mail-Adresse"),
    "pseudonym": gettext_lazy("Name, der angezeigt wird"),
    "first_name": gettext_lazy("Vorname"),
    "last_name": gettext_lazy("Nachname"),
    "language": gettext_lazy("Sprache"),
    "residence_declared_at": gettext_lazy("Wohnort erklärt"),
    "joined_at": gettext_lazy("Konto angelegt"),
    "last_login": gettext_lazy("zuletzt angemeldet"),
    "roles": gettext_lazy("Aufgaben"),
    "verified": gettext_lazy("bestätigt"),
    "primary": gettext_lazy("Hauptadresse"),
    "type": gettext_lazy("Art"),
    "created_at": gettext_lazy("angelegt"),
    "last_used_at": gettext_lazy("zuletzt benutzt"),
    "ref": gettext_lazy("Nummer"),
    "contribution__ref": gettext_lazy("Beitrag"),
    "round": gettext_lazy("Runde"),
    "round__ref": gettext_lazy("Runde"),
    "edition": gettext_lazy("Fassung"),
    "place": gettext_lazy("Stelle"),
    "quote": gettext_lazy("Wortlaut der Stelle"),
    "text": gettext_lazy("Wortlaut"),
    "stance": gettext_lazy("Art"),
    "channel": gettext_lazy("Weg"),
    "name_shown": gettext_lazy("Name daneben"),
    "class": gettext_lazy("gezählt in der Gruppe"),
    "verification_class": gettext_lazy("gezählt in der Gruppe"),
    "status": gettext_lazy("Stand"),
    "received_at": gettext_lazy("eingegangen"),
    "salt": gettext_lazy("Salz"),
    "check_sum": gettext_lazy("Prüfsumme"),
    "measure": gettext_lazy("Maßnahme"),
    "rule": gettext_lazy("Regel"),
    "reason": gettext_lazy("Begründung"),
    "decided_at": gettext_lazy("entschieden"),
    "complaint_until": gettext_lazy("Beschwerde möglich bis"),
    "due_on": gettext_lazy("Antwort bis"),
    "filed_at": gettext_lazy("abgegeben"),
    "outcome": gettext_lazy("Ergebnis"),
    "theme": gettext_lazy("Thema"),
    "current": gettext_lazy("gilt noch"),
    "since": gettext_lazy("seit"),
    "department": gettext_lazy("Federführung"),
    "published_at": gettext_lazy("veröffentlicht"),
    "submitted_at": gettext_lazy("geschrieben"),
    "expires_at": gettext_lazy("wird gelöscht"),
    "goal__number": gettext_lazy("Ziel"),
    "choice": gettext_lazy("Ihre Stimme"),
    "cast_on": gettext_lazy("abgegeben"),
    "kind": gettext_lazy("Art"),
    "sent_at": gettext_lazy("verschickt"),
    "scope": gettext_lazy("Umfang"),
    "requested_at": gettext_lazy("angefordert"),
    "held": gettext_lazy("zurückgehalten"),
    "operation": gettext_lazy("was geschehen soll"),
    "old": gettext_lazy("Wortlaut der Stelle"),
    "new": gettext_lazy("vorgeschlagener Wortlaut"),
    "may_be_named": gettext_lazy("Name darf beim geänderten Text stehen"),
    "given_on": gettext_lazy("unterstützt am"),
    "translations": gettext_lazy("automatische Übersetzungen"),
    "service": gettext_lazy("Dienst"),
    "made_at": gettext_lazy("übersetzt"),
    "own_reason": gettext_lazy("Begründung in Ihrer Sprache"),
    "topic": gettext_lazy("Art"),
    "object": gettext_lazy("Kennung"),
    "rhythm": gettext_lazy("wie oft"),
    "occurrence__happening": gettext_lazy("Ereignis"),
    "due_at": gettext_lazy("fällig"),
    "gathered_at": gettext_lazy("in eine E-Mail geschrieben"),
    "subject": gettext_lazy("Betreff"),
    "intro": gettext_lazy("Einleitung"),
    "items": gettext_lazy("Inhalt"),
    "because": gettext_lazy("Grund"),
    "item__number": gettext_lazy("Beschlusspunkt"),
    "goal_wid": gettext_lazy("Kennung des Ziels"),
    "marked_at": gettext_lazy("vorgemerkt"),
    "shown_as": gettext_lazy("wie Sie gezeigt werden"),
    "asked_at": gettext_lazy("gefragt"),
}
# Words of our own in stored values; no value means two things.
VOCABULARIES = (
    BarrierStatus, Channel, Choice, ComplaintOutcome, ErasureScope, ErasureStatus, Happening, Measure,
    NoticeStatus, ObjectionOutcome, ObjectionStatus, Operation, Outcome, QuestionStatus, Rhythm,
    Role, Rule, ShownAs, Stance, SuggestionStatus, Topic, VerificationClass, Visibility,
)  # fmt: skip
NAMED = {"rule", "stance", "channel", "class", "verification_class", "status", "measure",
         "outcome", "choice", "scope", "roles", "operation", "topic", "rhythm",
         "occurrence__happening", "shown_as"}  # fmt: skip


def sections_of(data: dict[str, Any]) -> list[Section]:
    """The data as sections in a fixed order; kinds of which nothing is stored are left out."""
    return [_section(key, data[key]) for key in HEADINGS if data.get(key)]


def archive_of(data: dict[str, Any]) -> bytes:
    """A ZIP file with the data twice: as JSON for programs and as a page to read."""
    page = render_to_string(
        "account/own_data_file.html",
        {
            "sections": sections_of(data),
            "as_of": moment(data["as_of"]),
            "code": get_language(),
            "site": settings.WAGTAILADMIN_BASE_URL,
        },
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "daten.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        )
        file.writestr("daten.html", page)
    return packed.getvalue()


def _section(key: str, value: Any) -> Section:
    records = value if isinstance(value, list) else [value]
    return Section(str(HEADINGS[key]), [_record(record) for record in records])


def _record(values: dict[str, Any]) -> Record:
    return Record(
        lines=[
            (str(LABELS.get(key, key)), _said(key, value))
            for key, value in values.items()
            if key not in HEADINGS and value not in (None, "", [])
        ],
        parts=[_section(key, value) for key, value in values.items() if key in HEADINGS and value],
    )


def _said(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if key == "language":
        return language_of(value)["name"]
    if key in NAMED:
        return ", ".join(_word(one) for one in (value if isinstance(value, list) else [value]))
    return str(value)


def _word(value: str) -> str:
    labels = (dict(kind.choices).get(value) for kind in VOCABULARIES)
    return next((str(label) for label in labels if label), value)
