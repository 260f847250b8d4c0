"""From the restricted HTML of frozen text (b, i, a) to runs."""

from html.parser import HTMLParser

from workers.documents.parts import Run

_BOLD, _ITALIC = {"b", "strong"}, {"i", "em"}


def runs_of_html(html: str, *, links: dict[str, str] | None = None) -> list[Run]:
    """Return the words of restricted HTML with bold, italic and links; other marks are dropped.

    `links` leads addresses such as "wid:..." elsewhere; one that it does not know keeps its
    address if that is a web or mail address, and becomes text otherwise.
    """
    reader = _Reader(links or {})
    reader.feed(html)
    reader.close()
    return reader.runs


class _Reader(HTMLParser):
    def __init__(self, links: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.links = links
        self.runs: list[Run] = []
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag in _BOLD | _ITALIC | {"a"}:
            self.open.append((tag, self._address(dict(attrs).get("href") or "")))

    def handle_endtag(self, tag):
        for position in range(len(self.open) - 1, -1, -1):
            if self.open[position][0] == tag:
                del self.open[position]
                return

    def handle_data(self, data):
        tags = {tag for tag, _address in self.open}
        address = next((address for _tag, address in reversed(self.open) if address), "")
        self.runs.append(
            Run(data, bold=bool(tags & _BOLD), italic=bool(tags & _ITALIC), link=address)
        )

    def _address(self, address: str) -> str:
        known = self.links.get(address)
        if known is not None:
            return known
        return address if address.startswith(("https://", "http://", "mailto:")) else ""
