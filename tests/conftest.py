"""Databases, clock and people for all tests."""

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from wagtail.models import Page, Site, Task, Workflow

from consult.participants.states import Role
from consult.project.embedded.postgres import create_database, drop_database
from consult.project.setup import create_home, create_roles
from consult.rounds.models import ConsultationRound
from site_content.pages.models import HomePage
from tests.factories import make_open_round
from tests.services import DATA_DIR, template_name

pytest_plugins = ["tests.browser"]
# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("consult", deadline=None)
hypothesis_settings.load_profile("consult")
NOW = datetime(2027, 2, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning on which the tests take place."""
    return NOW


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id) -> Iterator[None]:
    """Give this process a copy of the migrated template, with what every installation begins with.

    The template is built where it is missing. The start page and the roles with their rights are
    there once for all tests: making them again would be a quarter of most tests.
    """
    server = os.environ["DATABASE_URL"]
    name = f"test_{worker_id}_{os.getpid()}"
    with django_db_blocker.unblock():
        with _lock("template"):
            _build_template(server)
        _turn_to(create_database(server, name, template_name()))
        create_roles(create_home(claim="Gemeinsam", lede="Wir schreiben."))
        yield
        connections.close_all()
    drop_database(server, name)


@pytest.fixture
def before_setup(db) -> None:
    """The site before anybody has set it up: Wagtail's welcome page, no roles, no review."""
    undo_setup()


def undo_setup() -> None:
    """Take away what every installation begins with."""
    home = HomePage.objects.get()
    welcome = Page.get_first_root_node().add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.filter(root_page=home).update(root_page=welcome)
    home.delete()
    Group.objects.filter(name__in=Role.values).delete()
    Workflow.objects.all().delete()
    Task.objects.all().delete()


@pytest.fixture(scope="module")
def kept_for_the_file(django_db_setup, django_db_blocker) -> Iterator[None]:
    """What fixtures of a file write after this is there for all its tests, and gone after them.

    A test changes none of it for the next one; it fetches the rows anew.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _round_of_the_file(kept_for_the_file) -> int:
    return make_open_round(at=NOW).pk


@pytest.fixture
def round_(_round_of_the_file, db) -> ConsultationRound:
    """A round in which people can take part `now`, about one section with one goal."""
    return ConsultationRound.objects.select_related("edition").get(pk=_round_of_the_file)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker) -> Iterator[str]:
    """A fresh copy of the template for a test that commits; return its URL.

    Nothing is flushed afterwards: the copy is dropped.
    """
    with _copy(template_name(), django_db_blocker) as url:
        yield url


@contextlib.contextmanager
def _copy(template: str, blocker) -> Iterator[str]:
    server = os.environ["DATABASE_URL"]
    former = connection.settings_dict["NAME"]
    name = f"own_{uuid.uuid4().hex[:12]}"
    with blocker.unblock():
        url = create_database(server, name, template)
        _turn_to(url)
        cache.clear()
        try:
            yield url
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = former
            drop_database(server, name)


def _turn_to(url: str) -> None:
    connections.close_all()
    name = url.partition("?")[0].rsplit("/", 1)[1]
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _build_template(server: str) -> None:
    with psycopg.connect(server) as plain:
        known = {row[0] for row in plain.execute("SELECT datname FROM pg_database")}
    if template_name() in known:
        return
    draft = f"draft_{os.getpid()}"
    _turn_to(create_database(server, draft))
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    create_database(server, template_name(), draft)
    drop_database(server, draft)


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    path = Path(DATA_DIR) / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def _ballot_keys(settings, tmp_path) -> None:
    settings.BALLOT_KEY_DIR = tmp_path / "ballot-keys"
    settings.WITNESS_DIR = tmp_path / "witness"


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    """A request leaves its language behind in the thread: every test begins in German."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def worker_id() -> str:
    """The name of this xdist process, `main` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
