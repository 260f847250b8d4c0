"""Real processes and threads against a database of their own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from workers.app import app

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8


@pytest.fixture
def crowd(own_database) -> Callable:
    """Run deeds on eight threads; return what each returned or the exception that it raised."""

    def run(deeds: list[Callable]) -> list:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(_one, deeds))

    return run


def _one(deed: Callable):
    try:
        return deed()
    except Exception as problem:  # noqa: BLE001 - the test looks at it
        return problem
    finally:
        connections.close_all()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait until it is so; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen in time"
        time.sleep(0.02)


class Worker:
    """A real Celery worker with one process, in a group of its own."""

    def __init__(self, database: str, directory: Path, *, broker: str = "", **environment: str):
        self.queue = f"faults-{uuid.uuid4().hex[:8]}"
        self.broker = broker or settings.REDIS_URL
        self._directory = directory
        self._environment = {
            **os.environ,
            "DATABASE_URL": database,
            "REDIS_URL": self.broker,
            "QUEUE": self.queue,
            "BALLOT_KEY_DIR": str(settings.BALLOT_KEY_DIR),
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            **environment,
        }
        self._process: subprocess.Popen | None = None

    def start(self, *, schedule: bool = False) -> None:
        """Start it; with the schedule, ten times as often as usual, it sweeps for rows by itself."""
        beat = ["-B", "-s", str(self._directory / "schedule")] if schedule else []
        command = ["celery", "-A", "tests.faults.quick", "worker", "-c", "1", *beat]
        log = self.log.open("ab")
        with contextlib.closing(log):
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """What it printed."""
        return self._directory / "worker.log"

    def send(self, job: str) -> None:
        """Put a message into its queue."""
        with app.connection_for_write(self.broker) as connection:
            app.send_task(job, queue=self.queue, connection=connection)

    def kill(self) -> None:
        """SIGKILL to all of its processes."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@pytest.fixture
def make_worker(own_database, tmp_path) -> Iterator[Callable[..., Worker]]:
    """Make workers on the test's own database; all are killed at the end."""
    made: list[Worker] = []

    def make(**options) -> Worker:
        directory = tmp_path / f"worker-{len(made)}"
        directory.mkdir()
        made.append(Worker(own_database, directory, **options))
        return made[-1]

    yield make
    for worker in made:
        worker.kill()
