"""Signing in, as allauth does it, with our mail, our limits and our words."""

import secrets
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .limits import SORRY, network_of, over_limit
from .mail import queue_mail
from .models import Person
from .models.people import fold_email

# Nobody's mailbox is filled by somebody who types addresses: mails to unknown ones, a network.
UNKNOWN_ANSWERED = 10
UNKNOWN_ANSWERED_WITHIN = timedelta(hours=1)


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks the site it runs in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and this password do not go together. Try again, or ask for a code by "
            "mail."
        ),
        "incorrect_code": _(
            "This is not the code of the last mail. Look at the mail that came last, and type its "
            "six digits."
        ),
        "incorrect_password": _("This is not your password. Try again."),
        "rate_limited": SORRY,
        "too_many_login_attempts": SORRY,
    }

    def send_mail(self, template_prefix, email, context):
        """Queue the mail that allauth wants to send: a code, or the news that there is none."""
        if template_prefix == "account/email/login_code":
            self.send_code(email, context["code"])
        elif template_prefix == "account/email/unknown_account":
            self.answer_unknown(email)
        else:
            raise ValueError(f"No flow of ours sends {template_prefix}.")

    def send_code(self, email, code):
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        queue_mail(
            "login_code",
            key=f"login_code:{secrets.token_hex(16)}",
            person=person_of(email),
            receiver=email,
            context={"code": code, "minutes": minutes},
            is_asked=True,
        )

    def answer_unknown(self, email):
        """Tell an address that nobody knows how to begin: once a day, and few for one network."""
        if over_limit(
            self.request,
            "unknown_address",
            times=UNKNOWN_ANSWERED,
            within=UNKNOWN_ANSWERED_WITHIN,
        ):
            return
        queue_mail(
            "unknown_address",
            key=f"unknown:{timezone.now():%Y-%m-%d}:{hash_of(email)}",
            receiver=email,
            context={"address": settings.SITE_URL + reverse("groups:new_group")},
            is_asked=True,
        )

    def add_message(self, request, level, *args, **kwargs):
        """Keep only what went wrong: of what went well the next page speaks for itself."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def get_client_ip(self, request):
        """Return what limits count by: the hash of a network, so that no address is kept."""
        return network_of(request)

    def respond_user_inactive(self, request, user):
        """Send whoever may no longer sign in back to the start, and say why."""
        messages.error(request, _("This address can no longer be used to sign in."))
        return redirect("account_login")


class SecondFactorAdapter(DefaultMFAAdapter):
    """What allauth asks about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This is not the code of this moment: it changes every thirty seconds, and each is "
            "good once. Type the one that is shown now."
        ),
    }

    def get_totp_issuer(self):
        return settings.SITE_HOST


def person_of(email):
    """Return the person who may sign in with this address, or None."""
    return Person.objects.filter(email=fold_email(email), is_active=True).first()


def hash_of(email):
    """Return what an address is called where it is only to be recognised."""
    return salted_hmac("groups.accounts", fold_email(email), algorithm="sha256").hexdigest()
