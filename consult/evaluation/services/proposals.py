"""What a run proposes: the themes of each section, joined across them.

Nothing here touches what people decided: proposals are rows of a run, for contributions that
nobody has assigned.
"""

from typing import Any

from consult.evaluation.models import AnalysisRun, AnalysisShard
from consult.evaluation.services.doubts import note_doubts
from consult.evaluation.services.latecomers import propose_for_late
from consult.evaluation.services.proposed import representatives, single_voice, theme_of, write
from consult.evaluation.services.vectors import set_aside, vectors_for
from consult.evaluation.services.words import published, without_theme, words_of
from consult.evaluation.states import Step
from workers.analysis.themes import merge_across, propose_themes


def propose_for_section(shard: AnalysisShard) -> None:
    """Store on the row the members of each theme of one section, and what they were found by."""
    round_ = shard.run.round
    here = without_theme(round_).filter(contribution__section_wid=shard.section_wid)
    words = words_of(here, round_)
    found = propose_themes(words, vectors_for(words))
    shard.result = {
        "groups": [list(theme.members) for theme in found.themes],
        "features": found.method["features"],
    }


def write_proposals(run: AnalysisRun) -> dict[str, Any]:
    """Write what the run proposes; return how it was found."""
    if run.extends is None:
        method = _join_sections(run)
    else:
        proposals, method = propose_for_late(run, run.extends)
        write(run, proposals)
    words = words_of(published(run.round), run.round)
    note_doubts(run, words, vectors_for(words))
    return {**method, "set_aside_by_model": set_aside(run.round).count()}


def _join_sections(run: AnalysisRun) -> dict[str, Any]:
    steps = list(run.shards.filter(step=Step.SECTION).order_by("section_wid"))
    words = words_of(without_theme(run.round), run.round)
    groups = [group for step in steps for group in step.result["groups"]]
    themes = merge_across(groups, words, vectors_for(words))
    bundles = representatives(themes.bundles)
    text_of = {row.id: row.text for row in words}
    write(
        run,
        [
            *(theme_of(theme.as_json(), bundles) for theme in themes.themes),
            *(single_voice(ref, text_of[ref]) for ref in themes.single_voices),
        ],
    )
    method = themes.as_json()["method"]
    by_words = sum(step.result.get("features") == "words only" for step in steps)
    return {**method, "sections_by_words_only": by_words} if by_words else method
