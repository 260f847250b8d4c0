"""Groups of people who stand close together on the plane of opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workers.analysis.features import sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_GROUPS = 5
BASE_CLUSTERS = 100
MOST_FITTED = 5000  # points from which base clusters are learnt; all others go to the nearest
CLEARLY_BETTER = 0.01  # silhouette that one more group must gain


def cluster_points(points: NDArray[np.float64], wanted: int | None = None) -> list[int]:
    """A label for each point: k-means on at most 100 base clusters, k of 2 to 5 by silhouette.

    With ``wanted`` that many groups, or as many as there are different points. Fewer than four
    different points are one group.
    """
    import numpy as np
    from sklearn.cluster import KMeans

    distinct = len(np.unique(np.round(points, 9) @ [1, 1j]))
    if wanted is None and distinct < 4:
        return [0] * len(points)
    if wanted is not None and min(wanted, distinct) < 2:
        return [0] * len(points)
    base = _base_clusters(points, min(BASE_CLUSTERS, distinct))
    numbers, base, weights = np.unique(base, return_inverse=True, return_counts=True)
    sums = [np.bincount(base, axis, len(numbers)) for axis in points.T]
    centres = np.stack(sums, axis=1) / weights[:, None]
    choices = (
        [min(wanted, distinct)] if wanted else list(range(2, min(MOST_GROUPS, distinct - 1) + 1))
    )
    best, best_score = np.zeros(len(centres), dtype=int), -2.0
    for k in choices:
        model = KMeans(min(k, len(centres)), n_init=10, random_state=0)
        labels = model.fit(centres, sample_weight=weights).labels_
        score = _silhouette(centres, labels, weights)
        if score > best_score + (CLEARLY_BETTER if best_score > -2 else 0):
            best, best_score = labels, score
    return [int(label) for label in best[base]]


def _base_clusters(points: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    import numpy as np
    from sklearn.cluster import KMeans

    if len(points) <= count:
        return np.arange(len(points))
    learnt = points[sample(len(points), MOST_FITTED)]
    return np.asarray(KMeans(count, n_init=1, random_state=0).fit(learnt).predict(points))


def _silhouette(points: Any, labels: Any, weights: Any) -> float:
    """Mean silhouette (Rousseeuw 1987) in which a base cluster counts as its people."""
    import numpy as np
    from sklearn.metrics import pairwise_distances

    kinds = np.unique(labels)
    if len(kinds) < 2:
        return -1.0
    distances = pairwise_distances(points)
    mass = np.array([weights[labels == kind].sum() for kind in kinds], dtype=float)
    sums = np.stack([distances[:, labels == k] @ weights[labels == k] for k in kinds], axis=1)
    own = np.searchsorted(kinds, labels)
    here = np.arange(len(points))
    inner = sums[here, own] / np.maximum(mass[own] - 1, 1)
    others = sums / mass
    others[here, own] = np.inf
    outer = others.min(axis=1)
    values = np.where(
        mass[own] > 1, (outer - inner) / np.maximum(np.maximum(outer, inner), 1e-12), 0
    )
    return float(np.average(values, weights=weights))
