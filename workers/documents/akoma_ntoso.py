"""An edition as Akoma Ntoso 1.0 (OASIS 2018), and back.

The work is the concept, an expression is one edition in one language, the manifestation is the
file. Reading gives back exactly what was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workers.documents.akn_body import BINDING, add_body, read_body
from workers.documents.akn_meta import (
    CITY,
    Identity,
    Stage,
    add_identification,
    add_references,
    add_way,
    date_at,
    expression_address,
    language_code,
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
    child,
    new_root,
    own,
    parsed,
    storable,
    stored,
    text_of,
    written,
)


@dataclass(frozen=True)
class EditionDocument:
    """An edition in one language.

    `concept` is the key of the work, the same in every edition; `begun_on` the day of its first
    edition. `sections` have the shape of drafts.concept.snapshots, in another language than
    German that of drafts.editions.languages.shown_text. `pictures` are addresses of frozen
    pictures by SHA-256; they are no part of what reading gives back.
    """

    concept: str
    title: str
    authority: str
    number: int
    language: str
    status: str
    begun_on: date
    released_on: date
    sections: list[Data]
    origin: str = ""
    based_on: int | None = None
    in_force_on: date | None = None
    content_hash: str = ""
    stages: tuple[Stage, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def work(self) -> str:
        """The address of the concept."""
        return work_address("doc", self.begun_on, self.concept)

    @property
    def expression(self) -> str:
        """The address of this edition in this language."""
        return expression_address(self.work, self.language, f"fassung-{self.number}")


def akoma_ntoso(edition: EditionDocument) -> bytes:
    """Return the edition as a file that the schema of OASIS accepts.

    Raises ValueError for an edition without sections: the schema has no document without text.
    """
    if not edition.sections:
        raise ValueError("an edition without sections is no document")
    root = new_root()
    document = add(root, "doc", name="concept")
    _add_meta(add(document, "meta"), edition)
    preface = add(document, "preface")
    add(add(preface, "p"), "docTitle", edition.title)
    add(preface, "block", edition.origin, name="origin")
    body = add(document, "mainBody")
    body.set(XML_LANG, edition.language)
    add_body(body, edition.sections, edition.pictures)
    return written(root)


def read_akoma_ntoso(data: bytes) -> EditionDocument:
    """Return the edition that a file of `akoma_ntoso` holds. Raises NotReadable."""
    document = child(parsed(data), "doc")
    if document is None:
        raise NotReadable("the file holds no doc")
    meta, preface, body = (child(document, name) for name in ("meta", "preface", "mainBody"))
    if meta is None or preface is None or body is None:
        raise NotReadable("meta, preface or mainBody is missing")
    return EditionDocument(
        title=text_of(child(preface, "p/docTitle")),
        authority=names_of(meta).get(CITY, ""),
        language=body.get(XML_LANG),
        begun_on=date_at(meta, "FRBRWork"),
        released_on=date_at(meta, "FRBRExpression"),
        sections=read_body(body),
        origin=text_of(child(preface, "block")),
        stages=read_way(meta),
        **_read_facts(meta),
    )


def _add_meta(meta: Element, edition: EditionDocument) -> None:
    identity = Identity(
        work=edition.work,
        expression=edition.expression,
        begun_on=edition.begun_on,
        written_on=edition.released_on,
        language=edition.language,
        version=str(edition.number),
        is_binding=edition.language == BINDING,
    )
    expression = add_identification(meta, identity)
    _add_translation(expression, edition)
    lifecycle = add(meta, "lifecycle", source=CITY)
    for number, (on, kind) in enumerate(_events(edition), 1):
        add(lifecycle, "eventRef", eId=f"e_{number}", date=on.isoformat(), source=CITY, type=kind)
    add_way(meta, edition.stages)
    add_references(meta, edition.authority, edition.stages)
    _add_facts(add(meta, "proprietary", source=CITY), edition)


def _events(edition: EditionDocument) -> list[tuple[date, str]]:
    events = [(edition.begun_on, "generation")]
    if edition.based_on is not None:
        events.append((edition.released_on, "amendment"))
    return events


def _add_translation(expression: Element, edition: EditionDocument) -> None:
    """Say of which expression this one is a translation: the German one is binding."""
    if edition.language != BINDING:
        german = expression_address(edition.work, BINDING, f"fassung-{edition.number}")
        add(
            expression, "FRBRtranslation", href=german, fromLanguage=language_code(BINDING),
            authoritative="false", by=CITY,
        )  # fmt: skip


def _add_facts(proprietary: Element, edition: EditionDocument) -> None:
    """What the city says of the edition and Akoma Ntoso has no element for."""
    facts = proprietary.makeelement(own("edition"))
    in_force = edition.in_force_on.isoformat() if edition.in_force_on else ""
    based_on = "" if edition.based_on is None else str(edition.based_on)
    known = {
        "concept": edition.concept,
        "number": str(edition.number),
        "status": edition.status,
        "based-on": based_on,
        "in-force-on": in_force,
        "sha256": edition.content_hash,
    }
    for name, value in known.items():
        if value:
            facts.set(name, storable(value))
    proprietary.append(facts)


def _read_facts(meta: Element) -> Data:
    facts = meta.find(f"{{{AKN}}}proprietary/{own('edition')}")
    if facts is None or not (facts.get("number") or "").isdigit():
        raise NotReadable("the file does not say which edition it holds")
    based_on, in_force = facts.get("based-on"), facts.get("in-force-on")
    return {
        "concept": stored(facts.get("concept")),
        "number": int(facts.get("number")),
        "status": stored(facts.get("status")),
        "based_on": int(based_on) if based_on else None,
        "in_force_on": date.fromisoformat(in_force) if in_force else None,
        "content_hash": stored(facts.get("sha256")),
    }
