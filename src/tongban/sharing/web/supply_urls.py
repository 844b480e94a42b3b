"""Addresses of demand and supply."""

from django.urls import path

from tongban.sharing.web import supply, upkeep

SUPPLY = [
    path("office/sharing/", supply.asked, name="asked"),
    path("office/sharing/received", supply.received, name="received"),
    path("office/sharing/new/<slug:resource>", supply.new, name="new"),
    path("office/sharing/requests/<str:number>", supply.shown, name="request"),
    path("office/sharing/grants/<uuid:grant_id>/renew", supply.renew, name="renew"),
    path("office/sharing/disputes", upkeep.disputes, name="disputes"),
    path("office/sharing/disputes/<str:number>", upkeep.dispute, name="dispute"),
    path("office/sharing/unused", upkeep.unused, name="unused"),
    path("office/sharing/unused/<uuid:proposal_id>", upkeep.unused_one, name="unused-one"),
    path("office/sharing/rules", upkeep.policy, name="policy"),
    path("data/refusals", upkeep.refusals, name="refusals"),
]
