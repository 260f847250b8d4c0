"""`consult demo`: embedded services, migrations, demo city, web server and worker in one."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from consult.project.demo.commands import open_to_commands
from consult.project.embedded.claim import Claim, StartError, write_private
from consult.project.embedded.services import Services, start
from consult.project.supervisor import Program, listen, run_processes, stop_on_signals

SETTINGS = "consult.project.settings.demo"
# Raised when the demo's content changes, so that an old city is rebuilt.
CITY = "3"


def run_demo(*, data_dir: Path, port: int, reset: bool) -> int:
    """Run the demo until Ctrl-C or SIGTERM; return the exit status.

    A port in use, a directory that cannot be used or a second demo on the same data end with one
    sentence before anything is started.
    """
    began = time.monotonic()
    try:
        with stop_on_signals(), listen(port) as listener:
            claim = Claim(data_dir)
            try:
                return _run(claim, listener, port, reset=reset, began=began)
            finally:
                claim.release()
    except StartError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    except SystemExit:
        return 0


def _run(claim: Claim, listener, port: int, *, reset: bool, began: float) -> int:
    services = _timed("database and queue", lambda: start(claim.data_dir, claim=claim))
    with services:
        environment = _environment(services, claim.data_dir, port)
        os.environ.update(environment)
        _build(claim.data_dir, reset=reset)
        with open_to_commands(claim.data_dir, environment):
            return run_processes(
                {
                    "web": Program(_gunicorn(listener), listener=listener),
                    "worker": Program(_celery(claim.data_dir)),
                },
                claim=claim,
                address=("127.0.0.1", port),
                on_ready=lambda: _announce(port, environment, time.monotonic() - began),
                services=services,
                env=os.environ,
            )


def _environment(services: Services, data_dir: Path, port: int) -> Mapping[str, str]:
    files = data_dir / "files"
    return {
        **services.environment(),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "SECRET_KEY": _secret(data_dir / "secret-key"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "BALLOT_KEY_DIR": str(data_dir / "ballot-keys"),
        "EMAIL_FILE_PATH": str(files / "mail"),
        "MEDIA_ROOT": str(files / "media"),
    }


def _secret(path: Path) -> str:
    if not path.exists():
        write_private(path, os.urandom(32).hex())
    return path.read_text()


def _build(data_dir: Path, *, reset: bool) -> None:
    import django

    _timed("application", django.setup)
    mark = data_dir / "city-complete"
    if reset or not mark.exists() or mark.read_text() != CITY:
        mark.unlink(missing_ok=True)
        _clear(data_dir)
        _timed("migrations", _migrate)
        _timed("demo city", _seed)
        write_private(mark, CITY)
    elif _is_behind():
        _timed("migrations", _migrate)


def _is_behind() -> bool:
    """Whether the program knows migrations that this city has not had, as after an update."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _clear(data_dir: Path) -> None:
    from django.core.cache import cache
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    cache.clear()
    shutil.rmtree(data_dir / "ballot-keys", ignore_errors=True)
    shutil.rmtree(data_dir / "files", ignore_errors=True)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _seed() -> None:
    from django.utils import timezone

    from consult.project.demo.seed import build_city

    build_city(timezone.now(), say=lambda line: print(line, flush=True))


def _gunicorn(listener) -> list[str]:
    return [
        str(Path(sys.executable).with_name("gunicorn")), "consult.project.wsgi",
        "--bind", f"fd://{listener.fileno()}", "--workers", "2",
        "--worker-class", "gthread", "--threads", "4",
    ]  # fmt: skip


def _celery(data_dir: Path) -> list[str]:
    return [
        str(Path(sys.executable).with_name("celery")), "-A", "workers.app", "worker", "-B",
        "-s", str(data_dir / "schedule"), "-c", "1", "-l", "info",
    ]  # fmt: skip


def _announce(port: int, environment: Mapping[str, str], seconds: float) -> None:
    from consult.project.demo.people import LOGINS, PASSWORD

    print(f"started in {seconds:.1f} s")
    print(f"mails:  {environment['EMAIL_FILE_PATH']}")
    print(f"logins, all with the password {PASSWORD}:")
    for login in LOGINS:
        print(f"  {login.email:<32} {login.what}")
    print(f"  {'admin@lindenau.example':<32} Systembetrieb")
    print(f"staff desk: http://127.0.0.1:{port}/admin/")
    print(f"ready: http://127.0.0.1:{port}/", flush=True)


def _timed(name: str, deed: Callable[[], Any]) -> Any:
    print(f"{name} …", flush=True)
    began = time.monotonic()
    result = deed()
    print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
    return result
