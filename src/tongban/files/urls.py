"""Addresses of files."""

from django.urls import path

from tongban.files.web import views

app_name = "files"
urlpatterns = [path("files/<uuid:file_id>", views.show, name="show")]
