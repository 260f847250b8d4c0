"""Who took part in a round, how and in which languages."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.states import Channel
from consult.evaluation.selectors import participation
from consult.intake.selectors import figures_of
from consult.intake.states import OccasionKind
from consult.rounds.models import ConsultationRound
from drafts.concept.languages import language_of
from site_content.pages.presenters.figures import listed

Shown = dict[str, Any]


def taking_part(
    round_: ConsultationRound, found: Shown | None = None, away: Shown | None = None
) -> Shown:
    """Who took part, how and in which languages, in finished words.

    `found` are the round's figures (`participation`) and `away` what came in away from the site
    (`figures_of`), where they were read already.
    """
    found = found or participation(round_)
    by_channel = Counter(found["channels"])
    languages = Counter(found["languages"])
    return {
        "contributors": found["contributors"],
        "by_guests": found["by_guests"],
        "channels": listed(
            [
                _("{n} {channel}").format(n=number, channel=Channel(code).label)
                for code, number in by_channel.most_common()
            ]
        ),
        "languages": listed(
            [
                _("{n} auf {language}").format(n=number, language=language_of(code)["name"])
                for code, number in languages.most_common()
            ]
        ),
        "away": _away(away or figures_of(round_)),
    }


def _away(found: Shown) -> str:
    """Where contributions were collected that nobody typed in here, and who spoke for members."""
    phrases = [
        f"{OccasionKind(code).label} ({number})" for code, number in found["by_kind"].most_common()
    ]
    if found["organisations"]:
        phrases.append(
            ngettext(
                "{n} Stellungnahme einer Organisation",
                "{n} Stellungnahmen von Organisationen",
                found["organisations"],
            ).format(n=found["organisations"])
        )
    return listed(phrases)
