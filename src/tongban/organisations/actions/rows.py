"""Rows of an organisations file, JSON or CSV, in one shape."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pypinyin import Style, lazy_pinyin

from tongban.organisations.actions.reading import file_text
from tongban.organisations.actions.report import ImportReport, Problem
from tongban.organisations.errors import NotReadable

TEXT_FIELDS = (
    "name_en", "short_name", "paper_prefix", "address", "opening_hours", "phone", "supervision_phone",
    "reconsideration_body", "court",
)  # fmt: skip
CODE_COLUMN = "code_"
LONGEST_SLUG = 60


class HolderRow(BaseModel):
    """An official who holds the post; found again by the staff number."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: str = Field(min_length=1, max_length=60)
    staff_number: str = Field(min_length=1, max_length=30)
    username: str = ""
    email: str = ""
    phone: str = ""


class PostRow(BaseModel):
    """A post of an organisation."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(default="", max_length=100)
    roles: list[str] = []
    is_head: bool = False
    is_intake: bool = False
    holders: list[HolderRow] = []


class OrganisationRow(BaseModel):
    """An organisation. `parent` is a slug, a name, or scheme:value of a code."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)
    name: str = Field(min_length=1, max_length=200)
    slug: str = Field(default="", max_length=LONGEST_SLUG, pattern=r"^[a-z0-9-]*$")
    name_en: str = Field(default="", max_length=200)
    short_name: str = Field(default="", max_length=60)
    region: str = ""
    parent: str = ""
    codes: dict[str, str] = {}
    paper_prefix: str = Field(default="", max_length=12)
    address: str = Field(default="", max_length=300)
    opening_hours: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=30)
    supervision_phone: str = Field(default="", max_length=30)
    reconsideration_body: str = Field(default="", max_length=200)
    court: str = Field(default="", max_length=200)
    posts: list[PostRow] = []


def read_rows(path: Path, report: ImportReport) -> list[tuple[str, OrganisationRow]]:
    """Return (where it stands, row) of all good rows; the others are reported. Raises NotReadable."""
    rows = []
    for number, raw in enumerate(_raw_rows(path), start=1):
        where = f"{path.name}: row {number}"
        try:
            rows.append((where, OrganisationRow.model_validate(raw)))
        except ValidationError as wrong:
            for error in wrong.errors(include_url=False, include_input=False):
                field = ".".join(str(part) for part in error["loc"])
                report.problems.append(Problem(where, field, error["msg"]))
    return rows


def _raw_rows(path: Path) -> list[Any]:
    text = file_text(path)
    if path.suffix.lower() == ".csv":
        return [_from_columns(row) for row in csv.DictReader(io.StringIO(text))]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        message = f"{path}: not JSON ({type(fault).__name__})"
        raise NotReadable(message) from fault
    rows = document.get("organisations") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        message = f"{path}: neither a list nor an object with the list “organisations”"
        raise NotReadable(message)
    return [_with_credit_code(row) for row in rows]


def _with_credit_code(row: Any) -> Any:  # noqa: ANN401 - any JSON
    """`credit_code` may stand beside the other fields, being the code that most have."""
    if isinstance(row, dict) and "credit_code" in row:
        row = dict(row)
        code = row.pop("credit_code")
        if code:
            row["codes"] = {**row.get("codes", {}), "credit_code": code}
    return row


def _from_columns(columns: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"codes": {}, "posts": []}
    for column, value in columns.items():
        if not column or not (value or "").strip():
            continue
        if column == "credit_code" or column.startswith(CODE_COLUMN):
            row["codes"][column.removeprefix(CODE_COLUMN) if column != "credit_code" else column] = value
        elif column == "posts":
            row["posts"] = _posts(value)
        else:
            row[column] = value
    return row


def _posts(text: str) -> list[dict[str, Any]]:
    """Read `受理岗:acceptance,window; 负责人:approval`."""
    posts = []
    for part in text.replace("；", ";").replace("：", ":").split(";"):
        name, _colon, roles = part.partition(":")
        if name.strip():
            posts.append({"name": name, "roles": [role.strip() for role in roles.split(",") if role.strip()]})
    return posts


def made_slug(name: str, taken: set[str]) -> str:
    """Return a short address from the initials in pinyin, with a number where they are taken."""
    letters = "".join(
        part if part.isascii() else part[:1] for part in lazy_pinyin(name, style=Style.FIRST_LETTER)
    ).lower()
    stem = "".join(char for char in letters if char.isascii() and char.isalnum())[:50] or "office"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
