"""A signed-in person: their groups, their roles, and what the site knows about them."""

from functools import wraps
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from .. import privacy, upkeep
from ..forms.account import AboutMeForm, EraseForm
from ..mail.unsubscribe import person_of
from ..models import Facilitator
from ..reviewing import state_of
from ..reviewing.rights import open_tasks_of, reviewer_of
from .private import csrf_by_token, private_page


def signed_in(view):
    """Show ``view`` to whoever is signed in, in their own time; lead the others to sign in."""

    @private_page
    @login_required
    @wraps(view)
    def page(request, *args, **kwargs):
        with timezone.override(zone_of(request.user)):
            return view(request, *args, **kwargs)

    return page


def zone_of(person):
    """Return the time zone of ``person``, None for that of the site."""
    try:
        return ZoneInfo(person.time_zone)
    except (ValueError, ZoneInfoNotFoundError):
        return None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account_home(request):
    now = timezone.now()
    if "invitation" in request.POST:
        answer_invitation(request.user, request.POST, now)
        return redirect("groups:account_home")
    form = AboutMeForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_bound and form.is_valid():
        request.user.save(update_fields=form.changed_data)
        return redirect("groups:account_home")
    listed = Facilitator.objects.filter(person=request.user, ended_at=None)
    listed = listed.select_related("group", "added_by").order_by("group__name_key", "pk")
    reviewer = reviewer_of(request.user)
    return render(
        request,
        "groups/account_home.html",
        {
            "form": form,
            "groups": [(each.group, state_of(each.group)) for each in listed if each.confirmed_at],
            "invitations": [each for each in listed if not each.confirmed_at],
            "roles": request.user.roles.filter(withdrawn_at=None)
            .select_related("ecosystem__keyword")
            .order_by("given_at"),
            # None for operators who still lack their second factor: the review tells them so.
            "waiting": open_tasks_of(reviewer, now).count() if reviewer else None,
        },
        status=422 if form.errors else 200,
    )


def answer_invitation(person, answer, now):
    """Confirm or decline one invitation. One that was answered or taken back is left alone."""
    asked = answer["invitation"]
    waiting = Facilitator.objects.filter(person=person, confirmed_at=None, ended_at=None)
    waiting = waiting.select_related("person", "group", "replaces__person")
    facilitator = waiting.filter(pk=asked).first() if asked.isdecimal() else None
    if facilitator is None:
        return
    if answer.get("answer") == "yes":
        upkeep.confirm_address(facilitator, now)
    else:
        upkeep.leave(facilitator.group, person, now)


@signed_in
@require_safe
def account_data(request):
    """Hand over everything that is kept about the person, as a file."""
    readable = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(privacy.export(request.user), json_dumps_params=readable)
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase_account(request):
    person = request.user
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            privacy.erase(person, timezone.now())
        except privacy.LastOperator:
            form.add_error(None, EraseForm.LAST_OPERATOR)
        else:
            logout(request)
            return render(request, "groups/account_erased.html")
    return render(
        request,
        "groups/erase_account.html",
        {
            "form": form,
            "left_alone": privacy.groups_left_alone(person),
            "is_last_operator": privacy.is_last_operator(person),
        },
        status=422 if form.errors else 200,
    )


@csrf_exempt
def unsubscribe(request, token):
    """Say no to the mails nobody asked for: by the page, or by the button of a mail program.

    The button (RFC 8058) sends no cookie, and so no token against forged forms; whoever knows the
    address of this page may press it.
    """
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        person = person_of(token)
        if person is None:
            raise Http404("No such person.")
        set_reminders(person, wanted=False)
        return HttpResponse(status=204)
    return reminders_page(request, token)


@csrf_by_token
@private_page(secret=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_page(request, token):
    person = person_of(token)
    if request.method == "POST" and person:
        set_reminders(person, wanted="again" in request.POST)
        return redirect(request.path)
    status = 200 if person else 404
    return render(request, "groups/unsubscribe.html", {"person": person}, status=status)


def set_reminders(person, *, wanted):
    person.wants_reminders = wanted
    person.save(update_fields=["wants_reminders"])
