"""What a mail says of an occurrence, in the language that is active.

Residents' words never stand in these mails: what was mailed can neither be hidden nor erased.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.models import Page

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import Change, ChangeCause, Response, Revision
from consult.evaluation.selectors import chosen_text, released_texts
from consult.following.models import Follower, Telling
from consult.following.selectors import find_followed
from consult.following.services import audience
from consult.following.services.council_items import (
    admitted_item,
    decision_item,
    motion_vote_item,
    paper_item,
)
from consult.following.services.items import (
    Item,
    about_yours,
    day,
    followed_or_own,
    moment,
    own_refs,
    with_way,
)
from consult.following.states import Happening, Topic
from consult.rounds.models import ConsultationRound, RoundExtension, RoundSuspension
from drafts.actionplan.models import MeasureStep
from drafts.actionplan.states import MeasureStatus
from drafts.editions.models import EditionText

MOST_PLACES = 8
LONGEST_HEADLINE = 88


def item_of(telling: Telling, follower: Follower, at: datetime) -> Item | None:
    """What the follower is told, or None where there is nothing (any more) to tell.

    That is so where rows are gone or no longer public, and after `until`.
    """
    occurrence = telling.occurrence
    if occurrence.until is not None and at >= occurrence.until:
        return None
    try:
        return _ITEMS[Happening(occurrence.happening)](occurrence.facts, telling, follower)
    except ObjectDoesNotExist:
        return None


# --- rounds --------------------------------------------------------------------------------------


def _round(facts, _telling, _follower, words: Callable) -> Item:
    round_ = ConsultationRound.objects.select_related("edition").get(pk=facts["round"])
    headline, lines = words(round_, facts)
    url = reverse("edition", args=[round_.edition.number])
    if round_.status in {"closed", "answered", "archived"}:
        url = reverse("round_themes", args=[round_.ref])
    return Item(headline, lines, url, _("Zur Runde „{title}“").format(title=round_.title))


def _opened(round_: ConsultationRound, _facts) -> tuple[str, list[str]]:
    return _("Sie können mitreden: {title}").format(title=round_.title), [
        _("Die Beteiligung läuft bis {end}.").format(end=moment(round_.closes_at))
    ]


def _closing(round_: ConsultationRound, _facts) -> tuple[str, list[str]]:
    return _("Die Beteiligung endet am {end}").format(end=moment(round_.closes_at)), [
        _("Bis dahin können Sie schreiben, abstimmen und Ihre Stimme ändern.")
    ]


def _extended(_round: ConsultationRound, facts) -> tuple[str, list[str]]:
    row = RoundExtension.objects.get(pk=facts["extension"])
    return _("Die Beteiligung geht länger: bis {end}").format(end=moment(row.new_end)), [
        _("Der Grund: {reason}").format(reason=row.reason)
    ]


def _suspended(_round: ConsultationRound, facts) -> tuple[str, list[str]]:
    row = RoundSuspension.objects.get(pk=facts["suspension"])
    return _("Die Beteiligung ist unterbrochen"), [
        _("Der Grund: {reason}").format(reason=row.reason)
    ]


def _resumed(round_: ConsultationRound, _facts) -> tuple[str, list[str]]:
    return _("Die Beteiligung geht weiter"), [
        _("Sie läuft bis {end}.").format(end=moment(round_.closes_at))
    ]


def _closed(round_: ConsultationRound, _facts) -> tuple[str, list[str]]:
    return _("Die Beteiligung ist beendet: {title}").format(title=round_.title), [
        _("Jetzt werden alle Beiträge nach Themen geordnet. Die Stadt antwortet bis {day}.").format(
            day=day(round_.answer_due)
        )
    ]


def _all_answered(round_: ConsultationRound, _facts) -> tuple[str, list[str]]:
    return _("Alle Themen sind beantwortet: {title}").format(title=round_.title), [
        _("Zu jedem Thema und jeder Einzelstimme steht jetzt eine Antwort mit Begründung.")
    ]


def _of_round(words: Callable) -> Callable:
    return lambda facts, telling, follower: _round(facts, telling, follower, words)


# --- contributions, themes, answers --------------------------------------------------------------


def _contribution(facts, telling: Telling, _follower) -> Item | None:
    new = Contribution.objects.get(pk=facts["contribution"])
    if new.status != Visibility.PUBLISHED:
        return None
    url = reverse("contribution", args=[new.ref])
    if telling.topic == Topic.CONTRIBUTION:
        headline = _("Jemand hat auf Beitrag {ref} geantwortet").format(ref=telling.object)
    else:
        place = find_followed(telling.topic, telling.object)
        headline = _("Neuer Beitrag: {place}").format(place=place.name if place else new.ref)
    said = _("Nummer {ref}, {stance}, {day}").format(
        ref=new.ref, stance=new.get_stance_display(), day=day(new.received_at)
    )
    return Item(headline, [said], url, _("Beitrag {ref} lesen").format(ref=new.ref))


def _answered(facts, telling: Telling, follower: Follower) -> Item:
    response = Response.objects.select_related("theme__round", "lead_department").get(
        pk=facts["response"]
    )
    theme = response.theme
    refs = own_refs(telling, follower, audience.contributions_of_answer(response))
    headline = (
        _("Die Stadt hat auf Ihren Beitrag {ref} geantwortet").format(ref=refs[0])
        if refs
        else _("Antwort der Stadt zum Thema „{theme}“").format(theme=theme.title)
    )
    lines = [
        *about_yours(refs),
        _("Thema: {theme}").format(theme=theme.title),
        _("Ergebnis: {outcome}").format(outcome=response.get_outcome_display()),
        _("Begründung ({department}):").format(department=response.lead_department.name),
        *_reasons(response, refs),
    ]
    return with_way(headline, lines, refs, reverse("theme", args=[theme.round.ref, theme.number]))


def _reasons(response: Response, refs: list[str]) -> list[str]:
    """The reason in a language of the reader's where there is one, and the binding German one."""
    written_in = Contribution.objects.filter(ref__in=refs).values_list("language", flat=True)
    texts = released_texts([response])[response.pk]
    own = chosen_text(texts, [get_language() or "", *written_in])
    if own is None:
        return [response.reason]
    note = _("Das ist eine Übersetzung. Verbindlich ist die deutsche Antwort:")
    if own.service:
        note = _(
            "Das ist eine automatische Übersetzung von {service}. "
            "Verbindlich ist die deutsche Antwort:"
        ).format(service=own.service)
    return [own.reason, note, response.reason]


def _text_changed(facts, telling: Telling, follower: Follower) -> Item | None:
    revision = Revision.objects.select_related("to_edition").get(pk=facts["revision"])
    changes = _changes_for(revision, telling, follower)
    places = list(dict.fromkeys(changes.order_by("position").values_list("place", flat=True)))
    if not places:
        return None
    number = revision.to_edition.number if revision.to_edition else 0
    refs = own_refs(telling, follower, audience.contributions_behind(changes))
    if refs:
        headline = _("Wegen Ihres Beitrags {ref} hat sich der Text geändert").format(ref=refs[0])
    else:
        headline = _("Der Text hat sich geändert: Fassung {n}").format(n=number)
    more = len(places) - MOST_PLACES
    lines = [
        *about_yours(refs),
        _("Geändert: {places}.").format(places="; ".join(places[:MOST_PLACES])),
    ]
    if more > 0:
        lines.append(
            ngettext("Und {n} weitere Stelle.", "Und {n} weitere Stellen.", more).format(n=more)
        )
    url = reverse("changes", args=[number])
    return Item(headline, lines, url, _("Alle Änderungen mit altem und neuem Wortlaut"))


def _changes_for(revision: Revision, telling: Telling, follower: Follower) -> QuerySet[Change]:
    changes = revision.changes.all()
    match telling.topic:
        case Topic.SECTION:
            return changes.filter(section_wid=telling.object)
        case Topic.GOAL:
            return changes.filter(wid=telling.object)
        case Topic.THEME:
            return _caused_by(changes, [int(telling.object)])
        case Topic.CONTRIBUTION:
            written = followed_or_own(telling, follower)
            themes = written.filter(assignments__is_current=True).values_list(
                "assignments__theme", flat=True
            )
            return _caused_by(changes, list(themes))
    return changes


def _caused_by(changes: QuerySet[Change], themes: list[int]) -> QuerySet[Change]:
    causes = ChangeCause.objects.filter(change__in=changes, response__theme__in=themes)
    return changes.filter(pk__in=causes.values("change"))


# --- measures and news ------------------------------------------------------------------------------


def _measure(facts, telling: Telling, follower: Follower) -> Item:
    step = MeasureStep.objects.select_related(
        "measure__adopted_as__goal__edition", "measure__adopted_as__edition"
    ).get(pk=facts["step"])
    frozen = step.measure.adopted_as
    refs = own_refs(telling, follower, audience.contributions_on_measure(step))
    title = _measure_title(frozen)
    headline = _("Maßnahme {number}: {state}").format(
        number=frozen.number, state=MeasureStatus(step.status).label
    )
    url = reverse("goal", args=[frozen.edition.number, frozen.goal.slug])
    return with_way(headline, [*about_yours(refs), title, step.note], refs, url)


def _measure_title(frozen) -> str:
    texts = EditionText.objects.filter(
        measure=frozen, language__in=["de", get_language()], is_current=True
    )
    words = {text.language: text.content["title"] for text in texts}
    return words.get(get_language() or "de") or words["de"]


def _news(facts, _telling, _follower) -> Item | None:
    pages = {
        page.locale.language_code: page
        for page in Page.objects.live().public().filter(translation_key=facts["page"])
        .select_related("locale")
    }  # fmt: skip
    page = pages.get(get_language() or "de") or pages.get("de")
    if page is None:
        return None
    return Item(page.title, [page.specific.lede], page.relative_url(None), _("Weiterlesen"))


_ITEMS: dict[Happening, Callable[[dict, Telling, Follower], Item | None]] = {
    Happening.ROUND_OPENED: _of_round(_opened),
    Happening.CLOSING_SOON: _of_round(_closing),
    Happening.ROUND_EXTENDED: _of_round(_extended),
    Happening.ROUND_SUSPENDED: _of_round(_suspended),
    Happening.ROUND_RESUMED: _of_round(_resumed),
    Happening.ROUND_CLOSED: _of_round(_closed),
    Happening.ROUND_ANSWERED: _of_round(_all_answered),
    Happening.CONTRIBUTION: _contribution,
    Happening.ANSWERED: _answered,
    Happening.TEXT_CHANGED: _text_changed,
    Happening.PAPER: paper_item,
    Happening.DECISION: decision_item,
    Happening.DECISION_CONFIRMED: decision_item,
    Happening.MOTION_ADMITTED: admitted_item,
    Happening.MOTION_VOTED: motion_vote_item,
    Happening.MEASURE: _measure,
    Happening.NEWS: _news,
}
