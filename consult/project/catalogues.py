"""Translations: collect strings, compile them, find gaps. German is the language of the source.

`compile` needs no gettext tools, so that a fresh machine can run the demo.
"""

import os
import sys
from pathlib import Path

import polib

BASE_DIR = Path(__file__).resolve().parents[2]
LOCALE_DIR = BASE_DIR / "site_content" / "locale"
LANGUAGES = ["en"]


def compile_catalogues() -> list[Path]:
    """Write a .mo file beside each .po file that is newer; return what was written."""
    written = []
    for source in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


def collect() -> None:
    """Bring the .po files up to date with the source. Needs the gettext tools."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.project.settings.collect")
    import django
    from django.core.management import call_command

    os.chdir(BASE_DIR)
    django.setup()
    call_command(
        "makemessages",
        locale=LANGUAGES,
        no_location=True,
        no_obsolete=True,
        no_wrap=True,
        ignore_patterns=[".venv/*", "tests/*", "benchmarks/*"],
        verbosity=0,
    )


def gaps() -> list[str]:
    """Return one line for every string that has no translation or an unsure one."""
    found = []
    for source in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(source))
        missing = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
        found += [f"{source.relative_to(BASE_DIR)}: {entry.msgid!r}" for entry in missing]
    return found


if __name__ == "__main__":
    {"compile": compile_catalogues, "collect": collect}[sys.argv[1]]()
