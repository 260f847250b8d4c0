"""Groups of near points whose number nobody has to guess: Louvain on a nearest-neighbour graph.

Louvain: Blondel et al., Fast unfolding of communities in large networks (2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workers.analysis.features import Features

    Graph = list[dict[int, float]]

STARTS = 8
MANY_NODES = 2000  # from here on four starts, as time counts


def nearest_rows(features: Features, most: int) -> list[tuple[list[int], list[float]]]:
    """For each row its ``most`` nearest other rows of positive similarity, the nearest first.

    Given as (rows, similarities). Equal similarities are taken in the order of the rows.
    """
    count = len(features.language)
    wanted = min(most, count - 1)
    if wanted < 1:
        return [([], []) for _ in range(count)]
    return [
        near
        for rows, similarities in features.blocks()
        for near in _nearest(similarities, rows.start, wanted)
    ]


def neighbour_graph(
    nearest: Sequence[tuple[list[int], list[float]]], neighbours: int, power: int = 1
) -> Graph:
    """Joins each row with its ``neighbours`` nearest rows.

    An edge weighs the mean of what the two ends make of it: their similarity to some power.
    """
    graph: Graph = [{} for _ in nearest]
    for node, (near, weights) in enumerate(nearest):
        for other, weight in zip(near[:neighbours], weights[:neighbours], strict=True):
            half = weight**power / 2
            graph[node][other] = graph[node].get(other, 0.0) + half
            graph[other][node] = graph[other].get(node, 0.0) + half
    return graph


def _nearest(
    similarities: NDArray[np.float32], first: int, wanted: int
) -> Iterator[tuple[list[int], list[float]]]:
    import numpy as np

    here = np.arange(len(similarities))
    similarities[here, first + here] = -np.inf
    cut = -np.partition(-similarities, wanted - 1, axis=1)[:, wanted - 1]
    for row, least in zip(similarities, cut, strict=True):
        candidates = np.flatnonzero((row >= least) & (row > 0))
        order = np.lexsort((candidates, -row[candidates]))[:wanted]
        yield candidates[order].tolist(), row[candidates[order]].astype(float).tolist()


def louvain(graph: Graph, resolution: float = 1.0) -> list[int]:
    """The community of each node, of the best modularity among several orders of visiting.

    ``graph[i]`` maps each neighbour to a positive weight and is symmetric. A resolution below 1
    gives fewer communities (Reichardt and Bornholdt 2006). The same graph gives the same
    communities, numbered in the order of their first node.
    """
    import numpy as np

    generator = np.random.default_rng(0)
    best, best_score = list(range(len(graph))), -np.inf
    for _ in range(STARTS if len(graph) < MANY_NODES else 4):
        found = _one_start(graph, generator, resolution)
        score = modularity(graph, found, resolution)
        if score > best_score + 1e-12:
            best, best_score = found, score
    return _numbered(best)


def modularity(graph: Graph, community: list[int], resolution: float = 1.0) -> float:
    """Newman's modularity: the share of weight inside, less what chance would put there."""
    total = sum(sum(edges.values()) for edges in graph)
    if not total:
        return 0.0
    inside = 0.0
    degrees: dict[int, float] = {}
    for node, edges in enumerate(graph):
        own = community[node]
        degrees[own] = degrees.get(own, 0.0) + sum(edges.values())
        inside += sum(weight for other, weight in edges.items() if community[other] == own)
    return inside / total - resolution * sum((d / total) ** 2 for d in degrees.values())


def _one_start(graph: Graph, generator: Any, resolution: float) -> list[int]:
    membership = list(range(len(graph)))
    level = graph
    while True:
        found = _numbered(_move_nodes(level, generator.permutation(len(level)), resolution))
        membership = [found[node] for node in membership]
        if len(set(found)) == len(level):
            return membership
        level = _merged(level, found)


def _move_nodes(graph: Graph, order: Any, resolution: float) -> list[int]:
    """Moves nodes to the neighbouring community that gains most, until no move gains."""
    community = list(range(len(graph)))
    degree = [sum(edges.values()) for edges in graph]
    scale = resolution / (sum(degree) or 1.0)
    weight_of = list(degree)
    queue = [int(node) for node in order]
    waiting = set(queue)
    for node in queue:
        waiting.discard(node)
        own = community[node]
        weight_of[own] -= degree[node]
        target = _best_community(graph, node, community, weight_of, degree[node] * scale)
        weight_of[target] += degree[node]
        if target != own:
            community[node] = target
            for other in graph[node]:
                if community[other] != target and other not in waiting:
                    waiting.add(other)
                    queue.append(other)
    return community


def _best_community(
    graph: Graph, node: int, community: list[int], weight_of: list[float], share: float
) -> int:
    own = community[node]
    shared: dict[int, float] = {own: 0.0}
    for other, weight in graph[node].items():
        if other != node:
            shared[community[other]] = shared.get(community[other], 0.0) + weight
    best, best_gain = own, shared[own] - share * weight_of[own]
    for candidate, weight in shared.items():
        gain = weight - share * weight_of[candidate]
        if gain > best_gain + 1e-12:
            best, best_gain = candidate, gain
    return best


def _merged(graph: Graph, community: list[int]) -> Graph:
    level: Graph = [{} for _ in set(community)]
    for node, edges in enumerate(graph):
        into = level[community[node]]
        for other, weight in edges.items():
            into[community[other]] = into.get(community[other], 0.0) + weight
    return level


def _numbered(labels: list[int]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]
