"""Whether a session has shown the account's second factor, not only that the account has one."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse

METHOD = "mfa"


class SetUpSecondFactor(ActivateTOTPView):
    """Counts the set-up as shown: its code was given a moment ago."""

    def form_valid(self, form) -> HttpResponse:
        """Set it up, then note it in the session."""
        response = super().form_valid(form)
        totp = Authenticator.Type.TOTP
        record_authentication(self.request, self.request.user, METHOD, type=totp)
        return response


def has_second_factor(user) -> bool:
    """Whether the account has set one up."""
    return bool(user.is_authenticated) and is_mfa_enabled(user)


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Whether it was asked for and given in this session.

    A session that is older than the second factor, or that came about without the login page, has
    not.
    """
    records = get_authentication_records(request, request.user)
    return any(record["method"] == METHOD for record in records)
