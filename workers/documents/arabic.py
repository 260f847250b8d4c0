"""Arabic that can be read aloud and copied.

Noto Sans Arabic draws a letter and its dots as two glyphs. typst 0.15 writes the text of the
letter with both, so that a reader would hear "nnovemmberr"; here the dots lose theirs.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any
from unicodedata import category

FONT = "NotoSansArabic"
SHOW = {"Tj", "TJ"}
NEAR = 0.01  # points


def with_silent_dots(content: bytes) -> bytes:
    """Return a PDF of typst in which the dots of Arabic letters carry no text of their own.

    Vowel marks keep theirs. A PDF without Arabic is returned as it is; the same PDF gives the
    same bytes.
    """
    if FONT.encode() not in content:
        return content
    import pikepdf

    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            fonts = _arabic_fonts(page)
            if fonts:
                page.Contents = pdf.make_stream(_silenced(page, fonts))
        stream = BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        pdf.save(stream, deterministic_id=True, object_stream_mode=mode)
        return stream.getvalue()


def _arabic_fonts(page) -> dict[str, dict[int, str]]:
    """The page's Arabic fonts: name -> what each code stands for."""
    fonts = page.get("/Resources", {}).get("/Font", {})
    return {
        name: _texts(font.ToUnicode.read_bytes().decode())
        for name, font in fonts.items()
        if FONT in str(font.BaseFont)
    }


def _texts(mapping: str) -> dict[int, str]:
    """What the codes of a ToUnicode map stand for."""
    pairs = (line.strip("<>").split("> <") for line in mapping.splitlines() if "> <" in line)
    return {
        int(pair[0], 16): bytes.fromhex(pair[1]).decode("utf-16-be")
        for pair in pairs
        if len(pair) == 2
    }


def _silenced(page, fonts: dict[str, dict[int, str]]) -> bytes:
    import pikepdf

    instructions = list(pikepdf.parse_content_stream(page))
    silent = pikepdf.Dictionary(ActualText=pikepdf.String(""))
    begin = ([pikepdf.Name.Span, silent], pikepdf.Operator("BDC"))
    end: Any = ([], pikepdf.Operator("EMC"))
    replaced: dict[int, list[Any]] = {}
    shown = list(_shown(instructions, fonts))
    for (at, x, text, span), (_at, next_x, _text, _span) in pairwise(shown):
        # A glyph that takes no room starts where the next one starts.
        if abs(x - next_x) > NEAR or not text or not category(text[0]).startswith("L"):
            continue
        if span is None:
            replaced[at] = [begin, instructions[at], end]
        else:
            replaced[span] = [begin]
    pieces = (replaced.get(at, [one]) for at, one in enumerate(instructions))
    return pikepdf.unparse_content_stream([one for piece in pieces for one in piece])


def _shown(
    instructions, fonts: dict[str, dict[int, str]]
) -> Iterator[tuple[int, float, str, int | None]]:
    """Each piece of Arabic: its instruction, where it starts, its text, the span that says so."""
    texts: dict[int, str] | None = None
    left, x, span = 0.0, 0.0, None
    for at, instruction in enumerate(instructions):
        operands = instruction.operands
        match str(instruction.operator):
            case "cm":
                left = float(operands[4])
            case "Tm":
                x = left + float(operands[4])
            case "Tf":
                texts = fonts.get(str(operands[0]))
            case "BDC" if "/ActualText" in operands[1]:
                span = at
            case "BT" | "ET":
                span = None
            case "Tj" | "TJ" if texts is not None:
                said = str(instructions[span].operands[1].ActualText) if span else ""
                yield at, x, said or _text(operands[0], texts), span


def _text(shown: Any, texts: dict[int, str]) -> str:
    import pikepdf

    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    codes = (raw[at] << 8 | raw[at + 1] for at in range(0, len(raw), 2))
    return "".join(texts.get(code, "") for code in codes)
