"""The blocks of a decision pack with the time that reading them takes."""

import re
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.states import PackBlock

# What members can do at a place is not read.
_CONTROLS = re.compile(r'<(p|div) class="[^"]*\bno-print\b[^"]*">.*?</\1>', re.DOTALL)
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


# The template of each block, and whether it is only about a text that the paper adopts.
BLOCKS = [
    (PackBlock.DECISION, "items", False),
    (PackBlock.CHANGES, "changes", True),
    (PackBlock.MOTIONS, "motions", False),
    (PackBlock.MONEY, "money", False),
    (PackBlock.GOALS, "votes", True),
    (PackBlock.HEARD, "heard", False),
    (PackBlock.ROUTE, "route", False),
]


def reading_blocks(context: dict[str, Any]) -> list[Block]:
    """Render the blocks of a pack, in their order; those about the text only where it adopts one.

    Motions have a block where there are some, or where the reader can draft one.
    """
    motions = context["motions"]
    without = set() if motions["entries"] or motions["may_draft"] else {"motions"}
    return [
        _block(block, f"council/parts/{template}.html", context)
        for block, template, about_text in BLOCKS
        if (context["adopts"] or not about_text) and template not in without
    ]


def reading_time(blocks: list[Block]) -> str:
    """How long the whole pack takes to read."""
    number = _minutes(sum(block.words for block in blocks))
    return _("Lesezeit: etwa {n} Min.").format(n=number)


def _block(block: PackBlock, template: str, context: dict[str, Any]) -> Block:
    html = render_to_string(template, {**context, "talk": context["talks"][block.value]})
    words = strip_tags(_CONTROLS.sub("", html)).split()
    return Block(block.value, str(block.label), html, len(words))


def _minutes(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))
