"""Words for numbers in the languages that residents write in: they are said, but name nothing."""

_LISTS = {
    "de": """
    null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
    sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig
    neunzig hundert tausend million millionen dutzend
    """,
    "en": """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    hundreds thousand thousands million millions dozen dozens
    """,
    "tr": """
    sıfır bir iki üç dört beş altı yedi sekiz dokuz on yirmi otuz kırk elli altmış yetmiş seksen
    doksan yüz yüzlerce bin binlerce milyon ilk birinci ikinci
    """,
    "ar": """
    صفر واحد واحدة اثنان اثنين اثنتان اثنتين ثلاثة ثلاث أربعة أربع اربعة اربع خمسة خمس ستة ست سبعة
    سبع ثمانية ثمان ثماني تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين اربعين خمسون
    خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئات ألف الف آلاف مليون
    """,
    "uk": """
    нуль один одна одне два дві двох три трьох чотири чотирьох п'ять п’ять пять шість сім вісім
    дев'ять дев’ять десять двадцять тридцять сорок п'ятдесят п’ятдесят сто тисяча тисячі мільйон
    """,
    "ru": """
    ноль один одна одно два две двух три трёх трех четыре пять шесть семь восемь девять десять
    двадцать тридцать сорок пятьдесят сто тысяча тысячи тысяч миллион
    """,
    "fa": """
    صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد
    هزار میلیون
    """,
    "pl": """
    zero jeden jedna jedno dwa dwie dwóch trzy trzech cztery pięć sześć siedem osiem dziewięć
    dziesięć dwadzieścia trzydzieści pięćdziesiąt sto tysiąc tysiące milion
    """,
    "ro": """
    zero unu una doi două trei patru cinci șase sase șapte sapte opt nouă zece douăzeci treizeci
    cincizeci sută sute mie mii milion
    """,
    "fr": """
    zéro deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante
    cinquante soixante cent cents mille million millions
    """,
    "es": """
    cero dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta
    cincuenta cien ciento mil miles millón millones
    """,
    "it": """
    zero uno due tre quattro cinque sei sette otto nove dieci undici dodici quindici venti trenta
    quaranta cinquanta cento mille mila milione milioni
    """,
    "bg": """
    нула един една едно два две три четири пет шест седем осем девет десет двадесет тридесет
    петдесет сто хиляда хиляди милион
    """,
    "hr": """
    nula jedan jedna jedno dva dvije tri četiri pet šest sedam osam devet deset dvadeset trideset
    pedeset sto tisuća tisuće hiljada milijun
    """,
    "el": """
    μηδέν ένα ένας μία δύο δυο τρία τρεις τέσσερα τέσσερις πέντε έξι επτά εφτά οκτώ οχτώ εννέα
    εννιά δέκα είκοσι τριάντα πενήντα εκατό χίλια χιλιάδες εκατομμύριο
    """,
}
NUMERALS: dict[str, frozenset[str]] = {code: frozenset(s.split()) for code, s in _LISTS.items()}
ALL_NUMERALS: frozenset[str] = frozenset().union(*NUMERALS.values())
