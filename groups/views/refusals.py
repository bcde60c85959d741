"""What Django refuses before any view sees it, answered with a sentence and a next step."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import registration, upkeep

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failed(request, reason=""):
    """Answer a form whose cookie was lost, or that another site sent.

    An entry is shown again with all that was typed, so that pressing once more is enough. Nothing
    is done with it: whoever sent it, somebody has to read it and press.
    """
    match = request.resolver_match
    sorry = _(
        "Your browser did not show us the small cookie that proves that this form is yours, "
        "perhaps because the page had been open for long. Nothing is lost: press the button "
        "once more. If you read this again, allow this site its cookies."
    )
    if match and match.view_name == "groups:new_group":
        return registration.shown_again(request, sorry, status=403)
    if match and match.view_name == "groups:group_edit":
        return upkeep.shown_again(request, **match.kwargs, sorry=sorry, status=403)
    return render(request, "403_csrf.html", status=403)


def bad_request(request, exception):
    """Answer what cannot be read, and what is too much to be read."""
    if isinstance(exception, TOO_LARGE):
        return too_large()
    return HttpResponseBadRequest(render_to_string("400.html"))


def too_large():
    """Answer a request that is larger than any of our forms."""
    return HttpResponseBadRequest(render_to_string("413.html"), status=413)
