"""Forms of the import: which file, into which concept, of which kind the sections are."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from drafts.concept.importing import ParsedConcept, ParsedSection
from drafts.concept.models import ConceptPage
from drafts.concept.states import SectionKind


class UploadForm(forms.Form):
    """A file and the concept that it is read into."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Word (.docx) oder Markdown (.md), höchstens 20 MB."),
        error_messages={
            "required": _("Wählen Sie die Datei, in der das Konzept steht."),
            "empty": _("Diese Datei ist leer. Wählen Sie eine andere."),
        },
        widget=forms.FileInput(attrs={"accept": ".docx,.md,.markdown"}),
    )
    concept = forms.ModelChoiceField(
        ConceptPage.objects.none(),
        label=_("Wohin soll der Text?"),
        empty_label=_("In ein neues Konzept"),
        help_text=_(
            "In einem vorhandenen Konzept werden Abschnitte und Ziele an ihrer Nummer, sonst an "
            "ihrem Wortlaut wiedererkannt. Nichts wird gelöscht."
        ),
        error_messages={"required": _("Wählen Sie das Konzept, in das der Text gehört.")},
    )

    def __init__(self, *args, concepts: Iterable[ConceptPage], may_add: bool, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["concept"]
        field.queryset = ConceptPage.objects.filter(pk__in=[found.pk for found in concepts])
        field.required = not may_add
        if not may_add:
            field.empty_label = "---------"


class KindsForm(forms.Form):
    """One field a section: what kind it is. Field names are `kind-0`, `kind-1` …"""

    def __init__(self, *args, parsed: ParsedConcept, **kwargs):
        super().__init__(*args, **kwargs)
        self.sections = parsed.sections
        for place, section in enumerate(parsed.sections):
            self.fields[f"kind-{place}"] = forms.ChoiceField(
                label=_("Art von „%(section)s“") % {"section": section.label},
                choices=SectionKind.choices,
                initial=section.kind,
            )

    def kinds(self) -> dict[str, str]:
        """The chosen kinds keyed as `read_concept` wants them: by number, else by title."""
        return {
            _key(section): self.cleaned_data[f"kind-{place}"]
            for place, section in enumerate(self.sections)
        }


def _key(section: ParsedSection) -> str:
    return section.number or section.title
