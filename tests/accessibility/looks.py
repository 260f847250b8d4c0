"""How pages are looked at: width, colour scheme and language, all of them or every pair.

Two appearances a page are looked at, one of them from right to left, so that each page meets each
width and colour scheme, and all pages together each pair of width, scheme and language. With
FULL_MATRIX=yes it is every page in all six languages, each at both widths and in both schemes:
wide and light with small and dark, or wide and dark with small and light, by turns. A screen of
320 pixels is looked at in Arabic and in one more language, another one from page to page, with the
whole matrix in German too.
"""

import os
from typing import NamedTuple

from django.conf import settings

from tests.accessibility.pages import NAMES

WHOLE = os.environ.get("FULL_MATRIX") == "yes"
WIDE, SMALL = 1280, 360
# A window of 1280 pixels at 400 per cent (WCAG 1.4.10).
NARROW = 320
ARABIC = "ar"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LEFT_TO_RIGHT = [code for code in LANGUAGES if code != ARABIC]


class Look(NamedTuple):
    """How a page appears."""

    width: int
    scheme: str
    language: str


def looks_at(name: str) -> list[Look]:
    """Two appearances without anything in common, other ones from page to page.

    With the whole matrix two in each language, which is then what they have in common.
    """
    place = NAMES.index(name)
    if WHOLE:
        return [
            look
            for turn, language in enumerate(LANGUAGES, start=place)
            for look in _both_widths(("light", "dark")[turn % 2], language)
        ]
    width, scheme = (WIDE, SMALL)[place % 2], ("light", "dark")[place // 2 % 2]
    other_width, other_scheme = WIDE + SMALL - width, "dark" if scheme == "light" else "light"
    other_language = LEFT_TO_RIGHT[place % len(LEFT_TO_RIGHT)]
    return [Look(width, scheme, ARABIC), Look(other_width, other_scheme, other_language)]


def languages_on_a_narrow_screen(name: str) -> set[str]:
    """Arabic and one more, another one from page to page; with the whole matrix German too."""
    turn = LEFT_TO_RIGHT[NAMES.index(name) % len(LEFT_TO_RIGHT)]
    return {ARABIC, turn, "de"} if WHOLE else {ARABIC, turn}


def _both_widths(scheme: str, language: str) -> list[Look]:
    other_scheme = "dark" if scheme == "light" else "light"
    return [Look(WIDE, scheme, language), Look(SMALL, other_scheme, language)]
