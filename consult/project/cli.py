"""The command `consult`: each command is a translator that makes one call."""

import argparse
import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
BAD_INPUT = 2


def run(arguments: list[str]) -> int:
    """Parse the arguments, run the command, return its exit status."""
    if arguments[:1] == ["manage"]:
        return _manage(arguments[1:])
    options = _parser().parse_args(arguments)
    return options.command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="consult", description="A city co-drafts a concept with its residents."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="run the demo city with embedded services")
    demo.add_argument("--reset", action="store_true", help="build the demo city anew")
    demo.set_defaults(command=_demo)
    serve = commands.add_parser("serve", help="run the web server")
    serve.add_argument("--bind", default="0.0.0.0:8000", help="address and port")
    serve.set_defaults(command=_serve)
    worker = commands.add_parser("worker", help="run a Celery worker, or the schedule")
    worker.add_argument("--schedule", choices=["with", "only", "without"], default="without")
    worker.set_defaults(command=_worker)
    commands.add_parser("manage", help="Django's management commands")
    importing = commands.add_parser("import-concept", help="bring in a concept (.docx, .md)")
    importing.add_argument("file", type=Path)
    importing.add_argument("--write", action="store_true", help="write it; without: preview only")
    importing.set_defaults(command=_import_concept)
    setup = commands.add_parser("setup", help="create first pages, staff groups and review")
    setup.add_argument("city")
    setup.add_argument("office")
    setup.add_argument("email")
    setup.set_defaults(command=_setup)
    _add_analyse(commands)
    return parser


def _add_analyse(commands) -> None:
    analyse = commands.add_parser("analyse", help="check a round with files, without a database")
    kinds = analyse.add_subparsers(required=True, metavar="themes|opinions|readability|compare")
    themes = kinds.add_parser("themes", help="group comments into themes")
    themes.add_argument("comments", type=Path, help="CSV with the columns id and text")
    themes.add_argument("out", type=Path, help="JSON file to write")
    themes.add_argument("--cache", type=Path, help="directory that keeps vectors between runs")
    themes.set_defaults(command=_themes)
    opinions = kinds.add_parser("opinions", help="find opinion groups and consensus from votes")
    opinions.add_argument("votes", type=Path, help="CSV: participant, statement, vote (1, -1, 0)")
    opinions.add_argument("out", type=Path, help="JSON file to write")
    given = opinions.add_mutually_exclusive_group()
    given.add_argument("--groups", type=int, metavar="K", help="look for this many groups")
    given.add_argument(
        "--given-groups", type=Path, metavar="FILE", help="CSV: participant, group; only count"
    )
    opinions.add_argument("--public", action="store_true", help="no person, no cell under 10")
    opinions.set_defaults(command=_opinions)
    readability = kinds.add_parser("readability", help="how easy German texts are to read")
    readability.add_argument("texts", type=Path, help="CSV with the columns id and text")
    readability.add_argument("out", type=Path, help="JSON file to write")
    readability.set_defaults(command=_readability)
    compare = kinds.add_parser("compare", help="compare two editions word by word")
    compare.add_argument("old", type=Path, help="Markdown")
    compare.add_argument("new", type=Path, help="Markdown")
    compare.add_argument("out", type=Path, help="JSON file to write")
    compare.add_argument("--apply", action="store_true", help="check that the changes give NEW")
    compare.set_defaults(command=_compare)


def _demo(options) -> int:
    from consult.project.demo.run import run_demo

    return run_demo(
        data_dir=_data_dir(),
        port=int(os.environ.get("PORT", "8000")),
        reset=options.reset,
    )


def _data_dir() -> Path:
    return Path(os.environ.get("CONSULT_DATA", BASE_DIR / ".consult")).absolute()


def _serve(options) -> int:
    _use_settings()
    processes = os.environ.get("WEB_CONCURRENCY", "2")
    return _become(
        "gunicorn",
        "consult.project.wsgi",
        "--bind",
        options.bind,
        "--workers",
        processes,
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--max-requests",
        "5000",
    )


def _worker(options) -> int:
    _use_settings()
    if options.schedule == "only":
        return _become("celery", "-A", "workers.app", "beat", "-l", "info", "-s", _schedule_file())
    beat = ["-B", "-s", _schedule_file()] if options.schedule == "with" else []
    return _become("celery", "-A", "workers.app", "worker", "-l", "info", *beat)


def _schedule_file() -> str:
    return os.environ.get("SCHEDULE_FILE", str(BASE_DIR / "var" / "schedule"))


def _become(program: str, *arguments: str) -> int:
    path = Path(sys.executable).with_name(program)
    os.execv(path, [str(path), *arguments])  # noqa: S606 - our own environment's program


def _manage(arguments: list[str]) -> int:
    _use_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["consult manage", *arguments])
    return 0


def _use_settings() -> None:
    """Settings of the installation; without any, those of the demo that is running."""
    from consult.project.demo.commands import use_running_demo

    if "DATABASE_URL" not in os.environ and use_running_demo(_data_dir()):
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.project.settings.production")


def _setup(options) -> int:
    _use_settings()
    import django

    django.setup()
    from consult.project.setup import set_up_site

    home = set_up_site(
        city=options.city,
        office=options.office,
        email=options.email,
        claim="Wie wollen wir zusammenleben? Schreiben Sie mit.",
        lede="Lesen Sie den Entwurf, schreiben Sie, was Sie denken, und stimmen Sie über Ziele ab.",
    )
    print(f"Eingerichtet: {home.title}. Jetzt mit „consult manage createsuperuser“ weiter.")
    print("Das schreiben Sie selbst, im Admin unter der Startseite: Impressum (impressum),")
    print("Datenschutz (datenschutz), Hilfe (hilfe), eine Seite in Gebärdensprache.")
    print("Unter Einstellungen: Stadt und Erklärung zur Barrierefreiheit.")
    return 0


def _import_concept(options) -> int:
    from drafts.concept.importing import ImportRefused, read_concept

    try:
        parsed = read_concept(options.file)
    except ImportRefused as refused:
        return _refuse(str(refused))
    except OSError as problem:
        return _refuse(f"{options.file}: {problem.strerror}.")
    _print_report(parsed)
    if not options.write:
        print("Vorschau, es wurde nichts geschrieben. Mit --write wird das Konzept angelegt.")
        return 0
    return _write_concept(parsed)


def _print_report(parsed) -> None:
    for section in parsed.sections:
        measures = sum(len(goal.measures) for goal in section.goals)
        print(
            f"{section.number or '–':>4}  {section.title} [{section.kind}]: "
            f"{len(section.blocks)} Absätze, {len(section.goals)} Ziele, {measures} Maßnahmen"
        )
    for line in parsed.report.lines:
        print(f"{line.source:>5}  {line.understood:<12} -> {line.target}: {line.excerpt}")
    for defect in parsed.report.defects:
        print(f"{defect.source:>5}  ! {defect.sentence} {defect.excerpt}")


def _write_concept(parsed) -> int:
    _use_settings()
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as problem:
        return _refuse(f"{problem} Zum Ausprobieren starten Sie zuerst die Demo: make demo.")
    from consult.project.setup import import_into_site

    concept = import_into_site(parsed)
    print(f"Angelegt als Entwurf: {concept.title}")
    return 0


def _themes(options) -> int:
    from workers.analysis.commands import BadInput, analyse_themes

    try:
        analyse_themes(options.comments, options.out, cache_dir=options.cache)
    except BadInput as problem:
        return _refuse(str(problem))
    return 0


def _opinions(options) -> int:
    from workers.analysis.commands import BadInput, analyse_opinions

    try:
        analyse_opinions(
            options.votes,
            options.out,
            groups=options.groups,
            given_groups=options.given_groups,
            public=options.public,
        )
    except BadInput as problem:
        return _refuse(str(problem))
    return 0


def _readability(options) -> int:
    from workers.analysis.commands import BadInput, analyse_readability

    try:
        analyse_readability(options.texts, options.out)
    except BadInput as problem:
        return _refuse(str(problem))
    return 0


def _compare(options) -> int:
    from drafts.editions.comparison import BadInput, compare_files

    try:
        same = compare_files(options.old, options.new, options.out, apply=options.apply)
    except BadInput as problem:
        return _refuse(str(problem))
    return 0 if same else 1


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT
