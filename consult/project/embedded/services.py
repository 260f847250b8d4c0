"""Start and stop PostgreSQL and Valkey together."""

import atexit
import os
from pathlib import Path

from consult.project.embedded.claim import Claim
from consult.project.embedded.place import settle
from consult.project.embedded.postgres import Postgres
from consult.project.embedded.valkey import Valkey


class Services:
    """Two running servers; a context manager that stops them. Made by ``start``."""

    def __init__(self, claim: Claim, *, name: str, durable: bool, owns_claim: bool):
        self._claim = claim
        self._owns_claim = owns_claim
        self._owner = os.getpid()
        self._stopped = False
        self._place = settle(claim.data_dir)
        self._postgres = Postgres(claim, self._place, name=name, durable=durable)
        self._valkey = Valkey(claim, self._place)
        self._servers: dict[str, Postgres | Valkey] = {
            "postgres": self._postgres,
            "valkey": self._valkey,
        }
        atexit.register(self.stop)
        try:
            for server in self._servers.values():
                server.start()
        except BaseException:
            self._stop_servers()
            raise

    @property
    def claim(self) -> Claim:
        """The claim on the data directory, for processes that shall run beside the servers."""
        return self._claim

    @property
    def database_url(self) -> str:
        """postgresql://consult:PASSWORD@:5432/consult?host=DIRECTORY (percent-encoded)."""
        return self._postgres.url

    @property
    def redis_url(self) -> str:
        """redis://:PASSWORD@127.0.0.1:PORT/0"""
        return self._valkey.url

    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL for processes that use the servers."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    def revive(self) -> list[str]:
        """Start each server again that died, under its old address; return their names.

        Raises ServiceError when one does not come up.
        """
        died = {name: server for name, server in self._servers.items() if not server.running}
        for server in died.values():
            server.bury()
            server.start()
        return list(died)

    def stop(self) -> None:
        """Stop both servers, the database last; the second call does nothing."""
        # A forked copy of this process also runs the exit handlers: the servers are not its own.
        if self._owner != os.getpid() or self._stopped:
            return
        self._stop_servers()
        if self._owns_claim:
            self._claim.release()

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _stop_servers(self) -> None:
        for server in reversed(self._servers.values()):
            server.stop()
        self._stopped = True
        self._place.leave()
        atexit.unregister(self.stop)


def start(
    data_dir: Path, *, name: str = "demo", durable: bool = True, claim: Claim | None = None
) -> Services:
    """Start PostgreSQL and Valkey on ``data_dir`` and wait until both answer.

    ``name`` is what the operating system's process list shows. With ``durable=False`` the last
    commits are lost if the server is killed, and all if the power fails: for tests. A ``claim``
    that the caller took on ``data_dir`` stays the caller's. Call it from a thread that lives as
    long as the servers shall: on Linux they end with it. Raises AlreadyRunningError, StartError,
    ServiceError.
    """
    held = claim or Claim(data_dir)
    try:
        return Services(held, name=name, durable=durable, owns_claim=claim is None)
    except BaseException:
        if claim is None:
            held.release()
        raise
