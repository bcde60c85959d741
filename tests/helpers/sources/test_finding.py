"""What can be read at an address, told in few questions."""

import datetime

import pytest

from helpers.sources.finding import MOST_ASKS, Proposal, indicator_of, propose

from . import Site, context

MAILMAN = "https://listes.example.org/pipermail/jardins/"
ARCHIVE = "https://listes.example.org/archives/list/jardins@listes.example.org/"
API = "https://listes.example.org/archives/api/list/jardins@listes.example.org/emails/?format=json"
DOKUWIKI = "?mode=recent&type=rss1&linkto=diff&num=100&view=pages"
VIDEOS = "https://video.example.org/feeds/videos.xml?videoChannelName=atelier"
CLOUD = "https://nuage.example.org/remote.php/dav/public-calendars/aBc123?export"
CHANGES = (
    "?action=query&list=recentchanges&rcshow=!bot|!minor&rctype=edit|new"
    "&rcprop=ids|timestamp|tags|flags&rclimit=500&format=json"
)


@pytest.mark.parametrize(
    ("url", "pages", "found"),
    [
        (
            "https://jardins.example.org/",
            {
                "https://jardins.example.org/": "finding/wordpress.html",
                "https://jardins.example.org/feed/": "feed/wordpress.xml",
                "https://jardins.example.org/agenda.ics": "calendar/nextcloud.ics",
            },
            [
                ("feed", "https://jardins.example.org/feed/"),
                ("calendar", "https://jardins.example.org/agenda.ics"),
            ],
        ),
        (
            "https://yw.example.org/?PagePrincipale",
            {
                "https://yw.example.org/?PagePrincipale": "finding/yeswiki.html",
                "https://yw.example.org/?DerniersChangementsRSS/xml": "yeswiki/recentchanges.xml",
            },
            [("yeswiki", "https://yw.example.org/?DerniersChangementsRSS/xml")],
        ),
        (
            "https://wiki.example.org/wiki/Accueil",
            {
                "https://wiki.example.org/wiki/Accueil": "finding/mediawiki.html",
                f"https://wiki.example.org/w/api.php{CHANGES}": "mediawiki/recentchanges.json",
            },
            [("mediawiki", "https://wiki.example.org/w/api.php")],
        ),
        (
            "https://doku.example.org/semis",
            {
                "https://doku.example.org/semis": "finding/dokuwiki.html",
                f"https://doku.example.org/feed.php{DOKUWIKI}": "dokuwiki/recent.rdf",
            },
            [("dokuwiki", "https://doku.example.org/feed.php")],
        ),
        (
            "https://forum.example.org/",
            {
                "https://forum.example.org/": "finding/discourse.html",
                "https://forum.example.org/posts.json": "discourse/posts.json",
            },
            [("discourse", "https://forum.example.org/")],
        ),
        (
            "https://video.example.org/c/atelier/videos",
            {
                "https://video.example.org/c/atelier/videos": "finding/peertube.html",
                VIDEOS: "feed/ten_items.xml",
            },
            [("feed", VIDEOS)],
        ),
        (
            "https://social.example.org/@repair",
            {"https://social.example.org/@repair.rss": "feed/mastodon.rss"},
            [("feed", "https://social.example.org/@repair.rss")],
        ),
        (
            "https://agenda.example.org/@jardins",
            {
                "https://agenda.example.org/@jardins": "finding/mobilizon.html",
                "https://agenda.example.org/@jardins/feed/ics": "calendar/nextcloud.ics",
            },
            [("calendar", "https://agenda.example.org/@jardins/feed/ics")],
        ),
        (
            "https://www.meetup.com/fr-FR/jardins/",
            {"https://www.meetup.com/jardins/events/ical/": "calendar/nextcloud.ics"},
            [("calendar", "https://www.meetup.com/jardins/events/ical/")],
        ),
        (
            "https://nuage.example.org/index.php/apps/calendar/p/aBc123/jardins",
            {CLOUD: "calendar/nextcloud.ics"},
            [
                (
                    "calendar",
                    CLOUD,
                )
            ],
        ),
        (
            "webcal://agenda.example.org/tout",
            {"https://agenda.example.org/tout": "calendar/endless_weekly.ics"},
            [("calendar", "https://agenda.example.org/tout")],
        ),
        (
            "https://listes.example.org/mailman/listinfo/jardins",
            {
                MAILMAN: "pipermail/index.html",
                f"{MAILMAN}2026-November.txt.gz": "pipermail/2026-November.txt.gz",
                f"{MAILMAN}2026-October.txt": "pipermail/2026-October.txt",
            },
            [("pipermail", MAILMAN)],
        ),
        (
            ARCHIVE,
            {API: "hyperkitty/page1.json", f"{API}&page=2": "hyperkitty/page2.json"},
            [("hyperkitty", ARCHIVE)],
        ),
        (
            "https://pad.example.org/p/suivi",
            {"https://pad.example.org/p/suivi/export/txt": "pad/before.txt"},
            [("pad", "https://pad.example.org/p/suivi")],
        ),
        (
            "https://github.com/jardins/plans",
            {"https://github.com/jardins/plans/commits.atom": "feed/forge.atom"},
            [("feed", "https://github.com/jardins/plans/commits.atom")],
        ),
        (
            "https://jardins.example.org/agenda",
            {"https://jardins.example.org/agenda": "calendar/nextcloud.ics"},
            [("calendar", "https://jardins.example.org/agenda")],
        ),
        (
            "https://jardins.example.org/projets",
            {"https://jardins.example.org/projets": "finding/plain.html"},
            [("page", "https://jardins.example.org/projets")],
        ),
        ("https://cryptpad.example.org/pad/#/2/pad/view/x", {}, [("checkin", "")]),
        ("http://[", {}, [("checkin", "")]),
    ],
)
def test_an_address_leads_to_what_can_be_read(url, pages, found):
    site = Site(pages)

    proposals = propose(site, url, context())

    assert [(each.kind, each.url) for each in proposals] == found
    assert len(site.asked) <= MOST_ASKS


def test_a_proposal_shows_what_would_be_counted():
    url = "https://jardins.example.org/agenda.ics"

    proposals = propose(Site({url: "calendar/nextcloud.ics"}), url, context())

    assert proposals == [
        Proposal(
            "calendar",
            "meetings",
            url,
            days=(
                (datetime.date(2026, 11, 20), 1),
                (datetime.date(2026, 11, 15), 1),
                (datetime.date(2026, 11, 3), 1),
                (datetime.date(2026, 10, 24), 1),
            ),
            count=4,
            next_day=datetime.date(2026, 12, 12),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "service", "indicator"),
    [
        ("feed", "projects", "space"),
        ("feed", "home", "news"),
        ("calendar", "home", "meetings"),
        ("hyperkitty", "", "discussion"),
        ("yeswiki", "follow_up", "follow_up"),
    ],
)
def test_the_kind_of_link_decides_the_indicator_and_else_the_source(kind, service, indicator):
    assert indicator_of(kind, service) == indicator


def test_few_questions_are_asked_of_a_site_that_answers_none():
    site = Site(
        {
            "https://a.example/": b"<!doctype html>"
            + b"".join(
                b'<link rel="alternate" type="application/rss+xml" href="/feed%d">' % n
                for n in range(50)
            )
        }
    )

    propose(site, "https://a.example/", context())

    assert len(site.asked) == MOST_ASKS
