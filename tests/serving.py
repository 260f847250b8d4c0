"""The site as its visitors meet it: a web server and a worker as child processes."""

import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from consult.project.embedded.processes import Child, Launch
from consult.project.supervisor import listen

BASE_DIR = Path(__file__).resolve().parents[1]
LADDER = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))
ANSWERS_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Site:
    """A running site. `mails` holds one file a mail, `log` what the web server printed."""

    url: str
    directory: Path
    environment: Mapping[str, str]

    @property
    def mails(self) -> Path:
        """The directory into which mails are written."""
        return self.directory / "mail"

    @property
    def log(self) -> Path:
        """Output of the web server."""
        return self.directory / "web.log"


@contextlib.contextmanager
def serve(database_url: str, directory: Path, ballot_keys: Path | None = None) -> Iterator[Site]:
    """Run the web server with the demo's settings on a database; its files go to `directory`.

    On return, and when this process is killed, the server and its children are gone.
    """
    directory.mkdir(exist_ok=True)
    with listen(0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        site = Site(url, directory, _environment(database_url, directory, url, ballot_keys))
        command = [
            "gunicorn", "consult.project.wsgi", "--bind", f"fd://{listener.fileno()}",
            "--worker-class", "gthread", "--threads", "4",
        ]  # fmt: skip
        with _running(command, site.environment, site.log, (listener.fileno(),)) as server:
            _wait_for(site, server)
            yield site


@contextlib.contextmanager
def working(site: Site) -> Iterator[None]:
    """Run a worker with its schedule beside the site."""
    schedule = str(site.directory / "schedule")
    command = [
        "celery", "-A", "workers.app", "worker", "-B", "-c", "1", "-s", schedule, "-l", "info",
    ]  # fmt: skip
    with _running(command, site.environment, site.directory / "worker.log"):
        yield


def _environment(
    database_url: str, directory: Path, url: str, ballot_keys: Path | None
) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.project.settings.demo",
        "DATABASE_URL": database_url,
        "QUEUE": f"site-{url.rpartition(':')[2]}",
        "SITE_URL": url,
        "SECRET_KEY": "tests-need-no-secret",
        "BALLOT_KEY_DIR": str(ballot_keys or directory / "ballot-keys"),
        "EMAIL_FILE_PATH": str(directory / "mail"),
        "MEDIA_ROOT": str(directory / "media"),
    }


@contextlib.contextmanager
def _running(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[Child]:
    program = Path(sys.executable).with_name(command[0])
    launch = Launch(
        argv=[str(program), *command[1:]],
        log=log,
        ladder=LADDER,
        env=environment,
        cwd=BASE_DIR,
        pass_fds=pass_fds,
    )
    child = Child(launch, on_start=lambda _pid: None, on_end=lambda: None)
    try:
        yield child
    finally:
        child.stop()


def _wait_for(site: Site, server: Child) -> None:
    end = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < end and server.running:
        with contextlib.suppress(OSError, urllib.error.URLError):
            # A page that is not kept for the next visitor.
            urllib.request.urlopen(f"{site.url}/de/konto/login/", timeout=10).close()  # noqa: S310
            return
    raise RuntimeError(f"the site does not answer: {site.log.read_text()}")
