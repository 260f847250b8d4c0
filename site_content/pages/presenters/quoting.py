"""Words of the concept that stand in quotation marks, and words of residents as quotes."""

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.contributions.states import Channel, Kind
from drafts.concept.languages import language_of
from site_content.pages.presenters.figures import listed

Shown = dict[str, Any]

ONE_LEVEL_DOWN = str.maketrans({"„": "‚", "“": "‘"})


def quoted(words: str) -> str:
    """Return words as they stand between „ and “: marks one level down, cut between two words.

    A quote is kept with a length in characters and may end within a word.
    """
    if words.endswith("…") and " " in words:
        words = words.rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
    return words.translate(ONE_LEVEL_DOWN)


def isolated(sentence: str) -> str:
    """Keep the direction of quoted words from turning round the sentence that quotes them."""
    return re.sub("„([^“]*)“", "„\N{FIRST STRONG ISOLATE}\\1\N{POP DIRECTIONAL ISOLATE}“", sentence)


def author_name(contribution: Contribution) -> str:
    """Under which name a contribution stands."""
    name = contribution.display_name
    if contribution.kind == Kind.STATEMENT and name:
        return _("Stellungnahme: {name}").format(name=name)
    return name or _("Teilnehmende Person")


def quote_of(contribution, text: str) -> Shown:
    """Somebody's own words with number, channel and language."""
    language = language_of(contribution.language)
    notes = [author_name(contribution)] if contribution.kind == Kind.STATEMENT else []
    if contribution.channel != Channel.ONLINE:
        notes.append(contribution.get_channel_display())
    if contribution.language != "de":
        notes.append(_("im Original auf {language}").format(language=language["name"]))
    return {
        "text": text,
        "ref": contribution.ref,
        "url": reverse("contribution", args=[contribution.ref]),
        "language": language,
        "notes": listed([str(note) for note in notes]),
    }
