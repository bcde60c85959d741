import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from groups.views.private import open_form, private_page


def answered(decorate):
    """Return the headers of a page so decorated, and what its view was given."""
    given = []

    @decorate
    def page(request, *args, **kwargs):
        given.append((args, kwargs))
        return HttpResponse("words")

    response = page(RequestFactory().get("/"), 1, name="x")
    assert response.text == "words"
    assert given == [((1,), {"name": "x"})]
    assert page.__name__ == "page"
    names = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")
    return tuple(response[name] for name in names)


@pytest.mark.parametrize(
    ("decorate", "headers"),
    [
        (private_page, ("private, no-store", "noindex, nofollow", "same-origin")),
        (private_page(), ("private, no-store", "noindex, nofollow", "same-origin")),
        (private_page(secret=True), ("private, no-store", "noindex, nofollow", "no-referrer")),
        (open_form, ("private, no-cache", "noindex, nofollow", "same-origin")),
    ],
)
def test_a_page_says_who_may_keep_it_find_it_and_know_where_one_came_from(decorate, headers):
    assert answered(decorate) == headers


def test_a_page_that_is_not_there_is_not_there():
    @private_page
    def page(request):
        raise Http404

    with pytest.raises(Http404):
        page(RequestFactory().get("/"))
