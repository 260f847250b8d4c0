"""What a text demands, apart from its subject: numbers, negations, for and against.

Two near-identical texts may want opposite things ("gratis" / "kostenpflichtig", "1 Mio." /
"5 Mio."). What is found here must be equal before two texts may count as the same.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

# Digits with what belongs to them: 1.000, 2,5, A3, 30er; letters and digits together are one mark.
_NUMBER = re.compile(r"[^\W_]*\d[^\W_]*(?:[.,:/]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)[.](?=\d{3}(?:\D|$))")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")

# Whole words (case folded) that turn a demand round or set its size, in any of our languages.
_WORDS_LIST = """
nicht nichts nein nie niemals niemand nirgends kein keine keinem keinen keiner keines keinerlei
ohne weder gegen wider statt anstatt sondern außer ausser kaum anders anderer ja pro contra
kontra dafür dagegen mehr weniger mindestens höchstens maximal minimal nur ausschließlich alle
jede jeder jedes jedem jeden beide länger kürzer höher niedriger größer kleiner früher später
schneller langsamer besser schlechter teurer billiger öffentlich privat gratis umsonst
unentgeltlich entgeltlich weg falsch richtig zwei drei vier fünf sechs sieben acht neun zehn elf
zwölf zwanzig dreißig fünfzig hundert tausend halb halbe doppelt doppelte dreifach mio mrd
million millionen milliarde milliarden prozent januar februar märz april mai juni juli august
september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
not no nor never none nobody nothing neither without against instead except unless hardly
more less fewer most least only always all every both too yes pro down out off
closed free fee fees paid public private voluntary mandatory compulsory optional better worse
higher lower right wrong ban june july
dont doesnt didnt cant cannot wont isnt arent shouldnt wouldnt couldnt two three four five six
seven eight nine ten hundred thousand half double million billion percent
değil yok hayır asla hiç hiçbir olmasın istemiyorum istemiyoruz ücretsiz ücretli bedava daha az
çok fazla karşı evet var iki üç dört beş altı yedi sekiz dokuz yüz bin
haziran temmuz ağustos ocak şubat mart nisan mayıs eylül ekim kasım aralık
червні липні червня липня червень липень січні січня грудні грудня
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
لا ألا الا لم لن ليس ليست بدون غير ضد مع مجاني مجانا مجانية مدفوع أكثر أقل كل نعم
не ні немає нема без проти за більше менше тільки лише всі так безкоштовно безкоштовний
безкоштовні платно платний платні два три чотири нет против больше меньше только все
бесплатно бесплатный бесплатные
نه نیست بدون ضد علیه بیشتر کمتر فقط همه رایگان پولی بله
nie bez przeciw przeciwko więcej mniej tylko wszyscy za darmo bezpłatnie bezpłatne płatne płatny
tak dwa trzy cztery
nu fără contra împotriva mai mult puțin doar toate gratuit gratuite plată da doi
trei
pas non jamais rien aucun aucune sans contre plus moins seulement tous toutes gratuit gratuite
payant payante oui deux trois quatre
no ni nunca nada ningún ninguna sin contra más menos solo sólo todos todas gratis gratuito
gratuita pago sí dos tres cuatro
non mai niente nessun nessuno nessuna senza contro più meno solo tutti tutte gratuito gratuita
pagamento sì due tre quattro
"""
_WORDS = frozenset(_WORDS_LIST.split())
# Beginnings of words with which people ask to start, stop, raise or cut something.
_BEGINNINGS = (
    "abschaff", "abgeschafft", "abschaft", "abbau", "abgebaut", "ausbau", "aufbau", "ausgebaut",
    "verbot", "verbiet", "erlaub", "gestatt", "zulass", "zugelass", "verhinder", "stopp", "gestoppt",
    "streich", "gestrichen", "kürz", "gekürzt", "erhöh", "senk", "gesenkt", "steiger", "gesteigert",
    "reduzier", "verringer", "verstärk", "ablehn", "abgelehn", "lehne", "lehnen", "befürwort",
    "unterstütz", "schließ", "schliess", "geschlossen", "öffn", "geöffnet", "eröffn", "entfern",
    "beibehalt", "beibehält", "erhalt", "einführ", "eingeführt", "beend", "verlänger", "verkürz",
    "vermeid", "förder", "gefördert", "begrenz", "unbegrenz", "befrist", "unbefrist", "vergrößer",
    "verkleiner", "verpflicht", "pflicht", "freiwillig", "kosten", "gebühr", "verbesser", "verschlechter", "gegner", "unnötig", "überflüssig", "sinnlos",
    "abolish", "forbid", "prohibit", "allow", "permit", "disallow", "stop", "increas", "decreas",
    "reduc", "rais", "lower", "cut", "oppos", "support", "reject", "clos", "open", "remov",
    "introduc", "keep", "extend", "shorten", "limit", "unlimit", "cancel", "unnecess",
    "yasak", "izin", "kald", "artır", "azalt", "karşı", "kapat", "açıl", "destekl",
    "заборон", "дозвол", "скасув", "збільш", "зменш", "закри", "відкри", "підтрим",
    "запрет", "разреш", "отмен", "увелич", "уменьш", "откры", "поддерж",
)  # fmt: skip
# Word endings with which one and the same noun turns into its opposite.
_ENDINGS = ("los", "lose", "losen", "frei", "freie", "freien", "pflichtig", "pflichtige", "n’t",
            "n't", "less", "siz", "sız", "suz", "süz")  # fmt: skip


def demand_signs(text: str) -> Counter[str]:
    """The numbers, currencies, symbols and the question mark of a text, each with how often."""
    folded = unicodedata.normalize("NFC", text).casefold()
    signs = Counter(_THOUSANDS.sub("", number) for number in _NUMBER.findall(folded))
    signs.update(c for c in folded if c in "%‰" or unicodedata.category(c) in {"Sc", "So", "Sm"})
    if "?" in folded or "؟" in folded:
        signs["?"] = 1
    return signs


def has_demand(text: str) -> bool:
    """True if a text holds any sign or word that sets or turns a demand."""
    return bool(demand_signs(text)) or any(word_mark(w) for w in _WORD.findall(text.casefold()))


@lru_cache(maxsize=100_000)
def word_mark(word: str) -> str:
    """What a case folded word of demand stands for: itself or its beginning; empty for others."""
    if word in _WORDS or has_ending(word):
        return word
    return next((beginning for beginning in _BEGINNINGS if word.startswith(beginning)), "")


def has_ending(word: str) -> bool:
    """True if a case folded word ends with what turns a noun into its opposite."""
    return len(word) > 4 and word not in _WORDS and word.endswith(_ENDINGS)
