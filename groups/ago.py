"""How long ago something was, in whole days, weeks, months or years and in words.

Nothing here reads the clock.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

DAYS_A_WEEK = 7


def ago(day, today):
    """Return `yesterday`, `three weeks ago`, `two years ago`… in the reader's language."""
    days = (today - day).days
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if months >= 12:
        return _counted(_("a year ago"), _("%(number)s years ago"), months // 12)
    if months >= 1:
        return _counted(_("a month ago"), _("%(number)s months ago"), months)
    weeks = days // DAYS_A_WEEK
    if weeks >= 1:
        return _counted(_("a week ago"), _("%(number)s weeks ago"), weeks)
    return _("%(number)s days ago") % {"number": _number(days)}


def _counted(one, several, count):
    return one if count == 1 else several % {"number": _number(count)}


def _number(count):
    """Return a small number as a word, a larger one in digits."""
    words = {
        2: pgettext("number", "two"),
        3: pgettext("number", "three"),
        4: pgettext("number", "four"),
        5: pgettext("number", "five"),
        6: pgettext("number", "six"),
        7: pgettext("number", "seven"),
        8: pgettext("number", "eight"),
        9: pgettext("number", "nine"),
        10: pgettext("number", "ten"),
        11: pgettext("number", "eleven"),
    }
    return words.get(count, str(count))
