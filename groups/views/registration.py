"""Registering a group in two steps, and what the form asks while one types."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import markdown
from ..access import LASTS, open_session
from ..charters import charters_of
from ..drafts import SESSION_KEY as DRAFT_KEY
from ..drafts import draft_of, keep_draft, too_many_drafts
from ..duplicates import duplicates_of
from ..forms.entry import EntryForm, written_on
from ..forms.fields import as_typed
from ..forms.sender import SenderForm
from ..limits import SORRY, over_limit
from ..links import link_address
from ..models import Group
from ..public import preview_card, public_links, public_position, public_service
from ..registration import (
    NameTaken,
    fresh_token,
    give_address,
    register,
    registered_before,
    too_many_registrations,
)
from ..reviewing import state_of
from ..short_names import answer_short_name, propose_short_name
from ..suggestions import keywords_like
from ..text import one_line, plain_text
from .private import open_form, private_page

SESSION_KEY = "registered"
KEYWORDS_SHOWN = 8
INVITED_WITH = ("kind", "keywords", "country")
# Nobody reads more of a preview; a description has 2,000 characters at most.
PREVIEWED = 10_000
LONGEST_ASKED = 200
MOST_ASKED = 600  # an hour and network
AN_HOUR = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@open_form
def new_group(request):
    """Show the form, then what was typed as it will be, then register the group."""
    now = timezone.now()
    if request.method != "POST":
        return _begin(request, now)
    what = request.POST.get("do")
    if what == "send" and (again := registered_before(request.POST.get("token", ""), now)):
        return _done(request, again, now)
    if request.FILES and over_limit(request, "pictures", times=100, within=AN_HOUR, now=now):
        return shown_again(request, SORRY, status=429)
    form = EntryForm(request.POST, request.FILES)
    is_whole = form.is_valid()
    charters = charters_of(form.cleaned_data.get("keywords", []))
    sender = SenderForm(request.POST, charters=charters, now=now)
    match what:
        case "later":
            return _keep_for_later(request, form, sender, now)
        case "partner" | "describe" | "change" if not form.picture_errors():
            return _write_on(request, form, sender, what)
        case "send" if is_whole:
            return _send(request, form, sender, now)
    if is_whole:
        return _read_again(request, form, sender)
    return _write(request, form, sender, forms=[form], status=422)


def _begin(request, now):
    """Show an empty form, or the draft this browser has opened."""
    if "kept" in request.GET:
        return render(request, "groups/draft_kept.html", {"section": "register", "noindex": True})
    draft = draft_of(request, now) if "draft" in request.GET else None
    sender = SenderForm(typed={"email": draft.email if draft else ""}, now=now)
    return _write(
        request, EntryForm(typed=draft.typed if draft else _invited(request)), sender, draft=draft
    )


def _invited(request):
    """Return what the link that led here proposes: a place nobody is at yet, for instance."""
    typed = as_typed(request.GET)
    return {name: typed[name][:LONGEST_ASKED] for name in INVITED_WITH if typed.get(name)}


def shown_again(request, sorry, *, status):
    """Show the first step again with all that was typed, and do nothing else."""
    form, sender = EntryForm(typed=request.POST.dict()), SenderForm(typed=request.POST.dict())
    return _write(request, form, sender, sorry=sorry, status=status)


def _write(request, form, sender, *, forms=(), status=200, **context):
    """Show the first step. Of ``forms``, what is wrong is listed above it."""
    context |= {
        "section": "register",
        "noindex": True,
        "form": form,
        "sender": sender,
        "forms": forms,
        "token": fresh_token(request.POST.get("token", "")),
    }
    return render(request, "groups/new_group.html", context, status=status)


def _write_on(request, form, sender, what):
    """Show the first step as it was left, judging nothing: with a row more, or a preview."""
    return _write(request, written_on(form, what), sender)


def _read_again(request, form, sender, *, forms=(), status=200):
    """Show the second step: the group as it will be."""
    entry, extras = form.cleaned_entry(), form.cleaned_extras()
    links = public_links(entry["services"], extras["members_is_open"])
    others = [kind for kind in entry["services"] if kind not in links]
    context = {
        "section": "register",
        "noindex": True,
        "entry": entry,
        "extras": extras,
        "previewed": [preview_card(entry, form.band_url)],
        "short_address": f"{settings.SITE_HOST}/{entry['short_name']}",
        "position": public_position(
            entry["latitude"], entry["longitude"], extras["position_is_approximate"]
        ),
        "description_html": markdown.render(entry["description"]),
        "links": [public_service(kind, url) for kind, url in links.items()],
        "private_links": [public_service(kind, entry["services"][kind]) for kind in others],
        "partners": form.filled_partners(),
        "duplicates": duplicates_of(entry),
        "typed": form.typed(),
        "sender": sender,
        "forms": forms,
        "token": fresh_token(request.POST.get("token", "")),
    }
    return render(request, "groups/check_group.html", context, status=status)


def _send(request, form, sender, now):
    if not sender.is_valid():
        return _read_again(request, form, sender, forms=[sender], status=422)
    email, name = sender.cleaned_data["email"], sender.cleaned_data["sender_name"]
    if too_many_registrations(request, email, now):
        sender.add_error(None, SORRY)
        return _read_again(request, form, sender, forms=[sender], status=429)
    try:
        registration = register(
            form,
            token=fresh_token(request.POST.get("token", "")),
            charters=sender.accepted_charters(),
            email=email,
            name=name,
            language=get_language(),
            draft=draft_of(request, now),
            now=now,
        )
    except NameTaken as taken:
        form.add_error("short_name", str(taken))
        return _write(request, form, sender, forms=[form], status=422)
    request.session.pop(DRAFT_KEY, None)
    return _done(request, registration, now)


def _keep_for_later(request, form, sender, now):
    """Keep what was typed, right or wrong, and mail the link that opens it."""
    status = 422
    if sender.require_address():
        email = sender.cleaned_data["email"]
        if not too_many_drafts(request, email, now):
            keep_draft(
                form.typed(),
                email=email,
                language=get_language(),
                token=fresh_token(request.POST.get("token", "")),
                draft=draft_of(request, now),
                now=now,
            )
            return redirect(reverse("groups:new_group") + "?kept=1")
        sender.add_error(None, SORRY)
        status = 429
    if "read" in request.POST and form.is_valid():
        return _read_again(request, form, sender, forms=[sender], status=status)
    return _write(request, EntryForm(typed=form.typed()), sender, forms=[sender], status=status)


def _done(request, registration, now):
    """Let this browser see the link that is shown once, and correct something, for two hours."""
    group, secret = registration.group, registration.secret
    before = request.session.get(SESSION_KEY, {})
    if not secret and before.get("group") == group.pk:
        secret = before["secret"]
    open_session(request, group, may_only_edit=True)
    request.session[SESSION_KEY] = {
        "group": group.pk,
        "secret": secret,
        "until": (now + LASTS).isoformat(),
    }
    return redirect("groups:group_registered")


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def group_registered(request):
    """Say what happens next, and show the link to keep; or take an address after all."""
    now = timezone.now()
    registered = request.session.get(SESSION_KEY)
    if not registered or datetime.fromisoformat(registered["until"]) <= now:
        return redirect("groups:new_group")
    group = Group.objects.filter(pk=registered["group"]).first()
    if group is None:
        return redirect("groups:new_group")
    sender = SenderForm(request.POST if request.method == "POST" else None, now=now)
    status = 200
    if request.method == "POST":
        status = 422
        if sender.require_address():
            if not too_many_registrations(request, sender.cleaned_data["email"], now):
                give_address(group, sender.cleaned_data, get_language(), now)
                return redirect("groups:group_registered")
            sender.add_error(None, SORRY)
            status = 429
    secret = registered["secret"]
    context = {
        "section": "register",
        "noindex": True,
        "group": group,
        "state": state_of(group),
        "is_mailed": group.facilitators.exists(),
        "kept_link": secret and link_address(secret, get_language()),
        "sender": sender,
        "forms": [sender] if sender.is_bound else [],
    }
    return render(request, "groups/group_registered.html", context, status=status)


@require_safe
def short_name_answer(request):
    """Answer whether a short name is free, or which one goes with a name; never whose it is."""
    if over_limit(request, "short names", times=MOST_ASKED, within=AN_HOUR):
        return JsonResponse({}, status=429)
    typed = as_typed(request.GET)
    name, short_name = one_line(typed.get("name", "")), one_line(typed.get("short_name", ""))
    if not short_name:
        short_name = propose_short_name(name) if name else ""
        if not short_name:
            return JsonResponse({"short_name": "", "is_free": False, "sentence": ""})
    elif short_name == typed.get("group"):
        # The group that is edited has it already.
        return JsonResponse({"short_name": short_name, "is_free": True, "sentence": ""})
    answer = answer_short_name(short_name.lower()[:LONGEST_ASKED], name=name[:LONGEST_ASKED])
    words = {
        "short_name": answer.short_name,
        "is_free": answer.is_free,
        "sentence": answer.sentence,
    }
    if answer.proposal:
        take = _("Take “%(name)s”") % {"name": answer.proposal}
        words |= {"proposal": answer.proposal, "take": take}
    return JsonResponse(words)


@require_safe
@cache_control(public=True, max_age=300)
def keyword_answer(request):
    """Answer public keywords that begin like what was typed, with how many groups carry them."""
    found = keywords_like(as_typed(request.GET).get("q", "")[:LONGEST_ASKED], KEYWORDS_SHOWN)
    keywords = [
        {"name": name, "label": ngettext("%(n)s group", "%(n)s groups", n) % {"n": n}}
        for name, n in found
    ]
    return JsonResponse({"keywords": keywords})


@require_POST
def description_answer(request):
    """Answer the HTML of a description, as the page of the group will show it."""
    text = as_typed(request.POST).get("description", "")[:PREVIEWED]
    return HttpResponse(markdown.render(plain_text(text)))
