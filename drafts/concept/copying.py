"""New keys for the blocks of copied pages: a key names one place of the concept, never two."""

import json
import uuid
from typing import Any

from django.db import transaction
from wagtail.models import Page

from drafts.concept.models import GoalPage, SectionPage

# The StreamField of each page type whose child ids are the keys (wid) of an edition.
KEYED_FIELDS = {SectionPage: "body", GoalPage: "measures"}


@transaction.atomic
def renew_block_keys(page: Page) -> None:
    """Give every block of a copied page and of the pages below it a new key.

    Words, order and history stay; all revisions of a page keep agreeing on the new keys. An alias
    repeats its source word for word and is left alone.
    """
    for model, field in KEYED_FIELDS.items():
        for copy in model.objects.descendant_of(page, inclusive=True).filter(alias_of=None):
            _renew(copy, field)


def _renew(page: Page, field: str) -> None:
    fresh: dict[str, str] = {}
    stream = getattr(page, field)
    renewed = [_with_new_key(child, fresh) for child in stream.get_prep_value()]
    value = stream.stream_block.to_python(renewed)
    type(page).objects.filter(pk=page.pk).update(**{field: value})
    for revision in page.revisions.all():
        children = json.loads(revision.content[field])
        revision.content[field] = json.dumps([_with_new_key(child, fresh) for child in children])
        revision.save(update_fields=["content"])


def _with_new_key(child: dict[str, Any], fresh: dict[str, str]) -> dict[str, Any]:
    return {**child, "id": fresh.setdefault(child["id"], str(uuid.uuid4()))}
