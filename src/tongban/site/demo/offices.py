"""Sets up the regions, offices and posts of the demo city."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from stdnum.cn import uscc

from tongban.base.actor import SYSTEM
from tongban.organisations import actions as organisations
from tongban.site.demo import content


@dataclass
class Posts:
    """Ids of organisations by slug, and of posts by (slug, name)."""

    organisations: dict[str, UUID] = field(default_factory=dict)
    posts: dict[tuple[str, str], UUID] = field(default_factory=dict)


def credit_code(first: str) -> str:
    """Return the 17 characters with their check character (GB 32100)."""
    return first + uscc.calc_check_digit(first)


def build_offices(*, now: datetime) -> Posts:
    """Create regions, organisations and posts; the city government above all others."""
    city = content.city()
    organisations.import_divisions(actor=SYSTEM, path=content.HERE / "divisions.json", now=now)
    made = Posts()
    government_id = _build(made, city["government"], number=len(city["organisations"]), parent_id=None, now=now)
    for number, office in enumerate(city["organisations"]):
        _build(made, office, number=number, parent_id=government_id, now=now)
    return made


def _build(made: Posts, office: dict[str, Any], *, number: int, parent_id: UUID | None, now: datetime) -> UUID:
    organisation = organisations.create_organisation(
        actor=SYSTEM,
        name=office["name"],
        slug=office["slug"],
        now=now,
        name_en=office["name_en"],
        short_name=office["short"],
        region_code=content.city()["jurisdiction"]["region"],
        parent_id=parent_id,
        codes={"credit_code": credit_code(f"11990100000{number:06d}")},
        paper_prefix=office["prefix"],
        address=office["address"],
        opening_hours=office["hours"],
        phone=office["phone"],
        supervision_phone=office["supervise"],
        reconsideration_body="云汀市人民政府",
        court=content.court_of(office["address"]),
    )
    made.organisations[office["slug"]] = organisation.id
    for name, name_en, roles, *marks in office["posts"]:
        post = organisations.create_post(
            actor=SYSTEM,
            organisation_id=organisation.id,
            name=name,
            name_en=name_en,
            roles=roles,
            is_head="head" in marks,
            is_intake="intake" in marks,
            now=now,
        )
        made.posts[office["slug"], name] = post.id
    return organisation.id
