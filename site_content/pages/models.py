"""The site around concept and conversation: start page, information pages, settings."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from drafts.concept.panels import EasyLanguagePanel


class HomePage(Page):
    """The root of the site. What it shows of the process is put together by its view."""

    claim = models.CharField(_("Ein Satz, was das hier ist"), max_length=200)
    lede = models.TextField(_("Einleitung"))
    offline = RichTextField(
        _("Ohne Internet mitmachen"), features=["bold", "italic", "link"], blank=True
    )

    template = "pages/home.html"
    content_panels = [
        *Page.content_panels,
        "claim",
        "lede",
        "offline",
        EasyLanguagePanel(["claim", "lede", "offline"]),
    ]
    subpage_types = ["pages.InfoPage", "pages.NewsPage", "concept.ConceptPage"]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("Startseite")


class InfoPage(Page):
    """An information page: rules, data protection, imprint, help."""

    lede = models.TextField(_("Einleitung"), blank=True)
    body = RichTextField(
        _("Text"), features=["h2", "h3", "bold", "italic", "link", "ol", "ul", "document-link"]
    )

    template = "pages/info.html"
    content_panels = [*Page.content_panels, "lede", "body", EasyLanguagePanel(["lede", "body"])]
    search_fields = [*Page.search_fields, index.SearchField("lede"), index.SearchField("body")]
    subpage_types = ["pages.InfoPage"]
    parent_page_types = ["pages.HomePage", "pages.InfoPage"]

    class Meta:
        verbose_name = _("Informationsseite")
        verbose_name_plural = _("Informationsseiten")


class NewsPage(Page):
    """Something new: a round begins, people meet, the council has decided."""

    day = models.DateField(_("Datum"), default=timezone.localdate)
    lede = models.TextField(_("Das Wichtigste in zwei Sätzen"))
    body = RichTextField(
        _("Text"),
        features=["h2", "h3", "bold", "italic", "link", "ol", "ul", "document-link"],
        blank=True,
    )

    template = "pages/news.html"
    content_panels = [
        *Page.content_panels,
        "day",
        "lede",
        "body",
        EasyLanguagePanel(["lede", "body"]),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lede"), index.SearchField("body")]
    subpage_types: list[str] = []
    parent_page_types = ["pages.HomePage"]

    class Meta:
        verbose_name = _("Meldung")
        verbose_name_plural = _("Meldungen")


@register_setting(icon="home")
class City(BaseSiteSetting):
    """Who runs this site."""

    name = models.CharField(_("Name der Stadt"), max_length=120)
    product_name = models.CharField(
        _("Name dieser Seite"), max_length=120, default="Integrationskonzept gemeinsam schreiben"
    )
    office = models.CharField(_("Verantwortliche Stelle"), max_length=160)
    editor_in_charge = models.CharField(
        _("Verantwortlich für Themen und Zusammenfassungen"), max_length=160, blank=True
    )
    email = models.EmailField(_("E-Mail-Adresse für Fragen"))
    phone = models.CharField(_("Telefon"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("Stadt")

    def __str__(self):
        return self.name
