"""What the proxy before the application gives out and what it writes down."""

import re

import pytest

from consult.project.settings.base import BASE_DIR

CONF = (BASE_DIR / "deploy" / "nginx.conf").read_text()


@pytest.mark.parametrize(
    ("address", "is_given"),
    [
        ("/media/frozen/0a1b.png", True),
        ("/media/images/rathaus.width-800.jpg", True),
        ("/media/documents/intern.pdf", False),
        ("/media/original_images/rathaus.jpg", False),
        ("/media/frozen/../documents/intern.pdf", False),
    ],
)
def test_pictures_are_given_out_and_documents_are_not(address, is_given):
    location = re.search(r"location ~ (\S+) \{\s+root /;", CONF)[1]
    assert bool(re.search(location, address)) == is_given


@pytest.mark.parametrize(
    "address",
    [
        "/de/beleg/GEHEIM/", "/de/bestaetigen/GEHEIM/", "/de/melden/entscheidung/GEHEIM/",
        "/de/konto/confirm-email/GEHEIM/", "/de/konto/password/reset/key/GEHEIM/",
    ],
)  # fmt: skip
def test_keys_in_addresses_are_not_logged(address):
    shown = re.search(r"~(\^\(\?<before>\S+) \$before-\$after;", CONF)[1]
    match = re.match(shown.replace("(?<", "(?P<"), address)
    assert "GEHEIM" not in match["before"] + match["after"]


def test_no_file_with_secrets_enters_the_image():
    assert ".env" in (BASE_DIR / ".dockerignore").read_text().split()
    assert ".env" in (BASE_DIR / ".gitignore").read_text().split()
