"""Blocks of a section. A block's child id is its stable key (wid) in every edition."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from drafts.concept.amounts import EurosField
from drafts.concept.states import CostStatus, FundingStatus, MeasureKind

INLINE_MARKS = ["bold", "italic", "link"]


class ParagraphBlock(blocks.RichTextBlock):
    """One numbered paragraph: people refer to it, so it is never two."""

    def __init__(self, **kwargs):
        super().__init__(features=INLINE_MARKS, **kwargs)

    def clean(self, value):
        cleaned = super().clean(value)
        if len(re.findall(r"<p[\s>]", cleaned.source)) > 1:
            raise ValidationError(
                _(
                    "Ein Absatz-Block enthält genau einen Absatz. "
                    "Legen Sie für den nächsten Absatz einen neuen Block an."
                )
            )
        return cleaned

    class Meta:
        icon = "pilcrow"
        label = _("Absatz")


class EurosBlock(blocks.FieldBlock):
    """Whole euros, as they are written in German."""

    def __init__(self, *, required: bool = True, help_text: str | None = None, **kwargs):
        self.field = EurosField(required=required, help_text=help_text)
        super().__init__(**kwargs)


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Bild"))
    alt = blocks.CharBlock(label=_("Beschreibung für Menschen, die das Bild nicht sehen"))
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False)

    class Meta:
        icon = "image"
        label = _("Bild")


class TableBlock(TypedTableBlock):
    def __init__(self, **kwargs):
        super().__init__([("text", blocks.CharBlock(label=_("Text"), required=False))], **kwargs)

    class Meta:
        icon = "table"
        label = _("Tabelle")


class SectionBody(blocks.StreamBlock):
    """The text of a section, block by block."""

    heading = blocks.CharBlock(icon="title", label=_("Zwischenüberschrift"), max_length=160)
    paragraph = ParagraphBlock()
    list = blocks.ListBlock(
        blocks.RichTextBlock(features=INLINE_MARKS, label=_("Punkt")),
        icon="list-ul",
        label=_("Liste"),
    )
    table = TableBlock()
    figure = FigureBlock()


class MeasureBlock(blocks.StructBlock):
    """A proposed measure. Its child id becomes the measure's wid."""

    number = blocks.CharBlock(label=_("Nummer"), max_length=20)
    title = blocks.CharBlock(label=_("Titel"), max_length=200)
    description = blocks.TextBlock(label=_("Beschreibung"), required=False)
    kind = blocks.ChoiceBlock(choices=MeasureKind.choices, label=_("Art"))
    responsible = blocks.CharBlock(label=_("Zuständig"), required=False)
    period = blocks.CharBlock(label=_("Zeitraum"), required=False, max_length=60)
    cost_status = blocks.ChoiceBlock(choices=CostStatus.choices, label=_("Kosten"))
    cost_one_off = EurosBlock(label=_("einmalig, in Euro"), required=False)
    cost_yearly = EurosBlock(label=_("jährlich, in Euro"), required=False)
    posts = blocks.DecimalBlock(
        label=_("Stellen (Vollzeit)"),
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        help_text=_("Leer heißt: Der Text sagt dazu nichts. Eine halbe Stelle ist 0,5."),
    )
    funding = blocks.ChoiceBlock(
        choices=FundingStatus.choices, label=_("Finanzierung"), required=False
    )
    also_serves = blocks.ListBlock(
        blocks.CharBlock(max_length=20), label=_("Dient auch den Zielen (Nummern)"), default=[]
    )

    def clean(self, value):
        cleaned = super().clean(value)
        has_figure = cleaned["cost_one_off"] is not None or cleaned["cost_yearly"] is not None
        if has_figure != (cleaned["cost_status"] == CostStatus.ESTIMATED):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "cost_status": ValidationError(
                        _(
                            "Geben Sie einen Betrag an oder wählen Sie "
                            "„noch nicht geschätzt“, nicht beides."
                        )
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "tasks"
        label = _("Maßnahme")


class MeasureStream(blocks.StreamBlock):
    measure = MeasureBlock()
