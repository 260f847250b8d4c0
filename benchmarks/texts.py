"""Quality of bundles, quotes and checked sentences."""

import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from statistics import mean

from benchmarks import material
from benchmarks.tables import Row, missing
from workers.analysis.duplicates import find_bundles, same_demand
from workers.analysis.features import build_features, content_stems
from workers.analysis.proof import unsupported
from workers.analysis.quotes import pick_representatives
from workers.analysis.texts import sentence_spans
from workers.analysis.themes import Contribution

GREETINGS = ("Sehr geehrte Damen und Herren,\n", "Hallo, ", "Guten Tag, ", "Liebes Team,\n")
CLOSINGS = ("\nMit freundlichen Grüßen\nEva Muster", " Vielen Dank!", "\nMfG E. Muster", " Danke!")
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
TYPO_RATES = (0.0, 0.004, 0.01)


def light_edits() -> Iterator[Row]:
    """Copies with greeting, closing and typos among other real contributions."""
    if not (data := material.outside()):
        yield missing("near-duplicates: light edits")
        return
    texts = [c.text for c in material.bonn(data)[0] if len(c.text) > 30]
    for rate in TYPO_RATES:
        families = _families(texts, rate, random.Random(11))
        precision, recall = _pairs_found(families, find_bundles(dict(families)))
        plain = _exact_recall(families)
        yield Row(
            f"near-duplicates: light edits, {rate:.1%} typos (P, R)", f"1.000, {plain:.3f}",
            f"{precision:.3f}, {recall:.3f}", ">= .99, .97", precision >= 0.99 and recall >= 0.97,
        )  # fmt: skip


def _families(texts: list[str], rate: float, chance: random.Random) -> dict[str, str]:
    """Texts by "family/copy"; 300 of them have one to three copies."""
    written = {f"{number}/0": text for number, text in enumerate(texts)}
    for number in chance.sample(range(len(texts)), 300):
        for copy in range(1, chance.randint(2, 4)):
            written[f"{number}/{copy}"] = _edited(texts[number], rate, chance)
    return written


def _edited(text: str, rate: float, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(round(rate * len(text))):
        place = chance.randrange(len(letters) - 1)
        kind = chance.choice(("other", "more", "less", "swap"))
        if not (letters[place].isalpha() and letters[place + 1].isalpha()):
            continue
        if kind == "swap":
            letters[place : place + 2] = letters[place + 1], letters[place]
        else:
            kept = letters[place] if kind == "more" else ""
            letters[place] = kept + ("" if kind == "less" else chance.choice(LETTERS))
            letters = list("".join(letters))
    edited = "".join(letters)
    return chance.choice(
        (f"{chance.choice(GREETINGS)}{edited}", f"{edited}{chance.choice(CLOSINGS)}", edited)
    )


def _pairs_found(families: dict[str, str], bundles) -> tuple[float, float]:
    together = {pair for bundle in bundles for pair in combinations(bundle.members, 2)}
    right = {pair for pair in together if pair[0].split("/")[0] == pair[1].split("/")[0]}
    members = defaultdict(list)
    for name in sorted(families):
        members[name.split("/")[0]].append(name)
    wanted = sum(len(list(combinations(names, 2))) for names in members.values())
    return len(right) / max(len(together), 1), len(right) / wanted


def _exact_recall(families: dict[str, str]) -> float:
    by_text = defaultdict(list)
    for name, text in sorted(families.items()):
        by_text[" ".join(text.casefold().split())].append(name)
    bundles = [type("Exact", (), {"members": names}) for names in by_text.values()]
    return _pairs_found(families, bundles)[1]


def twins() -> Iterator[Row]:
    """Contributions that people really sent twice."""
    if not (data := material.outside()):
        yield missing("near-duplicates: twins")
        return
    rows = material.twins(data)
    bundles = find_bundles({str(number): text for number, (_, text) in enumerate(rows)})
    found = {pair for bundle in bundles for pair in combinations(bundle.members, 2)}
    wanted = [
        (str(a), str(b))
        for a, b in combinations(range(len(rows)), 2)
        if rows[a][0] == rows[b][0]
    ]  # fmt: skip
    hits = sum(pair in found or pair[::-1] in found for pair in wanted)
    yield Row(
        "near-duplicates: twins found", "", f"{hits} of {len(wanted)}", "all", hits == len(wanted)
    )


def opposite_demands() -> Iterator[Row]:
    """Pairs that differ in a word and demand opposite things; baseline: 90 per cent alike."""
    from rapidfuzz import fuzz

    pairs = material.opposites()
    merged = sum(same_demand(one, other) for _, one, other in pairs)
    together = {
        f"{n}{side}": text for n, pair in enumerate(pairs) for side, text in enumerate(pair[1:])
    }
    merged += sum(
        a[:-1] == b[:-1]
        for bundle in find_bundles(together)
        for a, b in combinations(bundle.members, 2)
    )
    plain = sum(fuzz.ratio(one, other) >= 75 for _, one, other in pairs)
    yield Row(
        f"opposite demands merged, of {len(pairs)} pairs", str(plain), str(merged), "0 of >= 200",
        not merged and len(pairs) >= 200,
    )  # fmt: skip


def key_points() -> Iterator[Row]:
    """Share of key points hit by twice as many quotes; baseline: as many at random."""
    if not (data := material.outside()):
        yield missing("key points hit by quotes")
        return
    ours, theirs = [], []
    for arguments, matched in material.key_points(data):
        points = set().union(*matched)
        if not points:
            continue
        known = material.vectors([Contribution(f"{n:04}", t) for n, t in enumerate(arguments)])
        import numpy as np

        rows = np.array([known[f"{n:04}"] for n in range(len(arguments))])
        similar = build_features(arguments, ["en"] * len(rows), rows).similarities(slice(None))
        wordiness = [len(set(content_stems(text, "en"))) for text in arguments]
        picks = pick_representatives(similar, wordiness, 2 * len(points))
        ours.append(len(set().union(*(matched[pick] for pick in picks))) / len(points))
        drawn = random.Random(5).sample(range(len(rows)), min(len(points), len(rows)))
        theirs.append(len(set().union(*(matched[pick] for pick in drawn))) / len(points))
    yield Row(
        "key points hit, twice as many quotes as points", f"{mean(theirs):.3f}", f"{mean(ours):.3f}",
        ">= .83, +.12", mean(ours) >= 0.83 and mean(ours) - mean(theirs) >= 0.12,
    )  # fmt: skip


def sentence_check() -> Iterator[Row]:
    """Sentences of the second half of Bonn (held out), whole and spoilt; baseline: no check."""
    if not (data := material.outside()):
        yield missing("sentence check")
        return
    texts = [c.text for c in material.bonn(data)[0]][1100:]
    spoilt = _spoilt(texts, random.Random(3))
    bars = {
        "verbatim accepted": 1.0, "light rewrite accepted": 0.84, "wrong citation rejected": 0.99,
        "changed number rejected": 0.99, "flipped negation rejected": 0.95,
        "added clause rejected": 0.95,
    }  # fmt: skip
    for what, bar in bars.items():
        wants_fault = what.endswith("rejected")
        right = mean(bool(unsupported(*case)) == wants_fault for case in spoilt[what])
        yield Row(
            f"sentence check: {what}, {len(spoilt[what])}", "0" if wants_fault else "1",
            f"{right:.3f}", f">= {bar}", right >= bar,
        )  # fmt: skip


def _spoilt(texts: list[str], chance: random.Random) -> dict[str, list[tuple[str, list[str]]]]:
    cases = defaultdict(list)
    told = [
        (number, text[start:end])
        for number, text in enumerate(texts)
        for start, end in sentence_spans(text)
        if 8 <= len(text[start:end].split()) <= 30
    ]
    for number, sentence in chance.sample(told, 400):
        cited = [texts[number], *chance.sample(texts, 2)]
        others = chance.sample([text for text in texts if text != texts[number]], 3)
        written = sentence.split()
        cases["verbatim accepted"].append((sentence, cited))
        cases["wrong citation rejected"].append((sentence, others))
        cases["flipped negation rejected"].append((_flipped(written), cited))
        added = chance.choice(told)[1].split()[1:7]
        cases["added clause rejected"].append(
            (
                f"{sentence.rstrip('.!?')}, {chance.choice(('weil', 'und', 'damit'))} {' '.join(added)}.",
                cited,
            )
        )
        small = [
            n
            for n, word in enumerate(written)
            if word in ("der", "die", "das", "auch", "hier", "sehr")
        ]
        cases["light rewrite accepted"].append(
            (" ".join(word for n, word in enumerate(written) if n not in small[:2]), cited)
        )
        if any(character.isdigit() for character in sentence):
            turned = sentence.translate(str.maketrans("0123456789", "3456789012"))
            cases["changed number rejected"].append((turned, cited))
    return cases


def _flipped(written: list[str]) -> str:
    for place, word in enumerate(written):
        if word.casefold() == "nicht":
            return " ".join(written[:place] + written[place + 1 :])
        if word.casefold().startswith("kein"):
            return " ".join([*written[:place], word[1:], *written[place + 1 :]])
    verbs = ("ist", "sind", "wird", "werden", "kann", "können", "muss", "müssen", "soll", "sollte")
    place = next((n for n, word in enumerate(written) if word in verbs), len(written) - 2)
    return " ".join([*written[: place + 1], "nicht", *written[place + 1 :]])
