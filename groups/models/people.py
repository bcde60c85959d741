"""People: who may edit a group, curate an ecosystem, help."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email=fold_email(email))

    def create_user(self, email, password=None, **fields):
        """Create a person. Without a password they can only come in by a mailed link or code."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=fold_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def fold_email(email):
    """Return the one spelling under which an address is kept."""
    return email.strip().casefold()


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an e-mail address. A password is for operators only."""

    class Language(models.TextChoices):
        FRENCH = "fr", "Français"
        ENGLISH = "en", "English"

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.FRENCH
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # The mails nobody just asked for; one click in any of them says no.
    wants_reminders = models.BooleanField(_("wants reminders"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="groups_person_email_folded"
            ),
            models.CheckConstraint(condition=~Q(email=""), name="groups_person_email_given"),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        self.email = fold_email(self.email)

    def get_short_name(self):
        return str(self)

    def is_operator(self):
        """Say whether they have the rights of an operator now.

        Where the site asks for a second factor, they have none before they have set one up.
        """
        if not (self.is_staff and self.is_active):
            return False
        return not settings.OPERATORS_NEED_SECOND_FACTOR or self.has_second_factor()

    def has_second_factor(self):
        """Say whether signing in takes more than a mailbox or a password."""
        return self.authenticator_set.filter(type="totp").exists()


class Facilitator(models.Model):
    """A person who may edit a group, once they have confirmed their address."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="facilitations", verbose_name=_("person")
    )
    group = models.ForeignKey(
        "Group", on_delete=models.CASCADE, related_name="facilitators", verbose_name=_("group")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    added_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Who hands over to them: stops facilitating the moment they confirm, and not before.
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        constraints = [
            models.UniqueConstraint(
                "person",
                "group",
                condition=Q(ended_at=None),
                name="groups_facilitator_once",
                violation_error_message=_("This person already facilitates this group."),
            ),
        ]

    def __str__(self):
        return f"{self.person} → {self.group}"


class Role(models.Model):
    """What a person does for an ecosystem; given and withdrawn, never silently changed."""

    class Kind(models.TextChoices):
        CURATOR = "curator", _("curator")
        HELPER = "helper", _("helper")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="roles", verbose_name=_("person")
    )
    ecosystem = models.ForeignKey(
        "Ecosystem", on_delete=models.CASCADE, related_name="roles", verbose_name=_("ecosystem")
    )
    kind = models.CharField(_("role"), max_length=10, choices=Kind)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    given_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["curator", "helper"]), name="groups_role_kind_known"
            ),
            models.UniqueConstraint(
                "person",
                "ecosystem",
                "kind",
                condition=Q(withdrawn_at=None),
                name="groups_role_once",
                violation_error_message=_("This person already has this role there."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_kind_display()}, {self.ecosystem}"
