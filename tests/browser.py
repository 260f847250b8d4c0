"""Chromium and the running site for tests in a browser, as fixtures."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator

import pytest

from consult.project.embedded.postgres import create_database, drop_database
from tests.city import city_template
from tests.services import DATA_DIR, template_name
from tests.serving import Site, serve

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CITY_KEYS = DATA_DIR / "city-ballot-keys"


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser; without one on the machine the test is skipped, with NEED_BROWSER=yes it fails.

    It lives as long as the tests of a file: what drives it leaves an event loop in this thread.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        if os.environ.get("NEED_BROWSER") == "yes":
            pytest.fail("NEED_BROWSER=yes, and no Chromium is installed.")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with _database_beside_a_loop(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(own_database, tmp_path) -> Iterator[Site]:
    """An empty, migrated site that runs; this process sees the same database."""
    with serve(own_database, tmp_path / "site") as running:
        yield running


@pytest.fixture(scope="session")
def city(django_db_setup) -> Iterator[str]:
    """The URL of a copy of the demo city. Tests read it; what they add stays in this process."""
    server = os.environ["DATABASE_URL"]
    name = f"own_city_{uuid.uuid4().hex[:12]}"
    yield create_database(server, name, city_template(server, template_name(), CITY_KEYS))
    drop_database(server, name)


@pytest.fixture(scope="module")
def city_site(city, tmp_path_factory) -> Iterator[Site]:
    """The demo city as a running site, without a worker."""
    with serve(city, tmp_path_factory.mktemp("city"), CITY_KEYS) as running:
        yield running


@contextlib.contextmanager
def _database_beside_a_loop() -> Iterator[None]:
    # Django refuses its database in a thread with an event loop, although nothing runs at once.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        yield
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
