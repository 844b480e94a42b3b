"""Shapes of matters, guides, themes and departments as the API tells them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from tongban.base.api import Told
from tongban.catalogue.guide import Fee, Guide, LimitUnit, Material, SituationQuestion, Step
from tongban.catalogue.queries import MOST_HITS

Audience = Literal["person", "enterprise"]


class LimitTold(Told):
    """A time limit. Without a unit the source does not state one, and nothing is guessed."""

    value: int | None = Field(description="How many units; null: not stated.")
    unit: LimitUnit | None = Field(description="Unit of the limit; null: not stated.")
    is_promise: bool = Field(description="Whether the office promises it; else it is the limit by law.")


class ItemRow(Told):
    """A matter in a list."""

    code: str = Field(description="Code in its address.", examples=["food-licence"])
    name: str = Field(description="Name in Chinese.")
    name_en: str = Field(description="Name in English; empty: there is none.")
    state: str = Field(description="in_use, suspended or cancelled.")
    applicable: bool = Field(description="Whether it can be applied for here.")
    has_guide: bool = Field(description="Whether there is a guide; else only its name is known.")
    audiences: list[str] = Field(description="Who may apply: person, enterprise.")
    office: str = Field(description="Who handles it.")
    office_code: str = Field(description="Code of the office; empty: only its name is known.")
    summary: str = Field(description="What it is about, in Chinese.")
    summary_en: str = Field(description="What it is about, in English.")
    limit: LimitTold = Field(description="How long it takes: as promised, else by law.")
    visits: int | None = Field(description="How many visits it takes; null: not stated.")
    charges: bool | None = Field(description="Whether there is a fee; null: not stated.")
    online: bool = Field(description="Whether it can be done without coming.")


class ItemsFound(Told):
    """What a search found."""

    results: list[ItemRow] = Field(description="The matters of this page, best first.")
    total: int = Field(description=f"How many fit. The best {MOST_HITS} of them are listed; pages beyond hold nothing.")
    page: int = Field(description="Which page this is, from 1 on.")
    page_size: int = Field(description="How many rows a page has at most.")
    near: bool = Field(description="True: nothing fitted; these look or sound like it.")
    did_you_mean: str = Field(description="Name of the nearest matter when nothing fitted.")


class DepartmentTold(Told):
    """Who handles matters."""

    code: str = Field(description="Code for the filter `department`; empty: filter by its name.")
    name: str = Field(description="Name in Chinese.")
    name_en: str = Field(description="Name in English.")
    count: int = Field(description="How many matters it handles.")
    phone: str = Field(description="Telephone.")
    address: str = Field(description="Address.")
    opening_hours: str = Field(description="When it is open.")


class Departments(Told):
    """All departments that handle matters."""

    results: list[DepartmentTold] = Field(description="Departments, those with the most matters first.")


class ThemeTold(Told):
    """A theme or life event by which matters are found."""

    code: str = Field(description="Code for the filter `theme`.")
    kind: str = Field(description="theme or life_event.")
    audience: str = Field(description="person or enterprise.")
    name: str = Field(description="Name in Chinese.")
    name_en: str = Field(description="Name in English.")
    count: int = Field(description="How many matters it holds.")


class Themes(Told):
    """All themes and life events that hold matters."""

    results: list[ThemeTold] = Field(description="Themes in their order.")


class AppliedTold(Told):
    """What of a guide applies to the answers given."""

    complete: bool = Field(description="False while a question that is asked has no answer.")
    applicant: Audience = Field(description="For whom this was reckoned.")
    situation: dict[str, str] = Field(description="The answers that counted.")
    open_questions: list[SituationQuestion] = Field(description="Questions that still have no answer.")
    materials: list[Material] = Field(description="Materials that apply.")
    steps: list[Step] = Field(description="Steps that apply.")
    fees: list[Fee] = Field(description="Fees that apply.")


class ItemGuide(Told):
    """A matter with its guide as published, and what of it applies."""

    code: str = Field(description="Code in its address.")
    name: str = Field(description="Name in Chinese.")
    name_en: str = Field(description="Name in English.")
    state: str = Field(description="in_use or suspended.")
    applicable: bool = Field(description="Whether it can be applied for here.")
    office: str = Field(description="Who handles it.")
    office_code: str = Field(description="Code of the office; empty: only its name is known.")
    catalogue_code: str = Field(description="Code in the basic catalogue.")
    version: int = Field(description="Number of the version in force.")
    published_at: datetime = Field(description="When this version was published.")
    guide: Guide = Field(description="The guide as published.")
    applied: AppliedTold = Field(description="What of the guide applies to the answers given in the query.")
