"""Words in addresses: plain letters, German umlauts written out."""

from django.utils.text import slugify

_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


def address_word(text: str) -> str:
    """Return what stands for `text` in an address: "Für alle" becomes fuer-alle (DIN 5007-2).

    Empty where the text has no letter or digit of the Latin alphabet.
    """
    return slugify(text.translate(_WRITTEN_OUT))
