"""How residents were heard in a round: who took part, who did not, what became of it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.participation import Bundles, Hearing
from consult.evaluation.disclosure import SMALLEST_CELL
from consult.evaluation.states import Outcome, ThemeKind
from consult.intake.selectors import InviteeFigures
from consult.rounds.models import ConsultationRound
from drafts.concept.languages import language_of
from site_content.pages.presenters.achievements import REFUSALS
from site_content.pages.presenters.figures import day, listed, voices
from site_content.pages.presenters.invitees import figures_of_invitees, silent_sentence
from site_content.pages.presenters.synopsis_lines import synopsis_url
from site_content.pages.presenters.taking_part import taking_part
from site_content.pages.presenters.theme_report import (
    outcome_sentence,
    theme_url,
)

Shown = dict[str, Any]

REASONS_SHOWN = 3


def heard(found: Hearing) -> Shown:
    """The block of one round: figures with their definitions, gaps, notes on integrity, refusals."""
    round_ = found.round
    url = reverse("round_themes", args=[round_.ref])
    synopsis = synopsis_url(round_)
    # Before the synopsis can be read, answers still come in.
    asked = found.asked if synopsis else None
    themes = _of_kind(found, ThemeKind.THEME)
    refused = [e for e in themes if e["response"] and e["response"].outcome in REFUSALS]
    refused.sort(key=lambda entry: -entry["people"])
    return {
        "ref": round_.ref,
        "title": round_.title,
        "window": _("{start} bis {end}").format(
            start=day(round_.opens_at), end=day(round_.closes_at)
        ),
        "url": url,
        "synopsis": synopsis,
        "figures": [*_asked(asked, synopsis), *_figures(found, url)],
        "taking_part": taking_part(round_, found.people, found.away),
        "limits": _(
            "Alter, Herkunft und Stadtteil fragt die Stadt beim Mitreden nicht ab. Deshalb sagen "
            "die Zahlen nicht, welche Gruppen seltener mitgeredet haben. Wer mitredet, "
            "entscheidet selbst, ob er mitredet: Die Zahlen sind kein Abbild der Stadt."
        ),
        "missing": [
            *(silent_sentence(asked) if asked else []),
            *missing(found.silent, found.people["languages"]),
        ],
        "integrity": _integrity(found),
        "outcomes": outcome_sentence(found.themes),
        "refusals": [_refusal(round_, entry) for entry in refused[:REASONS_SHOWN]],
    }


def _of_kind(found: Hearing, kind: ThemeKind) -> list[Shown]:
    return [entry for entry in found.themes if entry["theme"].kind == kind]


def _figures(found: Hearing, url: str) -> list[Shown]:
    """Each figure with the address of its definition."""
    sums, people, voters = found.sums, found.people, found.voters
    figures = [
        (_("Beiträge"), sums["received"], "received"),
        (_("Personen mit Konto"), people["contributors"], "contributors"),
        (_("Beiträge ohne Konto"), people["by_guests"], "guests"),
        (_("Themen"), len(_of_kind(found, ThemeKind.THEME)), "themes"),
        (_("Einzelstimmen"), len(_of_kind(found, ThemeKind.SINGLE_VOICE)), "single_voices"),
        *([(_("Abstimmende"), voters, "voters")] if voters and voters >= SMALLEST_CELL else []),
    ]
    return [
        {"word": word, "number": number, "url": f"{url}#zahl-{code}"}
        for word, number, code in figures
    ]


def _asked(asked: InviteeFigures | None, synopsis: str) -> list[Shown]:
    """Whom the city asked by name, each figure with its definition in the synopsis."""
    return [
        {"word": word, "number": number, "url": f"{synopsis}#zahl-{code}"}
        for code, word, number in (figures_of_invitees(asked) if asked else [])
    ]


def missing(silent: list[str], languages: Iterable[str]) -> list[str]:
    """From whom and about what nothing came, as far as the rows can say it.

    `silent` are the sections without a word, `languages` those in which people wrote.
    """
    spoken = {code.split("-")[0] for code in languages}
    # Nobody can tell easy German from German in what somebody has written.
    offered = dict.fromkeys(code.split("-")[0] for code, _name in settings.LANGUAGES)
    unheard = [str(language_of(code)["name"]) for code in offered if code not in spoken]
    sentences = []
    if unheard:
        sentences.append(
            _("Kein Beitrag kam in einer angebotenen Sprache: {languages}.").format(
                languages=listed(unheard)
            )
        )
    if silent:
        sentences.append(_("Ohne Beitrag blieb: {sections}.").format(sections=listed(silent)))
    return sentences


def _integrity(found: Hearing) -> list[str]:
    """What a reader needs to know before trusting the figures."""
    return [
        _(
            "{received} eingegangen = {published} veröffentlicht + {hidden} verborgen + "
            "{withdrawn} zurückgezogen + {erased} gelöscht + {in_review} in Prüfung."
        ).format(**found.sums),
        _bundles_in_words(found.bundles),
    ]


def _bundles_in_words(found: Bundles) -> str:
    if not found.number:
        return _("Beiträge mit fast gleichem Wortlaut hat das Programm nicht gefunden.")
    return ngettext(
        "Beiträge mit fast gleichem Wortlaut stehen in {n} Bündel; es hat {largest} Beiträge. "
        "Jeder Beitrag zählt einzeln, keiner wurde deshalb entfernt.",
        "Beiträge mit fast gleichem Wortlaut stehen in {n} Bündeln; das größte hat {largest} "
        "Beiträge. Jeder Beitrag zählt einzeln, keiner wurde deshalb entfernt.",
        found.number,
    ).format(n=found.number, largest=found.largest)


def _refusal(round_: ConsultationRound, entry: Shown) -> Shown:
    response = entry["response"]
    return {
        "title": entry["theme"].title,
        "url": theme_url(round_, entry["theme"].number),
        "icon": f"i-{response.outcome}",
        "outcome": Outcome(response.outcome).label,
        "reason": response.reason,
        "voices": voices(entry["size"], entry["people"]),
    }
