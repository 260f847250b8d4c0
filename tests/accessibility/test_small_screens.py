"""Every public page on a screen of 320 pixels; without motion, printed and in forced colours."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.accessibility.conftest import Visitor
from tests.accessibility.looks import ARABIC, LEFT_TO_RIGHT, SMALL, WIDE
from tests.accessibility.pages import NAMES

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("name", NAMES)
def test_page_fits_a_small_screen_and_keeps_the_policy(visitor: Visitor, name: str) -> None:
    too_wide, too_small, unseen, complaints = {}, [], [], []
    turn = LEFT_TO_RIGHT[NAMES.index(name) % len(LEFT_TO_RIGHT)]
    for language in sorted({"de", ARABIC, turn}):
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
