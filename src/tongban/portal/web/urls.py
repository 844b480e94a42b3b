"""Addresses of the portal itself."""

from django.urls import path

from tongban.portal.web import home, switches, texts

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("my", home.my, name="my"),
    path("privacy", texts.privacy, name="privacy"),
    path("accessibility", texts.accessibility, name="accessibility"),
    path("about", texts.about, name="about"),
    path("type", switches.type_size, name="type"),
    path("robots.txt", texts.robots, name="robots"),
    path("favicon.ico", texts.favicon, name="favicon"),
]
