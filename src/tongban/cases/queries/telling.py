"""Who is told news of cases: whoever submitted one, as long as they are shown it (see `residents`)."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.cases.models import Case
from tongban.organisations import queries as organisations
from tongban.organisations.queries import Representation

if TYPE_CHECKING:
    from tongban.accounts.models import Account


def accounts_told(cases: Collection[Case], today: date) -> "dict[UUID, Account]":
    """Return case id → the account that is told news of it. A constant number of queries.

    Nobody: of a case that a window took in, an account that no window has given to the person, for a stranger may have
    opened it. Of an enterprise's case, its legal representative in place of who does not act for it any more.
    """
    firms = {case.applicant_enterprise_id for case in cases if case.applicant_enterprise_id is not None}
    submitters = {case.submitted_by_id for case in cases if case.submitted_by_id is not None}
    ties = organisations.representations(firms, submitters, today) if firms else {}
    sure = {one.representative_id for one in ties.values() if one.is_seen and one.representative_id is not None}
    known = accounts.accounts_of_persons(submitters | sure)
    found = {case.id: _told(case, known, ties) for case in cases}
    return {case_id: account for case_id, account in found.items() if account is not None}


def _told(case: Case, known: "dict[UUID, Account]", ties: "dict[UUID, Representation]") -> "Account | None":
    account = known.get(case.submitted_by_id) if case.submitted_by_id is not None else None
    is_proven = account is not None and account.person.is_proven
    if case.applicant_enterprise_id is None:
        return account if is_proven or case.taken_in_by_id is None else None
    tie = ties[case.applicant_enterprise_id]
    if account is not None and tie.is_acting(account.person.id):
        is_sure = is_proven and tie.is_sure_of(account.person.id)
        if is_sure or case.taken_in_by_id is None:
            return account
    if tie.representative_id is None or not tie.is_sure_of(tie.representative_id):
        return None
    return known.get(tie.representative_id)
