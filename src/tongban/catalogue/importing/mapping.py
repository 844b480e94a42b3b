"""Mappings: which field of a source becomes which element, which code which code. See docs/import-guides.md."""

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tongban.catalogue.errors import ImportRefused

MOST_BYTES = 1024 * 1024


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_tuple(value: Any) -> Any:  # noqa: ANN401 - as YAML gives it
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One name or several, the first that holds something counts. Dots lead inwards: `approveLimit.value`."""


class Source(_Part):
    """Where an element comes from, and how it is read.

    `codes`: source's code → ours. `contains`: part of the text → ours, the first that fits. `split`: characters between
    the entries of a list. `empty`: texts that mean nothing. `before`: keep what stands before the value of another
    field. `format`: several fields put together. `constant`: always this.
    """

    from_: Names = Field(default=(), alias="from")
    codes: dict[str, str] = {}
    contains: dict[str, str] = {}
    split: str = ""
    empty: Names = ("", "无", "/", "—", "-", "null", "None")
    before: str = ""
    format: str = ""
    constant: Any = None


def _as_source(value: Any) -> Any:  # noqa: ANN401 - as YAML gives it
    if isinstance(value, (str, list)):
        return {"from": value}
    return value


Element = Annotated[Source, BeforeValidator(_as_source)]
"""A source, or only the name of a field."""


class LimitSource(_Part):
    """A time limit. A unit is taken only from a field that the mapping names; without one it stays unstated."""

    value: Element
    unit: Element = Source()
    explain: Element = Source()
    basis: Element = Source()
    exclusions: Element = Source()
    on_the_spot: Element = Source()
    """a text that says 即办 when one of `contains` occurs in it"""


class Rows(_Part):
    """A table within a record: rows as objects, or as lists whose columns are named elsewhere.

    `rows`: the first of these that is there; "*" means the rows of the sheet itself that belong to the item.
    """

    rows: Names = ("*",)
    columns: str = ""
    fixed_columns: tuple[str, ...] = ()
    fields: dict[str, Element] = {}


class Alternatives(_Part):
    """Materials that exclude each other by a remark (申请人=个人): asked as a question of the situation."""

    from_: str = Field(alias="from")
    prefix: str
    key: str
    title: str
    title_en: str = ""


class Materials(Rows):
    """The materials, and what makes them alternatives."""

    alternatives: Alternatives | None = None


class Fees(Rows):
    """The fees; `amounts` is the table of amounts within a fee."""

    amounts: Rows | None = None


class OrganisationSource(_Part):
    """By which code the organisation is known, where it is known at all."""

    scheme: str
    value: Element


class Identity(_Part):
    """What tells one item from another."""

    key: Element
    """what identifies it in its source"""
    code: Element
    """its address here"""
    catalogue_code: Element
    catalogue_name: Element = Source()
    implementation_code: Element = Source()
    authority_name: Element = Source()
    region_code: Element = Source()
    organisation: OrganisationSource | None = None


class PartTable(_Part):
    """Rows of another sheet or file that belong to items: recognised by fields, joined by a key."""

    name: str
    has: Names
    lacks: Names = ()
    key: Names
    merge: bool = False
    """its fields are further fields of the item itself, one row for each"""


class Recognise(_Part):
    """The shape by which a record is known to fit this mapping."""

    all: Names
    none: Names = ()


class Mapping(_Part):
    """A whole mapping."""

    name: str
    title: str = ""
    source: str
    """under this name the items are remembered, to find them again"""
    recognise: Recognise
    identity: Identity
    has_guide: bool = True
    """no: only names; the guide is to come"""
    state: Element = Source()
    """在用, 暂停, 取消: rows that are not in use are left out and said so"""
    group: Names = ()
    """fields by which rows of a sheet belong to one item"""
    parts: tuple[PartTable, ...] = ()
    fields: dict[str, Element] = {}
    limits: dict[str, LimitSource] = {}
    materials: Materials | None = None
    fees: Fees | None = None
    steps: Rows | None = None
    legal_basis: Rows | None = None
    questions: Rows | None = None
    places: Rows | None = None
    intermediaries: Rows | None = None
    result: dict[str, Element] = {}
    further: dict[str, Element] = {}
    unused: Names = ()
    """fields known and left out on purpose; any other field that nothing reads is reported"""

    def fits(self, fields: Iterable[str]) -> bool:
        """Whether a record of these fields has the shape."""
        there = set(fields)
        return there >= set(self.recognise.all) and not there & set(self.recognise.none)

    def part_of(self, fields: Iterable[str]) -> PartTable | None:
        """Return the part table that a record of these fields belongs to."""
        there = set(fields)
        for part in self.parts:
            if there >= set(part.has) and not there & set(part.lacks):
                return part
        return None


@cache
def shipped() -> tuple[Mapping, ...]:
    """Return the mappings that come with the product, the more exact ones first."""
    folder = files("tongban.catalogue").joinpath("mappings")
    found = [
        Mapping.model_validate(yaml.safe_load(one.read_text(encoding="utf-8")))
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda one: -len(one.recognise.all)))


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a YAML or TOML file, or a shipped one by its name; raises ImportRefused in a sentence."""
    named = next((one for one in shipped() if one.name == str(path)), None)
    if named is not None and not path.exists():
        return named
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRefused(_("The mapping %(path)s is too large.") % {"path": path})
        text = path.read_text(encoding="utf-8")
        document: AnyMapping[str, Any] = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as wrong:
        raise ImportRefused(_("The mapping %(path)s cannot be opened.") % {"path": path}) from wrong
    except (UnicodeDecodeError, yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise ImportRefused(_("The mapping %(path)s is neither YAML nor TOML.") % {"path": path}) from wrong
    try:
        return Mapping.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"])) or "-"
        words = _("The mapping %(path)s is wrong at %(place)s: %(reason)s")
        raise ImportRefused(words % {"path": path, "place": place, "reason": first["msg"]}) from wrong
