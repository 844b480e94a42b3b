"""Why something was refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Invalid, Refusal


class BeyondCalendar(Refusal):
    """The reckoning leaves the years that a calendar holds."""

    code = "beyond_calendar"
    message = _("This date is too far away to be reckoned.")


class WrongYear(Invalid):
    """The days offered as a year's official notice cannot be right."""

    code = "wrong_calendar_year"
    message = _("These days cannot be the notice of that year.")
