"""How pages that concern one person, and open forms, are kept out of caches and search engines."""

from functools import wraps

from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt


def private_page(view=None, *, secret=False):
    """Answer by ``view`` what nobody keeps and nobody finds.

    With ``secret`` the address itself opens something: it is not told to the next page either.
    """
    if view is None:
        return lambda view: private_page(view, secret=secret)
    return _with_headers(
        view,
        {
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer" if secret else "same-origin",
        },
    )


def open_form(view):
    """Answer by ``view`` a form that anybody may fill in.

    The reader's own browser may keep it, so that whoever goes back finds what they had typed.
    """
    return _with_headers(
        view, {"Cache-Control": "private, no-cache", "Referrer-Policy": "same-origin"}
    )


def _with_headers(view, headers):
    @wraps(view)
    def with_headers(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        for name, value in headers.items():
            response[name] = value
        return response

    return with_headers


class _TokenCheck(CsrfViewMiddleware):
    """Check the token of a form, also where the browser does not tell whence it comes.

    A page that tells no referrer sends its forms with `Origin: null`, which Django takes for a
    stranger's.
    """

    def _origin_verified(self, request):
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)


def csrf_by_token(view):
    """Guard the forms of a page whose address is a secret: as everywhere, but for the origin."""
    return csrf_exempt(decorator_from_middleware(_TokenCheck)(view))
