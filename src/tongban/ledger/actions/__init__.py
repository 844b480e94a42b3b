"""What may be done to the ledger: record, hand on, seal. Nothing is ever changed or taken out."""

from tongban.ledger.actions.handing import NotAllHandled, drain, hand_on, handle_event, handle_pending
from tongban.ledger.actions.recording import Entry, record, recorded, recording_of
from tongban.ledger.actions.sealing import seal_once
from tongban.ledger.actions.sweeping import sweep

HANDLE = "ledger.handle"
"""Name of the job by which releases before this one handed on an event; one that is left over is still done."""

__all__ = [
    "HANDLE",
    "Entry",
    "NotAllHandled",
    "drain",
    "hand_on",
    "handle_event",
    "handle_pending",
    "record",
    "recorded",
    "recording_of",
    "seal_once",
    "sweep",
]
