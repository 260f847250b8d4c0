import pytest

from workers.analysis import sentences
from workers.analysis.themes import Contribution


def members(*rows):
    return [
        Contribution(str(i), "x", kind=kind, author=author) for i, (kind, author) in enumerate(rows)
    ]


def test_people_are_counted_once():
    speaking = members(("concern", "Ada"), ("concern", "Ada"), ("idea", "Ben"), ("idea", "Cem"))
    opening = sentences.opening("Kinderbetreuung, Samstagskurse", speaking)
    assert opening.sentence == (
        "3 Personen äußern sich zu „Kinderbetreuung, Samstagskurse“: "
        "1 hat Bedenken und 2 bringen Ideen ein."
    )
    assert opening.cites == ("0", "1", "2", "3")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("", "Ada")], "1 Person äußert sich zu „Bus“."),
        ([("support", "")], "In 1 Beitrag geht es um „Bus“: 1 stimmt zu."),
        (
            [("question", ""), ("question", "")],
            "In 2 Beiträgen geht es um „Bus“: 2 stellen Fragen.",
        ),
        ([("", "Ada"), ("", "")], "2 Stimmen äußern sich zu „Bus“."),
    ],
)
def test_without_authors_contributions_are_counted(rows, sentence):
    assert sentences.opening("Bus", members(*rows)).sentence == sentence


def test_a_mention_cites_the_quoted_first_and_all_whom_it_counts():
    speaking = members(("", ""), ("", ""), ("", ""))
    mention = sentences.mention("Bus", speaking, "Der Bus fehlt.", "1")
    assert mention.sentence == "3 Beiträge nennen „Bus“, zum Beispiel: „Der Bus fehlt.“"
    assert mention.cites == ("1", "0", "2")


def test_places_and_tongues_speak_only_of_several():
    one = [Contribution("1", "x", section="A"), Contribution("2", "y", section="A")]
    assert sentences.places(one) is None
    assert sentences.tongues(one, {"1": "de", "2": "de"}) is None
    two = [*one, Contribution("3", "z", section="B")]
    assert sentences.places(two).sentence == (
        "Das Thema kommt in 2 Abschnitten vor: „A“ (2 Beiträge) und „B“ (1 Beitrag)."
    )
    assert sentences.tongues(two, {"1": "de", "2": "tr", "3": "tr"}).sentence == (
        "Die Beiträge sind in 2 Sprachen verfasst: Türkisch (2) und Deutsch (1)."
    )
