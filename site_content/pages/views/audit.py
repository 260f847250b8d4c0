"""The published head of the audit chain."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consult.records.selectors import audit_head


@require_safe
def audit_root(_request: HttpRequest) -> HttpResponse:
    """One line: how many entries are sealed, the digest of the last, when it was sealed.

    Whoever keeps the line can have it compared later (`verify_audit_log --root`).
    """
    head = audit_head()
    line = f"{head.position} {head.digest} {head.sealed_at.isoformat()}\n" if head else ""
    return HttpResponse(line, content_type="text/plain; charset=utf-8")
