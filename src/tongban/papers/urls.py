"""Addresses of papers."""

from django.urls import path

from tongban.papers.web import views, wordings

app_name = "papers"
urlpatterns = [
    path("papers/<uuid:paper_id>.pdf", views.show, name="show"),
    path("office/wordings", wordings.wordings, name="wordings"),
    path("office/wordings/<slug:kind>", wordings.wording, name="wording"),
    path("office/wordings/versions/<uuid:template_id>/<slug:how>", wordings.change, name="change-wording"),
]
