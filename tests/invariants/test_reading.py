"""Invariant 39: reading needs no account, no cookie and no script; every deed is a link or form."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from consult.participants.states import Role
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme

PAGES = [
    "home", "current_edition", "edition", "edition_print", "section", "goal", "editions", "themes",
    "round_themes", "theme", "round_pictures", "contribution", "papers", "search", "my_contributions",
]  # fmt: skip


@pytest.fixture
def addresses(db, now) -> dict[str, str]:
    """Every public page of a closed round with a theme."""
    coordination = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=coordination)
    contribution = make_contribution(round_, at=now)
    round_ = make_closed(round_)
    theme = make_theme([contribution], title="Kurse", actor=coordination, at=now)
    edition = round_.edition.number
    section, goal = round_.edition.sections.first(), round_.edition.goals.first()
    arguments = {
        "edition": [edition],
        "edition_print": [edition],
        "section": [edition, section.slug],
        "goal": [edition, goal.slug],
        "round_themes": [round_.ref],
        "theme": [round_.ref, theme.number],
        "round_pictures": [round_.ref],
        "contribution": [contribution.ref],
    }
    return {name: reverse(name, args=arguments.get(name, [])) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_invariant_39_reading_needs_no_account_cookie_or_script(name, addresses):
    visitor = Client()
    response = visitor.get(addresses[name], follow=True)
    content = response.content.decode()
    assert response.status_code == 200
    assert not visitor.cookies
    assert "<script" not in content
    # Whatever can be done is done by a link, a form or what opens by itself.
    assert not re.search(r'\son\w+="|href="javascript:|role="button"', content)
