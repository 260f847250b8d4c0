"""A real PostgreSQL and a real Valkey for the tests, loaded as a plugin before any setting.

Without DATABASE_URL and REDIS_URL the embedded ones are started; they are kept for the next run.
One migrated template database serves a run: whoever commits gets a copy of it.
"""

import hashlib
import os
from pathlib import Path

from consult.project.embedded.claim import AlreadyRunningError, StartError
from consult.project.embedded.services import Services, start

BASE_DIR = Path(__file__).resolve().parents[1]
DATA_DIR = Path(os.environ.get("CONSULT_TEST_DATA", BASE_DIR / ".consult"))
PLACES = 4

_services: Services | None = None


def template_name() -> str:
    """The template's name: another one for other migrations."""
    digest = hashlib.sha256((BASE_DIR / "requirements" / "base.lock").read_bytes())
    for path in sorted(BASE_DIR.glob("*/*/migrations/*.py")):
        digest.update(path.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def _start() -> Services:
    for number in range(PLACES):
        try:
            return start(DATA_DIR / f"tests-{number}", name="tests", durable=False)
        except AlreadyRunningError:
            continue
    raise StartError(f"{PLACES} test runs use {DATA_DIR} already: wait for one of them.")


def pytest_unconfigure() -> None:
    """Stop what this process started."""
    if _services is not None:
        _services.stop()


if "DATABASE_URL" not in os.environ:
    _services = _start()
    os.environ.update(_services.environment())
# Each parallel process has a Valkey database and a queue of its own.
_process = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["QUEUE"] = f"tests-{_process or 'main'}"
if _process:
    server, _slash, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(_process.removeprefix('gw')) + 1}"
os.environ.setdefault("SECRET_KEY", "tests-need-no-secret")
os.environ["DJANGO_SETTINGS_MODULE"] = "consult.project.settings.test"
