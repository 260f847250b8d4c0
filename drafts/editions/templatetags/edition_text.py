"""Showing frozen or previewed text: plain data of drafts.concept.snapshots, nothing of consult."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from drafts.concept.snapshots import Data
from drafts.concept.states import GoalLevel

register = template.Library()

GERMAN = SafeString(' lang="de" dir="ltr"')
_INNER_LINK = re.compile(r'<a href="wid:([0-9a-f-]+)">(.*?)</a>', re.DOTALL)


@register.simple_tag(takes_context=True)
def words(context: template.Context, html: str) -> SafeString:
    """Show the restricted HTML of a block; links to keys lead to `addresses` or become text."""
    if "wid:" in html:
        known = context.get("addresses") or {}
        html = _INNER_LINK.sub(lambda match: _link(known.get(match[1]), match[2]), html)
    # Reduced to bold, italic and link marks when it was frozen (snapshots.inline_html).
    return mark_safe(html)  # noqa: S308


@register.simple_tag
def german(text: Data, *fields: str) -> SafeString:
    """The attributes of an element whose words stand in German on a page of another language.

    `text` is one of drafts.editions.languages.shown_text; empty where all fields are translated.
    """
    stands = any(field in text.get("german", ()) for field in fields)
    return GERMAN if stands else SafeString("")


@register.simple_tag
def in_german(block: Data) -> SafeString:
    """The same attributes for a block that its language version lacks."""
    return GERMAN if "language" in block else SafeString("")


@register.filter
def goal_name(goal: Data) -> str:
    """The name by which people refer to a goal: level and number, such as "Ziel 3.1"."""
    return f"{GoalLevel(goal['level']).label} {goal['number']}"


def _link(address: str | None, name: str) -> str:
    return f'<a href="{address}">{name}</a>' if address else name
