"""The block of a pack's document about amendment motions: what is to be added and struck."""

from django.utils.translation import gettext as _

from site_content.pages.presenters.decision_document_parts import (
    Parts,
    Shown,
    german,
    linked,
    named,
    paragraphs,
)
from workers.documents.parts import Facts, Heading, Items, Note, Paragraph, Run

CHANGES = {"insert": "added", "delete": "struck"}


def motions_block(pack: Shown) -> Parts:
    """All filed motions with their difference, and those that cannot both hold."""
    found = pack["motions"]
    if found["conflicts"]:
        yield Note(
            " ".join(found["conflicts"]),
            title=_("Anträge, die nicht beide gelten können"),
            kind="warning",
        )
    for motion in found["entries"]:
        yield from _motion(motion)
    if not found["entries"]:
        yield Paragraph(_("Noch ist kein Änderungsantrag eingereicht."))


def _motion(motion: Shown) -> Parts:
    name = Run(f"{motion['name']}: ")
    yield Heading([name, Run(motion["place"], language="de")], level=2, anchor=motion["anchor"])
    filed = _("{mover}, eingereicht am {day}").format(mover=motion["mover"], day=motion["filed"])
    yield Paragraph(f"{filed}. {motion['status']}", kind="small")
    yield Heading(motion["title"], level=3)
    yield Paragraph(
        [
            Run(text, language="de", change=CHANGES.get(op, ""))  # type: ignore[arg-type]
            for op, text in motion["wording"]["parts"]
        ]
    )
    for sentence in motion["conflicts"]:
        yield Note(sentence, kind="warning")
    if motion["reason"]:
        yield Paragraph(_("Begründung"), kind="small")
        yield from paragraphs(motion["reason"])
    if motion["theme"]:
        theme = linked(motion["theme"]["title"], motion["theme"]["url"])
        yield Paragraph(named(_("Greift ein Thema der Beteiligung auf:"), theme))
    yield Paragraph(named(_("Kosten:"), *german(motion["finance"])))
    for sentence in motion["effects"]:
        yield Paragraph(sentence, kind="small")
    yield from _course(motion)


def _course(motion: Shown) -> Parts:
    """What became of it, and what the bodies said."""
    if motion["settled_by"]:
        yield Paragraph(named(_("Erledigt durch:"), *german(motion["settled_by"]["text"])))
    if motion["status_reason"]:
        yield Paragraph(german(motion["status_reason"]))
    if motion["advice"]:
        advice = "; ".join(f"{row['body']}: {row['outcome']}" for row in motion["advice"])
        yield Paragraph(named(_("Bisher beraten:"), Run(advice)))
    if motion["vote"]:
        yield from _vote(motion["vote"])


def _vote(vote: Shown) -> Parts:
    status = f" ({vote['status']})" if vote["is_provisional"] else ""
    pairs = [(_("Ergebnis"), vote["outcome"] + status), (_("Abstimmung"), vote["note"])]
    pairs += [(row["word"], _groups(row)) for row in vote["groups"]]
    yield Facts([(str(name), text) for name, text in pairs if text])
    if vote["wording"]:
        yield Paragraph(_("Angenommen wurde dieser Wortlaut:"), kind="small")
        yield from paragraphs(vote["wording"])
    if vote["correction"]:
        corrected = _("Nach der Niederschrift berichtigt. Vorher stand hier: {former}.")
        former = corrected.format(former=vote["former"])
        yield Items([[Run(f"{former} "), *german(vote["correction"])]])


def _groups(row: Shown) -> str:
    return row["groups"] if row["total"] is None else f"{row['total']}: {row['groups']}"
