"""What may be done to the ledger: record, hand on, seal, prove. Nothing is ever changed or taken out."""

from tongban.ledger.actions.erasing import erase_salts
from tongban.ledger.actions.growing import Grown, grow_once
from tongban.ledger.actions.handing import NotAllHandled, drain, hand_on, handle_event, handle_pending
from tongban.ledger.actions.recording import Entry, record, recorded, recording_of
from tongban.ledger.actions.sealing import seal_once
from tongban.ledger.actions.stating import state_chains
from tongban.ledger.actions.sweeping import sweep
from tongban.ledger.actions.witnessing import ask_witnesses

HANDLE = "ledger.handle"
"""Name of the job by which releases before this one handed on an event; one that is left over is still done."""

__all__ = [
    "HANDLE",
    "Entry",
    "Grown",
    "NotAllHandled",
    "ask_witnesses",
    "drain",
    "erase_salts",
    "grow_once",
    "hand_on",
    "handle_event",
    "handle_pending",
    "record",
    "recorded",
    "recording_of",
    "seal_once",
    "state_chains",
    "sweep",
]
