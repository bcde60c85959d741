"""What every request passes through that is ours."""

import logging

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

logger = logging.getLogger(__name__)


def language_from_path(get_response):
    """Let the address alone decide the language: French without a prefix, English under /en/.

    Django's LocaleMiddleware does the same but answers `Vary: Accept-Language` on French pages,
    and so would keep every shared cache from serving them.
    """

    def middleware(request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def database_away(get_response):
    """Answer 503 with a page, not a traceback, while the database cannot be reached."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if not isinstance(exception, (OperationalError, InterfaceError)) or is_reachable():
            return None
        logger.error("The database is away: %s", exception)
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "60"
        return response

    middleware.process_exception = process_exception
    return middleware


def refuse_too_large(get_response):
    """Answer 413 with a page, before a byte is read, to what is larger than any of our forms."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > settings.LARGEST_REQUEST:
            return HttpResponse(render_to_string("413.html"), status=413)
        return get_response(request)

    return middleware


def is_reachable():
    """Say whether the database answers now."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True
