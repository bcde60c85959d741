"""Signing in and the second factor: allauth's pages, those that make sense here, kept private."""

import time
from functools import wraps

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.generic import RedirectView

from .private import private_page

# How long asking for a code takes, whoever's the address is: its sender learns nothing from it.
ANSWER_TAKES = 0.25


def account_page(view):
    """Show one of allauth's pages as ours: private, with the status that its answer has."""

    @private_page
    @wraps(view)
    def page(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except ReauthenticationRequired:
            return ask_again(request)
        if request.method == "POST":
            response.status_code = status_of(response)
        return response

    return page


def as_slowly_for_all(view):
    """Answer a form by ``view`` after the same time, whether the address is known or not."""

    @wraps(view)
    def page(request, *args, **kwargs):
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0, began + ANSWER_TAKES - time.monotonic()))
        return response

    return page


def set_up(request):
    """Set a second factor up. Whoever has just typed its code is not asked for it once more."""
    had_one = request.user.is_authenticated and request.user.has_second_factor()
    response = totp.activate_totp(request)
    if request.user.is_authenticated and not had_one and request.user.has_second_factor():
        record_authentication(request, request.user, "mfa", type="totp", reauthenticated=True)
    return response


def ask_again(request):
    """Ask who it is before something that matters, then lead back to the page with the button.

    allauth would keep the whole request in the session to send it again, network address included.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    to = methods[0]["url"] if methods else reverse("account_login")
    return redirect(add_query_params(to, {"next": request.path}))


def status_of(response):
    """Return the status of an answer to a form: 422 for one with errors, 429 for too many."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form is None or not form.errors:
        return response.status_code
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 429 if codes & {"too_many_login_attempts", "rate_limited"} else 422


def page(route, view, name):
    return path(route, account_page(view), name=name)


ask_for_code = as_slowly_for_all(account.request_login_code)

# The names are those allauth asks for.
urlpatterns = [
    page("login/", ask_for_code, "account_login"),
    page("login/", ask_for_code, "account_request_login_code"),
    page("login/code/", account.confirm_login_code, "account_confirm_login_code"),
    page("login/password/", account.login, "account_login_by_password"),
    page("logout/", account.logout, "account_logout"),
    page("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    # Nobody signs up for an account alone: one begins with a group.
    path("signup/", RedirectView.as_view(pattern_name="groups:new_group"), name="account_signup"),
    page("2fa/", second_factor.index, "mfa_index"),
    page("2fa/authenticate/", second_factor.authenticate, "mfa_authenticate"),
    page("2fa/reauthenticate/", second_factor.reauthenticate, "mfa_reauthenticate"),
    page("2fa/totp/activate/", set_up, "mfa_activate_totp"),
    page("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    page("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    page(
        "2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    page(
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
]
