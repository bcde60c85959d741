"""From what waits in the queue to the mail that leaves: greeting, sections, ending, headers."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp
from django.template.loader import get_template
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ..text import tidy_lines
from . import flowing
from .queue import render_text
from .unsubscribe import unsubscribe_address

# A name that is an address of the web or of mail would make our greeting an advertisement.
LOOKS_LIKE_AN_ADDRESS = re.compile(r"[/@:]|\w\.\w")


def compose(mails):
    """Return one message of ``mails``, which go to one receiver.

    Raises ValueError (and its kinds) where an address is none.
    """
    first = mails[0]
    with override(first.language):
        stop = unsubscribe_address(first.person) if first.person and not first.is_asked else ""
        context = {
            "language": first.language,
            "subject": subject_of(mails),
            "greeted": greeted(first.person),
            "sections": [section_of(mail, is_alone=len(mails) == 1) for mail in mails],
            "site_name": _("Ecosystem of groups"),
            "site_url": settings.SITE_URL,
            "unsubscribe_address": stop,
        }
        message = FlowedMessage(
            subject=context["subject"],
            body=flowing.flowed(tidy_lines(render_text("mail/frame.txt", context))),
            from_email=sender(context["site_name"]),
            to=[first.receiver],
            reply_to=answers_to(mails),
            headers=headers(mails, stop),
        )
        html = tidy_lines(get_template("mail/frame.html").render(context))
        message.attach_alternative(html, "text/html")
    return message


class FlowedMessage(EmailMultiAlternatives):
    """A message in seven bits and short lines, whose text says that its lines may be joined."""

    # Nothing on the way has a reason to touch it.
    encoding = utf8_charset_qp

    def message(self):
        message = super().message()
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                part.set_param("format", "flowed")
        return message


def section_of(mail, *, is_alone):
    """Return what the frame shows of one mail; alone, its subject is that of the whole."""
    return {
        "title": "" if is_alone else mail.subject,
        "rule": "-" * min(len(mail.subject), flowing.WIDTH),
        "answer_to": "" if is_alone else mail.reply_to,
        "text": mail.text,
        # Rendered by our own template, which escaped what it was given.
        "html": mark_safe(mail.html),
    }


def subject_of(mails):
    if len(mails) == 1:
        return mails[0].subject
    return ngettext(
        "%(count)s piece of news of your groups",
        "%(count)s pieces of news of your groups",
        len(mails),
    ) % {"count": len(mails)}


def greeted(person):
    """Return the name to greet, or "" where there is none that is one."""
    name = person.name if person else ""
    return "" if LOOKS_LIKE_AN_ADDRESS.search(name) else name


def sender(site_name):
    name, address = parseaddr(settings.MAIL_FROM)
    name = re.sub(r'[\\"]', "", name or site_name)
    return f'"{name}" <{address}>'


def answers_to(mails):
    """Return where answers go, if all sections agree on it."""
    addresses = {mail.reply_to for mail in mails}
    return [addresses.pop()] if len(addresses) == 1 and "" not in addresses else []


def headers(mails, stop):
    """Return the headers beyond those every mail has."""
    _name, address = parseaddr(settings.MAIL_FROM)
    keys = "\n".join(mail.key for mail in mails)
    # The same each time it is tried: who gets it twice can tell. Keys themselves stay with us.
    identifier = salted_hmac("groups.mail", keys, algorithm="sha256").hexdigest()[:32]
    found = {
        "Message-ID": f"<{identifier}@{address.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    if stop:
        found["List-Unsubscribe"] = f"<{stop}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found
