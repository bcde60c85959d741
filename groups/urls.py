"""The addresses of the directory: pages in the reader's language, data in none."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import ecosystems, groups, maps, pages, pictures


class PictureConverter(StringConverter):
    """The name of a stored picture, which is ours to choose."""

    regex = "[a-z]+/[a-z0-9-]+[.]webp"


register_converter(PictureConverter, "picture")

pages_in_a_language = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/<slug:short_name>/", groups.group_detail, name="group_detail"),
    path("ecosystems/", ecosystems.ecosystem_list, name="ecosystem_list"),
    path("ecosystems/<slug:slug>/", ecosystems.ecosystem_detail, name="ecosystem_detail"),
]

data = [
    path("map/groups.geojson", maps.map_groups, name="map_groups"),
    path("groups/<slug:short_name>/pattern.svg", pictures.group_pattern, name="group_pattern"),
    path("cloth.svg", pictures.cloth, name="cloth"),
    path("media/<picture:name>", pictures.picture, name="picture"),
]

short_addresses = [path("<slug:short_name>/", groups.short_address, name="short_address")]
