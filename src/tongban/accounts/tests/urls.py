"""Addresses of the two lowest rooms with pages, so that their tests need no other room."""

from django.urls import include, path

urlpatterns = [
    path("", include("tongban.accounts.web.urls")),
    path("", include("tongban.organisations.web.urls")),
]
