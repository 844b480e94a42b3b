"""Addresses of the ledger, as C2SP tlog-tiles has them, and the page on which a proof is checked."""

from django.urls import path

from tongban.ledger.web import checking, log

app_name = "ledger"
urlpatterns = [
    path("ledger/check", checking.check, name="check"),
    path("ledger/checkpoint", log.checkpoint, name="checkpoint"),
    path("ledger/checkpoint/witnessed", log.witnessed, name="witnessed"),
    path("ledger/key", log.key, name="key"),
    path("ledger/tile/entries/<path:path>", log.entries, name="entries"),
    path("ledger/tile/<int:level>/<path:path>", log.tile, name="tile"),
]
