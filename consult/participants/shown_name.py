"""The name that is shown beside contributions: anybody's, but nobody takes it for the city's."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from drafts.concept.models import Department

LONGEST_NAME = 60
# Words by which offices sign; whoever uses one seems to speak for the city.
OFFICES = frozenset(
    [
        "admin",
        "administration",
        "administrator",
        "administratorin",
        "fachamt",
        "koordinierungsstelle",
        "moderation",
        "moderator",
        "moderatorin",
        "oberburgermeister",
        "oberburgermeisterin",
        "ratsburo",
        "redaktion",
        "stadtverwaltung",
        "systembetrieb",
    ]
)
# Joiners that Persian or Hindi names are written with.
JOINERS = frozenset("\u200c\u200d")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})

UNREADABLE = _(
    "Der Name enthält unsichtbare Zeichen oder mischt in einem Wort zwei Schriften. Tippen Sie ihn "
    "neu."
)
OFFICIAL = _(
    "Der Name klingt, als spräche die Stadt. Wählen Sie einen anderen oder lassen Sie das Feld leer."
)


class ShownName(forms.CharField):
    """A freely chosen name, or none."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Name, der angezeigt wird (freiwillig)"),
            required=False,
            max_length=LONGEST_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
            **kwargs,
        )

    def clean(self, value):
        """Refuse what readers could not tell from another name, or take for an office."""
        name = super().clean(value)
        if any(_is_hidden(sign) for sign in name) or any(map(_mixes_alphabets, name.split())):
            raise ValidationError(UNREADABLE, code="unreadable")
        if name and _is_official(name):
            raise ValidationError(OFFICIAL, code="official")
        return name


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in HIDDEN and sign not in JOINERS


def _mixes_alphabets(word: str) -> bool:
    names = {unicodedata.name(sign, "").split(" ")[0] for sign in word if sign.isalpha()}
    return len(names & ALPHABETS) > 1


def _is_official(name: str) -> bool:
    words = _bare(name)
    if not OFFICES.isdisjoint([*words, "".join(words)]):
        return True
    joined = f" {' '.join(words)} "
    return any(f" {' '.join(office)} " in joined for office in map(_bare, _offices()) if office)


def _bare(name: str) -> list[str]:
    """The words without accents, case and signs, as a hasty reader sees them."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()


def _offices() -> list[str]:
    cities = Site.objects.values_list("site_name", flat=True)
    return [*cities, *Department.objects.values_list("name", flat=True)]
