"""Public addresses below the language prefix. Information pages follow through Wagtail."""

from django.urls import path

from site_content.pages.views import (
    account,
    comparison,
    council,
    erasure,
    first_steps,
    home,
    objecting,
    pictures,
    reading,
    reporting,
    search,
    suggesting,
    suggestions,
    themes,
    trail,
    voting,
    writing,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("neuigkeiten/", home.news, name="news"),
    # Reading
    path("konzept/", reading.current, name="current_edition"),
    path("konzept/fassung-<int:number>/", reading.contents, name="edition"),
    path("konzept/fassung-<int:number>/drucken/", reading.whole, name="edition_print"),
    path("konzept/fassung-<int:number>/ziel/<slug:slug>/", reading.goal, name="goal"),
    path("konzept/fassung-<int:number>/<slug:slug>/", reading.section, name="section"),
    path("fassungen/", comparison.editions, name="editions"),
    path("fassungen/<int:number>/aenderungen/", comparison.changes, name="changes"),
    # Taking part
    path("mitmachen/", first_steps.topics, name="first_steps"),
    path("mitmachen/<slug:slug>/", first_steps.write, name="first_words"),
    path("mitmachen/<slug:slug>/absenden/", first_steps.send, name="first_sending"),
    path("mitreden/fassung-<int:number>/<slug:slug>/", writing.comment, name="comment"),
    path("vorschlagen/fassung-<int:number>/<slug:slug>/", suggesting.suggest, name="suggest"),
    path(
        "vorschlaege/fassung-<int:number>/<slug:slug>/", suggestions.of_section, name="suggestions"
    ),
    path("unterstuetzen/<str:ref>/", suggestions.support, name="support"),
    path("abstimmen/fassung-<int:number>/<slug:slug>/", voting.vote, name="vote"),
    path("bestaetigen/<str:token>/", writing.confirm, name="confirm"),
    path("melden/<str:ref>/", reporting.report, name="report"),
    path("melden/entscheidung/<str:token>/", reporting.decision, name="report_decision"),
    # What became of it
    path("beitrag/<str:ref>/", trail.contribution, name="contribution"),
    path("beleg/<str:key>/", trail.receipt, name="receipt"),
    path("beleg/<str:key>/zurueckziehen/", trail.withdraw, name="withdraw"),
    path("beleg/<str:key>/nennung/", suggestions.credit, name="suggestion_credit"),
    path("beleg/<str:key>/loeschen/", erasure.erase_contribution, name="erase_contribution"),
    path("beleg/<str:key>/beschwerde/<int:decision>/", trail.complain, name="complain"),
    path("beleg/<str:key>/anliegen-fehlt/", objecting.object_to_theme, name="object"),
    path("meine-beitraege/", trail.my_contributions, name="my_contributions"),
    path("mein-konto/", account.account, name="account"),
    path("mein-konto/daten/", erasure.own_data, name="own_data"),
    path("mein-konto/loeschen/", erasure.erase_account, name="erase_account"),
    path("konto-geloescht/", erasure.account_erased, name="account_erased"),
    # Themes, council
    path("themen/", themes.current, name="themes"),
    path("themen/<str:ref>/", themes.of_round, name="round_themes"),
    path("themen/<str:ref>/bilder/", pictures.of_round, name="round_pictures"),
    path("themen/<str:ref>/bilder/meine-stelle/", pictures.own_place, name="own_place"),
    path("themen/<str:ref>/<int:number>/", themes.theme, name="theme"),
    path("rat/", council.papers, name="papers"),
    path("rat/<int:pk>/", council.paper, name="paper"),
    path("suche/", search.search, name="search"),
]
