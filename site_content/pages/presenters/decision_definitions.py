"""What the figures of a decision pack count: it stands at the end of the page and of every copy."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

Shown = dict[str, Any]


def definitions_of(pack: Shown) -> list[Shown]:
    """The definitions of the figures that the pack shows: {code, word, meaning}."""
    rows = [
        *(_of_the_text(pack) if pack["adopts"] else []),
        *(_of_rounds(pack["heard"]) if pack["heard"] else []),
    ]
    return [{"code": code, "word": word, "meaning": meaning} for code, word, meaning in rows]


def _of_the_text(pack: Shown) -> Iterator[tuple[str, str, str]]:
    yield (
        "goals",
        _("Ziele"),
        _(
            "Gezählt sind die Ziele im Text. Neu ist ein Ziel, das es in der verglichenen Fassung "
            "nicht gibt. Geändert ist eines mit anderem Wortlaut. Entfallen ist eines, das nur dort "
            "steht."
        ),
    )
    yield (
        "costs",
        _("Maßnahmen und Kosten"),
        _(
            "Stand und Beträge stehen bei den Maßnahmen im Text. Fehlend heißt: Die Lücke ist "
            "bekannt, die Maßnahme gibt es noch nicht. Was nicht geschätzt ist, steht in keiner "
            "Summe."
        ),
    )
    if pack["votes"]["was_voted"]:
        yield (
            "votes",
            _("Stimmen"),
            _(
                "Stimmen zu diesem Ziel am Ende der Runde. Jedes Konto zählt einmal. Wer seine "
                "Stimme geändert hat, zählt mit der letzten."
            ),
        )
        yield (
            "groups",
            _("Meinungsgruppen"),
            _(
                "Menschen, die über die Ziele ähnlich abgestimmt haben. Ein Programm findet die "
                "Gruppen. Sie heißen nach Buchstaben; Gruppen unter zehn stehen nie allein."
            ),
        )
        yield (
            "classes",
            _("Art der Bestätigung"),
            _(
                "Ob die E-Mail-Adresse bestätigt ist oder ob die Person auch erklärt hat, in der "
                "Stadt zu wohnen."
            ),
        )


def _of_rounds(heard: list[Shown]) -> Iterator[tuple[str, str, str]]:
    yield (
        "received",
        _("Beiträge"),
        _(
            "Alle Beiträge mit einer Nummer. Ein Beitrag ohne Konto zählt, sobald er per E-Mail "
            "bestätigt ist."
        ),
    )
    yield (
        "contributors",
        _("Personen mit Konto"),
        _("Konten mit mindestens einem Beitrag, der nicht zurückgezogen und nicht gelöscht ist."),
    )
    yield (
        "guests",
        _("Beiträge ohne Konto"),
        _(
            "Ohne Konto wissen wir nicht, welche Beiträge von derselben Person sind. Deshalb "
            "zählen wir hier Beiträge. In der Angabe „von … Personen“ zählt jeder davon als eine "
            "Person."
        ),
    )
    left_out = _("Zurückgezogene und gelöschte Beiträge zählen hier nicht mit.")
    ways = _("Wie Beiträge zu uns kamen. Alle Wege zählen gleich.")
    languages = _(
        "In welcher Sprache ein Beitrag geschrieben ist. Ein Programm hat sie erkannt und kann "
        "irren."
    )
    yield "channels", _("Wege"), f"{ways} {left_out}"
    yield "languages", _("Sprachen"), f"{languages} {left_out}"
    yield (
        "themes",
        _("Themen"),
        _("Beiträge mit demselben Anliegen, von Menschen zusammengestellt."),
    )
    yield (
        "single_voices",
        _("Einzelstimmen"),
        _("Beiträge, mit denen niemand sonst Ähnliches sagt. Jeder bekommt eine eigene Antwort."),
    )
    if any(figure["url"].endswith("-voters") for found in heard for figure in found["figures"]):
        yield _voters()


def _voters() -> tuple[str, str, str]:
    return (
        "voters",
        _("Abstimmende"),
        _(
            "Konten, die zu mindestens einem Ziel abgestimmt haben. Wer seine Stimme ändert, zählt "
            "einmal. Unter zehn zeigen wir die Zahl nicht."
        ),
    )
