"""What stands before a synopsis: who was asked, who answered, when, how, and what nobody knows."""

from typing import Any

from django.utils.translation import gettext as _

from consult.council.participation import silent_sections
from consult.evaluation.disclosure import SMALLEST_CELL
from consult.evaluation.selectors import ledger_sums, participation
from consult.evaluation.selectors.synopsis import counted_on_the_spot
from consult.evaluation.states import ThemeKind
from consult.following.selectors import told_of_beginning
from consult.intake.selectors import InviteeFigures, figures_of, invitee_figures
from consult.rounds.models import ConsultationRound
from site_content.pages.frame import last_moment, moment
from site_content.pages.presenters.decision_heard import missing
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.invitees import (
    figures_of_invitees,
    invitee_definitions,
    invitee_rows,
    invitees_in_words,
    silent_sentence,
)
from site_content.pages.presenters.synopsis_lines import Table
from site_content.pages.presenters.taking_part import taking_part
from site_content.pages.presenters.theme_report import Report

Shown = dict[str, Any]


def prelude(table: Table) -> Shown:
    """Figures with their definitions, period, ways, announcement and known gaps."""
    round_ = table.report.round
    people = participation(round_)
    asked = invitee_figures(round_)
    return {
        "figures": [
            *(_figure(*found) for found in figures_of_invitees(asked)),
            *_figures(table, people),
        ],
        "invitees": invitee_rows(round_) if asked.invited else [],
        "invited": invitees_in_words(asked),
        "period": _("{start} bis {end}").format(
            start=moment(round_.opens_at), end=last_moment(round_.closes_at)
        ),
        "extensions": [
            _("Verlängert am {day} bis {end}. Grund: {reason}").format(
                day=day(row.at), end=last_moment(row.new_end), reason=row.reason
            )
            for row in round_.extensions.order_by("at")
        ],
        "suspensions": [
            _("Unterbrochen am {day}. Grund: {reason}").format(
                day=day(row.since), reason=row.reason
            )
            for row in round_.suspensions.order_by("since")
        ],
        "ways": taking_part(round_),
        "announcement": _announcement(round_),
        "gaps": [
            *silent_sentence(asked),
            *missing(_silent(table.report), people["languages"]),
            *_unknown(asked),
        ],
    }


def _silent(report: Report) -> list[str]:
    return [report.section(wid) for wid in silent_sections(report.round)]


def _figures(table: Table, people: Shown) -> list[Shown]:
    """Each {code, word, number, meaning}; the code names its definition on the page."""
    round_ = table.report.round
    sums = ledger_sums(round_)
    answered = sum(line.answer is not None for line in table.lines)
    return [
        _figure("received", _("eingegangene Beiträge"), sums["received"]),
        _figure("published", _("veröffentlichte Beiträge"), sums["published"]),
        _figure("contributors", _("Personen mit Konto"), people["contributors"]),
        _figure("guests", _("Beiträge ohne Konto"), people["by_guests"]),
        _figure("organisations", _("Stellungnahmen"), figures_of(round_)["organisations"]),
        _figure("on-the-spot", _("vor Ort gezählte Menschen"), counted_on_the_spot(round_)),
        _figure("themes", _("Themen"), len(table.report.of_kind(ThemeKind.THEME))),
        _figure("voices", _("Einzelstimmen"), len(table.report.of_kind(ThemeKind.SINGLE_VOICE))),
        _figure("answered", _("Themen und Einzelstimmen mit Antwort"), answered),
    ]


def _figure(code: str, word: str, number: int) -> Shown:
    return {"code": code, "word": word, "number": number, "meaning": definitions()[code]}


def definitions() -> dict[str, str]:
    """What each figure counts, by its code."""
    return {
        **invitee_definitions(),
        "received": _(
            "Alle Beiträge mit einer Nummer. Ein Beitrag ohne Konto zählt, sobald er per E-Mail "
            "bestätigt ist."
        ),
        "published": _("Beiträge, die alle lesen können."),
        "contributors": _(
            "Konten mit mindestens einem Beitrag, der nicht zurückgezogen und nicht gelöscht ist."
        ),
        "guests": _(
            "Ohne Konto wissen wir nicht, welche Beiträge von derselben Person sind. Deshalb "
            "zählen wir hier Beiträge. In der Angabe „von … Personen“ zählt jeder davon als eine "
            "Person."
        ),
        "organisations": _(
            "Stellungnahmen von Organisationen, die das Amt bestätigt hat und von denen etwas zu "
            "lesen ist."
        ),
        "on-the-spot": _(
            "Menschen, die bei Treffen, Umfragen und anderen Anlässen gezählt wurden, aus denen "
            "Beiträge stammen. Unter zehn steht hier null."
        ),
        "themes": _("Beiträge mit demselben Anliegen, von Menschen zusammengestellt."),
        "voices": _("Beiträge, die für sich allein stehen. Jeder hat eine eigene Zeile."),
        "answered": _("Themen und Einzelstimmen mit einer veröffentlichten Antwort."),
        "bundle": _(
            "Beiträge mit demselben Anliegen und die Menschen dahinter. Gruppen nach Nachweis "
            "der Person stehen nur da, wenn jede mindestens zehn Menschen hat."
        ),
        "overdue": _("Die Antwort fehlt, und der Tag, bis zu dem sie versprochen war, ist vorbei."),
    }


def _announcement(round_: ConsultationRound) -> str:
    told = told_of_beginning(round_)
    if told < SMALLEST_CELL:
        return _("Auf dieser Website und im Kalender dazu.")
    return _(
        "Auf dieser Website, im Kalender dazu und mit einer Mitteilung an {n} Konten und Adressen, "
        "die das Konzept verfolgen."
    ).format(n=told)


def _unknown(asked: InviteeFigures) -> list[str]:
    not_kept = _(
        "Welche Stellen die Stadt einzeln angeschrieben hat, ist für diese Runde nicht erfasst. "
        "Deshalb fehlt auch die Zahl derer, die nicht geantwortet haben."
    )
    return [
        *([] if asked.invited else [not_kept]),
        _(
            "Wer mitredet, entscheidet selbst, ob er mitredet. Die Zahlen sind kein Abbild der Stadt."
        ),
    ]
