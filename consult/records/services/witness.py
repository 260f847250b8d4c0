"""Files outside the database that tell after a restore what it has forgotten.

They lie in settings.WITNESS_DIR, are only ever added to, and hold no personal data.
"""

import os
from pathlib import Path

from django.conf import settings

PRIVATE_FILE, PRIVATE_DIRECTORY = 0o600, 0o700


def path_of(name: str) -> Path:
    """Where the file of this name lies."""
    return Path(settings.WITNESS_DIR) / name


def append_line(name: str, line: str) -> None:
    """Add a line and wait until it is on the disk. Raises OSError."""
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY)
    # One write of a short line in append mode is whole, also beside other processes.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_FILE)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines_of(name: str) -> list[str]:
    """All lines so far; none where the file does not exist."""
    path = path_of(name)
    return path.read_text().splitlines() if path.exists() else []
