"""Information pages from a file of words, in German and English."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from wagtail.models import Locale, Page

from site_content.pages.models import InfoPage

CONTENT = Path(__file__).parent / "content"
MAIL_ADDRESS = re.compile(r"[a-z]+@[a-z.]+\.example")


def create_info_pages(home: Page, english: Locale, path: Path) -> None:
    """Publish the pages of a JSON file below the start page; one that is there is left alone.

    The file is a list of {slug, title, intro, sections: [[heading, text]], en: {title, intro,
    sections}}.
    """
    known = set(home.get_children().values_list("slug", flat=True))
    for words in json.loads(path.read_text()):
        if words["slug"] not in known:
            _create(home, english, words)


def paragraphs(texts: list[str]) -> str:
    """Return texts as paragraphs, with addresses as links."""
    return "".join(f"<p>{_linked(text)}</p>" for text in texts)


def _create(home: Page, english: Locale, words: dict[str, Any]) -> None:
    page = home.add_child(
        instance=InfoPage(
            title=words["title"],
            slug=words["slug"],
            lede=words["intro"],
            body=_body(words["sections"]),
            live=False,
        )
    )
    page.save_revision().publish()
    translated = page.copy_for_translation(english)
    translated.title, translated.lede = words["en"]["title"], words["en"]["intro"]
    translated.body = _body(words["en"]["sections"])
    translated.save_revision().publish()


def _body(sections: list[list[str]]) -> str:
    return "".join(f"<h2>{escape(name)}</h2><p>{_linked(text)}</p>" for name, text in sections)


def _linked(text: str) -> str:
    return MAIL_ADDRESS.sub(r'<a href="mailto:\g<0>">\g<0></a>', escape(text, quote=False))
