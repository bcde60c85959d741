"""Pages of the demo only: the mails it sends to nobody, and seeing it as somebody else does."""

from functools import wraps
from ipaddress import ip_address

from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from ..demo.people import cast
from ..mail.composing import compose
from ..mail.fates import sent_with
from ..mail.flowing import joined
from ..models import Mail
from .private import private_page

MAILS_SHOWN = 100
# Where each role finds something to do.
FIRST_PAGES = {
    "visitor": "groups:home",
    "facilitator": "groups:account_home",
    "helper": "helpers:dashboard",
    "curator": "groups:review_queue",
    "operator": "admin:index",
}


def demo_page(view):
    """Show ``view`` in the demo only, and only to whoever sits at this machine."""

    @wraps(view)
    @private_page
    def page(request, *args, **kwargs):
        host, _port = split_domain_port(request.get_host())
        here = is_loopback(host) and is_loopback(request.META["REMOTE_ADDR"])
        if not (settings.DEMO and here):
            raise Http404("Only in the demo, and on this machine.")
        return view(request, *args, **kwargs)

    return page


def is_loopback(host):
    """Say whether ``host``, a name or an address, is this machine."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@require_safe
@demo_page
def mail_list(request):
    mails = Mail.objects.order_by("-pk").select_related("person")
    return render(
        request,
        "demo/mail_list.html",
        {"mails": mails[:MAILS_SHOWN], "cast": cast(), "noindex": True},
    )


@require_safe
@demo_page
@csp_update({"frame-src": "'self'"})
def mail_detail(request, pk):
    mail = get_object_or_404(Mail.objects.select_related("person"), pk=pk)
    message = compose(sent_with(mail)) if mail.text else None
    text = joined(message.body) if message else ""
    return render(
        request,
        "demo/mail_detail.html",
        {"mail": mail, "message": message, "text": text, "noindex": True},
    )


@require_safe
@demo_page
@xframe_options_sameorigin
@csp({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]})
def mail_as_html(request, pk):
    """Show the HTML of a mail by itself, with the styles it brings and nothing else."""
    mail = get_object_or_404(Mail.objects.exclude(html=""), pk=pk)
    [(html, _kind)] = compose(sent_with(mail)).alternatives
    # In the frame of our page a link would open within it.
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@require_POST
@demo_page
def continue_as(request):
    role = request.POST.get("role", "")
    if role == "visitor":
        logout(request)
    elif person := cast().get(role):
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    else:
        raise Http404("Nobody in the demo has this role.")
    return redirect(FIRST_PAGES[role])
