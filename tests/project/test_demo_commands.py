"""Commands beside a running demo."""

import os
import stat
import subprocess
import sys

import pytest

from consult.project.demo.commands import open_to_commands, use_running_demo


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_commands_find_the_demo_while_it_runs(tmp_path):
    with open_to_commands(tmp_path, {"DATABASE_URL": "postgresql://demo"}):
        (file,) = tmp_path.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert use_running_demo(tmp_path)
        assert os.environ["DATABASE_URL"] == "postgresql://demo"
    del os.environ["DATABASE_URL"]
    assert not use_running_demo(tmp_path)
    assert "DATABASE_URL" not in os.environ


def test_an_import_without_installation_or_demo_says_what_to_do(tmp_path):
    file = tmp_path / "konzept.md"
    file.write_text("# Konzept\n\n## Sprache\n\nText.\n")
    answer = subprocess.run(
        [sys.executable, "-m", "consult", "import-concept", str(file), "--write"],
        env={"PATH": os.environ["PATH"], "CONSULT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert "make demo" in answer.stderr
    assert "Traceback" not in answer.stderr
