"""An object on its way into OParl: its address, its attributes, its files.

Addresses have no host here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha512
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from consult.council.models import CouncilFile
from consult.oparl.models import PublishedObject
from consult.oparl.states import ObjectKind, type_of

Data = dict[str, Any]

BODY = "1"
# Attributes that hold addresses.
ADDRESSES = frozenset(
    {
        "id", "body", "web", "website", "organization", "person", "meeting", "paper", "agendaItem",
        "consultation", "file", "locationList", "legislativeTermList", "membership", "meetings",
        "accessUrl", "downloadUrl", "system", "consult:edition", "superordinatedPaper",
        "subordinatedPaper", "originatorOrganization", "underDirectionOf",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An object as it is now. `created_at` is when it became public, where that is known."""

    kind: ObjectKind
    key: str
    data: Data
    parts: dict[str, str | list[str]] = field(default_factory=dict)
    created_at: datetime | None = None


def address(kind: ObjectKind, key: str) -> str:
    """The one address of an object, which never changes."""
    return reverse("oparl_object", args=[kind.value, key])


def own_attributes(kind: ObjectKind, key: str) -> Data:
    """What every object begins with."""
    return {"id": address(kind, key), "type": type_of(kind)}


def organization_address(body_pk: int) -> str:
    """The address of a body."""
    return address(ObjectKind.ORGANIZATION, f"gremium-{body_pk}")


def published_rows(kind: ObjectKind) -> QuerySet[PublishedObject]:
    """What was said last of the objects of a kind that are public still."""
    return PublishedObject.objects.filter(kind=kind, deleted_at__isnull=True)


def file_object(file: CouncilFile, name: str, of: dict[str, str], known: dict[str, Data]) -> Draft:
    """A file of the council; `of` names the object that it belongs to: attribute and address.

    `known` are the files as they were published last, by key.
    """
    shown = reverse("council_file", args=[file.pk, file.name])
    data = {
        **own_attributes(ObjectKind.FILE, str(file.pk)),
        "name": name,
        "fileName": file.name,
        "mimeType": file.media_type,
        "date": localtime(file.stored_at).date().isoformat(),
        "size": file.size,
        "sha512Checksum": _sha512(file, known.get(str(file.pk), {})),
        "accessUrl": shown,
        "downloadUrl": f"{shown}?herunterladen",
        **{attribute: [place] for attribute, place in of.items()},
        "consult:sha256": file.sha256,
    }
    return Draft(ObjectKind.FILE, str(file.pk), data, created_at=file.stored_at)


def _sha512(file: CouncilFile, known: Data) -> str:
    """The checksum that OParl wants; a file is read for it once."""
    if known.get("consult:sha256") == file.sha256:
        return known["sha512Checksum"]
    return sha512(bytes(file.content)).hexdigest()
