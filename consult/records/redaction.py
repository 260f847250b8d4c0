"""Taking a person's words and name out of what others wrote about them."""

import re

GONE = "[auf Wunsch gelöscht]"
# So many words in a row are a quotation; fewer are anybody's language.
QUOTED_WORDS = 5
FEWEST_WORDS = 3
_WORD = re.compile(r"\w+")


def without_quotations(text: str, said: str) -> str:
    """Replace every verbatim quotation from `said` by a mark; return the text.

    A quotation is a run of five words that stand so in `said`, or all of its words where it has
    three or four. A text of one or two words is only found where nothing else stands. Case,
    punctuation and spaces do not matter.
    """
    words = [word.casefold() for word in _WORD.findall(said)]
    found = list(_WORD.finditer(text))
    read = [match.group().casefold() for match in found]
    if len(words) < FEWEST_WORDS:
        return GONE if words and read == words else text
    size = min(QUOTED_WORDS, len(words))
    known = {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}
    quoted: set[int] = set()
    for at in range(len(read) - size + 1):
        if tuple(read[at : at + size]) in known:
            quoted.update(range(at, at + size))
    return _cut(text, found, quoted)


def is_quotable(said: str) -> bool:
    """Whether a text is long enough to be recognised wherever it is quoted."""
    return len(_WORD.findall(said)) >= QUOTED_WORDS


def without_name(text: str, name: str) -> str:
    """Replace the name wherever it stands as words of its own by a mark; return the text."""
    if not name.strip():
        return text
    return re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", GONE, text, flags=re.IGNORECASE)


def _cut(text: str, found: list[re.Match[str]], quoted: set[int]) -> str:
    parts, end = [], 0
    for at in sorted(quoted):
        if at - 1 not in quoted:
            parts += [text[end : found[at].start()], GONE]
        end = found[at].end()
    return "".join([*parts, text[end:]])
