"""The bars of the analysis and of documents: quality and speed, baseline and product in one run.

Outside data are found through CONSULT_BENCH_DATA; without it their rows say so. Also runs alone:
``python -m benchmarks.quality``.
"""

from benchmarks import comparison, documents, readability, texts, themes, volume, votes
from benchmarks.tables import print_rows


def run() -> None:
    """Measure and print all rows."""
    measures = [
        themes.balanced_topics, themes.all_topics, themes.languages, themes.late_contributions,
        texts.key_points, texts.light_edits, texts.twins, texts.opposite_demands,
        texts.sentence_check, readability.people_rate, votes.consensus, votes.groups, votes.a_million_votes,
        volume.on_write, volume.a_very_large_round,
        comparison.statutes, comparison.two_hundred_pages, documents.long_edition,
    ]  # fmt: skip
    print_rows("Analysis of contributions and votes, documents", measures)


if __name__ == "__main__":
    run()
