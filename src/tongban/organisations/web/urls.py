"""Addresses of mandates and leave."""

from django.urls import path

from tongban.organisations.web import leave, mandates

app_name = "organisations"
urlpatterns = [
    path("profile/mandates", mandates.enterprises, name="mandates"),
    path("profile/mandates/<uuid:enterprise_id>", mandates.enterprise, name="enterprise"),
    path("profile/mandates/<uuid:mandate_id>/revoke", mandates.revoke, name="revoke-mandate"),
    path("office/leave", leave.leave, name="leave"),
    path("office/leave/<uuid:leave_id>/cancel", leave.cancel, name="cancel-leave"),
]
