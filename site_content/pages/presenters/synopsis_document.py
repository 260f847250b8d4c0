"""The synopsis as a document: prelude, sums, what does not fit, and the table in six columns."""

from typing import Any

from django.utils.translation import gettext as _

from site_content.pages.presenters.synopsis_lines import Shown
from site_content.pages.presenters.synopsis_sheets import (
    council_text,
    outcome_text,
    paper_name,
    place_name,
    stage_text,
)
from workers.documents.parts import Facts, Heading, Items, Paragraph, Part, Run, Table

WIDTHS = (18, 14, 23, 22, 24, 15)
# The rest, with its quotes, is one link away.
SENTENCES_SHOWN = 1
MARKS = {"insert": "added", "delete": "struck"}


def document_body(rows: list[Shown], parts: Shown) -> list[Part]:
    """The parts of the document in their order."""
    return [
        *_prelude(parts["prelude"]),
        *_sums(parts["sums"]),
        *_missing(parts["missing"]),
        Heading(_("Die Tabelle")),
        *([_table(rows)] if rows else [Paragraph(_("Keine Zeile passt zu dieser Auswahl."))]),
    ]


def _prelude(prelude: Shown) -> list[Part]:
    ways = prelude["ways"]
    return [
        Heading(_("Wer gefragt wurde und wer geantwortet hat")),
        Table(
            [_("Angabe"), _("Zahl"), _("Was sie bedeutet")],
            [[row["word"], str(row["number"]), row["meaning"]] for row in prelude["figures"]],
            widths=(3, 1, 8),
            is_numeric=[1],
        ),
        *_invitees(prelude["invitees"]),
        Facts(
            [
                (_("Zeitraum"), prelude["period"]),
                *((_("Verlängert"), line) for line in prelude["extensions"]),
                *((_("Unterbrochen"), line) for line in prelude["suspensions"]),
                (_("Wege"), ways["channels"] or _("noch keine")),
                *([(_("Auf Papier und vor Ort"), ways["away"])] if ways["away"] else []),
                (_("Sprachen"), ways["languages"] or _("noch keine")),
                (_("Bekannt gemacht"), prelude["announcement"]),
            ]
        ),
        Heading(_("Was bekanntermaßen fehlt"), level=2),
        Items(prelude["gaps"]),
    ]


def _invitees(rows: list[Shown]) -> list[Part]:
    """Whom the city asked by name, with what came back."""
    if not rows:
        return []
    return [
        Heading(_("Wen die Stadt angeschrieben hat"), level=2),
        Table(
            [_("Stelle"), _("Art"), _("angeschrieben"), _("Antwort")],
            [
                [
                    row["name"],
                    str(row["kind"]),
                    f"{row['invited']}, {row['channel']}",
                    _answer_of(row),
                ]
                for row in rows
            ],
            widths=(4, 2, 3, 4),
        ),
    ]


def _answer_of(row: Shown) -> list[Run]:
    said = f"{row['answer']}, {row['answered']}" if row["answered"] else str(row["answer"])
    return _joined([[Run(said)], *([Run(one["text"], link=one["url"])] for one in row["said"])])


def _sums(sums: Shown) -> list[Part]:
    return [
        Heading(_("Zeilen nach Ergebnis")),
        Table(
            [_("Ergebnis"), _("Zeilen"), _("Beiträge")],
            [
                *(
                    [row["word"], str(row["lines"]), str(row["contributions"])]
                    for row in sums["rows"]
                ),
                [
                    [Run(_("zusammen"), bold=True)],
                    [Run(str(sums["lines"]), bold=True)],
                    [Run(str(sums["contributions"]), bold=True)],
                ],
            ],
            widths=(4, 1, 1),
            is_numeric=[1, 2],
        ),
        Paragraph(
            _("{check} Überfällige Antworten: {late}.").format(
                check=sums["check"], late=sums["late"]
            )
        ),
    ]


def _missing(missing: Shown) -> list[Part]:
    return [
        Heading(_("Was nicht zusammenpasst")),
        Heading(_("Zugesagt, aber ohne Änderung"), level=2),
        _listed(
            [
                [Run(f"{line['number']} {line['title']}", link=line["url"]), Run(f": {line['outcome']}")]
                for line in missing["without_change"]
            ],
            _("Keine. Zu jeder Zusage steht eine Änderung in einer freigegebenen Fassung."),
        ),
        Heading(_("Geändert, aber ohne Grund"), level=2),
        _listed(
            [[Run(row["label"], link=row["url"])] for row in missing["without_cause"]],
            _("Keine. Jede Änderung des Textes nennt ihren Grund."),
        ),
    ]  # fmt: skip


def _listed(items: list[list[Run]], nothing: str) -> Part:
    return Items(items) if items else Paragraph(nothing)


def _table(rows: list[Shown]) -> Table:
    return Table(
        [
            _("Nr. und Stelle"),
            _("Von, Bündel"),
            _("Stellungnahme"),
            _("Abwägung"),
            _("Entscheidungsvorschlag und Wirkung im Text"),
            _("Federführung und Rat"),
        ],
        [[cell(row) for cell in (_where, _who, _said, _weighed, _proposed, _led)] for row in rows],
        widths=WIDTHS,
    )


# --- the six cells -------------------------------------------------------------------------------


def _where(row: Shown) -> list[Run]:
    kind = [[Run(_("Einzelstimme"))]] if row["is_single_voice"] else []
    more = len(row["more_places"])
    rest = [[Run(_("und weitere Stellen: {n}").format(n=more))]] if more else []
    return _joined(
        [
            [Run(row["number"], link=row["url"])],
            [Run(row["title"], bold=True)],
            *kind,
            *(_place(place) for place in row["places"]),
            *rest,
        ]
    )


def _place(place: Shown) -> list[Run]:
    quote = [Run(f": „{place['quote']}“")] if place["quote"] else []
    return [Run(place_name(place), link=place["url"]), *quote]


def _who(row: Shown) -> list[Run]:
    bundle = row["bundle"]
    return _joined(
        [
            *([Run(sender["text"], link=sender["url"])] for sender in row["senders"]),
            *_labelled(_("Bündel"), bundle["words"]),
            *([Run(words)] for words in (bundle["channels"], bundle["classes"]) if words),
        ]
    )


def _said(row: Shown) -> list[Run]:
    if row["own"]:
        own = row["own"]
        return _joined(
            [
                *([_marked(own["wording"]["parts"])] if own["wording"] else []),
                [Run(own["text"], language=_foreign(own["language"]["code"]))],
                [Run(own["ref"], link=own["url"])],
            ]
        )
    return _joined(
        [
            *([[Run(row["concern"])]] if row["concern"] else []),
            *([Run(line["text"])] for line in row["sentences"][:SENTENCES_SHOWN]),
            [Run(row["all_label"], link=row["url"])],
        ]
    )


def _weighed(row: Shown) -> list[Run]:
    return [Run(row["answer"]["reason"] if row["answer"] else _("Die Antwort steht noch aus."))]


def _proposed(row: Shown) -> list[Run]:
    stage = "" if row["answer"] and not row["answer"]["stage"] else stage_text(row)
    return _joined(
        [
            [Run(outcome_text(row), bold=True)],
            *([[Run(stage)]] if stage else []),
            *(line for effect in row["effects"] for line in _effect(effect)),
            *([[Run(row["no_effect"])]] if row["no_effect"] else []),
        ]
    )


def _effect(effect: Shown) -> list[list[Run]]:
    return [
        [Run(effect["label"], link=effect["url"])],
        *([[Run(_("Alt: ")), *_marked(effect["old"])]] if effect["old"] else []),
        *([[Run(_("Neu: ")), *_marked(effect["new"])]] if effect["new"] else []),
    ]


def _led(row: Shown) -> list[Run]:
    council = [
        [Run(paper_name(found), link=found["url"]), Run(f", {council_text(found)}")]
        for found in row["council"]
    ]
    return _joined(
        [
            [Run(row["lead"] or _("noch nicht bestimmt"))],
            [Run(_("Rat"), bold=True)],
            *(council or [[Run(_("noch keine Vorlage"))]]),
        ]
    )


def _labelled(label: str, words: str) -> list[list[Run]]:
    return [[Run(label, bold=True)], [Run(words)]]


def _marked(parts: list[tuple[str, str]]) -> list[Run]:
    return [Run(text, change=_mark(op)) for op, text in parts]


def _mark(op: str) -> Any:
    return MARKS.get(op, "")


def _foreign(code: str) -> str:
    return "" if code == "de" else code


def _joined(lines: list[list[Run]]) -> list[Run]:
    """Lines of a cell below each other."""
    found: list[Run] = []
    for line in lines:
        if found:
            found.append(Run("\n"))
        found += line
    return found
