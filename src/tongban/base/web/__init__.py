"""What the doors of all rooms share: who may, what was typed before, refusals, headers, the context of a page."""

from tongban.base.web.access import actor_of, anybody, official, official_with, resident, signed_in
from tongban.base.web.keeping import keeping, kept

__all__ = ["actor_of", "anybody", "keeping", "kept", "official", "official_with", "resident", "signed_in"]
