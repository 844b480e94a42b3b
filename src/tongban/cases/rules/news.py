"""What the applicant is told at each turn: short, warm, exact; in the language that is active."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import clauses, date_words, either, limit_words, money, where_words

if TYPE_CHECKING:
    from tongban.cases.events import CaseExtended, MovedEnd
    from tongban.cases.models import Case, FeeDemand, Suspension


@dataclass(frozen=True, slots=True)
class News:
    """A message: its subject and body, and whether it waits for an answer."""

    subject: str
    body: str
    wants_answer: bool = False


def _about(case: "Case") -> dict[str, str]:
    return {
        "matter": either(case.title, case.title_en),
        "number": case.number,
        "office": either(case.organisation.name, case.organisation.name_en),
    }


def received(case: "Case") -> News:
    """Return the news that the application has come in."""
    return News(
        _("Received: %(matter)s") % _about(case),
        _(
            "We have received your application “%(matter)s”, number %(number)s. %(office)s now looks at whether it is "
            "complete. We will tell you how it goes on; you need not do anything now."
        )
        % _about(case),
    )


def supplement_wanted(case: "Case", points: list[str], answer_by: date) -> News:
    """Return the news that something is missing: what, and by when."""
    values = {**_about(case), "day": date_words(answer_by), "points": clauses(points)}
    return News(
        _("Please complete by %(day)s: %(matter)s") % values,
        _(
            "For “%(matter)s”, number %(number)s, the following is still missing: %(points)s. Please send it by "
            "%(day)s. This is all of it; nothing more will be asked for later."
        )
        % values,
        wants_answer=True,
    )


def supplement_arrived(case: "Case") -> News:
    """Return the news that the answer to a supplement request has come in."""
    return News(
        _("Thank you, it has arrived: %(matter)s") % _about(case),
        _("What you sent for “%(matter)s”, number %(number)s, has arrived. %(office)s is looking at it.")
        % _about(case),
    )


def accepted(case: "Case", due_on: date | None) -> News:
    """Return the news that the case is accepted, and by when the decision is due."""
    values = {**_about(case), "day": date_words(due_on)}
    if due_on is None:
        body = _(
            "Your application “%(matter)s”, number %(number)s, is complete and accepted. %(office)s is working on it."
        )
    else:
        body = _(
            "Your application “%(matter)s”, number %(number)s, is complete and accepted. "
            "The decision is made by %(day)s at the latest."
        )
    return News(_("Accepted: %(matter)s") % values, body % values)


def deemed_accepted(case: "Case", due_on: date | None) -> News:
    """Return the news that the case is accepted by law, because nobody has looked at it in time."""
    values = {**_about(case), "day": date_words(due_on)}
    body = _(
        "%(office)s has not told you in time whether anything is missing in “%(matter)s”, number %(number)s. By law "
        "your application is therefore accepted from the day on which it came in."
    )
    if due_on is not None:
        body += _(" The decision is made by %(day)s at the latest.")
    return News(_("Accepted by law: %(matter)s") % values, body % values)


def deemed_renewed(case: "Case") -> News:
    """Return the news that the permit is renewed by law, because nobody has decided in time."""
    return News(
        _("Renewed by law: %(matter)s") % _about(case),
        _(
            "%(office)s had not decided on “%(matter)s”, number %(number)s, when your permit expired. By law it is "
            "therefore renewed and goes on without a break. The decision is on the page of your matter; the new permit "
            "follows."
        )
        % _about(case),
    )


def suspension_overdue(case: "Case", suspension: "Suspension") -> News:
    """Return the reminder to the official that a procedure takes longer than the applicant was told."""
    values = {**_about(case), "name": suspension.get_procedure_display(), "day": date_words(suspension.expected_on)}
    return News(
        _("Not over yet: %(name)s, %(number)s") % values,
        _(
            "%(name)s in “%(matter)s”, number %(number)s, was to be over by %(day)s. Please let the case go on, or "
            "tell the applicant why it takes longer."
        )
        % values,
        wants_answer=True,
    )


def not_accepted(case: "Case", what_else: str) -> News:
    """Return the news that the case is not accepted, and what to do instead."""
    values = {**_about(case), "advice": what_else}
    return News(
        _("Not accepted: %(matter)s") % values,
        _(
            "Your application “%(matter)s”, number %(number)s, could not be accepted. What you can do instead: "
            "%(advice)s The notice with the reasons is on the page of your matter."
        )
        % values,
    )


def passed_on(case: "Case") -> News:
    """Return the news that another office has the case now."""
    return News(
        _("Passed on to %(office)s: %(matter)s") % _about(case),
        _(
            "Your application “%(matter)s”, number %(number)s, is now with the competent office, %(office)s. "
            "You need not do anything."
        )
        % _about(case),
    )


def suspended(case: "Case", suspension: "Suspension") -> News:
    """Return the news that the limit stands for a while: why, and how long."""
    values = {**_about(case), "name": suspension.get_procedure_display(), "day": date_words(suspension.expected_on)}
    if suspension.kind == "by_law":
        body = _(
            "Your application “%(matter)s”, number %(number)s, cannot go on for the time being. The limit of the "
            "decision stands meanwhile. The notice with the ground is on the page of your matter."
        )
    else:
        body = _(
            "Your application “%(matter)s”, number %(number)s, needs: %(name)s. This takes until about %(day)s and "
            "does not count in the limit of the decision. The notice is on the page of your matter."
        )
    return News(_("The limit stands for a while: %(matter)s") % values, body % values)


def resumed(case: "Case", due_on: date | None) -> News:
    """Return the news that the limit runs on, and by when the decision is due now."""
    values = {**_about(case), "day": date_words(due_on)}
    if due_on is None:
        body = _("Your application “%(matter)s”, number %(number)s, goes on.")
    else:
        body = _(
            "Your application “%(matter)s”, number %(number)s, goes on. The decision is made by %(day)s at the latest."
        )
    return News(_("It goes on: %(matter)s") % values, body % values)


def extended(case: "Case", extension: "CaseExtended") -> News:
    """Return the news that the limit is extended, and until when."""
    values = {
        **_about(case),
        "limit": limit_words(extension.value, extension.unit),
        "day": date_words(extension.due_on),
    }
    return News(
        _("More time is needed: %(matter)s") % values,
        _(
            "For your application “%(matter)s”, number %(number)s, the limit is extended by %(limit)s; the decision is "
            "made by %(day)s at the latest. The notice with the reasons is on the page of your matter."
        )
        % values,
    )


def decided(case: "Case", *, granted: bool) -> News:
    """Return the news of the decision."""
    if granted:
        return News(
            _("Granted: %(matter)s") % _about(case),
            _(
                "Good news: your application “%(matter)s”, number %(number)s, has been granted. "
                "We are preparing the result."
            )
            % _about(case),
        )
    return News(
        _("Not granted: %(matter)s") % _about(case),
        _(
            "We could not grant your application “%(matter)s”, number %(number)s. The decision gives the reasons and "
            "says what you can do if you do not agree."
        )
        % _about(case),
    )


def to_pay(case: "Case", fee: "FeeDemand") -> News:
    """Return the news that a fee is due."""
    office = fee.post.organisation
    values = {
        **_about(case),
        "amount": money(fee.amount_fen),
        "fee": fee.name,
        "place": where_words(either(office.name, office.name_en), office.address),
    }
    return News(
        _("Please pay %(amount)s: %(matter)s") % values,
        _(
            "For “%(matter)s”, number %(number)s, a fee of %(amount)s is due (%(fee)s). You can pay at %(place)s. "
            "The result follows after that."
        )
        % values,
        wants_answer=True,
    )


def ready(case: "Case", way: str, place: str, *, granted: bool) -> News:
    """Return the news that the papers are ready, and how they reach the applicant: at which place, if they collect."""
    values = {**_about(case), "place": place}
    if not granted:
        return _refusal_ready(values, way)
    if way == "window":
        body = _("The papers of “%(matter)s”, number %(number)s, are ready. Please collect them at %(place)s.")
    else:
        body = _("The papers of “%(matter)s”, number %(number)s, are ready and will be sent to you by post.")
    return News(_("Ready: %(matter)s") % values, body % values)


def _refusal_ready(values: dict[str, str], way: str) -> News:
    if way == "window":
        body = _("The decision not to grant “%(matter)s”, number %(number)s, is ready. Please collect it at %(place)s.")
    else:
        body = _("The decision not to grant “%(matter)s”, number %(number)s, will be sent to you by post.")
    return News(_("Decision ready: %(matter)s") % values, body % values)


def delivered(case: "Case", way: str, tracking_number: str, *, granted: bool) -> News:
    """Return the news that everything is delivered, and the invitation to say how it was."""
    values = {**_about(case), "tracking": tracking_number}
    if not granted:
        return _refusal_delivered(values, way)
    bodies = {
        "online": _("“%(matter)s”, number %(number)s, is done. You can open and keep the papers on its page."),
        "post": _(
            "“%(matter)s”, number %(number)s, is done. The papers are in the post, tracking number %(tracking)s."
        ),
        "window": _("“%(matter)s”, number %(number)s, is done. The papers were handed over."),
    }
    invitation = _("Would you tell us how it was? It takes half a minute.")
    return News(_("Done: %(matter)s") % values, f"{bodies[way] % values} {invitation}")


def rating_answered(case: "Case", office: str) -> News:
    """Return the news that the office has answered a bad rating."""
    values = {**_about(case), "office": office}
    return News(
        _("An answer to your rating: %(matter)s") % values,
        _("%(office)s has looked into what you told us about “%(matter)s”, number %(number)s. Please read the answer.")
        % values,
    )


def _refusal_delivered(values: dict[str, str], way: str) -> News:
    bodies = {
        "online": _("The decision not to grant “%(matter)s”, number %(number)s, was served to you online."),
        "post": _(
            "The decision not to grant “%(matter)s”, number %(number)s, is in the post, tracking number %(tracking)s."
        ),
        "window": _("The decision not to grant “%(matter)s”, number %(number)s, was handed over."),
    }
    contest = _("It says why, and what you can do within which time if you do not agree.")
    return News(_("Decision served: %(matter)s") % values, f"{bodies[way] % values} {contest}")


def moved(case: "Case", end: "MovedEnd") -> News:
    """Return the news that the calendar was changed, and with it the day by which something is due."""
    values = {**_about(case), "was": date_words(end.was), "day": date_words(end.now)}
    if end.kind == "supplement":
        body = _(
            "The working days of this time have been laid down anew. For “%(matter)s”, number %(number)s, please send "
            "what is missing by %(day)s; before, it was %(was)s."
        )
    else:
        body = _(
            "The working days of this time have been laid down anew. The time for “%(matter)s”, number %(number)s, now "
            "ends on %(day)s; before, it was %(was)s. How it is counted is on the page of your matter. You need not do "
            "anything."
        )
    return News(_("New date %(day)s: %(matter)s") % values, body % values, wants_answer=end.kind == "supplement")


def lapsed(case: "Case") -> News:
    """Return the news that the case was closed for want of the supplement."""
    return News(
        _("Closed: %(matter)s") % _about(case),
        _(
            "What was missing for “%(matter)s”, number %(number)s, did not come in time, so the matter is closed. "
            "You may apply again at any time."
        )
        % _about(case),
    )


def withdrawn(case: "Case") -> News:
    """Return the confirmation that the applicant took the case back."""
    return News(
        _("Withdrawn: %(matter)s") % _about(case),
        _("You took back “%(matter)s”, number %(number)s. It is closed; you may apply again at any time.")
        % _about(case),
    )


def corrected(case: "Case", voided: str, number: str) -> News:
    """Return the news that a paper was wrong, and which one takes its place."""
    values = {**_about(case), "old": voided, "new": number}
    return News(
        _("Corrected paper: %(matter)s") % values,
        _(
            "A paper of “%(matter)s”, number %(number)s, was wrong: %(old)s is void. %(new)s takes its place and says "
            "why. We are sorry for the trouble."
        )
        % values,
    )


def voided(case: "Case", paper: str) -> News:
    """Return the news that a paper should not have been issued."""
    values = {**_about(case), "paper": paper}
    return News(
        _("Void paper: %(matter)s") % values,
        _(
            "%(paper)s, a paper of “%(matter)s”, number %(number)s, should not have been issued and is void; the paper "
            "says why. Nothing else changes. We are sorry for the trouble."
        )
        % values,
    )
