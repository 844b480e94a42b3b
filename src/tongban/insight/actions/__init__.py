"""What this room writes: copies for counting, and what applicants were told. It acts on no case."""

from tongban.insight.actions.expecting import reckon_usual
from tongban.insight.actions.reading import READER, keep, read_on, rebuild, renew_some

__all__ = ["READER", "keep", "read_on", "rebuild", "reckon_usual", "renew_some"]
