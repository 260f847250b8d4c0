"""What there is of documents. Files themselves are read only where one is handed out."""

from django.db.models import CharField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry

from consult.documents.models import Document
from consult.documents.states import DocumentStatus
from drafts.editions.models import Edition


def documents_about(kind: str, subject: str) -> dict[tuple[str, str], Document]:
    """The documents of one kind about one subject by (language, format), without their files."""
    rows = Document.objects.filter(kind=kind, subject=subject).defer("content")
    return {(row.language, row.format): row for row in rows}


def made_documents(kind: str, language: str, format_: str) -> dict[str, Document]:
    """The documents of one kind that are made, by subject, without their files."""
    rows = Document.objects.filter(
        kind=kind, language=language, format=format_, status=DocumentStatus.DONE
    )
    return {row.subject: row for row in rows.defer("content")}


def editions_without_documents(kind: str) -> QuerySet[Edition]:
    """Sealed editions for which no document of a kind was asked since their status changed last."""
    subject = Cast(OuterRef("pk"), CharField())
    asked = Document.objects.filter(kind=kind, subject=subject).order_by().values("subject")
    steps = ModelLogEntry.objects.filter(
        content_type__app_label="editions",
        content_type__model="edition",
        action="edition.status",
        object_id=subject,
    )
    changed = steps.order_by().values("object_id").annotate(at=Max("timestamp")).values("at")
    return (
        Edition.objects.exclude(content_hash="")
        .annotate(
            asked_at=Subquery(asked.annotate(at=Max("requested_at")).values("at")),
            changed_at=Subquery(changed),
        )
        .filter(Q(asked_at=None) | Q(asked_at__lt=F("changed_at")))
        .order_by("pk")
    )
