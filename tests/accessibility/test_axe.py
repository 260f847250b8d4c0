"""Every public page in every language: no violation of axe, fits a small screen, marks its words.

Two appearances a page are looked at, one of them from right to left, so that each page meets each
width and colour scheme, and all pages together each pair of width, scheme and language. With
FULL_MATRIX=yes it is every page in all six languages, each at both widths and in both schemes:
wide and light with small and dark, or wide and dark with small and light, by turns. A screen of
320 pixels is looked at in the same languages.
"""

import itertools
import os
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from tests.accessibility.conftest import Visitor
from tests.accessibility.pages import NAMES

pytestmark = pytest.mark.browser

WHOLE = os.environ.get("FULL_MATRIX") == "yes"
WIDE, SMALL = 1280, 360
ARABIC = "ar"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LEFT_TO_RIGHT = [code for code in LANGUAGES if code != ARABIC]
# A window of 1280 pixels at 400 per cent (WCAG 1.4.10), and the width of a sheet of A4.
NARROW, A4 = 320, 794
# WCAG 2.5.8: 24 pixels, or as much room around.
TARGETS = {"runOnly": ["target-size"], "rules": {"target-size": {"enabled": True}}}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
# Whatever takes the focus without showing it, itself or by the label around it.
WITHOUT_FOCUS = f"""() => {{
    const shows = found => parseFloat(getComputedStyle(found).outlineWidth) >= 2
        && getComputedStyle(found).outlineStyle !== "none";
    return [...document.querySelectorAll("{FOCUSABLE}")]
        .filter(found => found.checkVisibility() && !found.disabled && !found.closest(".trap"))
        .filter(found => {{
            found.focus();
            if (document.activeElement !== found) return false;
            return !shows(found) && !(found.closest("label") && shows(found.closest("label")));
        }})
        .map(found => found.outerHTML.slice(0, 120));
}}"""
MOVING = """() => [...document.querySelectorAll("*")].filter(found => {
    const style = getComputedStyle(found);
    return style.scrollBehavior === "smooth" || parseFloat(style.transitionDuration) > 0
        || parseFloat(style.animationDuration) > 0;
}).map(found => found.tagName)"""
SHOWN_IN_PRINT = """() => [...document.querySelectorAll(
    "nav.nav, .tools, .skip, form.form, form.filter, .pager, .foot ul, .demo"
)].filter(found => found.checkVisibility()).map(found => found.outerHTML.slice(0, 80))"""
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
# Words in Latin letters that a page in Arabic does not mark as those of another language, and
# words of another language that run in the direction of the page. Names of people and what is put
# into a sentence are isolated (bdi, or the marks FSI, LRI and PDI); nobody knows their language.
UNMARKED = """names => {
    const found = new Set(), rtl = new Set(["ar", "fa", "ur", "he"]);
    const without = "script, style, option, textarea, bdi, .mono, .brand, a[href^=mailto]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const at = text.parentElement, home = at.closest("[lang]");
        if (at.closest(without) || at.closest("svg")) continue;
        let own = text.data;
        while (/[\u2066-\u2068][^\u2066-\u2069]*\u2069/.test(own))
            own = own.replace(/[\u2066-\u2068][^\u2066-\u2069]*\u2069/g, "");
        const words = (own.match(/[A-Za-zÄÖÜäöüß]*[a-zäöüß]{3}[A-Za-zÄÖÜäöüß]*/g) || [])
            .filter(word => !names.includes(word));
        if (!words.length) continue;
        if (home.lang === "ar") found.add(`no lang: ${text.data.trim()}`);
        else if (!rtl.has(home.lang) && getComputedStyle(at).direction === "rtl"
                 && !at.closest("[dir=auto]"))
            found.add(`no dir: ${text.data.trim()}`);
    }
    return [...found];
}"""
# Names, also of files, that are written alike in every language.
NAMES_EVERYWHERE = [
    "JavaScript", "WCAG", "SHA", "HMAC", "UTF", "JSON", "CSV", "Consult",
    "Word", "docx", "daten", "html", "json",
]  # fmt: skip


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


def _both_widths(scheme: str, language: str) -> list[Look]:
    other_scheme = "dark" if scheme == "light" else "light"
    return [Look(WIDE, scheme, language), Look(SMALL, other_scheme, language)]


@pytest.mark.parametrize("name", NAMES)
def test_page_has_no_violation(visitor: Visitor, name: str) -> None:
    looks = sorted(looks_at(name), key=lambda look: look.language)
    found = []
    for language, alike in itertools.groupby(looks, key=lambda look: look.language):
        page = visitor.open(name, WIDE, language)
        found += [line for look in alike for line in _violations(page, look)]
        page.close()
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_page_fits_a_small_screen_and_keeps_the_policy(visitor: Visitor, name: str) -> None:
    too_wide, too_small, unseen, complaints = {}, [], [], []
    for language in LANGUAGES if WHOLE else sorted({look.language for look in looks_at(name)}):
        page = visitor.open(name, NARROW, language)
        too_wide[language] = page.evaluate(TOO_WIDE)
        found = Axe().run(page, options=TARGETS).response["violations"]
        too_small += [node["target"] for rule in found for node in rule["nodes"]]
        unseen += page.evaluate(WITHOUT_FOCUS)
        complaints += visitor.complaints
        page.close()
    assert {language: wide for language, wide in too_wide.items() if wide} == {}
    assert too_small == []
    assert unseen == []
    assert complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_words_of_another_language_are_marked(visitor: Visitor, name: str) -> None:
    page = visitor.open(name, WIDE, ARABIC)
    unmarked = page.evaluate(UNMARKED, NAMES_EVERYWHERE)
    page.close()
    assert unmarked == []


def test_all_pages_together_meet_every_pair() -> None:
    looks = [look for name in NAMES for look in looks_at(name)]
    for one, other in itertools.combinations(range(3), 2):
        values = [{look[place] for look in looks} for place in (one, other)]
        assert set(itertools.product(*values)) == {(look[one], look[other]) for look in looks}
    assert {look.language for look in looks} == set(LANGUAGES)


def test_nothing_moves_for_whoever_wants_no_motion(visitor: Visitor) -> None:
    page = visitor.open("home", WIDE)
    moving = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    otherwise = page.evaluate(MOVING)
    page.close()
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
    address = page.locator(".print-only").inner_text()
    page.close()
    assert shown == []
    assert visitor.address_of(name).partition("?")[0] in address


def test_controls_keep_their_outline_in_forced_colours(visitor: Visitor) -> None:
    page = visitor.open("first steps, words", SMALL)
    page.emulate_media(forced_colors="active")
    unseen = page.evaluate(WITHOUT_FOCUS)
    edges = page.locator(".btn").first.evaluate("found => getComputedStyle(found).borderTopStyle")
    page.close()
    assert unseen == []
    assert edges == "solid"


@pytest.mark.parametrize("name", ["home", "section, open round", "section, logged in", "paper"])
def test_page_asks_no_other_host(visitor: Visitor, name: str) -> None:
    visitor.open(name, WIDE).close()
    assert len(visitor.requests) > 1
    own = (f"{visitor.site.url}/", "data:")
    assert [address for address in visitor.requests if not address.startswith(own)] == []


def _violations(page: Page, look: Look) -> list[str]:
    page.set_viewport_size({"width": look.width, "height": 800})
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    return [
        f"{look.width} {look.scheme} {look.language}: {rule['id']}: {node['target']} "
        f"{node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
