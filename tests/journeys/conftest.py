"""A town whose people meet on a running site."""

import pytest
from django.utils import timezone

from consult.project.demo.people import create_logins
from consult.project.setup import set_up_site
from tests.serving import Site


@pytest.fixture
def town(site: Site, settings) -> Site:
    """A site with its offices and staff, before the first text."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    set_up_site(
        city="Stadt Musterstadt",
        office="Koordinierungsstelle Integration",
        email="beteiligung@musterstadt.example",
        claim="Wie wollen wir zusammenleben?",
        lede="Lesen Sie den Entwurf und schreiben Sie mit.",
    )
    create_logins(timezone.now())
    return site
