"""Run inside the installation under test by `tongban manage shell`: residents with drafts that are ready to submit."""

import json
import os
from pathlib import Path

from stdnum.iso7064 import mod_11_2

from tongban.accounts import actions as accounts
from tongban.applications import actions as applications
from tongban.applications import queries as drafts
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.catalogue import actions as catalogue
from tongban.catalogue.queries import Guide
from tongban.organisations import actions as organisations
from tongban.organisations import queries as offices

PEOPLE, DRAFTS_EACH = 8, 25
PASSWORD = "kill-9-云汀-2026"


def prepare() -> list[dict[str, object]]:
    """Return sign-in names with the ids and submission keys of their drafts."""
    office = organisations.create_organisation(actor=SYSTEM, name="试验局", slug="trial", paper_prefix="试", now=now())
    organisations.create_post(
        actor=SYSTEM,
        organisation_id=office.id,
        name="受理岗",
        roles=["acceptance", "review", "approval", "delivery", "fees"],
        is_intake=True,
        now=now(),
    )
    catalogue.publish(
        actor=SYSTEM, guide=Guide(name="试验事项", charges=False), code="trial", organisation_id=office.id, now=now()
    )
    return [_resident(number) for number in range(PEOPLE)]


def _resident(number: int) -> dict[str, object]:
    first = f"110103198506{number + 10}000"
    account = accounts.sign_up(
        name="试办人",
        identity_kind="resident_identity_card",
        identity_number=first + mod_11_2.calc_check_digit(first),
        password=PASSWORD,
        consents=("privacy_notice", "electronic_service"),
        phone=f"1390009{number:04d}",
        username=f"trial-{number}",
        now=now(),
    )
    actor = offices.actor_for_account(account.id, now())
    ready = []
    for _draft in range(DRAFTS_EACH):
        draft = applications.begin(actor=actor, item_code="trial", applicant_kind="self", now=now())
        for step in drafts.document_of(draft).steps:
            typed = {"contact_phone": "13900090000"} if step.key == "contact" else {}
            applications.save_step(actor=actor, draft_id=draft.id, step_key=step.key, typed=typed, now=now())
        applications.save_materials(actor=actor, draft_id=draft.id, now=now())
        applications.save_delivery(actor=actor, draft_id=draft.id, typed={"way": "online"}, now=now())
        ready.append({"id": str(draft.id), "key": str(draft.idempotency_key)})
    return {"username": account.username, "password": PASSWORD, "drafts": ready}


Path(os.environ["CRASH_ANSWER"]).write_text(json.dumps(prepare()), encoding="utf-8")
