"""The kinds of case "data_request" and "data_dispute": what officials see of them, and where they are decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongban.base.actor import Actor
from tongban.base.errors import NotFound
from tongban.cases.kinds import CaseKind, Panel
from tongban.forms.rules import Sight
from tongban.sharing import actions, queries
from tongban.sharing.rules.showing import request_lines

if TYPE_CHECKING:
    from tongban.cases.models import Case


class DataRequestKind(CaseKind):
    """A request for data."""

    name = "data_request"
    words = _("Request for data")

    def panels(self, case: "Case", actor: Actor, sight: Sight = "masked") -> list[Panel]:
        """Return what is asked."""
        try:
            request = queries.request_of_case(case.id)
        except NotFound:
            return []
        context = {"asked": request, "items": queries.items_asked(request)}
        return [Panel("request", _("What is asked"), "sharing/panel_request.html", context)]

    def decided_at(self, case: "Case") -> str:
        """Return the page of the request: what is granted there is a grant at once."""
        return reverse("sharing:request", args=[case.number])

    def remedies(self, case: "Case") -> str | None:
        """Return that the coordinator can be asked: between offices there is no reconsideration and no lawsuit."""
        return f"对本答复有异议的，可以在{queries.policy().dispute_days}日内提请政务数据共享主管部门协调处理。"

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give what was asked as text."""
        yield "request.txt", "\n".join(request_lines(queries.request_of_case(case.id))).encode()

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase what was typed freely; offices, items, law and outcome are of nobody and stay."""
        actions.erase_request(case_id=case_id)


class DisputeKind(CaseKind):
    """A dispute about a refusal."""

    name = "data_dispute"
    words = _("Dispute about data")

    def panels(self, case: "Case", actor: Actor, sight: Sight = "masked") -> list[Panel]:
        """Return what was asked, why it was refused, and why that is disputed."""
        try:
            dispute = queries.dispute_of_case(case.id)
        except NotFound:
            return []
        request = dispute.request
        context = {"asked": request, "dispute": dispute, "items": queries.items_asked(request)}
        return [Panel("dispute", _("What is disputed"), "sharing/panel_dispute.html", context)]

    def decided_at(self, case: "Case") -> str:
        """Return the page of the dispute: what is ordered there is a grant at once."""
        return reverse("sharing:dispute", args=[case.number])

    def remedies(self, case: "Case") -> str | None:
        """Return that the coordinator's word is the last within the jurisdiction."""
        return "本处理意见由政务数据共享主管部门作出，双方应当执行。"

    def archive_entries(self, case: "Case") -> Iterable[tuple[str, bytes | UUID]]:
        """Give the grounds as text."""
        dispute = queries.dispute_of_case(case.id)
        yield "dispute.txt", f"{dispute.request.case.number}\n{dispute.grounds}".encode()

    def erase(self, case_id: UUID, now: datetime) -> None:
        """Erase the grounds."""
        actions.erase_dispute(case_id=case_id)
