"""What a pack's document says of the paper itself: files, earlier resolutions, costs, reports."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from site_content.pages.presenters.decision_document_parts import (
    Parts,
    Shown,
    german,
    linked,
    named,
)
from workers.documents.parts import Facts, Heading, Items, Note, Paragraph, Run, Table


def priors_and_annexes(pack: Shown) -> Parts:
    """Earlier resolutions, then the files of the paper and what this site makes itself."""
    yield Heading(_("Vorgang"), level=2)
    lines = [
        *(_prior(row) for row in pack["priors"]),
        *(_resolved(row) for row in pack["resolved_before"]),
    ]
    if lines:
        yield Items(lines)
    else:
        yield Paragraph(
            _("Zu diesem Konzept gibt es hier noch keinen bestätigten früheren Beschluss.")
        )
    yield Heading(_("Anlagen"), level=2)
    yield Items([*_made_here(pack["made_here"]), *(_annex(row) for row in pack["annexes"])])


def _prior(row: Shown) -> list[Run]:
    name = Run(row["reference"], link=row["url"], language="de")
    return [name, Run(f", {row['day']}: "), *german(row["title"])]


def _resolved(row: Shown) -> list[Run]:
    number = f"{row['number']}, " if row["number"] else ""
    when = f", {row['day']}" if row["day"] else ""
    reference = _("Vorlage {reference}").format(reference=row["reference"])
    return [
        Run(f"{number}{row['body']}{when}: {row['outcome']}. "),
        Run(f"{row['text']} ", language="de"),
        linked(reference, row["url"]),
    ]


def _made_here(found: Shown) -> list[list[Run]]:
    numbered = [
        linked(_("Anlage {n}: {title}").format(n=number, title=row["title"]), row["url"])
        for number, row in enumerate(found["annexes"], start=1)
    ]
    changes = _("Änderungen mit altem und neuem Wortlaut und Grund")
    return [[run] for run in [*numbered, linked(changes, found["changes"])]]


def _annex(row: Shown) -> list[Run]:
    if not row["file"]:
        gone = _("Weitere Anlage {n}: {title}, zurückgenommen.")
        return [
            Run(gone.format(n=row["number"], title=row["title"]) + " "),
            *german(row["taken_back"]),
        ]
    name = _("Weitere Anlage {n}: {title} ({kind}, {size})").format(
        n=row["number"],
        title=row["title"],
        kind=row["file"]["kind"],
        size=row["file"]["size"],
    )
    later = " " + _("nachgereicht am {day}").format(day=row["later"]) if row["later"] else ""
    return [linked(name, row["file"]["url"]), Run(later)]


def finance_statement(found: Shown | None) -> Parts:
    """The amounts of the paper beside those that the measures add up to."""
    if found is None:
        return
    yield Table(
        [_("Kosten"), _("Laut Vorlage"), _("Aus den Maßnahmen gezählt")],
        [[str(word), written, counted] for word, written, counted in found["rows"]],
        caption=_("Was die Vorlage sagt, und was die Maßnahmen der Fassung ergeben"),
        is_numeric=[1, 2],
    )
    if found["differs"]:
        yield Note(
            _(
                "Die Vorlage nennt andere Beträge, als die Maßnahmen ergeben. Nicht geschätzt und "
                "deshalb nicht mitgezählt: {n} Maßnahmen."
            ).format(n=found["not_estimated"])
        )
    yield Facts([(_("Finanzierung"), str(found["funding"] or "–"))])
    if found["proviso"]:
        yield Paragraph(named(_("Haushaltsvorbehalt:"), *german(found["proviso"])))


def procedural(motions: list[Shown]) -> Parts:
    """Motions about dealing with the paper, as they were moved at a step."""
    if motions:
        yield Items([_motion(motion) for motion in motions])


def _motion(motion: Shown) -> list[Run]:
    moved = _("Antrag „{kind}“ von {who}: {result}").format(
        kind=motion["kind"], who=motion["moved_by"], result=motion["result"]
    )
    votes = [Run(", "), *german(motion["votes"])] if motion["votes"] else []
    runs = [Run(moved), *votes, Run(". "), *german(motion["text"])]
    if motion["correction"]:
        former = _("Berichtigt, vorher stand hier: {former}.").format(former=motion["former"])
        runs += [Run(f" {former} "), *german(motion["correction"])]
    return runs


def duties(found: list[Shown]) -> Parts:
    """Reports that the council has asked for, with what is overdue."""
    if not found:
        return
    yield Heading(_("Berichte, die der Rat verlangt hat"), level=2)
    for duty in found:
        yield Paragraph(named(duty["subject"], Run(f"({duty['state']})")))
        rhythm = _("{source}. {kind}: {months} Monate, an {body}.").format(
            source=duty["resolved_as"],
            kind=duty["kind"],
            months=duty["months"],
            body=duty["recipient"],
        )
        yield Paragraph(f"{rhythm} {_due(duty)}".strip(), kind="small")
        if duty["ended"]:
            yield Paragraph(german(duty["ended"]))
        if duty["reports"]:
            yield Items([_report(report) for report in duty["reports"]])


def _due(duty: Shown) -> str:
    if not duty["due"]:
        return ""
    if duty["is_overdue"]:
        return _("War am {day} fällig und ist überfällig.").format(day=duty["due"])
    return _("Fällig am {day}.").format(day=duty["due"])


def _report(report: Shown) -> list[Run]:
    return [Run(f"{report['day']}: "), Run(report["title"], link=report["url"], language="de")]


def history(found: list[Shown]) -> Parts:
    """How the route was changed."""
    if not found:
        return
    title = ngettext(
        "Wie sich die Beratungsfolge geändert hat: {n} Eintrag",
        "Wie sich die Beratungsfolge geändert hat: {n} Einträge",
        len(found),
    )
    yield Heading(title.format(n=len(found)), level=2)
    yield Items([f"{change['at']} {change['text']}" for change in found])
