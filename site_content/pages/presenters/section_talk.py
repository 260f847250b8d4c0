"""What was said in a section: filters, pages and the contributions themselves."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.contributions.selectors import Order, Posts, Talk, Wanted, held_texts_of, posts_of
from consult.contributions.services.commenting import DEEPEST_REPLY
from consult.contributions.states import Channel, Kind, Rule, Stance, Visibility
from drafts.concept.snapshots import Data
from site_content.pages.frame import moment
from site_content.pages.presenters.discussion import Participation
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.quoting import quoted
from site_content.pages.presenters.wordings import shown_wording

UNKNOWN_LANGUAGE = "und"


def blocks_with_talk(
    blocks: list[Data], talk: Talk, taking_part: Participation, slug: str
) -> list[Data]:
    """Add to each numbered block how many wrote about it, and the way to write."""
    if taking_part.round_ is None:
        return blocks
    return [
        {**block, "talk": _talk(block, talk, taking_part, slug)} if "no" in block else block
        for block in blocks
    ]


def _talk(block: Data, talk: Talk, taking_part: Participation, slug: str) -> Data:
    number = talk.by_target[block["wid"]]
    name = _("Absatz {no}").format(no=block["no"])
    if number:
        label = contributions_counted(number)
    elif taking_part.is_open:
        label = _("Schreiben")
    else:
        return {}
    return {
        "url": taking_part.comment_url(slug, stelle=block["wid"])
        if taking_part.is_open
        else f"?{urlencode({'stelle': block['wid']})}#diskussion",
        "label": label,
        "about": _("{label} zu {place}").format(label=label, place=name),
        "icon": "talk" if number else "pen",
    }


def contributions_counted(number: int) -> str:
    """A number of contributions in words."""
    return ngettext("{n} Beitrag", "{n} Beiträge", number).format(n=number)


def wanted_from(query: QueryDict) -> Wanted:
    """Read the filter of an address; what it does not know counts as not chosen."""
    page = query.get("seite", "")
    order = query.get("folge", "")
    return Wanted(
        place=query.get("stelle", "").replace("\x00", ""),
        stance=query.get("art", "") if query.get("art") in Stance else "",
        order=Order(order) if order in Order else Order.RANDOM,
        page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10_000 else 1,
        thread=query.get("antworten", "").replace("\x00", ""),
    )


def talk_of_section(
    request: HttpRequest, section: Data, taking_part: Participation, talk: Talk, slug: str
) -> Data:
    """Everything the discussion part of a section page shows, in one query more."""
    wanted = wanted_from(request.GET)
    places = place_names(section)
    found = posts_of(
        talk,
        wanted=wanted,
        places=list(places),
        day=timezone.localdate(taking_part.at),
        language=get_language(),
    )
    return {
        "sums": _sums(talk) if talk.entries else "",
        "random": wanted.order == Order.RANDOM and len(talk.published) > 1,
        "filter": _filter(wanted, places) if talk.entries else [],
        "is_filtered": bool(wanted.place or wanted.stance or wanted.thread),
        "posts": _posts(found, wanted, _Wording(places, taking_part, slug)),
        "pager": _pager(wanted, found),
        "own_held": own_held(section, taking_part),
        "all_url": "?#diskussion",
        "thread": wanted.thread,
    }


def place_names(section: Data) -> dict[str, str]:
    """What each place of a section is called, in reading order."""
    names = {section["wid"]: _("Ganzer Abschnitt")}
    for block in section["text"]["blocks"]:
        if "no" in block:
            names[block["wid"]] = _("Absatz {no}").format(no=block["no"])
    for goal in section["goals"]:
        names[goal["wid"]] = _("Ziel {number}").format(number=goal["number"])
    return names


def own_held(section: Data, taking_part: Participation) -> list[Data]:
    """A person's own texts that a moderator reads first, with the time of the decision."""
    if not taking_part.signed_in:
        return []
    held = held_texts_of(taking_part.user, taking_part.edition, section["wid"])
    return [
        {
            "ref": row.ref,
            "text": row.comment_row.comment,
            "language": row.language,
            "decide_by": moment(row.decide_by) if row.decide_by else "",
        }
        for row in held
    ]


def _sums(talk: Talk) -> str:
    counted = contributions_counted(len(talk.published))
    if not talk.offline:
        return counted
    return _("{all}, davon {offline} bei Treffen, per Brief oder mit Hilfe geschrieben").format(
        all=counted, offline=talk.offline
    )


def _filter(wanted: Wanted, places: dict[str, str]) -> list[Data]:
    any_place, *others = places.items()
    return [
        {
            "name": "stelle",
            "label": _("Stelle"),
            "options": _options([("", _("Alle Stellen")), any_place, *others], wanted.place),
        },
        {
            "name": "art",
            "label": _("Art"),
            "options": _options([("", _("Alle Arten")), *Stance.choices], wanted.stance),
        },
        {
            "name": "folge",
            "label": _("Reihenfolge"),
            "options": _options(Order.choices, wanted.order),
        },
    ]


def _options(choices: Iterable[tuple[str, Any]], chosen: str) -> list[Data]:
    return [{"value": value, "label": label, "on": value == chosen} for value, label in choices]


def _pager(wanted: Wanted, found: Posts) -> Data:
    pages = [
        {"url": _page_url(wanted, number), "number": number, "current": number == wanted.page}
        for number in _near(wanted.page, found.pages)
    ]
    following = wanted.page + 1
    return {
        "pages": pages if found.pages > 1 else [],
        "next": _page_url(wanted, following) if following <= found.pages else "",
    }


def _near(page: int, last: int) -> list[int]:
    return sorted({1, last} | {at for at in range(page - 2, page + 3) if 1 <= at <= last})


def _page_url(wanted: Wanted, page: int) -> str:
    query = {
        "stelle": wanted.place,
        "art": wanted.stance,
        "folge": "" if wanted.order == Order.RANDOM else wanted.order.value,
        "antworten": wanted.thread,
        "seite": page if page > 1 else "",
    }
    return f"?{urlencode({name: value for name, value in query.items() if value})}#diskussion"


class _Wording:
    """Words and addresses that all posts of a page share, looked up once."""

    def __init__(self, places: dict[str, str], taking_part: Participation, slug: str):
        self.places = places
        self.stances = {stance.value: str(stance.label) for stance in Stance}
        self.kinds = {kind.value: str(kind.label) for kind in Kind}
        self.organisation = _("Stellungnahme: {name}")
        self.channels = {channel.value: str(channel.label) for channel in Channel}
        self.nobody = _("Teilnehmende Person")
        self.about_part = _("Zu {place}:")
        self.about_whole = _("Zum ganzen Abschnitt")
        self.thread_name = _("{stance}, Beitrag {ref}")
        self.reply_name = _("{stance}, Antwort {ref}")
        self.trail = reverse("contribution", args=["-"]).removesuffix("-/")
        self.report = reverse("report", args=["-"]).removesuffix("-/")
        self.reply = taking_part.comment_url(slug, antwort="-").removesuffix("-")
        self.is_open = taking_part.is_open
        self.language = get_language()
        self.days: dict[date, str] = {}
        self.wordings: dict[tuple[str, str, str], str] = {}

    def day(self, at: datetime) -> str:
        on = timezone.localdate(at)
        if on not in self.days:
            self.days[on] = day(on)
        return self.days[on]

    def proposed(self, row: Data) -> str:
        """The markup of the other wording that a post proposes; equal ones are compared once."""
        if not row["wording"]:
            return ""
        if row["wording"] not in self.wordings:
            shown = {"wording": shown_wording(*row["wording"])}
            self.wordings[row["wording"]] = render_to_string("contributions/_wording.html", shown)
        return self.wordings[row["wording"]]

    def who(self, row: Data) -> str:
        if row["kind"] == Kind.STATEMENT and row["name"]:
            return self.organisation.format(name=row["name"])
        return row["name"] or self.nobody

    def place(self, row: Data) -> str:
        if row["depth"]:
            return ""
        name = self.places.get(row["target_wid"], "")
        if not row["quote"] or not name:
            return self.about_whole
        return self.about_part.format(place=name)

    def quote(self, row: Data) -> dict[str, str]:
        """The quoted words, and their language where it is another than the page's."""
        if row["depth"] or not row["quote"] or row["target_wid"] not in self.places:
            return {}
        foreign = row["quote_language"] != self.language
        return {
            "quote": f"„{quoted(row['quote'])}“",
            "quote_language": row["quote_language"] if foreign else "",
        }


def _posts(found: Posts, wanted: Wanted, wording: _Wording) -> list[Data]:
    following_page = wanted.page + 1 if wanted.thread else 2
    markup = _Markup()
    posts, thread, former = [], "", 0
    for row, after in zip_longest(found.posts, found.posts[1:], fillvalue={"depth": 0}):
        depth, following = row["depth"], after["depth"]
        thread = row["ref"] if depth == 0 else thread
        post = {
            "html": markup.of(_post(row, wording)),
            "opens": depth > former,
            "closes": range(depth - following),
        }
        if following == 0 and thread in found.more:
            post["more_url"] = _page_url(Wanted(thread=thread), following_page)
            post["more"] = more_answers(found.more[thread], thread)
        posts.append(post)
        former = depth
    return posts


class _Markup:
    """Turns posts into markup with the template contributions/_post.html.

    A page can hold a thousand posts, and the template engine takes five times as long for one as
    for filling a format string. So the template is rendered once for each shape of post, with
    placeholders as values, and then filled with the escaped words.
    """

    def __init__(self) -> None:
        self.patterns: dict[tuple[str, ...], str] = {}

    def of(self, post: dict[str, str]) -> SafeString:
        """The markup of one post; values that are "" are treated by the template as absent."""
        shape = tuple(name for name, value in post.items() if value)
        if shape not in self.patterns:
            blanks = {name: f"{{{name}}}" for name in shape}
            self.patterns[shape] = render_to_string("contributions/_post.html", {"post": blanks})
        return SafeString(
            self.patterns[shape].format_map(
                {name: conditional_escape(post[name]) for name in shape}
            )
        )


def more_answers(number: int, ref: str) -> str:
    """The link to the answers that are not on the page."""
    return ngettext(
        "Weitere {n} Antwort zu {ref}", "Weitere {n} Antworten zu {ref}", number
    ).format(n=number, ref=ref)


def _post(row: Data, wording: _Wording) -> dict[str, str]:
    if row["status"] != Visibility.PUBLISHED:
        stub = _stub(row, wording)
        return {"ref": row["ref"], "name": _("Beitrag {ref}").format(ref=row["ref"]), "stub": stub}
    stance = wording.stances.get(row["stance"]) or wording.kinds[row["kind"]]
    key = quote(row["ref"])
    name = wording.reply_name if row["depth"] else wording.thread_name
    foreign = row["language"] not in {wording.language, UNKNOWN_LANGUAGE}
    online = row["channel"] == Channel.ONLINE
    can_reply = wording.is_open and row["depth"] < DEEPEST_REPLY
    return {
        "ref": row["ref"],
        "icon": row["stance"] or "pen",
        "stance": stance,
        "name": name.format(stance=stance, ref=row["ref"]),
        "who": wording.who(row),
        "channel": "" if online else wording.channels[row["channel"]],
        "day": wording.day(row["received_at"]),
        "url": f"{wording.trail}{key}/",
        "place": wording.place(row),
        **wording.quote(row),
        "language": row["language"] if foreign else "",
        "text": row["text"],
        "wording": wording.proposed(row),
        "translation": row["translation"] or "",
        "translated_by": translated_by(row["service"]) if row["translation"] else "",
        "reply_url": f"{wording.reply}{key}" if can_reply else "",
        "report_url": f"{wording.report}{key}/",
    }


def translated_by(service: str) -> str:
    """The mark of what a service wrote."""
    return _("Automatisch übersetzt von {service}. Es gilt das Original.").format(service=service)


def _stub(row: Data, wording: _Wording) -> str:
    match row["status"]:
        case Visibility.HIDDEN:
            return _(
                "Beitrag {ref} ist verborgen. Regel {rule}. Entschieden am {day} von der "
                "Moderation. Wer ihn geschrieben hat, wurde informiert und kann widersprechen."
            ).format(
                ref=row["ref"],
                rule=Rule(row["rule"]).label if row["rule"] else "–",
                day=wording.day(row["decided_at"]) if row["decided_at"] else "–",
            )
        case Visibility.WITHDRAWN:
            return _("Beitrag {ref} wurde von der verfassenden Person zurückgezogen.").format(
                ref=row["ref"]
            )
    return _("Beitrag {ref} wurde gelöscht, weil die verfassende Person es verlangt hat.").format(
        ref=row["ref"]
    )
