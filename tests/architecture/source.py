"""Our source as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("consult", "drafts", "site_content", "workers")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Path and tree of every module of ours but migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), _tree(path)


def functions() -> Iterator[tuple[str, str, ast.FunctionDef]]:
    """Path, name and tree of every function and method."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield path, node.name, node


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())
