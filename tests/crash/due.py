"""Run inside the installation under test by `tongban manage shell`: cases whose notice clocks have ended, all at once."""

import json
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases import actions
from tongban.cases.kinds import ApplicantRef, DeliveryWish, FeeTerm, Terms
from tongban.cases.models import Case, Clock
from tongban.organisations import actions as organisations
from tongban.processes import actions as publishing
from tongban.processes import queries as processes

CASES = 600


def prepare() -> list[str]:
    """Return the ids of the cases; the worker finds them when this has been committed."""
    publishing.publish_shipped(now())
    office = organisations.create_organisation(actor=SYSTEM, name="时限局", slug="limits", paper_prefix="限", now=now())
    roles = ["acceptance", "review", "approval", "delivery", "fees"]
    organisations.create_post(actor=SYSTEM, organisation_id=office.id, name="综合岗", roles=roles, now=now())
    opened = [_opened(office.id) for _case in range(CASES)]
    over = {"started_at": now() - timedelta(days=9), "due_at": now(), "due_on": now().date(), "provisional": False}
    Clock.objects.filter(case__in=opened).update(**over)
    return [str(case.id) for case in opened]


def _opened(office_id: UUID) -> Case:
    opening = actions.opening(
        actor=SYSTEM,
        kind="application",
        title="到期试验",
        organisation_id=office_id,
        applicant=ApplicantRef(name="试办人"),
        channel="window",
        terms=Terms(item_type="01", fees=(FeeTerm(name="工本费", amount_fen=1000),)),
        process=processes.default_process("promised"),
        process_data={"form": {}, "situation": {}, "applicant": {"kind": "person"}},
        delivery=DeliveryWish(way="window"),
        now=now(),
    )
    return actions.open_case(opening=opening, now=now())


Path(os.environ["CRASH_ANSWER"]).write_text(json.dumps(prepare()), encoding="utf-8")
