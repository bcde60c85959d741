"""A group, and what belongs to one group only."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from ..names import RESERVED, SHORT_NAME_FORM, SHORT_NAME_HAS_A_LETTER, TWO_LETTER_CODE
from ..querysets import GroupQuerySet
from .fields import KeyField, PortableIndex, at_most, is_web_address
from .keywords import Tagging
from .pages import Shown


class Group(models.Model):
    """A community of 100 to 1,000 people. Four fields are required, nothing else."""

    class Kind(models.TextChoices):
        TERRITORIAL = "territorial", _("Territorial")
        THEMATIC = "thematic", _("Thematic")
        SUPPORT = "support", _("Support")

    class Activity(models.TextChoices):
        ACTIVE = "active", _("Active")
        PREPARING = "preparing", _("In preparation")
        ASLEEP = "asleep", _("Asleep")
        ARCHIVED = "archived", _("Archived")

    class Review(models.TextChoices):
        PENDING = "pending", _("Waiting for review")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")

    class Shelf(models.IntegerChoices):
        """Where a listing finds a group: nowhere, among the listed, or in the archive."""

        HIDDEN = 0, _("Hidden")
        LISTED = 1, _("Listed")
        ARCHIVE = 2, _("Archive")

    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("one line"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    short_name = models.CharField(_("short name"), max_length=40, unique=True)

    description = models.TextField(_("description"), max_length=2000, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    position_is_approximate = models.BooleanField(_("position is approximate"), default=False)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    member_count_on = models.DateField(_("members counted on"), null=True, blank=True)
    activity = models.CharField(
        _("activity"), max_length=10, choices=Activity, default=Activity.ACTIVE
    )
    banner = models.ImageField(_("banner"), upload_to="banners", blank=True, max_length=120)
    started_in = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="offspring",
        verbose_name=_("started in"),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # Whether a facilitator wants a profile for the directories of the Murmurations network.
    has_profile = models.BooleanField(_("profile for other directories"), default=False)

    review = models.CharField(_("review"), max_length=10, choices=Review, default=Review.PENDING)
    review_reason = models.CharField(_("reason"), max_length=500, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    # When anything the public sees of it last changed: who keeps a copy asks for what is newer.
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    # When somebody of the group last said "still right"; when and how often they were asked since.
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True, editable=False)
    times_asked = models.PositiveSmallIntegerField(default=0, editable=False)

    partners = models.ManyToManyField("Partner", through="GroupPartner", related_name="groups")
    keywords = TaggableManager(
        through="groups.Tagging", blank=True, related_name="groups", verbose_name=_("keywords")
    )

    # Derived by `groups.derived`, so that a listing reads one table.
    name_key = KeyField(max_length=160, editable=False, default="")
    # The site without what two people write differently: who registers it again is told.
    site_key = KeyField(max_length=500, editable=False, default="")
    card = models.JSONField(editable=False, default=dict)
    shelf = models.GeneratedField(
        expression=Case(
            When(~Q(review="published"), then=Value(0)),
            When(activity="archived", then=Value(2)),
            default=Value(1),
        ),
        output_field=models.SmallIntegerField(choices=Shelf),
        db_persist=True,
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        indexes = [
            # One a listing of the whole directory: by name alone or with one filter, then the
            # other orders. Each is one index range.
            models.Index(fields=["shelf", "name_key", "id"], name="groups_group_by_name"),
            models.Index(fields=["shelf", "kind", "name_key", "id"], name="groups_group_kind"),
            models.Index(
                fields=["shelf", "activity", "name_key", "id"], name="groups_group_activity"
            ),
            models.Index(
                fields=["shelf", "country", "name_key", "id"], name="groups_group_country"
            ),
            models.Index(F("shelf"), F("created_at").desc(), F("id"), name="groups_group_new"),
            PortableIndex(
                F("shelf"),
                F("confirmed_at").desc(nulls_last=True),
                F("id"),
                name="groups_group_confirmed",
            ),
            PortableIndex(
                F("shelf"),
                F("member_count").desc(nulls_last=True),
                F("id"),
                name="groups_group_members",
            ),
            # What changed since somebody took a copy.
            models.Index(fields=["shelf", "changed_at", "id"], name="groups_group_changed"),
            # The map, close up, and what lies near a place.
            models.Index(fields=["shelf", "latitude", "longitude"], name="groups_group_position"),
            models.Index(fields=["site_key"], name="groups_group_site", condition=~Q(site_key="")),
            # The operators' list of what waits.
            models.Index(fields=["review", "created_at"], name="groups_group_review"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(short_name__regex=SHORT_NAME_FORM)
                & Q(short_name__regex=SHORT_NAME_HAS_A_LETTER)
                & ~Q(short_name__regex=TWO_LETTER_CODE)
                & ~Q(short_name__contains="\n"),
                name="groups_group_short_name_form",
                violation_error_message=_(
                    "A short name has 2 to 40 small letters, digits or hyphens, not only digits."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(short_name__in=sorted(RESERVED)),
                name="groups_group_short_name_reserved",
                violation_error_message=_("This short name is kept for the site itself."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & at_most("name", 120), name="groups_group_name_length"
            ),
            models.CheckConstraint(
                condition=~Q(tagline="") & at_most("tagline", 160),
                name="groups_group_tagline_length",
            ),
            models.CheckConstraint(
                condition=~Q(tagline__contains="\n") & ~Q(tagline__contains="\r"),
                name="groups_group_tagline_one_line",
                violation_error_message=_("The one line is one line."),
            ),
            models.CheckConstraint(
                condition=at_most("description", 2000), name="groups_group_description_length"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["territorial", "thematic", "support"]),
                name="groups_group_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(activity__in=["active", "preparing", "asleep", "archived"]),
                name="groups_group_activity_known",
            ),
            models.CheckConstraint(
                condition=Q(review__in=["pending", "published", "refused"]),
                name="groups_group_review_known",
            ),
            models.CheckConstraint(
                condition=~Q(review="refused") | ~Q(review_reason=""),
                name="groups_group_refusal_has_reason",
                violation_error_message=_("A refusal needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(country="") | (Q(country__regex="^[A-Z]{2}$") & at_most("country", 2)),
                name="groups_group_country_code",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="groups_group_position_whole",
                violation_error_message=_(
                    "A position has a latitude (-90 to 90) and a longitude (-180 to 180), "
                    "or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(member_count_on=None) | Q(member_count__isnull=False),
                name="groups_group_member_count_dated",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("groups:group_detail", args=[self.short_name])


class Service(models.Model):
    """A typed link of a group: at most one a kind."""

    class Kind(models.TextChoices):
        HOME = "home", _("Website")
        NEWS = "news", _("News")
        MEETINGS = "meetings", _("Meetings")
        DISCUSSIONS = "discussions", _("Discussions")
        PROJECTS = "projects", _("Current projects")
        RESOURCES = "resources", _("Resources")
        INSPIRING_PROJECTS = "inspiring_projects", _("Inspiring projects")
        JOIN = "join", _("Sign up")
        LEAVE = "leave", _("Sign out")
        MEMBERS = "members", _("Members")
        ADMIN = "admin", _("Administration")
        FOLLOW_UP = "follow_up", _("Follow-up document")

    # The unique constraint begins with the group: its index serves, here and below.
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, db_index=False, related_name="services"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    url = models.URLField(_("address"), max_length=500)
    # Only the list of members may be opened to all; the rest is decided by its kind.
    is_open = models.BooleanField(_("open to all"), default=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint(
                "group",
                "kind",
                name="groups_service_once",
                violation_error_message=_("A group has one link of each kind."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "home",
                        "news",
                        "meetings",
                        "discussions",
                        "projects",
                        "resources",
                        "inspiring_projects",
                        "join",
                        "leave",
                        "members",
                        "admin",
                        "follow_up",
                    ]
                ),
                name="groups_service_kind_known",
            ),
            models.CheckConstraint(
                condition=is_web_address("url") & at_most("url", 500),
                name="groups_service_url_of_the_web",
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(kind="members"), name="groups_service_open_members"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.url}"


class Partner(Shown):
    """An organisation with a logo and a link. It may serve several groups."""

    name = models.CharField(_("name"), max_length=120)
    name_key = KeyField(max_length=160, unique=True, editable=False)
    url = models.URLField(_("address"), max_length=500, blank=True)
    logo = models.ImageField(_("logo"), upload_to="logos", blank=True, max_length=120)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & at_most("name", 120), name="groups_partner_name_length"
            ),
            models.CheckConstraint(
                condition=Q(url="") | (is_web_address("url") & at_most("url", 500)),
                name="groups_partner_url_of_the_web",
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def scopes_showing(cls, rows):
        groups = Group.objects.published().filter(partners__in=[each.pk for each in rows])
        ids = set(groups.values_list("pk", flat=True))
        listed = Tagging.objects.filter(content_object__in=ids, shelf__gt=0)
        return {-pk for pk in ids} | set(listed.values_list("tag", flat=True))


class GroupPartner(models.Model):
    """The place of a partner in a group's list."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, db_index=False, related_name="partnerships"
    )
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="partnerships")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("group", "partner", name="groups_grouppartner_once"),
        ]

    def __str__(self):
        return f"{self.group} + {self.partner}"


class Pause(models.Model):
    """A group's own choice to be quiet for a while, remembered after it is over."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="pauses")
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"), null=True, blank=True)
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    is_yearly = models.BooleanField(_("every year"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-from_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=False) | Q(review_on__isnull=False),
                name="groups_pause_has_an_end",
                violation_error_message=_("A pause has an end, or a day to look at it again."),
            ),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")),
                name="groups_pause_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(review_on=None) | Q(review_on__gte=F("from_day")),
                name="groups_pause_reviewed_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(is_yearly=False) | Q(until_day__isnull=False),
                name="groups_pause_yearly_has_an_end",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.from_day} – {self.until_day or self.review_on}"


class Revision(models.Model):
    """One version of an entry: the whole of it in the export columns, without any address."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="revisions")
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    why = models.CharField(_("why"), max_length=200)
    entry = models.JSONField(_("entry"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.group}, {self.created_at:%Y-%m-%d}: {self.why}"


class FormerShortName(models.Model):
    """A short name once given. It redirects for ever; a deleted group's is kept for two years."""

    short_name = models.CharField(_("short name"), max_length=40, unique=True)
    group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="former_short_names"
    )
    ended_at = models.DateTimeField(_("ended at"), db_default=Now())
    # Whether the deleted group had a page: only then may anybody hear that there was one.
    was_shown = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("former short name")
        verbose_name_plural = _("former short names")

    def __str__(self):
        return self.short_name
