"""``consult analyse themes``, ``opinions`` and ``readability``: from file to file.

All raise BadInput with one sentence for the person at the keyboard; then nothing is written.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from workers.analysis.easy_language import check
from workers.analysis.opinions import analyse_votes
from workers.analysis.publication import public_json
from workers.analysis.readability import read
from workers.analysis.tables import (
    BadInput,
    read_contributions,
    read_groups,
    read_votes,
    write_json,
)
from workers.analysis.themes import analyse_contributions
from workers.analysis.vectors import FileVectorStore

__all__ = ["BadInput", "analyse_opinions", "analyse_readability", "analyse_themes"]


def analyse_themes(
    in_path: Path | str, out_path: Path | str, cache_dir: Path | str | None = None
) -> None:
    """Reads comments (CSV), writes themes, single voices and bundles (JSON).

    With ``cache_dir``, sentence vectors are kept there between runs.
    """
    contributions = read_contributions(Path(in_path))
    try:
        store = FileVectorStore(Path(cache_dir)) if cache_dir else None
        result = analyse_contributions(contributions, store)
    except (OSError, sqlite3.Error) as error:
        if not cache_dir:
            raise
        raise BadInput(f"{cache_dir}: cannot keep vectors ({error}); choose another.") from error
    write_json(Path(out_path), result.as_json())


def analyse_opinions(
    in_path: Path | str,
    out_path: Path | str,
    groups: int | None = None,
    given_groups: Path | str | None = None,
    public: bool = False,  # noqa: FBT001, FBT002 - the option of the command line
) -> None:
    """Reads votes (CSV), writes groups, consensus and coordinates (JSON).

    ``groups`` fixes the number of groups, ``given_groups`` is a file that names them. With
    ``public`` the file holds no person and no number under ten.
    """
    if groups is not None and given_groups is not None:
        raise BadInput("Give either a number of groups or a file of groups, not both.")
    if groups is not None and groups < 1:
        raise BadInput(f"{groups} is no number of groups; give 1 or more.")
    votes, replaced = read_votes(Path(in_path))
    named = read_groups(Path(given_groups)) if given_groups is not None else None
    opinions = analyse_votes(votes, groups, named)
    opinions = replace(opinions, method={**opinions.method, "replaced": replaced})
    write_json(Path(out_path), public_json(opinions) if public else opinions.as_json())


def analyse_readability(in_path: Path | str, out_path: Path | str) -> None:
    """Reads German texts (CSV), writes how hard each is and what is against easy language (JSON).

    ``complexity`` is that of each sentence, about 1 (very easy) to 7 (very hard); places count
    characters of the text.
    """
    texts = [
        {
            "id": contribution.id,
            "sentences": [
                {"start": r.start, "end": r.end, "complexity": round(r.complexity, 4)}
                for r in read(contribution.text)
            ],
            "findings": [
                {"start": f.start, "end": f.end, "rule": f.rule, "better": f.better}
                for f in check(contribution.text)
            ],
        }
        for contribution in read_contributions(Path(in_path))
    ]
    write_json(Path(out_path), {"texts": texts})
