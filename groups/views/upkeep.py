"""Upkeep: the pages of whoever may edit a group. The others find the gate."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import charters, editing, limits, reviewing, taking_over, upkeep
from ..access import confirmed_facilitators, grant_for, is_facilitator
from ..forms.entry import EntryForm, written_on
from ..forms.upkeep import (
    AnswerForm,
    InviteForm,
    OwnAddressForm,
    PauseForm,
)
from ..links import link_address
from ..models import Facilitator, Group, Person
from ..taking_over import open_offer
from .gate import asked_too_often, show_gate
from .private import private_page

PICTURES = {"times": 100, "within": timedelta(hours=1)}
INVITED_BY_GROUP = 10
INVITED_WITHIN = timedelta(days=1)
# What takes time to write again.
WRITTEN = ("name", "tagline", "description", "keywords")


# ── The entry ───────────────────────────────────────────────────────────────────────────────────


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request, short_name):
    group, grant = _granted(request, short_name)
    if grant is None:
        if request.method == "POST":
            return show_gate(request, short_name, typed=_written(request), status=403)
        return show_gate(request, short_name)
    if request.method == "POST":
        return _save(request, group, grant)
    if group.short_name != short_name:
        return redirect("groups:group_edit", group.short_name)
    return _edit_page(request, group, grant, *editing.begin(group, grant))


def _written(request):
    """Return the texts in a form of an entry, with their labels, so that they can be copied."""
    form = EntryForm(typed=request.POST.dict())
    texts = [(form[name].label, form[name].value()) for name in WRITTEN]
    return [(label, text) for label, text in texts if text]


def shown_again(request, short_name, *, sorry, status):
    """Show the form again with all that was typed, and do nothing else."""
    group, grant = _granted(request, short_name)
    if grant is None:
        return show_gate(request, short_name, sorry=sorry, typed=_written(request), status=status)
    form = EntryForm(typed=request.POST.dict(), group=group)
    base = request.POST.get("base", "")
    return _edit_page(request, group, grant, form, base, status=status, sorry=sorry)


def _save(request, group, grant):
    now = timezone.now()
    if request.FILES and limits.over_limit(request, "pictures", **PICTURES, now=now):
        return shown_again(request, group.short_name, sorry=limits.SORRY, status=429)
    base = request.POST.get("base", "")
    form = EntryForm(request.POST, request.FILES, group=group)
    is_whole = form.is_valid()
    what = request.POST.get("do")
    if what in ("partner", "describe") and not form.picture_errors():
        return _edit_page(request, group, grant, written_on(form, what), base)
    if not is_whole:
        return _edit_page(request, group, grant, form, base, status=422)
    known = {each.ecosystem for each in charters.unaccepted_charters(group)}
    outcome = editing.save_edit(
        form,
        group=group,
        base=base,
        grant=grant,
        now=now,
        choices={
            name.removeprefix("choice_"): value
            for name, value in request.POST.items()
            if name.startswith("choice_")
        },
        still_right="still_right" in request.POST,
    )
    if outcome.code == "conflict":
        return _conflict_page(request, grant, outcome)
    if outcome.code == "invalid":
        return _edit_page(request, group, grant, outcome.form, base, status=422)
    _say(request, outcome, group)
    if outcome.code == "saved":
        _say_of_charters(request, outcome.group, known)
    return redirect("groups:group_edit", outcome.group.short_name)


def _say(request, outcome, before):
    sentences = {
        "saved": _("Saved."),
        "proposed": _("Thank you. Somebody reads it first; until then the page stays as it is."),
        "unchanged": _("Nothing was changed."),
    }
    messages.success(request, sentences[outcome.code])
    if outcome.is_joined:
        messages.info(request, _("Somebody had saved meanwhile: both changes are kept."))
    if outcome.code != "saved" and outcome.is_confirmed:
        messages.success(request, _("Thank you: the entry counts as checked today."))
    if outcome.group.short_name != before.short_name:
        messages.warning(
            request,
            _("The address of the page is new. The old one leads here, for ever."),
        )


def _say_of_charters(request, group, known):
    """Lead to the charters below that come with the keywords written just now."""
    for each in charters.unaccepted_charters(group):
        if each.ecosystem not in known:
            messages.info(
                request,
                _("The ecosystem %(name)s has a charter: read it just below, and accept it.")
                % {"name": each.ecosystem.name},
            )


def _edit_page(request, group, grant, form, base, status=200, **context):
    context = {
        "form": form,
        "forms": [form] if form.is_bound else [],
        "base": base,
        "version": editing.newest_version(group),
        "is_published_at_once": editing.is_published_at_once(group, grant),
        "answer_form": AnswerForm(),
        "charters": charters.unaccepted_charters(group),
        **context,
    }
    return _page(request, "group_edit", group, grant, context, status)


def _conflict_page(request, grant, outcome):
    group = outcome.group
    context = {
        "conflicts": outcome.conflicts,
        "typed": outcome.form.data,
        # What they made is known now: the next time round only the choices count.
        "base": editing.base_of(group),
        "still_right": "still_right" in request.POST,
    }
    return _page(request, "group_conflict", group, grant, context, status=409)


@private_page
@require_POST
def answer_question(request, short_name):
    """Answer what the reviewers ask, or send a refused group in again."""
    group, grant = _granted(request, short_name)
    if grant is None:
        return redirect("groups:group_edit", short_name)
    now = timezone.now()
    if "resubmit" in request.POST:
        if reviewing.resubmit(group, grant.person, now):
            messages.success(request, _("Thank you. It is in the queue again."))
        return redirect("groups:group_edit", group.short_name)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        begun = editing.begin(group, grant)
        return _edit_page(request, group, grant, *begun, status=422, answer_form=form)
    task = group.tasks.filter(pk=_number(request.POST.get("task"))).first()
    if task and reviewing.answer(task, form.cleaned_data["answer"], grant.person, now):
        messages.success(request, _("Thank you: your answer is with whoever asked."))
    else:
        messages.info(request, _("This question has been decided meanwhile."))
    return redirect("groups:group_edit", group.short_name)


@private_page
@require_POST
def accept_charter(request, short_name):
    """Accept, for the group, the charter of an ecosystem as it was shown."""
    group, grant = _granted(request, short_name)
    if grant is None or grant.person is None:
        return redirect("groups:group_edit", short_name)
    shown = _number(request.POST.get("ecosystem")), _number(request.POST.get("version"))
    ecosystem = charters.accept_shown_charter(group, *shown, grant.person, timezone.now())
    if ecosystem is None:
        sorry = _(
            "This charter was accepted already, or changed while you were reading. "
            "What is left to accept stands here."
        )
        begun = editing.begin(group, grant)
        return _edit_page(request, group, grant, *begun, status=409, charter_sorry=sorry)
    messages.success(
        request,
        _("Thank you: your group has accepted the charter of %(name)s.") % {"name": ecosystem.name},
    )
    return redirect("groups:group_edit", group.short_name)


# ── Activity and people ─────────────────────────────────────────────────────────────────────────


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_activity(request, short_name):
    group, grant = _granted(request, short_name)
    if grant is None or grant.may_only_edit:
        return redirect("groups:group_edit", short_name)
    now = timezone.now()
    today = timezone.localdate(now)
    form = None
    if request.method == "POST":
        if request.POST.get("do") != "pause":
            return _change_activity(request, group, grant.person, now)
        form = PauseForm(request.POST, today=today)
        if form.is_valid():
            upkeep.pause(group, by=grant.person, now=now, **form.answers())
            messages.success(request, _("The group is pausing. Its page stays as it is."))
            return redirect("groups:group_activity", group.short_name)
    pause = upkeep.latest_pause(group, today)
    context = {
        "form": form or PauseForm(today=today),
        "pause": pause,
        "is_pause_asked": pause is not None and upkeep.is_to_be_looked_at(pause, today),
    }
    return _page(request, "group_activity", group, grant, context, 422 if form else 200)


def _change_activity(request, group, by, now):
    what = request.POST.get("do")
    if what in ("keep", "let_go"):
        return _answer_offer(request, group, by, now, keeps=what == "keep")
    deeds = {
        "sleep": (upkeep.put_to_sleep, _("The group is asleep now. You can wake it here.")),
        "wake": (upkeep.wake, _("The group is awake: its page says so.")),
        "archive": (upkeep.archive, _("The group is archived. Its page stays.")),
        "publish_profile": (
            upkeep.publish_profile,
            _("The profile is there. Its address stands here."),
        ),
        "withdraw_profile": (
            upkeep.withdraw_profile,
            _("The profile is gone. Whoever asks for it is told so."),
        ),
        "end_pause": (upkeep.end_pause, _("The pause is over. Welcome back!")),
        "still_right": (
            upkeep.confirm_entry,
            _("Thank you: the entry counts as checked today."),
        ),
    }
    deed, sentence = deeds.get(what, (None, ""))
    if deed:
        deed(group, by=by, now=now)
        messages.success(request, sentence)
    return redirect("groups:group_activity", group.short_name)


def _answer_offer(request, group, by, now, *, keeps):
    """Answer, as a facilitator, whoever offers to take the group over."""
    task = open_offer(group)
    if task and keeps and taking_over.keep(task, by, now):
        messages.success(request, _("You keep the group, and whoever offered is told so."))
    elif task and not keeps and taking_over.let_go(task, by, now, leaves=False):
        messages.success(request, _("Thank you: whoever offered facilitates the group with you."))
    else:
        messages.info(request, _("This offer has been decided meanwhile."))
    return redirect("groups:group_activity", group.short_name)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_people(request, short_name):
    group, grant = _granted(request, short_name)
    if grant is None:
        return redirect("groups:group_edit", short_name)
    if grant.may_only_edit:
        return _without_facilitator(request, group, grant)
    if request.method == "POST":
        return _change_people(request, group, grant)
    return _people_page(request, group, grant)


def _change_people(request, group, grant):
    now, what = timezone.now(), request.POST.get("do")
    if what in ("invite", "hand_over"):
        return _invite(request, group, grant, now, is_handing_over=what == "hand_over")
    if what == "leave" and upkeep.leave(group, grant.person, now):
        messages.success(
            request,
            _("You no longer facilitate “%(group)s”. Thank you for all you did for it.")
            % {"group": group.name},
        )
    if what == "remove":
        person = Person.objects.filter(pk=_number(request.POST.get("person"))).first()
        if person and upkeep.remove_facilitator(group, person, grant.person, now):
            messages.success(request, _("Taken off the list."))
    return redirect("groups:group_people", group.short_name)


def _invite(request, group, grant, now, *, is_handing_over):
    auto_id = "hand_over_%s" if is_handing_over else "invite_%s"
    form = InviteForm(request.POST, auto_id=auto_id)
    forms = {"hand_over_form" if is_handing_over else "invite_form": form}
    if not form.is_valid():
        return _people_page(request, group, grant, status=422, **forms)
    within = {"times": INVITED_BY_GROUP, "within": INVITED_WITHIN, "now": now}
    if limits.over_limit("", "invite", who=f"group:{group.pk}", **within):
        form.add_error("email", limits.SORRY)
        return _people_page(request, group, grant, status=429, **forms)
    deed = upkeep.hand_over if is_handing_over else upkeep.add_facilitator
    invited = deed(group, form.cleaned_data["email"], get_language(), grant.person, now)
    if not invited.confirmed_at:
        sentence = _("An invitation is on its way. Until it is accepted, nothing changes.")
    elif is_handing_over:
        sentence = _("The group is in other hands now. Thank you for all you did for it.")
    else:
        sentence = _("This person facilitates the group already.")
    messages.success(request, sentence)
    return redirect("groups:group_people", group.short_name)


def _people_page(request, group, grant, status=200, **forms):
    listed = Facilitator.objects.filter(group=group, ended_at=None).select_related("person")
    context = {
        "facilitators": listed.order_by("pk"),
        "me": grant.person,
        "is_facilitator": is_facilitator(grant.person, group),
        "is_last": confirmed_facilitators(group).count() == 1,
        "invite_form": InviteForm(auto_id="invite_%s"),
        "hand_over_form": InviteForm(auto_id="hand_over_%s"),
        **forms,
    }
    return _page(request, "group_people", group, grant, context, status)


def _without_facilitator(request, group, grant):
    """Let whoever only has the kept link leave an address, or replace the link by another.

    Once somebody has confirmed an address, the kept link is over, and so is this.
    """
    if confirmed_facilitators(group).exists():
        raise Http404("For facilitators.")
    form, now = None, timezone.now()
    match request.POST.get("do"):
        case "replace":
            return _replace_kept_link(request, group, grant, now)
        case "welcome":
            form = OwnAddressForm(request.POST)
            if form.is_valid() and asked_too_often(request, form.cleaned_data["email"], now):
                form.add_error("email", limits.SORRY)
            elif form.is_valid():
                upkeep.welcome(group, form.cleaned_data["email"], get_language(), "", now)
                messages.success(
                    request,
                    _("A link is on its way. Open it, and you facilitate the group by mail."),
                )
                return redirect("groups:group_people", group.short_name)
    context = {"form": form or OwnAddressForm()}
    return _page(request, "group_kept_link", group, grant, context, 422 if form else 200)


def _replace_kept_link(request, group, grant, now):
    """Show the new kept link, this once: it is stored nowhere, so no other page can."""
    secret = upkeep.replace_kept_link(group, grant.person, now)
    context = {"form": OwnAddressForm(), "address": link_address(secret, get_language())}
    return _page(request, "group_kept_link", group, grant, context)


# ── What they share ─────────────────────────────────────────────────────────────────────────────


def _granted(request, short_name):
    """Return the group of this name, published or not, and what this browser may do for it.

    (None, None) where it may nothing: whether there is such a group is not said.
    """
    group = Group.objects.named(short_name.lower())
    grant = grant_for(request, group) if group else None
    return (group, grant) if grant else (None, None)


def _page(request, name, group, grant, context, status=200):
    context = {
        "group": group,
        "grant": grant,
        "tab": name,
        "states": reviewing.states_of(group),
        "offer": open_offer(group),
        "noindex": True,
        **context,
    }
    return render(request, f"groups/{name}.html", context, status=status)


def _number(text):
    """Return the number of a record somebody sent, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
