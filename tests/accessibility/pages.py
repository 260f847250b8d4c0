"""Every kind of public page of the demo city, by name."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
from django.core import signing
from django.utils.translation import gettext
from playwright.sync_api import Page

from consult.following.services.links import _MANAGE, _STOP
from consult.participants.encryption import decrypt

RESIDENT = ("anna@lindenau.example", "lindenau-demo")
MEMBER = ("rat@lindenau.example", "lindenau-demo")
SECTION = "schutz-vor-diskriminierung"
GOAL = "ziel-9-1"

# Addresses below the language. What stands in braces is looked up in the city (`places_of`).
FOR_EVERYBODY = {
    "home": "",
    "contents": "konzept/fassung-{edition}/",
    "files of an edition": "konzept/fassung-{edition}/dokumente/",
    "section, open round": f"konzept/fassung-{{edition}}/{SECTION}/",
    "section, discussion of one paragraph": f"konzept/fassung-{{edition}}/{SECTION}/?stelle={{goal}}",
    "section, closed round": f"konzept/fassung-1/{SECTION}/",
    "section in Arabic": "/ar/konzept/fassung-{edition}/sprache-und-verstaendigung/",
    "section in Arabic, partly German": (
        "/ar/konzept/fassung-{edition}/unser-verstaendnis-von-integration/"
    ),
    "section in easy German": "/de-x-ls/konzept/fassung-{edition}/sprache-und-verstaendigung/",
    "goal in Ukrainian": "/uk/konzept/fassung-{edition}/ziel/ziel-3-1/",
    "goal with results": f"konzept/fassung-1/ziel/{GOAL}/",
    "goal, open": f"konzept/fassung-{{edition}}/ziel/{GOAL}/",
    "print view": "konzept/fassung-{edition}/drucken/",
    "comment form of a guest": f"mitreden/fassung-{{edition}}/{SECTION}/?stelle={{goal}}",
    "reply form": "mitreden/fassung-{edition}/{reply_section}/?antwort={reply_to}",
    "suggestion form of a guest": "vorschlagen/fassung-{edition}/{suggested_section}/?stelle={suggested_place}",
    "suggestion form, striking": "vorschlagen/fassung-{edition}/{suggested_section}/?stelle={suggested_place}&was=streichen",
    "suggestions of a section": "vorschlaege/fassung-{edition}/{suggested_section}/",
    "suggestions of a closed round": f"vorschlaege/fassung-1/{SECTION}/",
    "suggesting is over": "vorschlagen/fassung-1/{suggested_section}/?stelle={suggested_place}",
    "suggestion, open": "beitrag/{suggested}/",
    "suggestion, decided": "beitrag/{suggestion_decided}/",
    "supporting without an account": "unterstuetzen/{suggested}/",
    "section with suggestions": "konzept/fassung-{edition}/{suggested_section}/",
    "writing is over": "mitreden/fassung-1/wohnen/",
    "mail sent": f"mitreden/fassung-{{edition}}/{SECTION}/?gesendet=1",
    "voting without an account": f"abstimmen/fassung-{{edition}}/{GOAL}/",
    "voting is over": f"abstimmen/fassung-1/{GOAL}/",
    "confirmation": "bestaetigen/{token}/",
    "link that does not hold": "bestaetigen/{used_token}/",
    "report": "melden/{published}/",
    "report received": "melden/{published}/?gemeldet=1",
    "contribution": "beitrag/{answered}/",
    "contribution, hidden": "beitrag/{hidden}/",
    "contribution, withdrawn": "beitrag/{withdrawn}/",
    "receipt": "beleg/{receipt}/",
    "receipt of a hidden contribution": "beleg/{hidden_receipt}/",
    "receipt of a held contribution": "beleg/{held_receipt}/",
    "code of a card": "beleg/",
    "statement form": "stellungnahme/",
    "statement, mail sent": "stellungnahme/?gesendet=1",
    "statement": "stellungnahme/{open_round}-S01/",
    "complaint": "beleg/{hidden_receipt}/beschwerde/{hiding}/",
    "finding a contribution": "meine-beitraege/",
    "finding nothing": "meine-beitraege/?beleg=gibt-es-nicht",
    "login": "konto/login/",
    "signup": "konto/signup/",
    "password reset": "konto/password/reset/",
    "themes": "themen/{answered_round}/",
    "themes, before closing": "themen/{open_round}/",
    "theme": "themen/{answered_round}/{theme}/",
    "synopsis": "themen/{answered_round}/synopse/",
    "synopsis, nothing fits": "themen/{answered_round}/synopse/?ueberfaellig=1",
    "theme, single voice": "themen/{answered_round}/{single_voice}/",
    "theme, merged": "themen/{answered_round}/{merged_theme}/",
    "editions": "fassungen/",
    "comparison": "fassungen/{edition}/aenderungen/",
    "no comparison": "fassungen/1/aenderungen/",
    "editions beside each other": "fassungen/1/vergleich/{edition}/",
    "editions in one text": "fassungen/1/vergleich/{edition}/?ansicht=im-text",
    "editions that cannot be compared": "fassungen/vergleich/?von=1&nach=1",
    "papers": "rat/",
    "dates": "termine/",
    "paper": "rat/{paper}/",
    "meeting": "rat/sitzungen/{meeting}/",
    "search": "suche/",
    "search with results": "suche/?q=Sprache",
    "search in contributions": "suche/?q=Sprache&in=beitraege",
    "search without results": "suche/?q=Xylophonkonzert",
    "round in pictures": "themen/{answered_round}/bilder/",
    "contribution to be erased": "beleg/{guest_receipt}/loeschen/",
    "account erased": "konto-geloescht/",
    "info page": "so-funktioniert-es/",
    "accessibility statement": "barrierefreiheit/",
    "reporting a barrier": "barriere-melden/",
    "sign language": "gebaerdensprache/",
    "first steps, topics": "mitmachen/",
    "first steps, words": f"mitmachen/{SECTION}/",
    "understood": "beleg/{receipt}/anliegen-fehlt/",
    "news": "neuigkeiten/",
    "piece of news": "alle-themen-beantwortet/",
    "following a section as a guest": "verfolgen/section/{section_wid}/",
    "following, mail sent": "verfolgen/section/{section_wid}/?gesendet=1",
    "everything that a guest follows": "verfolgen/gast/{guest_follower}/",
    "mails stopped by a link": "abbestellen/{stop}/",
    "not found": "gibt-es-nicht/",
}
FOR_RESIDENTS = {
    "section, logged in": f"konzept/fassung-{{edition}}/{SECTION}/",
    "comment form": f"mitreden/fassung-{{edition}}/{SECTION}/?stelle={{goal}}",
    "suggestion form": "vorschlagen/fassung-{edition}/{suggested_section}/?stelle={suggested_place}",
    "section with suggestions, logged in": "konzept/fassung-{edition}/{suggested_section}/",
    "voting": f"abstimmen/fassung-{{edition}}/{GOAL}/",
    "my contributions": "meine-beitraege/",
    "account": "mein-konto/",
    "what I follow": "mein-konto/verfolgt/",
    "following a goal": "verfolgen/goal/{goal}/",
    "own place on the map": "themen/{answered_round}/bilder/meine-stelle/",
    "own data, password asked": "mein-konto/daten/",
    "erasing the account": "mein-konto/loeschen/",
    "password change": "konto/password/change/",
    "addresses": "konto/email/",
    "second factor": "konto/2fa/",
    "logout": "konto/logout/",
    "forbidden": "/admin/",
}


FOR_MEMBERS = {
    "paper, member of the council": "rat/{paper}/",
    "draft of a paper": "rat/{draft}/",
    "question to the office": "rat/{paper}/frage/?stelle=kosten",
}


def _send(button: str) -> Callable[[Page], None]:
    """Press a button by its German name, in whatever language the page is."""

    def send(page: Page) -> None:
        name = gettext(button)
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    return send


def write(page: Page) -> None:
    """Write and send a contribution."""
    page.get_by_role("radio", name=gettext("Idee")).check()
    page.get_by_label(gettext("Ihr Beitrag"), exact=True).fill(
        "Es fehlt ein Büro außerhalb vom Rathaus."
    )
    _send("Beitrag abgeben")(page)


def compare(page: Page) -> None:
    """Change the wording and look at the difference before it is sent."""
    page.get_by_label(gettext("So soll die Stelle lauten")).fill("Etwas ganz anderes.")
    _send("Unterschied ansehen")(page)


def write_as_guest(page: Page) -> None:
    """Write and send a contribution without an account."""
    page.get_by_label(gettext("Ihre E-Mail-Adresse")).fill("gast@example.org")
    write(page)


@dataclass(frozen=True)
class Deed:
    """A page that appears after a deed on another one."""

    page: str
    do: Callable[[Page], None]


def reauthenticate(page: Page) -> None:
    """Give the password once more where it is asked for."""
    if "reauthenticate" in page.url:
        page.locator("main input[type=password]").fill(RESIDENT[1])
        _send("Bestätigen")(page)


def erase_without_a_choice(page: Page) -> None:
    """Ask for the account's erasure and forget to choose."""
    reauthenticate(page)
    _send("Konto endgültig löschen")(page)


def choose_and_write(page: Page) -> None:
    """Write the words of a first contribution."""
    page.get_by_role("radio", name=gettext("Idee")).check()
    page.get_by_label(gettext("Ihr Beitrag"), exact=True).fill(
        "Es fehlt ein Büro außerhalb vom Rathaus."
    )
    _send("Weiter")(page)


def write_nothing(page: Page) -> None:
    """Go on without a word, also where the words of another visit stand in the field again."""
    page.get_by_label(gettext("Ihr Beitrag"), exact=True).fill("")
    _send("Weiter")(page)


def tell_of_a_barrier(page: Page) -> None:
    """Report a barrier."""
    label = gettext("Was geht nicht? Oder was brauchen Sie in anderer Form?")
    page.get_by_label(label).fill("Die Karte wird nicht vorgelesen.")
    _send("Meldung absenden")(page)


AFTER_A_DEED = {
    "first steps, errors": Deed("first steps, words", write_nothing),
    "first steps, sending": Deed("first steps, words", choose_and_write),
    "barrier with errors": Deed("reporting a barrier", _send("Meldung absenden")),
    "barrier reported": Deed("reporting a barrier", tell_of_a_barrier),
    "comment form with errors": Deed("comment form of a guest", _send("Beitrag abgeben")),
    "suggestion compared": Deed("suggestion form", compare),
    "suggestion form with errors": Deed("suggestion form of a guest", _send("Vorschlag abgeben")),
    "report with errors": Deed("report", _send("Meldung absenden")),
    "complaint with errors": Deed("complaint", _send("Beschwerde absenden")),
    "login with errors": Deed("login", _send("Anmelden")),
    "signup with errors": Deed("signup", _send("Konto anlegen")),
    "receipt with message": Deed("comment form", write),
    "own data": Deed("own data, password asked", reauthenticate),
    "following with errors": Deed("following a section as a guest", _send("Verfolgen")),
    "account to be erased": Deed("erasing the account", reauthenticate),
    "question with errors": Deed("question to the office", _send("Frage abschicken")),
    "account to be erased with errors": Deed("erasing the account", erase_without_a_choice),
}
# Pages that are there to say why not; all others are answered with 200.
STATUS = {
    "writing is over": 409,
    "suggesting is over": 409,
    "suggestion form with errors": 422,
    "voting is over": 200,
    "link that does not hold": 410,
    "not found": 404,
    "forbidden": 403,
    "comment form with errors": 422,
    "report with errors": 422,
    "following with errors": 422,
    "first steps, errors": 422,
    "barrier with errors": 422,
    "account to be erased with errors": 422,
    "question with errors": 422,
    "editions that cannot be compared": 422,
}
NAMES = [*FOR_EVERYBODY, *FOR_RESIDENTS, *FOR_MEMBERS, *AFTER_A_DEED]

SUGGESTED = """
        FROM contributions_contribution c JOIN rounds_consultationround r
        ON c.round_id = r.id JOIN contributions_suggestion g ON g.contribution_id = c.id
        JOIN editions_editionsection s ON s.edition_id = c.edition_id AND s.wid = c.section_wid
        WHERE c.status = 'published' AND r.status = 'open' ORDER BY c.id LIMIT 1"""
LOOKED_UP = {
    "edition": "SELECT max(number) FROM editions_edition",
    "goal": "SELECT wid FROM editions_editiongoal WHERE number = '9.1' LIMIT 1",
    "section_wid": "SELECT wid FROM editions_editionsection WHERE number = '9' LIMIT 1",
    "open_round": "SELECT ref FROM rounds_consultationround WHERE status = 'open'",
    "answered_round": "SELECT ref FROM rounds_consultationround WHERE status = 'answered'",
    "answered": """
        SELECT ref FROM contributions_contribution c JOIN evaluation_assignment a
        ON a.contribution_id = c.id JOIN evaluation_changecause e ON e.response_id = (
        SELECT id FROM evaluation_response r WHERE r.theme_id = a.theme_id)
        WHERE c.status = 'published' AND a.is_current ORDER BY c.id LIMIT 1""",
    "published": """
        SELECT c.ref FROM contributions_contribution c JOIN rounds_consultationround r
        ON c.round_id = r.id WHERE c.status = 'published' AND r.status = 'open'
        ORDER BY c.id LIMIT 1""",
    "reply_to": """
        SELECT c.ref FROM contributions_contribution c JOIN rounds_consultationround r
        ON c.round_id = r.id WHERE c.status = 'published' AND r.status = 'open'
        ORDER BY c.id LIMIT 1""",
    "reply_section": """
        SELECT s.slug FROM contributions_contribution c JOIN rounds_consultationround r
        ON c.round_id = r.id JOIN editions_editionsection s
        ON s.edition_id = c.edition_id AND s.wid = c.section_wid
        WHERE c.status = 'published' AND r.status = 'open' ORDER BY c.id LIMIT 1""",
    "suggested": f"SELECT c.ref {SUGGESTED}",
    "suggested_place": f"SELECT c.target_wid {SUGGESTED}",
    "suggested_section": f"SELECT s.slug {SUGGESTED}",
    "suggestion_decided": """
        SELECT c.ref FROM contributions_contribution c JOIN contributions_suggestion g
        ON g.contribution_id = c.id JOIN contributions_suggestionbundle b ON b.id = g.bundle_id
        WHERE c.status = 'published' AND b.status = 'adopted_amended' ORDER BY c.id LIMIT 1""",
    "hidden": "SELECT ref FROM contributions_contribution WHERE status = 'hidden' LIMIT 1",
    "withdrawn": "SELECT ref FROM contributions_contribution WHERE status = 'withdrawn' LIMIT 1",
    "hiding": """
        SELECT d.id FROM contributions_moderationdecision d JOIN contributions_contribution c
        ON d.contribution_id = c.id WHERE c.status = 'hidden' LIMIT 1""",
    "theme": """
        SELECT number FROM evaluation_theme WHERE kind = 'theme' AND status = 'confirmed'
        ORDER BY number LIMIT 1""",
    "single_voice": """
        SELECT number FROM evaluation_theme WHERE kind = 'single_voice' AND status = 'confirmed'
        ORDER BY number LIMIT 1""",
    "merged_theme": "SELECT number FROM evaluation_theme WHERE status = 'merged' LIMIT 1",
    "paper": "SELECT id FROM council_paper WHERE status = 'submitted'",
    "draft": "SELECT id FROM council_paper WHERE status = 'preparing'",
    "meeting": (
        "SELECT s.meeting_id FROM council_routestep s JOIN council_paper p ON p.id = s.paper_id "
        "WHERE p.status = 'submitted' AND s.publicity = 'public' ORDER BY s.position DESC LIMIT 1"
    ),
}
# Mails that nobody has sent yet carry the keys of receipts and the tokens of guests.
MAILS = """
    SELECT context FROM participants_notice WHERE template = %s AND status = 'queued'
    ORDER BY id"""
REFS_OF_GUESTS = """
    SELECT ref FROM contributions_contribution c JOIN contributions_guestcontact g
    ON g.contribution_id = c.id WHERE c.status = 'published'"""
GUEST_FOLLOWER = "SELECT id FROM following_follower WHERE user_id IS NULL LIMIT 1"
STATUS_OF_REF = "SELECT status FROM contributions_contribution WHERE ref = %s"


def places_of(city: str) -> dict[str, str]:
    """Look up what the addresses need: numbers, references, keys."""
    with psycopg.connect(city) as database:
        return dict(_look_up(database))


def _look_up(database: psycopg.Connection) -> Iterator[tuple[str, str]]:
    for name, query in LOOKED_UP.items():
        yield name, str(_one(database, query))
    follower = int(str(_one(database, GUEST_FOLLOWER)))
    yield "guest_follower", signing.dumps(follower, salt=_MANAGE)
    yield "stop", signing.dumps([follower, "", "", "daily"], salt=_STOP, compress=True)
    yield "used_token", _mails(database, "confirm_contribution")[0]["token"]
    receipts = {
        _one(database, STATUS_OF_REF, said["ref"]): said["key"]
        for said in reversed(_mails(database, "receipt"))
    }
    yield "receipt", receipts["published"]
    yield "guest_receipt", _guest_receipt(database)
    yield "hidden_receipt", receipts["hidden"]
    yield "held_receipt", receipts["held"]


def _guest_receipt(database: psycopg.Connection) -> str:
    guests = {row[0] for row in database.execute(REFS_OF_GUESTS)}
    return next(said["key"] for said in _mails(database, "receipt") if said["ref"] in guests)


def unused_token(database: psycopg.Connection) -> str:
    """The token of the latest text that nobody has confirmed."""
    return _mails(database, "confirm_contribution")[-1]["token"]


def _mails(database: psycopg.Connection, template: str) -> list[dict[str, str]]:
    return [json.loads(decrypt(row[0])) for row in database.execute(MAILS, (template,))]


def _one(database: psycopg.Connection, query: str, *values: str) -> object:
    row = database.execute(query, values or None).fetchone()
    if row is None:
        raise LookupError(f"the demo city has nothing for: {query} {values}")
    return row[0]
