"""Other commands find the demo that runs: `consult import-concept --write`, `consult manage`."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from consult.project.embedded.claim import write_private


@contextlib.contextmanager
def open_to_commands(data_dir: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Leave the environment of the demo in a file of its owner's while it runs."""
    path = _path(data_dir)
    write_private(path, json.dumps(dict(environment)))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def use_running_demo(data_dir: Path) -> bool:
    """Take over the environment of the demo that runs on this directory; False if none does."""
    try:
        environment = json.loads(_path(data_dir).read_text())
    except (OSError, ValueError):
        return False
    os.environ.update(environment)
    return True


def _path(data_dir: Path) -> Path:
    return data_dir / "environment.json"
