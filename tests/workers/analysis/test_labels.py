from tests.workers.analysis.voices import BUSES, COURSES, HOUSING
from workers.analysis.labels import name_themes, read_vocabulary

THEMES = [range(8), range(8, 16), range(16, 24)]


def test_labels_are_nouns_as_residents_wrote_them():
    texts = [*COURSES, *BUSES, *HOUSING]
    namings = name_themes(read_vocabulary(texts, ["de"] * 24), THEMES)
    firsts = [naming.label.split(", ")[0] for naming in namings]
    assert firsts == ["Deutschkurs", "Bus", "Wohnung"]
    for theme, naming in zip(THEMES, namings, strict=True):
        joined = " ".join(texts[index] for index in theme)
        assert all(word in joined for word in naming.keywords)
        assert all(word[0].isupper() for word in naming.label.split(", "))


def test_two_themes_with_the_same_best_word_get_different_labels():
    texts = ["Der Park braucht Licht"] * 3 + ["Der Park braucht Bänke"] * 3 + ["Ein Bad fehlt"] * 9
    namings = name_themes(read_vocabulary(texts, ["de"] * 15), [range(3), range(3, 6)])
    assert namings[0].label != namings[1].label


def test_a_theme_without_telling_words_has_no_label():
    (naming,) = name_themes(read_vocabulary(["und so", "so und"], ["de", "de"]), [range(2)])
    assert naming.label == ""
    assert naming.keywords == ()


def test_no_place_alone_no_insult_no_number_word_and_nothing_rare_names_a_theme():
    texts = [
        *(f"In Neustadt fehlen Bänke im Park, und in Neustadt sind {n} Idioten" for n in range(6)),
        *("Die Bänke im Park sind kaputt, drei Stück" for _ in range(6)),
        "Die Bänke am Zwetschgenbaum im Park",
        *("Mehr Busse am Abend" for _ in range(9)),
    ]
    (naming,) = name_themes(read_vocabulary(texts, ["de"] * len(texts)), [range(13)])
    assert {"Bänke", "Park"} <= set(naming.keywords)
    assert not {"Neustadt", "Idioten", "drei", "Zwetschgenbaum"} & set(naming.keywords)


def test_the_parts_of_a_link_name_nothing():
    texts = ["Siehe https://example.org/bad www.example.org"] * 4
    (naming,) = name_themes(read_vocabulary(texts, ["de"] * 4), [range(4)])
    assert not {"https", "www", "example", "org", "bad"} & set(naming.keywords)


ARABIC = ["نريد خمس دورات لغة", "خمس دورات لغة لا تكفي", "دورات لغة خمس مرات"]
TURKISH = ["Beş kurs az, dil kursu isteriz", "Beş dil kursu yetmez"]


def test_a_number_in_no_language_is_a_keyword():
    texts = [*ARABIC, *TURKISH, *("Der Bus kommt zu spät" for _ in range(6))]
    codes = ["ar"] * 3 + ["tr"] * 2 + ["de"] * 6
    (naming,) = name_themes(read_vocabulary(texts, codes), [range(5)])
    assert naming.label
    assert not {"خمس", "Beş", "beş"} & set(naming.keywords)


def test_a_label_is_in_the_citys_language_or_in_that_of_most_and_never_mixed():
    german = ["Der Deutschkurs ist voll", "Ein Deutschkurs fehlt"]
    others = ["Der Bus kommt zu spät"] * 8
    codes = ["ar"] * 3 + ["tr"] * 2 + ["de"] * 10
    vocabulary = read_vocabulary([*ARABIC, *TURKISH, *german, *others], codes)
    with_german, without = name_themes(vocabulary, [range(7), range(5)])
    assert with_german.label == "Deutschkurs"
    spelled = {word for text in ARABIC for word in text.split()}
    assert set(without.label.split(", ")) <= spelled


def test_the_words_of_a_single_text_in_another_language_are_no_keywords():
    texts = (
        ["Der Deutschkurs ist voll"] * 3 + ["Cook downstairs, free corridor"] + ["Bus fehlt"] * 9
    )
    (naming,) = name_themes(read_vocabulary(texts, ["de"] * 3 + ["en"] + ["de"] * 9), [range(4)])
    assert "Deutschkurs" in naming.keywords
    assert {code for code, _ in naming.terms} == {"de"}


def test_a_noun_of_the_city_stays_though_it_is_a_small_word_elsewhere():
    texts = ["Die Not ist groß", "Not macht krank", "Viel Not hier", *["Der Bus fährt"] * 6]
    (naming,) = name_themes(read_vocabulary(texts, ["de"] * 9), [range(3)])
    assert naming.label.split(", ")[0] == "Not"
