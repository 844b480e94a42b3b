"""What has happened to forms."""

from dataclasses import dataclass
from typing import ClassVar

from tongban.ledger.events import EventData


@dataclass(frozen=True)
class FormPublished(EventData):
    """A version of a form was published."""

    kind: ClassVar[str] = "forms.form_published"
    subject_kind: ClassVar[str] = "form"
    code: str
    version: int
    digest: str
