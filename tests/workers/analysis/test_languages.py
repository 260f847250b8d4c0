import pytest

from workers.analysis.languages import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bei der Ausländerbehörde bekommt man keinen Termin.", "de"),
        ("Letters from the authorities are too complicated.", "en"),
        ("Yabancılar dairesinden randevu alınamıyor.", "tr"),
        ("لا يمكن الحصول على موعد في دائرة الأجانب", "ar"),
        ("Листи від установ надто складні.", "uk"),
        ("Письма из ведомств слишком сложные.", "ru"),
        ("نامه‌های اداره‌ها بسیار پیچیده هستند و کسی نمی‌فهمد", "fa"),
        ("Listy z urzędów są zbyt skomplikowane.", "pl"),
        ("Mehr Kitas", "de"),
        ("Evet", "tr"),
        ("12345 !!!", "und"),
        ("", "und"),
    ],
)
def test_language_of_long_and_short_texts(text, code):
    assert detect_language(text) == code
