"""Speed of pages and deeds against a baseline in the same process, database and middleware.

The baseline view uses the site's base template and one query, and loops over 50 rows that give
30 KB. Ratios compare medians of repeated requests through Django's test client.
"""

import gc
import os
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import path
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.project import urls as project_urls
from consult.project.embedded.postgres import create_database, drop_database
from consult.rounds.models import ConsultationRound
from tests.conftest import _build_template, _turn_to
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
)
from tests.services import template_name

COMMENTS = 1_000
ROWS = 50
REPEATS = 30

BASELINE = """{% extends "base.html" %}{% block content %}<div class="wrap">
{% for row in rows %}<article class="post"><h3>{{ row.ref }}</h3><p>{{ row.text }}</p></article>
{% endfor %}</div>{% endblock %}"""


def baseline(request) -> HttpResponse:
    """One query, 50 rows, 30 KB, the site's frame around it."""
    rows = Contribution.objects.order_by("pk").values("ref")[:ROWS]
    filled = [{"ref": row["ref"], "text": "Zusammen leben. " * 36} for row in rows]
    template = engines["django"].from_string(BASELINE)
    return HttpResponse(template.render({"rows": filled}, request))


def trivial(request) -> HttpResponse:
    """Nothing but the middleware; not shared, so that it is computed each time."""
    return HttpResponse("ok", headers={"Cache-Control": "no-cache"})


def run() -> None:
    """Build a section with 1,000 comments in a database of its own and measure."""
    setup_test_environment()
    server = os.environ["DATABASE_URL"]
    name = f"bench_{uuid.uuid4().hex[:8]}"
    _build_template(server)
    _turn_to(create_database(server, name, template_name()))
    project_urls.urlpatterns[:0] = [path("bench/", baseline), path("trivial/", trivial)]
    try:
        _measure()
    finally:
        connection.close()
        drop_database(server, name)


def _measure() -> None:
    now = timezone.now()
    round_, section = _city(now)
    visitor, member = Client(), _logged_in(make_resident("Bench"))
    url = f"/de/konzept/fassung-{round_.edition.number}/{section.slug}/"
    goal = section.goals.first()
    settings.SHARED_PAGE_SECONDS = 0
    base = _median(lambda: visitor.get("/bench/"))
    page = _median(lambda: visitor.get(url))
    logged_in = _median(lambda: member.get(url))
    # Nobody may write that fast, so each comment comes from somebody else.
    writers = iter([_logged_in(make_resident()) for _writer in range(REPEATS + 5)])
    comment = _median(lambda: _comment(next(writers), round_, section))
    vote = _median(lambda: _vote(member, round_, goal))
    queries = {
        "section": _queries(lambda: visitor.get(url)),
        "member": _queries(lambda: member.get(url)),
        "comment": _queries(lambda: _comment(next(writers), round_, section)),
        "vote": _queries(lambda: _vote(member, round_, goal)),
    }
    cache.clear()
    settings.SHARED_PAGE_SECONDS = 600
    visitor.get(url)
    shared = _median(lambda: visitor.get(url), 300)
    nothing = _median(lambda: visitor.get("/trivial/"), 300)
    size = len(visitor.get("/bench/").content)
    print(f"\nSection with {COMMENTS:,} comments; baseline {base * 1000:.1f} ms, {size:,} bytes")
    print(f"{'what':<44}{'ratio':>10}{'bar':>12}{'queries':>9}{'bar':>6}")
    rows = [
        ("section page, anonymous, uncached", page / base, "<= 4", queries["section"], "20"),
        ("section page, logged in", logged_in / base, "", queries["member"], "20"),
        ("comment submitted", comment / base, "<= 10", queries["comment"], "15"),
        ("vote cast", vote / base, "", queries["vote"], "8"),
        ("shared page: rate of a trivial view", nothing / shared, ">= 0.8", 0, ""),
    ]
    for what, ratio, bar, number, most in rows:
        print(f"{what:<44}{ratio:>10.2f}{bar:>12}{number:>9}{most:>6}")


def _city(now):
    edition = make_edition(make_concept(sections=3, goals=3), at=now - timedelta(days=1))
    round_ = make_open_round(at=now - timedelta(minutes=5), edition=edition)
    section = edition.sections.order_by("position").first()
    people = [make_resident(f"Person {number}") for number in range(40)]
    roots = []
    for number in range(COMMENTS):
        reply = number % 10 >= 4 and roots
        made = make_contribution(
            round_,
            at=now,
            text=f"Beitrag {number}: Es braucht mehr Zeit und mehr Plätze, auch am Abend. " * 3,
            participant=people[number % 40],
            reply_to=roots[number % len(roots)] if reply else None,
        )
        if not reply:
            roots.append(made)
    return ConsultationRound.objects.select_related("edition").get(pk=round_.pk), section


def _logged_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _comment(client: Client, round_, section) -> HttpResponse:
    address = f"/de/mitreden/fassung-{round_.edition.number}/{section.slug}/"
    data = {"text": f"Das fehlt noch: {uuid.uuid4()}", "stance": "idea"}
    return _accepted(client.post(address, data))


def _vote(client: Client, round_, goal) -> HttpResponse:
    address = f"/de/abstimmen/fassung-{round_.edition.number}/{goal.slug}/"
    return _accepted(client.post(address, {"choice": "agree"}))


def _accepted(response: HttpResponse) -> HttpResponse:
    if response.status_code != 302:
        raise RuntimeError(f"not accepted: {response.status_code} {response.content[:2000]!r}")
    return response


def _median(request: Callable[[], HttpResponse], repeats: int = REPEATS) -> float:
    for _warm_up in range(3):
        request()
    times = []
    gc.disable()
    for _repeat in range(repeats):
        start = time.perf_counter()
        request()
        times.append(time.perf_counter() - start)
    gc.enable()
    return statistics.median(times)


def _queries(request: Callable[[], HttpResponse]) -> int:
    with CaptureQueriesContext(connection) as captured:
        request()
    if os.environ.get("SHOW_QUERIES"):
        print(*(query["sql"][:160] for query in captured), sep="\n", end="\n\n")
    return len(captured)
