"""Who holds a data directory: one start at a time, and a record of every process it started."""

import contextlib
import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path

from consult.project.embedded.processes import (
    Child,
    Launch,
    start_identity,
    stop_leftover,
)


class StartError(RuntimeError):
    """Nothing was started. The text is one sentence for the person at the command line."""

    exit_status = 2


class AlreadyRunningError(StartError):
    """Another process holds the data directory."""


class ServiceError(StartError):
    """A server or program did not come up; what was started has been stopped again."""

    exit_status = 1


class Claim:
    """The right to start processes for ``data_dir``, held until ``release``.

    Taking it creates the directory (0700) if need be and stops whatever an earlier holder left
    running after a crash. Raises AlreadyRunningError if someone else holds it, StartError if the
    directory is not ours to write or a leftover process cannot be stopped.
    """

    def __init__(self, data_dir: Path):
        self.data_dir = Path(data_dir).absolute()
        self._records_file = self.data_dir / "processes.json"
        with _refusals_as_sentences(self.data_dir):
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = hold_lock(self.data_dir / "lock", self.data_dir)
            self.logs = self.data_dir / "logs"
            self.logs.mkdir(mode=0o700, exist_ok=True)
        try:
            self._stop_leftovers()
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> "Claim":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    def release(self) -> None:
        """Stop what still runs and let others start here."""
        # A stop signal may arrive before the caller of ``start`` has got hold of the process.
        try:
            self._stop_leftovers()
        finally:
            os.close(self._lock)

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, name: str, launch: Launch) -> Child:
        """Start the process and record it under ``name`` until it is stopped or buried."""

        def record(pid: int) -> None:
            ladder = [[int(number), seconds] for number, seconds in launch.after_us]
            entry = {"pid": pid, "started": start_identity(pid), "ladder": ladder}
            self._write({**self._read(), name: entry})

        def forget() -> None:
            self._write({key: entry for key, entry in self._read().items() if key != name})

        return Child(launch, on_start=record, on_end=forget)

    def _stop_leftovers(self) -> None:
        # The last to be started are the first to go: web and worker before the database.
        for name, entry in reversed(self._read().items()):
            ladder = tuple((number, seconds) for number, seconds in entry["ladder"])
            if entry["started"] and not stop_leftover(entry["pid"], entry["started"], ladder):
                raise StartError(
                    f"A {name} process (number {entry['pid']}) does not end: "
                    "end it by hand and start again."
                )
        self._write({})

    def _read(self) -> dict:
        try:
            return json.loads(self._records_file.read_text())
        except FileNotFoundError:
            return {}

    def _write(self, records: dict) -> None:
        write_private(self._records_file, json.dumps(records, indent=1))


def hold_lock(path: Path, data_dir: Path) -> int:
    """Lock ``path`` until the returned descriptor is closed or this process ends in any way.

    Raises AlreadyRunningError, naming ``data_dir`` and the holder.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as refused:
        holder = os.pread(descriptor, 20, 0).decode() or "unknown"
        os.close(descriptor)
        raise AlreadyRunningError(
            f"Consult is already running on {data_dir} (process {holder}): "
            "stop it first, or set CONSULT_DATA to another directory."
        ) from refused
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one; mode 0600."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


@contextlib.contextmanager
def _refusals_as_sentences(data_dir: Path):
    try:
        yield
    except OSError as refused:
        raise StartError(
            f"The data directory {data_dir} cannot be used ({refused.strerror}): start as the "
            "account that owns it, or set CONSULT_DATA to another directory."
        ) from refused


def last_lines(log: Path, count: int = 3) -> Sequence[str]:
    """The end of a log, for a message; empty if there is none."""
    try:
        return log.read_text(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
