"""OParl 1.1: the council's public objects for other systems. No session, no cookie, any origin."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from consult.oparl.models import PublishedObject
from consult.oparl.selectors import published, published_list
from consult.oparl.services.drafts import BODY, address
from consult.oparl.services.publishing import publish_if_changed
from consult.oparl.states import ObjectKind
from site_content.pages.presenters.oparl import (
    LISTS,
    BadFilter,
    Wanted,
    city_objects,
    error_object,
    one_object,
    one_page,
    system,
)

Answer = tuple[dict[str, Any], datetime | None]
KINDS = frozenset(LISTS.values())
OF_ORGANIZATION = frozenset({ObjectKind.MEETING, ObjectKind.CONSULTATION})


def _public(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """Answer with JSON that says what is public now, or with an error object."""

    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            answer = _json(request, error_object("Hier kann man nur lesen (GET)."), status=405)
            answer["Allow"] = "GET, HEAD"
            return answer
        try:
            publish_if_changed(at=timezone.now(), more=city_objects())
            content, changed_at = view(request, **arguments)
        except BadFilter as refusal:
            return _json(request, error_object(str(refusal)), status=400)
        except Http404:
            message = "Unter dieser Adresse gibt es kein Objekt. Beginnen Sie bei /oparl/v1.1/."
            return _json(request, error_object(message), status=404)
        return _json(request, content, changed_at=changed_at)

    return answer


@_public
def entrance(request: HttpRequest) -> Answer:
    """The system, with the way to the body."""
    body = _found(ObjectKind.BODY, BODY)
    return system(body), body.modified_at


@_public
def bodies(request: HttpRequest) -> Answer:
    """The list of bodies: the one city."""
    return _page(request, ObjectKind.BODY)


@_public
def one(request: HttpRequest, kind: str, key: str) -> Answer:
    """An object by its address; a deleted one says that it is."""
    row = _found(kind, key)
    return one_object(row), row.modified_at


@_public
def of_body(request: HttpRequest, key: str, kind: str) -> Answer:
    """A list of the body; kinds that this site holds nothing of are empty."""
    if key != BODY or kind not in KINDS:
        raise Http404
    return _page(request, ObjectKind(kind))


@_public
def of_organization(request: HttpRequest, key: str, kind: str) -> Answer:
    """The meetings or consultations of one organization."""
    _found(ObjectKind.ORGANIZATION, key)
    if kind not in OF_ORGANIZATION:
        raise Http404
    return _page(request, ObjectKind(kind), address(ObjectKind.ORGANIZATION, key))


@_public
def nothing(request: HttpRequest, rest: str) -> Answer:
    """Any other address below the entrance."""
    raise Http404


def _found(kind: str, key: str) -> PublishedObject:
    row = published(ObjectKind(kind), key) if kind in ObjectKind.values else None
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, kind: ObjectKind, organization: str = "") -> Answer:
    wanted = Wanted.from_query(request.GET)
    rows = published_list(kind, wanted.span, organization=organization)
    return one_page(rows, wanted, request.path), None


def _json(
    request: HttpRequest,
    content: dict[str, Any],
    *,
    status: int = 200,
    changed_at: datetime | None = None,
) -> HttpResponse:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, content_type="application/json; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    # Said here, because the store of shared pages keeps no other headers.
    response["Cache-Control"] = f"public, max-age=0, s-maxage={settings.SHARED_PAGE_SECONDS}"
    if status != 200:
        return response
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    response["ETag"] = etag
    last = changed_at and int(changed_at.timestamp())
    if last:
        response["Last-Modified"] = http_date(last)
    return _unchanged(request, etag, last, response)


def _unchanged(
    request: HttpRequest, etag: str, last: int | None, response: HttpResponse
) -> HttpResponse:
    answer = get_conditional_response(request, etag, last, response)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
