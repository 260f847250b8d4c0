"""How allauth creates our accounts and tells visitors apart who have none."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from consult.participants.letters import html_of

# A salt outlives its day by the longest limit.
SALT_SECONDS = int(timedelta(days=2).total_seconds())


class AccountAdapter(DefaultAccountAdapter):
    """Stores the pseudonym, the language and the declared residence with a new account."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """What the limits count by: a hash of the address under a random salt of the day.

        Of an IPv6 address the network counts, as with allauth. Once the salt is gone nobody can
        tell whose hash it was.
        """
        address = truncate_ip(super().get_client_ip(request))
        day = timezone.localdate().isoformat()
        salt = cache.get_or_set(f"limits:{day}", secrets.token_hex, SALT_SECONDS)
        return hmac.new(salt.encode(), address.encode(), hashlib.sha256).hexdigest()

    def render_mail(self, template_prefix, email, context, headers=None):
        """Write mails on the account with an HTML part, as all others have one."""
        letter = super().render_mail(template_prefix, email, context, headers)
        letter.extra_headers["Auto-Submitted"] = "auto-generated"
        if not letter.alternatives:
            letter.attach_alternative(html_of(letter.subject, letter.body), "text/html")
        return letter

    def save_user(self, request, user, form, commit=True):  # noqa: FBT002 - allauth's signature
        user.pseudonym = form.cleaned_data.get("pseudonym", "").strip()
        user.language = get_language() or "de"
        if form.cleaned_data.get("residence"):
            user.residence_declared_at = timezone.now()
        return super().save_user(request, user, form, commit)
