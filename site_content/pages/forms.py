"""Forms of the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.contributions.forms import UNREADABLE, PlainText, Trap
from consult.evaluation.services.objections import LONGEST_OBJECTION


class FindForm(forms.Form):
    """Find a contribution again by its number or by the link on its receipt."""

    beleg = forms.CharField(
        label=_("Nummer oder Link von Ihrem Beleg"),
        help_text=_("Zum Beispiel 2027-R1-0147. Der Link steht in unserer E-Mail an Sie."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Tragen Sie die Nummer oder den Link ein.")},
    )


class ComplaintForm(forms.Form):
    """The author objects to a decision of the moderation."""

    text = forms.CharField(
        label=_("Warum ist die Entscheidung falsch?"),
        help_text=_("Schreiben Sie mindestens einen Satz. Höchstens 5.000 Zeichen."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Schreiben Sie mindestens einen Satz, warum die Entscheidung falsch ist.")
        },
    )


class ObjectionForm(forms.Form):
    """The author misses the own point in a theme."""

    text = PlainText(
        label=_("Was fehlt? Was haben wir nicht verstanden?"),
        help_text=_(
            "In jeder Sprache, in Ihren Worten. Ein oder zwei Sätze genügen. Höchstens 2.000 "
            "Zeichen. Das lesen nur Sie und die Koordinierungsstelle."
        ),
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Schreiben Sie mindestens einen Satz, was fehlt."),
            "max_length": _("Schreiben Sie höchstens 2.000 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )


class WithdrawalForm(forms.Form):
    """Why somebody takes a contribution back: nobody has to say."""

    reason = forms.CharField(
        label=_("Grund (freiwillig)"),
        help_text=_("Den Grund lesen nur Sie und die Moderation. Höchstens 500 Zeichen."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Schreiben Sie höchstens 500 Zeichen.")},
    )


class CodeForm(forms.Form):
    """The code of a printed card."""

    code = forms.CharField(
        label=_("Code von Ihrer Karte"),
        help_text=_("Zwölf Zeichen, zum Beispiel K7QM-3XWR-9TFA. Groß oder klein ist gleich."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("Geben Sie den Code ein.")},
    )


class BarrierForm(forms.Form):
    """Somebody met a barrier, or needs a content in another form."""

    text = PlainText(
        label=_("Was geht nicht? Oder was brauchen Sie in anderer Form?"),
        help_text=_("Ein Satz genügt, in jeder Sprache. Höchstens 5.000 Zeichen."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Schreiben Sie in einem Satz, was nicht geht oder was Sie brauchen."),
            "max_length": _("Schreiben Sie höchstens 5.000 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    page = forms.CharField(
        label=_("Auf welcher Seite? (freiwillig)"),
        help_text=_("Name oder Adresse der Seite."),
        required=False,
        max_length=300,
        error_messages={
            "max_length": _("Schreiben Sie höchstens 300 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    contact = forms.EmailField(
        label=_("Ihre E-Mail-Adresse (freiwillig)"),
        help_text=_("Dann schicken wir Ihnen die Antwort. Sonst steht sie unter einem Link."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de.")
        },
    )
    website = Trap()

    use_required_attribute = False
