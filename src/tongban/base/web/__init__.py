"""What the doors of all rooms share: who may, refusals, headers, the context of a page."""

from tongban.base.web.access import actor_of, anybody, official, official_with, resident, signed_in, signed_in_keeping

__all__ = ["actor_of", "anybody", "official", "official_with", "resident", "signed_in", "signed_in_keeping"]
