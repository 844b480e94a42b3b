"""Addresses of the message box."""

from django.urls import path

from tongban.notifications.web import views

app_name = "notifications"
urlpatterns = [
    path("my/messages", views.box, name="box"),
    path("my/messages/read", views.read_all, name="read-all"),
    path("my/messages/<uuid:message_id>", views.message, name="message"),
    path("demo/outbox", views.outbox, name="outbox"),
]
