"""The review: the queue of what waits, and the page where one thing is read and decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..forms.review import EndForm, FindForm, QuestionForm, ReasonForm, SomebodyForm
from ..letters import name_of
from ..models import Task
from ..reviewing import claims, verdicts
from ..reviewing.marks import decided_by, taken_by
from ..reviewing.queue import queue_address, queue_for
from ..reviewing.reading import DEEDS, find_task, read_task
from ..reviewing.rights import hindrance, reviewer_of
from .private import private_page

# Deeds beside deciding: the task is left to others, or a refusal is taken back.
LEAVE, REOPEN = "leave", "reopen"


@private_page
@login_required
@require_safe
def review_queue(request):
    now = timezone.now()
    reviewer = reviewer_of(request.user)
    if reviewer is None:
        return _no_role(request)
    queue = queue_for(reviewer, now, shown=request.GET.get("kind", ""), page=_page_of(request))
    context = {"queue": queue, "is_nameless": not name_of(request.user), "noindex": True}
    return render(request, "review/review_queue.html", context)


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_task(request, pk):
    now = timezone.now()
    reviewer = reviewer_of(request.user)
    if reviewer is None:
        return _no_role(request)
    task = find_task(reviewer, pk, now)
    if task is None:
        raise Http404("No such task, or not for this person.")
    if request.method == "POST":
        return _decide(request, task, reviewer, now)
    if request.method == "GET" and not task.decided_at and not hindrance(task, reviewer):
        # Reading it says so to the others for a while; nothing else changes by that.
        claims.take(task, request.user, now)
    return _show(request, task, reviewer, now)


def _no_role(request):
    context = {"lacks_second_factor": request.user.is_staff, "noindex": True}
    return render(request, "review/no_role.html", context, status=403)


def _page_of(request):
    page = request.GET.get("page", "")
    return int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1


# ── Showing ─────────────────────────────────────────────────────────────────────────────────────


def _show(request, task, reviewer, now, *, sent="", form=None, sorry="", status=200):
    """Show the page of ``task``; ``form`` is the one ``sent`` with errors, beside fresh ones."""
    reading = read_task(task, reviewer, now)
    forms = {deed: _form_of(deed, task) for deed in reading.deeds}
    if form is not None:
        forms[sent] = form
    context = {
        "reading": reading,
        "task": task,
        "forms": {deed: each for deed, each in forms.items() if each is not None},
        "wrong": [form] if form is not None and form.errors else [],
        "may_decide": reading.deeds and not (reading.hindrance or taken_by(task, reviewer, now)),
        "back": _back(request),
        "sorry": sorry,
        "noindex": True,
    }
    return render(request, "review/review_task.html", context, status=status)


def _form_of(deed, task, data=None):
    """Return the form of a deed, None for one that asks nothing."""
    match deed:
        case "refuse":
            return ReasonForm(data, deed=deed, kind=task.kind)
        case "ask":
            return QuestionForm(data, deed=deed)
        case "invite":
            return FindForm(data, deed=deed)
        case "there":
            return SomebodyForm(data, deed=deed)
        case "end":
            if task.kind == Task.Kind.REPORT:
                told = (
                    _("Whoever reported left an address: they get it as an answer.")
                    if task.reporter
                    else _("For those who read the history; nobody left an address.")
                )
                return EndForm(data, deed=deed, ends=verdicts.REPORT_ENDS, told=told)
            told = _("The facilitators get it with the mail that tells them.")
            return EndForm(data, deed=deed, ends=verdicts.STALE_ENDS, told=told)
    return None


def _back(request):
    """Return the queue as it was when the task was opened: from the address, so that it stays."""
    return queue_address(
        request.GET.get("kind", "") if request.GET.get("kind", "").isidentifier() else "",
        _page_of(request),
    )


# ── Deciding ────────────────────────────────────────────────────────────────────────────────────


def _decide(request, task, reviewer, now):
    deed = request.POST.get("deed", "")
    if deed == LEAVE:
        claims.leave(task, request.user)
        return redirect(_back(request))
    if sorry := hindrance(task, reviewer):
        return _show(request, task, reviewer, now, sorry=sorry, status=403)
    if deed == REOPEN:
        return _reopen(request, task, now)
    if deed not in DEEDS[task.kind]:
        sorry = _("Choose what is to be done.")
        return _show(request, task, reviewer, now, sorry=sorry, status=422)
    form = _form_of(deed, task, request.POST)
    if form is not None and not form.is_valid():
        return _show(request, task, reviewer, now, sent=deed, form=form, status=422)
    try:
        sentence = _do(deed, task, request.user, form and form.cleaned_data, request.POST, now)
    except claims.DecidedAlready as late:
        return _tell_decided(request, late.task)
    except claims.NotDone as sorry:
        fresh = find_task(reviewer, task.pk, now)
        return _show(
            request,
            fresh,
            reviewer,
            now,
            sent=deed,
            form=form,
            sorry=_sorry(sorry, fresh, reviewer, now),
            status=409,
        )
    messages.success(request, sentence)
    return redirect(_back(request))


def _do(deed, task, by, answers, post, now):
    """Do a deed. Return the sentence that says what was done."""
    version = post.get("version", "")
    name = {"name": task.group.name}
    match deed:
        case "accept":
            verdicts.accept(task, by, now, version=version)
            return _("“%(name)s”: accepted. Thank you.") % name
        case "refuse":
            verdicts.refuse(task, by, answers["reason"], now, version=version)
            return _("“%(name)s”: refused. The group reads your reason.") % name
        case "seen":
            verdicts.seen(task, by, now, version=version)
            return _("“%(name)s”: seen. Thank you.") % name
        case "ask":
            written = verdicts.ask(task, by, answers["question"], now)
            return _asked(task, written)
        case "invite":
            verdicts.invite(task, by, answers["email"], get_language(), now)
            return _("“%(name)s”: invited. If nobody says yes, it comes back in two weeks.") % name
        case "there":
            verdicts.somebody_is_there(task, by, answers["words"], now, version=version)
            return _("“%(name)s”: somebody is there. Thank you.") % name
        case "archive":
            verdicts.close_orphan(task, by, now, version=version)
            return _("“%(name)s” is archived. Its page stays.") % name
    close = verdicts.close_report if task.kind == Task.Kind.REPORT else verdicts.close_stale
    close(task, by, now, done=answers["done"], words=answers["words"], version=version)
    return _("“%(name)s”: done. Thank you.") % name


def _asked(task, written):
    name = {"name": task.group.name}
    if written:
        return _("“%(name)s”: asked. It comes back with the answer, or in two weeks.") % name
    return (
        _(
            "“%(name)s”: nobody there has confirmed an address. The question is shown where the "
            "group edits its entry; it comes back with the answer, or in two weeks."
        )
        % name
    )


def _sorry(reason, task, reviewer, now):
    """Return why nothing was done, in a sentence."""
    match reason:
        case claims.TakenByAnother():
            return _("%(taken)s. Nothing was changed; what you typed is still here.") % {
                "taken": taken_by(task, reviewer, now)
            }
        case claims.ReadAnother():
            return _("The entry changed while you were reading. Look at it again, then decide.")
    return _(
        "This cannot be saved any more: the short name belongs to another group now. "
        "Ask the group for another one, or refuse the change."
    )


def _tell_decided(request, task):
    if task.decided_by_id == request.user.pk:
        text = _("You had decided this already.")
    else:
        text = _("Somebody was faster: %(decision)s. Nothing was changed.") % {
            "decision": decided_by(task)
        }
    messages.info(request, text)
    return redirect("groups:review_task", task.pk)


def _reopen(request, task, now):
    again = verdicts.reopen(task, request.user, now)
    if again is None:
        messages.info(request, _("There is nothing to take back any more."))
        return redirect("groups:review_task", task.pk)
    messages.success(request, _("Taken back: it waits to be decided again."))
    return redirect("groups:review_task", again.pk)
