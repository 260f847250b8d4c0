"""The lines of a synopsis as a sheet, one column for each thing, and a sheet about them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from site_content.pages.presenters.synopsis_lines import Shown
from workers.documents.sheets import Cell, Sheet

Column = tuple[str, Callable[[Shown], Cell], float]


def line_sheet(rows: list[Shown], head: Shown) -> Sheet:
    """One row a line, as on the page; the last columns say when and from where it was taken."""
    columns = [*_columns(), *_origin(head)]
    return Sheet(
        name=_("Synopse"),
        head=[name for name, _value, _width in columns],
        rows=[[_cell(value(row)) for _name, value, _width in columns] for row in rows],
        widths=[width for _name, _value, width in columns],
    )


def about_sheet(head: Shown, parts: Shown) -> Sheet:
    """What stands before the table on the page: figures with their meaning, sums, gaps."""
    prelude, sums, missing = parts["prelude"], parts["sums"], parts["missing"]
    rows: list[tuple[str, Cell, str]] = [
        (head["title"], head["round"], head["mark"]),
        (_("Stand"), head["date"], ""),
        (_("Adresse"), head["address"], ""),
        (_("Auswahl"), head["filter"], ""),
        *((figure["word"], figure["number"], figure["meaning"]) for figure in prelude["figures"]),
        (_("Zeitraum"), prelude["period"], ""),
        *((_("Zeitraum"), line, "") for line in (*prelude["extensions"], *prelude["suspensions"])),
        (_("Wege"), prelude["ways"]["channels"], prelude["ways"]["away"]),
        (_("Sprachen"), prelude["ways"]["languages"], ""),
        (_("Bekannt gemacht"), prelude["announcement"], ""),
        *((_("Was fehlt"), gap, "") for gap in prelude["gaps"]),
        *(
            (_("Zeilen: {outcome}").format(outcome=row["word"]), row["lines"], "")
            for row in sums["rows"]
        ),
        (_("Zeilen zusammen"), sums["lines"], sums["check"]),
        *(
            (_("Zugesagt, aber ohne Änderung"), line["number"], line["title"])
            for line in missing["without_change"]
        ),
        *(
            (_("Geändert, aber ohne Grund"), change["label"], change["url"])
            for change in missing["without_cause"]
        ),
    ]
    return Sheet(
        name=_("Angaben"),
        head=[_("Angabe"), _("Wert"), _("Bedeutung")],
        rows=[[_cell(value) for value in row] for row in rows],
        widths=[32, 60, 80],
    )


def invitee_sheet(prelude: Shown) -> list[Sheet]:
    """Whom the city asked by name, a row each; no sheet where it keeps no list."""
    rows = prelude["invitees"]
    if not rows:
        return []
    return [
        Sheet(
            name=_("Angeschrieben"),
            head=[
                _("Stelle"), _("Art"), _("angeschrieben am"), _("angeschrieben per"), _("Antwort"),
                _("geantwortet am"), _("Anmerkungen"), _("Adresse der Anmerkungen"),
            ],
            rows=[
                [
                    row["name"], str(row["kind"]), row["invited"], str(row["channel"]),
                    str(row["answer"]), row["answered"],
                    lines_of(said["text"] for said in row["said"]),
                    lines_of(said["url"] for said in row["said"]),
                ]
                for row in rows
            ],
            widths=[40, 20, 18, 20, 20, 18, 30, 40],
        )
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        (_("Nr."), lambda row: row["number"], 14),
        (_("Art"), _kind, 12),
        (_("Thema"), lambda row: row["title"], 30),
        (_("Abschnitt"), lambda row: row["section"], 28),
        (_("Stelle mit Wortlaut"), _places, 40),
        (_("Adresse der Stelle"), lambda row: lines_of(p["url"] for p in _all_places(row)), 30),
        (_("Von"), lambda row: lines_of(s["text"] for s in row["senders"]), 30),
        (_("Stellungnahme"), statement_text, 60),
        (_("Sprache des Originals"), _language, 14),
        (_("Adresse der Originale"), lambda row: row["url"], 30),
        (_("Nummern der Beiträge"), lambda row: " ".join(row["refs"]), 30),
        (_("Beiträge"), lambda row: row["bundle"]["size"], 10),
        (_("Personen"), lambda row: row["bundle"]["people"], 10),
        (_("Nach Wegen"), lambda row: row["bundle"]["channels"], 24),
        (_("Nach Nachweis der Person"), lambda row: row["bundle"]["classes"], 24),
        (_("Abwägung"), lambda row: row["answer"]["reason"] if row["answer"] else "", 60),
        (_("Entscheidungsvorschlag"), outcome_text, 24),
        (_("Stand der Antwort"), stage_text, 24),
        (_("Wirkung im Text"), effect_labels, 36),
        (_("Alter Wortlaut"), lambda row: lines_of(plain_side(e["old"]) for e in row["effects"]), 40),
        (_("Neuer Wortlaut"), lambda row: lines_of(plain_side(e["new"]) for e in row["effects"]), 40),
        (_("Adresse der Änderung"), lambda row: lines_of(e["url"] for e in row["effects"]), 30),
        (_("Federführung"), lambda row: row["lead"], 24),
        (_("Rat"), lambda row: lines_of(_council(found) for found in row["council"]), 36),
    ]  # fmt: skip


def _origin(head: Shown) -> list[Column]:
    asked = head["invited"]
    return [
        (_("Stand der Tabelle"), lambda _row: head["date"], 18),
        (_("Adresse der Tabelle"), lambda _row: head["address"], 30),
        (_("Auswahl"), lambda _row: head["filter"], 24),
        *([(_("Vermerk"), lambda _row: head["mark"], 24)] if head["mark"] else []),
        *([(_("Angeschriebene Stellen"), lambda _row: asked, 40)] if asked else []),
    ]


# --- the words of a line that all files share ----------------------------------------------------


def lines_of(words: Any) -> str:
    """Words below each other; empty ones are left out."""
    return "\n".join(word for word in words if word)


def place_name(place: Shown) -> str:
    """Name and edition of a place."""
    return _("{place}, Fassung {n}").format(place=place["name"], n=place["edition"])


def statement_text(row: Shown) -> str:
    """A single voice in its own words with what it proposes, or what a theme is about."""
    if row["own"]:
        wording = row["own"]["wording"]
        proposed = [f"{wording['title']}: {wording['new'] or wording['old']}"] if wording else []
        return lines_of([row["own"]["text"], *proposed])
    return lines_of([row["concern"], *(line["text"] for line in row["sentences"])])


def outcome_text(row: Shown) -> str:
    """The outcome, or that there is none yet."""
    return str(row["answer"]["outcome"]) if row["answer"] else _("Noch offen")


def stage_text(row: Shown) -> str:
    """Whether the answer is published, drafted, due or late."""
    if row["answer"] and not row["answer"]["stage"]:
        return _("veröffentlicht")
    stage = [str(row["answer"]["stage"])] if row["answer"] else []
    return "; ".join([*stage, row["waiting"]["text"]] if row["waiting"] else stage)


def effect_labels(row: Shown) -> str:
    """Which changes there are, or why there is none."""
    return lines_of([*(effect["label"] for effect in row["effects"]), row["no_effect"]])


def plain_side(parts: list[tuple[str, str]]) -> str:
    """One side of a change without its marks."""
    return "".join(text for _op, text in parts)


def council_text(found: Shown) -> str:
    """What the council did, where and when."""
    return ", ".join(word for word in (found["text"], found["meeting"]) if word)


def paper_name(found: Shown) -> str:
    """The paper that the council dealt with."""
    return _("Vorlage {reference}").format(reference=found["paper"])


def _council(found: Shown) -> str:
    return f"{paper_name(found)}, {council_text(found)}"


def _cell(value: Any) -> Cell:
    # Words in the reader's language are chosen late; a sheet wants them now.
    return value if isinstance(value, int) else str(value)


def _kind(row: Shown) -> str:
    return _("Einzelstimme") if row["is_single_voice"] else _("Thema")


def _all_places(row: Shown) -> list[Shown]:
    return [*row["places"], *row["more_places"]]


def _places(row: Shown) -> str:
    return lines_of(
        f"{place_name(place)}: „{place['quote']}“" if place["quote"] else place_name(place)
        for place in _all_places(row)
    )


def _language(row: Shown) -> str:
    return row["own"]["language"]["name"] if row["own"] else ""
