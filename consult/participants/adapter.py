"""How allauth creates our accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone
from django.utils.translation import get_language


class AccountAdapter(DefaultAccountAdapter):
    """Stores the pseudonym, the language and the declared residence with a new account."""

    def save_user(self, request, user, form, commit=True):  # noqa: FBT002 - allauth's signature
        user.pseudonym = form.cleaned_data.get("pseudonym", "").strip()
        user.language = get_language() or "de"
        if form.cleaned_data.get("residence"):
            user.residence_declared_at = timezone.now()
        return super().save_user(request, user, form, commit)
