"""What a webmaster copies: a script, a frame, or HTML that needs nothing from us."""

from django.conf import settings
from django.utils.html import format_html, format_html_join

FRAME_HEIGHT = 600


def script_snippet(slug, title, choices, widget_url, page_url):
    """Return the lines that embed.js turns into a frame; without it they are a link."""
    pairs = choices.pairs()
    values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(str(value))
    data = format_html_join(
        "", ' data-{}="{}"', [(name, ",".join(value)) for name, value in values.items()]
    )
    return format_html(
        '<div data-ecosystem="{}"{}><a href="{}">{}</a></div>\n'
        '<script src="{}/embed.js" async></script>\n<noscript>{}</noscript>',
        slug,
        data,
        f"{settings.SITE_URL}{page_url}",
        title,
        settings.SITE_URL,
        frame_snippet(title, widget_url),
    )


def frame_snippet(title, widget_url):
    """Return a frame for pages that take no script."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        f"{settings.SITE_URL}{widget_url}",
        title,
        FRAME_HEIGHT,
    )


def plain_snippet(widget, source):
    """Return the groups of today as plain HTML, which asks us for nothing once it is copied."""
    items = format_html_join(
        "\n",
        '  <li><a href="{}">{}</a>: {}</li>',
        [
            (f"{settings.SITE_URL}{entry.card.url}", entry.card.name, entry.card.tagline)
            for entry in widget.entries
        ],
    )
    return format_html(
        '<h2>{}</h2>\n<ul>\n{}\n</ul>\n<p><a href="{}">{}</a>, {}, '
        '<a href="{}" rel="license">{}</a></p>',
        widget.heading,
        items,
        f"{settings.SITE_URL}{widget.all_url}",
        source["site"],
        source["day"],
        source["licence_url"],
        source["licence"],
    )
