"""Shapes of what is sent to the API and what it tells: strict on the way in, described on the way out."""

from collections.abc import Callable, Iterable
from typing import Annotated, Generic, Protocol, Self, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator

from tongban.base.errors import Invalid

LARGEST_PAGE = 100
UNKNOWN = _("There is no such field here.")
_NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL; half characters (lone surrogates) are refused by pydantic itself."""

Line = Annotated[str, StringConstraints(max_length=500, pattern=_NO_NUL)]
"""A line of text."""
Text = Annotated[str, StringConstraints(max_length=6000, pattern=_NO_NUL)]
"""Text of several lines."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,119}$")]
"""A key within a guide or a form."""
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}-[0-9A-Z]{8}$")]
"""The number of a case, such as 20261123-7KQ4M2XA."""
PageNumber = Annotated[int, Field(ge=1, le=10_000, description="Which page, from 1 on.")]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="How many rows a page has, at most 100.")]

_Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]
_Decimal = Annotated[float, Field(ge=-(10**15), le=10**15, allow_inf_nan=False)]
_Several = Annotated[list[Line], Field(max_length=200)]
_Parts = Annotated[dict[Key, Line], Field(max_length=10)]
Answer = Text | bool | _Whole | _Decimal | _Several | _Parts | None
Answers = Annotated[dict[Key, Answer], Field(max_length=500)]
"""Answers by the key of their question: text, number, yes or no, several choices, or named parts (an address)."""


class Sent(BaseModel):
    """What a caller sends. A field that is not known is refused: it was meant for something."""

    model_config = ConfigDict(extra="forbid")


class Asked(Sent):
    """What a caller asks in a query. ninja leaves out parameters that it does not know, so they are refused here."""

    @model_validator(mode="after")
    def _nothing_unknown(self, info: ValidationInfo) -> Self:
        request = (info.context or {}).get("request")
        unknown = set(request.GET) - type(self).model_fields.keys() if request else set()
        if unknown:
            raise Invalid({name: [UNKNOWN] for name in sorted(unknown)[:10]})
        return self


class Paging(Asked):
    """Which page of a list is wanted."""

    page: PageNumber = 1
    page_size: PageSize = 20


class Told(BaseModel):
    """What the API tells."""

    model_config = ConfigDict(from_attributes=True)


class Problem(Told):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "urn:tongban:problem:invalid",
                "title": "有些内容需要再看一下。",
                "status": 422,
                "code": "invalid",
                "instance": "/api/v1/drafts",
                "request_id": "7KQ4M2XA",
                "fields": {"item_code": ["请填写此项。"]},
            }
        },
    )

    type: str = Field(description="A name for this kind of problem: urn:tongban:problem:<code>.")
    title: str = Field(description="What is wrong and what to do, for a person, in the language asked for.")
    status: int = Field(description="The status of the answer.")
    code: str = Field(description="What is wrong, for a machine.")
    instance: str = Field(description="The address that was asked.")
    request_id: str = Field(description="To be told to whoever runs this service.")
    fields: dict[str, list[str]] | None = Field(
        default=None, description="Sentences by the field they belong to; only where fields are wrong."
    )


Row = TypeVar("Row")
ShapedRow = TypeVar("ShapedRow", bound=BaseModel)


class Numbered(Told, Generic[Row]):
    """A page of a list."""

    results: list[Row] = Field(description="The rows of this page.")
    total: int = Field(description="How many rows there are on all pages.")
    page: int = Field(description="Which page this is, from 1 on.")
    page_size: int = Field(description="How many rows a page has at most.")


Found = TypeVar("Found", bound=Model)
Sliced_co = TypeVar("Sliced_co", covariant=True)


class Listed(Protocol[Sliced_co]):
    """What is sliced and counted as a queryset is."""

    def count(self) -> int:
        """Return how many there are."""

    def __getitem__(self, part: slice, /) -> Iterable[Sliced_co]:
        """Return some of them."""


def page_of(
    found: QuerySet[Found] | Listed[Found], shape: Callable[[Found], ShapedRow], *, page: int, page_size: int
) -> Numbered[ShapedRow]:
    """Cut a page out of a list. Two queries; a page beyond the end is empty."""
    start = (page - 1) * page_size
    rows = [shape(one) for one in found[start : start + page_size]]
    return Numbered(results=rows, total=found.count(), page=page, page_size=page_size)


class Reference(Told):
    """An office, a person or a thing, by id and name."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
