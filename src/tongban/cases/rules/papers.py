"""What the papers of a case are filled from; the sentences are those of the wording in force (`wordings`).

Chinese is what counts; who chose English gets a courtesy translation below it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.clock import office_date
from tongban.base.money import yuan_words
from tongban.base.templatetags.words import date_words, datetime_words, either, limit_words, where_words
from tongban.cases.kinds import Remedies, terms_of
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.cases.models import Case, Clock, ClockExtension, FeeDemand, SupplementPoint, Suspension
    from tongban.organisations.models import Organisation

Said = tuple[str, ...]
Values = dict[str, str]


def _paper(
    case: "Case",
    say: Callable[[], Values],
    *,
    rows: Callable[[], Sequence[tuple[str, str]]] = tuple,
    table_head: Callable[[], Said] = tuple,
    table: Sequence[Said] = (),
) -> PaperContent:
    """Return what a paper is filled from: `say` gives what stands for the placeholders of its wording."""
    with translation.override("en"):
        english = {**_everywhere(case), **say()} if case.language.startswith("en") else {}
    with translation.override("zh-hans"):
        return PaperContent(
            office=case.organisation.name,
            office_en=case.organisation.name_en,
            addressee=case.applicant_name,
            values={**_everywhere(case), **say()},
            values_en=english,
            item_code=str(case.terms.get("item_code", "")),
            rows=((_("Case number"), case.number), (_("Matter"), case.title), *rows()),
            table_head=table_head(),
            table=tuple(table),
            language="en" if case.language.startswith("en") else "zh-hans",
        )


def _everywhere(case: "Case") -> Values:
    """Return what every paper of a case may say (`wordings.EVERYWHERE`)."""
    office = case.organisation
    return {
        "matter": _matter(case),
        "number": case.number,
        "applicant": case.applicant_name,
        "office": either(office.name, office.name_en),
        "received_on": date_words(case.submitted_at),
    }


def _matter(case: "Case") -> str:
    english = (translation.get_language() or "").startswith("en")
    return case.title_en if english and case.title_en else case.title


def remedies_words(remedies: Remedies, organisation: "Organisation") -> str:
    """Return how a decision can be contested (行政许可法 art. 38, 行政复议法 art. 20, 行政诉讼法 art. 46)."""
    return _(
        "If you do not agree with this decision, you may within %(days)d days of receiving it apply to %(body)s for "
        "administrative reconsideration, or within %(months)d months of receiving it bring an action before %(court)s."
    ) % {
        "days": remedies.reconsideration_days,
        "body": remedies.reconsideration_body
        or organisation.reconsideration_body
        or _("the people's government at the same level"),
        "months": remedies.lawsuit_months,
        "court": remedies.court or organisation.court or _("the people's court that has jurisdiction"),
    }


def acceptance(case: "Case", accepted_on: date, clocks: Sequence["Clock"]) -> PaperContent:
    """Return the notice of acceptance 受理通知书 with the limits that the applicant is told."""
    return _paper(case, lambda: _accepted(accepted_on, clocks))


def acceptance_deemed(case: "Case", clocks: Sequence["Clock"]) -> PaperContent:
    """Return the notice of deemed acceptance 视为受理通知书, with the limits that run from the receipt on."""
    accepted_on = office_date(case.accepted_at or case.submitted_at)
    return _paper(case, lambda: _accepted(accepted_on, clocks))


def _accepted(accepted_on: date, clocks: Sequence["Clock"]) -> Values:
    first = min(clocks, key=lambda clock: clock.due_on, default=None)
    return {
        "accepted_on": date_words(accepted_on),
        "limits": _limits(clocks) or _("No limit is laid down for this matter."),
        "limit": limit_words(first.limit_value, first.limit_unit) if first else "",
        "due_on": date_words(first.due_on) if first else "",
    }


def renewal_deemed(case: "Case", permit: str, last_day: date) -> PaperContent:
    """Return the decision of deemed renewal 视为准予延续决定书: which permit, since when, by which law."""

    def say() -> Values:
        return {"reasons": deemed_reasons(last_day), "permit": permit}

    return _paper(case, say, rows=lambda: ((_("Permit to be renewed"), permit),))


def deemed_reasons(last_day: date) -> str:
    """Return why a renewal is deemed granted."""
    return _(
        "The renewal was asked for in time, and no decision had been made when the permit expired at the end of "
        "%(day)s."
    ) % {"day": date_words(last_day)}


def _limits(clocks: Sequence["Clock"]) -> str:
    return "\n".join(_limit_sentence(clock) for clock in clocks)


def _limit_sentence(clock: "Clock") -> str:
    values = {"limit": limit_words(clock.limit_value, clock.limit_unit), "day": date_words(clock.due_on)}
    if clock.kind == "promised":
        said = _("We promise a decision within %(limit)s, that is by %(day)s.") % values
    else:
        said = _("By law the decision is made within %(limit)s, that is by %(day)s.") % values
    if clock.provisional:
        said += _(" The day is provisional until that year's holidays have been announced.")
    return said


def supplement(
    case: "Case", points: Sequence["SupplementPoint"], word: str, answer_by: date, *, reasons: str = ""
) -> PaperContent:
    """Return the notice of what is missing 补正告知书: everything at once, each point by itself.

    `reasons`: why something is asked for now that could have been named at first, as a superior has allowed it.
    """
    return _paper(
        case,
        lambda: {"answer_by": date_words(answer_by), "word": word, "late_reasons": reasons},
        table_head=lambda: (_("No."), _("What it is about"), _("What is needed")),
        table=[(str(number), point.target_name, point.words) for number, point in enumerate(points, start=1)],
    )


def non_acceptance(case: "Case", *, reason: str, legal_basis: str, what_else: str) -> PaperContent:
    """Return the notice of non-acceptance 不予受理通知书: reason, legal basis, what else to do, remedies."""
    remedies = terms_of(case).remedies

    def say() -> Values:
        return {
            "reasons": reason,
            "legal_basis": legal_basis,
            "what_else": what_else,
            "remedies": remedies_words(remedies, case.organisation),
        }

    return _paper(case, say)


def passing_on(case: "Case", *, by: "Organisation", to: "Organisation", word: str) -> PaperContent:
    """Return the notice of transfer 移送告知书, in the name of the office that passes on."""
    content = _paper(case, lambda: {"competent_office": either(to.name, to.name_en), "word": word})
    return content.model_copy(update={"office": by.name, "office_en": by.name_en})


def suspension(case: "Case", suspension: "Suspension") -> PaperContent:
    """Return the notice of a special procedure 特别程序告知书, or of a suspension by law 中止审查通知书."""

    def say() -> Values:
        said = {"ground": suspension.ground, "legal_basis": suspension.basis}
        if suspension.kind == "procedure":
            said["procedure"] = suspension.get_procedure_display()
            said["expected_length"] = limit_words(suspension.expected_value, suspension.expected_unit)
            said["expected_on"] = date_words(suspension.expected_on)
        return said

    return _paper(case, say)


def resumption(case: "Case", suspension: "Suspension", clocks: Sequence["Clock"], *, goes_on: bool) -> PaperContent:
    """Return the notice of resumption 恢复审查通知书, with the new ends of the limits."""

    def say() -> Values:
        running = "\n".join([_("The limit of our decision runs on."), _limits(_of_decision(clocks))])
        standing = _("Another procedure is not over yet, so the limit of our decision still stands.")
        return {
            "procedure": suspension.get_procedure_display() or _("the suspension"),
            "outcome": suspension.outcome,
            "limits": running if goes_on else standing,
        }

    return _paper(case, say)


def _of_decision(clocks: Sequence["Clock"]) -> list["Clock"]:
    return [clock for clock in clocks if clock.kind in {"statutory", "promised"}]


def extension(case: "Case", extensions: Sequence["ClockExtension"], clocks: Sequence["Clock"]) -> PaperContent:
    """Return the notice of extension 延长办理期限告知书: by how much, why, who approved, and the new day."""
    first = extensions[0]

    def say() -> Values:
        return {
            "extended_by": limit_words(first.value, first.unit),
            "reasons": first.reasons,
            "legal_basis": first.basis,
            "limits": _limits(_of_decision(clocks)),
        }

    return _paper(case, say)


def fee_demand(case: "Case", fee: "FeeDemand") -> PaperContent:
    """Return the demand for payment 缴费通知书: amount, basis, where to pay."""
    office = fee.post.organisation

    def rows() -> list[tuple[str, str]]:
        found = [
            (_("Name of the fee"), fee.name),
            (_("Amount"), f"{yuan_words(fee.amount_fen)} 元"),
            (_("Where to pay"), where_words(office.name, office.address, office.phone)),
        ]
        return [*found, (_("Basis"), fee.basis)] if fee.basis else found

    return _paper(case, dict, rows=rows)


def decision(case: "Case", *, reasons: str, legal_basis: str, remedies: str) -> PaperContent:
    """Return the decision 准予决定书 or 不予决定书; a refusal names the ways to contest it."""
    return _paper(case, lambda: {"reasons": reasons, "legal_basis": legal_basis, "remedies": remedies})


def delivery(case: "Case", *, way: str, at: datetime, papers: Sequence[str], detail: str) -> PaperContent:
    """Return the proof of delivery 送达回执: what was delivered, when, and how."""

    def say() -> Values:
        delivered = _("The following papers have been delivered.")
        return {"delivered": delivered if papers else _("The matter has been concluded.")}

    def rows() -> list[tuple[str, str]]:
        found = [(_("Way of delivery"), way), (_("Delivered at"), datetime_words(at))]
        return [*found, (_("Remark"), detail)] if detail else found

    return _paper(
        case,
        say,
        rows=rows,
        table_head=(lambda: (_("No."), _("Number of the paper"))) if papers else tuple,
        table=[(str(number), paper) for number, paper in enumerate(papers, start=1)],
    )


def withdrawal(case: "Case", *, withdrawn_on: date) -> PaperContent:
    """Return the confirmation of withdrawal 撤回确认书."""
    return _paper(case, lambda: {"withdrawn_on": date_words(withdrawn_on)})
