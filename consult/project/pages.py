"""Start page and information pages from files of words, in German and all other languages."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page

from site_content.pages.models import HomePage, InfoPage

CONTENT = Path(__file__).parent / "content"
MAIL_ADDRESS = re.compile(r"[a-z]+@[a-z.]+\.example")

Words = dict[str, Any]


def other_locales() -> list[Locale]:
    """The locales of all languages but German; missing ones are created."""
    codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return [Locale.objects.get_or_create(language_code=code)[0] for code in codes]


def translate_home(home: HomePage, path: Path) -> None:
    """Publish the start page in all languages of a JSON file; one that is there is left alone.

    The file is {language: {claim, lede, offline?}}; `offline` is rich text.
    """
    words = json.loads(path.read_text())
    for locale in other_locales():
        if locale.language_code in words and not home.has_translation(locale):
            page = home.copy_for_translation(locale)
            for name, text in words[locale.language_code].items():
                setattr(page, name, text)
            page.save_revision().publish()


def create_info_pages(home: Page, path: Path) -> None:
    """Publish the pages of a JSON file below the start page; one that is there is left alone.

    The file is a list of {slug, title, intro, sections: [[heading, text]], en: {title, intro,
    sections}}. The other languages stand beside it, in <name>-<language>.json: {slug: {title,
    intro, sections}}. A language that comes later is added to pages that are still as they were.
    """
    translations = _translations_beside(path)
    for words in json.loads(path.read_text()):
        page = _german_page(home, words)
        if page is None:
            continue
        for locale in other_locales():
            code = locale.language_code
            translated = words.get(code) or translations.get(code, {}).get(words["slug"])
            if translated and not page.has_translation(locale):
                _translate(page, locale, translated)


def paragraphs(texts: list[str]) -> str:
    """Return texts as paragraphs, with addresses as links."""
    return "".join(f"<p>{_linked(text)}</p>" for text in texts)


def _translations_beside(path: Path) -> dict[str, Words]:
    beside = {
        code: path.with_name(f"{path.stem}-{code}.json") for code, _name in settings.LANGUAGES
    }
    return {code: json.loads(file.read_text()) for code, file in beside.items() if file.exists()}


def _german_page(home: Page, words: Words) -> InfoPage | None:
    """The page with these words, created where there is none; None if somebody has changed it."""
    taken = home.get_children().filter(slug=words["slug"]).first()
    body = _body(words["sections"])
    if taken is None:
        page = home.add_child(
            instance=InfoPage(
                title=words["title"],
                slug=words["slug"],
                lede=words["intro"],
                body=body,
                live=False,
            )
        )
        page.save_revision().publish()
        return page
    return InfoPage.objects.filter(pk=taken.pk, body=body, lede=words["intro"]).first()


def _translate(page: InfoPage, locale: Locale, words: Words) -> None:
    translated = page.copy_for_translation(locale)
    translated.title, translated.lede = words["title"], words["intro"]
    translated.body = _body(words["sections"])
    translated.save_revision().publish()


def _body(sections: list[list[str]]) -> str:
    return "".join(f"<h2>{escape(name)}</h2><p>{_linked(text)}</p>" for name, text in sections)


def _linked(text: str) -> str:
    return MAIL_ADDRESS.sub(r'<a href="mailto:\g<0>">\g<0></a>', escape(text, quote=False))
