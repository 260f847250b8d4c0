"""Words of another language than the page are marked, on pages from right to left above all."""

import pytest

from tests.accessibility.conftest import Visitor
from tests.accessibility.looks import ARABIC, WIDE
from tests.accessibility.pages import NAMES

pytestmark = pytest.mark.browser

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
    "Markdown", "Akoma", "Ntoso", "Excel", "OParl", "sha", "sum",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_words_of_another_language_are_marked(visitor: Visitor, name: str) -> None:
    page = visitor.open(name, WIDE, ARABIC)
    unmarked = page.evaluate(UNMARKED, NAMES_EVERYWHERE)
    page.close()
    assert unmarked == []
