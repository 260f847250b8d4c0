"""What the editor shows beside the fields of a page."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.fields import StreamField

from drafts.concept.easy_language import CHECKED, report
from drafts.concept.snapshots import plain


class EasyLanguagePanel(Panel):
    """How easy the named fields of a German page are to read.

    What is stored is checked when the form opens; with a script, what is being written too.
    """

    def __init__(self, fields: Iterable[str], **kwargs):
        kwargs.setdefault("heading", _("Verständlich schreiben"))
        super().__init__(**kwargs)
        self.fields = tuple(fields)

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "fields": self.fields}

    class BoundPanel(Panel.BoundPanel):
        template_name = "concept_desk/easy_language_panel.html"

        def is_shown(self):
            return self.instance.locale.language_code in CHECKED

        @property
        def media(self):
            return forms.Media(js=["js/easy-language.js"])

        def get_context_data(self, parent_context=None):
            language = self.instance.locale.language_code
            texts = [text for name in self.panel.fields for text in words_of(self.instance, name)]
            return {
                **super().get_context_data(parent_context),
                "report": report(texts, language),
                "language": language,
            }


def words_of(page, name: str) -> list[str]:
    """The texts of one field of a page without marks; a stream gives one for each piece."""
    value = getattr(page, name)
    if isinstance(page._meta.get_field(name), StreamField):
        return [plain(str(text)) for text in value.stream_block.get_searchable_content(value)]
    return [plain(str(value))]
