"""The operators' site, without django-leaflet's admin.

django-leaflet's admin module imports GeoDjango, which refuses to load on a machine without GDAL
(makinacorpus/django-leaflet#299). We need none of it, so every app but that one is discovered.
"""

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class SiteAdminConfig(SimpleAdminConfig):
    default = False
    default_site = "ecosystem.operators.OperatorsSite"

    def ready(self):
        super().ready()
        import_module("ecosystem.checks")
        for app in apps.get_app_configs():
            if app.name != "leaflet" and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
