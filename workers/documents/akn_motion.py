"""An amendment motion as `<amendment>` of Akoma Ntoso, and back.

The words to be struck and to be put stand as quoted texts in the body; the analysis says of each
which place of which expression it changes and how.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from workers.documents.akn_meta import (
    CITY,
    Identity,
    Stage,
    add_identification,
    add_references,
    add_way,
    date_at,
    expression_address,
    names_of,
    read_way,
    work_address,
)
from workers.documents.akn_xml import (
    AKN,
    XML_LANG,
    Data,
    Element,
    NotReadable,
    add,
    add_link,
    child,
    children,
    new_root,
    own,
    parsed,
    safe_address,
    storable,
    stored,
    text_of,
    written,
)

Operation = Literal["replace", "insert", "delete", "move"]
# Akoma Ntoso has no word for a text that moves; what changes is its place in the order alone.
KINDS = {
    "replace": "substitution",
    "insert": "insertion",
    "delete": "repeal",
    "move": "renumbering",
}


@dataclass(frozen=True)
class ProposedChange:
    """What a motion wants at one place: `old` is "" for an insertion, `new` for a deletion.

    `wid` is the key of the place in every edition, "" for an item of the resolution; `place` are
    the words by which people refer to it; `behind` is the key after which an inserted or moved
    text shall stand.
    """

    op: Operation
    place: str
    wid: str = ""
    old: str = ""
    new: str = ""
    behind: str = ""


@dataclass(frozen=True)
class MotionDocument:
    """A motion: `amends` is the address of the expression or paper that it wants to change."""

    reference: str
    title: str
    authority: str
    mover: str
    handed_in_on: date
    amends: str
    changes: tuple[ProposedChange, ...]
    language: str = "de"
    justification: str = ""
    finance: str = ""
    status: str = ""
    stages: tuple[Stage, ...] = ()


def motion_xml(motion: MotionDocument) -> bytes:
    """Return the motion as a file that the schema of OASIS accepts.

    Raises ValueError for a motion that changes nothing.
    """
    if not motion.changes:
        raise ValueError("a motion without changes is no amendment")
    root = new_root()
    document = add(root, "amendment", name="motion")
    _add_meta(add(document, "meta"), motion)
    body = add(document, "amendmentBody")
    body.set(XML_LANG, motion.language)
    heading = add(body, "amendmentHeading")
    add(heading, "block", motion.title, name="title")
    add(heading, "block", motion.mover, name="mover")
    content = add(body, "amendmentContent")
    for number, change in enumerate(motion.changes, 1):
        _add_change(content, number, change, motion.amends)
    reasons = add(body, "amendmentJustification")
    add(reasons, "block", motion.justification, name="justification")
    add(reasons, "block", motion.finance, name="finance")
    return written(root)


def read_motion(data: bytes) -> MotionDocument:
    """Return the motion that a file of `motion_xml` holds. Raises NotReadable."""
    document = child(parsed(data), "amendment")
    if document is None:
        raise NotReadable("the file holds no amendment")
    meta, body = child(document, "meta"), child(document, "amendmentBody")
    if meta is None or body is None:
        raise NotReadable("meta or amendmentBody is missing")
    facts = meta.find(f"{{{AKN}}}proprietary/{own('motion')}")
    if facts is None:
        raise NotReadable("the file does not say which motion it holds")
    words = {block.get("name"): text_of(block) for block in body.iter(f"{{{AKN}}}block")}
    content = child(body, "amendmentContent")
    return MotionDocument(
        reference=stored(facts.get("reference")),
        status=stored(facts.get("status")),
        amends=stored(facts.get("amends")),
        authority=names_of(meta).get(CITY, ""),
        handed_in_on=date_at(meta, "FRBRExpression"),
        language=body.get(XML_LANG),
        changes=tuple(_read_change(part) for part in children(content, "p")),
        stages=read_way(meta),
        **{name: words.get(name, "") for name in ("title", "mover", "justification", "finance")},
    )


def _add_meta(meta: Element, motion: MotionDocument) -> None:
    work = work_address("amendment", motion.handed_in_on, motion.reference)
    version = motion.handed_in_on.isoformat()
    identity = Identity(
        work=work,
        expression=expression_address(work, motion.language, version),
        begun_on=motion.handed_in_on,
        written_on=motion.handed_in_on,
        language=motion.language,
        version=version,
        is_binding=True,
    )
    add_identification(meta, identity)
    add_way(meta, motion.stages)
    active = add(add(meta, "analysis", source=CITY), "activeModifications")
    for number, change in enumerate(motion.changes, 1):
        _add_modification(active, number, change, motion.amends)
    add_references(meta, motion.authority, motion.stages)
    proprietary = add(meta, "proprietary", source=CITY)
    facts = proprietary.makeelement(own("motion"))
    for name in ("reference", "status", "amends"):
        facts.set(name, storable(getattr(motion, name)))
    proprietary.append(facts)


def _add_modification(active: Element, number: int, change: ProposedChange, amends: str) -> None:
    part = add(active, "textualMod", eId=f"am_{number}", type=KINDS[change.op])
    add(part, "source", href=f"#mod_{number}")
    add_link(part, "destination", _place(amends, change.wid))
    for tag in _wordings(change):
        add(part, tag, href=f"#mod_{number}__{tag}")


def _add_change(content: Element, number: int, change: ProposedChange, amends: str) -> None:
    modification = add(add(content, "p"), "mod", eId=f"mod_{number}")
    for name in ("op", "wid", "behind"):
        if getattr(change, name):
            modification.set(own(name), storable(getattr(change, name)))
    add(modification, "ref", change.place, href=safe_address(_place(amends, change.wid)))
    for tag, words in _wordings(change).items():
        quoted = add(modification, "quotedText", words, eId=f"mod_{number}__{tag}")
        quoted.set(own("is"), tag)


def _read_change(part: Element) -> ProposedChange:
    modification = child(part, "mod")
    if modification is None or modification.get(own("op")) not in KINDS:
        raise NotReadable("a change does not say what it does")
    words: Data = {
        quoted.get(own("is")): text_of(quoted) for quoted in children(modification, "quotedText")
    }
    return ProposedChange(
        op=modification.get(own("op")),
        place=text_of(child(modification, "ref")),
        wid=stored(modification.get(own("wid"))),
        behind=stored(modification.get(own("behind"))),
        old=words.get("old", ""),
        new=words.get("new", ""),
    )


def _wordings(change: ProposedChange) -> dict[str, str]:
    both = {"old": change.old, "new": change.new}
    return {tag: words for tag, words in both.items() if words}


def _place(amends: str, wid: str) -> str:
    """A part of an expression by the naming convention: its address, a tilde and its key."""
    return f"{amends}/~{wid}" if wid else amends
