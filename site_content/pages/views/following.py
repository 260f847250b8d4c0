"""Following something, with an account or an address, and ending it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consult.following.forms import ChangeForm, FollowForm, GuestFollowForm
from consult.following.models import Follower
from consult.following.selectors import (
    Followed,
    find_followed,
    follower_of,
    is_own,
    subscription_to,
)
from consult.following.services.following import (
    LinkExpired,
    NothingToFollow,
    ask_to_follow,
    change_rhythm,
    confirm_following,
    stop,
    unfollow,
    wish_behind,
)
from consult.following.services.following import (
    follow as begin_to_follow,
)
from consult.following.services.links import (
    Stop,
    follower_behind,
    manage_token,
    read_stop_token,
)
from consult.following.states import Rhythm, Topic
from site_content.pages.presenters.following import followed_rows, said_of
from site_content.pages.views.form_pages import (
    come_back,
    describe_errors,
    message_page,
    status_of,
    too_fast,
)
from site_content.pages.views.secrecy import behind_a_key


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, topic: str, key: str) -> HttpResponse:
    """Ask how often, or do it: at once for an account, after a mail for an address."""
    found = find_followed(topic, key)
    if found is None:
        raise Http404
    if request.user.is_authenticated:
        return _follow_as_person(request, found)
    return _follow_as_guest(request, found)


def _follow_as_person(request: HttpRequest, found: Followed) -> HttpResponse:
    if request.POST.get("deed") == "stop":
        return _stop_as_person(request, found)
    row = subscription_to(request.user, found.topic, found.object)
    initial = {"rhythm": row.rhythm} if row and row.rhythm != Rhythm.NEVER else None
    form = FollowForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rhythm = Rhythm(form.cleaned_data["rhythm"])
        begin_to_follow(
            user=request.user,
            topic=found.topic,
            object_=found.object,
            rhythm=rhythm,
            at=timezone.now(),
        )
        said = _("Sie verfolgen jetzt: {name}. {rhythm}")
        messages.success(request, said.format(name=found.name, rhythm=said_of(rhythm)))
        return redirect(found.url)
    return _form_page(request, form, found, rhythm=row.rhythm if row else "")


def _stop_as_person(request: HttpRequest, found: Followed) -> HttpResponse:
    follower = follower_of(request.user)
    if follower is None and found.topic == Topic.CONTRIBUTION:
        # Authors follow without a row: only now there is something to keep.
        begin_to_follow(
            user=request.user, topic=found.topic, object_=found.object, rhythm=Rhythm.DAILY,
            at=timezone.now(),
        )  # fmt: skip
        follower = follower_of(request.user)
    if follower is not None:
        unfollow(follower=follower, topic=found.topic, object_=found.object, at=timezone.now())
    messages.success(
        request, _("Sie bekommen keine E-Mails mehr über: {name}.").format(name=found.name)
    )
    return redirect(found.url)


def _follow_as_guest(request: HttpRequest, found: Followed) -> HttpResponse:
    if "gesendet" in request.GET:
        return render(request, "following/mail_sent.html", {"found": found})
    form = GuestFollowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_within_rate(request, form):
        ask_to_follow(
            email=form.cleaned_data["email"],
            topic=found.topic,
            object_=found.object,
            rhythm=Rhythm(form.cleaned_data["rhythm"]),
            language=get_language() or "de",
            at=timezone.now(),
        )
        return redirect(f"{request.path}?gesendet=1")
    return _form_page(request, form, found)


def _form_page(
    request: HttpRequest, form: FollowForm, found: Followed, rhythm: str = ""
) -> HttpResponse:
    describe_errors(form)
    follower = follower_of(request.user)
    own = found.topic == Topic.CONTRIBUTION and _wrote(request, follower, found)
    return render(
        request,
        "following/follow.html",
        {
            "form": form,
            "found": found,
            "kind": found.topic.label,
            "said": said_of(rhythm) if rhythm else "",
            "is_own": own,
            "can_stop": rhythm not in {"", Rhythm.NEVER} or (own and rhythm != Rhythm.NEVER),
            "login_url": ""
            if request.user.is_authenticated
            else come_back("account_login", request),
        },
        status=status_of(form),
    )


def _wrote(request: HttpRequest, follower: Follower | None, found: Followed) -> bool:
    if not request.user.is_authenticated:
        return False
    return is_own(follower or Follower(user=request.user), found.object)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show an address what it asked for; a POST begins it."""
    return behind_a_key(_confirm(request, token))


def _confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        wish = wish_behind(token, now)
        found = find_followed(wish.topic, wish.object)
        if found is None:
            raise NothingToFollow
        if request.method == "POST":
            return _confirmed(request, confirm_following(token=token, at=now).follower, found)
    except (LinkExpired, NothingToFollow):
        return message_page(
            request,
            _("Dieser Link gilt nicht mehr"),
            _("Er gilt zwei Tage. Wählen Sie auf der Seite, die Sie verfolgen möchten, noch "
              "einmal „Verfolgen“."),
            back=reverse("home"),
            back_label=_("Zur Startseite"),
            status=410,
        )  # fmt: skip
    return render(request, "following/confirm.html", {"found": found, "said": said_of(wish.rhythm)})


def _confirmed(request: HttpRequest, follower: Follower, found: Followed) -> HttpResponse:
    messages.success(request, _("Sie verfolgen jetzt: {name}.").format(name=found.name))
    if follower.user_id is not None:
        return redirect("following")
    return redirect("guest_following", manage_token(follower))


@login_required
@require_http_methods(["GET", "POST"])
def following(request: HttpRequest) -> HttpResponse:
    """Everything that the account follows, each with its rhythm."""
    follower = follower_of(request.user)
    if request.method == "POST" and follower is not None:
        _change(request, follower)
        return redirect("following")
    return render(request, "following/list.html", {"rows": followed_rows(follower)})


@require_http_methods(["GET", "POST"])
def guest_following(request: HttpRequest, token: str) -> HttpResponse:
    """The same for an address, by the link in its mails."""
    follower = follower_behind(token)
    if follower is not None and request.method == "POST":
        _change(request, follower)
        return behind_a_key(redirect("guest_following", token))
    context = {"rows": followed_rows(follower), "is_guest": True}
    return behind_a_key(render(request, "following/list.html", context))


def _change(request: HttpRequest, follower: Follower) -> None:
    form = ChangeForm(request.POST)
    topic, key = request.POST.get("topic", ""), request.POST.get("object", "")
    if request.POST.get("deed") == "stop":
        unfollow(follower=follower, topic=topic, object_=key, at=timezone.now())
        messages.success(request, _("Sie bekommen dazu keine E-Mails mehr."))
    elif form.is_valid() and change_rhythm(
        follower=follower, topic=topic, object_=key, rhythm=Rhythm(form.cleaned_data["rhythm"])
    ):
        messages.success(request, said_of(form.cleaned_data["rhythm"]))
    else:
        messages.error(request, _("Wählen Sie, wie oft Sie eine E-Mail möchten."))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop_following(request: HttpRequest, token: str) -> HttpResponse:
    """One click in a mail program (RFC 8058): a POST ends it, without login, cookie or detour.

    A GET only shows the button, because mail scanners open every link.
    """
    if not ratelimit.consume(request, action="stop_following"):
        return behind_a_key(HttpResponse(_too_many(), status=429, content_type="text/plain"))
    wanted = read_stop_token(token)
    context = {"what": _named(wanted), "is_done": request.method == "POST"}
    if wanted is not None and request.method == "POST":
        stop(wanted=wanted, at=timezone.now())
    return behind_a_key(render(request, "following/stop.html", context))


def _named(wanted: Stop | None) -> str:
    if wanted is None:
        return ""
    if wanted.rhythm:
        return _("E-Mails in diesem Rhythmus: {rhythm}").format(rhythm=Rhythm(wanted.rhythm).label)
    found = find_followed(wanted.topic, wanted.object)
    return found.name if found else wanted.object


def _too_many() -> str:
    return _("Von hier kamen zu viele Anfragen. Versuchen Sie es in einer Stunde noch einmal.")


def _is_within_rate(request: HttpRequest, form: GuestFollowForm) -> bool:
    allowed = ratelimit.consume(request, action="follow", key=form.cleaned_data["email"].lower())
    if not allowed:
        form.add_error(None, too_fast())
    return allowed
