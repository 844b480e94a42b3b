"""What stewards are told. Pure; in the reader's language, which the caller sets."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongban.base.templatetags.words import date_words, either
from tongban.cases.rules.news import News

if TYPE_CHECKING:
    from tongban.exchange.models import Grant
    from tongban.sharing.models import DataRequest, UnusedFields


def _of(request: "DataRequest") -> dict[str, str]:
    resource, consumer = request.resource, request.consumer
    return {
        "resource": either(resource.name, resource.name_en),
        "provider": either(resource.provider.name, resource.provider.name_en),
        "consumer": either(consumer.name, consumer.name_en),
        "number": request.case.number,
    }


def handed_in(request: "DataRequest") -> News:
    """Return that another office asks for data."""
    values = _of(request)
    subject = _("%(consumer)s asks for data: %(resource)s") % values
    body = _("Request %(number)s waits in your inbox. Please answer it in time.") % values
    return News(subject, body, wants_answer=True)


def answered(request: "DataRequest") -> News:
    """Return what came of a request, to the office that asked."""
    values = _of(request)
    if request.outcome == "granted":
        body = _("%(provider)s has granted request %(number)s. The data can be used from now on.") % values
        return News(_("Granted: %(resource)s") % values, body)
    if request.outcome == "partly":
        body = _("%(provider)s has granted request %(number)s in part. Open it to read the reasons.") % values
        return News(_("Granted in part: %(resource)s") % values, body)
    body = _("%(provider)s has refused request %(number)s. Open it to read the reasons; the coordinator can be asked.")
    return News(_("Refused: %(resource)s") % values, body % values)


def disputed(request: "DataRequest") -> News:
    """Return that a refusal was taken to the coordinator, to the office that refused."""
    values = _of(request)
    body = _("%(consumer)s has taken the refusal of request %(number)s to the coordinator, who will decide.") % values
    return News(_("Disputed: %(resource)s") % values, body)


def dispute_decided(request: "DataRequest", outcome: str) -> News:
    """Return what the coordinator decided, to both offices."""
    values = _of(request)
    if outcome == "ordered":
        body = _("The coordinator has ordered that %(consumer)s gets data of request %(number)s. The grant is given.")
        return News(_("Dispute decided: %(resource)s is to be given") % values, body % values)
    body = _("The coordinator lets the refusal of request %(number)s stand. Open it to read the reasons.")
    return News(_("Dispute decided: the refusal of %(resource)s stands") % values, body % values)


def unused(proposal: "UnusedFields") -> News:
    """Return that fields are not used, to the office that gives them."""
    grant = proposal.grant
    holder = either(grant.consumer.name, grant.consumer.name_en) if grant.consumer else grant.consumer_system
    values = {
        "resource": either(grant.resource.name, grant.resource.name_en),
        "holder": holder,
        "count": len(proposal.fields),
        "day": date_words(proposal.unused_since),
    }
    body = _(
        "%(holder)s has not used %(count)d items of this grant since %(day)s. Please take them out, or say why not."
    )
    return News(_("Not used: items of %(resource)s") % values, body % values, wants_answer=True)


def ends_soon(grant: "Grant") -> News:
    """Return that a grant ends soon, to the office that holds it."""
    values = {
        "resource": either(grant.resource.name, grant.resource.name_en),
        "purpose": grant.purpose_words,
        "day": date_words(grant.valid_until),
    }
    body = _("The grant for “%(purpose)s” ends on %(day)s. With one click you ask for the same again.") % values
    return News(_("Ends soon: %(resource)s") % values, body, wants_answer=True)
