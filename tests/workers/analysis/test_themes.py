import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.analysis.voices import BUSES, COURSES, HOUSING, round_of_contributions
from workers.analysis import vectors
from workers.analysis.themes import (
    Contribution,
    analyse_contributions,
    describe_theme,
    extend_themes,
    merge_across,
    propose_themes,
    vectors_of,
)

WORDS_ONLY = {}


def check_invariants(contributions, result):
    """What must hold for every result, whatever came in."""
    by_id = {c.id: c for c in contributions}
    placed = [member for theme in result.themes for member in theme.members]
    assert Counter([*placed, *result.single_voices]) == Counter(list(by_id))
    assert result.received == len(contributions)
    assert set(result.languages) == set(by_id)
    assert len({theme.key for theme in result.themes}) == len(result.themes)
    for contribution in contributions:
        if not contribution.text.strip():
            assert contribution.id in result.single_voices
    for theme in result.themes:
        check_theme(by_id, theme)


def check_theme(by_id, theme):
    assert theme.label
    assert theme.quotes
    assert theme.summary
    assert sum(theme.languages.values()) == len(theme.members)
    for quote in theme.quotes:
        assert quote.id in theme.members
        assert quote.text
        assert quote.text in by_id[quote.id].text
    for sentence in theme.summary:
        assert sentence.cites
        assert set(sentence.cites) <= set(theme.members)
        assert len(set(sentence.cites)) == len(sentence.cites)


@pytest.fixture(scope="module")
def contributions():
    return round_of_contributions()


@pytest.fixture(scope="module")
def known(contributions):
    return vectors_of(contributions)


@pytest.fixture(scope="module")
def proposed(contributions, known):
    return propose_themes(contributions, known)


def test_every_contribution_has_exactly_one_place(contributions, proposed):
    check_invariants(contributions, proposed)
    assert proposed.themes


def test_the_order_of_rows_changes_nothing_and_a_second_run_neither(contributions, known, proposed):
    shuffled = list(contributions)
    random.Random(7).shuffle(shuffled)
    assert propose_themes(shuffled, known).as_json() == proposed.as_json()
    assert propose_themes(contributions, known).as_json() == proposed.as_json()


def test_themes_follow_the_subject_and_join_languages(proposed):
    subject = {f"C-{number:02}": number // 8 for number in range(24)}
    subject |= {"C-24": 0, "C-25": 0, "C-26": 1, "C-27": 1, "C-28": 2, "C-29": 2}
    right = sum(
        max(Counter(subject[member] for member in theme.members).values())
        for theme in proposed.themes
    )
    assert right >= 24
    assert any(len(theme.languages) > 2 for theme in proposed.themes)


def test_numbers_in_the_opening_are_people_and_kinds_count_contributions(contributions, proposed):
    by_id = {c.id: c for c in contributions}
    for theme in proposed.themes:
        people = len({by_id[member].author for member in theme.members})
        assert theme.summary[0].sentence.startswith(f"{people} Personen äußern sich zu „")
        assert sum(theme.kinds.values()) == len(theme.members)


def test_each_language_and_each_kind_of_a_theme_is_heard(contributions, proposed):
    kind = {c.id: c.kind for c in contributions}
    for theme in proposed.themes:
        assert {proposed.languages[quote.id] for quote in theme.quotes} == set(theme.languages)
        assert {kind[quote.id] for quote in theme.quotes} == set(theme.kinds)
    said = [s.sentence for theme in proposed.themes for s in theme.summary]
    assert any(sentence.startswith("Auf Türkisch heißt es") for sentence in said)


def test_whoever_is_counted_as_naming_a_word_is_cited(contributions, proposed):
    by_id = {c.id: c for c in contributions}
    checked = 0
    for theme in proposed.themes:
        for sentence in theme.summary:
            if " nennen „" in sentence.sentence:
                people = len({by_id[member].author for member in sentence.cites})
                assert sentence.sentence.startswith(f"{people} Personen nennen")
                checked += 1
    assert checked


def test_without_the_model_words_alone_are_used_and_said(contributions, monkeypatch):
    monkeypatch.setattr(vectors, "_model", lambda: None)
    german = [c for c in contributions if c.id < "C-24"]
    result = propose_themes(german)
    check_invariants(german, result)
    assert result.method["features"] == "words only"
    assert result.method["model"] is None
    assert len(result.themes) > 1


def test_a_campaign_joins_themes_of_two_sections_and_likeness_alone_does_not(contributions):
    campaign = "Das Fest der Kulturen am Hafen muss bleiben."
    sent = contributions + [
        Contribution(f"K-{n}", campaign, section=("Sprache", "Wohnen")[n % 2], author=f"k{n}")
        for n in range(8)
    ]
    result = analyse_contributions(sent)
    check_invariants(sent, result)
    (joined,) = [theme for theme in result.themes if len(theme.sections) == 2]
    assert {f"K-{n}" for n in range(8)} <= set(joined.members)
    assert any("in 2 Abschnitten" in sentence.sentence for sentence in joined.summary)
    assert result.as_json()["method"]["sections"][joined.key] == dict(joined.sections)


def test_joining_keeps_together_what_a_section_put_together(contributions, known):
    groups = [["C-00", "C-02", "C-04"], ["C-08", "C-10", "C-12"]]
    result = merge_across(groups, contributions, known)
    check_invariants(contributions, result)
    for group in groups:
        assert any(set(group) <= set(theme.members) for theme in result.themes)


def test_late_contributions_change_only_the_themes_they_join(contributions, known, proposed):
    late = [
        Contribution("L-1", "Deutschkurse am Abend fehlen, mit Kinderbetreuung.", author="late"),
        Contribution("L-2", "Der Mond ist aus Käse und das Meer ist tief.", author="later"),
    ]
    everything = [*late, *contributions]
    vectors = known | vectors_of(late)
    extended = extend_themes(proposed, everything, vectors)
    check_invariants(everything, extended)
    (joined,) = [theme for theme in extended.themes if "L-1" in theme.members]
    assert set(joined.members) & {f"C-{number:02}" for number in range(8)}
    untouched = [t for t in extended.themes if not {"L-1", "L-2"} & set(t.members)]
    assert untouched
    assert all(theme in proposed.themes for theme in untouched)
    assert set(proposed.single_voices) <= set(extended.single_voices)
    assert extend_themes(proposed, everything[::-1], vectors) == extended


def test_extending_by_nobody_changes_nothing_and_who_left_is_left_out(
    contributions, known, proposed
):
    assert extend_themes(proposed, contributions, known).themes == proposed.themes
    gone = proposed.themes[0].members[0]
    rest = [c for c in contributions if c.id != gone]
    check_invariants(rest, extend_themes(proposed, rest, known))


def test_what_is_far_from_all_others_is_flagged_and_stays_among_the_single_voices(contributions):
    sent = [
        *(Contribution(f"{n:03}", text, author=f"p{n}")
          for n, text in enumerate([*COURSES, *BUSES, *HOUSING] * 2)),
        Contribution("x", "Quarks und Gluonen tragen Farbladung im Standardmodell", author="x"),
    ]  # fmt: skip
    result = propose_themes(sent, vectors_of(sent))
    assert set(result.method["perhaps_off_topic"]) <= set(result.single_voices)


def test_a_settled_theme_is_described_by_its_members_alone(contributions, known):
    theme = describe_theme("Kurse am Abend", contributions[:3], known)
    assert theme.members == ("C-00", "C-01", "C-02")
    assert theme.summary[0].sentence.startswith("3 Personen äußern sich zu „Kurse am Abend“")
    check_theme({c.id: c for c in contributions}, theme)
    with pytest.raises(ValueError, match="without contributions"):
        describe_theme("Leer", [], known)


def test_a_bundle_stays_in_one_theme_and_is_counted_whole():
    campaign = "Das Fest der Kulturen am Hafen muss bleiben."
    texts = [*COURSES, *BUSES, *HOUSING, *[campaign] * 9]
    sent = [Contribution(f"{n:02}", text, author=f"p{n}") for n, text in enumerate(texts)]
    result = propose_themes(sent, WORDS_ONLY)
    check_invariants(sent, result)
    (bundle,) = result.bundles
    (theme,) = [t for t in result.themes if set(bundle.members) & set(t.members)]
    assert set(bundle.members) <= set(theme.members)
    assert any("9 Personen schreiben nahezu wortgleich" in s.sentence for s in theme.summary)


def test_many_contributions_of_one_person_are_one_voice():
    sent = [Contribution(str(n), text, author="Ada") for n, text in enumerate(COURSES)]
    result = propose_themes(sent, WORDS_ONLY)
    assert result.themes == ()
    assert len(result.single_voices) == 8


@pytest.mark.parametrize(
    "texts", [[], [""], ["Mehr Licht"], ["Mehr Licht", "Weniger Lärm"], ["", " ", "\n", "!!", "👍"]]
)
def test_next_to_nothing_is_single_voices(texts):
    sent = [Contribution(str(n), text) for n, text in enumerate(texts)]
    result = analyse_contributions(sent)
    check_invariants(sent, result)
    assert result.themes == ()


def test_a_given_language_holds():
    result = propose_themes([Contribution("1", "Evet", language="ku")], WORDS_ONLY)
    assert result.languages == {"1": "ku"}


def test_an_id_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        propose_themes([Contribution("1", "a"), Contribution("1", "b")], WORDS_ONLY)


TEXT = st.one_of(
    st.sampled_from([*COURSES, *BUSES, *HOUSING]),
    st.text(max_size=30),
    st.sampled_from(["", " ", "nicht", "ja", "Ja!", "12", "a\nb", "„Zitat“"]),
)
ROW = st.builds(
    Contribution,
    id=st.text(min_size=1, max_size=4),
    text=TEXT,
    kind=st.sampled_from(["", "support", "concern", "question", "idea", "other"]),
    section=st.sampled_from(["", "A", "B"]),
    author=st.sampled_from(["", "Ada", "Ben", "Cem"]),
)


@settings(max_examples=40)
@given(st.lists(ROW, max_size=40, unique_by=lambda row: row.id), st.randoms())
def test_any_rows_keep_the_invariants(rows, chance):
    result = propose_themes(rows, WORDS_ONLY)
    check_invariants(rows, result)
    chance.shuffle(rows)
    assert propose_themes(rows, WORDS_ONLY) == result
