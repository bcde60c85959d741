"""The operators' pages. What they change goes through the same doors as everything else."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group as PermissionGroup
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.forms.widgets import FILE_INPUT_CONTRADICTION
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import deciding, pictures, privacy, reviewing
from .derived import changing
from .entries import names_of_others, save_entry
from .exchange.cleaning import clean_row
from .forms.fields import PictureField
from .mail.fates import let_be, send_again
from .models import (
    CharterRule,
    Ecosystem,
    Facilitator,
    FormerKeywordSlug,
    Group,
    GroupPartner,
    Keyword,
    KeywordTally,
    Mail,
    Membership,
    Partner,
    Pause,
    Person,
    Revision,
    Role,
    Service,
    Task,
)
from .names import check_short_name
from .reviewing import verdicts
from .tasks import follow_memberships, open_task
from .text import fold

admin.site.site_header = admin.site.site_title = _("Ecosystem of groups")


class UploadField(PictureField):
    """A picture of a record: a new one is stored, as everywhere, or the old one stays or goes."""

    def __init__(self, store, **kwargs):
        super().__init__(required=False, widget=AdminFileWidget, **kwargs)
        self.store = store

    def clean(self, data, initial=None):
        if data is FILE_INPUT_CONTRADICTION:
            raise ValidationError(self.error_messages["contradiction"])
        if data is False:
            return ""
        image = super().clean(data)
        return self.store(image) if image else initial


def banner_field():
    return UploadField(
        pictures.store_banner, label=_("Banner"), narrowest=pictures.NARROWEST_BANNER
    )


class GroupForm(forms.ModelForm):
    banner = banner_field()
    keyword_names = forms.CharField(
        label=_("Keywords"), required=False, help_text=_("Separated by commas.")
    )

    class Meta:
        model = Group
        fields = [
            "name",
            "tagline",
            "kind",
            "short_name",
            "activity",
            "keyword_names",
            "description",
            "banner",
            "country",
            "region",
            "latitude",
            "longitude",
            "position_is_approximate",
            "member_count",
            "member_count_on",
            "started_in",
            "time_zone",
            "confirmed_at",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.taggings.order_by("position").values_list("tag__name", flat=True)
            self.fields["keyword_names"].initial = ", ".join(names)

    def clean_short_name(self):
        short_name = self.cleaned_data["short_name"]
        check_short_name(short_name)
        if names_of_others({short_name: self.instance.pk}, timezone.now()):
            raise ValidationError(
                _("“%(name)s” was the name of another group; choose another short name."),
                params={"name": short_name},
            )
        return short_name

    def clean_keyword_names(self):
        cleaned = clean_row({"keywords": self.cleaned_data["keyword_names"]})
        wrong = [problem.reason for problem in cleaned.errors if problem.column == "keywords"]
        if wrong:
            raise ValidationError(wrong)
        return cleaned.entry.get("keywords", [])


class ServiceInline(admin.TabularInline):
    model = Service
    extra = 0


class FacilitatorInline(admin.TabularInline):
    model = Facilitator
    extra = 0
    raw_id_fields = ["person"]
    readonly_fields = ["added_by", "ended_by"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ["group", "decided_by", "charter_accepted_by"]


class PartnerInline(admin.TabularInline):
    model = GroupPartner
    extra = 0
    raw_id_fields = ["partner"]


class PauseInline(admin.TabularInline):
    model = Pause
    extra = 0
    raw_id_fields = ["created_by"]


# Who gave a record, when it ended, and who ended it.
SIGNED = {
    Facilitator: ("added_by", "ended_at", "ended_by"),
    Role: ("given_by", "withdrawn_at", "withdrawn_by"),
}


def sign(form, by, given_by, ended_at, ended_by):
    """Write down that ``by`` gives, or ends, the record of ``form``: that is never typed."""
    if form.instance.pk is None:
        setattr(form.instance, given_by, by)
    if ended_at in form.changed_data:
        setattr(form.instance, ended_by, by if form.cleaned_data[ended_at] else None)


class DerivedAdmin(admin.ModelAdmin):
    """An admin whose changes bring what is derived from groups in step, in the same transaction."""

    def touched_by(self, instance):
        """Return the identifiers of the groups a change of ``instance`` concerns."""
        raise TypeError(f"{type(self).__name__} does not say which groups it touches.")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        instance = self.get_object(request, object_id) if object_id else None
        with changing(self.touched_by(instance) if instance else ()):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_formset(self, request, form, formset, change):
        if formset.model in SIGNED:
            for each in formset.forms:
                sign(each, request.user, *SIGNED[formset.model])
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Groups it concerns only now: nothing of theirs was brought in step yet, so that they are
        # taken away as they were counted.
        with changing(self.touched_by(form.instance)) as touched:
            follow_memberships(touched, now=timezone.now(), by=request.user)

    def delete_model(self, request, obj):
        with changing(self.touched_by(obj)) as touched:
            super().delete_model(request, obj)
            follow_memberships(touched, now=timezone.now(), by=request.user)

    def delete_queryset(self, request, queryset):
        with changing(pk for each in queryset for pk in self.touched_by(each)) as touched:
            super().delete_queryset(request, queryset)
            follow_memberships(touched, now=timezone.now(), by=request.user)

    def get_deleted_objects(self, objs, request):
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # Nobody deletes these by themselves; they go with what they belong to.
        own = {Revision._meta.verbose_name, Task._meta.verbose_name}
        return deleted, counts, forbidden - own, protected


@admin.register(Group)
class GroupAdmin(DerivedAdmin):
    form = GroupForm
    list_display = ["name", "short_name", "kind", "activity", "country", "review", "created_at"]
    list_filter = ["review", "activity", "kind", "country"]
    search_fields = ["name", "short_name", "tagline"]
    ordering = ["name_key", "pk"]
    search_help_text = _("Name, short name or one line.")
    date_hierarchy = "created_at"
    raw_id_fields = ["started_in"]
    readonly_fields = ["review", "review_reason", "reviewed_at", "reviewed_by", "created_at"]
    show_full_result_count = False
    actions = ["publish", "refuse"]
    inlines = [ServiceInline, FacilitatorInline, MembershipInline, PartnerInline, PauseInline]

    def touched_by(self, instance):
        return [instance.pk]

    def save_model(self, request, obj, form, change):
        if change:
            # Renaming is for `save_entry`, which keeps the old name.
            obj.short_name = form.initial["short_name"]
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        entry = {
            "short_name": form.cleaned_data["short_name"],
            "keywords": form.cleaned_data["keyword_names"],
        }
        now = timezone.now()
        before = form.instance.revisions.first()
        group = save_entry(entry, group=form.instance, by=request.user, why="admin", now=now)
        if change:
            reviewing.changed(group, before, request.user, now)
        else:
            open_task(Task.Kind.NEW, group, now=now)

    def delete_model(self, request, obj):
        deciding.delete_groups([obj])

    def delete_queryset(self, request, queryset):
        deciding.delete_groups(queryset)

    @admin.action(description=_("Publish"))
    def publish(self, request, queryset):
        count = queryset.count()
        verdicts.publish_groups(queryset, request.user, timezone.now())
        self.message_user(
            request,
            ngettext("%s group published.", "%s groups published.", count) % count,
            messages.SUCCESS,
        )

    @admin.action(description=_("Refuse…"))
    def refuse(self, request, queryset):
        """Ask for the reason first: a group is told why."""
        form = ReasonForm(request.POST if "confirm" in request.POST else None)
        if form.is_valid():
            count = queryset.count()
            reason = form.cleaned_data["reason"]
            verdicts.refuse_groups(queryset, request.user, reason, timezone.now())
            self.message_user(
                request,
                ngettext("%s group refused.", "%s groups refused.", count) % count,
                messages.SUCCESS,
            )
            return redirect(request.get_full_path())
        return ask(self, request, queryset, form, "refuse", _("Refuse these groups"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea)


class MergeForm(forms.Form):
    kept = forms.ModelChoiceField(Keyword.objects.none(), label=_("Keep"), empty_label=None)

    def __init__(self, data, keywords):
        super().__init__(data)
        self.fields["kept"].queryset = keywords


def ask(model_admin, request, queryset, form, action, title):
    """Show the page between choosing an action and doing it."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "title": title,
        "form": form,
        "action": action,
        "objects": queryset,
    }
    return render(request, "admin/ask_before_action.html", context)


class SpellingForm(forms.ModelForm):
    """The form of what is one record whatever its spelling."""

    def clean_name(self):
        name = self.cleaned_data["name"]
        same = self._meta.model.objects.filter(name_key=fold(name)).exclude(pk=self.instance.pk)
        if not fold(name) or same.exists():
            raise ValidationError(_("Another one is spelt like this, or it has no letter."))
        return name


@admin.register(Keyword)
class KeywordAdmin(admin.ModelAdmin):
    form = SpellingForm
    list_display = ["name", "slug", "group_count"]
    search_fields = ["name_key"]
    search_help_text = _("Any spelling.")
    fields = ["name", "slug"]
    readonly_fields = ["slug"]
    actions = ["merge"]

    def get_queryset(self, request):
        tally = KeywordTally.objects.filter(scope=0, filter="", keyword=OuterRef("pk"))
        count = Coalesce(Subquery(tally.values("n")[:1]), Value(0), output_field=IntegerField())
        return super().get_queryset(request).annotate(group_count=count)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))

    @admin.display(description=_("groups"), ordering="group_count")
    def group_count(self, keyword):
        return keyword.group_count

    def save_model(self, request, obj, form, change):
        with changing(obj.taggings.values_list("content_object", flat=True) if change else ()):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        deciding.delete_keywords([obj])

    def delete_queryset(self, request, queryset):
        deciding.delete_keywords(queryset)

    @admin.action(description=_("Merge…"))
    def merge(self, request, queryset):
        """Ask which spelling stays, then merge the others into it."""
        form = MergeForm(request.POST if "confirm" in request.POST else None, queryset)
        if form.is_valid():
            kept = form.cleaned_data["kept"]
            try:
                deciding.merge_keywords(kept, list(queryset))
            except ValueError:
                text = _("A keyword with an ecosystem of its own has to be the one that is kept.")
                self.message_user(request, text, messages.ERROR)
            else:
                self.message_user(request, _("Merged into “%s”.") % kept, messages.SUCCESS)
            return redirect(request.get_full_path())
        return ask(self, request, queryset, form, "merge", _("Merge these keywords"))


class CharterRuleInline(admin.TabularInline):
    model = CharterRule
    extra = 0


class RoleInline(admin.TabularInline):
    model = Role
    extra = 0
    raw_id_fields = ["person"]
    readonly_fields = ["given_at", "given_by", "withdrawn_by"]


class EcosystemForm(forms.ModelForm):
    banner = banner_field()


@admin.register(Ecosystem)
class EcosystemAdmin(DerivedAdmin):
    form = EcosystemForm
    list_display = ["name", "keyword", "admission", "charter_version", "core_group"]
    list_select_related = ["keyword", "core_group"]
    list_filter = ["admission"]
    search_fields = ["name", "keyword__name_key"]
    raw_id_fields = ["keyword", "core_group"]
    inlines = [CharterRuleInline, RoleInline]

    def touched_by(self, instance):
        return instance.keyword.taggings.values_list("content_object", flat=True)


@admin.register(Membership)
class MembershipAdmin(DerivedAdmin):
    list_display = ["group", "ecosystem", "status", "charter_version", "asked_at"]
    list_select_related = ["group", "ecosystem"]
    list_filter = ["status", "ecosystem"]
    search_fields = ["group__name", "group__short_name"]
    raw_id_fields = ["group", "decided_by", "charter_accepted_by"]

    def touched_by(self, instance):
        return [instance.group_id]


class PartnerForm(SpellingForm):
    logo = UploadField(pictures.store_logo, label=_("Logo"))


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    form = PartnerForm
    list_display = ["name", "url"]
    search_fields = ["name_key", "url"]
    fields = ["name", "url", "logo"]

    def save_model(self, request, obj, form, change):
        obj.name_key = fold(obj.name)
        # Whoever keeps a copy of the groups that name it hears of the change.
        with changing(obj.groups.values_list("pk", flat=True) if change else ()):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        with changing(obj.groups.values_list("pk", flat=True)):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with changing(Group.objects.filter(partners__in=queryset).values_list("pk", flat=True)):
            super().delete_queryset(request, queryset)


class PersonCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = Person
        fields = ["email"]


@admin.register(Person)
class PersonAdmin(UserAdmin):
    add_form = PersonCreationForm
    list_display = ["email", "name", "language", "is_staff", "created_at"]
    list_filter = ["is_staff", "language"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["created_at", "last_login"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]},
        )
    ]

    def get_deleted_objects(self, objs, request):
        deleted, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        # Whoever may erase a person may erase what is theirs.
        return deleted, counts, set(), protected

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and not (obj and privacy.is_last_operator(obj))

    def delete_model(self, request, obj):
        privacy.erase(obj, timezone.now())

    def delete_queryset(self, request, queryset):
        for person in queryset:
            try:
                privacy.erase(person, timezone.now())
            except privacy.LastOperator:
                self.message_user(
                    request,
                    _("%s is the last operator, and stays.") % person.email,
                    messages.WARNING,
                )


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin of what is read, never written by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ["group", "created_at", "by", "why"]
    list_select_related = ["group", "by"]
    search_fields = ["group__name", "group__short_name"]
    date_hierarchy = "created_at"
    show_full_result_count = False


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """Tasks are decided in the review, where whoever decides sees what they decide about."""

    list_display = ["group", "kind", "ecosystem", "opened_at", "shown_from", "decision"]
    list_select_related = ["group", "ecosystem"]
    list_filter = ["kind", "decision"]
    search_fields = ["group__name", "group__short_name"]
    date_hierarchy = "opened_at"
    show_full_result_count = False


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails are read, never written by hand. What nobody knows the fate of waits for a word."""

    list_display = ["subject", "receiver", "outcome", "problem", "created_at", "sent_at"]
    list_filter = ["outcome", "is_asked"]
    search_fields = ["receiver", "subject"]
    search_help_text = _("An address, or words of the subject.")
    date_hierarchy = "created_at"
    show_full_result_count = False
    # Links that open something lie in the bodies: operators need them least of all.
    exclude = ["text", "html"]
    actions = ["send_again", "let_be"]

    @admin.action(description=_("Send again what may not have left"), permissions=["view"])
    def send_again(self, request, queryset):
        self.tell(request, send_again(queryset, timezone.now()))

    @admin.action(description=_("Let be what may not have left"), permissions=["view"])
    def let_be(self, request, queryset):
        self.tell(request, let_be(queryset))

    def tell(self, request, count):
        text = ngettext(
            "%s mail decided. Only what was refused, or may have left, can be.",
            "%s mails decided. Only what was refused, or may have left, can be.",
            count,
        )
        self.message_user(request, text % count, messages.SUCCESS if count else messages.WARNING)


# People have one address, that of their record.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Second factors: taken away from whoever lost theirs, never shown, never made here."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    exclude = ["data"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


admin.site.register(FormerKeywordSlug)
# Django's own groups of permissions would be taken for groups.
admin.site.unregister(PermissionGroup)
