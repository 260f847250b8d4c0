"""Translations: collect strings, compile them, find gaps. German is the language of the source.

`compile` needs no gettext tools, so that a fresh machine can run the demo. What has to be
translated into which language stands in docs/translations.md.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parents[2]
LOCALE_DIR = BASE_DIR / "site_content" / "locale"
# Django's names of the directories; the plural rules are those of Django's own catalogues.
LANGUAGES = ["en", "tr", "ar", "uk"]
EASY_GERMAN = "de_X-ls"
EASY_PLURALS = "nplurals=2; plural=(n != 1);"

# Strings that stand in these files alone are read by staff. Easy German does without them.
STAFF_FILES = re.compile(
    r"""
    .*/(admin_views|models|management)/
    | .*/(models|wagtail_hooks|apps|tasks|panels)\.py
    | consult/(council|evaluation|rounds|records)/forms(\.py|/(?!motions))
    | consult/project/
    | drafts/\w+/(blocks|easy_language|forms|views|defects)\.py
    | drafts/concept/importing/
    | site_content/templates/(
        audit | concept | concept_desk | council_desk | erasures | moderation | release
        | responses | revision | rounds | staff | wagtailadmin | workshop
    )/
    """,
    re.VERBOSE,
)
# Written from right to left. Numbers of contributions, names and dates keep their own direction.
RIGHT_TO_LEFT = {"ar"}
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][a-z0-9]*")


def compile_catalogues() -> list[Path]:
    """Write a .mo file beside each .po file that has changed; return what was written.

    In a language from right to left every placeholder outside of tags is isolated (Unicode
    Standard Annex 9, section 2.7): "2027-R1-0147" would be shown in another order otherwise.
    """
    written = []
    for source in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        changed = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
        if not target.exists() or target.stat().st_mtime < changed:
            catalogue = polib.pofile(str(source))
            if source.parts[-3] in RIGHT_TO_LEFT:
                _isolate(catalogue)
            catalogue.save_as_mofile(str(target))
            written.append(target)
    return written


def isolated(text: str) -> str:
    """The text with every placeholder outside of tags between isolating marks."""
    parts = re.split(r"(<[^>]*>)", text)
    marked = rf"{FIRST_STRONG_ISOLATE}\g<0>{POP_ISOLATE}"
    return "".join(
        part if part.startswith("<") else PLACEHOLDER.sub(marked, part) for part in parts
    )


def collect() -> None:
    """Bring the .po files up to date with the source. Needs the gettext tools.

    Easy German gets what residents read; it keeps no string that only staff read.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.project.settings.collect")
    import django
    from django.core.management import call_command

    os.chdir(BASE_DIR)
    django.setup()
    call_command(
        "makemessages",
        locale=LANGUAGES,
        add_location="file",
        keep_pot=True,
        no_obsolete=True,
        no_wrap=True,
        ignore_patterns=[".venv/*", "tests/*", "benchmarks/*"],
        verbosity=0,
    )
    template = LOCALE_DIR / "django.pot"
    strings = polib.pofile(str(template), wrapwidth=0)
    template.unlink()
    _collect_easy_german([entry for entry in strings if is_public(entry)])
    for language in LANGUAGES:
        _save(polib.pofile(str(source_of(language)), wrapwidth=0))


def is_public(entry: polib.POEntry) -> bool:
    """Whether a string stands in a file that speaks to residents.

    A file is public until STAFF_FILES names it: what is forgotten there fails the build.
    """
    return not all(STAFF_FILES.match(path) for path, _line in entry.occurrences)


def gaps() -> list[str]:
    """Return one line for every string that has no translation, an unsure one or a wrong one.

    Wrong: another number of plural forms than the language has, other placeholders or tags than
    the German string. A language without a catalogue is one gap.
    """
    return [
        f"{language}: {gap}"
        for language in [*LANGUAGES, EASY_GERMAN]
        for gap in _gaps_of(source_of(language))
    ]


def source_of(language: str) -> Path:
    """The catalogue of a language (the name of its directory)."""
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def _gaps_of(source: Path) -> Iterator[str]:
    if not source.exists():
        yield "no catalogue"
        return
    catalogue = polib.pofile(str(source))
    found = re.search(r"nplurals=(\d)", catalogue.metadata.get("Plural-Forms", ""))
    forms = int(found.group(1)) if found else 0
    for entry in catalogue:
        if entry.obsolete:
            continue
        problem = _problem_of(entry, forms)
        if problem:
            yield f"{problem}: {entry.msgid!r}"


def _problem_of(entry: polib.POEntry, forms: int) -> str:
    if entry.fuzzy or not entry.translated():
        return "missing"
    if not entry.msgid_plural:
        return "" if _marks(entry.msgid) == _marks(entry.msgstr) else "placeholders or tags differ"
    if len(entry.msgstr_plural) != forms:
        return f"{len(entry.msgstr_plural)} plural forms instead of {forms}"
    one, many = _marks(entry.msgid), _marks(entry.msgid_plural)
    # A form for one thing may do without the number: "ein Beitrag", two in Arabic.
    right = (one & many <= _marks(form) <= one | many for form in entry.msgstr_plural.values())
    return "" if all(right) else "placeholders or tags differ"


def _marks(text: str) -> Counter[str]:
    return Counter([*PLACEHOLDER.findall(text), *TAG.findall(text)])


def _isolate(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        entry.msgstr = isolated(entry.msgstr)
        entry.msgstr_plural = {form: isolated(text) for form, text in entry.msgstr_plural.items()}


def _collect_easy_german(strings: list[polib.POEntry]) -> None:
    source = source_of(EASY_GERMAN)
    source.parent.mkdir(parents=True, exist_ok=True)
    known = {}
    if source.exists():
        known = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(source))}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": EASY_GERMAN,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": EASY_PLURALS,
    }
    for entry in strings:
        former = known.get((entry.msgctxt, entry.msgid))
        if former and bool(former.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = former.msgstr, former.msgstr_plural
        catalogue.append(entry)
    catalogue.fpath = str(source)
    _save(catalogue)


def _save(catalogue: polib.POFile) -> None:
    """Write without the places: they would change with every other commit."""
    for entry in catalogue:
        entry.occurrences = []
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy" or "format" in flag]
    catalogue.save()


if __name__ == "__main__":
    {"compile": compile_catalogues, "collect": collect}[sys.argv[1]]()
