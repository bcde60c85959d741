"""Who may enter the operators' site."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class OperatorsSite(AdminSite):
    """Opens to operators, once they have the second factor that the site asks for."""

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_operator()

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Lead whoever may not enter yet to what is missing: signing in, or a second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if not request.user.is_authenticated:
            to = request.GET.get("next") or reverse("admin:index")
            return redirect_to_login(to, resolve_url("account_login_by_password"))
        if request.user.is_staff:
            return redirect("mfa_index")
        raise PermissionDenied
