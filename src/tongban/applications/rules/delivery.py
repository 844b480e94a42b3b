"""How the result is to reach the applicant: online, at a window, or by post with an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from tongban.base.errors import Words
from tongban.base.identifiers import WrongIdentifier, phone_number
from tongban.base.text import clean_line

LONGEST_NAME = 100
LONGEST_ADDRESS = 200
SHORTEST_ADDRESS = 5


@dataclass(frozen=True)
class DeliveryChecked:
    """Clean values of the way of delivery, and what is wrong with what was typed."""

    values: dict[str, str]
    errors: dict[str, list[Words]] = field(default_factory=dict)


def check_delivery(typed: Mapping[str, str], *, electronic: bool) -> DeliveryChecked:
    """Check the chosen way. `electronic`: consent to service by electronic means, without it no way "online"."""
    way = clean_line(str(typed.get("way", "")))
    ways = ("online", "window", "post") if electronic else ("window", "post")
    if way not in ways:
        return DeliveryChecked({}, {"way": [_("Please choose how the result should reach you.")]})
    return _check_post(typed) if way == "post" else DeliveryChecked({"way": way})


def _check_post(typed: Mapping[str, str]) -> DeliveryChecked:
    errors: dict[str, list[Words]] = {}
    recipient = clean_line(str(typed.get("recipient", "")))
    address = clean_line(str(typed.get("address", "")))
    if not 0 < len(recipient) <= LONGEST_NAME:
        errors["recipient"] = [_("Please give the name of the person who receives the letter.")]
    if not SHORTEST_ADDRESS <= len(address) <= LONGEST_ADDRESS:
        errors["address"] = [_("Please give the whole address: district, street, number, building, room.")]
    phone = ""
    try:
        phone = phone_number(str(typed.get("phone", "")))
    except WrongIdentifier as wrong:
        errors["phone"] = [wrong.words]
    values = {"way": "post", "recipient": recipient, "phone": phone, "address": address}
    return DeliveryChecked(values, errors)
