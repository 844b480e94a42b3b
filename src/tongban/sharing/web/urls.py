"""Addresses of sharing."""

from django.urls import URLPattern, path

from tongban.sharing.web import asking, mine, secrecy, window
from tongban.sharing.web.supply_urls import SUPPLY

app_name = "sharing"
MINE: list[URLPattern] = [
    path("my/data/", mine.overview, name="mine"),
    path("my/data/held/<slug:resource>", mine.held, name="held"),
    path("my/data/held/<slug:resource>/<slug:field>/correct", asking.correct, name="correct"),
    path("my/data/look-ups/", mine.looks, name="looks"),
    path("my/data/look-ups/<uuid:look_up_id>", mine.look, name="look"),
    path("my/data/look-ups/<uuid:look_up_id>/ask", asking.ask, name="ask"),
    path("my/data/look-ups/<uuid:look_up_id>/proof.json", mine.proof, name="proof"),
    path("my/data/chain.json", mine.chain, name="chain"),
    path("office/sharing/corrections/<str:number>", asking.settle, name="settle-correction"),
    path("office/sharing/print", window.print_for, name="print"),
    path("data/secrecy", secrecy.totals, name="secrecy"),
]
"""What people know of their data, and what they ask about it."""

urlpatterns: list[URLPattern] = [*MINE, *SUPPLY]
