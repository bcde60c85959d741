"""What can go wrong with a source: a code each, put into words where it is shown."""

from email.utils import parsedate_to_datetime

from django.utils.translation import gettext_lazy as _

from .reading import SourceError

# What is told once is believed for so long at most; what is told wrongly, for the least.
LEAST_WAIT, MOST_WAIT = 60, 7 * 24 * 3600

WORDS = {
    # We do not ask.
    "bad_address": _("This is no web address that can be read."),
    "with_password": _("The address holds a name or a password; only what everybody may read is."),
    "bad_port": _("The address names a port other than those of the web."),
    "not_public": _("The address leads into a private network."),
    "robots": _("The site asks programs not to read this page (robots.txt)."),
    "redirect_loop": _("The address leads round in a circle."),
    "too_many_redirects": _("The address leads on and on."),
    # Nobody answers.
    "no_such_host": _("No site has this name."),
    "no_connection": _("The site does not answer."),
    "timed_out": _("The site takes too long to answer."),
    "bad_certificate": _("The certificate of the site is not valid."),
    "bad_tls": _("The site cannot be reached safely (TLS)."),
    # The answer is no answer.
    "broken": _("The answer is damaged."),
    "too_large": _("The answer is too large."),
    "wrong_type": _("The address holds something that is not text."),
    "gone": _("There is nothing at this address any more."),
    "needs_login": _("The site asks for a password."),
    "too_many": _("The site asks us to come less often."),
    "server_error": _("The site has a fault of its own."),
    "bad_status": _("The site refuses to answer."),
    # It was read, and not understood.
    "unreadable": _("What is there cannot be understood."),
    "a_page": _("A page came in its place."),
    "not_a_calendar": _("What is there is no calendar."),
    "not_a_feed": _("What is there is no feed."),
    "not_a_forum": _("What is there is no forum."),
    "not_a_page": _("What is there is no page."),
    "not_a_wiki": _("What is there is no wiki, or it shows no recent changes."),
    "not_an_archive": _("What is there is no mail archive."),
    "not_an_mbox": _("What is there is no mail archive in one file (mbox)."),
    "not_json": _("What is there is not what such a site answers to programs."),
    "empty": _("There is nothing to read."),
    "encrypted": _("What is there is encrypted; no program can read it."),
    "enough_asked": _("Too many questions would be needed to read it."),
    "moved": _("The address has moved to another site."),
    "emptied": _("Where there were entries before, there are none."),
    "all_of_today": _("All that is there is dated today: these are the dates of a copy."),
    "too_slow": _("It takes too long to understand."),
    "own_fault": _("Our own program failed; the operators are told."),
}


class Refused(SourceError):
    """We do not ask: our own rules, or those of the site."""


class Failed(SourceError):
    """The other side did not answer as hoped."""

    def __init__(self, code, *, status=None, wait=None, moved_to=""):
        super().__init__(code, status)
        # Seconds for which we were asked to keep away.
        self.wait = wait
        # Where the address has moved for good, whatever happened there.
        self.moved_to = moved_to


def failure_of(status, retry_after, now):
    """Return the `Failed` that a status means; ``now`` is in seconds, as of a clock."""
    wait = seconds_of(retry_after, now)
    if status in (401, 403, 407):
        code = "needs_login"
    elif status in (404, 410):
        code = "gone"
    elif status in (429, 999):
        code, wait = "too_many", wait or LEAST_WAIT
    else:
        code = "server_error" if status >= 500 else "bad_status"
    return Failed(code, status=status, wait=wait)


def seconds_of(text, now):
    """Return the seconds that a Retry-After asks for, within bounds; None where it asks nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, LEAST_WAIT), MOST_WAIT)
