"""Addresses of the API, below /api/."""

from django.urls import path

from tongban.api import web
from tongban.api.mounting import api

urlpatterns = [
    path("v1/docs", web.docs, name="api-docs"),
    path("v1/", api.urls),
]
