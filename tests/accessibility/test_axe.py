"""Every public page: no violation that axe knows, fits a small screen, complains of nothing.

Two appearances a page are looked at, so that each page meets each width, colour scheme and writing
direction, and all pages together each pair of them. With FULL_MATRIX=yes it is all eight.
"""

import itertools
import os
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.accessibility.conftest import Visitor
from tests.accessibility.pages import NAMES

pytestmark = pytest.mark.browser

WIDE, SMALL = 1280, 360
SET_DIRECTION = "direction => { document.documentElement.dir = direction }"
# What the window would have to be scrolled sideways for.
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth;
    if (wide <= room) return [];
    const outside = found => {
        const box = found.getBoundingClientRect();
        return box.width && (box.right > room + 1 || box.left < -1);
    };
    const culprits = [...document.body.querySelectorAll("*")].filter(outside);
    return [`${wide} of ${room} pixels`, ...culprits.map(found => found.outerHTML.slice(0, 120))];
}"""


class Look(NamedTuple):
    """How a page appears."""

    width: int
    scheme: str
    direction: str


ALL_LOOKS = [
    Look(*look) for look in itertools.product((WIDE, SMALL), ("light", "dark"), ("ltr", "rtl"))
]


def looks_at(name: str) -> list[Look]:
    """All appearances, or a pair without anything in common, another pair from page to page."""
    if os.environ.get("FULL_MATRIX") == "yes":
        return ALL_LOOKS
    place = NAMES.index(name) % 4
    return [ALL_LOOKS[place], ALL_LOOKS[7 - place]]


@pytest.mark.parametrize("name", NAMES)
def test_page_has_no_violation(visitor: Visitor, name: str) -> None:
    page = visitor.open(name, WIDE)
    found = [line for look in looks_at(name) for line in _violations(page, look)]
    page.close()
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_page_fits_a_small_screen_and_keeps_the_policy(visitor: Visitor, name: str) -> None:
    page = visitor.open(name, SMALL)
    too_wide = {}
    for direction in ("ltr", "rtl"):
        page.evaluate(SET_DIRECTION, direction)
        too_wide[direction] = page.evaluate(TOO_WIDE)
    page.close()
    assert too_wide == {"ltr": [], "rtl": []}
    assert visitor.complaints == []


@pytest.mark.parametrize("name", ["home", "section, open round", "section, logged in", "paper"])
def test_page_asks_no_other_host(visitor: Visitor, name: str) -> None:
    visitor.open(name, WIDE).close()
    assert len(visitor.requests) > 1
    own = (f"{visitor.site.url}/", "data:")
    assert [address for address in visitor.requests if not address.startswith(own)] == []


def _violations(page: Page, look: Look) -> list[str]:
    page.set_viewport_size({"width": look.width, "height": 800})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    page.evaluate(SET_DIRECTION, look.direction)
    found = Axe().run(page).response["violations"]
    return [
        f"{look.width} {look.scheme} {look.direction}: {rule['id']}: {node['target']} "
        f"{node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
