"""Speed and memory of documents: an edition of two hundred pages, made in a process of its own."""

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

from benchmarks.tables import Row
from workers.documents.parts import (
    Document,
    Facts,
    Goal,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    Part,
    Run,
    Table,
)

SECTIONS, GOALS, PARAGRAPHS = 28, 7, 14
PAGES, SECONDS, MEGABYTES = 200, 10, 500
WORDS = (
    "Die Stadt fördert das Zusammenleben aller Menschen in ihren Stadtteilen und baut die "
    "Beratung für Neuzugewanderte gemeinsam mit den Verbänden und Vereinen weiter aus. "
)


def long_edition() -> Iterator[Row]:
    """An edition of at least 200 pages to PDF/UA-1, and the largest memory of its process."""
    made = json.loads(subprocess.check_output([sys.executable, "-m", "benchmarks.documents"]))
    is_reached = made["seconds"] < SECONDS and made["megabytes"] < MEGABYTES
    yield Row(
        f"edition of {made['pages']} pages to PDF/UA-1 (s; MB)", "",
        f"{made['seconds']:.1f}; {made['megabytes']:.0f}", f"< {SECONDS}; < {MEGABYTES}",
        is_reached and made["pages"] >= PAGES,
    )  # fmt: skip


def edition() -> Document:
    """A made-up edition with sections, goals, measures, lists and links between them."""
    body = [part for number in range(1, SECTIONS + 1) for part in _section(number)]
    return Document(
        title="Integrationskonzept",
        language="de",
        date=date(2027, 1, 1),
        date_text="Stand: 1. Januar 2027",
        body=body,
        publisher="Musterstadt",
        facts=[("Fassung", "3")],
    )


def _section(number: int) -> Iterator[Part]:
    yield PageBreak()
    yield Heading(f"Handlungsfeld {number}", number=str(number), anchor=f"s{number}")
    yield Paragraph(WORDS, kind="lead")
    for place in range(1, PARAGRAPHS + 1):
        link = Run("siehe dort", link=f"#s{place % SECTIONS + 1}")
        yield Paragraph([Run(WORDS * 2), link, Run(f" ({place})")], number=str(place))
    yield Items([WORDS] * 4)
    for place in range(1, GOALS + 1):
        yield Goal(f"Ziel {number}.{place}", WORDS, anchor=f"z{number}-{place}")
        yield Paragraph(WORDS * 2)
        yield Facts([("Federführung", "Amt für Soziales"), ("Zielgruppen", WORDS)])
        yield Table(
            head=["Nr.", "Maßnahme", "Zuständig", "Zeitraum", "Kosten"],
            rows=[[f"{place}.{n}", WORDS, "Amt", "2027", "jährlich 12.000 Euro"] for n in "abc"],
            caption=f"Maßnahmen zu Ziel {number}.{place}",
            widths=[1, 5, 2, 2, 2],
        )


def main() -> None:
    """Make the edition and print pages, seconds and megabytes as JSON."""
    from workers.documents.pdf import pdf_of

    document = edition()
    start = time.perf_counter()
    content = pdf_of(document)
    took = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages = max(int(found) for found in re.findall(rb"/Count (\d+)", content))
    print(json.dumps({"pages": pages, "seconds": took, "megabytes": memory}))


if __name__ == "__main__":
    main()
