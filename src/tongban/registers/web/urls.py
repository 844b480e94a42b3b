"""Addresses of registers' pages."""

from django.urls import path

from tongban.registers.web import making, subjects

app_name = "registers"
urlpatterns = [
    path("office/registers/", making.listed, name="registers"),
    path("office/registers/make/<slug:entry>", making.make, name="make"),
    path("office/registers/<slug:register>/", making.register, name="register"),
    path("office/registers/<slug:register>/subject", subjects.subject, name="subject"),
]
