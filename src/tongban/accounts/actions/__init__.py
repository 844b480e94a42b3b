"""What may be done to accounts and persons."""

from tongban.accounts.actions.addresses import (
    change_address,
    forget_old_codes,
    send_code,
    verify_address,
    vouch_for_addresses,
)
from tongban.accounts.actions.consents import give_consent, withdraw_consent
from tongban.accounts.actions.counting import forget_old_tries
from tongban.accounts.actions.enterprises import (
    name_other_representative,
    register_enterprise,
    register_enterprise_at_window,
)
from tongban.accounts.actions.holding import forget_expired_input, hold_input, release_input
from tongban.accounts.actions.officials import create_official, end_official
from tongban.accounts.actions.passwords import change_password, recover, send_recovery_code
from tongban.accounts.actions.persons import register_person
from tongban.accounts.actions.profile import change_language, change_username
from tongban.accounts.actions.second_factor import (
    add_second_factor,
    check_second_factor,
    move_second_factor,
    new_recovery_codes,
    remove_second_factor,
    reset_second_factor,
)
from tongban.accounts.actions.sessions import (
    confirm_password,
    end_all_sessions,
    end_session,
    end_sessions,
    forget_old_sessions,
)
from tongban.accounts.actions.signing_in import check_password, demo_account, record_sign_in
from tongban.accounts.actions.signing_up import declare, sign_up
from tongban.accounts.actions.turning import (
    begin_turn,
    clear_retired,
    end_filling,
    index_anew,
    retire_index_key,
    settle_keys,
)
from tongban.accounts.actions.wards import add_ward, confirm_guardianship, release_ward
from tongban.accounts.actions.windows import open_account_at_window, vouch_for_holder

__all__ = [
    "add_second_factor",
    "add_ward",
    "begin_turn",
    "change_address",
    "change_language",
    "change_password",
    "change_username",
    "check_password",
    "check_second_factor",
    "clear_retired",
    "confirm_guardianship",
    "confirm_password",
    "create_official",
    "declare",
    "demo_account",
    "end_all_sessions",
    "end_filling",
    "end_official",
    "end_session",
    "end_sessions",
    "forget_expired_input",
    "forget_old_codes",
    "forget_old_sessions",
    "forget_old_tries",
    "give_consent",
    "hold_input",
    "index_anew",
    "move_second_factor",
    "name_other_representative",
    "new_recovery_codes",
    "open_account_at_window",
    "record_sign_in",
    "recover",
    "register_enterprise",
    "register_enterprise_at_window",
    "register_person",
    "release_input",
    "release_ward",
    "remove_second_factor",
    "reset_second_factor",
    "retire_index_key",
    "send_code",
    "send_recovery_code",
    "settle_keys",
    "sign_up",
    "verify_address",
    "vouch_for_addresses",
    "vouch_for_holder",
    "withdraw_consent",
]
