"""The blocks of a pack's document about contested goals and about who was heard."""

from dataclasses import replace

from django.utils.translation import gettext as _

from site_content.pages.presenters.decision_document_parts import (
    Parts,
    Shown,
    difference,
    german,
    linked,
    named,
    paragraphs,
    position_words,
    talk,
)
from site_content.pages.presenters.figures import apart, listed
from site_content.pages.presenters.section_talk import translated_by
from workers.documents.parts import Facts, Heading, Items, Note, Paragraph, Quote, Run

# --- what is contested, how people were heard


def goals_block(pack: Shown) -> Parts:
    """Contested goals with both sides, what members call, the list en bloc, and the bodies."""
    votes = pack["votes"]
    if votes["was_voted"]:
        without = f" {votes['without_count']}." if votes["without"] else ""
        yield Paragraph(f"{votes['contested_count']}. {votes['agreed_count']}.{without}")
        yield Paragraph(votes["rule"], kind="small")
    else:
        yield Paragraph(
            _(
                "Über die Ziele dieser Fassung gibt es noch kein Ergebnis einer abgeschlossenen "
                "Abstimmung."
            )
        )
    for goal in votes["contested"]:
        yield from _contested(goal)
    if votes["called"]:
        yield Heading(votes["called_count"], level=2)
        yield Paragraph(
            _(
                "Diese Ziele sind nicht umstritten. Sie stehen nicht auf der gemeinsamen Liste, "
                "weil Mitglieder des Rats dazu sprechen möchten."
            )
        )
        for goal in votes["called"]:
            yield Paragraph(_goal_line(goal))
            yield from _at_goal(goal)
    if votes["agreed"]:
        yield Heading(votes["en_bloc_count"], level=2)
        if votes["en_bloc_bodies"]:
            yield Paragraph(votes["en_bloc_bodies"])
        yield Paragraph(_("Auf Antrag kann jedes dieser Ziele einzeln aufgerufen werden."))
        yield from _lists(votes["agreed"])
    if votes["without"]:
        yield Heading(votes["without_count"], level=2)
        yield Paragraph(
            _(
                "Diese Ziele sind neu, stehen durch ein Gesetz fest oder haben weniger als zehn "
                "Stimmen."
            )
        )
        yield from _lists(votes["without"])
    yield from _bodies(pack["advice"])


def _lists(parts: list[Shown]) -> Parts:
    for part in parts:
        yield Heading(part["section"], level=3, language="de")
        yield Items([_goal_line(goal) for goal in part["goals"]])
        for goal in part["goals"]:
            yield from _at_goal(goal)


def _at_goal(goal: Shown) -> Parts:
    yield from _notes(goal)
    yield from _options(goal)
    yield from talk(goal["talk"])


def _options(goal: Shown) -> Parts:
    """What the council could choose at a goal, with a link to the motion that asks for it."""
    if goal["options"]:
        name = _("Ziel {number}").format(number=goal["number"])
        yield Paragraph(named(name + ".", Run(_("Möglich:"))))
        yield Items([_option(row) for row in goal["options"]])


def _option(row: Shown) -> list[Run]:
    runs = named(row["letter"], Run(row["text"], language="de" if row["costs"] else ""))
    runs += difference(row)
    if row["motion"]:
        name = f"{_('Änderungsantrag')} {row['motion']['name']}"
        runs += [Run(" "), Run(name, link=f"#{row['motion']['anchor']}")]
    return runs


def _notes(goal: Shown) -> Parts:
    """What bodies asked for at a goal to which they agreed."""
    for row in goal["positions"]:
        if row["note"] or row["corrected"]:
            name = _("Ziel {number}").format(number=goal["number"])
            yield Paragraph([Run(f"{name}, {row['body']}: {position_words(row)}")], kind="small")


def _goal_line(goal: Shown) -> list[Run]:
    fixed = [Run(" (" + _("steht fest") + ")")] if goal["is_fixed"] else []
    return [
        linked(goal["number"], goal["url"]),
        Run(" "),
        Run(goal["wording"], language="de"),
        *fixed,
    ]


def _contested(goal: Shown) -> Parts:
    number = _("Ziel {number}").format(number=goal["number"])
    yield Heading([Run(f"{number} ("), Run(goal["section"], language="de"), Run(")")], level=2)
    yield Paragraph(german(goal["wording"]), kind="lead")
    for side in goal["sides"]:
        yield Heading(side["title"], level=3)
        yield from _side(side["quote"])
    if goal["disagreement"]:
        yield Paragraph([Run(goal["disagreement"], bold=True)])
    pairs = [(_("Stimmen"), goal["result"] or _("kein Ergebnis"))]
    if goal["groups"]:
        pairs.append((_("Zustimmung je Meinungsgruppe"), goal["groups"]))
    if goal["classes"]:
        pairs.append((_("Zustimmung nach Art der Bestätigung"), goal["classes"]))
    pairs += [(row["body"], position_words(row)) for row in goal["positions"]]
    yield Facts(pairs)
    yield from _options(goal)
    if goal["other_edition"]:
        voted = _("Abgestimmt wurde über den Wortlaut von Fassung {n}.")
        yield Paragraph(voted.format(n=goal["other_edition"]), kind="small")
    yield from talk(goal["talk"])


def _side(quote: Shown | None) -> Parts:
    if quote is None:
        yield Paragraph(_("Bei diesem Ziel steht kein solcher Beitrag."), kind="small")
        return
    source = listed(list(filter(None, [apart(quote["ref"]), str(quote["notes"])])))
    yield Quote(quote["text"], language=quote["language"]["code"], source=source)
    if row := quote["translation"]:
        yield Paragraph(translated_by(row.service), kind="small")
        yield Paragraph(row.text)


def _bodies(advice: list[Shown]) -> Parts:
    yield Heading(_("Was die Gremien bisher zum Text sagen"), level=2)
    if not advice:
        yield Paragraph(_("Vor der Entscheidung berät kein anderes Gremium."))
        return
    yield Items([_body(row) for row in advice])


def _body(row: Shown) -> list[Run]:
    when = f", {row['day']}" if row["day"] else ""
    votes = f" ({row['votes']})" if row["votes"] else ""
    result = f". {row['result']}" if row["result"] else ""
    return [
        Run(row["body"], bold=True, language="de"),
        Run(f" ({row['role']}{when}): {row['outcome']}{votes}{result}"),
    ]


def heard_block(pack: Shown) -> Parts:
    """Each round: figures with their definitions, who is missing, how far the figures go."""
    for found in pack["running"]:
        yield Note(
            _(
                "Runde {ref} läuft noch bis {day}: {title}. Ihre Ergebnisse stehen hier, sobald sie "
                "ausgewertet ist."
            ).format(ref=found["ref"], day=found["closes"], title=found["title"])
        )
    for round_ in pack["heard"]:
        yield from _round(round_)
    if not pack["heard"]:
        yield Paragraph(
            _("Zu dieser Fassung gibt es noch keine abgeschlossene Runde der Beteiligung.")
        )


def _round(found: Shown) -> Parts:
    name = _("Runde {ref}: {title}").format(ref=found["ref"], title=found["title"])
    yield Heading(name, level=2)
    yield Paragraph(found["window"], kind="small")
    yield Facts(
        [(str(one["word"]), [linked(str(one["number"]), one["url"])]) for one in found["figures"]]
    )
    if found["outcomes"]:
        yield Paragraph(found["outcomes"])
    yield Paragraph(named(_("Wer mitgeredet hat:"), Run(_took_part(found["taking_part"]))))
    missing = " ".join([*found["missing"], found["limits"]])
    yield Paragraph(named(_("Wer fehlt:"), Run(missing)))
    yield Note(
        [
            Run(" ".join(found["integrity"]) + " "),
            linked(_("Was die Zahlen bedeuten"), f"{found['url']}#zahlen"),
        ],
        title=_("Wie verlässlich die Zahlen sind"),
    )
    if found["refusals"]:
        yield Heading(_("Nicht übernommen: die Themen mit den meisten Menschen"), level=3)
    for row in found["refusals"]:
        name = replace(linked(row["title"], row["url"]), language="de")
        yield Heading([name, Run(f" ({row['voices']}): {row['outcome']}")], level=4)
        yield from paragraphs(row["reason"])
    words = _("Alle Themen und Antworten der Runde {ref}").format(ref=found["ref"])
    yield Paragraph([linked(words, found["url"])])
    if found["synopsis"]:
        annex = _("Anlage: Synopse (Abwägungstabelle) der Runde {ref}").format(ref=found["ref"])
        yield Paragraph([linked(annex, found["synopsis"])])


def _took_part(found: Shown) -> str:
    named_parts = [
        (_("Wege"), found["channels"]),
        (_("Auf Papier und vor Ort"), found["away"]),
        (_("Sprachen"), found["languages"]),
    ]
    return " ".join(f"{name}: {words}." for name, words in named_parts if words)
