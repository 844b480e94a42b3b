"""Why a form was refused."""

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Refusal


class UnsoundForm(Refusal):
    """The document is no form: `details["problems"]` lists what is wrong and where."""

    status = 422
    code = "unsound_form"
    message = _("This form cannot be published as it stands.")
