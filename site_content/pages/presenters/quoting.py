"""Words of the concept that stand in quotation marks."""

ONE_LEVEL_DOWN = str.maketrans({"„": "‚", "“": "‘"})


def quoted(words: str) -> str:
    """Return words as they stand between „ and “: marks one level down, cut between two words.

    A quote is kept with a length in characters and may end within a word.
    """
    if words.endswith("…") and " " in words:
        words = words.rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
    return words.translate(ONE_LEVEL_DOWN)
