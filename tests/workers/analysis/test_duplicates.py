import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.material import opposites
from workers.analysis.duplicates import find_bundles, same_demand

OPPOSITE = [
    ("Der Eintritt soll gratis sein.", "Der Eintritt soll kostenpflichtig sein."),
    ("Die Stadt soll 1 Mio. Euro geben.", "Die Stadt soll 5 Mio. Euro geben."),
    ("Der Platz soll umgebaut werden.", "Der Platz soll nicht umgebaut werden."),
    ("Wir brauchen eine Moschee im Viertel.", "Wir brauchen keine Moschee im Viertel."),
    ("Der Beirat soll ein Vetorecht haben.", "Der Beirat soll kein Vetorecht haben."),
    ("Ich bin für den Radweg am Markt.", "Ich bin gegen den Radweg am Markt."),
    ("Mehr Busse am Abend bitte", "Weniger Busse am Abend bitte"),
    ("Busse statt Bahnen fördern", "Bahnen statt Busse fördern"),
    ("Das Amt soll vor 18 Uhr schließen", "Das Amt soll nach 18 Uhr schließen"),
    ("Kurse am Vormittag sind mir wichtig", "Kurse am Abend sind mir wichtig"),
    ("Der Kurs dauert drei Stunden", "Der Kurs dauert vier Stunden"),
    ("Der Markt beginnt im Juni", "Der Markt beginnt im Juli"),
    ("Tempo 30 auf der Ringstraße", "Tempo 50 auf der Ringstraße"),
    ("Die Regelung ist sozial und gerecht", "Die Regelung ist asozial und gerecht"),
    ("Die Zuwanderung wird gesteuert", "Die Abwanderung wird gesteuert"),
    ("Das Vorhaben ist möglich", "Das Vorhaben ist unmöglich"),
    ("Parken am Markt erlauben", "Parken am Markt verbieten"),
    ("Das Fest ist in Ordnung 👍", "Das Fest ist in Ordnung 👎"),
    ("Soll der Park bleiben?", "Soll der Park bleiben!"),
    ("The library should be open on Sundays", "The library should be closed on Sundays"),
    ("Parking should be free", "Parking should be a fee"),
    ("Kursların ücretsiz olmasını istiyorum", "Kursların ücretli olmasını istiyorum"),
    ("Projeyi destekliyorum", "Projeyi desteklemiyorum"),
    ("Курси мають бути безкоштовними", "Курси мають бути платними"),
    ("نريد المسجد", "لا نريد المسجد"),
    ("يجب أن تكون الدورة مجانية", "يجب ألا تكون الدورة مجانية"),
]
REST = (
    " Ich wohne seit vielen Jahren hier und kenne die Lage in unserem Stadtteil genau, deshalb "
    "schreibe ich diese ausführliche Rückmeldung zum Entwurf des Konzepts mit seinen Kapiteln."
)
SAME = [
    ("Mehr Deutschkurse am Abend, bitte!", "mehr deutschkurse am Abend bitte."),
    ("Mehr  Bänke\nim Park", "Mehr Bänke im Park"),
    (
        "Sehr geehrte Damen und Herren,\n\nmehr Kurse am Abend anbieten.\nViele Grüße\nEva Muster",
        "Mehr Kurse am Abend anbieten.",
    ),
    ("Die Formulare sind schwierig zu verstehen", "Die Formulare sind schwirig zu verstehen"),
    ("Die Formulare sind schwierig zu verstehen", "Die Formulare sidn schwierig zu verstehen"),
    ("Bericht: Die Stadt übernimmt eine Vorbildrolle.", "Die Stadt übernimmt eine Vorbildrolle."),
    ("Den Fußweg breiter machen", "Den Fuß weg breiter machen"),
    ("Die Straße zum Bahnhof sperren", "Die Strasse zum Bahnhof sperren"),
    ("Ein Budget von 1.000 Euro", "Ein Budget von 1000 Euro"),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITE)
def test_opposite_demands_are_never_merged(one, other):
    assert not same_demand(one, other)
    assert not same_demand(other, one)
    assert not same_demand(one + REST, other + REST)
    assert find_bundles({"a": one + REST, "b": other + REST}) == []


def test_two_hundred_pairs_of_opposite_demands_stay_apart():
    pairs = opposites()
    assert len(pairs) >= 200
    assert [pair for pair in pairs if same_demand(*pair[1:]) or same_demand(*pair[:0:-1])] == []
    rest = " " + REST * 2
    texts = {
        f"{n}-{side}": pair[1 + side] + rest for n, pair in enumerate(pairs) for side in (0, 1)
    }
    for bundle in find_bundles(texts):
        numbers = [member.split("-")[0] for member in bundle.members]
        assert len(set(numbers)) == len(numbers), bundle


SLIPS = [
    ("Die Haltestelle ist unsicher und dunkel", "Die Haltestlele ist unsicher und dunkel"),
    ("Wir wünschen uns eine Verbesserung hier", "Wir wünschen uns eine Verbesseung hier"),
    ("Das Problem an der Kreuzung bleibt", "Das Probblem an der Kreuzng bleibt"),
    ("Das ist hier wirklich nicht möglich", "Das ist hier wirklich nciht möglich"),
    ("Der Weg neben dem Bahnhof fehlt", "Er Weg neben dem Bahnhof fehlt"),
    ("Der Straßenbelag ist wellig", "Der Strabßenbelag ist wellig"),
]


@pytest.mark.parametrize(("one", "other"), SLIPS)
def test_slips_of_the_pen_are_merged(one, other):
    assert same_demand(one, other)
    assert same_demand(other, one)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_light_edits_are_merged(one, other):
    (bundle,) = find_bundles({"a": one, "b": other})
    assert bundle.members == ("a", "b")
    assert bundle.representative == "a"


def test_no_chain_of_small_steps_leads_to_another_demand():
    base = "Die Stadt soll für alle Familien aus dem Viertel am Wasserturm neue Kurse"
    texts = {
        "1": f"{base} anbieten und dafür auch sofort gut geschulte Lehrkräfte gewinnen bitte",
        "2": f"{base} vormittags anbieten und dafür auch sofort gut geschulte Lehrkräfte gewinnen bitte",
        "3": f"{base} abends anbieten und dafür auch sofort gut geschulte Lehrkräfte gewinnen bitte",
    }
    assert same_demand(texts["1"], texts["2"])
    assert same_demand(texts["1"], texts["3"])
    for bundle in find_bundles(texts):
        assert not {"2", "3"} <= set(bundle.members)


def test_the_most_frequent_wording_represents():
    texts = {"a": "Mehr Bänke im Prak!", "b": "Mehr Bänke im Park!", "c": "Mehr Bänke im Park!"}
    (bundle,) = find_bundles(texts)
    assert bundle.representative == "b"
    assert bundle.members == ("a", "b", "c")


def test_empty_texts_are_in_no_bundle():
    assert find_bundles({"a": "", "b": " \n", "c": ""}) == []


def test_campaign_among_many_other_texts_is_found_whatever_the_order():
    chance = random.Random(4)
    places = ["Markt", "Hafen", "Bahnhof", "Rathaus", "Stadtpark", "Wasserturm", "Friedhof"]
    things = ["Bänke", "Lampen", "Bäume", "Brunnen", "Schilder", "Papierkörbe", "Spielgeräte"]
    texts = {
        f"{a} {b}": f"Am {a} fehlen {b}, das stört mich jeden Tag auf dem Weg zur Arbeit sehr."
        for a in places
        for b in things
    }
    campaign = "Das Fest der Kulturen muss bleiben, denn es bringt die Nachbarschaft zusammen."
    texts |= {f"k{number}": campaign + " Danke!" * (number % 2) for number in range(30)}
    (bundle,) = find_bundles(texts)
    assert set(bundle.members) == {f"k{number}" for number in range(30)}
    shuffled = list(texts.items())
    chance.shuffle(shuffled)
    assert find_bundles(dict(shuffled)) == [bundle]


@pytest.fixture(scope="module")
def many_others():
    """Enough texts for what only one of them writes to count as no word."""
    return {
        f"x{number}": f"In der Straße Nummer {number} fehlt ein Baum, bitte pflanzen Sie bald einen."
        for number in range(320)
    }


@pytest.mark.parametrize(
    ("right", "wrong", "other_wrong"),
    [
        ("regelmäßigen", "ergelmäßigen", "regelmäßgien"),  # the prefixes er- and re- change places
        ("Fahrgäste", "Afrhgäste", "Fahrgätse"),  # two pairs of neighbours in one word
        ("vom", "vjom", "vpm"),  # two different slips in one short word
    ],
)
def test_slips_that_make_no_word_are_merged_among_many_texts(
    many_others, right, wrong, other_wrong
):
    text = "Wir bitten den Rat um einen {} Platz am alten Hafen und danken für Ihre Mühe."
    copies = {f"c{n}": text.format(word) for n, word in enumerate((right, wrong, other_wrong))}
    bundles = [b.members for b in find_bundles(many_others | copies) if b.members[0] == "c0"]
    assert bundles == [("c0", "c1", "c2")]


@pytest.mark.parametrize(
    ("one", "other"),
    [("typischen", "atypischen"), ("eine", "keine"), ("vorher", "nachher"), ("mit", "ohne")],
)
def test_words_of_their_own_stay_apart_among_many_texts(many_others, one, other):
    text = "Wir bitten den Rat um {} Platz am alten Hafen und danken für Ihre Mühe."
    copies = {"c0": text.format(one), "c1": text.format(other)}
    assert not [b for b in find_bundles(many_others | copies) if "c0" in b.members]


@settings(max_examples=60)
@given(st.lists(st.text("abe nicht.!?1", max_size=14), max_size=12))
def test_bundles_share_no_member_and_have_at_least_two(texts):
    bundles = find_bundles({f"{index:02}": text for index, text in enumerate(texts)})
    members = [member for bundle in bundles for member in bundle.members]
    assert len(members) == len(set(members))
    assert all(len(b.members) > 1 and b.representative in b.members for b in bundles)
