"""Pure reckoning of applications."""

from tongban.applications.rules.delivery import DeliveryChecked, check_delivery
from tongban.applications.rules.materials import MaterialState, missing_materials
from tongban.applications.rules.terms import terms_of

__all__ = ["DeliveryChecked", "MaterialState", "check_delivery", "missing_materials", "terms_of"]
