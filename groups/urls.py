"""The addresses of the directory: pages in the reader's language, data in none."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from .api.operations import api as read_api
from .views import (
    account,
    api,
    cards,
    contact,
    curating,
    demo,
    ecosystems,
    embedding,
    founding,
    gate,
    groups,
    history,
    joining,
    links,
    maps,
    murmurations,
    network,
    oembed,
    open_data,
    pages,
    pictures,
    registration,
    reports,
    review,
    sitemap,
    take_over,
    upkeep,
    widgets,
)


class PictureConverter(StringConverter):
    """The name of a stored picture, which is ours to choose."""

    regex = "[a-z]+/[a-z0-9-]+[.]webp"


class SecretConverter(StringConverter):
    """The secret of a mailed link."""

    regex = "[A-Za-z0-9_-]{20,64}"


register_converter(PictureConverter, "picture")


class DataConverter(StringConverter):
    """The format of a file of groups."""

    regex = "json|geojson|csv|atom"


register_converter(SecretConverter, "secret")
register_converter(DataConverter, "data")

pages_of_groups = [
    path("", groups.group_list, name="group_list"),
    path("new/", registration.new_group, name="new_group"),
    path("new/done/", registration.group_registered, name="group_registered"),
    # What the form asks while one types; each answers a few words.
    path("new/short-name/", registration.short_name_answer, name="short_name_answer"),
    path("new/keywords/", registration.keyword_answer, name="keyword_answer"),
    path("new/description/", registration.description_answer, name="description_answer"),
    path("<slug:short_name>/", groups.group_detail, name="group_detail"),
    path("<slug:short_name>/edit/", upkeep.group_edit, name="group_edit"),
    path("<slug:short_name>/edit/link/", gate.ask_for_link, name="ask_for_link"),
    path("<slug:short_name>/edit/activity/", upkeep.group_activity, name="group_activity"),
    path("<slug:short_name>/edit/people/", upkeep.group_people, name="group_people"),
    path("<slug:short_name>/edit/charter/", upkeep.accept_charter, name="accept_charter"),
    path("<slug:short_name>/edit/answer/", upkeep.answer_question, name="answer_question"),
    path("<slug:short_name>/history/", history.group_history, name="group_history"),
    path("<slug:short_name>/history/<int:pk>/", history.group_revision, name="group_revision"),
    path("<slug:short_name>/contact/", contact.contact_group, name="contact_group"),
    path("<slug:short_name>/report/", reports.report_group, name="report_group"),
    path("<slug:short_name>/take-over/", take_over.take_over_group, name="take_over_group"),
]

pages_of_ecosystems = [
    path("", ecosystems.ecosystem_list, name="ecosystem_list"),
    path("new/", founding.new_ecosystem, name="new_ecosystem"),
    path("<slug:slug>/", ecosystems.ecosystem_detail, name="ecosystem_detail"),
    path("<slug:slug>/embed/", embedding.embed_ecosystem, name="embed_ecosystem"),
    path("<slug:slug>/edit/", curating.ecosystem_edit, name="ecosystem_edit"),
    path("<slug:slug>/members/", curating.ecosystem_members, name="ecosystem_members"),
    path("<slug:slug>/people/", curating.ecosystem_people, name="ecosystem_people"),
    path("<slug:slug>/join/", joining.join_ecosystem, name="join_ecosystem"),
]

pages_in_a_language = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("api/v1/docs", api.api_docs, name="api_docs"),
    path("groups/", include(pages_of_groups)),
    path("l/<secret:secret>/", links.mailed_link, name="mailed_link"),
    path("ecosystems/", include(pages_of_ecosystems)),
    path("network/", network.network, name="network"),
    path("review/ecosystems/", founding.ecosystem_requests, name="ecosystem_requests"),
    path("review/", review.review_queue, name="review_queue"),
    path("review/<int:pk>/", review.review_task, name="review_task"),
    path("account/", account.account_home, name="account_home"),
    path("account/data/", account.account_data, name="account_data"),
    path("account/erase/", account.erase_account, name="erase_account"),
    path("account/unsubscribe/<str:token>/", account.unsubscribe, name="unsubscribe"),
    path("privacy/", pages.privacy, name="privacy"),
]

data_of_ecosystems = [
    path(
        "<slug:slug>/groups.<data:suffix>",
        open_data.ecosystem_file,
        name="ecosystem_file",
    ),
    path("<slug:slug>/widget/", widgets.ecosystem_widget, name="ecosystem_widget"),
    path("<slug:slug>/card.png", cards.ecosystem_card, name="ecosystem_card"),
]

data_of_groups = [
    path("<slug:short_name>/widget/", widgets.group_widget, name="group_widget"),
    path("<slug:short_name>/pattern.svg", pictures.group_pattern, name="group_pattern"),
    path(
        "<slug:short_name>/murmurations.json",
        murmurations.murmurations_profile,
        name="murmurations_profile",
    ),
    path("<slug:short_name>/card.png", cards.group_card, name="group_card"),
]

data = [
    path("api/v1/", api.api_home, name="api_home"),
    path("api/v1/openapi.json", api.api_document, name="api_document"),
    path("api/v1/", read_api.urls),
    path("groups.<data:suffix>", open_data.directory_file, name="directory_file"),
    path("ecosystems/", include(data_of_ecosystems)),
    path("groups/", include(data_of_groups)),
    path("embed.js", embedding.embed_script, name="embed_script"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:number>.xml", sitemap.sitemap_file, name="sitemap_file"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("oembed/", oembed.oembed_answer, name="oembed"),
    path("map/groups.geojson", maps.map_groups, name="map_groups"),
    path("cloth.svg", pictures.cloth, name="cloth"),
    path("media/<picture:name>", pictures.picture, name="picture"),
]

short_addresses = [path("<slug:short_name>/", groups.short_address, name="short_address")]

# Only where DEMO is on, and only for whoever sits at this machine.
demo_pages = [
    path("demo/mails/", demo.mail_list, name="demo_mails"),
    path("demo/mails/<int:pk>/", demo.mail_detail, name="demo_mail"),
    path("demo/mails/<int:pk>/html/", demo.mail_as_html, name="demo_mail_as_html"),
    path("demo/as/", demo.continue_as, name="demo_as"),
]
