"""One HTML page that needs nothing else: styles stand inside, pictures too, nothing is loaded."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from workers.documents.parts import (
    Document,
    Facts,
    Goal,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Quote,
    Run,
    Table,
    Text,
    direction,
    plain,
    printable,
    runs,
)

STYLES = Path(__file__).parent / "templates" / "document.css"


def html_of(document: Document) -> bytes:
    """Return a document as one HTML page, UTF-8, without scripts and without other files.

    `identifier`, where it is a web address, is named as the page's canonical address.
    """
    return _Writer(printable(document)).written().encode()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.regions: Counter[str] = Counter()
        self.anchors = {part.anchor for part in document.body if isinstance(part, Heading | Goal)}
        self.printers: dict[type, Callable[[Any], str]] = {
            Heading: self.heading,
            Paragraph: self.paragraph,
            Items: self.items,
            Table: self.table,
            Quote: self.quote,
            Note: self.note,
            Facts: lambda part: self.facts(part.pairs),
            Goal: self.goal,
            Picture: self.picture,
            PageBreak: lambda _part: "",
        }

    def written(self) -> str:
        document = self.document
        language, aim = escape(document.language), direction(document.language)
        body = "\n".join(filter(None, (self.part(part) for part in document.body)))
        return (
            f'<!DOCTYPE html>\n<html lang="{language}" dir="{aim}">\n<head>\n{self.head()}</head>\n'
            f"<body>\n<header>\n{self.front()}</header>\n{self.contents()}"
            f"<main>\n{body}\n</main>\n<footer><p>{self.foot()}</p></footer>\n</body>\n</html>\n"
        )

    def head(self) -> str:
        document = self.document
        lines = [
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(document.title)}</title>",
        ]
        if document.description:
            lines.append(f'<meta name="description" content="{escape(document.description)}">')
        if document.identifier.startswith(("https://", "http://")):
            lines.append(f'<link rel="canonical" href="{escape(document.identifier)}">')
        lines.append(f"<style>\n{STYLES.read_text()}</style>")
        return "\n".join(lines) + "\n"

    def front(self) -> str:
        document = self.document
        lines = [
            f"<p>{escape(document.publisher)}</p>" if document.publisher else "",
            f'<p class="mark">{escape(document.mark)}</p>' if document.mark else "",
            f"<h1>{escape(document.title)}</h1>",
            f'<p class="lead">{escape(document.subtitle)}</p>' if document.subtitle else "",
            self.facts(document.facts),
        ]
        return "\n".join(filter(None, lines)) + "\n"

    def contents(self) -> str:
        chapters = [
            part for part in self.document.body if isinstance(part, Heading) and part.level == 1
        ]
        if not self.document.has_contents or not chapters:
            return ""
        words = escape(self.document.words.contents)
        entries = "".join(f"<li>{self.entry(part)}</li>\n" for part in chapters)
        return f'<nav aria-label="{words}">\n<h2>{words}</h2>\n<ul>\n{entries}</ul>\n</nav>\n'

    def entry(self, part: Heading) -> str:
        name = escape(" ".join(filter(None, [part.number, plain(part.text)])))
        name = f"<span{self.language(part.language)}>{name}</span>" if part.language else name
        return f'<a href="#{escape(part.anchor)}">{name}</a>' if part.anchor else name

    def foot(self) -> str:
        return escape(" · ".join(filter(None, [self.document.date_text, self.document.footer])))

    def part(self, part: Part) -> str:
        return self.printers[type(part)](part)

    def heading(self, part: Heading) -> str:
        level = min(part.level + 1, 6)  # the title is the only h1
        number = f"{escape(part.number)} " if part.number else ""
        attributes = _anchor(part.anchor) + self.language(part.language)
        return f"<h{level}{attributes}>{number}{self.text(part.text)}</h{level}>"

    def paragraph(self, part: Paragraph) -> str:
        kind = "" if part.kind == "body" else f' class="{part.kind}"'
        number = _number(part.number)
        return f"<p{kind}{self.language(part.language)}>{number}{self.text(part.text)}</p>"

    def items(self, part: Items) -> str:
        tag = "ol" if part.is_numbered else "ul"
        number = f"<p>{_number(part.number)}</p>\n" if part.number else ""
        points = "".join(f"<li>{self.text(item)}</li>\n" for item in part.items)
        return f"{number}<{tag}{self.language(part.language)}>\n{points}</{tag}>"

    def table(self, part: Table) -> str:
        name = escape(self.region(part.caption or plain(part.head[0])))
        caption = f"<caption>{escape(part.caption)}</caption>\n" if part.caption else ""
        heads = "".join(f'<th scope="col">{self.text(cell)}</th>' for cell in part.head)
        rows = "".join(f"<tr>{self.cells(row, part.is_numeric)}</tr>\n" for row in part.rows)
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">'
            f"<table{self.language(part.language)}>\n{caption}<thead><tr>{heads}</tr></thead>\n"
            f"<tbody>\n{rows}</tbody>\n</table></div>"
        )

    def region(self, name: str) -> str:
        """A name of its own for each table that can be scrolled."""
        self.regions[name] += 1
        return f"{name} ({self.regions[name]})" if self.regions[name] > 1 else name

    def cells(self, row: Iterable[Text], is_numeric: Iterable[int]) -> str:
        marks = dict.fromkeys(is_numeric, ' class="figure"')
        return "".join(
            f"<td{marks.get(column, '')}>{self.text(cell)}</td>" for column, cell in enumerate(row)
        )

    def quote(self, part: Quote) -> str:
        source = f'<p class="small">{escape(part.source)}</p>' if part.source else ""
        words = f"<p{self.language(part.language)}>{escape(part.text)}</p>"
        return f"<blockquote>{words}{source}</blockquote>"

    def note(self, part: Note) -> str:
        title = f"<strong>{escape(part.title)}</strong> " if part.title else ""
        return f'<p class="{part.kind}">{title}{self.text(part.text)}</p>'

    def facts(self, pairs: Iterable[tuple[str, Text]]) -> str:
        entries = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{self.text(value)}</dd></div>\n"
            for name, value in pairs
        )
        return f"<dl>\n{entries}</dl>" if entries else ""

    def goal(self, part: Goal) -> str:
        level = min(part.level + 1, 6)
        wording = f"<p{self.language(part.language)}>{self.text(part.wording)}</p>"
        name = f"<h{level}{_anchor(part.anchor)}>{escape(part.label)}</h{level}>"
        return f'<div class="goal">\n{name}\n{wording}\n</div>'

    def picture(self, part: Picture) -> str:
        source = f"data:{part.media_type};base64,{b64encode(part.content).decode()}"
        caption = f"<figcaption>{escape(part.caption)}</figcaption>" if part.caption else ""
        image = f'<img src="{source}" alt="{escape(part.alternative)}">'
        return f"<figure>{image}{caption}</figure>"

    def text(self, text: Text) -> str:
        return "".join(self.run(run) for run in runs(text))

    def run(self, run: Run) -> str:
        shown = escape(run.text)
        words = self.document.words
        if run.change == "added":
            shown = f'<ins aria-label="{escape(words.added)}">{shown}</ins>'
        elif run.change == "struck":
            shown = f'<del aria-label="{escape(words.struck)}">{shown}</del>'
        shown = f"<strong>{shown}</strong>" if run.bold else shown
        shown = f"<em>{shown}</em>" if run.italic else shown
        if run.language:
            shown = f"<span{self.language(run.language)}>{shown}</span>"
        leads = run.link[1:] in self.anchors if run.link.startswith("#") else bool(run.link)
        return f'<a href="{escape(run.link)}">{shown}</a>' if leads else shown

    def language(self, language: str) -> str:
        return f' lang="{escape(language)}" dir="{direction(language)}"' if language else ""


def _anchor(name: str) -> str:
    return f' id="{escape(name)}"' if name else ""


def _number(number: str) -> str:
    return f'<span class="number">({escape(number)})</span> ' if number else ""
