"""An ecosystem: a keyword with a name, a charter, a core group, and members."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import at_most
from .pages import Shown


class Ecosystem(Shown):
    """Groups that want to know and help each other. A keyword makes it; this record adorns it."""

    class Accent(models.TextChoices):
        INDIGO = "indigo", _("Indigo")
        GARANCE = "garance", _("Madder")
        FEUILLE = "feuille", _("Leaf")
        OCRE = "ocre", _("Ochre")
        KOLA = "kola", _("Kola")
        PRUNE = "prune", _("Plum")

    class Admission(models.TextChoices):
        OPEN = "open", _("Open: the keyword is enough")
        REVIEWED = "reviewed", _("Reviewed: the curators accept each group")

    keyword = models.OneToOneField(
        "groups.Keyword",
        on_delete=models.PROTECT,
        related_name="ecosystem",
        verbose_name=_("keyword"),
    )
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("one line"), max_length=160, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    accent = models.CharField(_("colour"), max_length=10, choices=Accent, default=Accent.INDIGO)
    banner = models.ImageField(_("banner"), upload_to="banners", blank=True, max_length=120)
    core_group = models.ForeignKey(
        "groups.Group",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="core_of",
        verbose_name=_("core group"),
    )
    charter_version = models.PositiveIntegerField(_("version of the charter"), default=1)
    admission = models.CharField(
        _("admission"), max_length=10, choices=Admission, default=Admission.REVIEWED
    )
    # Origins that may show the widget; empty means any.
    allowed_origins = models.JSONField(_("sites allowed to embed"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("ecosystem")
        verbose_name_plural = _("ecosystems")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & at_most("name", 120), name="groups_ecosystem_name_length"
            ),
            models.CheckConstraint(
                condition=at_most("tagline", 160) & ~Q(tagline__contains="\n"),
                name="groups_ecosystem_tagline_one_line",
            ),
            models.CheckConstraint(
                condition=Q(accent__in=["indigo", "garance", "feuille", "ocre", "kola", "prune"]),
                name="groups_ecosystem_accent_known",
            ),
            models.CheckConstraint(
                condition=Q(admission__in=["open", "reviewed"]),
                name="groups_ecosystem_admission_known",
            ),
            models.CheckConstraint(
                condition=Q(charter_version__gte=1), name="groups_ecosystem_charter_version"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("groups:ecosystem_detail", args=[self.keyword.slug])

    @classmethod
    def scopes_showing(cls, rows):
        return {each.keyword_id for each in rows}


class CharterRule(Shown):
    """One line of one version of a charter."""

    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="charter_rules")
    version = models.PositiveIntegerField(_("version"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.CharField(_("rule"), max_length=300)

    class Meta:
        verbose_name = _("charter rule")
        verbose_name_plural = _("charter rules")
        ordering = ["ecosystem", "version", "position"]
        constraints = [
            models.UniqueConstraint(
                "ecosystem", "version", "position", name="groups_charterrule_position_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="groups_charterrule_text_given"),
        ]

    def __str__(self):
        return f"{self.position}. {self.text}"

    @classmethod
    def scopes_showing(cls, rows):
        ecosystems = Ecosystem.objects.filter(pk__in={each.ecosystem_id for each in rows})
        return set(ecosystems.values_list("keyword", flat=True))


class Membership(models.Model):
    """A group in an ecosystem: asked for, decided by somebody, under a version of the charter."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        QUESTIONED = "questioned", _("Questioned")
        REFUSED = "refused", _("Refused")
        LEFT = "left", _("Left")

    group = models.ForeignKey("groups.Group", on_delete=models.CASCADE, related_name="memberships")
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.CASCADE, related_name="memberships")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    charter_version = models.PositiveIntegerField(_("charter accepted"), null=True, blank=True)
    charter_accepted_at = models.DateTimeField(_("charter accepted at"), null=True, blank=True)
    charter_accepted_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The charter changed since they accepted it: until then the mark stays. None: nothing to renew.
    renew_by = models.DateTimeField(_("to be renewed by"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                "group",
                "ecosystem",
                name="groups_membership_once",
                violation_error_message=_("This group already has a membership there."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "accepted", "questioned", "refused", "left"]),
                name="groups_membership_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""),
                name="groups_membership_refusal_has_reason",
                violation_error_message=_("A refusal needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(charter_version=None) | Q(charter_accepted_at__isnull=False),
                name="groups_membership_charter_dated",
            ),
        ]

    def __str__(self):
        return f"{self.group} in {self.ecosystem}: {self.status}"

    def has_mark(self, now):
        """Say whether the group carries the mark of the charter at ``now``.

        It does for a while after the charter has changed; then the mark goes, and nothing else.
        """
        is_accepted = self.status == self.Status.ACCEPTED and self.charter_version is not None
        return is_accepted and (self.renew_by is None or now < self.renew_by)


class EcosystemRequest(models.Model):
    """Somebody asks for a record for a keyword; an operator opens it, or says why not."""

    class Decision(models.TextChoices):
        OPENED = "opened", _("Opened")
        REFUSED = "refused", _("Refused")

    # As it was written: a word nobody carries yet is made when the record is.
    keyword = models.CharField(_("keyword"), max_length=50)
    name = models.CharField(_("name"), max_length=120)
    tagline = models.CharField(_("one line"), max_length=160, blank=True)
    words = models.TextField(_("words"), max_length=2000)
    person = models.ForeignKey("groups.Person", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "groups.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    ecosystem = models.ForeignKey(
        Ecosystem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request for an ecosystem")
        verbose_name_plural = _("requests for ecosystems")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=["opened", "refused"], decided_at__isnull=False),
                name="groups_ecosystemrequest_decision_dated",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(reason=""),
                name="groups_ecosystemrequest_refusal_has_reason",
                violation_error_message=_("A refusal needs a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.keyword})"
