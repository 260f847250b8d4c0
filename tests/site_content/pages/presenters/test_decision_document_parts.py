from site_content.pages.presenters.decision_document_parts import decided
from workers.documents.parts import Run

RECORD = {
    "outcome": "beschlossen",
    "status": "vorläufig",
    "is_provisional": True,
    "votes": "11 dafür, 2 Enthaltungen",
    "group_votes": [{"word": "dafür", "groups": "Offene Liste", "total": 11}],
    "resolution_number": "",
    "referred_to": "",
    "text": "",
    "conditions": "",
    "correction": "",
}


def test_words_of_a_record_are_marked_as_german_so_that_they_keep_their_direction():
    assert decided(RECORD) == [
        ("Ergebnis", "beschlossen (vorläufig)"),
        ("Abstimmung", [Run("11 dafür, 2 Enthaltungen", language="de")]),
        ("dafür", [Run("11: "), Run("Offene Liste", language="de")]),
    ]
