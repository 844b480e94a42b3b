"""Addresses of the catalogue: all open to everybody."""

from django.urls import path

from tongban.catalogue.web import browsing, finding, item

app_name = "catalogue"
urlpatterns = [
    path("search", finding.search, name="search"),
    path("search/suggest", finding.suggest, name="suggest"),
    path("persons", browsing.persons, name="persons"),
    path("enterprises", browsing.enterprises, name="enterprises"),
    path("themes/<slug:code>", browsing.theme, name="theme"),
    path("departments", browsing.departments, name="departments"),
    path("departments/<slug:slug>", browsing.department, name="department"),
    path("departments/named/<path:name>", browsing.named_department, name="named-department"),
    path("items/<slug:code>", item.item, name="item"),
]
