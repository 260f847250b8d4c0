"""What a text in some language is shown with."""

from django.utils.translation import get_language_info


def language_of(code: str) -> dict[str, str]:
    """The code, direction (`dir`) and name of a language in the reader's words.

    A code that nobody knows is shown as it is, its direction as its letters say.
    """
    try:
        info = get_language_info(code)
    except KeyError:
        return {"code": code, "dir": "auto", "name": code}
    direction = "rtl" if info["bidi"] else "ltr"
    return {"code": code, "dir": direction, "name": info["name_translated"]}
