"""The operators' pages. What they change goes through the same doors as everything else."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group as PermissionGroup
from django.core.exceptions import ValidationError
from django.db.models import IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import deciding
from .derived import changing
from .entries import names_of_others, save_entry
from .exchange.cleaning import clean_row
from .models import (
    CharterRule,
    Ecosystem,
    Facilitator,
    FormerKeywordSlug,
    Group,
    GroupPartner,
    Keyword,
    KeywordTally,
    Membership,
    Partner,
    Pause,
    Person,
    Revision,
    Role,
    Service,
)
from .names import check_short_name
from .text import fold

admin.site.site_header = admin.site.site_title = _("Ecosystem of groups")


class GroupForm(forms.ModelForm):
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
    raw_id_fields = ["person", "added_by"]


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

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Groups it concerns only now: nothing of theirs was brought in step yet, so that they are
        # taken away as they were counted.
        with changing(self.touched_by(form.instance)):
            pass

    def delete_model(self, request, obj):
        with changing(self.touched_by(obj)):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with changing(pk for each in queryset for pk in self.touched_by(each)):
            super().delete_queryset(request, queryset)


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
        save_entry(entry, group=form.instance, by=request.user, why="admin")

    def get_deleted_objects(self, objs, request):
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # Revisions are never deleted by themselves; they go with their group.
        return deleted, counts, forbidden - {Revision._meta.verbose_name}, protected

    def delete_model(self, request, obj):
        deciding.delete_groups([obj])

    def delete_queryset(self, request, queryset):
        deciding.delete_groups(queryset)

    @admin.action(description=_("Publish"))
    def publish(self, request, queryset):
        count = queryset.count()
        deciding.publish(queryset, by=request.user)
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
            deciding.refuse(queryset, by=request.user, reason=form.cleaned_data["reason"])
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
    raw_id_fields = ["person", "given_by", "withdrawn_by"]


@admin.register(Ecosystem)
class EcosystemAdmin(DerivedAdmin):
    list_display = ["name", "keyword", "admission", "charter_version", "core_group"]
    list_select_related = ["keyword", "core_group"]
    list_filter = ["admission"]
    search_fields = ["name", "keyword__name_key"]
    raw_id_fields = ["keyword", "core_group"]
    # Pictures come in by the one door that decodes them anew.
    exclude = ["banner"]
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


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    form = SpellingForm
    list_display = ["name", "url"]
    search_fields = ["name_key", "url"]
    exclude = ["logo"]

    def save_model(self, request, obj, form, change):
        obj.name_key = fold(obj.name)
        super().save_model(request, obj, form, change)


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


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):
    """Revisions are read, never written by hand."""

    list_display = ["group", "created_at", "by", "why"]
    list_select_related = ["group", "by"]
    search_fields = ["group__name", "group__short_name"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register(FormerKeywordSlug)
# Django's own groups of permissions would be taken for groups.
admin.site.unregister(PermissionGroup)
