"""Why something was refused."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Invalid, NotFound


class WrongModel(Invalid):
    """The BPMN text cannot be used. `fields["bpmn"]` holds a sentence for each thing to mend."""

    code = "wrong_process_model"
    message = _("This process cannot be used yet. Please mend what is listed.")

    def __init__(self, problems: Sequence[str]) -> None:
        """Refuse with a sentence for each problem."""
        super().__init__({"bpmn": problems})

    @property
    def problems(self) -> list[str]:
        """The sentences."""
        return self.fields["bpmn"]


class UnknownOutcome(Invalid):
    """The choice is none of those that the step offers."""

    code = "unknown_outcome"

    def __init__(self) -> None:
        """Refuse beside the field `outcome`."""
        super().__init__({"outcome": [_("Please choose one of the answers that this step offers.")]})


class StepNotWaiting(Conflict):
    """The step has been completed already, or the process has ended."""

    code = "step_not_waiting"
    message = _("This step has been dealt with already. Please open the case again to see where it stands.")


class UnknownProcess(NotFound):
    """There is no such process, or none of this name came with the product."""

    code = "unknown_process"
