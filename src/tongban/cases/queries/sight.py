"""How much of the numbers in a case an official is shown."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.accounts import queries as accounts
from tongban.base.actor import Actor
from tongban.cases.kinds import kind_of
from tongban.cases.models import Case, Task

if TYPE_CHECKING:
    from tongban.accounts.models import Person


def holds_task_on(actor: Actor, case_id: UUID) -> bool:
    """Whether the official has taken an open task of a case."""
    if not actor.is_official or actor.official_id is None:
        return False
    open_tasks = Task.objects.filter(case_id=case_id, state=Task.State.OPEN, post_id__in=actor.post_ids)
    return open_tasks.filter(holder_id=actor.official_id).exists()


def masked_numbers(case: Case) -> list[tuple[str, str]]:
    """Return key and label of what of a case is masked even for who works on it."""
    people = [("applicant", _("Applicant's identity number"), case.applicant_person)]
    if case.submitted_by_id != case.applicant_person_id:
        people.append(("submitter", _("Submitter's identity number"), case.submitted_by))
    return [*((key, label) for key, label, person in people if person), *kind_of(case).masked_numbers(case)]


def identity_words(person: "Person | None", *, whole: bool) -> str:
    """Return an identity number, masked or whole; "" for nobody."""
    if person is None:
        return ""
    return person.identity_number if whole else accounts.masked_identity(person)


def contact_phone(case: Case) -> str:
    """Return the telephone number under which whoever submitted a case is reached, for who works on it.

    Of who came to a window it is the number given there, unless a window has given them their account too: the number
    of an account opened online may be a stranger's, and would be told of the case.
    """
    person = case.submitted_by or case.applicant_person
    if person is None:
        return ""
    if case.taken_in_by_id is not None and not person.is_proven:
        return person.phone
    account = accounts.account_of_person(person.id)
    return (account.phone if account else "") or person.phone
