"""A version and the German words make one text; what lacks a version stands in German."""

from drafts.editions.languages import carried_text, covers, shown_text


def _block(wid, html, **more):
    return {"wid": wid, "kind": "paragraph", "html": html, **more}


GERMAN = {
    "title": "Sprache",
    "lede": "Worum es geht",
    "lead": "Amt",
    "blocks": [_block("a", "Eins", no=1), _block("b", "Zwei", no=2)],
}
TURKISH = {
    "title": "Dil",
    "lede": "Konu",
    "blocks": [_block("b", "İki", no=1), _block("a", "Bir", no=2)],
}


def test_a_whole_version_stands_in_german_order_with_german_numbers():
    text = shown_text(GERMAN, TURKISH)
    assert [(b["wid"], b["html"], b["no"]) for b in text["blocks"]] == [
        ("a", "Bir", 1), ("b", "İki", 2),
    ]  # fmt: skip
    assert text["title"] == "Dil"
    # The department's name is the German one.
    assert text["german"] == ["lead"]
    assert covers(GERMAN, TURKISH)


def test_what_a_version_lacks_is_german_and_says_so():
    text = shown_text(GERMAN, {"title": "Dil", "blocks": [_block("b", "İki", no=1)]})
    assert text["german"] == ["lede", "lead"]
    assert [block.get("language") for block in text["blocks"]] == ["de", None]
    assert not covers(GERMAN, {"title": "Dil", "blocks": TURKISH["blocks"]})
    assert not covers(GERMAN, {**TURKISH, "blocks": TURKISH["blocks"][:1]})


def test_without_a_version_all_is_german():
    text = shown_text(GERMAN, None)
    assert text["german"] == ["title", "lede", "lead"]
    assert {block["language"] for block in text["blocks"]} == {"de"}


def test_a_version_is_carried_where_its_german_words_are_the_same():
    after = {
        **GERMAN,
        "lede": "Worum es jetzt geht",
        "blocks": [_block("c", "Neu", no=1), _block("a", "Eins", no=2), _block("b", "ZWEI", no=3)],
    }
    assert carried_text(GERMAN, after, TURKISH) == {
        "title": "Dil",
        "blocks": [_block("a", "Bir", no=2)],
    }


def test_nothing_is_carried_where_every_word_changed():
    after = {**GERMAN, "title": "x", "lede": "y", "blocks": [_block("c", "Neu", no=1)]}
    assert carried_text(GERMAN, after, TURKISH) == {}
    goal = {"wording": "Ziel", "reason": ""}
    assert (
        carried_text(goal, {"wording": "Anders", "reason": ""}, {"wording": "Hedef", "reason": ""})
        == {}
    )
