"""Addresses of data stewards' pages."""

from django.urls import path

from tongban.exchange.web import (
    catalogue,
    entries,
    export,
    giving,
    grants,
    leads,
    log,
    neighbours,
    quality,
    secrecy,
    sources,
)

app_name = "exchange"
urlpatterns = [
    path("office/data/", catalogue.listed, name="catalogue"),
    path("office/data/resources/<slug:resource>", catalogue.resource, name="resource"),
    path("office/data/resources/<slug:resource>/source", sources.source, name="source"),
    path("office/data/catalogue.json", export.as_json, name="catalogue-json"),
    path("office/data/catalogue.csv", export.as_csv, name="catalogue-csv"),
    path("office/data/entries/", entries.listed_entries, name="entries"),
    path("office/data/entries/new", entries.begin, name="begin-entry"),
    path("office/data/entries/<slug:entry>/", entries.life, name="entry"),
    path("office/data/entries/<slug:entry>/draft", entries.draft, name="draft-entry"),
    path("office/data/entries/<slug:entry>/grant", giving.give, name="give-grant"),
    path("office/data/quality/", quality.listed, name="quality"),
    path("office/data/quality.csv", quality.as_csv, name="quality-csv"),
    path("office/data/quality/<slug:resource>", quality.resource, name="quality-of"),
    path("office/data/leads/", leads.listed, name="leads"),
    path("office/data/leads/<str:datum>", leads.datum, name="lead"),
    path("office/data/neighbours/", neighbours.overview, name="neighbours"),
    path("office/data/neighbours/member.json", neighbours.description, name="member-json"),
    path("office/data/neighbours/services", neighbours.services, name="services"),
    path("office/data/neighbours/systems", neighbours.systems, name="systems"),
    path("office/data/neighbours/passages", neighbours.passages, name="passages"),
    path("office/data/grants/", grants.listed, name="grants"),
    path("office/data/grants/<uuid:grant_id>", grants.grant, name="grant"),
    path("office/data/secrecy/<uuid:look_up_id>", secrecy.extend, name="extend-secrecy"),
    path("office/data/log/", log.listed, name="log"),
]
