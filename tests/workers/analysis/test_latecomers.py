"""Late contributions find their theme; known ones stay where they are."""

from workers.analysis.latecomers import place_late
from workers.analysis.shapes import Contribution
from workers.analysis.stored import stored_vectors
from workers.analysis.vectors import vector_key

COURSES = [
    "Deutschkurse am Abend mit Kinderbetreuung fehlen in unserem Viertel.",
    "Abends gibt es keinen Deutschkurs, bei dem die Kinder betreut werden.",
    "Der Deutschkurs am Vormittag hilft mir nicht, ich arbeite und habe Kinder.",
    "Bitte mehr Deutschkurse mit Betreuung für kleine Kinder anbieten.",
]
BUSES = [
    "Der Nachtbus fährt nicht bis zur Siedlung am Wald.",
    "Nach zehn Uhr fährt kein Bus mehr in die Siedlung am Wald.",
    "Der Bus am Abend ist zu selten, wir warten eine Stunde an der Haltestelle.",
    "Die Buslinie in den Stadtwald muss auch am Wochenende fahren.",
]
WORDS = [Contribution(f"c{n}", text, language="de") for n, text in enumerate([*COURSES, *BUSES])]
GROUPS = [[row.id for row in WORDS[:4]], [row.id for row in WORDS[4:]]]


def _placed(*late: str, groups=GROUPS) -> dict[str, int]:
    from workers.analysis.themes import vectors_of

    new = [Contribution(f"x{n}", text, language="de") for n, text in enumerate(late)]
    words = [*WORDS, *new]
    return place_late(groups, {row.id for row in new}, words, vectors_of(words))


def test_a_late_text_goes_where_its_like_is():
    found = _placed(
        "Ein Deutschkurs am Abend, bei dem jemand auf die Kinder aufpasst, wäre gut.",
        "Abends kommt kein Bus mehr zur Siedlung am Wald.",
    )
    assert found == {"x0": 0, "x1": 1}


def test_what_is_like_nothing_is_in_no_group():
    assert _placed("Das Schwimmbad braucht im Winter eine Heizung mit Wärmepumpe.") == {}


def test_a_near_duplicate_joins_even_a_group_of_one():
    groups = [[WORDS[0].id], [WORDS[4].id]]
    assert _placed(WORDS[4].text.replace(".", "!"), groups=groups) == {"x0": 1}


def test_without_any_group_or_any_late_text_nothing_is_placed():
    assert _placed("Der Bus fährt nicht.", groups=[]) == {}
    assert _placed() == {}


class _Store:
    def get_many(self, keys):
        return {key: bytes(4 * 384) for key in keys if key == vector_key(COURSES[0])}

    def put_many(self, vectors):
        raise AssertionError("nothing is computed here")


def test_stored_vectors_are_taken_without_the_model():
    assert list(stored_vectors(WORDS, _Store())) == ["c0"]
