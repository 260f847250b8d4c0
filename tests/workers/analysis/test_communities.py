import numpy as np
import pytest

from workers.analysis.communities import louvain, modularity, nearest_rows, neighbour_graph
from workers.analysis.features import Features


def graph_of(*edges):
    graph = [{} for _ in range(1 + max(max(edge[:2]) for edge in edges))]
    for one, other, weight in edges:
        graph[one][other] = graph[other][one] = weight
    return graph


TWO_TRIANGLES = graph_of(
    (0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0), (2, 3, 1.0)
)


def test_modularity_of_two_triangles_with_a_bridge():
    # By hand: 7 edges, each triangle has 3 inside and degree 7: 2 * (3/7 - (7/14)^2) = 5/14.
    assert modularity(TWO_TRIANGLES, [0, 0, 0, 1, 1, 1]) == pytest.approx(5 / 14)
    assert modularity(TWO_TRIANGLES, [0] * 6) == pytest.approx(0)


def test_louvain_finds_the_triangles():
    assert louvain(TWO_TRIANGLES) == [0, 0, 0, 1, 1, 1]


def test_a_low_resolution_joins_what_a_high_one_parts():
    assert louvain(TWO_TRIANGLES, resolution=0.1) == [0] * 6
    assert len(set(louvain(TWO_TRIANGLES, resolution=4.0))) == 6


def test_nodes_without_an_edge_stay_alone():
    assert louvain([{}, {}, {}]) == [0, 1, 2]
    assert louvain([]) == []


def test_the_graph_joins_the_like_and_leaves_out_the_unlike():
    angles = np.radians([0, 5, 10, 180, 185, 190])
    points = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    features = Features(points, np.zeros((6, 1), np.float32), np.zeros(6, np.int32))
    graph = neighbour_graph(nearest_rows(features, 4), 4)
    assert {frozenset(edges) | {node} for node, edges in enumerate(graph)} == {
        frozenset({0, 1, 2}),
        frozenset({3, 4, 5}),
    }
    assert all(graph[b][a] == weight for a in range(6) for b, weight in graph[a].items())
