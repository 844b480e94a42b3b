"""Addresses of supervision."""

from django.urls import path

from tongban.coordination.web import orders, rules, supervision

app_name = "coordination"
urlpatterns = [
    path("office/supervision/", supervision.overview, name="supervision"),
    path("office/supervision/list.csv", supervision.as_csv, name="csv"),
    path("office/supervision/warnings/<uuid:finding_id>", supervision.warning, name="warning"),
    path("office/supervision/orders/", orders.listed, name="orders"),
    path("office/supervision/orders/<uuid:order_id>", orders.order, name="order"),
    path("office/supervision/orders/<uuid:order_id>/withdraw", orders.withdraw, name="withdraw"),
    path("office/supervision/cases/<str:number>/order", orders.issue, name="issue"),
    path("office/supervision/rules", rules.rules, name="rules"),
    path("office/supervision/rules/<int:version>", rules.version, name="version"),
]
