"""Atom (RFC 4287): the groups that are new or changed, and those that are gone (RFC 6721)."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/atom+xml"
GONE_SHOWN = 50
# What an empty feed says: a feed must name a day.
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    """A feed with its licence (RFC 4946), and a word on what is gone."""

    def root_attributes(self):
        return {
            **super().root_attributes(),
            "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
        }

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": self.feed["licence"]})
        for gone in self.feed["gone"]:
            about = {"ref": atom_id(gone.id), "when": rfc3339_date(gone.gone_at)}
            handler.startElement("at:deleted-entry", about)
            handler.endElement("at:deleted-entry")

    def latest_post_date(self):
        # The same data are the same bytes: what is gone is news as well, and now is not.
        dates = [item["updateddate"] for item in self.items]
        dates += [gone.gone_at for gone in self.feed["gone"]]
        return max(dates, default=self.feed["began"])


def lines(source, batches):
    """Yield the feed in one piece: it holds the latest groups and no others."""
    entries = [each for batch in batches for each in batch]
    feed = _Feed(
        title=source.title,
        link=source.page_url,
        feed_url=source.own_url,
        description="",
        subtitle=_("New and changed groups"),
        language=get_language(),
        author_name=source.title,
        feed_guid=source.own_url,
        feed_copyright=source.licence,
        licence=source.licence,
        gone=source.gone[:GONE_SHOWN],
        began=_BEGAN,
    )
    for pk, entry in entries:
        feed.add_item(
            title=entry.name,
            link=entry.url,
            description=entry.tagline,
            unique_id=atom_id(pk),
            pubdate=entry.created_at,
            updateddate=entry.changed_at,
            categories=entry.keywords,
        )
    yield feed.writeString("utf-8")


def atom_id(pk):
    """Return the name of a group for ever (RFC 4151), whatever becomes of its short name."""
    return f"tag:{settings.SITE_HOST.partition(':')[0]},2026:group-{pk}"
