"""An own PostgreSQL on a unix socket, with passwords (SCRAM), for one data directory."""

import contextlib
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from consult.project.embedded.claim import Claim, ServiceError, last_lines
from consult.project.embedded.place import Place, unicode_ctype
from consult.project.embedded.processes import (
    Child,
    Launch,
    command_line,
    run_as,
    start_identity,
    stop_leftover,
)

ROLE = DATABASE = "consult"
SUPERUSER = "postgres"
PORT = 5432  # names the socket; nothing listens on the network
# Fast shutdown, then immediate (the next start recovers from the log), then kill.
LADDER = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
READY_WITHIN = 120.0  # seconds; recovery after a crash may take a while
DROP_ATTEMPTS = 50
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    # People's words and addresses stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """The server in ``place``; a crash of the machine may destroy it unless ``durable``."""

    def __init__(self, claim: Claim, place: Place, *, name: str, durable: bool):
        self._claim = claim
        self._place = place
        self._durable = durable
        self._settings = SETTINGS | {"cluster_name": f"consult-{name}"}
        if not durable:
            self._settings |= NOT_DURABLE
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """For the application: its role owns the database and may create others, no more."""
        return self._url(ROLE, self._place.passwords.role, DATABASE)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def start(self) -> None:
        """Make the database cluster if there is none, run the server, wait until it answers.

        Raises ServiceError with the end of the server's log.
        """
        if not self._place.cluster.exists():
            self._create_cluster()
        self._refuse_other_major_version()
        self._stop_unrecorded()
        give_up_at = time.monotonic() + READY_WITHIN
        self._run()
        while not self._answers():
            if not self.running:
                self._run_again_or_fail()
            if time.monotonic() > give_up_at:
                raise self._failed()
            time.sleep(0.03)
        self._create_role_and_database()

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def bury(self) -> None:
        """After the server died by itself."""
        if self._child is not None:
            self._child.bury()

    def _create_cluster(self) -> None:
        draft = self._place.base / "cluster.new"
        password = self._place.base / "password"
        shutil.rmtree(draft, ignore_errors=True)
        self._place.private_directory(draft)
        try:
            password.touch(mode=0o600)
            password.write_text(self._place.passwords.superuser)
            self._place.give(password)
            self._initdb(draft, password)
        finally:
            password.unlink(missing_ok=True)
        draft.rename(self._place.cluster)

    def _initdb(self, target: Path, password: Path) -> None:
        argv = [
            self._place.programs.postgres / "initdb",
            *("-D", target, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password}"),
            *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
            f"--lc-ctype={unicode_ctype()}",
            *(() if self._durable else ("--no-sync",)),
        ]
        log = self._claim.log_of("initdb")
        with log.open("w") as output:
            done = subprocess.run(  # noqa: S603 - a program of our own wheels
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._place.base,
                env=ENVIRONMENT,
                check=False,
                **run_as(self._place.account),
            )
        if done.returncode != 0:
            raise ServiceError(f"No database could be made: {_end_of(log)}")

    def _refuse_other_major_version(self) -> None:
        made_by = (self._place.cluster / "PG_VERSION").read_text().strip()
        done = subprocess.run(  # noqa: S603 - a program of our own wheels
            [self._place.programs.postgres / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            cwd=self._place.base,
            **run_as(self._place.account),
        )
        installed = done.stdout.split()[2].partition(".")[0]
        if made_by != installed:
            raise ServiceError(
                f"The database in {self._place.cluster} was made by PostgreSQL {made_by}, "
                f"{installed} is installed: export it with the earlier version of this software "
                "first."
            )

    def _stop_unrecorded(self) -> None:
        """Stop a server that a crash left before it was recorded, or clear its number away."""
        pid_file = self._place.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        started = start_identity(pid)
        if started is None:
            return
        if str(self._place.cluster) in command_line(pid):
            stop_leftover(pid, started, LADDER)
        else:
            # The number went to another program, probably after a restart of the machine;
            # PostgreSQL would take that program for a server and refuse to start.
            pid_file.unlink()

    def _run(self) -> None:
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        launch = Launch(
            argv=[
                str(self._place.programs.postgres / "postgres"),
                *("-D", str(self._place.cluster), "-k", str(self._place.sockets)),
                *options,
            ],
            log=self._claim.log_of("postgres"),
            ladder=LADDER,
            env=ENVIRONMENT,
            cwd=self._place.base,
            account=self._place.account,
        )
        self._child = self._claim.start("postgres", launch)

    def _run_again_or_fail(self) -> None:
        """Backends of a killed server hold its memory for a moment; only that is worth waiting."""
        self.bury()
        if not any("shared memory block" in line for line in self._log_end()):
            raise self._failed()
        time.sleep(0.3)
        self._run()

    def _failed(self) -> ServiceError:
        return ServiceError(f"PostgreSQL did not start: {_end_of(self._claim.log_of('postgres'))}")

    def _log_end(self) -> Sequence[str]:
        return last_lines(self._claim.log_of("postgres"), count=4)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), self._as_superuser():
            return True
        return False

    def _as_superuser(self) -> psycopg.Connection:
        url = self._url(SUPERUSER, self._place.passwords.superuser, "postgres")
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def _create_role_and_database(self) -> None:
        with self._as_superuser() as connection:
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        sql.Identifier(ROLE), sql.Literal(self._place.passwords.role)
                    )
                )
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLE)
                    )
                )

    def _url(self, user: str, password: str, database: str) -> str:
        # The directory stands in the query: as a host name it would be folded to lower case.
        directory = quote(str(self._place.sockets))
        return f"postgresql://{user}:{password}@:{PORT}/{database}?host={directory}"


def create_database(url: str, name: str, template: str | None = None) -> str:
    """Create database ``name`` on the server of ``url`` and return its URL.

    It is a copy of ``template``, which nobody may be connected to, or else empty. Raises
    psycopg.errors.DuplicateDatabase if it exists.
    """
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with _beside(url) as connection:
        connection.execute(statement)
    return urlsplit(url)._replace(path=f"/{quote(name)}").geturl()


def drop_database(url: str, name: str) -> None:
    """Drop database ``name`` on the server of ``url``, ending its connections; fine if absent."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _beside(url) as connection:
        for attempt in range(1, DROP_ATTEMPTS + 1):
            try:
                connection.execute(statement)
                return
            except psycopg.errors.InsufficientPrivilege:
                # The server's own vacuum is at work in it; only a superuser could end that.
                if attempt == DROP_ATTEMPTS:
                    raise
                time.sleep(0.2)


@contextlib.contextmanager
def _beside(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        yield connection


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


def _end_of(log: Path) -> str:
    return f"{' / '.join(last_lines(log))} (the whole log: {log})"
