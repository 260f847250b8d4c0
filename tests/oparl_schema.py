"""What OParl 1.1 demands of each object, as plain tables, and a check against them.

Source of the facts: the published schemas (github.com/OParl/spec, folder schema/, master of 1.1.1
at 0ca3435) and the chapters 2.4 and 3.1 of the specification. Types: url, date, time (date-time),
text, int, bool, object, "[…]" a list of them, a name with a capital letter an object shown inside.
"""

import re
from typing import Any

COMMON = {
    "id": "url", "type": "url", "license": "text", "keyword": "[text]", "created": "time",
    "modified": "time", "web": "url", "deleted": "bool",
}  # fmt: skip
REQUIRED = {
    "System": {"oparlVersion", "body"},
    "Body": {"name", "organization", "person", "meeting", "paper", "legislativeTerm"},
    "AgendaItem": {"order"},
    "File": {"accessUrl"},
}
ATTRIBUTES = {
    "System": {
        "oparlVersion": "text", "otherOparlVersions": "[url]", "body": "url", "name": "text",
        "contactEmail": "text", "contactName": "text", "website": "url", "vendor": "url",
        "product": "url",
    },
    "Body": {
        "system": "url", "shortName": "text", "name": "text", "website": "url",
        "licenseValidSince": "time", "oparlSince": "time", "ags": "text", "rgs": "text",
        "equivalent": "[url]", "contactEmail": "text", "contactName": "text", "organization": "url",
        "person": "url", "meeting": "url", "paper": "url", "legislativeTerm": "[LegislativeTerm]",
        "agendaItem": "url", "consultation": "url", "file": "url", "locationList": "url",
        "legislativeTermList": "url", "membership": "url", "classification": "text",
        "location": "Location", "mainOrganization": "url",
    },
    "Organization": {
        "body": "url", "name": "text", "membership": "[url]", "meeting": "url",
        "consultation": "url", "shortName": "text", "post": "[text]", "subOrganizationOf": "url",
        "organizationType": "text", "classification": "text", "startDate": "date",
        "endDate": "date", "website": "url", "location": "Location", "externalBody": "url",
        "memberCount": "int", "votingMemberCount": "int",
    },
    "Meeting": {
        "name": "text", "meetingState": "text", "cancelled": "bool", "start": "time", "end": "time",
        "location": "Location", "organization": "[url]", "participant": "[url]",
        "invitation": "File", "resultsProtocol": "File", "verbatimProtocol": "File",
        "auxiliaryFile": "[File]", "agendaItem": "[AgendaItem]",
    },
    "AgendaItem": {
        "meeting": "url", "number": "text", "order": "int", "name": "text", "public": "bool",
        "consultation": "url", "result": "text", "resolutionText": "text", "resolutionFile": "File",
        "auxiliaryFile": "[File]", "start": "time", "end": "time",
    },
    "Paper": {
        "body": "url", "name": "text", "reference": "text", "date": "date", "paperType": "text",
        "relatedPaper": "[url]", "superordinatedPaper": "[url]", "subordinatedPaper": "[url]",
        "mainFile": "File", "auxiliaryFile": "[File]", "location": "[Location]",
        "originatorPerson": "[url]", "underDirectionOf": "[url]", "originatorOrganization": "[url]",
        "consultation": "[Consultation]",
    },
    "File": {
        "name": "text", "fileName": "text", "mimeType": "text", "date": "date", "size": "int",
        "sha1Checksum": "text", "sha512Checksum": "text", "text": "text", "accessUrl": "url",
        "downloadUrl": "url", "externalServiceUrl": "url", "masterFile": "url",
        "derivativeFile": "[url]", "fileLicense": "url", "meeting": "[url]", "agendaItem": "[url]",
        "person": "url", "paper": "[url]",
    },
    "Consultation": {
        "paper": "url", "agendaItem": "url", "meeting": "url", "organization": "[url]",
        "authoritative": "bool", "role": "text",
    },
    "Location": {
        "description": "text", "geojson": "object", "streetAddress": "text", "room": "text",
        "postalCode": "text", "subLocality": "text", "locality": "text", "bodies": "[url]",
        "organizations": "[url]", "persons": "[url]", "meetings": "[url]", "papers": "[url]",
    },
}  # fmt: skip

PATTERNS = {
    "url": r"https?://[^\s<>\"`]+",
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
    "text": r"(?s).+",
}
PLAIN = {"int": int, "bool": bool, "object": dict}


def defects(found: dict[str, Any], kind: str) -> list[str]:
    """What is wrong with an object of this kind; empty if it conforms."""
    if found.get("type") != f"https://schema.oparl.org/1.1/{kind}":
        return [f"{found.get('id')}: type {found.get('type')} is not {kind}"]
    needed = {"id", "type", "created", "modified"}
    if not found.get("deleted"):
        needed |= REQUIRED.get(kind, set())
    wrong = [f"{found.get('id')}: {name} is missing" for name in sorted(needed - found.keys())]
    known = COMMON | ATTRIBUTES[kind]
    for name, value in found.items():
        if ":" in name:  # an attribute of our own
            continue
        if name not in known:
            wrong.append(f"{found['id']}: {name} is unknown")
            continue
        wrong += [f"{found['id']}: {name}: {error}" for error in _errors(value, known[name])]
        if value in ([], {}, "") and name not in REQUIRED.get(kind, set()):
            wrong.append(f"{found['id']}: {name} is empty")
    return wrong


def _errors(value: Any, wanted: str) -> list[str]:
    if wanted.startswith("["):
        if not isinstance(value, list):
            return ["no list"]
        return [error for one in value for error in _errors(one, wanted[1:-1])]
    if wanted in ATTRIBUTES:
        return defects(value, wanted)
    if wanted in PLAIN:
        fits = type(value) is PLAIN[wanted]
    else:
        fits = isinstance(value, str) and re.fullmatch(PATTERNS[wanted], value) is not None
    return [] if fits else [f"{value!r} is no {wanted}"]
