"""All addresses: the doors of the house, and three for whoever watches whether it stands."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tongban.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
if find_spec("tongban.api.urls"):
    urlpatterns.append(path("api/", include("tongban.api.urls")))
urlpatterns.append(path("", include("tongban.portal.urls")))

handler400 = "tongban.site.views.bad_request"
handler403 = "tongban.site.views.forbidden"
handler404 = "tongban.site.views.not_found"
handler500 = "tongban.site.views.fault"
