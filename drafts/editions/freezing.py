"""What the release of German text and of its language versions share."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.db.models import Q

from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import Data, block_text, content_hash, plain
from drafts.editions.models import EditionText, FrozenFile

SEARCHED = ("title", "lede", "wording", "reason", "description")


class UnableToRelease(Exception):
    """The text is not ready. `obstacles` are (code, title of the page or block) pairs."""

    def __init__(self, obstacles: list[tuple[str, str]]):
        super().__init__(", ".join(f"{code}: {title}" for code, title in obstacles))
        self.obstacles = obstacles


def unreviewed(section: SectionPage) -> list[tuple[str, str]]:
    """An obstacle for every page of a section with words that nobody has reviewed.

    A goal that was dropped before it was ever reviewed stands in no text.
    """
    never = Q(live=False) & ~Q(dropped_because="")
    pages = [section, *GoalPage.objects.child_of(section).exclude(never)]
    return [(code, page.title) for page in pages for code in _review_obstacles(page)]


def reviewed(section: SectionPage) -> SectionPage:
    """The section as it was reviewed: the page's own columns, drafts live in revisions only."""
    return SectionPage.objects.select_related("lead_department").get(pk=section.pk)


def doubled_paragraphs(page: SectionPage) -> list[tuple[str, str]]:
    """An obstacle for every block that holds more than one paragraph."""
    return [
        ("more_than_one_paragraph", plain(child.value.source)[:60])
        for child in page.body
        if child.block_type == "paragraph" and child.value.source.count("</p>") > 1
    ]


def frozen_text(content: Data, language: str, **fields) -> EditionText:
    """The row for words of a part, with what search reads of them and their hash; not saved."""
    words = [content[name] for name in SEARCHED if name in content]
    words += [block_text(block) for block in content.get("blocks", [])]
    return EditionText(
        content=content,
        plain="\n".join(words).strip(),
        hash=content_hash(content),
        language=language,
        **fields,
    )


def keep_files(page: SectionPage) -> None:
    """Store a copy of every picture of a section under its SHA-256."""
    for child in page.body:
        if child.block_type == "figure":
            with child.value["image"].open_file() as stored:
                content = stored.read()
            digest = sha256(content).hexdigest()
            if not FrozenFile.objects.filter(pk=digest).exists():
                kept = FrozenFile(sha256=digest)
                suffix = child.value["image"].file.name.rsplit(".", 1)[-1].lower()
                kept.file.save(f"{digest}.{suffix}", ContentFile(content))


def _review_obstacles(page) -> list[str]:
    obstacles = []
    if not page.live:
        obstacles.append("not_reviewed")
    elif page.has_unpublished_changes:
        obstacles.append("unpublished_changes")
    if page.workflow_in_progress:
        obstacles.append("open_workflow")
    return obstacles
