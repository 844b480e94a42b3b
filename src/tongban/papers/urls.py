"""Addresses of papers."""

from django.urls import path

from tongban.papers.web import views

app_name = "papers"
urlpatterns = [path("papers/<uuid:paper_id>.pdf", views.show, name="show")]
