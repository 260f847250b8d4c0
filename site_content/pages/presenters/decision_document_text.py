"""The blocks of a pack's document about items, text, money and the way through the bodies."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from site_content.pages.presenters.decision_document_paper import (
    duties,
    finance_statement,
    history,
    priors_and_annexes,
    procedural,
)
from site_content.pages.presenters.decision_document_parts import (
    Parts,
    Shown,
    decided,
    difference,
    german,
    linked,
    named,
    paragraphs,
    talk,
)
from workers.documents.parts import Facts, Heading, Items, Note, Paragraph, Run, Table, Text

# --- what is decided


def decision_block(pack: Shown) -> Parts:
    """What is decided, with alternatives, what follows from a no, and prior resolutions."""
    found = pack["decided_on"]
    body = found["body"] if found else _("Das Gremium steht noch nicht fest")
    when = (found and found["day"]) or _("Termin steht noch nicht fest")
    count = len(pack["items"])
    yield Facts(
        [
            (_("Entscheidung"), [Run(body, language="de"), Run(f", {when}" if found else "")]),
            (
                _("Entschieden wird über"),
                ngettext("{n} Nummer", "{n} Nummern, jede einzeln", count).format(n=count),
            ),
        ]
    )
    yield from paragraphs(pack["paper"].summary)
    for item in pack["items"]:
        yield from _item(item)
    for row in pack.get("consequences", []):
        yield Note(row["text"], title=row["title"])
    yield Heading(_("Alternativen"), level=2)
    yield Items([_alternative(row) for row in pack["alternatives"]])
    yield from priors_and_annexes(pack)


def _alternative(row: Shown) -> list[Run]:
    follows = " ".join(row["follows"].split())
    said = [Run(follows, language="de")] if follows else []
    return [*named(row["text"].rstrip(".") + ".", *said), *difference(row)]


def _item(item: Shown) -> Parts:
    yield Heading(german(item["title"]) if item["title"] else item["talk"]["name"], level=2,
                  number=str(item["number"]) if item["title"] else "")  # fmt: skip
    yield from paragraphs(item["text"])
    pairs: list[tuple[str, Text]] = [(_("Gefragt ist"), item["asks"])]
    if item["effect"] and not item["decision"]:
        pairs.append((_("Folge, wenn der Rat zustimmt"), item["effect"]))
    if item["advice"]:
        pairs.append((_("Bisher beraten"), _advice(item["advice"])))
    if not item["decision"]:
        pairs.append((_("Ergebnis"), _("Noch nicht entschieden")))
    yield Facts(pairs)
    if item["alternatives"]:
        yield Paragraph(_("Möglich ist auch:"))
        yield Items([german(line) for line in item["alternatives"]])
    if item["decision"]:
        yield Facts(decided(item["decision"]))
    yield from talk(item["talk"])


def _advice(rows: list[Shown]) -> list[Run]:
    runs: list[Run] = []
    for row in rows:
        runs += [*german(row["body"]), Run(f": {row['outcome']}")]
        runs += [Run(" ("), *german(row["votes"]), Run(")")] if row["votes"] else []
        runs.append(Run("; "))
    return runs[:-1]


# --- what changes, what it costs


def changes_block(pack: Shown) -> Parts:
    """How the goals differ from the edition in force, and what most people stand behind."""
    found = pack["text_changes"]
    if found["goals"]:
        yield Paragraph(found["base"])
        yield Facts([(word, str(number)) for word, number in found["goals"]])
    else:
        yield Paragraph(
            _(
                "Diese Fassung ist nicht durch die Überarbeitung einer früheren entstanden. Deshalb "
                "gibt es keinen Vergleich."
            )
        )
    kinds = ", ".join(f"{number} {word}" for word, number in found["measures"])
    yield Paragraph(f"{found['measure_count']}: {kinds}.")
    if found["dropped"]:
        yield Heading(_("Entfallene Ziele"), level=2)
        yield Items([german(words) for words in found["dropped"]])
    if found["largest"]:
        yield Heading(_("Die Änderungen, hinter denen die meisten Menschen stehen"), level=2)
        yield Items([_change(change) for change in found["largest"]])
    if number := found["without_change"]:
        yield Paragraph(
            ngettext(
                "{n} Thema ohne Änderung: Die Stadt hat zugesagt, etwas zu übernehmen, im Text "
                "steht dazu noch nichts.",
                "{n} Themen ohne Änderung: Die Stadt hat zugesagt, etwas zu übernehmen, im Text "
                "steht dazu noch nichts.",
                number,
            ).format(n=number)
        )
    if found["is_revised"]:
        number = found["number_of_changes"]
        words = ngettext("{n} Änderung mit Grund", "Alle {n} Änderungen mit Grund", number)
        yield Paragraph([linked(words.format(n=number), found["url"])])


def _change(change: Shown) -> list[Run]:
    where = _("{place}: alter Wortlaut und Grund, Nr. {n}").format(
        place=change["place"], n=change["number"]
    )
    return [Run(f"{change['text']} ", language="de"), linked(where, change["url"])]


def money_block(pack: Shown) -> Parts:
    """Sums by section, what is not estimated, and provisos."""
    found = pack.get("money", {"rows": [], "funding": [], "not_estimated": []})
    if found["rows"]:
        total = {**found["total"], "section": _("Summe")}
        yield Table(
            [_("Abschnitt"), _("Einmalig"), _("Jährlich"), _("Stellen"), _("Nicht geschätzt")],
            [
                [row[name] for name in ("section", "one_off", "yearly", "posts", "not_estimated")]
                for row in [*found["rows"], total]
            ],
            caption=_("Kosten der Maßnahmen, aus dem Text der Fassung gezählt"),
            widths=[3, 2, 2, 1.2, 2],
            is_numeric=[1, 2, 3, 4],
        )
        yield Paragraph(found["posts_said"], kind="small")
    if found["funding"]:
        yield Table(
            [_("Finanzierung"), _("Einmalig"), _("Jährlich"), _("Maßnahmen")],
            [
                [row["section"], row["one_off"], row["yearly"], str(row["count"])]
                for row in found["funding"]
            ],
            caption=_("Kosten der Maßnahmen nach Stand der Finanzierung"),
            widths=[3, 2, 2, 2],
            is_numeric=[1, 2, 3],
        )
    if found["not_estimated"]:
        count = len(found["not_estimated"])
        words = ngettext(
            "{n} Maßnahme ist noch nicht geschätzt.",
            "{n} Maßnahmen sind noch nicht geschätzt.",
            count,
        ).format(n=count)
        yield Paragraph(named(words, Run(_("In den Summen fehlen sie:"))))
        yield Items([german(f"{row['number']} {row['title']}") for row in found["not_estimated"]])
    yield from paragraphs(pack["paper"].finance)
    yield from finance_statement(pack["finance"])
    if not pack["provisos"]:
        yield Paragraph(_("Bisher hat kein Gremium seine Zustimmung an eine Bedingung geknüpft."))
        return
    yield Heading(_("Vorbehalte"), level=2)
    yield Items(
        [
            [
                Run(f"{row['body']}, " + _("Nummer {n}").format(n=row["number"]) + ": "),
                *german(row["text"]),
            ]
            for row in pack["provisos"]
        ]
    )


# --- the way through the bodies


def route_block(pack: Shown) -> Parts:
    """Each body with its day and result, and what follows after the decision."""
    for step in pack["route"]:
        times = _("{n}. Beratung").format(n=step["reading"]) if step["reading"] else ""
        yield Heading(", ".join(filter(None, [step["body"], times])), level=2)
        decides = " " + _("Hier wird entschieden.") if step["decides"] else ""
        when = _when(step)
        item = f", {step['agenda_item']}" if step["agenda_item"] else ""
        yield Paragraph(f"{when}{item}. {step['role']}, {step['status']}.{decides}", kind="small")
        yield from paragraphs(step["result"])
        yield from procedural(step["motions"])
        for decision in step["decisions"]:
            number = _("Nummer {n}").format(n=decision["number"])
            yield Facts([(_("Beschlusspunkt"), number), *decided(decision)])
    if found := pack.get("afterwards"):
        yield Heading(_("Umsetzung"), level=2)
        since = found["in_force_on"]
        yield Paragraph(
            _("in Kraft seit {day}").format(day=since) if since else _("danach"), kind="small"
        )
        if found["states"]:
            yield Items([f"{number} {word}" for word, number in found["states"]])
        else:
            yield Paragraph(found["plan"])
        yield Paragraph(f"{found['report']} {found['first_report']}".strip())
    yield from _tasks(pack)
    yield from duties(pack["duties"])
    yield from history(pack["history"])


def _tasks(pack: Shown) -> Parts:
    """Who does what until when, and who is in charge of the measures."""
    if pack["tasks"]:
        yield Table(
            [_("Was"), _("Wer"), _("Bis wann")],
            [
                [
                    [
                        Run(_("Nummer {n}").format(n=row["number"]) + ": "),
                        Run(row["what"], language="de"),
                    ],
                    [Run(row["who"], language="de")],
                    row["until"],
                ]
                for row in pack["tasks"]
            ],
            caption=_("Nach der Entscheidung: wer was bis wann tut"),
            widths=[4, 2.5, 2],
        )
    if pack.get("offices"):
        yield Paragraph(
            named(_("Wer für die Maßnahmen zuständig ist") + ":", Run("; ".join(pack["offices"])))
        )


def _when(step: Shown) -> str:
    if step["cancelled_on"] and not step["day"]:
        cancelled = _("Sitzung am {day} abgesagt, neuer Termin offen")
        return cancelled.format(day=step["cancelled_on"])
    return step["day"] or _("Termin steht noch nicht fest")
