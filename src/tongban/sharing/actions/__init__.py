"""What may be done: read what is held on oneself, ask, object, have it put right."""

from tongban.sharing.actions.asking import ask, ask_correction
from tongban.sharing.actions.own_view import give_own_view, give_own_views
from tongban.sharing.actions.reading import forget_old_readings, note_reading, read_held
from tongban.sharing.actions.settling import complete_answered, end_correction, erase_asked, settle_correction

__all__ = [
    "ask",
    "ask_correction",
    "complete_answered",
    "end_correction",
    "erase_asked",
    "forget_old_readings",
    "give_own_view",
    "give_own_views",
    "note_reading",
    "read_held",
    "settle_correction",
]
