"""Quality of opinion groups against Polis's own results, and their speed."""

import os
import subprocess
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks import material
from benchmarks.tables import Row, missing
from workers.analysis.opinions import analyse_votes, group_aware_consensus

PEOPLE, STATEMENTS, VOTES_EACH = 20_000, 500, 50


def consensus() -> Iterator[Row]:
    """Group-aware consensus of each statement, given Polis's groups."""
    what = "consensus, largest difference to Polis"
    if not (data := material.outside()):
        yield missing(what)
        return
    worst, statements = 0.0, 0
    for result in material.polis_results(data):
        for statement, theirs in result["group-aware-consensus"].items():
            counts = [group["votes"][statement] for group in result["group-votes"].values()]
            ours = group_aware_consensus({"agree": c["A"], "seen": c["S"]} for c in counts)
            worst, statements = max(worst, abs((ours or 0.0) - theirs)), statements + 1
    yield Row(f"{what}, {statements}", "", f"{worst:.1e}", "<= 1e-9", worst <= 1e-9)


def groups() -> Iterator[Row]:
    """Groups against those that Polis exported; baseline: k-means on the raw votes, its number."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    if not (data := material.outside()):
        yield missing("opinion groups (median ARI)")
        return
    ours, theirs = [], []
    for name, votes, exported in material.conversations(data):
        found = analyse_votes(votes).groups
        both = sorted(set(found) & set(exported))
        true = [exported[person] for person in both]
        ours.append(adjusted_rand_score(true, [found[person] for person in both]))
        columns = {s: n for n, s in enumerate(sorted({s for _, s in votes}))}
        raw = np.zeros((len(both), len(columns)))
        for row, person in enumerate(both):
            for statement, column in columns.items():
                raw[row, column] = votes.get((person, statement), 0)
        plain = KMeans(len(set(true)), n_init=5, random_state=0).fit_predict(raw)
        theirs.append(adjusted_rand_score(true, plain))
        yield Row(f"opinion groups: {name[:28]} (ARI)", f"{theirs[-1]:.3f}", f"{ours[-1]:.3f}", "")
    yield Row(
        "opinion groups (median ARI)", f"{median(theirs):.3f}", f"{median(ours):.3f}", ">= .78",
        median(ours) >= 0.78,
    )  # fmt: skip


def a_million_votes() -> Iterator[Row]:
    """20,000 people of three camps on 500 statements, 50 votes each; both on one thread."""
    from sklearn.metrics import adjusted_rand_score

    votes, camps = _synthetic()
    analyse_votes(dict(islice(votes.items(), 5000)))
    times = []
    for _ in range(3):
        started = time.process_time()
        found = analyse_votes(votes)
        times.append(time.process_time() - started)
    took = median(times)
    ari = adjusted_rand_score([camps[p] for p in found.groups], list(found.groups.values()))
    yield Row("1,000,000 votes (CPU-seconds, ARI)", "", f"{took:.2f}, {ari:.2f}", "<= 2", took <= 2)
    theirs = _red_dwarf(votes)
    if theirs is None:
        yield Row("1,000,000 votes, against red-dwarf", "not installed", "", ">= 40 times")
    else:
        yield Row(
            "1,000,000 votes, against red-dwarf", f"{theirs:.1f} s", f"{theirs / took:.0f} times",
            ">= 40 times", theirs >= 40 * took,
        )  # fmt: skip


def _red_dwarf(votes: dict[tuple[str, str], int]) -> float | None:
    """CPU-seconds of the package red-dwarf 0.4.0 for the same, in the environment of its own.

    That is named by CONSULT_BENCH_PEERS (`make bench` fills .venv-bench); None without it.
    """
    python = Path(os.environ.get("CONSULT_BENCH_PEERS", ".venv-bench")) / "bin" / "python"
    if not python.exists():
        return None
    rows = "".join(f"{person},{statement},{vote}\n" for (person, statement), vote in votes.items())
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    told = subprocess.run(  # noqa: S603 - our own script
        [python, "-W", "ignore", Path(__file__).with_name("red_dwarf.py")],
        input=rows, text=True, capture_output=True, check=False, env={**os.environ, **one_thread},
    )  # fmt: skip
    return float(told.stdout) if told.returncode == 0 else None


def _synthetic() -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    import numpy as np

    chance = np.random.default_rng(0)
    opinions = chance.choice([-1, 0, 1], size=(3, STATEMENTS), p=[0.4, 0.15, 0.45])
    votes, camps = {}, {}
    for number in range(PEOPLE):
        camp, person = int(chance.integers(0, 3)), str(number)
        camps[person] = camp
        chosen = chance.choice(STATEMENTS, VOTES_EACH, replace=False)
        as_camp = chance.random(VOTES_EACH) < 0.8
        cast = np.where(as_camp, opinions[camp][chosen], chance.choice([-1, 0, 1], VOTES_EACH))
        votes |= {(person, str(s)): int(v) for s, v in zip(chosen, cast, strict=True)}
    return votes, camps
