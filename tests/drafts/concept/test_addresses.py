import pytest

from drafts.concept.addresses import address_word


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Für wen dieses Konzept gilt", "fuer-wen-dieses-konzept-gilt"),
        ("Straße & Öffentlichkeit", "strasse-oeffentlichkeit"),
        ("Unser Verständnis", "unser-verstaendnis"),
        ("العربية", ""),
    ],
)
def test_umlauts_are_written_out_in_addresses(title, word):
    assert address_word(title) == word
