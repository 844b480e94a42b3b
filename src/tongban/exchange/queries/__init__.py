"""How to find resources, grants and look-ups, and who may see them."""

from tongban.exchange.queries.looking import Found, enterprise_subject, found_for, person_subject, subject_of
from tongban.exchange.queries.rights import reviews, stewards

__all__ = [
    "Found",
    "enterprise_subject",
    "found_for",
    "person_subject",
    "reviews",
    "stewards",
    "subject_of",
]
