"""Addresses of cases."""

from django.urls import path

from tongban.cases.web import clock_tables, counting, desk, office, register, resident

app_name = "cases"
urlpatterns = [
    path("my/cases", resident.mine, name="mine"),
    path("my/cases/<str:number>", resident.follow, name="follow"),
    path("my/cases/<str:number>/clocks", counting.mine, name="clocks"),
    path("my/cases/<str:number>/withdraw", resident.withdraw, name="withdraw"),
    path("my/cases/<str:number>/rate", resident.rate, name="rate"),
    path("office/", office.inbox, name="inbox"),
    path("office/bulk", office.bulk, name="bulk"),
    path("office/cases", office.search, name="search"),
    path("office/cases/<str:number>", desk.case, name="case"),
    path("office/cases/<str:number>/clocks", counting.office, name="office-clocks"),
    path("office/cases/<str:number>/tasks/<uuid:task_id>/<slug:step>", desk.act, name="act"),
    path("office/cases/<str:number>/stand-aside", desk.stand_aside, name="stand-aside"),
    path("office/cases/<str:number>/answer-rating", desk.answer_rating, name="answer-rating"),
    path("office/cases/<str:number>/full-numbers", desk.full_numbers, name="full-numbers"),
    path("office/fees", office.fees, name="fees"),
    path("office/fees/<uuid:fee_id>/<slug:how>", office.settle, name="settle"),
    path("office/papers", register.register, name="register"),
    path("office/papers/<uuid:paper_id>/correct", register.correct, name="correct"),
    path("office/papers/<uuid:paper_id>/void", register.void, name="void"),
    path("office/clocks", clock_tables.tables, name="clock-tables"),
    path("office/clocks/<slug:item_type>", clock_tables.table, name="clock-table"),
    path("office/deliveries", office.deliveries, name="deliveries"),
]
