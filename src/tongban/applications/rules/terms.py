"""The terms under which a case is opened, read from the guide: limits, fees, result, remedies."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tongban.base import expressions
from tongban.cases.kinds import FeeOption, FeeTerm, Remedies, ResultTerm, TermLimit, Terms

if TYPE_CHECKING:
    from tongban.catalogue.queries import Fee, Guide, GuideLimit

NAMELESS = "费用"
"""A fee of which the guide says no more than that it is due. Terms are in the language of the papers."""
LONGEST_STANDARD = 1000


def terms_of(
    guide: "Guide", *, item_code: str, catalogue_code: str, context: dict[str, object], retention_years: int
) -> Terms:
    """Return the terms of a case under a guide, as they stand on submission."""
    return Terms(
        item_type=guide.item_type,
        item_code=item_code,
        catalogue_code=catalogue_code,
        handling_kind="on_the_spot" if guide.handling_kind == "on_the_spot" else "promised",
        statutory=_limit(guide.statutory_limit),
        promised=_limit(guide.promised_limit),
        fees=fees_of(guide, context),
        result=ResultTerm(
            kind=guide.result.kind,
            name=guide.result.name or guide.name,
            name_en=guide.result.name_en or guide.name_en,
            valid_months=guide.result.valid_months,
            succeeds=guide.result.succeeds,
        ),
        remedies=Remedies(reconsideration_body=guide.reconsideration_body, court=guide.court),
        retention_years=retention_years,
    )


def _limit(limit: "GuideLimit") -> TermLimit | None:
    """A limit without a unit measures nothing: it is left out, never guessed."""
    if limit.unit == "on_the_spot":
        return TermLimit(value=0, unit="on_the_spot", basis=limit.basis)
    if limit.value is None or limit.unit is None:
        return None
    return TermLimit(value=limit.value, unit=limit.unit, basis=limit.basis)


def fees_of(guide: "Guide", context: dict[str, object]) -> tuple[FeeTerm, ...]:
    """Return the fees under a guide; those that it leaves open in any way have no amount, and an official fixes it.

    Officials fix amounts by the name of the fee, so that no two fees have the same one.
    """
    if guide.charges is False:
        return ()
    found = list(_fees(guide.fees, context))
    if guide.charges and not guide.fees:
        found = [FeeTerm(name=NAMELESS)]
    names: set[str] = set()
    for place, fee in enumerate(found):
        if fee.name in names:
            found[place] = fee.model_copy(update={"name": f"{fee.name}（{place}）"})
        names.add(found[place].name)
    return tuple(found)


def _fees(fees: Iterable["Fee"], context: dict[str, object]) -> Iterable[FeeTerm]:
    """Each fee: its amount where the guide leaves no doubt, else the options an official chooses from."""
    for fee in fees:
        found = [(item, _applies(item.condition, context)) for item in fee.items]
        applying = [item for item, applies in found if applies is not False]
        in_words = fee.partly_in_words or not fee.items
        if not applying and not in_words:
            continue
        doubtful = in_words or any(applies is None for _item, applies in found)
        certain = not doubtful and (len(applying) == 1 or all(item.condition for item in applying))
        yield FeeTerm(
            name=fee.name or NAMELESS,
            basis=fee.basis,
            standard=fee.standard[:LONGEST_STANDARD],
            amount_fen=sum(item.amount_fen for item in applying) if certain else None,
            options=tuple(FeeOption(label=item.label, amount_fen=item.amount_fen) for item in applying),
        )


def _applies(condition: str, context: dict[str, object]) -> bool | None:
    """Whether an amount applies; None when its condition asks for something that was not answered."""
    try:
        return expressions.holds(condition, context)
    except expressions.WrongExpression:
        return None
