"""The words for what happened to a case, for officials and for applicants. "" = not told to this reader."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tongban.base.errors import Words
from tongban.base.templatetags.words import clauses, colon, date_words, in_chinese, limit_words, listed, money
from tongban.cases import events
from tongban.cases.kinds import clock_words
from tongban.cases.rules.outcome import refusal_words
from tongban.ledger.kinds import Reader, describe

STEPS: Mapping[str, Words] = {
    "acceptance": gettext_lazy("acceptance"),
    "review": gettext_lazy("review"),
    "decision": gettext_lazy("decision"),
    "delivery": gettext_lazy("delivery"),
    "approval": gettext_lazy("a superior's word"),
}
WAYS: Mapping[str, Words] = {
    "online": gettext_lazy("online"),
    "window": pgettext_lazy("way", "at a window"),
    "post": pgettext_lazy("way", "by post"),
}
PROCEDURES: Mapping[str, Words] = {
    "hearing": gettext_lazy("Hearing"),
    "tender": gettext_lazy("Tender"),
    "auction": gettext_lazy("Auction"),
    "inspection": gettext_lazy("Inspection"),
    "test": gettext_lazy("Test"),
    "quarantine": gettext_lazy("Quarantine"),
    "appraisal": gettext_lazy("Appraisal"),
    "expert_review": gettext_lazy("Expert review"),
}
APPROVALS: Mapping[str, Words] = {
    "extension": gettext_lazy("Extension of the limit"),
    "supplement": gettext_lazy("Second request for a supplement"),
}
CHANNELS: Mapping[str, Words] = {
    "web": gettext_lazy("online"),
    "window": pgettext_lazy("way", "at a window"),
    "api": gettext_lazy("by interface"),
}


def for_officials(reader: Reader, words: str) -> str:
    """Return the words to officials only."""
    return words if reader == "official" else ""


@describe(events.CaseOpened)
def _opened(event: events.CaseOpened, reader: Reader) -> str:
    if reader == "applicant":
        return _("We have received your application")
    return _("Received %(channel)s") % {"channel": CHANNELS.get(event.channel, event.channel)}


@describe(events.TaskClaimed)
def _claimed(event: events.TaskClaimed, reader: Reader) -> str:
    return for_officials(reader, _("Took the task: %(step)s") % {"step": STEPS.get(event.task_kind, "")})


@describe(events.TaskReleased)
def _released(event: events.TaskReleased, reader: Reader) -> str:
    return for_officials(reader, _("Gave the task back: %(step)s") % {"step": STEPS.get(event.task_kind, "")})


@describe(events.TaskHandedOver)
def _handed_over(event: events.TaskHandedOver, reader: Reader) -> str:
    return for_officials(reader, _("Handed the task over: %(step)s") % {"step": STEPS.get(event.task_kind, "")})


@describe(events.OfficialStoodAside)
def _stood_aside(event: events.OfficialStoodAside, reader: Reader) -> str:
    return for_officials(reader, _("Stood aside for a conflict of interest"))


@describe(events.NumbersShown)
def _numbers_shown(event: events.NumbersShown, reader: Reader) -> str:
    values = {"names": listed(event.names)}
    if reader == "applicant":
        return _("The official who works on it looked at full numbers: %(names)s") % values
    return _("Looked at full numbers: %(names)s") % values


@describe(events.SupplementAsked)
def _supplement_asked(event: events.SupplementAsked, reader: Reader) -> str:
    values = {"points": event.points, "day": date_words(event.answer_by)}
    if reader == "applicant":
        return _("Something is missing; please send it by %(day)s") % values
    return (
        ngettext(
            "Asked for a supplement: %(points)d point, to be answered by %(day)s",
            "Asked for a supplement: %(points)d points, to be answered by %(day)s",
            event.points,
        )
        % values
    )


@describe(events.SupplementGiven)
def _supplement_given(event: events.SupplementGiven, reader: Reader) -> str:
    return _("You sent what was missing") if reader == "applicant" else _("The supplement came in")


@describe(events.CaseAccepted)
def _accepted(event: events.CaseAccepted, reader: Reader) -> str:
    if event.due_on is None:
        return _("Accepted")
    return _("Accepted; a decision is due by %(day)s") % {"day": date_words(event.due_on)}


@describe(events.CaseDeemedAccepted)
def _deemed_accepted(event: events.CaseDeemedAccepted, reader: Reader) -> str:
    values = {"day": date_words(event.accepted_on), "due": date_words(event.due_on)}
    if event.due_on is None:
        return _("Accepted by law as of %(day)s: nobody had named in time what was missing") % values
    return (
        _("Accepted by law as of %(day)s: nobody had named in time what was missing; a decision is due by %(due)s")
        % values
    )


@describe(events.CaseDeemedRenewed)
def _deemed_renewed(event: events.CaseDeemedRenewed, reader: Reader) -> str:
    values = {"day": date_words(event.last_day)}
    return _("Renewed by law: nobody had decided by the last day of the permit, %(day)s") % values


@describe(events.SuspensionOverdue)
def _suspension_overdue(event: events.SuspensionOverdue, reader: Reader) -> str:
    values = {"name": PROCEDURES.get(event.procedure, ""), "day": date_words(event.expected_on)}
    return for_officials(reader, _("%(name)s was to be over by %(day)s and is not") % values)


@describe(events.CaseNotAccepted)
def _not_accepted(event: events.CaseNotAccepted, reader: Reader) -> str:
    return _("Not accepted")


@describe(events.CasePassedOn)
def _passed_on(event: events.CasePassedOn, reader: Reader) -> str:
    return _("Passed on to the competent office")


@describe(events.ReviewCompleted)
def _reviewed(event: events.ReviewCompleted, reader: Reader) -> str:
    name = event.name if in_chinese() else event.name_en or event.name
    return _("Review done: %(step)s") % {"step": name} if name else _("A step of the review is done")


@describe(events.CaseSuspended)
def _suspended(event: events.CaseSuspended, reader: Reader) -> str:
    values = {"name": PROCEDURES.get(event.procedure, ""), "day": date_words(event.expected_on)}
    if event.suspension_kind == "by_law":
        return _("Suspended by law; the limit stands meanwhile")
    return _("%(name)s begun; the limit stands until about %(day)s") % values


@describe(events.CaseResumed)
def _resumed(event: events.CaseResumed, reader: Reader) -> str:
    values = {"name": PROCEDURES.get(event.procedure, _("Suspension")), "day": date_words(event.due_on)}
    if not event.goes_on or event.due_on is None:
        return _("%(name)s is over") % values
    return _("%(name)s is over; a decision is due by %(day)s") % values


@describe(events.CaseExtended)
def _extended(event: events.CaseExtended, reader: Reader) -> str:
    values = {"limit": limit_words(event.value, event.unit), "day": date_words(event.due_on)}
    if event.due_on is None:
        return _("The limit was extended by %(limit)s") % values
    return _("The limit was extended by %(limit)s; a decision is due by %(day)s") % values


@describe(events.ApprovalAsked)
def _approval_asked(event: events.ApprovalAsked, reader: Reader) -> str:
    return for_officials(reader, _("Asked the superior: %(what)s") % {"what": APPROVALS.get(event.approval_kind, "")})


@describe(events.ApprovalAnswered)
def _approval_answered(event: events.ApprovalAnswered, reader: Reader) -> str:
    values = {"what": APPROVALS.get(event.approval_kind, "")}
    if event.granted:
        return for_officials(reader, _("The superior has allowed it: %(what)s") % values)
    return for_officials(reader, _("The superior has not allowed it: %(what)s") % values)


@describe(events.ClocksMoved)
def _clocks_moved(event: events.ClocksMoved, reader: Reader) -> str:
    if reader == "applicant":
        end = events.told_end(event.ends)
        return _moved(end) if end is not None else ""
    return clauses(f"{clock_words(end.kind)}{colon()}{_moved(end)}" for end in event.ends)


def _moved(end: events.MovedEnd) -> str:
    values = {"was": date_words(end.was), "day": date_words(end.now)}
    return _("The calendar was changed: due on %(day)s instead of %(was)s") % values


@describe(events.CaseDecided)
def _decided(event: events.CaseDecided, reader: Reader) -> str:
    if event.is_deemed:  # told by what the law deems
        return ""
    if event.outcome == "granted":
        return _("Decided: granted")
    return _("Decided: %(refused)s") % {"refused": refusal_words(event.item_type)}


@describe(events.FeeDemanded)
def _fee_demanded(event: events.FeeDemanded, reader: Reader) -> str:
    return _("A fee of %(amount)s is due") % {"amount": money(event.amount_fen)}


@describe(events.FeeFoundNotDue)
def _fee_found_not_due(event: events.FeeFoundNotDue, reader: Reader) -> str:
    return _("A fee is not due in this case")


@describe(events.FeeSettled)
def _fee_settled(event: events.FeeSettled, reader: Reader) -> str:
    return _("The fee was waived") if event.waived else _("The fee was paid")


@describe(events.ResultIssued)
def _result_issued(event: events.ResultIssued, reader: Reader) -> str:
    return _("The result was issued: %(number)s") % {"number": event.number}


@describe(events.CaseCompleted)
def _completed(event: events.CaseCompleted, reader: Reader) -> str:
    return for_officials(reader, _("Completed"))


@describe(events.CaseDelivered)
def _delivered(event: events.CaseDelivered, reader: Reader) -> str:
    return _("Delivered %(way)s") % {"way": WAYS.get(event.way, event.way)}


@describe(events.CaseWithdrawn)
def _withdrawn(event: events.CaseWithdrawn, reader: Reader) -> str:
    return _("You took the application back") if reader == "applicant" else _("Withdrawn by the applicant")


@describe(events.CaseLapsed)
def _lapsed(event: events.CaseLapsed, reader: Reader) -> str:
    return _("Closed: what was missing did not come by %(day)s") % {"day": date_words(event.answer_by)}


@describe(events.CaseRated)
def _rated(event: events.CaseRated, reader: Reader) -> str:
    return _("You told us how it was") if reader == "applicant" else _("Rated by the applicant")


@describe(events.RatingAnswered)
def _rating_answered(event: events.RatingAnswered, reader: Reader) -> str:
    return _("The office answered your rating") if reader == "applicant" else _("Answered the rating")


@describe(events.CaseArchived)
def _archived(event: events.CaseArchived, reader: Reader) -> str:
    return for_officials(reader, _("Archived"))


@describe(events.CaseErased)
def _erased(event: events.CaseErased, reader: Reader) -> str:
    return for_officials(reader, _("Personal data erased after the retention period"))


@describe(events.PaperCorrected)
def _corrected(event: events.PaperCorrected, reader: Reader) -> str:
    return _("%(old)s was wrong and is void; %(new)s takes its place") % {
        "old": event.voided_number,
        "new": event.number,
    }


@describe(events.PaperVoidedAlone)
def _voided(event: events.PaperVoidedAlone, reader: Reader) -> str:
    return _("%(number)s should not have been issued and is void") % {"number": event.number}
