"""What would be frozen: the words and facts of a reviewed page as plain data.

Release, preview and comparison use the same shape, so that staff see exactly what would become
public. Nothing here holds a database id, a person's name or a resident's words.

Section: {wid, number, kind, openness, text: {title, lede, lead, openness_reason, blocks}, goals}
Block:   {wid, kind, no, ...} with html | items | head + rows + caption | file + alt + caption
Goal:    {wid, number, level, openness, text: {wording, reason, target_groups, lead,
          openness_reason}, measures}
Measure: {wid, number, kind, cost_status, cost_one_off, cost_yearly (euro), also_serves,
          text: {title, description, responsible, period}}, and where the text says so
          posts (full-time equivalents, as text: "1.5") and funding
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from html import escape, unescape
from typing import Any

import nh3

Data = dict[str, Any]

MARKS = {"b", "strong", "i", "em", "a"}


def canonical_bytes(value: object) -> bytes:
    """Return UTF-8 JSON with sorted keys and NFC strings: the bytes that hashes are made of."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def content_hash(value: object) -> str:
    """Return the SHA-256 of the canonical bytes as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def inline_html(source: str) -> str:
    """Return rich text reduced to bold, italic and link marks, in one spelling each.

    A link to a page of the concept is kept as its wid, so that no database id is frozen.
    """
    html = re.sub(r"<a [^>]*linktype=\"page\"[^>]*\bid=\"(\d+)\"[^>]*>", _page_link, source)
    html = re.sub(r"<br\s*/?>|</p>", " ", html)
    clean = nh3.clean(
        html,
        tags=MARKS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "wid"},
        link_rel=None,
    )
    clean = re.sub(r"<(/?)strong>", r"<\1b>", clean)
    clean = re.sub(r"<(/?)em>", r"<\1i>", clean)
    return " ".join(clean.split())


def plain(html: str) -> str:
    """Return the words of restricted HTML without marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def section_snapshot(page, goals) -> Data:
    """Return a section page with its goal pages (in order) as plain data."""
    return {
        "wid": page.wid,
        "number": page.number,
        "kind": page.kind,
        "openness": page.openness,
        "text": {
            "title": page.title,
            "lede": page.lede,
            "lead": page.lead_department.name if page.lead_department else "",
            "openness_reason": page.openness_reason,
            "blocks": _blocks(page.body),
        },
        "goals": [goal_snapshot(goal) for goal in goals],
    }


def goal_snapshot(page) -> Data:
    """Return a goal page with its measures as plain data."""
    return {
        "wid": page.wid,
        "number": page.number,
        "level": page.level,
        "openness": page.openness,
        "text": {
            "wording": page.wording,
            "reason": page.reason,
            "target_groups": page.target_groups,
            "lead": page.lead_department.name if page.lead_department else "",
            "openness_reason": page.openness_reason,
        },
        "measures": [_measure(child) for child in page.measures],
    }


def block_text(block: Data) -> str:
    """Return a frozen block's words as plain text, one line a list point or table row."""
    match block["kind"]:
        case "list":
            return "\n".join(plain(item) for item in block["items"])
        case "table":
            rows = [block["head"], *block["rows"]]
            lines = [*(" | ".join(cells) for cells in rows), block.get("caption", "")]
            return "\n".join(filter(None, lines))
        case "figure":
            return " ".join(filter(None, [block["alt"], block["caption"]]))
        case _:
            return plain(block["html"])


def means_of(posts: Decimal | None, funding: str) -> Data:
    """Posts and funding of a measure, as far as they are said.

    What is not said has no key: an edition from before there were such facts keeps its hash.
    """
    said = {"posts": f"{posts.normalize():f}"} if posts is not None else {}
    return {**said, **({"funding": funding} if funding else {})}


def wordings_of(sections: list[Data]) -> dict[str, str]:
    """The words of every block and goal by key: what people can propose other words for."""
    found: dict[str, str] = {}
    for section in sections:
        found |= {block["wid"]: block_text(block) for block in section["text"]["blocks"]}
        found |= {goal["wid"]: goal["text"]["wording"] for goal in section["goals"]}
    return found


def _page_link(match: re.Match[str]) -> str:
    from wagtail.models import Page

    page = Page.objects.filter(pk=int(match[1])).only("translation_key").first()
    return f'<a href="wid:{page.translation_key.hex}">' if page else "<a>"


def _blocks(body) -> list[Data]:
    frozen = []
    number = 0
    for child in body:
        block = {
            "wid": child.id,
            "kind": child.block_type,
            **_CONTENT[child.block_type](child.value),
        }
        if child.block_type != "heading":
            number += 1
            block["no"] = number
        frozen.append(block)
    return frozen


def _table(value) -> Data:
    return {
        "head": [column["heading"] for column in value.columns],
        "rows": [[str(cell.value or "") for cell in row] for row in value.rows],
        "caption": value.caption or "",
    }


def _figure(value) -> Data:
    with value["image"].open_file() as stored:
        digest = hashlib.sha256(stored.read()).hexdigest()
    return {"file": digest, "alt": value["alt"], "caption": value["caption"]}


_CONTENT: dict[str, Callable[[Any], Data]] = {
    "heading": lambda value: {"html": escape(value, quote=False)},
    "paragraph": lambda value: {"html": inline_html(value.source)},
    "list": lambda value: {"items": [inline_html(item.source) for item in value]},
    "table": _table,
    "figure": _figure,
}


def _measure(child) -> Data:
    value = child.value
    return {
        "wid": child.id,
        "number": value["number"],
        "kind": value["kind"],
        "cost_status": value["cost_status"],
        "cost_one_off": value["cost_one_off"],
        "cost_yearly": value["cost_yearly"],
        "also_serves": sorted(value["also_serves"]),
        **means_of(value["posts"], value["funding"]),
        "text": {
            "title": value["title"],
            "description": value["description"],
            "responsible": value["responsible"],
            "period": value["period"],
        },
    }
