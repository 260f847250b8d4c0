"""A motion as Akoma Ntoso: the schema accepts it, reading gives the same motion."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workers.documents.material import LINKS, STRANGE, schema
from workers.documents.akn_meta import Stage
from workers.documents.akn_motion import (
    KINDS,
    MotionDocument,
    ProposedChange,
    motion_xml,
    read_motion,
)
from workers.documents.akn_xml import AKN, NotReadable

NAMES = {"a": AKN}
EDITION = "/akn/de/doc/2026-03-01/konzept/deu@fassung-2"
MOTION = MotionDocument(
    reference="Ä 3/2026",
    title="Mehr Kurse am Abend",
    authority="Stadt Beispielstadt",
    mover="Fraktion A",
    handed_in_on=date(2026, 9, 20),
    amends=EDITION,
    changes=(
        ProposedChange("replace", "Ziel 1.1", "g1", "Kurse", "Abendkurse"),
        ProposedChange("delete", "Absatz 2", "b2", "Alt."),
        ProposedChange("insert", "nach Absatz 3", "", "", "Neu.", behind="b3"),
        ProposedChange("move", "Ziel 1.2", "g2", "Wort", "Wort", behind="g3"),
    ),
    justification="Viele arbeiten am Tag.",
    finance="20.000 Euro im Jahr",
    status="submitted",
    stages=(Stage(date(2026, 9, 25), "Beratung", "Sozialausschuss", "angenommen"),),
)


def made(motion):
    data = motion_xml(motion)
    root = etree.fromstring(data)
    schema().assertValid(root)
    return data, root


def test_a_motion_reads_back_the_same():
    data, _root = made(MOTION)
    assert read_motion(data) == MOTION


def test_each_change_names_its_kind_its_place_and_both_wordings():
    _data, root = made(MOTION)
    found = [
        (mod.get("type"), mod.find(f"{{{AKN}}}destination").get("href"), len(mod) - 2)
        for mod in root.xpath("//a:textualMod", namespaces=NAMES)
    ]
    assert found == [
        ("substitution", f"{EDITION}/~g1", 2),
        ("repeal", f"{EDITION}/~b2", 1),
        ("insertion", EDITION, 1),
        ("renumbering", f"{EDITION}/~g2", 2),
    ]
    ids = set(root.xpath("//@eId"))
    pointers = root.xpath("//a:old/@href | //a:new/@href | //a:source/@href", namespaces=NAMES)
    assert {pointer.removeprefix("#") for pointer in pointers} <= ids


CHANGES = st.builds(
    ProposedChange, st.sampled_from(sorted(KINDS)), *[STRANGE] * 5
)  # fmt: skip


@given(
    st.builds(
        MotionDocument,
        STRANGE, STRANGE, STRANGE, STRANGE, st.dates(date(1000, 1, 1)), LINKS | STRANGE,
        st.lists(CHANGES, min_size=1, max_size=4).map(tuple),
        st.sampled_from(["de", "ar"]), STRANGE, STRANGE, STRANGE,
    )
)  # fmt: skip
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_motion_is_valid_and_reads_back_identical(motion):
    data, _root = made(motion)
    assert read_motion(data) == motion


def test_a_motion_without_changes_is_refused():
    with pytest.raises(ValueError, match="without changes"):
        motion_xml(MotionDocument("1", "t", "s", "m", date(2026, 1, 1), EDITION, ()))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"amendment>", b"act>", "not well-formed"),
        (b'c:op="move"', b'c:op="x"', "what it does"),
        (b"c:motion", b"c:other", "which motion"),
    ],
)
def test_another_file_is_refused_in_words(old, new, message):
    data, _root = made(MOTION)
    with pytest.raises(NotReadable, match=message):
        read_motion(data.replace(old, new))
