"""The curators' pages of an ecosystem: its record, its members, its people."""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import curating, joining, limits
from ..charters import charter_versions
from ..forms.ecosystems import RecordForm, RoleForm
from ..forms.review import QuestionForm, ReasonForm
from ..models import Ecosystem, Keyword, Membership, Role, Task
from ..reviewing import claims, verdicts
from ..reviewing.marks import decided_by
from ..reviewing.reading import find_task
from ..reviewing.rights import hindrance, reviewer_of
from .account import signed_in

PICTURES = {"times": 100, "within": timedelta(hours=1)}
ROLES = {"times": 20, "within": timedelta(days=1)}
MEMBERS_ON_A_PAGE = 50


def find_ecosystem(slug):
    """Return the `Ecosystem` of this slug, today's or a former one; else 404."""
    records = Ecosystem.objects.select_related("keyword", "core_group")
    record = records.filter(keyword__slug=slug.lower()).first()
    if record is None:
        keyword = Keyword.objects.filter(former_slugs__slug=slug.lower()).first()
        record = records.filter(keyword=keyword).first() if keyword else None
    if record is None:
        raise Http404("No such ecosystem.")
    return record


def for_curators(view):
    """Show ``view`` of an ecosystem to its curators and the operators; the others sign in, or 403.

    A former address leads to that of today.
    """

    @signed_in
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request, slug):
        ecosystem = find_ecosystem(slug)
        if not curating.may_curate(request.user, ecosystem):
            raise PermissionDenied
        if request.method != "POST" and ecosystem.keyword.slug != slug:
            return redirect(f"groups:{request.resolver_match.url_name}", ecosystem.keyword.slug)
        return view(request, ecosystem)

    return page


def _page(request, name, ecosystem, context, status=200):
    context = {
        "section": "ecosystems",
        "ecosystem": ecosystem,
        "accent": ecosystem.accent,
        "tab": name,
        "asking": joining.membership_counts(ecosystem)[Membership.Status.ASKED],
        "noindex": True,
        **context,
    }
    return render(request, f"groups/{name}.html", context, status=status)


def number_of(text):
    """Return the number of a record somebody sent, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


# ── The record ──────────────────────────────────────────────────────────────────────────────────


@for_curators
def ecosystem_edit(request, ecosystem):
    if request.method != "POST":
        return _edit_page(request, ecosystem, RecordForm(ecosystem=ecosystem))
    now = timezone.now()
    base = request.POST.get("base", "")
    form = RecordForm(request.POST, request.FILES, ecosystem=ecosystem)
    if request.FILES and limits.over_limit(request, "pictures", **PICTURES, now=now):
        form.add_error(None, limits.SORRY)
        return _edit_page(request, ecosystem, form, base=base, status=429)
    if not form.is_valid():
        return _edit_page(request, ecosystem, form, base=base, status=422)
    before = ecosystem.charter_version
    try:
        saved = curating.save_record(ecosystem, form.record(), base=base, by=request.user, now=now)
    except curating.Outdated:
        return _conflict_page(request, ecosystem, form)
    except IntegrityError:
        form.add_error("slug", _("This address belongs to another word. Choose another one."))
        return _edit_page(request, ecosystem, form, base=base, status=422)
    messages.success(request, _("Saved."))
    if saved.charter_version != before:
        messages.info(
            request,
            _("The charter is version %(version)s now. The groups are asked to accept it.")
            % {"version": saved.charter_version},
        )
    return redirect("groups:ecosystem_edit", saved.keyword.slug)


def _edit_page(request, ecosystem, form, *, base=None, status=200, **context):
    if base is None:
        base = curating.version_of(curating.record_of(ecosystem))
    context |= {
        "form": form,
        "forms": [form] if form.errors else [],
        "base": base,
        "versions": charter_versions(ecosystem),
    }
    return _page(request, "ecosystem_edit", ecosystem, context, status)


def _conflict_page(request, ecosystem, form):
    """Show what was typed again, with what somebody has saved meanwhile beside it."""
    # Their version is known now: pressing once more keeps what is typed here.
    fresh = find_ecosystem(ecosystem.keyword.slug)
    saved = RecordForm(ecosystem=fresh).initial
    conflicts = [
        (form[name].label, theirs, form[name].value())
        for name, theirs in saved.items()
        if name not in ("banner", "banner_kept")
        and _lines(theirs) != _lines(form[name].value() or "")
    ]
    if saved["banner_kept"] != (form["banner_kept"].value() or ""):
        conflicts.append((form["banner"].label, _("another picture"), _("your picture")))
    return _edit_page(request, fresh, form, status=409, conflicts=conflicts, is_conflict=True)


def _lines(text):
    return str(text).replace("\r\n", "\n").strip()


# ── Members ─────────────────────────────────────────────────────────────────────────────────────


@for_curators
def ecosystem_members(request, ecosystem):
    if request.method == "POST":
        return _decide(request, ecosystem)
    return _members_page(request, ecosystem)


def _members_page(request, ecosystem, *, sent=None, form=None, sorry="", status=200):
    """Show the memberships of one status; ``form`` was ``sent`` (membership, deed) with errors."""
    counts = joining.membership_counts(ecosystem)
    shown = request.GET.get("status", "")
    if shown not in counts:
        shown = next((each for each, n in counts.items() if n), Membership.Status.ASKED)
    paginator = Paginator(joining.memberships_of(ecosystem, shown), MEMBERS_ON_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    now = timezone.now()
    tasks = joining.tasks_about(ecosystem, page.object_list)
    rows = []
    for each in page.object_list:
        forms = {
            "refuse": ReasonForm(deed=f"refuse-{each.pk}", kind=Task.Kind.MEMBERSHIP),
            "ask": QuestionForm(deed=f"ask-{each.pk}"),
        }
        is_sent = sent is not None and sent[0] == each.pk
        if is_sent:
            forms[sent[1]] = form
        rows.append(
            {
                "membership": each,
                "task": tasks.get(each.group_id),
                "has_mark": each.has_mark(now),
                "is_late": each.renew_by is not None and each.renew_by <= now,
                "forms": forms,
                "open": sent[1] if is_sent else "",
            }
        )
    labels = dict(Membership.Status.choices)
    context = {
        "rows": rows,
        "page": page,
        "shown": shown,
        "counts": [(each, labels[each], n) for each, n in counts.items()],
        "sorry": sorry,
        "to_renew": Membership.objects.filter(
            ecosystem=ecosystem, status=Membership.Status.ACCEPTED, renew_by__isnull=False
        ).count(),
    }
    return _page(request, "ecosystem_members", ecosystem, context, status)


def _decide(request, ecosystem):
    now, deed = timezone.now(), request.POST.get("deed")
    memberships = Membership.objects.filter(ecosystem=ecosystem)
    pk = number_of(request.POST.get("membership"))
    membership = memberships.select_related("group", "ecosystem").filter(pk=pk).first()
    if membership is None or deed not in ("accept", "ask", "refuse", "reconsider"):
        sorry = _("Choose what is to be done.")
        return _members_page(request, ecosystem, sorry=sorry, status=422)
    reviewer = reviewer_of(request.user)
    if deed == "reconsider":
        return _reconsider(request, membership, reviewer, now)
    waiting = joining.tasks_about(ecosystem, [membership]).get(membership.group_id)
    task = find_task(reviewer, waiting.pk, now) if waiting else None
    if task is None:
        messages.info(request, _("This was decided meanwhile. Nothing was changed."))
        return redirect(request.get_full_path())
    if sorry := hindrance(task, reviewer):
        return _members_page(request, ecosystem, sorry=sorry, status=403)
    form = None
    if deed == "refuse":
        form = ReasonForm(request.POST, deed=f"refuse-{pk}", kind=Task.Kind.MEMBERSHIP)
    elif deed == "ask":
        form = QuestionForm(request.POST, deed=f"ask-{pk}")
    if form and not form.is_valid():
        return _members_page(request, ecosystem, sent=(pk, deed), form=form, status=422)
    name = {"name": membership.group.name}
    try:
        if deed == "accept":
            verdicts.accept(task, request.user, now)
            sentence = _("“%(name)s” is in. Its facilitators are told so.") % name
        elif deed == "ask":
            verdicts.ask(task, request.user, form.cleaned_data["question"], now)
            sentence = _("“%(name)s”: asked. It comes back with the answer.") % name
        else:
            verdicts.refuse(task, request.user, form.cleaned_data["reason"], now)
            sentence = _("“%(name)s”: refused. The group reads your reason.") % name
    except claims.DecidedAlready as late:
        messages.info(
            request,
            _("Somebody was faster: %(decision)s. Nothing was changed.")
            % {"decision": decided_by(late.task)},
        )
    except claims.NotDone:
        messages.info(request, _("Somebody else is reading this one just now. Try again later."))
    else:
        messages.success(request, sentence)
    return redirect(request.get_full_path())


def _reconsider(request, membership, reviewer, now):
    """Take a decision back, unless it is about one's own group."""
    own = membership.group.facilitators.filter(person=request.user, ended_at=None).exists()
    if own and not reviewer.is_operator:
        sorry = _(
            "You are of this group, or it is about you: somebody else decides. "
            "If there is nobody, the operators do."
        )
        return _members_page(request, membership.ecosystem, sorry=sorry, status=403)
    if joining.reconsider(membership, request.user, now):
        messages.success(request, _("Taken back: it waits to be decided again."))
    else:
        messages.info(request, _("There is nothing to take back any more."))
    return redirect("groups:ecosystem_members", membership.ecosystem.keyword.slug)


# ── People ──────────────────────────────────────────────────────────────────────────────────────


@for_curators
def ecosystem_people(request, ecosystem):
    if request.method != "POST":
        return _people_page(request, ecosystem)
    now = timezone.now()
    if request.POST.get("do") == "withdraw":
        return _withdraw(request, ecosystem, now)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _people_page(request, ecosystem, form=form, status=422)
    if limits.over_limit("", "role", who=f"ecosystem:{ecosystem.pk}", **ROLES, now=now):
        form.add_error("email", limits.SORRY)
        return _people_page(request, ecosystem, form=form, status=429)
    cleaned = form.cleaned_data
    _role, is_new = curating.give_role(
        ecosystem, cleaned["kind"], cleaned["email"], get_language(), request.user, now
    )
    if is_new:
        messages.success(request, _("The role is given, and a mail is on its way."))
    else:
        messages.info(request, _("This person has this role already."))
    return redirect("groups:ecosystem_people", ecosystem.keyword.slug)


def _withdraw(request, ecosystem, now):
    roles = Role.objects.filter(ecosystem=ecosystem).select_related("person", "ecosystem__keyword")
    role = roles.filter(pk=number_of(request.POST.get("role"))).first()
    try:
        is_done = role is not None and curating.withdraw_role(role, request.user, now)
    except curating.LastCurator:
        return _people_page(request, ecosystem, sorry=curating.sentence_of_last(), status=409)
    if is_done:
        messages.success(request, _("The role is withdrawn."))
    if not curating.may_curate(request.user, ecosystem):
        return redirect("groups:account_home")
    return redirect("groups:ecosystem_people", ecosystem.keyword.slug)


def _people_page(request, ecosystem, *, form=None, sorry="", status=200):
    roles = curating.roles_in(ecosystem)
    context = {
        "form": form or RoleForm(),
        "roles": [role for role in roles if role.withdrawn_at is None],
        "former": [role for role in roles if role.withdrawn_at],
        "sorry": sorry,
    }
    return _page(request, "ecosystem_people", ecosystem, context, status)
