"""Every public page in every language: axe, a screen of 320 pixels, the policy, marked words.

A page is opened once a language and looked at in all ways there: widths and colour schemes are
turned in place. So the tests of one page share what was seen on it.
"""

import itertools
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.accessibility.conftest import AS_USUAL, Visitor
from tests.accessibility.looks import (
    ARABIC,
    LANGUAGES,
    NARROW,
    SMALL,
    WIDE,
    Look,
    languages_on_a_narrow_screen,
    looks_at,
)
from tests.accessibility.pages import NAMES
from tests.accessibility.scripts import NAMES_EVERYWHERE, TOO_WIDE, UNMARKED, WITHOUT_FOCUS

pytestmark = pytest.mark.browser

RUN_AXE = "options => axe.run(options).then(results => results.violations)"
EVERYTHING = {"reporter": "no-passes"}
# WCAG 2.5.8: 24 pixels, or as much room around.
TARGETS = {"runOnly": ["target-size"], "rules": {"target-size": {"enabled": True}}}

# The width of a sheet of A4.
A4 = 794
MOVING = """() => [...document.querySelectorAll("*")].filter(found => {
    const style = getComputedStyle(found);
    return style.scrollBehavior === "smooth" || parseFloat(style.transitionDuration) > 0
        || parseFloat(style.animationDuration) > 0;
}).map(found => found.tagName)"""
SHOWN_IN_PRINT = """() => [...document.querySelectorAll(
    "nav.nav, .tools, .skip, form.form, form.filter, .pager, .foot ul, .demo"
)].filter(found => found.checkVisibility()).map(found => found.outerHTML.slice(0, 80))"""


@dataclass
class Seen:
    """What is wrong with a page, in all languages in which it was opened."""

    violations: list[str] = field(default_factory=list)
    too_wide: dict[str, list[str]] = field(default_factory=dict)
    too_small: list[object] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=NAMES)
def seen(visitor: Visitor, request: pytest.FixtureRequest) -> Seen:
    """What is to be seen on a page."""
    name = request.param
    looks, narrow = looks_at(name), languages_on_a_narrow_screen(name)
    found = Seen()
    for language in sorted({ARABIC, *narrow, *(look.language for look in looks)}):
        page = visitor.open(name, WIDE, language)
        page.evaluate(AXE_SCRIPT)
        if language == ARABIC:
            found.unmarked += page.evaluate(UNMARKED, NAMES_EVERYWHERE)
        for look in looks:
            if look.language == language:
                found.violations += _violations(page, look)
        if language in narrow:
            _look_at_a_narrow_screen(page, language, found)
        found.complaints += visitor.complaints
    return found


def _violations(page: Page, look: Look) -> list[str]:
    page.set_viewport_size({"width": look.width, "height": 800})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    return [
        f"{look.width} {look.scheme} {look.language}: {rule['id']}: {node['target']} {_why(node)}"
        for rule in page.evaluate(RUN_AXE, EVERYTHING)
        for node in rule["nodes"]
    ]


def _why(node: dict) -> list[str]:
    return [check["message"] for check in [*node["any"], *node["all"], *node["none"]]]


def _look_at_a_narrow_screen(page: Page, language: str, found: Seen) -> None:
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.emulate_media(**AS_USUAL)
    if wide := page.evaluate(TOO_WIDE):
        found.too_wide[language] = wide
    for rule in page.evaluate(RUN_AXE, TARGETS):
        found.too_small += [node["target"] for node in rule["nodes"]]
    # It leaves the focus elsewhere: nothing is looked at afterwards.
    found.unseen += page.evaluate(WITHOUT_FOCUS)


def test_page_has_no_violation(seen: Seen) -> None:
    assert seen.violations == []


def test_page_fits_a_small_screen(seen: Seen) -> None:
    assert seen.too_wide == {}
    assert seen.too_small == []


def test_page_shows_the_focus(seen: Seen) -> None:
    assert seen.unseen == []


def test_page_keeps_the_policy(seen: Seen) -> None:
    assert seen.complaints == []


def test_words_of_another_language_are_marked(seen: Seen) -> None:
    assert seen.unmarked == []


def test_all_pages_together_meet_every_pair() -> None:
    looks = [look for name in NAMES for look in looks_at(name)]
    for one, other in itertools.combinations(range(3), 2):
        values = [{look[place] for look in looks} for place in (one, other)]
        assert set(itertools.product(*values)) == {(look[one], look[other]) for look in looks}
    assert {look.language for look in looks} == set(LANGUAGES)


# --- a few pages in other media -------------------------------------------------------------------


def test_nothing_moves_for_whoever_wants_no_motion(visitor: Visitor) -> None:
    page = visitor.open("home", WIDE)
    moving = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    otherwise = page.evaluate(MOVING)
    assert moving == []
    assert otherwise != []


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "section, open round",
        "themes",
        "first steps, words",
        "paper, member of the council",
    ],
)
def test_a_printed_page_is_the_text_with_its_address(visitor: Visitor, name: str) -> None:
    page = visitor.open(name, A4)
    page.emulate_media(media="print")
    shown = page.evaluate(SHOWN_IN_PRINT)
    address = page.locator("footer .print-only").inner_text()
    assert shown == []
    assert visitor.address_of(name).partition("?")[0] in address


def test_controls_keep_their_outline_in_forced_colours(visitor: Visitor) -> None:
    page = visitor.open("first steps, words", SMALL)
    page.emulate_media(forced_colors="active")
    unseen = page.evaluate(WITHOUT_FOCUS)
    edges = page.locator(".btn").first.evaluate("found => getComputedStyle(found).borderTopStyle")
    assert unseen == []
    assert edges == "solid"


@pytest.mark.parametrize("name", ["home", "section, open round", "section, logged in", "paper"])
def test_page_asks_no_other_host(visitor: Visitor, name: str) -> None:
    visitor.open(name, WIDE)
    assert len(visitor.requests) > 1
    own = (f"{visitor.site.url}/", "data:")
    assert [address for address in visitor.requests if not address.startswith(own)] == []
