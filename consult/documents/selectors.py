"""What there is of documents. Files themselves are read only where one is handed out."""

from consult.documents.models import Document


def documents_about(kind: str, subject: str) -> dict[tuple[str, str], Document]:
    """The documents of one kind about one subject by (language, format), without their files."""
    rows = Document.objects.filter(kind=kind, subject=subject).defer("content")
    return {(row.language, row.format): row for row in rows}
