"""A document with one of everything."""

from datetime import date

from workers.documents.parts import (
    Document,
    Facts,
    Goal,
    Heading,
    Items,
    Note,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    Words,
)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
HOSTILE = '#panic("x") $x^2$ *stern* @niemand <b> \\ `code` _unter_ {{ x }} \\u0007 &amp;'
ARABIC = "نريد دورات لغة في المساء للعاملين"
UKRAINIAN = "Вечірні курси для тих, хто працює"
TURKISH = "Akşam dil kursları istiyoruz, çünkü gündüz çalışıyoruz"


def document(**values) -> Document:
    given = {
        "title": "Integrationskonzept",
        "language": "de",
        "date": date(2026, 11, 22),
        "date_text": "22. November 2026",
        "body": body(),
        "publisher": "Musterstadt",
        "mark": "Entwurf",
        "facts": [("Stand", "22. November 2026")],
    }
    return Document(**given | values)


def body() -> list:
    return [
        Heading("Sprache und Bildung", number="3", anchor="a3"),
        Paragraph([Run("Die Stadt "), Run("fördert", bold=True), Run(" Sprache.")], number="1"),
        Paragraph([Run("Mehr dazu", link="https://example.org/"), Run(" bei Ziel", link="#z31")]),
        Paragraph(HOSTILE),
        Items(["Kurse", "Beratung"]),
        Items(["erstens", "zweitens"], is_numbered=True),
        Goal("Ziel 3.1", "Alle Menschen lernen Deutsch.", anchor="z31"),
        Facts([("Federführung", "Amt für Bildung")]),
        Heading("Maßnahmen", level=3),
        Table(["Nr.", "Maßnahme", "Kosten"], [["M1", "Abendkurse", "12.000 €"]], widths=[1, 4, 2]),
        Quote(ARABIC, "ar", "Kommentar"),
        Quote(UKRAINIAN, "uk"),
        Quote(TURKISH, "tr"),
        Note("Nicht beschlossen.", title="Hinweis"),
        Picture(PIXEL, "image/png", "Ein Balken steigt", "Bild 1"),
    ]


def arabic_document() -> Document:
    return document(
        title="مفهوم الاندماج",
        language="ar",
        body=[
            Heading("المبادئ", number="1"),
            Paragraph("تنشئ المدينة مكتب استقبال", number="1"),
            Paragraph("Dieser Satz steht auf Deutsch.", language="de"),
        ],
        mark="",
        words=Words("المحتويات", "صفحة", "من"),
    )
