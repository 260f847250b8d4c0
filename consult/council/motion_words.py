"""Why a deed on an amendment motion is refused, and what to do next: one sentence for each code."""

from django.utils.translation import gettext_lazy as _

MOTION_REFUSALS = {
    "gone": _("Diese Stelle gibt es in der vorgelegten Fassung nicht. Wählen Sie eine andere."),
    "text_moved_on": _(
        "Der Text dieser Stelle ist nicht der, auf den sich der Antrag bezieht. Vergleichen Sie "
        "Ihren Wortlaut mit dem jetzigen und schicken Sie ihn dann noch einmal ab."
    ),
    "no_new_text": _(
        "Schreiben Sie den neuen Wortlaut. Soll die Stelle wegfallen, wählen Sie „streichen“."
    ),
    "nothing_new": _("Der neue Wortlaut ist der jetzige. Ändern Sie, was anders sein soll."),
    "wording_too_long": _(
        "Der Wortlaut ist zu lang. Möglich sind 5.000 Zeichen. Kürzen Sie ihn oder stellen Sie "
        "zwei Anträge."
    ),
    "unreadable": _("Der Text enthält ein Zeichen, das sich nicht lesen lässt. Löschen Sie es."),
    "by_hand": _(
        "Dieses Bild oder diese Tabelle lässt sich hier nicht anders fassen. Sie können beides "
        "streichen und daneben einen Absatz einfügen."
    ),
    "table_shape": _(
        "Jede Zeile der Tabelle braucht so viele Zellen wie bisher, getrennt durch einen "
        "senkrechten Strich |. Vergleichen Sie mit dem Wortlaut der Vorlage."
    ),
    "costs_unreadable": _(
        "Schreiben Sie die Kosten so: „einmalig 5.000 Euro“ und in einer neuen Zeile „jährlich "
        "12.000 Euro“. Oder schreiben Sie „noch nicht geschätzt“."
    ),
    "field_too_long": _(
        "Das ist für diese Stelle zu lang: Ein Titel hat höchstens 200 Zeichen, eine "
        "Zwischenüberschrift 160, die Angabe für wen 300, ein Zeitraum 60. Kürzen Sie den Text."
    ),
    "no_such_change": _("Das geht an dieser Stelle nicht. Wählen Sie, was geschehen soll."),
    "no_such_move": _(
        "Dorthin lässt sich die Stelle nicht verschieben. Wählen Sie eine Stelle derselben Art."
    ),
    "no_costs": _(
        "Nennen Sie einen Betrag, einmalig oder jährlich. Oder wählen Sie „noch nicht geschätzt“."
    ),
    "no_reason_to_move": _(
        "Begründen Sie den Antrag in einem Satz. Die Begründung ist öffentlich."
    ),
    "no_such_theme": _("Dieses Thema steht hier nicht zur Wahl. Wählen Sie ein anderes."),
    "no_mover": _(
        "Wählen Sie, wer den Antrag stellt: eine Fraktion, ein Gremium oder ein Mitglied."
    ),
    "no_reason_to_refuse": _(
        "Sagen Sie, warum der Antrag nicht zugelassen wird. Der Satz ist öffentlich."
    ),
    "settles_nothing": _(
        "Erledigt ist ein Antrag nur, wenn ein anderer angenommen ist, der ihm widerspricht oder "
        "dasselbe will."
    ),
    "motion_not_admitted": _(
        "Abgestimmt wird über Anträge, die zugelassen und noch offen sind. Lesen Sie den Stand."
    ),
    "no_accepted_wording": _("Geben Sie den Wortlaut an, der angenommen wurde."),
    "conflicts_with_accepted": _(
        "Ein anderer Antrag ist schon angenommen, der diesem widerspricht. Tragen Sie diesen als "
        "erledigt ein, oder als angenommen mit einem Wortlaut, der zu beiden passt."
    ),
    "motions_open": _(
        "Über einen Änderungsantrag ist noch nicht entschieden, oder seine Abstimmung ist noch "
        "nicht bestätigt. Erst dann steht der Text fest."
    ),
    "adopted_with_motions": _(
        "Änderungsanträge zum Text sind angenommen. Dann ist die Fassung geändert beschlossen: "
        "Berichtigen Sie das Ergebnis."
    ),
    "not_consolidated": _("Schreiben Sie zuerst die angenommenen Anträge auf die Seiten."),
    "text_not_as_decided": _(
        "Diese Fassung ist nicht der vorgelegte Text mit den angenommenen Anträgen. Vergleichen "
        "Sie unter „Änderungsanträge“, was abweicht."
    ),
    "released_by_the_same_person": _(
        "Sie haben diese Fassung freigegeben. In Kraft setzt sie eine andere Person."
    ),
}
