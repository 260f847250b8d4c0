"""How a text came about: who drafted it, who took part, what the council resolved."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.models import Decision
from consult.council.selectors import decisions_on
from consult.council.states import DecisionStatus
from consult.evaluation.models import LedgerEntry
from consult.evaluation.selectors import ledger_history, ledger_sums, public_themes, sums_of
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.documents import day, edition_facts
from drafts.editions.models import Edition
from workers.documents.parts import Facts, Heading, PageBreak, Paragraph, Part, Run, Table, Text


def rounds_until(edition: Edition) -> list[ConsultationRound]:
    """The announced rounds on this edition and the earlier ones of its concept, oldest first."""
    return list(
        ConsultationRound.objects.public()
        .filter(edition__concept=edition.concept_id, edition__number__lte=edition.number)
        .select_related("edition")
        .order_by("opens_at", "pk")
    )


def legitimation(edition: Edition, language: str) -> Iterator[Part]:
    """The chapter at the end of an edition, in the language that is active."""
    yield PageBreak()
    yield Heading(_("Wie dieser Text entstanden ist"), anchor="entstehung")
    yield Facts(_origin(edition))
    yield Heading(_("Beteiligung"), level=2)
    rounds = rounds_until(edition)
    if rounds:
        yield _rounds(rounds, language)
    else:
        yield Paragraph(_("Zu diesem Text hat noch keine Beteiligung stattgefunden."))
    yield Heading(_("Beschlüsse des Rates und seiner Gremien"), level=2)
    decisions = list(decisions_on(edition))
    if decisions:
        yield _decisions(decisions, language)
    else:
        yield Paragraph(_("Über diese Fassung ist noch nicht entschieden."))


def period(round_: ConsultationRound) -> str:
    """From when until when people could take part."""
    opens = timezone.localdate(round_.opens_at)
    closes = timezone.localdate(round_.closes_at)
    return _("{first} bis {last}").format(first=day(opens), last=day(closes))


def sums_at_last(round_: ConsultationRound) -> dict[str, int]:
    """The ledger as it was stored last; of a round that is not closed as it is now."""
    entry: LedgerEntry | None = ledger_history(round_).last()
    return sums_of(entry) if entry else ledger_sums(round_)


def _origin(edition: Edition) -> list[tuple[str, Text]]:
    facts = edition_facts(edition)
    if edition.based_on is not None:
        before = _("Fassung {number}").format(number=edition.based_on.number)
        facts.insert(2, (_("Hervorgegangen aus"), before))
    return facts


def _rounds(rounds: list[ConsultationRound], language: str) -> Table:
    return Table(
        head=[_("Runde"), _("Fassung"), _("Zeitraum"), _("Beiträge"), _("Themen"), _("beantwortet")],
        rows=[_round(round_, language) for round_ in rounds],
        caption=_("Beteiligungsrunden zu diesem Text und seinen früheren Fassungen"),
        widths=[4, 1.4, 3, 1.6, 1.5, 2],
        is_numeric=[3, 4, 5],
    )  # fmt: skip


def _round(round_: ConsultationRound, language: str) -> list[Text]:
    name: Text = [Run(f"{round_.ref}: "), Run(round_.title, language=_foreign(language))]
    if round_.status not in TALLIES_READABLE:
        return [name, str(round_.edition.number), period(round_), "–", "–", "–"]
    entries = public_themes(round_)
    answered = sum(entry["response"] is not None for entry in entries)
    return [
        name,
        str(round_.edition.number),
        period(round_),
        str(sums_at_last(round_)["received"]),
        str(len(entries)),
        str(answered),
    ]


def _decisions(decisions: list[Decision], language: str) -> Table:
    return Table(
        head=[_("Datum"), _("Gremium"), _("Vorlage"), _("Punkt"), _("Ergebnis"), _("Nummer")],
        rows=[_decision(decision, language) for decision in decisions],
        caption=_("Entscheidungen über diese Fassung, in der Reihenfolge der Beratung"),
        widths=[2, 3, 2, 1, 3, 2],
    )


def _decision(decision: Decision, language: str) -> list[Text]:
    paper = decision.item.paper
    german = _foreign(language)
    outcome = decision.get_outcome_display()
    if decision.status == DecisionStatus.PROVISIONAL:
        outcome = f"{outcome} ({decision.get_status_display()})"
    if decision.conditions:
        outcome = _("{outcome}, unter Bedingungen").format(outcome=outcome)
    return [
        day(decision.step.meeting_on) if decision.step.meeting_on else "",
        [Run(decision.step.body.name, language=german)],
        paper.reference,
        str(decision.item.number),
        outcome,
        decision.resolution_number,
    ]


def _foreign(language: str) -> str:
    return "" if language == "de" else "de"
