"""Child processes that end with us, and the means to stop those that a crash left behind."""

import contextlib
import ctypes
import functools
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG_ROTATES_AT = 10_000_000
_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")
_HAS_PROC = Path("/proc/self/stat").exists()
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

# How a process is asked to end: (signal, seconds to wait for it), from polite to certain.
Ladder = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Launch:
    """What to run and how.

    ``orphan_ladder`` is for a process whose parent was killed; without it ``ladder`` holds.
    ``account`` is the one to run as (None: ours). ``stdin`` is handed over whole, so that a
    password stands neither in the arguments nor in a file. ``pass_fds`` stay open in the child.
    """

    argv: Sequence[str]
    log: Path
    ladder: Ladder
    orphan_ladder: Ladder | None = None
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: pwd.struct_passwd | None = None
    stdin: str | None = None
    pass_fds: tuple[int, ...] = ()

    @property
    def after_us(self) -> Ladder:
        """How it is ended when we cannot do it any more."""
        return self.orphan_ladder or self.ladder


def run_as(account: pwd.struct_passwd | None) -> dict:
    """The arguments of ``subprocess`` that make a process run as ``account``."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def spawn(launch: Launch, on_start: Callable[[int], None]) -> subprocess.Popen:
    """Start the process in a session of its own, its output appended to ``launch.log``.

    On Linux the kernel sends it the first signal of ``launch.after_us`` as soon as the thread that
    called this ends, even by kill -9; elsewhere the next start stops it from the record that
    ``on_start`` makes of its number. Raises OSError if the program cannot be run.
    """
    # A stop signal between fork and record would leave a process that nobody knows.
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        with _open_log(launch.log) as log:
            process = subprocess.Popen(  # noqa: S603 - argv comes from our own code
                list(launch.argv),
                stdin=subprocess.DEVNULL if launch.stdin is None else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=launch.env,
                cwd=launch.cwd,
                pass_fds=launch.pass_fds,
                start_new_session=True,
                preexec_fn=functools.partial(
                    _prepare_child, os.getpid(), launch.after_us[0][0], masked
                ),
                **run_as(launch.account),
            )
        on_start(process.pid)
        _hand_over(process, launch.stdin)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
    return process


def _prepare_child(parent: int, farewell: int, signal_mask: set) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, signal_mask)
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before the kernel knew what to send
        os._exit(1)


def _open_log(path: Path):
    if path.exists() and path.stat().st_size > LOG_ROTATES_AT:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _hand_over(process: subprocess.Popen, text: str | None) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
        pipe.write((text or "").encode())


class Child:
    """A process that we started and will stop.

    ``on_start`` is called with its number once it runs, ``on_end`` once it is gone.
    """

    def __init__(self, launch: Launch, on_start: Callable[[int], None], on_end: Callable[[], None]):
        self.launch = launch
        self._on_end = on_end
        self._asked = False
        self._process = spawn(launch, on_start)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._process.poll()

    @property
    def running(self) -> bool:
        return self.exit_status is None

    def ask_to_stop(self) -> None:
        """Send the first signal of the ladder, without waiting."""
        if not self._asked and self.running:
            self._process.send_signal(self.launch.ladder[0][0])
        self._asked = True

    def stop(self) -> None:
        """End it, politely first. Afterwards neither it nor a process of its group is left."""
        self.ask_to_stop()
        for position, (number, seconds) in enumerate(self.launch.ladder):
            if position > 0:
                _send(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
                break
        self.bury()

    def bury(self) -> None:
        """After its end: kill what it left in its group and forget its record."""
        _send(self.pid, signal.SIGKILL)
        self._on_end()


def stop_leftover(pid: int, started: str, ladder: Ladder) -> bool:
    """Stop the process that ``pid`` and ``started`` name and its group; tell if they are gone.

    A later process with the same number is left alone.
    """
    for number, seconds in ladder:
        if start_identity(pid) != started:
            break
        _send(pid, number)
        _wait_for_end(pid, started, seconds)
    if start_identity(pid) == started:
        return False
    for orphan in _orphans(pid, started):
        with contextlib.suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)
    return True


def _send(pid: int, number: int) -> None:
    # Only SIGKILL goes to the group: a polite stop is for the leader, which ends its own children.
    # macOS answers "not permitted" for a group of which only the dead are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if number == signal.SIGKILL:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _wait_for_end(pid: int, started: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while start_identity(pid) == started and time.monotonic() < end:
        time.sleep(0.05)


def start_identity(pid: int) -> str | None:
    """Boot and start time, which tell a process from a later one of the same number.

    None when it has ended.
    """
    if not _HAS_PROC:
        letters, _, started = _ps(pid, "stat=,lstart=").partition(" ")
        ended = not letters or letters.startswith("Z")
        return None if ended else f"{_ps(1, 'lstart=')}, {started.strip()}"
    state = _proc_state(pid)
    return None if state is None else f"{_boot()} {state.started}"


@dataclass(frozen=True)
class _State:
    group: int
    session: int
    started: int  # clock ticks since boot


def _proc_state(pid: int) -> _State | None:
    try:
        # proc(5): after the name in brackets come the fields from number 3 on: state, parent,
        # group, session ...; number 22 is the start time
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] in "ZX":
        return None
    return _State(int(fields[2]), int(fields[3]), int(fields[19]))


def _boot() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def _orphans(leader: int, started: str) -> list[int]:
    """What is left of the group of a leader that has ended; elsewhere than on Linux not known.

    Group, session and time must fit: the number of the leader may have been given away since.
    """
    boot, _, ticks = started.rpartition(" ")
    if not _HAS_PROC or boot != _boot():
        return []
    running = {int(entry.name): _proc_state(int(entry.name)) for entry in _PROC.glob("[0-9]*")}
    return [
        pid
        for pid, state in running.items()
        if state and state.group == state.session == leader and state.started >= int(ticks)
    ]


def command_line(pid: int) -> str:
    """Program and arguments of a running process; empty when there is none."""
    if not _HAS_PROC:
        return _ps(pid, "command=")
    try:
        return (_PROC / str(pid) / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _ps(pid: int, columns: str) -> str:
    done = subprocess.run(  # noqa: S603 - a number and fixed words
        ["ps", "-o", columns, "-p", str(pid)],  # noqa: S607 - its place differs between systems
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.stdout.strip()
