"""What may be asked for, who may ask, and who asked."""

from tongban.exchange.models.catalogue import Resource, ResourceItem, ResourceVersion, Source
from tongban.exchange.models.feeds import FeedChange, FeedPlace, Webhook
from tongban.exchange.models.grants import Grant, GrantDay, GrantUse, RateMinute
from tongban.exchange.models.log import LookUp, LookUpAnswer
from tongban.exchange.models.neighbours import (
    InformationSystem,
    KnownDirectory,
    Member,
    MemberKey,
    Membership,
    NeighbourService,
    OwnKey,
    Passage,
    ServiceRight,
    UsedNonce,
)
from tongban.exchange.models.quality import LeadProposal, QualityMeasure
from tongban.exchange.models.secrecy import Opening, SecrecyExtension
from tongban.exchange.models.sources import DropLoad, DropRow, SourceWatch

__all__ = [
    "DropLoad",
    "DropRow",
    "FeedChange",
    "FeedPlace",
    "Grant",
    "GrantDay",
    "GrantUse",
    "InformationSystem",
    "KnownDirectory",
    "LeadProposal",
    "LookUp",
    "LookUpAnswer",
    "Member",
    "MemberKey",
    "Membership",
    "NeighbourService",
    "Opening",
    "OwnKey",
    "Passage",
    "QualityMeasure",
    "RateMinute",
    "Resource",
    "ResourceItem",
    "ResourceVersion",
    "SecrecyExtension",
    "ServiceRight",
    "Source",
    "SourceWatch",
    "UsedNonce",
    "Webhook",
]
