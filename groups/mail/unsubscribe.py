"""The address in a mail that says: no more of these. It needs no sign-in and never expires."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import override

from ..models import Person

signer = Signer(salt="groups.unsubscribe")


def unsubscribe_address(person):
    """Return the whole address where ``person`` may say no to the mails nobody asked for."""
    with override(person.language):
        path = reverse("groups:unsubscribe", args=[signer.sign(person.pk)])
    return settings.SITE_URL + path


def person_of(token):
    """Return the person this token was made for, or None."""
    try:
        return Person.objects.filter(pk=signer.unsign(token)).first()
    except BadSignature:
        return None
