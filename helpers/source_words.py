"""What is said of sources, links and looks: the words of their states, with dates."""

from django.template.defaultfilters import date as in_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups.ago import ago
from groups.models import Service

from .models import LinkCheck, Source
from .sources.failures import WORDS

State = Source.State


def problem_in_words(code, status=None):
    """Return what is wrong, as a sentence, with the status the site answered where it gave one."""
    words = str(WORDS.get(code) or WORDS["unreadable"])
    if status and status >= 400:
        return _("%(words)s (answer %(status)s)") % {"words": words.rstrip("."), "status": status}
    return words


def state_of_source(source, today):
    """Return in one sentence where ``source`` stands."""
    match source.state:
        case State.NEW:
            return _("Not read yet: that takes a minute or two.")
        case State.FINE:
            return _("Read %(when)s: fine.") % {"when": ago(_day(source.last_read_at), today)}
    since = day_in_words(source.failing_since or source.state_since)
    sentence = {
        State.FAILING: _("Cannot be read since %(since)s."),
        State.GONE: _("Gone since %(since)s."),
        State.MOVED: _("Moved to another site since %(since)s."),
        State.UNREADABLE: _("Cannot be understood since %(since)s."),
        State.NEEDS_LOGIN: _("Asks for a password since %(since)s."),
    }[source.state]
    return sentence % {"since": since}


def state_of_link(check):
    """Return in one sentence what a link answers: “your sign-up page answers 404 since 3 May”."""
    words = {"link": Service.Kind(check.kind).label, "since": day_in_words(check.failing_since)}
    if check.state == LinkCheck.State.UNKNOWN:
        return _("“%(link)s”: it says nothing to programs, so we do not know.") % words
    if check.http_status:
        words["status"] = check.http_status
        return _("“%(link)s” answers %(status)s since %(since)s.") % words
    words["problem"] = problem_in_words(check.problem)
    return _("“%(link)s” cannot be reached since %(since)s. %(problem)s") % words


def what_would_count(found):
    """Return in one sentence what a proposal would count, as a look found it."""
    if found["problem"]:
        return problem_in_words(found["problem"], found.get("http_status"))
    if not found["total"] and not found["coming"]:
        return _("It can be read; there is nothing dated in it yet.")
    days = len(found["days"])
    return ngettext(
        "%(total)s sign of life on %(days)s day.",
        "%(total)s signs of life on %(days)s days.",
        found["total"],
    ) % {"total": found["total"], "days": days}


def day_in_words(moment):
    return in_words(_day(moment), "j F Y") if moment else ""


def _day(moment):
    return timezone.localdate(moment)
