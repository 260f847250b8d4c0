"""The site around concept and conversation: start page, information pages, settings."""

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from drafts.concept.panels import EasyLanguagePanel


class InEveryLanguage:
    """A page that is shown inside the site of every language, in German where it is not there."""

    @property
    def foreign_language(self) -> str:
        """The language of the words where it is not the reader's, else ""."""
        language = self.locale.language_code
        return "" if language == get_language() else language

    @property
    def address(self) -> str:
        """The path below the reader's language."""
        reader = get_language()
        with override(self.locale.language_code):
            return translate_url(self.get_url(), reader)


class HomePage(InEveryLanguage, Page):
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
    subpage_types = [
        "pages.InfoPage",
        "pages.NewsPage",
        "pages.SignLanguagePage",
        "concept.ConceptPage",
    ]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("Startseite")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page below this one; where this language has none, the German one.

        Raises Http404 where German has none either.
        """
        try:
            return super().route(request, path_components)
        except Http404:
            german = (
                self.get_translations().live().filter(locale__language_code=settings.LANGUAGE_CODE)
            )
            if not german:
                raise
            return german[0].route(request, path_components)


class InfoPage(InEveryLanguage, Page):
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


class NewsPage(InEveryLanguage, Page):
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


class SignLanguagePage(InEveryLanguage, Page):
    """What the site says, in sign language: a video that the city uploads, with captions and text.

    Without a video the page says honestly what it will show.
    """

    lede = models.TextField(_("Was das Video zeigt"))
    video = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Video (MP4, mindestens 320 × 240 Bildpunkte, 25 Bilder je Sekunde)"),
    )
    captions = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Untertitel (WebVTT)"),
    )
    duration = models.CharField(_("Dauer"), max_length=40, blank=True)
    transcript = RichTextField(
        _("Alles, was das Video sagt, als Text"),
        features=["h2", "h3", "bold", "italic", "link", "ol", "ul"],
    )

    template = "pages/sign_language.html"
    content_panels = [
        *Page.content_panels,
        "lede",
        "video",
        "captions",
        "duration",
        "transcript",
    ]
    subpage_types: list[str] = []
    parent_page_types = ["pages.HomePage"]

    class Meta:
        verbose_name = _("Seite in Gebärdensprache")
        verbose_name_plural = _("Seiten in Gebärdensprache")


class Conformity(models.TextChoices):
    """How far the site meets the law (BITV 2.0 section 7, Commission Decision (EU) 2018/1523)."""

    FULL = "full", _("vollständig vereinbar")
    PARTIAL = "partial", _("teilweise vereinbar")
    NONE = "none", _("nicht vereinbar")


@register_setting(icon="tick-inverse")
class AccessibilityStatement(BaseSiteSetting, ClusterableModel):
    """What the law wants the city to declare; the public page is made of it."""

    law = models.CharField(
        _("Gesetz, das hier gilt"),
        max_length=300,
        default="Hessisches Behinderten-Gleichstellungsgesetz (HessBGG) und Verordnung über "
        "barrierefreie Informationstechnik (HVBIT)",
    )
    conformity = models.CharField(
        _("Stand"), max_length=10, choices=Conformity, default=Conformity.PARTIAL
    )
    method = models.TextField(_("Wie geprüft wurde"), blank=True)
    assessed_on = models.DateField(_("Geprüft am"), null=True, blank=True)
    reviewed_on = models.DateField(_("Erklärung zuletzt überprüft am"), null=True, blank=True)
    email = models.EmailField(_("E-Mail-Adresse für Barrieren"), blank=True)
    phone = models.CharField(_("Telefon für Barrieren"), max_length=60, blank=True)
    body = models.CharField(_("Durchsetzungsstelle"), max_length=200, blank=True)
    body_address = models.TextField(_("Anschrift der Durchsetzungsstelle"), blank=True)
    body_url = models.URLField(_("Internetadresse der Durchsetzungsstelle"), blank=True)

    panels = [
        "law",
        "conformity",
        InlinePanel("gaps", label=_("Was noch nicht barrierefrei ist")),
        "method",
        "assessed_on",
        "reviewed_on",
        "email",
        "phone",
        "body",
        "body_address",
        "body_url",
    ]

    class Meta:
        verbose_name = _("Erklärung zur Barrierefreiheit")

    def __str__(self):
        return str(self._meta.verbose_name)


class AccessibilityGap(Orderable):
    """Something that not everybody can use yet."""

    statement = ParentalKey(AccessibilityStatement, related_name="gaps")
    what = models.CharField(_("Was"), max_length=300)
    why = models.CharField(_("Warum"), max_length=300)
    instead = models.CharField(_("Was Sie stattdessen tun können"), max_length=300)

    class Meta(Orderable.Meta):
        verbose_name = _("Lücke")
        verbose_name_plural = _("Lücken")

    def __str__(self):
        return self.what


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
