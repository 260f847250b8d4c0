"""Identification, way and origin of a document of Akoma Ntoso, and back.

Work, expression and manifestation follow IFLA's FRBR as Akoma Ntoso takes it over; addresses
follow its naming convention (Akoma Ntoso Naming Convention 1.0, OASIS 2019).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workers.documents.akn_xml import (
    Element,
    NotReadable,
    add,
    address_of,
    child,
    children,
    own,
    safe_address,
    storable,
    stored,
)

CITY = "#city"
ONTOLOGY = "/akn/ontology"
# ISO 639-2 (terminological) codes, which the naming convention asks for. Easy German is German.
CODES = {"de": "deu", "de-x-ls": "deu", "en": "eng", "tr": "tur", "ar": "ara", "uk": "ukr"}


@dataclass(frozen=True)
class Stage:
    """A step on the way of a text: what was done, when, by whom, with which outcome.

    `address` leads to where it can be read.
    """

    on: date
    what: str
    by: str
    outcome: str = ""
    address: str = ""


@dataclass(frozen=True)
class Identity:
    """The three levels of a document: addresses without their last part, and their dates."""

    work: str
    expression: str
    begun_on: date
    written_on: date
    language: str
    version: str
    is_binding: bool


def language_code(language: str) -> str:
    """The code of a language in addresses; one that is not known stands as it is."""
    return CODES.get(language, language)


def work_address(kind: str, begun_on: date, key: str) -> str:
    """The address of a work of a German municipality: /akn/de/doc/2026-03-01/<key>."""
    return safe_address(f"/akn/de/{kind}/{begun_on.isoformat()}/{key.replace('/', '~')}")


def expression_address(work: str, language: str, version: str) -> str:
    """The address of one wording of a work: …/deu@fassung-2; easy German has its own version."""
    easy = "-leicht" if language == "de-x-ls" else ""
    return f"{work}/{language_code(language)}@{version}{easy}"


def add_identification(meta: Element, identity: Identity) -> Element:
    """Append work, expression and manifestation; returns the expression."""
    part = add(meta, "identification", source=CITY)
    work = _add_level(part, "FRBRWork", identity.work, identity.begun_on)
    add(work, "FRBRcountry", value="de")
    expression = _add_level(part, "FRBRExpression", identity.expression, identity.written_on)
    add(expression, "FRBRversionNumber", value=identity.version)
    add(expression, "FRBRauthoritative", value="true" if identity.is_binding else "false")
    add(expression, "FRBRlanguage", language=language_code(identity.language))
    file = _add_level(part, "FRBRManifestation", f"{identity.expression}.xml", identity.written_on)
    add(file, "FRBRformat", value="application/akn+xml")
    return expression


def _add_level(part: Element, tag: str, address: str, on: date) -> Element:
    level = add(part, tag)
    stem, dot, ending = address.rpartition(".xml")
    this = f"{stem}/!main.xml" if dot and not ending else f"{address}/!main"
    add(level, "FRBRthis", value=this)
    add(level, "FRBRuri", value=address)
    add(level, "FRBRdate", date=on.isoformat(), name="date")
    add(level, "FRBRauthor", href=CITY)
    return level


def date_at(meta: Element, tag: str) -> date:
    """The date of one of the three levels. Raises NotReadable."""
    found = child(meta, f"identification/{tag}/FRBRdate")
    if found is None:
        raise NotReadable(f"{tag} has no date")
    return date.fromisoformat(found.get("date"))


# --- the way -------------------------------------------------------------------------------------


def add_way(meta: Element, stages: Iterable[Stage]) -> None:
    """Append the workflow: a step for each stage, its words stand among the references."""
    stages = list(stages)
    if not stages:
        return
    workflow = add(meta, "workflow", source=CITY)
    for number, stage in enumerate(stages, 1):
        step = add(workflow, "step", date=stage.on.isoformat(), by=f"#by_{number}")
        step.set("refersTo", f"#event_{number}")
        if stage.outcome:
            step.set("outcome", f"#outcome_{number}")
        if stage.address:
            step.set("href", safe_address(stage.address))
            step.set(own("href"), storable(stage.address))


def add_references(meta: Element, authority: str, stages: Iterable[Stage]) -> None:
    """Append who and what the document speaks of: the city, bodies, events and outcomes."""
    part = add(meta, "references", source=CITY)
    _add_reference(part, "TLCOrganization", "city", authority)
    for number, stage in enumerate(stages, 1):
        _add_reference(part, "TLCOrganization", f"by_{number}", stage.by)
        _add_reference(part, "TLCEvent", f"event_{number}", stage.what)
        if stage.outcome:
            _add_reference(part, "TLCConcept", f"outcome_{number}", stage.outcome)


def _add_reference(part: Element, tag: str, eid: str, name: str) -> None:
    kind = tag.removeprefix("TLC").lower()
    add(part, tag, eId=eid, href=f"{ONTOLOGY}/{kind}/{eid}", showAs=name)


def names_of(meta: Element) -> dict[str, str]:
    """What the references call things, by "#" and their eId."""
    references = child(meta, "references")
    rows = [] if references is None else list(references)
    return {f"#{row.get('eId')}": stored(row.get("showAs")) for row in rows}


def read_way(meta: Element) -> tuple[Stage, ...]:
    """The stages that `add_way` was given."""
    names, workflow = names_of(meta), child(meta, "workflow")
    return tuple(
        Stage(
            on=date.fromisoformat(step.get("date")),
            what=names.get(step.get("refersTo"), ""),
            by=names.get(step.get("by"), ""),
            outcome=names.get(step.get("outcome"), ""),
            address=address_of(step) if step.get("href") else "",
        )
        for step in ([] if workflow is None else children(workflow, "step"))
    )
