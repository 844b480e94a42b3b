"""What may be done with the catalogue: publish, suspend, resume, cancel, count, import, index again."""

from tongban.catalogue.actions.importing import carry_out, import_guides, plan_import
from tongban.catalogue.actions.indexing import index_again
from tongban.catalogue.actions.naming import publish_names
from tongban.catalogue.actions.publishing import publish
from tongban.catalogue.actions.report import Report
from tongban.catalogue.actions.states import cancel, count_applications, resume, suspend

__all__ = [
    "Report",
    "cancel",
    "carry_out",
    "count_applications",
    "import_guides",
    "index_again",
    "plan_import",
    "publish",
    "publish_names",
    "resume",
    "suspend",
]
