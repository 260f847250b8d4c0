"""The blocks of a decision pack with the time that reading them takes."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Words a minute of somebody who reads a text closely; most people read faster.
WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Block:
    """A rendered block; `words` is how many words it shows."""

    id: str
    title: str
    html: SafeString
    words: int

    @property
    def minutes(self) -> str:
        """The time to read it, at least a minute."""
        number = _minutes(self.words)
        return ngettext("{n} Minute", "{n} Minuten", number).format(n=number)


# Address, title, template, and whether it is only about a text that the paper adopts.
BLOCKS = [
    ("entscheidung", gettext_lazy("Was entschieden wird"), "items", False),
    ("aenderungen", gettext_lazy("Was sich ändert"), "changes", True),
    ("kosten", gettext_lazy("Was es kostet"), "money", False),
    ("umstritten", gettext_lazy("Was umstritten ist und was nicht"), "votes", True),
    ("gehoert", gettext_lazy("Wie die Menschen gehört wurden"), "heard", False),
    ("weg", gettext_lazy("Der Weg durch die Gremien und danach"), "route", False),
]


def reading_blocks(context: dict[str, Any]) -> list[Block]:
    """Render the blocks of a pack, in their order; those about the text only where it adopts one."""
    return [
        _block(name, str(title), f"council/parts/{template}.html", context)
        for name, title, template, about_text in BLOCKS
        if context["adopts"] or not about_text
    ]


def reading_time(blocks: list[Block]) -> str:
    """How long the whole pack takes to read."""
    number = _minutes(sum(block.words for block in blocks))
    return _("Lesezeit: etwa {n} Min.").format(n=number)


def _block(name: str, title: str, template: str, context: dict[str, Any]) -> Block:
    html = render_to_string(template, context)
    return Block(name, title, html, len(strip_tags(html).split()))


def _minutes(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))
