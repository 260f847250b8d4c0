"""Words that carry no theme: never a label, never a keyword, no weight in word features."""

_LISTS = {
    "de": """
    ab aber allem allen aller alles allerdings also als am an andere anderen anderer anderes auch
    auf aus außerdem bei beim bereits besonders besser bestimmt bin bis bist bitte bzw da dabei
    dadurch dafür dagegen daher dahin damit danach daneben danke dann daran darauf daraus darf
    dürfen darin darum darüber das dass daß davon davor dazu dein deine deinem deinen dem den denen
    denn dennoch der deren derer derzeit des deshalb dessen dich die dies diese dieselbe diesem
    diesen dieser dieses dir doch dort du durch durchaus eben ebenfalls ebenso eher eigentlich ein
    eine einem einen einer eines einfach einige einigen einiger einmal er erst es etc etwa etwas
    euch euer eure fall falls fast finde finden für ganz gar gegen geht gehört genau genug gerade
    gern gerne gibt gilt ging gleich gut gute guten guter gutes hab habe haben halt hat hatte
    hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem
    ins insbesondere irgendwie ist ja je jede jedem jeden jeder jedes jedoch jemand jetzt kann
    kaum kein keine keinem keinen keiner keines klar können könnte könnten lassen lässt leider
    los mal man manche manchmal mehr mein meine meinem meinen meiner meines meist meistens mich
    mir mit möchte möchten möglich muss muß müssen müsste nach nachdem natürlich neben nein nicht
    nichts nie niemand noch nun nur nämlich ob oben obwohl oder oft ohne paar pro recht rund
    schon sehr sei seid sein seine seinem seinen seiner seines seit selbst sich sie sind so sobald
    sogar solch solche solchen solcher soll sollen sollte sollten somit sondern sonst sowie
    sowohl statt stets teil trotz trotzdem über überall überhaupt um und uns unser unsere unserem
    unseren unserer unter usw viel viele vielen vieler vielleicht vom von vor vorher wann war
    waren warum was wegen weil weiter weitere weiteren weiterhin welche welcher welches wenig
    weniger wenn wer werde werden wie wieder will wir wird wirklich wo wobei wodurch wollen
    wollte wurde wurden wäre wären würde würden während zb ziemlich zu zum zumindest zur zurück
    zusammen zwar zwischen zwischendurch bspw ca evtl inkl sodass nichtmal mindestens
    """,
    "en": """
    a about above after again all almost already also although always am an and another any are
    as at away be because been before being below between both but by can could did do does doing
    done down during each either enough etc even ever every few find for from further get gets
    give go goes good got had has have having he her here hers him his how however i if in into is
    it its itself just kind let lot lots made make makes many may maybe me might more most much
    must my need needs never no nor not now of off often on once one only or other our ours out
    over own perhaps please put quite rather really same say see she should since so some
    something still such take than thank thanks that the their them then there these they thing
    things think this those though through to too under until up us use very want was way we well
    were what when where whether which while who whom whose why will with within without would
    yes yet you your yours don dont doesn isn aren won cant
    """,
    "tr": """
    acaba ama ancak artık aslında az bana bazı belki ben benim beri bile bir biraz birçok biri
    birkaç biz bize bizim böyle bu bunlar bunu bunun burada çok çünkü da daha de defa değil diye
    dolayı en fakat gibi göre hem hep hepsi her hiç için iki ile ise işte kadar kendi ki kim mi mı
    mu mü nasıl ne neden nerede niye o olan olarak oldu olduğu olmalı olmak olması olmasın olsun
    olur onlar onu onun orada oysa öyle sadece sanki sen siz sonra şey şimdi şu tüm var ve veya ya
    yani yok zaman lazım gerek lütfen gerekir gerekiyor istiyorum istiyoruz
    """,
    "ar": """
    في من إلى الى على عن مع هذا هذه ذلك تلك التي الذي الذين أن ان إن لا لم لن ما هو هي هم هن نحن
    أنا انا أنت كان كانت يكون تكون قد كل بعض غير أو او ثم حتى بعد قبل عند لكن لأن لان إذا اذا كما
    أيضا ايضا جدا فقط بين حيث منذ هناك هنا كيف لماذا متى أين يجب نريد أريد لدينا لهم لنا بها به
    فيها فيه عليها عليه منها منه ليس ليست سوف و يا أي اي نحتاج يوجد
    """,
    "uk": """
    а або але б без би був була були було бути в вам вас ваш вже ви від він вона вони воно все всі
    всіх ви де для до дуже є ж же з за зі і із й його її їх к коли кожен ласка лише ми мені мене
    можна може мої мій на навіть нам нас наш наші не нема немає ні них них о об один по під після
    при про просимо прошу саме свій свої себе собі та так також там те ти тих то тобто тому треба
    тут у усі хто це цей ці через що щоб ще як який яка яке які якщо потрібно хочемо хочу
    """,
    "ru": """
    а без более бы был была были было быть в вам вас ваш весь во вот все всего всех вы где да даже
    для до его ее её если есть еще ещё ж же за здесь и из или им их к как какой когда кто ли либо
    лишь мне может можно мой мы на над надо нам нас наш не него нее нет ни них но ну о об один он
    она они оно от очень по под пожалуйста после потому при про с сам свой себя со так также там
    то того тоже только том ты у уже хотим хочу чего чем что чтобы эта эти это этот я нужно
    """,
    "fa": """
    از با به در بر برای تا که را این آن ما من تو او شما آنها ها های هم همه هر یا و اگر اما ولی باید
    است هست بود شد شود شده می نمی دارد داریم دارند کرد کند کنند کنیم چون چه کی کجا چرا هیچ نه یک
    بسیار خیلی فقط نیز دیگر بین پس پیش روی زیر لطفا خود می‌شود نیست باشد
    """,
    "pl": """
    a aby albo ale ani bardzo bez bo by być był była było były chcemy chcę co czy dla do gdy gdzie
    go i ich ile im inne iż ja jak jako jakie je jednak jego jej jest jestem jeszcze jeśli już
    każdy kiedy kto która które który którzy ma mają mi mnie może można mój my na nad nam nas nasz
    nawet nie niech niż no o od on ona oni oraz po pod potrzebne potrzebujemy poza proszę przed
    przez przy są się sobie swoje ta tak także tam te tego tej ten to też trzeba tu ty tylko tym u
    w we więc wszystkie wszystko z za ze że żeby powinny powinno
    """,
    "ro": """
    a acea această aceasta acest acesta ai aici al ale am ar are as asta așa atunci au avea avem
    ca că când care ce cei cele cine cu cum da dacă dar de deci decât despre din doar după e ea ei
    el ele era este eu fi fie fără fost foarte iar în înainte îi își la le li lor lui mai mult ne
    nici noi nostru nu o or ori pe pentru poate prea prin sa să sau se și sunt te toate tot trebuie
    tu un una unde unei unor unui vă vor vrem vreau
    """,
    "fr": """
    à afin ai alors après au aucun aussi autre autres aux avant avec avoir beaucoup bien c ça car
    ce cela ces cet cette ceux chaque chez comme comment d dans de des donc dont du elle elles en
    encore entre est et été être eu faire fait faut fois il ils j je jamais jusque l la là le les
    leur leurs lui m ma mais me même merci mes moi moins mon n ne ni non nos notre nous on ont ou
    où par parce pas peu peut plus pour pourquoi qu quand que quel quelle qui quoi s sa sans se
    ses si son sont sous sur t ta te tous tout toute toutes très trop tu un une veux vos votre vous
    y il faudrait voulons doit
    """,
    "es": """
    a al algo algunos ante antes así aunque bien cada casi como cómo con contra cuando cuándo de
    del desde donde dos el él ella ellas ellos en entre era es esa ese eso esta está están este
    esto estos fue ha hace hacer hacia han hasta hay la las le les lo los más me menos mi mis mucho
    muy ni no nos nosotros nuestra nuestro o os otra otro otros para pero poco por porque puede
    que qué quien se sea ser si sí sido sin sobre solo son su sus también tan tanto te tener tiene
    toda todas todo todos tu tus un una uno unos y ya yo debe debería queremos quiero
    """,
    "it": """
    a ad ai al alla alle allo altri altro anche ancora avere c che chi ci cioè come con contro cosa
    così cui da dai dal dalla dalle degli dei del della delle dello di dopo dove due e è ed era
    essere fa fare fra già gli ha hanno ho i il in io l la le lei li lo loro lui ma mai me meno mi
    mia mio molto nei nel nella nelle no noi non nostra nostro o ogni ora per perché però più poco
    poi prima può qua quale quando quella quello questa queste questi questo qui se sei sempre
    senza si sia sono sopra sotto su sua sue sul sulla suo suoi te tra tu tutti tutto un una uno
    vi voi vogliamo dovrebbe devono
    """,
}
STOPWORDS: dict[str, frozenset[str]] = {code: frozenset(s.split()) for code, s in _LISTS.items()}
ALL_STOPWORDS: frozenset[str] = frozenset().union(*STOPWORDS.values())
# Politeness and the consultation itself: in many contributions, about none of them.
_SMALL_TALK_LIST = """
hallo guten tag liebe lieber sehr geehrte geehrter damen herren freundliche freundlichen grüße
grüßen gruß beste besten viele herzliche dank vielen danke mfg lg dear sir madam hello hi kind
regards best sincerely idee ideen vorschlag vorschläge frage fragen meinung beitrag kommentar
problem thema stadt city menschen leute people jahr jahre jahren zeit mal dinge sache beispiel
"""
SMALL_TALK = frozenset(_SMALL_TALK_LIST.split())
# They may carry a demand, but name no theme.
_NO_NAMES_LIST = """
eins zwei drei vier fünf sechs sieben acht neun zehn hundert tausend two three four five six seven
eight nine ten machen macht gemacht sagen sagt gesagt gab gegeben steht stehen sitzen kommt kommen
gekommen bekommen bekommt schreibt schreiben sprechen spricht weiß wissen richtig falsch wort satz
beide erste ersten zweite letzte letzten neue neuen neuer neues alte alten
"""
NO_NAMES = frozenset(_NO_NAMES_LIST.split())

# Before the name of a place, without an article between.
BEFORE_PLACES = frozenset(("in", "nach", "aus", "bis", "ab", "von", "bei", "richtung", "zwischen"))
# Beginnings of insults: they are said, but never a name for what was said.
_INSULTS = (
    "arsch", "asozial", "bastard", "deppen", "dreck", "fick", "fotze", "hure", "idiot", "kanak",
    "missgeburt", "neger", "nigg", "schlampe", "schwuchtel", "spast", "vollpfosten", "wichser",
    "zigeuner", "scheiß", "scheiss", "trottel", "asshole", "bitch", "bullshit", "fuck", "moron",
    "orospu", "piç", "siktir", "aptal", "сука", "бляд", "хуй", "мудак", "كلب", "حمار",
)  # fmt: skip


def is_insult(word: str) -> bool:
    """True for a case folded word that begins like an insult."""
    return word.startswith(_INSULTS)


def is_stopword(word: str, language: str = "") -> bool:
    """True for a word (casefolded) that carries no theme in its language, or in any if unknown."""
    return word in STOPWORDS.get(language, ALL_STOPWORDS) or word in SMALL_TALK


def likeliest_list(words: list[str]) -> str:
    """The language whose small words occur most often among case folded words, or ''."""
    hits = {code: sum(word in known for word in words) for code, known in STOPWORDS.items()}
    best = max(hits, key=lambda code: (hits[code], code))
    return best if hits[best] else ""
