"""Why something about a case was refused."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Forbidden, Invalid


class NotInThisState(Conflict):
    """The legal life of the case does not allow this step now."""

    code = "case_state"
    message = _("The matter has moved on, so this step is no longer possible. Please look at it again.")


class Overtaken(Conflict):
    """Somebody was faster; `changes` says what has happened since."""

    code = "overtaken"

    def __init__(self, changes: Sequence[str] = ()) -> None:
        """Keep the sentences about what has changed."""
        super().__init__(changes="\n".join(changes))
        self.changes = tuple(changes)


class StaleCase(Overtaken):
    """The page was older than the case."""

    code = "stale_case"
    message = _("Somebody has worked on this case in the meantime. Nothing of yours was saved; please look again.")


class TaskDone(Overtaken):
    """The task was finished by somebody else."""

    code = "task_done"
    message = _("A colleague has already dealt with this task. Nothing of yours was saved.")


class TaskHeld(Conflict):
    """Another official holds the task."""

    code = "task_held"
    message = _("A colleague is working on this task. Ask them to release it or to hand it over.")


class StoodAside(Forbidden):
    """The official stands aside from this case."""

    code = "stood_aside"
    message = _("You stand aside from this case, so you may not work on it.")


class DecidedElsewhere(Conflict):
    """The decision of this kind of case does more than decide: it is made on the kind's own page."""

    code = "decided_elsewhere"
    message = _("This matter is decided on a page of its own. The page of the case leads there.")


class NotHeld(Forbidden):
    """Only who has taken a task of the case may do this."""

    code = "not_held"
    message = _("Please take the task first; then you may look at the full numbers.")


class NotYourself(Invalid):
    """A task is handed to somebody else."""

    code = "receiver_is_yourself"
    message = _("You cannot hand a task over to yourself.")


class NeedsAnother(Forbidden):
    """Whoever accepted a case does not decide it, where the office has another official who may."""

    code = "needs_another"
    message = _("Whoever accepted a case does not decide it; a colleague of the post does. Please hand it over.")


class NobodyLeft(Conflict):
    """Nobody would be left who may work on the case."""

    code = "nobody_left"
    message = _(
        "Nobody is left who could take this case over. Please ask your head to appoint somebody first. "
        "Nothing was changed."
    )


class NobodyElse(Conflict):
    """Nobody else holds the post to which a task would go."""

    code = "no_other_official"
    message = _("This official does not hold the post of this task.")


class SuspendedAlready(Conflict):
    """The same procedure runs already."""

    code = "suspended_already"
    message = _("This procedure has been begun already and is not over yet.")


class NothingToExtend(Conflict):
    """No running limit of this matter may be extended."""

    code = "nothing_to_extend"
    message = _("The law knows no extension for the limits that are running now.")


class LimitStands(Conflict):
    """A limit that stands needs no more time now."""

    code = "limit_stands"
    message = _("The limit stands while the case is suspended. You can ask for more time as soon as it runs on.")


class ExtendedAlready(Conflict):
    """A limit is extended once."""

    code = "extended_already"
    message = _("The limit has been extended already; the law allows it once.")


class TooLate(Conflict):
    """A limit is extended before it is over."""

    code = "too_late"
    message = _("The limit is over; it can no longer be extended.")


class TurnedByLaw(Conflict):
    """The time that the law gives is over: what it deems then happens by itself, and nothing else any more."""

    code = "turned_by_law"
    message = _(
        "The time that the law gives is over. Within a minute this case is deemed accepted, or the permit renewed, by "
        "law. Nothing of yours was saved; please look again then."
    )


class AskedAlready(Conflict):
    """A question to the superior is still open."""

    code = "asked_already"
    message = _("The superior has been asked already; please wait for the answer.")


class OwnMatter(Forbidden):
    """Only the applicant, or whoever acts for them, may do this."""

    code = "own_matter"
    message = _("Only the applicant may do this.")


class RatedAlready(Conflict):
    """A matter is rated once."""

    code = "rated_already"
    message = _("You have already told us how it was. Thank you!")


class AnsweredAlready(Conflict):
    """A rating is answered once."""

    code = "answered_already"
    message = _("A colleague has answered this rating already.")


class FeeSettledAlready(Conflict):
    """The fee was paid or waived before."""

    code = "fee_settled_already"
    message = _("This fee was settled already.")


class NothingToFix(Conflict):
    """No amount of a fee is open in this case (any more)."""

    code = "nothing_to_fix"
    message = _("All fees of this matter have their amounts already.")


class FeesUnfixed(Conflict):
    """A grant waits until somebody has said how much is due."""

    code = "fees_unfixed"
    message = _(
        "This matter was deemed accepted, so a fee has no amount yet. Please fix the amount first, then decide."
    )


class RenewedAlready(Conflict):
    """A permit is renewed once: another case has renewed it, by decision or by law."""

    code = "renewed_already"
    message = _("Another case has already renewed this permit. A permit is renewed once.")


class FeesOpen(Conflict):
    """The result waits for the fees."""

    code = "fees_open"
    message = _("A fee is still to be paid; the result follows after that.")


class DeliveredAlready(Conflict):
    """It was delivered before."""

    code = "delivered_already"
    message = _("This was handed over already.")


class NotComplete(Invalid):
    """What an official must write is missing."""

    code = "not_complete"


class CannotCorrect(Conflict):
    """This paper is not corrected: one of an archived case, or a result that another has succeeded."""

    code = "paper_not_corrected"
    message = _("This paper cannot be corrected: the case is archived, or a later result has taken its place.")


class CannotVoid(Conflict):
    """The case rests on this paper, or is archived: it may be corrected, and not only voided."""

    code = "paper_not_voided"
    message = _("The case rests on this paper, or is archived. It can be corrected, but not voided without another.")


class StaleTable(Conflict):
    """Somebody else has published a version since the page was opened."""

    code = "stale_clock_table"
    message = _("A colleague has published another version meanwhile. Please compare, and publish again.")
