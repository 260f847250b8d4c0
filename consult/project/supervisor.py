"""Runs the programs of the site side by side until somebody asks for the end."""

import contextlib
import functools
import http.client
import os
import signal
import socket
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from consult.project.embedded.claim import Claim, ServiceError, StartError, last_lines
from consult.project.embedded.processes import STOP_SIGNALS, Child, Launch
from consult.project.embedded.services import Services

KILL = (signal.SIGKILL, 5.0)
LOOK_EVERY = 0.2  # seconds between two looks at the children
# Seconds for one request while waiting for the site, doubled each time: a program that ended is
# noticed soon, and a slow machine gets its time.
FIRST_ANSWER_WITHIN, ANSWER_WITHIN_AT_MOST = 1.0, 16.0


# Also where the output is a pipe, which Python would fill first.
say_at_once = functools.partial(print, flush=True)


class PortTakenError(StartError):
    """Another program listens on the port."""


class StopRequested(SystemExit):
    """Ctrl-C, SIGTERM or SIGHUP arrived; left alone it ends the program with 128 + signal."""


@dataclass(frozen=True)
class Program:
    """One program to keep running.

    SIGTERM asks it to finish its work; ``patience`` seconds later SIGQUIT ends it (gunicorn's quick
    and Celery's cold shutdown), at last its process group is killed. A ``listener`` stays open in
    it: gunicorn takes it as ``--bind fd://NUMBER`` (``fileno()``).
    """

    argv: Sequence[str]
    patience: float = 20.0
    listener: socket.socket | None = None


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Take the port for the web server to come.

    Holding the socket from the start leaves no moment in which another program could take the
    port, and visitors wait instead of being refused while the web server starts again. Raises
    PortTakenError.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as refused:
        listener.close()
        reason = getattr(refused, "strerror", None) or refused
        raise PortTakenError(
            f"Port {port} on {host} cannot be used ({reason}): "
            "stop the program that uses it, or set PORT to another number."
        ) from refused
    return listener


@contextlib.contextmanager
def stop_on_signals() -> Iterator[None]:
    """Inside, the first Ctrl-C, SIGTERM or SIGHUP raises StopRequested; later ones do nothing.

    So ``with`` blocks and ``finally`` end what was started, and an impatient second Ctrl-C cannot
    interrupt that. Only for the main thread.
    """

    def raise_once(number: int, _frame: object) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, _already_stopping)
        raise StopRequested(128 + number)

    before = {each: signal.signal(each, raise_once) for each in STOP_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _already_stopping(_number: int, _frame: object) -> None:
    # A function and not SIG_IGN, which children would inherit.
    return


def run_processes(
    programs: Mapping[str, Program],
    *,
    claim: Claim,
    address: tuple[str, int],
    on_ready: Callable[[], None],
    services: Services | None = None,
    env: Mapping[str, str] | None = None,
    ready_within: float = 120.0,
    restarts_a_minute: int = 5,
    say: Callable[[str], None] = say_at_once,
) -> int:
    """Run ``programs`` until a stop signal; return the exit status for the command.

    Output goes to ``claim.logs``/NAME.log. ``on_ready`` is called once, when a GET of / at
    ``address`` is answered with 2xx or 3xx. A program that ends before that, or more often than
    ``restarts_a_minute`` after it, ends everything with status 1 and a sentence through ``say``;
    otherwise it is started again, as is a server of ``services``. A stop signal within
    ``stop_on_signals`` returns 0. In every case all programs are gone on return; ``services`` are
    left to their owner.
    """
    crew = _Crew(programs, claim, env, services, restarts_a_minute, say)
    try:
        crew.start()
        _wait_until_ready(crew, address, ready_within)
        on_ready()
        crew.watch()
    except StopRequested:
        return 0
    except ServiceError as failed:
        say(str(failed))
        return ServiceError.exit_status
    finally:
        crew.stop()


class _Crew:
    def __init__(
        self,
        programs: Mapping[str, Program],
        claim: Claim,
        env: Mapping[str, str] | None,
        services: Services | None,
        restarts_a_minute: int,
        say: Callable[[str], None],
    ):
        self._programs = programs
        self._claim = claim
        self._env = dict(os.environ if env is None else env)
        self._services = services
        self._limit = restarts_a_minute
        self._say = say
        self._children: dict[str, Child] = {}
        self._restarts: dict[str, deque[float]] = defaultdict(deque)

    @property
    def logs(self) -> Path:
        return self._claim.logs

    def start(self) -> None:
        for name in self._programs:
            self._start(name)

    def stop(self) -> None:
        for child in self._children.values():
            child.ask_to_stop()
        for child in self._children.values():
            child.stop()

    def watch(self) -> NoReturn:
        while True:
            self.start_again_what_ended()
            time.sleep(LOOK_EVERY)

    def start_again_what_ended(self) -> None:
        for name in self._services.revive() if self._services else ():
            self._count_restart(name, f"The server {name} had ended; it was started again.")
        for name, child in list(self._children.items()):
            if not child.running:
                child.bury()
                self._count_restart(name, f"{_obituary(name, child)} It is started again.")
                self._start(name)

    def refuse_ended(self) -> None:
        """Raise ServiceError if a program has ended, with the end of its log."""
        for name, child in self._children.items():
            if not child.running:
                log = child.launch.log
                raise ServiceError(
                    f"{_obituary(name, child)} {' / '.join(last_lines(log))} (the whole log: {log})"
                )

    def _start(self, name: str) -> None:
        program = self._programs[name]
        launch = Launch(
            argv=program.argv,
            log=self._claim.log_of(name),
            ladder=((signal.SIGTERM, program.patience), (signal.SIGQUIT, 3.0), KILL),
            # Celery would wait for ever for a broker that went with us.
            orphan_ladder=(KILL,),
            env=self._env,
            pass_fds=() if program.listener is None else (program.listener.fileno(),),
        )
        try:
            self._children[name] = self._claim.start(name, launch)
        except OSError as refused:
            raise ServiceError(
                f"{name} cannot be run: {program.argv[0]}: {refused.strerror}."
            ) from refused

    def _count_restart(self, name: str, sentence: str) -> None:
        now = time.monotonic()
        recent = self._restarts[name]
        recent.append(now)
        while recent[0] < now - 60:
            recent.popleft()
        if len(recent) > self._limit:
            raise ServiceError(
                f"{name} ended {len(recent)} times within a minute: everything is stopped. "
                f"See {self._claim.log_of(name)}."
            )
        self._say(sentence)


def _obituary(name: str, child: Child) -> str:
    status = child.exit_status or 0
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    return f"{name} (process {child.pid}) {how}."


def _wait_until_ready(crew: _Crew, address: tuple[str, int], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    patience = FIRST_ANSWER_WITHIN
    while not 200 <= (answer := _status_of_front_page(address, patience)) < 400:
        crew.refuse_ended()
        if time.monotonic() > give_up_at:
            heard = f"answers with status {answer}" if answer else "does not answer"
            raise ServiceError(
                f"After {seconds:.0f} seconds http://{address[0]}:{address[1]}/ {heard}: "
                f"see {crew.logs}."
            )
        patience = min(patience * 2, ANSWER_WITHIN_AT_MOST)
        time.sleep(LOOK_EVERY)
    crew.refuse_ended()


def _status_of_front_page(address: tuple[str, int], patience: float) -> int:
    """The status of GET /; 0 without an answer."""
    connection = http.client.HTTPConnection(*address, timeout=patience)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
