"""Fees of a case whose amount nobody has fixed: left open by the guide, and by a deemed acceptance."""

from tongban.cases.kinds import FeeTerm, terms_of
from tongban.cases.models import Case


def unfixed_fees(case: Case) -> list[FeeTerm]:
    """Return the fees of an accepted case whose amount the terms leave open and nobody has fixed yet.

    Only a deemed acceptance leaves any: an official who accepts fixes them all.
    """
    if not case.acceptance_is_deemed:
        return []
    unfixed = [fee for fee in terms_of(case).fees if fee.amount_fen is None]
    known = set(case.fees.values_list("name", flat=True)) if unfixed else set()
    return [fee for fee in unfixed if fee.name[:200] not in known]
