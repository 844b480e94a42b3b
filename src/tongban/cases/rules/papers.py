"""What the papers of a case say. Chinese is what counts; who chose English gets a courtesy translation below it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from tongban.base.money import yuan_words
from tongban.base.templatetags.words import date_words, datetime_words, either, limit_words, where_words
from tongban.cases.kinds import Remedies, terms_of
from tongban.papers.kinds import PaperContent

if TYPE_CHECKING:
    from tongban.cases.models import Case, Clock, ClockExtension, FeeDemand, SupplementPoint, Suspension
    from tongban.organisations.models import Organisation

Said = tuple[str, ...]


def _paper(
    case: "Case",
    say: Callable[[], Said],
    *,
    rows: Callable[[], Sequence[tuple[str, str]]] = tuple,
    table_head: Callable[[], Said] = tuple,
    table: Sequence[Said] = (),
    remarks: Callable[[], Said] = tuple,
) -> PaperContent:
    with translation.override("en"):
        english = say() if case.language.startswith("en") else ()
    with translation.override("zh-hans"):
        return PaperContent(
            office=case.organisation.name,
            office_en=case.organisation.name_en,
            addressee=case.applicant_name,
            paragraphs=say(),
            paragraphs_en=english,
            rows=((_("Case number"), case.number), (_("Matter"), case.title), *rows()),
            table_head=table_head(),
            table=tuple(table),
            remarks=remarks(),
            language="en" if case.language.startswith("en") else "zh-hans",
        )


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

    def say() -> Said:
        said = _(
            "Your application “%(matter)s”, received on %(received)s, is complete and in due form. "
            "It is accepted as of %(accepted)s."
        ) % {
            "matter": _matter(case),
            "received": date_words(case.submitted_at),
            "accepted": date_words(accepted_on),
        }
        return (said, *(_limit_sentence(clock) for clock in clocks))

    return _paper(case, say)


def acceptance_deemed(case: "Case", clocks: Sequence["Clock"]) -> PaperContent:
    """Return the notice of deemed acceptance 视为受理通知书, with the limits that run from the receipt on."""

    def say() -> Said:
        values = {"matter": _matter(case), "received": date_words(case.accepted_at)}
        return (
            _(
                "Nobody has told you within the time set by law what your application “%(matter)s” is lacking. By "
                "article 32 of the Administrative Licensing Law it is therefore accepted as of the day of receipt, "
                "%(received)s."
            )
            % values,
            *(_limit_sentence(clock) for clock in clocks),
            _("You need not do anything; the review has begun."),
        )

    return _paper(case, say)


def renewal_deemed(case: "Case", permit: str, last_day: date) -> PaperContent:
    """Return the decision of deemed renewal 视为准予延续决定书: which permit, since when, by which law."""

    def say() -> Said:
        return (
            deemed_reasons(last_day),
            _(
                "By article 50 of the Administrative Licensing Law the renewal of %(permit)s, asked for by your "
                "application “%(matter)s”, is therefore deemed granted. The permit goes on without a break."
            )
            % {"permit": permit, "matter": _matter(case)},
            _("The new permit follows; should a fee be due, after it has been paid."),
        )

    return _paper(case, say, rows=lambda: ((_("Permit to be renewed"), permit),))


def deemed_reasons(last_day: date) -> str:
    """Return why a renewal is deemed granted."""
    return _(
        "The renewal was asked for in time, and no decision had been made when the permit expired at the end of "
        "%(day)s."
    ) % {"day": date_words(last_day)}


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

    def say() -> Said:
        said = _(
            "We have looked at your application “%(matter)s”. The following is still missing or has to be corrected; "
            "this is all of it. Please send it by %(day)s."
        ) % {"matter": _matter(case), "day": date_words(answer_by)}
        late = _(
            "Something of this could have been named the first time. A superior has allowed to ask for it now. "
            "Reasons: %(reasons)s"
        ) % {"reasons": reasons}
        return (said, *([word] if word else []), *([late] if reasons else []))

    return _paper(
        case,
        say,
        table_head=lambda: (_("No."), _("What it is about"), _("What is needed")),
        table=[(str(number), point.target_name, point.words) for number, point in enumerate(points, start=1)],
        remarks=lambda: (_("The time limit of our decision begins only when the application has been accepted."),),
    )


def non_acceptance(case: "Case", *, reason: str, legal_basis: str, what_else: str) -> PaperContent:
    """Return the notice of non-acceptance 不予受理通知书: reason, legal basis, what else to do, remedies."""
    remedies = terms_of(case).remedies

    def say() -> Said:
        return (
            _("Your application “%(matter)s” cannot be accepted.") % {"matter": _matter(case)},
            _("Reason: %(reason)s") % {"reason": reason},
            _("Legal basis: %(basis)s") % {"basis": legal_basis},
            _("What you can do instead: %(advice)s") % {"advice": what_else},
            remedies_words(remedies, case.organisation),
        )

    return _paper(case, say)


def passing_on(case: "Case", *, by: "Organisation", to: "Organisation", word: str) -> PaperContent:
    """Return the notice of transfer 移送告知书, in the name of the office that passes on."""

    def say() -> Said:
        said = _("The competent office for your application “%(matter)s” is %(office)s. We have passed it on.") % {
            "matter": _matter(case),
            "office": either(to.name, to.name_en),
        }
        nothing_to_do = _("You need not do anything, and nothing has to be handed in again.")
        return (said, word, nothing_to_do) if word else (said, nothing_to_do)

    return _paper(case, say).model_copy(update={"office": by.name, "office_en": by.name_en})


def suspension(case: "Case", suspension: "Suspension") -> PaperContent:
    """Return the notice of a special procedure 特别程序告知书, or of a suspension by law 中止审查通知书."""

    def say() -> Said:
        values = {"matter": _matter(case), "name": suspension.get_procedure_display()}
        if suspension.kind == "procedure":
            said = [
                _("For your application “%(matter)s” a special procedure is needed: %(name)s.") % values,
                _("It takes %(limit)s, that is until %(day)s.")
                % {
                    "limit": limit_words(suspension.expected_value, suspension.expected_unit),
                    "day": date_words(suspension.expected_on),
                },
            ]
        else:
            said = [_("Your application “%(matter)s” cannot go on for the time being.") % values]
        said += [
            _("Ground: %(ground)s") % {"ground": suspension.ground},
            _("Legal basis: %(basis)s") % {"basis": suspension.basis},
            _("This time does not count in the limit of our decision. We shall tell you when the limit runs on."),
        ]
        return tuple(said)

    return _paper(case, say)


def resumption(case: "Case", suspension: "Suspension", clocks: Sequence["Clock"], *, goes_on: bool) -> PaperContent:
    """Return the notice of resumption 恢复审查通知书, with the new ends of the limits."""
    shown = [clock for clock in clocks if clock.kind in {"statutory", "promised"}]

    def say() -> Said:
        name = suspension.get_procedure_display() or _("the suspension")
        said = [
            _("For your application “%(matter)s”, %(name)s is over. What came of it: %(outcome)s")
            % {"matter": _matter(case), "name": name, "outcome": suspension.outcome}
        ]
        if goes_on:
            said += [_("The limit of our decision runs on."), *(_limit_sentence(clock) for clock in shown)]
        else:
            said.append(_("Another procedure is not over yet, so the limit of our decision still stands."))
        return tuple(said)

    return _paper(case, say)


def extension(case: "Case", extensions: Sequence["ClockExtension"], clocks: Sequence["Clock"]) -> PaperContent:
    """Return the notice of extension 延长办理期限告知书: by how much, why, who approved, and the new day."""
    first = extensions[0]

    def say() -> Said:
        told = [_limit_sentence(clock) for clock in clocks if clock.kind in {"statutory", "promised"}]
        return (
            _("For your application “%(matter)s” the limit of our decision is extended by %(limit)s.")
            % {"matter": _matter(case), "limit": limit_words(first.value, first.unit)},
            _("Reasons: %(reasons)s") % {"reasons": first.reasons},
            _("The head of the office has approved it. Legal basis: %(basis)s") % {"basis": first.basis},
            *told,
        )

    return _paper(case, say)


def fee_demand(case: "Case", fee: "FeeDemand") -> PaperContent:
    """Return the demand for payment 缴费通知书: amount, basis, where to pay."""
    office = fee.post.organisation

    def say() -> Said:
        return (
            _("For your application “%(matter)s” a fee is due. Please pay it; the result follows after that.")
            % {"matter": _matter(case)},
        )

    def rows() -> list[tuple[str, str]]:
        found = [
            (_("Name of the fee"), fee.name),
            (_("Amount"), f"{yuan_words(fee.amount_fen)} 元"),
            (_("Where to pay"), where_words(office.name, office.address, office.phone)),
        ]
        return [*found, (_("Basis"), fee.basis)] if fee.basis else found

    return _paper(case, say, rows=rows)


def decision(case: "Case", *, granted: bool, reasons: str, legal_basis: str, remedies: str) -> PaperContent:
    """Return the decision 准予决定书 or 不予决定书; a refusal names the ways to contest it."""

    def say() -> Said:
        decided = (
            _("After review, this office decides to grant your application “%(matter)s”.")
            if granted
            else _("After review, this office decides to refuse your application “%(matter)s”.")
        ) % {"matter": _matter(case)}
        said = [decided, _("Reasons: %(reasons)s") % {"reasons": reasons}]
        if legal_basis:
            said.append(_("Legal basis: %(basis)s") % {"basis": legal_basis})
        return (*said, remedies) if remedies else tuple(said)

    return _paper(case, say)


def delivery(case: "Case", *, way: str, at: datetime, papers: Sequence[str], detail: str) -> PaperContent:
    """Return the proof of delivery 送达回执: what was delivered, when, and how."""

    def say() -> Said:
        return (_("The following papers have been delivered.") if papers else _("The matter has been concluded."),)

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

    def say() -> Said:
        said = _(
            "On %(day)s you took back your application “%(matter)s”. It is closed; you may apply again at any time."
        ) % {"day": date_words(withdrawn_on), "matter": _matter(case)}
        return (said,)

    return _paper(case, say)
