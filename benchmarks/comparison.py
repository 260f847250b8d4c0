"""Comparison of two editions: exact, no larger than what git finds, and fast."""

import random
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks import material
from benchmarks.tables import Row, missing
from drafts.editions.comparison import apply_changes, compare_markdown

MOST = 1.3
PAGES = 200
WORDS_A_PAGE = 400
GIT = (
    "git", "diff", "--no-index", "--no-color", "--no-ext-diff", "--word-diff=porcelain",
    "--minimal", "--unified=0",
)  # fmt: skip


def statutes() -> Iterator[Row]:
    """Every step from one version of a statute to the next: real amendments of real text."""
    if not (data := material.outside()):
        yield missing("statutes: exact; words against git")
        return
    steps = [
        pair
        for folder in sorted((data / "laws").iterdir())
        for pair in pairwise(sorted(folder.glob("*.md")))
    ]
    exact, ratios, ours, theirs = 0, [1.0], 0, 0
    for old_path, new_path in steps:
        old, new = (path.read_bytes().decode() for path in (old_path, new_path))
        comparison = compare_markdown(old, new)
        exact += apply_changes(old, comparison.changes) == new
        by_git = _words_by_git(old_path, new_path)
        ours, theirs = ours + comparison.words_changed, theirs + by_git
        ratios.append(_ratio(comparison.words_changed, by_git))
    yield Row(
        "statutes: steps applied give the new text", f"{len(steps)} steps", f"{exact} exact",
        "all, byte for byte", exact == len(steps),
    )  # fmt: skip
    yield Row(
        "statutes: words marked against git --word-diff", f"{theirs} words",
        f"{ours} words, worst {max(ratios):.2f}", f"<= {MOST} in each step", max(ratios) <= MOST,
    )  # fmt: skip


def two_hundred_pages() -> Iterator[Row]:
    """Every third paragraph reworded, a tenth moved, some gone and some new."""
    chance = random.Random(5)
    vocabulary = [f"wort{number}" for number in range(6000)]
    old = [" ".join(chance.choices(vocabulary, k=WORDS_A_PAGE // 8)) for _place in range(PAGES * 8)]
    new = [
        text.replace("wort1", "anders1", 2) if n % 3 == 0 else text for n, text in enumerate(old)
    ]
    for _move in range(len(new) // 10):
        new.insert(chance.randrange(len(new)), new.pop(chance.randrange(len(new))))
    del new[40:60]
    new[400:400] = [" ".join(chance.choices(vocabulary, k=50)) for _place in range(20)]
    before, after = "\n\n".join(old), "\n\n".join(new)
    started = time.process_time()
    comparison = compare_markdown(before, after)
    took = time.process_time() - started
    exact = apply_changes(before, comparison.changes) == after
    yield Row(
        f"{PAGES} pages compared (CPU-s)", f"{comparison.words_old} words",
        f"{took:.2f} s, {len(comparison.changes)} changes", "<= 3, exact", took <= 3 and exact,
    )  # fmt: skip


def _ratio(ours: int, by_git: int) -> float:
    if by_git:
        return ours / by_git
    return float("inf") if ours else 1.0


def _words_by_git(old: Path, new: Path) -> int:
    """Struck and inserted words of git's own word difference."""
    found = subprocess.run(  # noqa: S603
        [*GIT, str(old), str(new)], capture_output=True, check=False
    )
    lines = found.stdout.decode(errors="replace").split("\n")
    return sum(
        len(line[1:].split())
        for line in lines
        if line[:1] in {"+", "-"} and not line.startswith(("+++ ", "--- "))
    )
