"""What still stands between a round and its answer."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from consult.contributions.selectors import unconfirmed_texts
from consult.evaluation.admin_views.bench import LOOSE
from consult.evaluation.selectors import open_objections, unanswered_themes
from consult.intake.selectors import not_entered


def obstacles(page) -> list[dict[str, str]]:
    """What keeps the round of a page of the workshop from being answered, each with a link."""
    round_ = page.round_
    unanswered = unanswered_themes(round_).count()
    now = timezone.now()
    unconfirmed = unconfirmed_texts(round_, now)
    entering = not_entered(round_)
    objections = open_objections(round_).count()
    reasons = [
        (
            unconfirmed,
            ngettext(
                "%(number)s Text ohne Konto kann noch bestätigt werden. Danach macht das "
                "Programm von selbst Vorschläge für alles, was noch kein Thema hat.",
                "%(number)s Texte ohne Konto können noch bestätigt werden. Danach macht das "
                "Programm von selbst Vorschläge für alles, was noch kein Thema hat.",
                unconfirmed,
            ),
            "",
        ),
        (
            entering,
            ngettext(
                "%(number)s Mitschrift oder Datei ist noch nicht geprüft und eingegangen.",
                "%(number)s Mitschriften oder Dateien sind noch nicht geprüft und eingegangen.",
                entering,
            ),
            "",
        ),
        (
            page.sums["in_review"],
            ngettext(
                "%(number)s Beitrag ist noch in Prüfung.",
                "%(number)s Beiträge sind noch in Prüfung.",
                page.sums["in_review"],
            ),
            "",
        ),
        (
            page.bench.loose,
            ngettext(
                "%(number)s Beitrag ist ohne Thema.",
                "%(number)s Beiträge sind ohne Thema.",
                page.bench.loose,
            ),
            page.url_of_list(LOOSE),
        ),
        (
            unanswered,
            ngettext(
                "%(number)s Thema hat noch keine veröffentlichte Antwort.",
                "%(number)s Themen und Einzelstimmen haben noch keine veröffentlichte Antwort.",
                unanswered,
            ),
            reverse("responses:of_round", args=[round_.ref]),
        ),
        (
            objections,
            ngettext(
                "%(number)s Einwand ist offen: Jemandem fehlt das eigene Anliegen.",
                "%(number)s Einwände sind offen: Verfassenden fehlt ihr Anliegen.",
                objections,
            ),
            page.bench.url("objections"),
        ),
    ]
    return [
        {"text": text % {"number": number}, "url": url} for number, text, url in reasons if number
    ]
