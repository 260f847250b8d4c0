"""What a reader's program finds in a PDF: words in order, structure, language."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pdfua import validate

from workers.documents.arabic import _text, _texts

ARABIC = range(0x600, 0x700)


def findings(content: bytes, folder) -> list[str]:
    """What the checker of PDF/UA-1 has to say, warnings included."""
    path = folder / "checked.pdf"
    path.write_bytes(content)
    return [f"{one.rule_id}: {one.message}" for one in validate(path).findings]


def text_of(content: bytes) -> str:
    """The words of a PDF line by line, as a reader hears them; lines in Arabic in their order."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return "\n".join(_line(pieces) for page in pdf.pages for pieces in _lines(page))


def elements(content: bytes) -> list[dict]:
    """The structure tree in reading order: {kind, depth, title, language, alternative, scope}."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return list(_elements(pdf.Root.StructTreeRoot, 0))


def _elements(node, depth: int) -> Iterator[dict]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        yield {
            "kind": str(node.S)[1:],
            "depth": depth,
            "title": str(node.get("/T", "")),
            "language": str(node.get("/Lang", "")),
            "alternative": str(node.get("/Alt", "")),
            "scope": _scope(node),
        }
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        yield from _elements(child, depth + 1)


def _scope(node) -> str:
    attributes = node.get("/A", [])
    entries = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(one.Scope)[1:] for one in entries if "/Scope" in one), "")


def _lines(page) -> list[list[tuple[float, str]]]:
    rows: dict[int, list[tuple[float, str]]] = {}
    for x, y, text in pieces_of(page):
        near = next((key for key in rows if abs(key - y) < 5), None)
        rows.setdefault(y if near is None else near, []).append((x, text))
    return [rows[y] for y in sorted(rows, reverse=True)]


def _line(pieces: list[tuple[float, str]]) -> str:
    shown = sorted(pieces, key=lambda piece: piece[0])
    if any(ord(letter) in ARABIC for _x, text in pieces for letter in text):
        shown.reverse()
    return "".join(text for _x, text in shown)


def pieces_of(page) -> Iterator[tuple[float, float, str]]:
    """Each piece of text of a page with where it stands, from the lower left corner in points."""
    fonts = page.get("/Resources", {}).get("/Font", {})
    maps = {name: _texts(font.ToUnicode.read_bytes().decode()) for name, font in fonts.items()}
    codes, place, at, is_reversed = {}, (0.0, 0.0), (0.0, 0.0), False
    said: list[str | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "cm":
                place = float(operands[4]), float(operands[5])
            case "Tm":
                at = float(operands[4]), float(operands[5])
            case "Tf":
                codes = maps[str(operands[0])]
            case "BMC" | "BDC":
                is_reversed = str(operands[0]) == "/ReversedChars"
                own = operands[1].get("/ActualText") if len(operands) > 1 else None
                said.append(None if own is None else str(own))
            case "EMC":
                said.pop()
                is_reversed = False
            case "Tj" | "TJ":
                actual = next((text for text in reversed(said) if text is not None), None)
                text = _text(operands[0], codes) if actual is None else actual
                yield place[0] + at[0], place[1] + at[1], text[::-1] if is_reversed else text
