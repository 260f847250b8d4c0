"""How a mail is written: the same words as plain text and as HTML, in the reader's language.

The HTML part loads nothing from anywhere and counts nobody.
"""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, get_language_info

from consult.participants.models import Notice

WITH_ITS_OWN_HTML = frozenset({"news"})
_ID_DIGITS = 32


def letter_of(notice: Notice) -> EmailMultiAlternatives:
    """The mail of a notice, ready to be sent. Its Message-ID is the same at every attempt.

    A notice with `stop` in its context can be unsubscribed from by one click (RFC 8058).
    """
    with translation.override(notice.language):
        context = _context(notice)
        subject, text = _written(notice.template, context)
        html = html_of(subject, text, notice.template, context)
        headers = _headers(notice, context)
    address = notice.user.email if notice.user else notice.email
    letter = EmailMultiAlternatives(subject, text, None, [address], headers=headers)
    letter.attach_alternative(html, "text/html")
    return letter


def subject_and_text(notice: Notice) -> tuple[str, str]:
    """The first line of the template is the subject, what follows is the mail."""
    with translation.override(notice.language):
        return _written(notice.template, _context(notice))


def html_of(
    subject: str, text: str, template: str = "", context: dict[str, Any] | None = None
) -> str:
    """The HTML part in the active language.

    It is made of the paragraphs of the text, unless the template has an HTML file of its own.
    """
    language = get_language()
    name = template if template in WITH_ITS_OWN_HTML else "base"
    return render_to_string(
        f"emails/{name}.html",
        {
            **(context or {}),
            "subject": subject,
            "paragraphs": [_lines(part) for part in text.strip().split("\n\n") if part.strip()],
            "language": language,
            "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        },
    )


def _context(notice: Notice) -> dict[str, Any]:
    site = settings.WAGTAILADMIN_BASE_URL
    stop = notice.context.get("stop")
    return {
        **notice.context,
        "site": site,
        "home": site + reverse("home"),
        "stop_url": site + reverse("stop_following", args=[stop]) if stop else "",
    }


def _written(template: str, context: dict[str, Any]) -> tuple[str, str]:
    text = render_to_string(f"emails/{template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _headers(notice: Notice, context: dict[str, Any]) -> dict[str, str]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    digest = salted_hmac("consult.notice", notice.key, algorithm="sha256").hexdigest()
    headers = {
        "Message-ID": f"<{digest[:_ID_DIGITS]}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": notice.language,
    }
    if context["stop_url"]:
        headers["List-Unsubscribe"] = f"<{context['stop_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _lines(paragraph: str) -> list[dict[str, Any]]:
    """Lines of a paragraph; only addresses of this site become links."""
    site = settings.WAGTAILADMIN_BASE_URL
    return [
        {"text": line, "is_link": line.startswith(f"{site}/") and " " not in line}
        for line in paragraph.strip().splitlines()
    ]
