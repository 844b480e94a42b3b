"""Recovery codes: shown once when they are made, kept as password hashes, each taken once.

A code is its place in the list and eight letters of 32: forty random bits. The place says which hash to compare with,
so that a try costs one hash and not ten.
"""

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tongban.accounts.models import Account
from tongban.base.ids import new_code

CODES = 10
_HASHED, _OF_BEFORE = "hashed", "migrated_codes"
"""The release before knows only the second, and finds it empty: it refuses such a code and does not break."""


def make_recovery_codes(account: Account) -> list[str]:
    """Void the codes of before and return new ones, to be shown once."""
    codes = [f"{place}-{new_code(4)}-{new_code(4)}" for place in range(CODES)]
    hashed = {code[0]: make_password(_bare(code)) for code in codes}
    with transaction.atomic():
        Authenticator.objects.filter(user_id=account.id, type=Authenticator.Type.RECOVERY_CODES).delete()
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.RECOVERY_CODES, data={_HASHED: hashed, _OF_BEFORE: []}
        )
    return codes


@transaction.atomic
def take_recovery_code(account: Account, typed: str) -> bool:
    """Whether a code is one of the account's; it is used up then, by one of all who try it at once."""
    spare = (
        Authenticator.objects.select_for_update()
        .filter(user_id=account.id, type=Authenticator.Type.RECOVERY_CODES)
        .first()
    )
    if spare is None:
        return False
    if _HASHED not in spare.data:  # made by a release that kept them sealed
        return bool(spare.wrap().validate_code(typed))
    code = _bare(typed)
    kept = spare.data[_HASHED].get(code[:1])
    if not kept or not check_password(code, kept):
        return False
    del spare.data[_HASHED][code[:1]]
    spare.save(update_fields=["data"])
    return True


def _bare(code: str) -> str:
    return code.replace("-", "").upper()
