"""What every public page needs around its content."""

from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .licences import licence_name


def site(request):
    """Return the names and addresses the frame of a page shows. Costs no query."""
    other = other_language(request.get_full_path())
    return {**site_frame(get_language()), "other_language": other}


@cache
def site_frame(language):
    """Return what every page of a language shares. In that language."""
    return {
        "site_name": _("Ecosystem of groups"),
        "site_url": settings.SITE_URL,
        "icons": static("icons.svg"),
        "home_url": reverse("groups:home"),
        "groups_url": reverse("groups:group_list"),
        "register_url": reverse("groups:new_group"),
        "ecosystems_url": reverse("groups:ecosystem_list"),
        "network_url": reverse("groups:network"),
        "about_url": reverse("groups:about"),
        "privacy_url": reverse("groups:privacy"),
        "account_url": reverse("groups:account_home"),
        # The mails of the demo, and whom to be in it.
        "demo_url": reverse("groups-demo:demo_mails") if settings.DEMO else "",
        "licence": {
            "url": settings.DATA_LICENCE,
            "name": licence_name(settings.DATA_LICENCE),
        },
        "tile_url": settings.TILE_URL,
        "tile_attribution": settings.TILE_ATTRIBUTION,
    }


def other_language(path):
    """Return the code, name and address of the page at ``path`` in the other language."""
    if get_language() == "en":
        return {"code": "fr", "label": "Français", "url": path.removeprefix("/en") or "/"}
    return {"code": "en", "label": "English", "url": f"/en{path}"}
