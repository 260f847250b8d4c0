"""PDF/UA-1 with typst: tagged, titled, in one language, with fonts that every machine has alike.

The fonts are Noto Sans and Noto Sans Arabic from pinned packages; those of the machine are
ignored. Data goes in as JSON, never as markup. Templates lie in `templates/`: `document.typ`
prints what `parts` describes; another one imports `style.typ` for the same look.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from unicodedata import category

from workers.documents.arabic import with_silent_dots
from workers.documents.parts import Document, Part, Picture, Run, Text, direction, printable, runs

TEMPLATES = Path(__file__).parent / "templates"
EASY = "-x-ls"  # easy German is set larger, as its rules want (DIN SPEC 33429)
STAND_IN = "\u25a1"  # a white square, as fonts show what they lack
PICTURE = "[Emoji]"  # the word is the same in nearly every language
_JOINED = "\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff"  # what makes one emoji of several characters
_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
# typst 0.15 loses a link in a paragraph of two directions that fills several lines.
_LOST_LINK = "expected link ancestor"
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


class UnableToRender(Exception):
    """The document could not be set; the message is typst's own sentence with its hint."""


def pdf_of(document: Document) -> bytes:
    """Return a document as PDF/UA-1. Raises UnableToRender as render_pdf does."""
    data, pictures = _as_data(document)
    return render_pdf(
        "document",
        data,
        language=document.language,
        title=document.title,
        date=document.date,
        pictures=pictures,
    )


def render_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    language: str,
    title: str,
    date: date,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the PDF/UA-1 that templates/<template>.typ makes of `data` (anything JSON can hold).

    The template finds `data` in style.typ, with `language`, `direction`, `is_easy`, `title` and `date`
    (ISO) added; `pictures` are files that it may show, by name. The date is also that of the file, so
    that the same data gives the same bytes. Emojis that no font has are printed as "[Emoji]", other
    characters that no font has as a white square; control characters are left out.

    Raises UnableToRender where a heading level is skipped, an alternative text is missing or the
    template is wrong.
    """
    values = {
        **data,
        "language": language.split("-")[0],
        "direction": direction(language),
        "is_easy": language.endswith(EASY),
        "title": title,
        "date": date.isoformat(),
    }
    source = json.dumps(printable(values), ensure_ascii=False, default=asdict)
    with tempfile.TemporaryDirectory(prefix="consult-pdf-") as folder:
        root = Path(folder)
        for file in TEMPLATES.glob("*.typ"):
            shutil.copy(file, root)
        for name, content in (pictures or {}).items():
            (root / name).write_bytes(content)
        return with_silent_dots(_compiled(root, f"{template}.typ", source, date))


def _compiled(root: Path, name: str, source: str, day: date) -> bytes:
    lacking: set[str] = set()
    links = "in-line"
    while True:
        inputs = {"data": _without(source, lacking), "links": links}
        try:
            return _compiled_once(root, name, inputs, day)
        except RuntimeError as error:
            found = _lacking(getattr(error, "diagnostic", ""))
            if found - lacking:
                lacking |= found
            elif _LOST_LINK in str(error) and links != "boxed":
                links = "boxed"
            else:
                sentences = [getattr(error, "message", str(error)), *getattr(error, "hints", [])]
                raise UnableToRender(" ".join(sentences)) from error


def _compiled_once(root: Path, name: str, inputs: dict[str, str], day: date) -> bytes:
    from typst import Compiler

    compiler = Compiler(
        str(root / name),
        root=str(root),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return cast(bytes, compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=at))


def _without(source: str, lacking: set[str]) -> str:
    """The source with a word for emojis and a square for other characters that no font has."""
    pictures = "".join(sorted(sign for sign in lacking if category(sign)[0] == "S"))
    if pictures:
        signs = re.escape(pictures)
        source = re.sub(f"[{signs}][{signs}{_JOINED}]*", PICTURE, source)
    return source.translate({ord(sign): STAND_IN for sign in lacking})


@cache
def _fonts():
    import fontpkg_noto_sans
    import fontpkg_noto_sans_arabic
    from typst import Fonts

    folders = [fontpkg_noto_sans.ROOT / "files", fontpkg_noto_sans_arabic.ROOT / "files"]
    return Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in folders],
    )


def _lacking(diagnostic: str) -> set[str]:
    """The characters that typst says no font has."""
    texts = _LACKING.findall(diagnostic)
    return set("".join(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) for text in texts))


def _as_data(document: Document) -> tuple[dict[str, Any], dict[str, bytes]]:
    pictures: dict[str, bytes] = {}
    anchors = {part.anchor for part in document.body if hasattr(part, "anchor")}
    body = [_part(part, anchors, pictures) for part in document.body]
    data = asdict(replace(document, body=[]))
    facts = [[name, _runs(text, anchors)] for name, text in document.facts]
    return {**data, "body": body, "facts": facts, "date": ""}, pictures


_TEXTS = {"text", "wording"}
_LISTS = {"items", "head"}


def _part(part: Part, anchors: set[str], pictures: dict[str, bytes]) -> dict[str, Any]:
    if isinstance(part, Picture):
        name = f"picture-{len(pictures)}.{_SUFFIXES[part.media_type]}"
        pictures[name] = part.content
        shown = {"alternative": part.alternative, "caption": part.caption}
        return {"part": "Picture", "file": name, **shown}
    data = {name: _value(name, value, anchors) for name, value in vars(part).items()}
    return {"part": type(part).__name__, **data}


def _value(name: str, value: Any, anchors: set[str]) -> Any:
    if name in _TEXTS:
        return _runs(value, anchors)
    if name in _LISTS:
        return [_runs(text, anchors) for text in value]
    if name == "rows":
        return [[_runs(cell, anchors) for cell in row] for row in value]
    if name == "pairs":
        return [[key, _runs(text, anchors)] for key, text in value]
    return list(value) if isinstance(value, tuple) else value


def _runs(text: Text, anchors: set[str]) -> list[dict[str, Any]]:
    return [_run(run, anchors) for run in runs(text)]


def _run(run: Run, anchors: set[str]) -> dict[str, Any]:
    link = run.link
    if link.startswith("#") and link[1:] not in anchors:
        link = ""
    shown = {"text": run.text, "bold": run.bold, "italic": run.italic, "link": link}
    language = run.language.split("-")[0]
    return {**shown, "change": run.change, "language": language, "direction": direction(language)}
