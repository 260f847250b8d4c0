"""Every public page in every language: no violation of axe."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.accessibility.conftest import Visitor
from tests.accessibility.looks import LANGUAGES, WIDE, Look, looks_at
from tests.accessibility.pages import NAMES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", NAMES)
def test_page_has_no_violation(visitor: Visitor, name: str) -> None:
    looks = sorted(looks_at(name), key=lambda look: look.language)
    found = []
    for language, alike in itertools.groupby(looks, key=lambda look: look.language):
        page = visitor.open(name, WIDE, language)
        found += [line for look in alike for line in _violations(page, look)]
        page.close()
    assert found == []


def test_all_pages_together_meet_every_pair() -> None:
    looks = [look for name in NAMES for look in looks_at(name)]
    for one, other in itertools.combinations(range(3), 2):
        values = [{look[place] for look in looks} for place in (one, other)]
        assert set(itertools.product(*values)) == {(look[one], look[other]) for look in looks}
    assert {look.language for look in looks} == set(LANGUAGES)


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
