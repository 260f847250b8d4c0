"""The participation report: the annex that says who took part, what was said and what became of it.

It is written in German, the language in which the city answers. Every figure has its definition
beside it; none counts fewer than ten people of one class.
"""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from consult.contributions.models import Complaint, Contribution, ModerationDecision, Report
from consult.contributions.states import Channel, ComplaintOutcome, Measure, Rule, Visibility
from consult.council.participation import silent_sections
from consult.documents.services.kinds import publisher
from consult.documents.services.legitimation import period, rounds_until, sums_at_last
from consult.evaluation.disclosure import Tally, public_table
from consult.evaluation.selectors import participation, public_themes
from consult.evaluation.selectors.synopsis import has_answers
from consult.evaluation.states import Outcome
from consult.intake.selectors import invitee_figures
from consult.participants.states import VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE
from drafts.concept.languages import language_of
from drafts.concept.states import BINDING
from drafts.editions.documents import day, state_on
from drafts.editions.models import Edition
from drafts.editions.selectors import contents
from workers.documents.parts import (
    Document,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Table,
    Text,
)


def reported_rounds(edition: Edition) -> list[ConsultationRound]:
    """The closed rounds up to this edition: a report is about them."""
    return [one for one in rounds_until(edition) if one.status in TALLIES_READABLE]


def participation_report(edition: Edition) -> Document | None:
    """The report on all closed rounds up to this edition, or None before the first was closed."""
    rounds = reported_rounds(edition)
    if not rounds:
        return None
    with translation.override(BINDING):
        return Document(
            title=_("Bericht über die Beteiligung"),
            subtitle=f"{edition.title}, " + _("Fassung {number}").format(number=edition.number),
            language=BINDING,
            date=state_on(edition),
            date_text=_("Stand: {day}").format(day=day(state_on(edition))),
            publisher=publisher(),
            description=_("Anhang zum Konzept: wer sich beteiligt hat und was daraus wurde."),
            facts=[(_("Runden"), ", ".join(one.ref for one in rounds))],
            body=[part for round_ in rounds for part in _round(round_)],
        )


def _round(round_: ConsultationRound) -> Iterator[Part]:
    yield PageBreak()
    yield Heading(f"{round_.ref}: {round_.title}", anchor=f"r-{round_.ref}")
    yield Facts(
        [
            (_("Zeitraum"), period(round_)),
            (_("Zu welchem Text"), _("Fassung {number}").format(number=round_.edition.number)),
            (_("Einfluss"), round_.get_influence_display()),
            (_("Stand"), round_.get_status_display()),
        ]
    )
    yield from _announcement(round_)
    yield from _figures(round_)
    yield from _asked(round_)
    yield from _who(round_)
    yield from _silence(round_)
    yield from _themes(round_)
    yield from _moderation(round_)


def _announcement(round_: ConsultationRound) -> Iterator[Part]:
    yield Heading(_("Was angekündigt war"), level=2)
    for name, words in (
        (_("Was sich ändern konnte und was feststand"), round_.scope),
        (_("Was danach geschieht und wer antwortet"), round_.afterwards),
        (_("Regeln der Auszählung"), round_.rules),
    ):
        yield Heading(name, level=3)
        for line in filter(None, (line.strip() for line in words.splitlines())):
            yield Paragraph(line)
    for extension in round_.extensions.order_by("at"):
        yield Note(extension.reason, title=_("Verlängert bis {day}.").format(
            day=day(extension.new_end.date())
        ))  # fmt: skip


def _figures(round_: ConsultationRound) -> Iterator[Part]:
    sums = sums_at_last(round_)
    definitions = {
        "received": _("alle Beiträge, die mit einer Nummer angenommen wurden"),
        "published": _("für alle lesbar"),
        "hidden": _("nach einer begründeten Entscheidung nicht mehr lesbar"),
        "withdrawn": _("von der Person selbst zurückgenommen"),
        "erased": _("auf Verlangen der Person gelöscht"),
        "in_review": _("über die Veröffentlichung ist noch nicht entschieden"),
    }
    names = {
        "received": _("eingegangen"),
        "published": _("veröffentlicht"),
        "hidden": _("verborgen"),
        "withdrawn": _("zurückgezogen"),
        "erased": _("gelöscht"),
        "in_review": _("in Prüfung"),
    }
    yield Heading(_("Die Zahlen"), level=2)
    yield Table(
        head=[_("Zahl"), _("Beiträge"), _("Was gezählt wird")],
        rows=[[names[code], str(sums[code]), words] for code, words in definitions.items()],
        caption=_("Eingegangen ist die Summe aller anderen Zeilen."),
        widths=[2, 1, 4],
        is_numeric=[1],
    )


def _asked(round_: ConsultationRound) -> Iterator[Part]:
    """Whom the city asked by name; before anything is answered, answers still come in."""
    found = invitee_figures(round_)
    if not found.invited or not has_answers(round_):
        return
    yield Heading(_("Wen die Stadt angeschrieben hat"), level=2)
    yield Table(
        head=[_("Gremien, Organisationen und Ämter"), _("Zahl")],
        rows=[
            [_("angeschrieben"), str(found.invited)],
            [_("davon ohne Anmerkungen"), str(found.without_remarks)],
            [_("davon mit Anmerkungen"), str(found.with_remarks)],
            [_("ohne Antwort"), str(found.silent)],
        ],
        widths=[4, 1],
        is_numeric=[1],
    )


def _who(round_: ConsultationRound) -> Iterator[Part]:
    found = participation(round_)
    yield Heading(_("Wer teilgenommen hat"), level=2)
    yield Table(
        head=[_("Zahl"), _("Anzahl"), _("Was gezählt wird")],
        rows=[
            [_("Menschen mit Konto"), str(found["contributors"]),
             _("Konten mit mindestens einem Beitrag, der nicht zurückgezogen oder gelöscht ist")],
            [_("Beiträge ohne Konto"), str(found["by_guests"]),
             _("Beiträge; wie viele Menschen sie schrieben, weiß niemand")],
        ],
        widths=[2, 1, 4],
        is_numeric=[1],
    )  # fmt: skip
    classes = _classes(round_)
    if classes:
        yield Table(
            head=[_("Wie die Person bekannt ist"), _("Menschen")],
            rows=classes,
            caption=_("Menschen mit Konto. Gruppen unter zehn sind zusammengefasst."),
            widths=[4, 1],
            is_numeric=[1],
        )
    yield _counted(_("Weg"), {str(Channel(code).label): n for code, n in found["channels"].items()})
    yield _counted(
        _("Sprache"), {str(language_of(code)["name"]): n for code, n in found["languages"].items()}
    )


def _counted(name: str, numbers: dict[str, int]) -> Table:
    rows = [[label, str(number)] for label, number in Counter(numbers).most_common()]
    head = [name, _("Beiträge")]
    return Table(head, rows or [["–", "0"]], widths=[4, 1], is_numeric=[1])


def _classes(round_: ConsultationRound) -> list[list[Text]]:
    """People by verification class; classes of fewer than ten are shown together or not at all."""
    rows = (
        Contribution.objects.filter(
            round=round_, status__in=[Visibility.PUBLISHED, Visibility.HIDDEN]
        )
        .exclude(participant=None)
        .order_by("participant", "received_at")
        .values_list("participant", "verification_class")
    )
    # Whoever wrote often counts as known at the last contribution.
    sizes = Counter(dict(rows).values())
    parts = {code: Tally(passed=number) for code, number in sizes.items()}
    table = public_table(Tally(passed=sum(sizes.values())), parts)
    return [[_class_names(row.names), str(row.size)] for row in table.rows]


def _class_names(codes: tuple[str, ...]) -> str:
    return ", ".join(str(VerificationClass(code).label) for code in codes)


def _silence(round_: ConsultationRound) -> Iterator[Part]:
    names = {
        section["wid"]: f"{section['number']} {section['title']}".strip()
        for section in contents(round_.edition)
    }
    silent = [names[wid] for wid in silent_sections(round_)]
    yield Heading(_("Wozu niemand geschrieben hat"), level=2)
    if silent:
        yield Items(silent)
    else:
        yield Paragraph(_("Zu jedem Abschnitt ging mindestens ein Beitrag ein."))


def _themes(round_: ConsultationRound) -> Iterator[Part]:
    entries = public_themes(round_)
    yield Heading(_("Die Themen und die Antworten der Stadt"), level=2)
    if not entries:
        yield Paragraph(_("Noch ist kein Thema bestätigt."))
        return
    counts = Counter(entry["response"].outcome for entry in entries if entry["response"])
    rows = [[str(label), str(counts[code])] for code, label in Outcome.choices]
    rows.append([_("noch ohne Antwort"), str(len(entries) - sum(counts.values()))])
    yield Table([_("Antwort"), _("Themen")], rows, widths=[4, 1], is_numeric=[1])
    for entry in entries:
        yield from _theme(entry)


def _theme(entry) -> Iterator[Part]:
    theme, response = entry["theme"], entry["response"]
    yield Heading(theme.title, level=3, number=str(theme.number))
    pairs: list[tuple[str, Text]] = [(_("Beiträge"), str(entry["size"]))]
    if response is None:
        yield Facts([*pairs, (_("Antwort"), _("noch ohne Antwort"))])
        return
    pairs.append((_("Antwort"), response.get_outcome_display()))
    pairs.append((_("Federführung"), response.lead_department.name))
    yield Facts(pairs)
    for line in filter(None, (line.strip() for line in response.reason.splitlines())):
        yield Paragraph(line)


def _moderation(round_: ConsultationRound) -> Iterator[Part]:
    decisions = ModerationDecision.objects.filter(contribution__round=round_)
    by_measure = Counter(dict(decisions.values_list("measure").annotate(n=Count("pk"))))
    by_rule = decisions.filter(measure=Measure.HIDE).values_list("rule").annotate(n=Count("pk"))
    complaints = Complaint.objects.filter(decision__contribution__round=round_)
    reversed_ = complaints.filter(outcome=ComplaintOutcome.REVERSED).count()
    reports = Report.objects.filter(contribution__round=round_).count()
    yield Heading(_("Moderation"), level=2)
    yield Table(
        head=[_("Zahl"), _("Anzahl"), _("Was gezählt wird")],
        rows=[
            [_("Meldungen"), str(reports), _("Hinweise, dass ein Beitrag eine Regel verletzt")],
            [_("verborgen"), str(by_measure[Measure.HIDE]), _("Entscheidungen, mit Regel und Grund")],
            [_("wieder gezeigt"), str(by_measure[Measure.RESTORE]), _("Entscheidungen")],
            [_("nichts unternommen"), str(by_measure[Measure.NONE]), _("Entscheidungen")],
            [_("Beschwerden"), str(complaints.count()),
             _("gegen Entscheidungen; eine andere Person entscheidet")],
            [_("davon erfolgreich"), str(reversed_), _("die Entscheidung wurde aufgehoben")],
        ],
        widths=[2, 1, 4],
        is_numeric=[1],
    )  # fmt: skip
    rules = [[str(Rule(code).label), str(number)] for code, number in by_rule if number]
    if rules:
        yield Table([_("Verborgen nach Regel"), _("Anzahl")], rules, widths=[4, 1], is_numeric=[1])
