"""The text of an edition as hierarchy of Akoma Ntoso, and back.

Each part has an `eId`, which says where it stands in this expression, and a `wId`, its key in
every edition. Facts that Akoma Ntoso has no word for are attributes of a namespace of our own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from workers.documents.akn_xml import (
    XML_LANG,
    Data,
    Element,
    NotReadable,
    add,
    add_rich,
    child,
    children,
    html_words,
    name_of,
    own,
    rich_of,
    safe_address,
    stored,
    text_of,
    words_html,
)

BINDING = "de"
SECTION_FIELDS = ("lede", "lead", "openness_reason")
GOAL_FIELDS = ("wording", "reason", "target_groups", "lead", "openness_reason")
MEASURE_FIELDS = ("description", "responsible", "period")
COSTS = ("cost_one_off", "cost_yearly")
# Stated where the text says so.
MEANS = ("posts", "funding")

Keys = dict[str, str]


class Places(NamedTuple):
    """Where things are: the eId of a part by its key, a picture's address by its SHA-256."""

    eids: Keys
    pictures: Mapping[str, str]


def add_body(body: Element, sections: list[Data], pictures: Mapping[str, str]) -> None:
    """Append all sections to a main body; a picture without an address has its SHA-256 as one."""
    places = Places(dict(_places(sections)), pictures)
    for section in sections:
        _add_section(body, section, places)


def read_body(body: Element) -> list[Data]:
    """The sections of a main body in the shape of drafts.concept.snapshots."""
    wids = {part.get("eId"): stored(part.get("wId")) for part in body.iter() if part.get("wId")}
    return [_read_section(section, wids) for section in children(body, "section")]


def _places(sections: list[Data]) -> Iterator[tuple[str, str]]:
    """Key and eId of every part, by the naming convention of Akoma Ntoso: sec_2__para_3."""
    for number, section in enumerate(sections, 1):
        place, counts = f"sec_{number}", Counter[str]()
        yield section["wid"], place
        for block in section["text"]["blocks"]:
            kind = "crossheading" if block["kind"] == "heading" else "para"
            counts[kind] += 1
            yield block["wid"], f"{place}__{kind}_{counts[kind]}"
        for no, goal in enumerate(section["goals"], 1):
            yield goal["wid"], f"{place}__hcontainer_{no}"
            for count, measure in enumerate(goal["measures"], 1):
                yield measure["wid"], f"{place}__hcontainer_{no}__hcontainer_{count}"


# --- sections, goals, measures -------------------------------------------------------------------


def _add_section(body: Element, section: Data, places: Places) -> None:
    text = section["text"]
    part = _add_part(body, "section", section, places, "kind", "openness")
    _add_heading(part, text)
    _add_fields(add(part, "intro"), text, SECTION_FIELDS)
    for block in text["blocks"]:
        _add_block(part, block, places)
    for goal in section["goals"]:
        _add_goal(part, goal, places)


def _read_section(part: Element, wids: Keys) -> Data:
    text = {"title": text_of(child(part, "heading")), **_read_fields(part, SECTION_FIELDS)}
    tags = {"paragraph", "crossHeading"}
    text["blocks"] = [_read_block(block, wids) for block in part if name_of(block) in tags]
    return {
        **_read_part(part, "kind", "openness"),
        "text": _with_german(part, text),
        "goals": [_read_goal(goal) for goal in children(part, "hcontainer")],
    }


def _add_goal(section: Element, goal: Data, places: Places) -> None:
    part = _add_part(section, "hcontainer", goal, places, "level", "openness", name="goal")
    _mark_german(part, goal["text"])
    _add_fields(add(part, "intro"), goal["text"], GOAL_FIELDS)
    for measure in goal["measures"]:
        _add_measure(part, measure, places)


def _read_goal(part: Element) -> Data:
    return {
        **_read_part(part, "level", "openness"),
        "text": _with_german(part, _read_fields(part, GOAL_FIELDS)),
        "measures": [_read_measure(measure) for measure in children(part, "hcontainer")],
    }


def _add_measure(goal: Element, measure: Data, places: Places) -> None:
    part = _add_part(goal, "hcontainer", measure, places, "kind", "cost_status", name="measure")
    for name in COSTS:
        if measure[name] is not None:
            part.set(own(name), str(measure[name]))
    for name in MEANS:
        if name in measure:
            part.set(own(name), measure[name])
    _add_heading(part, measure["text"])
    intro = add(part, "intro")
    _add_fields(intro, measure["text"], MEASURE_FIELDS)
    for number in measure["also_serves"]:
        add(intro, "block", number, name="also_serves")


def _read_measure(part: Element) -> Data:
    also = [block for block in _blocks_of(part) if block.get("name") == "also_serves"]
    costs = {name: part.get(own(name)) for name in COSTS}
    text = {"title": text_of(child(part, "heading")), **_read_fields(part, MEASURE_FIELDS)}
    return {
        **_read_part(part, "kind", "cost_status"),
        **{name: None if cost is None else int(cost) for name, cost in costs.items()},
        **{name: said for name in MEANS if (said := part.get(own(name))) is not None},
        "also_serves": [text_of(block) for block in also],
        "text": _with_german(part, text),
    }


def _add_part(
    parent: Element, tag: str, data: Data, places: Places, *facts: str, **more
) -> Element:
    part = add(parent, tag, eId=places.eids[data["wid"]], wId=data["wid"], **more)
    for fact in facts:
        part.set(own(fact), data[fact])
    if data["number"]:
        add(part, "num", data["number"])
    return part


def _read_part(part: Element, *facts: str) -> Data:
    found = {fact: part.get(own(fact)) for fact in facts}
    if None in found.values():
        raise NotReadable(f"{part.get('eId')} lacks one of {', '.join(facts)}")
    return {"wid": stored(part.get("wId")), "number": text_of(child(part, "num")), **found}


def _add_heading(part: Element, text: Data) -> None:
    heading = add(part, "heading", text["title"])
    _mark_german(part, text)
    if "title" in text.get("german", ()):
        heading.set(XML_LANG, BINDING)


def _mark_german(part: Element, text: Data) -> None:
    if "german" in text:
        part.set(own("german"), " ".join(text["german"]))


def _with_german(part: Element, text: Data) -> Data:
    german = part.get(own("german"))
    return text if german is None else {**text, "german": german.split()}


def _add_fields(intro: Element, text: Data, names: tuple[str, ...]) -> None:
    for name in names:
        if text[name]:
            block = add(intro, "block", text[name], name=name)
            if name in text.get("german", ()):
                block.set(XML_LANG, BINDING)


def _read_fields(part: Element, names: tuple[str, ...]) -> Data:
    found = {block.get("name"): text_of(block) for block in _blocks_of(part)}
    return {name: found.get(name, "") for name in names}


def _blocks_of(part: Element) -> list[Element]:
    intro = child(part, "intro")
    return [] if intro is None else children(intro, "block")


# --- blocks --------------------------------------------------------------------------------------


def _add_block(section: Element, block: Data, places: Places) -> None:
    names = {"eId": places.eids[block["wid"]], "wId": block["wid"]}
    if block["kind"] == "heading":
        part = add(section, "crossHeading", html_words(block["html"]), **names)
    else:
        part = add(section, "paragraph", **names)
        part.set(own("kind"), block["kind"])
    if "no" in block:
        add(part, "num", str(block["no"]))
    if "language" in block:
        part.set(XML_LANG, block["language"])
    if block["kind"] != "heading":
        _CONTENT[block["kind"]][0](add(part, "content"), block, places)


def _read_block(part: Element, wids: Keys) -> Data:
    block: Data = {"wid": stored(part.get("wId"))}
    if name_of(part) == "crossHeading":
        block |= {"kind": "heading", "html": words_html(text_of(part))}
    else:
        kind, content = part.get(own("kind")), child(part, "content")
        if kind not in _CONTENT or content is None:
            raise NotReadable(f"{part.get('eId')} is of no known kind")
        block |= {"kind": kind, **_CONTENT[kind][1](content, wids)}
        number = child(part, "num")
        if number is not None:
            block["no"] = int(text_of(number))
    if part.get(XML_LANG):
        block["language"] = part.get(XML_LANG)
    return block


def _add_paragraph(content: Element, block: Data, places: Places) -> None:
    add_rich(add(content, "p"), block["html"], places.eids)


def _read_paragraph(content: Element, wids: Keys) -> Data:
    return {"html": rich_of(_only(content, "p"), wids)}


def _add_list(content: Element, block: Data, places: Places) -> None:
    if block["items"]:
        points = add(content, "ul", eId=f"{places.eids[block['wid']]}__ul_1")
        for item in block["items"]:
            add_rich(add(points, "li"), item, places.eids)


def _read_list(content: Element, wids: Keys) -> Data:
    points = child(content, "ul")
    items = [] if points is None else children(points, "li")
    return {"items": [rich_of(item, wids) for item in items]}


def _add_table(content: Element, block: Data, places: Places) -> None:
    table = add(content, "table", eId=f"{places.eids[block['wid']]}__table_1")
    if block["caption"]:
        add(table, "caption", block["caption"])
    for number, cells in enumerate([block["head"], *block["rows"]]):
        row = add(table, "tr")
        for cell in cells:
            add(add(row, "td" if number else "th"), "p", cell)
        if not cells:  # a row has a cell at least
            add(row, "td").set(own("cells"), "0")


def _read_table(content: Element, _wids: Keys) -> Data:
    table = _only(content, "table")
    head, *rows = [_read_row(row) for row in children(table, "tr")]
    return {"head": head, "rows": rows, "caption": text_of(child(table, "caption"))}


def _read_row(row: Element) -> list[str]:
    return [text_of(child(cell, "p")) for cell in row if cell.get(own("cells")) is None]


def _add_figure(content: Element, block: Data, places: Places) -> None:
    address = safe_address(places.pictures.get(block["file"], block["file"]))
    picture = add(add(content, "p"), "img", src=address, alt=block["alt"])
    picture.set(own("sha256"), block["file"])
    add(content, "block", block["caption"], name="caption")


def _read_figure(content: Element, _wids: Keys) -> Data:
    picture = _only(content, "p/img")
    return {
        "file": stored(picture.get(own("sha256"))),
        "alt": stored(picture.get("alt")),
        "caption": text_of(child(content, "block")),
    }


def _only(content: Element, path: str) -> Element:
    found = child(content, path)
    if found is None:
        raise NotReadable(f"a paragraph lacks its {path}")
    return found


_Writer = Callable[[Element, Data, Places], None]
_Reader = Callable[[Element, Keys], Data]
_CONTENT: dict[str, tuple[_Writer, _Reader]] = {
    "paragraph": (_add_paragraph, _read_paragraph),
    "list": (_add_list, _read_list),
    "table": (_add_table, _read_table),
    "figure": (_add_figure, _read_figure),
}
