"""How the words of a language version and the binding German make one text. Pure.

A text has the shape of `text` in drafts.concept.snapshots: fields with words and, in a section,
blocks. A version may lack fields and blocks; what it lacks is shown in German.
"""

from drafts.concept.snapshots import Data, content_hash
from drafts.concept.states import BINDING

# Names of departments are facts of the German text and are not translated.
UNTRANSLATED = {"lead", "blocks"}


def language_fields(text: Data) -> Data:
    """The fields of a text that a version has words of its own for."""
    return {name: words for name, words in text.items() if name not in UNTRANSLATED}


def shown_text(german: Data, version: Data | None) -> Data:
    """Return the words of a version, completed by the German ones.

    `german` lists the fields that stand in German; a block that does carries its `language`.
    Order and numbers are those of the German blocks.
    """
    version = version or {}
    text = {name: version.get(name, words) for name, words in german.items()}
    text["german"] = [name for name in german if name not in version and name != "blocks"]
    if "blocks" in german:
        own = {block["wid"]: block for block in version.get("blocks", [])}
        text["blocks"] = [_shown_block(block, own.get(block["wid"])) for block in german["blocks"]]
    return text


def covers(german: Data, version: Data) -> bool:
    """Whether a version has its own words for everything that the German text says."""
    fields = {name for name, words in language_fields(german).items() if words}
    wids = {block["wid"] for block in german.get("blocks", [])}
    return fields <= version.keys() and wids <= {b["wid"] for b in version.get("blocks", [])}


def carried_text(before: Data, after: Data, version: Data) -> Data:
    """Return what of a version of the German words `before` still fits those of `after`.

    A field or block fits while its German words are the same; {} where nothing with words does.
    """
    fitting = {
        name: words
        for name, words in version.items()
        if name != "blocks" and before.get(name) == after.get(name)
    }
    same = _contents(before).items() & _contents(after).items()
    kept = {wid for wid, _content in same}
    blocks = [block for block in version.get("blocks", []) if block["wid"] in kept]
    if not blocks and not any(fitting.values()):
        return {}
    return {**fitting, "blocks": blocks} if "blocks" in version else fitting


def _shown_block(german: Data, own: Data | None) -> Data:
    if own is None:
        return {**german, "language": BINDING}
    return {**own, "no": german["no"]} if "no" in german else own


def _contents(text: Data) -> dict[str, str]:
    return {
        block["wid"]: content_hash({name: part for name, part in block.items() if name != "no"})
        for block in text.get("blocks", [])
    }
