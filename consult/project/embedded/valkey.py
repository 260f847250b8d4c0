"""An own Valkey on the loopback address, with a password and without persistence.

TCP and not a unix socket: Celery's transport and redis-py write socket URLs differently, and one
address must do for both.
"""

import json
import signal
import socket
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from consult.project.embedded.claim import Claim, ServiceError, last_lines
from consult.project.embedded.place import Place
from consult.project.embedded.processes import Child, Launch

HOST = "127.0.0.1"
LADDER = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))
READY_WITHIN = 20.0  # seconds
PORT_ATTEMPTS = 3
NO_RETRY = Retry(NoBackoff(), retries=0)  # the client would wait longer than we do


class Valkey:
    """Keeps nothing: queued tasks and cached values are gone when it stops."""

    def __init__(self, claim: Claim, place: Place):
        self._claim = claim
        self._place = place
        self._port: int | None = None
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._place.passwords.valkey}@{HOST}:{self._port}/0"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def start(self) -> None:
        """Run the server on a free port, after a first start on the same; wait for its answer.

        Raises ServiceError with the end of the server's log.
        """
        if self._port is not None:
            self._run_on(self._port)
            return
        for attempt in range(1, PORT_ATTEMPTS + 1):
            try:
                self._run_on(_free_port())
                return
            except ServiceError:  # somebody else may have taken the port in between
                if attempt == PORT_ATTEMPTS:
                    raise

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def bury(self) -> None:
        """After the server died by itself."""
        if self._child is not None:
            self._child.bury()

    def _run_on(self, port: int) -> None:
        self._port = port
        launch = Launch(
            argv=[str(self._place.programs.valkey), "-"],
            log=self._claim.log_of("valkey"),
            ladder=LADDER,
            cwd=self._place.base,
            account=self._place.account,
            stdin=self._configuration(port),
        )
        self._child = self._claim.start("valkey", launch)
        give_up_at = time.monotonic() + READY_WITHIN
        while not self._answers():
            if not self.running or time.monotonic() > give_up_at:
                self.stop()
                log = self._claim.log_of("valkey")
                raise ServiceError(
                    f"Valkey did not start: {' / '.join(last_lines(log))} (the whole log: {log})"
                )
            time.sleep(0.02)

    def _configuration(self, port: int) -> str:
        lines = {
            "bind": HOST,
            "port": port,
            "requirepass": self._place.passwords.valkey,
            "save": '""',
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "dir": json.dumps(str(self._place.sockets), ensure_ascii=False),
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1, retry=NO_RETRY) as client:
            try:
                return client.ping()
            except redis.RedisError:
                return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
