"""Addresses of the calendar, for those who keep it."""

from django.urls import path

from tongban.calendar.web import settling, years

app_name = "calendar"
urlpatterns = [
    path("office/calendar/", years.year, name="this-year"),
    path("office/calendar/<int:of_year>", years.year, name="year"),
    path("office/calendar/<int:of_year>/notice", years.publish, name="publish"),
    path("office/calendar/history", years.history, name="history"),
    path("office/calendar/local-days", settling.local_days, name="local-days"),
    path("office/calendar/local-days/remove", settling.remove_local_day, name="remove-local-day"),
    path("office/calendar/policies", settling.policies, name="policies"),
    path("office/calendar/policies/remove", settling.remove_policy, name="remove-policy"),
]
