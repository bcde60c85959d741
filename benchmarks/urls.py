"""The addresses of the site, and one view to compare them with."""

from django.http import HttpResponse
from django.urls import path

from ecosystem import urls


def constant(request):
    """Answer two bytes: what Django and the middleware cost by themselves."""
    return HttpResponse("ok")


urlpatterns = [path("constant/", constant), *urls.urlpatterns]
