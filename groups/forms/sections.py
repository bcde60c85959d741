"""The parts of the form of an entry that fold away: one topic each, none of them asked for."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..exchange.columns import SERVICE_KINDS


@dataclass(frozen=True)
class Section:
    """A part of the form, and whether it is unfolded."""

    key: str
    title: str
    hint: str
    fields: tuple[str, ...]
    is_open: bool = False
    is_filled: bool = False

    @property
    def template(self):
        return f"groups/forms/_{self.key}.html"


def sections_with(partner_fields):
    """Return the sections in their order, all folded, in the reader's language."""
    return [
        Section(
            "place",
            _("Place"),
            _("A country, a town, a point on the map"),
            ("country", "region", "latitude", "longitude", "position_is_approximate"),
        ),
        Section(
            "keywords",
            _("Keywords"),
            _("What you are about, and the ecosystems you belong to"),
            ("keywords",),
        ),
        Section(
            "links",
            _("Links"),
            _("Your site, where to join, where you talk"),
            (*(f"{kind}_url" for kind in SERVICE_KINDS), "members_is_open"),
        ),
        Section(
            "partners",
            _("Partners"),
            _("Who supports you, with their logo"),
            tuple(partner_fields),
        ),
        Section(
            "pictures",
            _("Banner"),
            _("A picture of your own instead of the woven band"),
            ("banner", "banner_part", "banner_kept", "banner_removed"),
        ),
        Section(
            "description",
            _("Description"),
            _("One or two paragraphs for those who hesitate"),
            ("description",),
        ),
        Section(
            "more",
            _("In short"),
            _("How many you are, how active, where it began"),
            ("activity", "member_count", "started_in"),
        ),
    ]
