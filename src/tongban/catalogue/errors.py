"""Why the catalogue refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Conflict, Refusal


class CodeTaken(Conflict):
    """The code of a handling item belongs to another source's item."""

    code = "handling_item_code_taken"
    message = _("Another matter already has this code. Please choose a different code.")


class WrongMove(Conflict):
    """The item is not in a state from which this can be done."""

    code = "handling_item_state"
    message = _("This matter is not in a state in which that can be done.")


class ImportRefused(Refusal):
    """The import as a whole cannot be done; the words say which file and why."""

    code = "import_refused"
    message = _("This cannot be imported.")
