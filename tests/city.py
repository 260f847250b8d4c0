"""The demo city as a database that tests copy: built once, again after its source has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from consult.project.embedded.postgres import create_database, drop_database

BASE_DIR = Path(__file__).resolve().parents[1]
# What the city is made of and by; its story ends on the day on which it is built.
SOURCE = ("consult/**/*.py", "drafts/**/*.py", "workers/**/*.py", "consult/project/demo/content/*")
BUILD_WITHIN = 600  # seconds


def city_name() -> str:
    """The name of today's city made by today's source."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for pattern in SOURCE:
        for path in sorted(BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return f"city_{digest.hexdigest()[:12]}"


def city_template(server: str, empty: str, keys: Path) -> str:
    """Return the name of a database with the whole city, which nobody may connect to.

    Where it is missing, one process of all that ask builds it on a copy of the migrated database
    `empty`, in 80 seconds on two cores, and drops former ones. The keys of its ballots lie in
    `keys`.
    """
    name = city_name()
    with psycopg.connect(server, autocommit=True) as plain:
        plain.execute("SELECT pg_advisory_lock(hashtext('the demo city of the tests'))")
        known = {row[0] for row in plain.execute("SELECT datname FROM pg_database")}
        if name not in known:
            for former in known:
                if former.startswith("city_"):
                    drop_database(server, former)
            _make(server, name, empty, keys)
    return name


def _make(server: str, name: str, empty: str, keys: Path) -> None:
    draft = f"draft_{name}"
    drop_database(server, draft)
    shutil.rmtree(keys, ignore_errors=True)
    _build(create_database(server, draft, empty), keys)
    # Under its name it exists only when it is whole.
    create_database(server, name, draft)
    drop_database(server, draft)


def _build(url: str, keys: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "consult.project.settings.demo",
        "QUEUE": "nobody-works-for-the-city",
        "BALLOT_KEY_DIR": str(keys),
    }
    built = subprocess.run(
        [sys.executable, "-m", "tests.city"],
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=BUILD_WITHIN,
        check=False,
    )
    if built.returncode:
        raise RuntimeError(f"the demo city was not built:\n{built.stdout}\n{built.stderr}")


def main() -> None:
    """Build the city in the database of DATABASE_URL."""
    import django

    django.setup()
    from django.utils import timezone

    import workers.app  # noqa: F401 - services send jobs by name through this application
    from consult.project.demo.seed import build_city

    build_city(timezone.now(), say=lambda _line: None)


if __name__ == "__main__":
    main()
