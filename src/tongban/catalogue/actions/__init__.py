"""What may be done with the catalogue: publish, suspend, resume, cancel, count, import, index again."""

from tongban.catalogue.actions.indexing import index_again
from tongban.catalogue.actions.publishing import publish
from tongban.catalogue.actions.states import cancel, count_application, resume, suspend

__all__ = [
    "cancel",
    "count_application",
    "index_again",
    "publish",
    "resume",
    "suspend",
]
