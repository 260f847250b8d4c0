"""What `make check` looks at beside linters: settings, migrations, translations, lock files."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
COLLECT = {"DJANGO_SETTINGS_MODULE": "consult.project.settings.collect"}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "consult.project.settings.production",
    "SECRET_KEY": "x" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    "REDIS_URL": "redis://localhost:6379/0",
    "FIELD_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
    "ALLOWED_HOSTS": "beteiligung.example.org",
}


def run(name: str, arguments: list[str], settings: dict[str, str]) -> bool:
    """Run a management command; print its output where it fails."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", *arguments],
        env={**os.environ, **settings},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{name}: {'ok' if found.returncode == 0 else 'FAILED'}")
    if found.returncode:
        print(found.stdout, found.stderr)
    return found.returncode == 0


def translations_complete() -> bool:
    """Every string of the source has a translation in every catalogue."""
    from consult.project import catalogues

    before = {path: path.read_bytes() for path in catalogues.LOCALE_DIR.glob("*/LC_MESSAGES/*.po")}
    try:
        catalogues.collect()
        missing = catalogues.gaps()
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    print(f"translations: {'ok' if not missing else f'{len(missing)} MISSING'}")
    print(*missing[:30], sep="\n")
    return not missing


def locks_name_no_host() -> bool:
    """No registry address and no path of a machine in any lock file."""
    wrong = [
        path.name
        for path in (BASE_DIR / "requirements").glob("*.lock")
        if re.search(r"https?://|index-url|find-links|file:", path.read_text())
    ]
    print(f"lock files: {wrong or 'ok'}")
    return not wrong


def compose_parses() -> bool:
    """docker-compose.yml is valid YAML and its services use our commands."""
    import yaml

    services = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())["services"]
    wanted = {"postgres", "valkey", "web", "worker", "beat", "nginx"}
    ours = [services[name]["command"] for name in ("web", "worker", "beat")]
    right = wanted <= set(services) and all(command[0] == "consult" for command in ours)
    print(f"docker-compose.yml: {'ok' if right else 'WRONG'}")
    return right


def main() -> int:
    """Run all checks, return 1 if one fails."""
    os.environ.update({key: os.environ.get(key, value) for key, value in COLLECT.items()})
    with tempfile.TemporaryDirectory() as scratch:
        deploy = {**PRODUCTION, "BALLOT_KEY_DIR": scratch}
        results = [
            run("system check", ["check", "--fail-level", "WARNING"], {**deploy, **COLLECT}),
            run("check --deploy", ["check", "--deploy", "--fail-level", "WARNING"], deploy),
            migrations_complete(),
            translations_complete(),
            locks_name_no_host(),
            compose_parses(),
        ]
    return 0 if all(results) else 1


def migrations_complete() -> bool:
    """Models and migrations agree. Needs no database."""
    return run("migrations", ["makemigrations", "--check", "--dry-run"], {**PRODUCTION, **COLLECT})


if __name__ == "__main__":
    sys.exit(main())
