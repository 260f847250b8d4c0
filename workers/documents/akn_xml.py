"""The XML of Akoma Ntoso: names, elements, and texts that keep every character.

XML 1.0 cannot hold control characters, lone surrogates, U+FFFE and U+FFFF (section 2.2 of the
recommendation). Each of them is written as U+FFFD and its four hexadecimal digits; U+FFFD itself
too, so that reading gives back what was written.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from lxml import etree

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:consult:document:1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LINES = {"section", "paragraph", "crossHeading", "hcontainer", "tr", "step", "eventRef"}

Data = dict[str, Any]
Element = Any

_KEPT_OUT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
_WRITTEN = re.compile("\ufffd([0-9a-f]{4})")
_IN_ADDRESSES = "!#$%&'()*+,/:;=?@~"
_SIGNS = r"(?:[\w!$&'()*+,;=@~.-]|%[0-9A-Fa-f]{2})"
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]*:(?://[\w.-]+(?::\d{{1,5}})?(?=[/?#]|$)|(?!//))|/(?!/)|(?=[#?]|{_SIGNS}*(?:[/?#]|$)))"
    rf"(?:{_SIGNS}|[/:])*(?:\?(?:{_SIGNS}|[/?:])*)?(?:#(?:{_SIGNS}|[/?:])*)?",
    re.ASCII,
)
_LINK = "a"
_MARKS = {"b", "i"}


class NotReadable(ValueError):
    """The file is not one that this package has written; the message says what is missing."""


def storable(text: str) -> str:
    """Return the text as XML can hold it."""
    return _KEPT_OUT.sub(lambda match: f"\ufffd{ord(match[0]):04x}", text)


def stored(text: str | None) -> str:
    """Return the text that `storable` was given."""
    return _WRITTEN.sub(lambda match: chr(int(match[1], 16)), text or "")


def own(name: str) -> str:
    """An attribute for what Akoma Ntoso has no word for."""
    return f"{{{OWN}}}{name}"


def new_root() -> Element:
    """The root of a document."""
    return etree.Element(f"{{{AKN}}}akomaNtoso", nsmap={None: AKN, "c": OWN})


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Append an element with a text; attributes in the namespace of Akoma Ntoso have none."""
    child = etree.SubElement(parent, f"{{{AKN}}}{tag}")
    for name, value in attributes.items():
        child.set(name, storable(value))
    child.text = storable(text) or None
    if tag in LINES:
        child.tail = "\n"
    return child


def add_link(parent: Element, tag: str, address: str, **attributes: str) -> Element:
    """Append an element that leads to an address, whatever characters that holds."""
    child = add(parent, tag, href=safe_address(address), **attributes)
    if child.get("href") != address:
        child.set(own("href"), storable(address))
    return child


def safe_address(address: str) -> str:
    """The address with every character percent-encoded that a URI (RFC 3986) cannot hold.

    What is no address even then is percent-encoded as a whole: it leads nowhere, and is valid.
    """
    encoded = quote(address, safe=_IN_ADDRESSES, errors="replace")
    return encoded if _ADDRESS.fullmatch(encoded) else quote(address, safe="", errors="replace")


def address_of(element: Element) -> str:
    """The address that `add_link` was given."""
    return stored(element.get(own("href"), element.get("href")))


def text_of(element: Element | None) -> str:
    """The words of an element without marks; "" where there is none."""
    return "" if element is None else stored("".join(element.itertext()))


def child(parent: Element, path: str) -> Element | None:
    """The first element at a path such as `meta/identification`."""
    return parent.find("/".join(f"{{{AKN}}}{step}" for step in path.split("/")))


def children(parent: Element, tag: str) -> list[Element]:
    """All elements of a name directly below another."""
    return parent.findall(f"{{{AKN}}}{tag}")


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname


def parsed(data: bytes) -> Element:
    """The root of a file, read without entities or network. Raises NotReadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotReadable(f"not well-formed XML: {error}") from error
    if root.tag != f"{{{AKN}}}akomaNtoso":
        raise NotReadable("the root is not akomaNtoso of version 1.0")
    return root


def written(root: Element) -> bytes:
    """The file: UTF-8 with an XML declaration."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def html_words(html: str) -> str:
    """The words of a heading, which has no marks."""
    return unescape(html)


def words_html(words: str) -> str:
    """The HTML of a heading with these words."""
    return escape(words, quote=False)


# --- rich text: the restricted HTML of frozen blocks (bold, italic, links) ------------------------


def add_rich(parent: Element, html: str, eids: dict[str, str]) -> None:
    """Append restricted HTML to an element; a link to a key leads to the part with that key."""
    writer = _RichText(parent, eids)
    writer.feed(html)
    writer.close()


def rich_of(element: Element, wids: dict[str, str]) -> str:
    """The restricted HTML that `add_rich` was given, in the one spelling that is frozen."""
    return "".join(_rich_parts(element, wids))


def _rich_parts(element: Element, wids: dict[str, str]):
    yield _html(element.text)
    for part in element:
        name = name_of(part)
        if name in _MARKS:
            yield f"<{name}>{rich_of(part, wids)}</{name}>"
        else:
            address = _frozen_address(part, wids) if part.get("href") is not None else None
            start = "<a>" if address is None else f'<a href="{_attribute(address)}">'
            yield f"{start}{rich_of(part, wids)}</a>"
        yield _html(part.tail)


def _frozen_address(element: Element, wids: dict[str, str]) -> str:
    address = address_of(element)
    inner = name_of(element) == "ref" and address.startswith("#")
    return f"wid:{wids[address[1:]]}" if inner else address


def _html(text: str | None) -> str:
    return escape(stored(text), quote=False).replace("\xa0", "&nbsp;")


def _attribute(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;").replace("\xa0", "&nbsp;")


class _RichText(HTMLParser):
    def __init__(self, parent: Element, eids: dict[str, str]):
        super().__init__(convert_charrefs=True)
        self.open = [parent]
        self.eids = eids

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1]
        if tag in _MARKS:
            self.open.append(add(parent, tag))
        elif tag == _LINK:
            self.open.append(self._link(parent, dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS | {_LINK} and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + storable(data)
        else:
            parent.text = (parent.text or "") + storable(data)

    def _link(self, parent: Element, address: str | None) -> Element:
        if address is None:
            return add(parent, "inline", name="link")
        eid = self.eids.get(address.removeprefix("wid:")) if address.startswith("wid:") else None
        if eid:
            return add_link(parent, "ref", f"#{eid}")
        return add_link(parent, "a", address)
