"""Quality of themes against topics that people gave, and against words with k-means."""

from collections.abc import Iterator
from statistics import mean

from benchmarks import material
from benchmarks.tables import Row, missing
from workers.analysis.themes import Contribution, Themes, extend_themes, propose_themes

SEEDS = range(5)


def _places(result: Themes, contributions: list[Contribution]) -> list[str]:
    """The theme of each contribution; a single voice is a theme of its own."""
    place = {member: theme.key for theme in result.themes for member in theme.members}
    return [place.get(c.id, f"alone {c.id}") for c in contributions]


def _baseline(contributions: list[Contribution], number: int) -> list[int]:
    """TF-IDF of words and k-means that is told the true number."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    weights = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.5)
    counted = weights.fit_transform(c.text for c in contributions)
    return [int(label) for label in KMeans(number, n_init=10, random_state=0).fit_predict(counted)]


def balanced_topics() -> Iterator[Row]:
    """75 contributions of each topic, drawn five times."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    what = "themes: 75 of each of 7 topics, 5 draws (ARI, V)"
    if not (data := material.outside()):
        yield missing(what)
        return
    contributions, topics = material.bonn(data)
    known = material.vectors(contributions)
    ours, theirs = [], []
    for seed in SEEDS:
        rows = material.balanced(topics, seed)
        drawn, true = [contributions[row] for row in rows], [topics[row] for row in rows]
        found = _places(propose_themes(drawn, known), drawn)
        ours.append((adjusted_rand_score(true, found), v_measure_score(true, found)))
        plain = _baseline(drawn, len(set(true)))
        theirs.append((adjusted_rand_score(true, plain), v_measure_score(true, plain)))
    (ari, v), (plain_ari, plain_v) = map(mean, zip(*ours)), map(mean, zip(*theirs))  # noqa: B905
    yield Row(
        what, f"{plain_ari:.3f}, {plain_v:.3f}", f"{ari:.3f}, {v:.3f}", ">= .46, .54, +.10",
        ari >= 0.46 and v >= 0.54 and ari - plain_ari >= 0.10,
    )  # fmt: skip


def all_topics() -> Iterator[Row]:
    """The whole dialogue, in which one topic has 44 per cent."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    what = "themes: all of Bonn (ARI, NMI, number)"
    if not (data := material.outside()):
        yield missing(what)
        return
    contributions, topics = material.bonn(data)
    result = propose_themes(contributions, material.vectors(contributions))
    found, plain = _places(result, contributions), _baseline(contributions, len(set(topics)))
    ari, nmi = adjusted_rand_score(topics, found), normalized_mutual_info_score(topics, found)
    plain_ari = adjusted_rand_score(topics, plain)
    plain_nmi = normalized_mutual_info_score(topics, plain)
    yield Row(
        what, f"{plain_ari:.3f}, {plain_nmi:.3f}", f"{ari:.3f}, {nmi:.3f}, {len(result.themes)}",
        ">= .20, .33, <= 20", ari >= 0.20 and nmi >= 0.33 and len(result.themes) <= 20,
    )  # fmt: skip


def languages() -> Iterator[Row]:
    """Topics raised in five languages; held out, nothing was set by it."""
    from sklearn.metrics import adjusted_rand_score

    contributions, topics = material.cross_language()
    result = propose_themes(contributions, material.vectors(contributions))
    ari = adjusted_rand_score(topics, _places(result, contributions))
    plain = adjusted_rand_score(topics, _baseline(contributions, len(set(topics))))
    one_language = sum(len(theme.languages) == 1 for theme in result.themes)
    yield Row(
        "themes: 12 topics in 5 languages (ARI, of one language)",
        f"{plain:.3f}", f"{ari:.3f}, {one_language}", ">= .9, 0", ari >= 0.9 and not one_language,
    )  # fmt: skip


def late_contributions() -> Iterator[Row]:
    """Ten late contributions among 5,000: what they do not touch is the same, word for word.

    They are about what a small theme is about; drawn from all, ten would touch every theme.
    """
    what = "10 late contributions of 5,000: untouched themes"
    if not (data := material.outside()):
        yield missing(what)
        return
    contributions, known = material.put_together(data, 5000)
    smallest = min(propose_themes(contributions, known).themes, key=lambda t: len(t.members))
    late = set(smallest.members[:10])
    earlier = propose_themes([c for c in contributions if c.id not in late], known)
    extended = extend_themes(earlier, contributions, known)
    touched = sum(bool(late & set(theme.members)) for theme in extended.themes)
    same = sum(theme in earlier.themes for theme in extended.themes)
    yield Row(
        what, "", f"{same} of {len(extended.themes) - touched}", "all",
        same >= len(extended.themes) - touched,
    )  # fmt: skip
