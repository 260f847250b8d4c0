"""An edition as Akoma Ntoso: the schema of OASIS accepts it, reading gives the identical tree."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from drafts.editions.languages import shown_text
from drafts.editions.selectors import section_data
from tests.factories import make_concept, make_edition
from tests.factories.versions import make_released_version
from tests.workers.documents.material import edition, editions, schema
from workers.documents.akn_meta import Stage
from workers.documents.akn_xml import AKN, NotReadable
from workers.documents.akoma_ntoso import akoma_ntoso, read_akoma_ntoso

NAMES = {"a": AKN}
GOAL = {
    "wid": "g1", "number": "1.1", "level": "ziel", "openness": "open",
    "text": {"wording": "Kurse für alle.", "reason": "Viele warten.", "target_groups": "",
             "lead": "Amt für Bildung", "openness_reason": ""},
    "measures": [
        {"wid": "m1", "number": "1.1.1", "kind": "new", "cost_status": "estimated",
         "cost_one_off": 5000, "cost_yearly": None, "also_serves": ["2.1"],
         "text": {"title": "Abendkurse", "description": "", "responsible": "VHS", "period": "2027"}}
    ],
}  # fmt: skip
SECTION = {
    "wid": "s1", "number": "1", "kind": "field", "openness": "open",
    "text": {
        "title": "Sprache & Bildung", "lede": "Worum es geht", "lead": "", "openness_reason": "",
        "blocks": [
            {"wid": "b0", "kind": "heading", "html": "Kurse &amp; mehr"},
            {"wid": "b1", "kind": "paragraph", "no": 1,
             "html": 'Siehe <a href="wid:g1">Ziel <b>1.1</b></a>, <a href="https://a.example/">hier</a>.'},
            {"wid": "b2", "kind": "list", "no": 2, "items": ["eins", "<i>zwei</i>"]},
            {"wid": "b3", "kind": "table", "no": 3, "head": ["Ort", "Zeit"],
             "rows": [["Rathaus", ""]], "caption": "Termine"},
            {"wid": "b4", "kind": "figure", "no": 4, "file": "ab" * 32, "alt": "Ein Haus", "caption": ""},
        ],
    },
    "goals": [GOAL],
}  # fmt: skip
STAGES = (
    Stage(
        date(2026, 5, 1),
        "Beteiligung R1",
        "Stadt Beispielstadt",
        "",
        "https://a.example/themen/R1/",
    ),
    Stage(date(2026, 10, 1), "Vorlage M 12, Nummer 1", "Rat", "angenommen"),
)


def made(document=None):
    data = akoma_ntoso(
        document or edition([SECTION], stages=STAGES, pictures={"ab" * 32: "haus.png"})
    )
    root = etree.fromstring(data)
    schema().assertValid(root)
    return data, root


@given(editions())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_edition_is_valid_and_reads_back_identical(document):
    data, _root = made(document)
    assert read_akoma_ntoso(data) == document


def test_a_plain_edition_reads_back_with_its_way():
    data, _root = made()
    assert read_akoma_ntoso(data) == edition([SECTION], stages=STAGES)


def test_work_expression_and_manifestation_are_concept_edition_and_file():
    _data, root = made()
    addresses = root.xpath("//a:FRBRuri/@value", namespaces=NAMES)
    work = "/akn/de/doc/2026-03-01/5e0f0e0c-6c5e-4a11-9d63-b3d6a5a9a001"
    assert addresses == [work, f"{work}/deu@fassung-2", f"{work}/deu@fassung-2.xml"]


def test_every_part_and_block_has_its_place_and_its_key():
    _data, root = made()
    keys = dict(root.xpath("//@wId/..", namespaces=NAMES) and [
        (part.get("wId"), part.get("eId")) for part in root.xpath("//*[@wId]")
    ])  # fmt: skip
    assert keys == {
        "s1": "sec_1", "b0": "sec_1__crossheading_1", "b1": "sec_1__para_1", "b2": "sec_1__para_2",
        "b3": "sec_1__para_3", "b4": "sec_1__para_4", "g1": "sec_1__hcontainer_1",
        "m1": "sec_1__hcontainer_1__hcontainer_1",
    }  # fmt: skip


def test_keys_stay_when_places_change():
    before = {"wid": "s0", "number": "0", "kind": "preface", "openness": "fixed", "goals": [],
              "text": {"title": "", "lede": "", "lead": "", "openness_reason": "", "blocks": []}}  # fmt: skip
    _data, root = made(edition([before, SECTION]))
    [goal] = root.xpath("//*[@wId='g1']")
    assert goal.get("eId") == "sec_2__hcontainer_1"


def test_links_to_parts_lead_to_their_place_and_pictures_to_their_file():
    _data, root = made()
    assert root.xpath("//a:ref/@href", namespaces=NAMES) == ["#sec_1__hcontainer_1"]
    assert root.xpath("//a:a/@href", namespaces=NAMES) == ["https://a.example/"]
    [picture] = root.xpath("//a:img", namespaces=NAMES)
    assert (picture.get("src"), picture.get("alt")) == ("haus.png", "Ein Haus")


def test_the_way_names_events_bodies_and_outcomes():
    _data, root = made()
    names = {
        f"#{row.get('eId')}": row.get("showAs")
        for row in root.iterfind(f".//{{{AKN}}}references/*")
    }
    steps = root.xpath("//a:step", namespaces=NAMES)
    assert [(names[s.get("by")], names[s.get("refersTo")]) for s in steps] == [
        ("Stadt Beispielstadt", "Beteiligung R1"), ("Rat", "Vorlage M 12, Nummer 1"),
    ]  # fmt: skip
    assert names[steps[1].get("outcome")] == "angenommen"
    kinds = root.xpath("//a:eventRef/@type", namespaces=NAMES)
    assert kinds == ["generation", "amendment"]


def test_a_language_version_is_an_expression_of_its_own_and_marks_what_is_german():
    arabic = {"title": "اللغة", "blocks": [{"wid": "b1", "kind": "paragraph", "html": "مرحبا"}]}
    section = {**SECTION, "text": shown_text(SECTION["text"], arabic)}
    section["goals"] = [{**GOAL, "text": shown_text(GOAL["text"], None), "measures": []}]
    document = edition([section], language="ar")
    data, root = made(document)
    assert read_akoma_ntoso(data) == document
    assert root.xpath("//a:FRBRExpression/a:FRBRuri/@value", namespaces=NAMES)[0].endswith(
        "/ara@fassung-2"
    )
    assert root.xpath("//a:FRBRauthoritative/@value", namespaces=NAMES) == ["false"]
    assert root.xpath("//a:FRBRtranslation/@fromLanguage", namespaces=NAMES) == ["deu"]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    by_key = {part.get("wId"): part.get(lang) for part in root.xpath("//*[@wId]")}
    assert (by_key["b1"], by_key["b2"]) == (None, "de")


def test_easy_german_has_another_address_than_german():
    plain, easy = edition([SECTION]), edition([SECTION], language="de-x-ls")
    assert plain.expression != easy.expression
    made(easy)


def test_an_edition_without_sections_is_refused():
    with pytest.raises(ValueError, match="without sections"):
        akoma_ntoso(edition([]))


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (lambda data: data[:-20], "not well-formed"),
        (lambda data: b"<akomaNtoso/>", "root is not"),
        (lambda data: data.replace(b"<doc ", b"<act ").replace(b"</doc>", b"</act>"), "no doc"),
        (lambda data: data.replace(b'number="2"', b'number="zwei"'), "which edition"),
        (lambda data: data.replace(b'c:kind="table"', b'c:kind="x"'), "no known kind"),
        (lambda data: data.replace(b'c:level="ziel"', b""), "lacks one of level"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(cut, message):
    data, _root = made()
    with pytest.raises(NotReadable, match=message):
        read_akoma_ntoso(cut(data))


def test_a_file_does_not_reach_other_files(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    data, _root = made(replace(edition([SECTION]), title="TITEL"))
    head, rest = data.split(b"?>", 1)
    entity = f'?><!DOCTYPE akomaNtoso [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    hostile = head + entity + rest.replace(b"TITEL", b"&x;")
    assert "geheim" not in read_akoma_ntoso(hostile).title


@pytest.mark.django_db
def test_a_released_edition_reads_back_identical_in_every_language(now):
    concept = make_concept(sections=2, goals=2)
    released = make_edition(concept, at=now)
    make_released_version(released, concept.sections()[0], "ar", at=now)
    for language in ("de", "ar"):
        document = edition(section_data(released, language), language=language)
        data, _root = made(document)
        assert read_akoma_ntoso(data) == document
