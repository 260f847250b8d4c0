"""Data for the quality bars: outside files named by CONSULT_BENCH_DATA, and sets of our own.

Our own sets (data/) were written for these measurements. Nothing in the product was set by
cross_language.txt; every pair in opposite_demands.txt must hold, and found faults were mended.
"""

import csv
import json
import os
import random
import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from workers.analysis.texts import sentence_spans
from workers.analysis.themes import Contribution, vectors_of
from workers.analysis.vectors import FileVectorStore

OWN = Path(__file__).parent / "data"


def outside() -> Path | None:
    """The directory with other people's data, if it is named."""
    named = os.environ.get("CONSULT_BENCH_DATA", "")
    return Path(named) if named else None


def vectors(contributions: list[Contribution]) -> dict[str, Any]:
    """Sentence vectors, kept between runs of the benchmarks on one machine."""
    store = FileVectorStore(Path(tempfile.gettempdir()) / "consult-bench-vectors")
    return vectors_of(contributions, store)


def bonn(data: Path) -> tuple[list[Contribution], list[str]]:
    """Contributions to a cycling dialogue and the topics that people gave them."""
    with (data / "cimt" / "bonn.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [f"{row['title'].strip()}. {row['text'].strip()}".strip() for row in rows]
    contributions = [
        Contribution(row["ID"], text, language="de") for row, text in zip(rows, texts, strict=True)
    ]
    return contributions, [row["main_category_level1"] for row in rows]


def put_together(data: Path, size: int) -> tuple[list[Contribution], dict[str, Any]]:
    """So many texts of real sentences put together anew, with vectors near those of the first."""
    import numpy as np

    real, _ = bonn(data)
    known = vectors(real)
    told = [
        (c.id, c.text[start:end])
        for c in real
        for start, end in sentence_spans(c.text)
        if end - start > 25
    ]
    chance, noise = random.Random(1), np.random.default_rng(1)
    contributions, near = [], {}
    for number in range(size):
        parts = [chance.choice(told) for _ in range(chance.choice((1, 2, 2, 3)))]
        text = " ".join(part for _, part in parts)
        contributions.append(Contribution(f"{number:06}", text, author=f"p{number % 60_000}"))
        row = known[parts[0][0]] + noise.normal(0, 0.01, len(known[parts[0][0]]))
        near[f"{number:06}"] = (row / np.linalg.norm(row)).astype("f4")
    return contributions, near


def balanced(topics: list[str], seed: int, most: int = 75) -> list[int]:
    """Up to ``most`` rows of each topic but "misc", drawn anew for each seed."""
    chance, rows = random.Random(seed), []
    for topic in sorted(set(topics) - {"level1_misc"}):
        of_topic = [row for row, named in enumerate(topics) if named == topic]
        chance.shuffle(of_topic)
        rows += of_topic[:most]
    return sorted(rows)


def cross_language() -> tuple[list[Contribution], list[str]]:
    """Twelve topics in five languages, three sentences each."""
    lines = (OWN / "cross_language.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    contributions = [
        Contribution(f"{number:03}", row[2], language=row[1]) for number, row in enumerate(rows)
    ]
    return contributions, [row[0] for row in rows]


def opposites() -> list[tuple[str, str, str]]:
    """(language, one demand, its opposite), at least 200."""
    pairs = []
    for line in (OWN / "opposite_demands.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, frame = line.split("|")
            found = re.search(r"\{(.*?)/(.*?)\}", frame)
            one, other = (frame.replace(found.group(), found.group(side)) for side in (1, 2))
            pairs.append((language, one, other))
    return pairs


def key_points(data: Path) -> list[tuple[list[str], list[set[str]]]]:
    """For each topic and side its arguments, and the key points that people matched to each."""
    arguments: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    matched: dict[str, set[str]] = defaultdict(set)
    for part in ("dev", "train"):
        with (data / "keypoints" / f"arguments_{part}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                arguments[row["topic"], row["stance"]].append(row)
        with (data / "keypoints" / f"labels_{part}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["label"] == "1":
                    matched[row["arg_id"]].add(row["key_point_id"])
    return [
        ([row["argument"] for row in rows], [matched[row["arg_id"]] for row in rows])
        for rows in arguments.values()
    ]


def twins(data: Path) -> list[tuple[str, str]]:
    """(group, text) of contributions that were sent twice with small differences."""
    with (data / "duplicates" / "produktion_twins.csv").open(encoding="utf-8") as file:
        return [(row["group"], row["body"]) for row in csv.DictReader(file)]


def conversations(data: Path) -> list[tuple[str, dict[tuple[str, str], int], dict[str, str]]]:
    """Name, votes and Polis's groups of each exported conversation."""
    found = []
    for directory in sorted((data / "polis").iterdir()):
        if not directory.is_dir():
            continue
        votes, groups = {}, {}
        with (directory / "participants-votes.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["group-id"].strip():
                    groups[row["participant"]] = row["group-id"]
                for column, cast in row.items():
                    if column.isdigit() and cast.strip():
                        votes[row["participant"], column] = int(float(cast))
        found.append((directory.name, votes, groups))
    return found


def polis_results(data: Path) -> list[dict[str, Any]]:
    """Polis's complete mathematical results."""
    paths = sorted((data / "polis-math").glob("*/math-pca2.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]
