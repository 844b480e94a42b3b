"""Addresses of data stewards' pages."""

from django.urls import path

from tongban.exchange.web import catalogue, grants, log, secrecy, sources

app_name = "exchange"
urlpatterns = [
    path("office/data/", catalogue.listed, name="catalogue"),
    path("office/data/resources/<slug:resource>", catalogue.resource, name="resource"),
    path("office/data/resources/<slug:resource>/source", sources.source, name="source"),
    path("office/data/grants/", grants.listed, name="grants"),
    path("office/data/grants/<uuid:grant_id>", grants.grant, name="grant"),
    path("office/data/secrecy/<uuid:look_up_id>", secrecy.extend, name="extend-secrecy"),
    path("office/data/log/", log.listed, name="log"),
]
