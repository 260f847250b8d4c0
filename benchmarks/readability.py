"""Whether sentences that people found hard are said to be hard."""

import csv
from collections.abc import Iterator

import numpy as np
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from sklearn.model_selection import LeaveOneGroupOut

from benchmarks import material
from benchmarks.tables import Row, missing
from workers.analysis.readability import properties
from workers.analysis.texts import words

NAME = "readability: Spearman with people's ratings"


def people_rate() -> Iterator[Row]:
    """Ratings of every article by weights fitted on the others; beside it the number of words."""
    if not (data := material.outside()):
        yield missing(NAME)
        return
    with (data / "readability" / "ratings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rated = np.array([float(row["MOS_Complexity"]) for row in rows])
    found = _predicted(rows, rated)
    length = [len(words(row["Sentence"])) for row in rows]
    ours, plain = (spearmanr(values, rated).statistic for values in (found, length))
    yield Row(NAME, f"{plain:.3f}", f"{ours:.3f}", ">= .75", ours >= 0.75)


def _predicted(rows, rated):
    known = np.array([properties(row["Sentence"]) for row in rows])
    articles = [row["Article_ID"] for row in rows]
    predicted = np.zeros(len(rows))
    for rest, article in LeaveOneGroupOut().split(known, rated, articles):
        predicted[article] = Ridge(1).fit(known[rest], rated[rest]).predict(known[article])
    return predicted
