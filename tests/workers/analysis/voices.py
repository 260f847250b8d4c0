"""Contributions of an invented city, for the tests of the analysis."""

from workers.analysis.themes import Contribution

COURSES = (
    "Es gibt zu wenige Deutschkurse am Abend für Berufstätige.",
    "Der Deutschkurs ist zu weit weg von unserer Wohnung.",
    "Bitte mehr Deutschkurse mit Kinderbetreuung anbieten.",
    "Ohne Kinderbetreuung kann ich keinen Deutschkurs besuchen.",
    "Deutschkurse am Samstag wären für mich ideal.",
    "Die Warteliste für den Deutschkurs ist länger als ein Jahr.",
    "Warum kosten Deutschkurse für Nachbarn aus der EU so viel?",
    "Ich lerne im Deutschkurs sehr viel, die Lehrerin ist großartig.",
)
BUSES = (
    "Der Bus fährt am Sonntag nur einmal in der Stunde.",
    "Die Buslinie ins Gewerbegebiet fehlt bis heute.",
    "Busse und Bahnen sind abends viel zu selten.",
    "Nach der Spätschicht fährt kein Bus mehr nach Hause.",
    "Der Bus zum Amt hält viel zu weit weg.",
    "Warum fährt der Bus in den Ferien seltener?",
    "An der Bushaltestelle fehlt ein Dach gegen den Regen.",
    "Ein Nachtbus am Wochenende würde allen helfen.",
)
HOUSING = (
    "Die Mieten sind viel zu hoch, Familien finden keine Wohnung.",
    "Vermieter lehnen uns wegen unseres Namens ab.",
    "Wir brauchen mehr bezahlbare Wohnungen im Stadtteil.",
    "Seit drei Jahren suchen wir eine größere Wohnung.",
    "Wohnungen der Stadt sollten nach einer klaren Liste vergeben werden.",
    "Die Wohnung ist feucht und der Vermieter antwortet nicht.",
    "Wer kontrolliert die Mieten in den neuen Häusern?",
    "Alte Büros könnten zu Wohnungen für Familien werden.",
)
OTHER_TONGUES = (
    ("Akşamları daha fazla Almanca kursu olsun.", "tr"),
    ("There are not enough German classes in the evening.", "en"),
    ("До промзони немає автобусного маршруту.", "uk"),
    ("لا يوجد خط حافلات إلى المنطقة الصناعية", "ar"),
    ("Kiralar çok yüksek, ev bulamıyoruz.", "tr"),
    ("Rents are too high and families cannot find a flat.", "en"),
)
KINDS = ("support", "concern", "question", "idea")


def round_of_contributions() -> list[Contribution]:
    """24 German and 6 other contributions of 20 people, in two sections."""
    texts = [(text, "de") for text in (*COURSES, *BUSES, *HOUSING)]
    return [
        Contribution(
            id=f"C-{number:02}",
            text=text,
            kind=KINDS[number % 4],
            section=("Sprache", "Wohnen")[number % 2],
            author=f"person {number % 20}",
        )
        for number, (text, _) in enumerate([*texts, *OTHER_TONGUES])
    ]
