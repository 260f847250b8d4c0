"""Rules of the house that no linter knows."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, functions, modules

LONGEST_FILE = 400


def test_the_import_contract_holds():
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-3000:]
    assert "0 broken" in found.stdout


def test_the_contract_knows_every_package_of_ours():
    known = (ROOT / "pyproject.toml").read_text()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == set(PACKAGES)
    for app in ROOT.glob("*/*/apps.py"):
        assert f'"{app.parent.parent.name}.{app.parent.name}"' in known


def test_no_model_has_a_save_of_its_own():
    named = {(path, name) for path, name, _node in functions() if name in {"save", "delete"}}
    assert named == set()


def test_no_signal_of_django_s_models_is_used():
    signals = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "receiver"}
    users = [
        (path, alias.name)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in signals or (node.module or "").endswith("db.models.signals")
    ]
    assert users == []


# Who sets a status: one gate a state machine, and the queue of mails.
GATES = {
    ("consult/contributions/services/status.py", "set_status"),
    ("consult/contributions/services/suggestions.py", "set_bundle_status"),
    ("consult/council/services/decisions.py", "confirm_decision"),
    ("consult/council/services/meetings.py", "set_meeting_status"),
    ("consult/council/services/motion_votes.py", "confirm_motion_vote"),
    ("consult/council/services/positions.py", "confirm_goal_positions"),
    ("consult/council/services/motions.py", "set_motion_status"),
    ("consult/council/services/papers.py", "set_paper_status"),
    ("consult/council/services/questions.py", "_set_status"),
    ("consult/council/services/route.py", "set_step_status"),
    ("consult/documents/services/making.py", "_set_status"),
    ("consult/intake/services/cards.py", "_set_status"),
    ("consult/intake/services/imports.py", "_set_status"),
    ("consult/intake/services/notes.py", "_set_status"),
    ("consult/intake/services/statements.py", "_set_status"),
    ("consult/evaluation/services/analysis.py", "_set_status"),
    ("consult/evaluation/services/answer_texts.py", "_set_status"),
    ("consult/evaluation/services/responses.py", "_set_status"),
    ("consult/evaluation/services/revision.py", "release_next_edition"),
    ("consult/evaluation/services/summaries.py", "_set_status"),
    ("consult/evaluation/services/assignments.py", "set_theme_status"),
    ("consult/following/services/telling.py", "_set_status"),
    ("consult/participants/services.py", "_set_status"),
    ("consult/evaluation/services/objections.py", "_set_status"),
    ("consult/records/services/barriers.py", "_set_status"),
    ("consult/records/services/erasure.py", "_set_status"),
    ("consult/rounds/services.py", "set_round_status"),
    ("drafts/actionplan/services.py", "report_progress"),
    ("drafts/editions/services.py", "set_edition_status"),
}
# Rows that change together with their job or theme, in one statement.
BULK_GATES = {
    ("consult/evaluation/services/analysis.py", "_claim"),
    ("consult/evaluation/services/analysis.py", "retry_run"),
    ("consult/evaluation/services/summaries.py", "request_summaries"),
}


def test_every_status_has_one_gate():
    setters = set()
    for path, name, function in functions():
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                if any(isinstance(n, ast.Attribute) and n.attr == "status" for n in names):
                    setters.add((path, name))
    # A session's or a response's status code is none of ours.
    setters = {(path, name) for path, name in setters if "/services" in path}
    assert setters == GATES


def test_no_status_is_set_past_its_gate():
    setters = {
        (path, name)
        for path, name, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "update"
        and any(keyword.arg == "status" for keyword in node.keywords)
    }
    assert setters == BULK_GATES


def test_views_write_nothing_themselves():
    writes = {"create", "bulk_create", "update", "delete", "save", "get_or_create", "bulk_update"}
    found = set()
    for path, tree in modules():
        if "views" not in path:
            continue
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in writes:
                manager = called.value
                if isinstance(manager, ast.Attribute) and manager.attr == "objects":
                    found.add((path, node.lineno))
    assert found == set()


def test_files_stay_short():
    lengths = {path: len((ROOT / path).read_text().splitlines()) for path, _tree in modules()}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}
