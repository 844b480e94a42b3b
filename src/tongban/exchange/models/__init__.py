"""What may be asked for, who may ask, and who asked."""

from tongban.exchange.models.catalogue import Resource, ResourceItem, ResourceVersion, Source
from tongban.exchange.models.grants import Grant, GrantUse, RateMinute
from tongban.exchange.models.log import LookUp, LookUpAnswer

__all__ = [
    "Grant",
    "GrantUse",
    "LookUp",
    "LookUpAnswer",
    "RateMinute",
    "Resource",
    "ResourceItem",
    "ResourceVersion",
    "Source",
]
