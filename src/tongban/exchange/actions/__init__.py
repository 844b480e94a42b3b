"""What may be done: offer data, grant them, look up. Nothing is ever taken out of the log."""

from tongban.exchange.actions.catalogue import (
    begin_resource,
    draft_resource,
    note_update,
    publish_resource,
    send_back_resource,
    submit_resource,
    withdraw_resource,
)
from tongban.exchange.actions.delivering import deliver_due
from tongban.exchange.actions.dropping import forget_old_drops, take_in
from tongban.exchange.actions.feeding import read_changes, read_on
from tongban.exchange.actions.granting import (
    GrantTerms,
    give_grant,
    give_ordered_grant,
    resume_grant,
    suspend_grant,
    withdraw_grant,
)
from tongban.exchange.actions.leading import agree_lead, decline_lead, propose_lead
from tongban.exchange.actions.log import read_log
from tongban.exchange.actions.looking_up import look_up, prefill
from tongban.exchange.actions.narrowing import narrow_grant
from tongban.exchange.actions.quality import note_quality
from tongban.exchange.actions.secrecy import extend_secrecy, open_due
from tongban.exchange.actions.settling import settled, settled_subjects
from tongban.exchange.actions.sources import Trial, set_source, try_source
from tongban.exchange.actions.uses import close_unanswered, forget_old_minutes, note_uses
from tongban.exchange.actions.watching import look_at, take_due
from tongban.exchange.actions.webhooks import (
    change_secret,
    end_webhook,
    register_webhook,
    replay_webhook,
    revive_webhook,
)

__all__ = [
    "GrantTerms",
    "Trial",
    "agree_lead",
    "begin_resource",
    "change_secret",
    "close_unanswered",
    "decline_lead",
    "deliver_due",
    "draft_resource",
    "end_webhook",
    "extend_secrecy",
    "forget_old_drops",
    "forget_old_minutes",
    "give_grant",
    "give_ordered_grant",
    "look_at",
    "look_up",
    "narrow_grant",
    "note_quality",
    "note_update",
    "note_uses",
    "open_due",
    "prefill",
    "propose_lead",
    "publish_resource",
    "read_changes",
    "read_log",
    "read_on",
    "register_webhook",
    "replay_webhook",
    "resume_grant",
    "revive_webhook",
    "send_back_resource",
    "set_source",
    "settled",
    "settled_subjects",
    "submit_resource",
    "suspend_grant",
    "take_due",
    "take_in",
    "try_source",
    "withdraw_grant",
    "withdraw_resource",
]
