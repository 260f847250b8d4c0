"""Elements of WordprocessingML that python-docx has no words for."""

SUNK = "F4F6F2"
FONT = "Noto Sans"  # Word takes what comes nearest where it is missing
ARABIC_FONT = "Noto Sans Arabic"


def element(tag: str):
    """A new element, such as "w:lang"."""
    from docx.oxml import OxmlElement

    return OxmlElement(tag)


def child(parent, tag: str):
    """The child element of this name, made as the last one where it is missing."""
    from docx.oxml.ns import qn

    found = parent.find(qn(tag))
    if found is None:
        found = element(tag)
        parent.append(found)
    return found


def bidi(properties):
    """The mark of a paragraph's direction, at the place where the schema wants it."""
    from docx.oxml.ns import qn

    found = properties.find(qn("w:bidi"))
    if found is None:
        found = element("w:bidi")
        later = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
        properties.insert_element_before(found, *later)
    return found


def set_values(element, **values: str) -> None:
    """Set attributes; a name with a prefix, such as "w:val", is one of the schema."""
    from docx.oxml.ns import qn

    for name, value in values.items():
        element.set(qn(name) if ":" in name else name, value)


def set_fonts(properties) -> None:
    """Name the fonts of all scripts, instead of those of the theme."""
    fonts = child(properties, "w:rFonts")
    names = dict.fromkeys(("w:ascii", "w:hAnsi", "w:eastAsia"), FONT)
    set_values(fonts, **names, **{"w:cs": ARABIC_FONT})
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]


def break_before(block) -> None:
    """Begin a paragraph, or a table by its first one, on a new page."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    first = next(block.iter(qn("w:p")))
    Paragraph(first, None).paragraph_format.page_break_before = True  # type: ignore[arg-type]


def shade(cell) -> None:
    """Give a cell the quiet background of header rows and notes."""
    found = child(cell._tc.get_or_add_tcPr(), "w:shd")
    set_values(found, **{"w:val": "clear", "w:color": "auto", "w:fill": SUNK})


def field(paragraph, code: str) -> None:
    """A number that Word fills itself."""
    found = element("w:fldSimple")
    set_values(found, **{"w:instr": code})
    found.append(paragraph.add_run("1")._r)
    paragraph._p.append(found)


def field_mark(kind: str):
    """A part of a field over several paragraphs: begin, its code, separate, end."""
    if kind in {"begin", "separate", "end"}:
        mark = element("w:fldChar")
        set_values(mark, **{"w:fldCharType": kind})
        return mark
    mark = element("w:instrText")
    mark.text = kind
    return mark


def link(paragraph, run, address: str) -> None:
    """Make a run of the paragraph a link to the web, or with "#" to a place in the document."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    found = element("w:hyperlink")
    if address.startswith("#"):
        set_values(found, **{"w:anchor": address[1:41]})
    else:
        target = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        set_values(found, **{"r:id": target})
    found.append(run._r)
    paragraph._p.append(found)
