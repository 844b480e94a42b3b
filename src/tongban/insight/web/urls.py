"""Addresses of figures."""

from django.urls import path

from tongban.insight.web import figures

app_name = "insight"
urlpatterns = [
    path("office/figures/", figures.figures, name="figures"),
    path("office/figures/<slug:figure>", figures.behind, name="behind"),
]
