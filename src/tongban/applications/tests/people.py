"""A small office for the tests of applications: matters with a form, materials and fees, a clerk, two residents."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.accounts import actions as accounts
from tongban.applications import actions, queries
from tongban.applications.models import Application, Draft
from tongban.base.actor import SYSTEM, Actor
from tongban.cases import actions as cases
from tongban.cases.models import Case
from tongban.cases.tests.people import NOW, City, Resident, Staff, make_city, open_task, resident
from tongban.catalogue import actions as catalogue
from tongban.catalogue.queries import Guide
from tongban.files.tests.samples import png
from tongban.forms.rules import FormDocument
from tongban.processes import actions as processes

SHOP = "open-a-shop"
FIRM = "open-a-firm"
RENEWAL = "renew-a-shop"
FORM: dict[str, Any] = {
    "title": "店铺登记表",
    "title_en": "Shop",
    "steps": [
        {
            "key": "who",
            "title": "申请人",
            "fields": [
                {"key": "name", "type": "name", "label": "姓名", "source": "applicant.name"},
                {"key": "identity", "type": "resident_id", "label": "身份证号码", "source": "applicant.identity_number"},
                {"key": "phone", "type": "mobile", "label": "手机号码", "source": "applicant.phone"},
            ],
        },
        {
            "key": "shop",
            "title": "店铺",
            "fields": [
                {"key": "words", "type": "text", "label": "店名"},
                {"key": "area", "type": "decimal", "label": "面积", "minimum": 1, "maximum": 500},
                {"key": "opened", "type": "date", "label": "开业日期", "maximum": "today"},
                {"key": "kitchen", "type": "yes_no", "label": "有厨房吗？"},
            ],
        },
        {
            "key": "kitchen_step",
            "title": "厨房",
            "fields": [{"key": "cook", "type": "name", "label": "厨师", "condition": "form.kitchen == true"}],
        },
    ],
}  # fmt: skip
GUIDE: dict[str, Any] = {
    "name": "开设店铺",
    "name_en": "Open a shop",
    "item_type": "01",
    "audiences": ["person"],
    "promised_limit": {"value": 5, "unit": "working_day"},
    "situations": [
        {
            "key": "premises",
            "title": "店面是谁的？",
            "options": [{"value": "own", "label": "自有"}, {"value": "rented", "label": "租赁"}],
        }
    ],
    "materials": [
        {"key": "plan", "name": "平面图", "name_en": "Plan"},
        {"key": "lease", "name": "租赁合同", "condition": 'situation.premises == "rented"'},
        {"key": "report", "name": "检测报告", "need": "may_follow"},
        {"key": "photo", "name": "照片", "need": "optional"},
        {"key": "licence", "name": "营业执照", "exemption": "electronic_licence"},
    ],
    "charges": True,
    "fees": [
        {
            "name": "登记费",
            "items": [
                {"label": "大店", "amount_fen": 12000, "condition": "form.area > 20"},
                {"label": "小店", "amount_fen": 6000, "condition": "form.area <= 20"},
            ],
        }
    ],
    "result": {"name": "店铺登记证", "kind": "licence", "valid_months": 60, "face": ["words"]},
}
TYPED: dict[str, dict[str, Any]] = {
    "who": {"name": "林知夏", "phone": "13900001234"},
    "shop": {"words": "望江面馆", "area": "２３.５", "opened": "2026-01-05", "kitchen": "no"},
}


def picture(name: str = "plan.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), "image/png")


@dataclass
class Town:
    """Who is there."""

    city: City
    lin: Resident
    other: Resident
    clerk: Staff

    def begin(self, actor: Actor | None = None, code: str = SHOP, **changes: Any) -> Draft:
        """Begin a draft for oneself."""
        values = {"applicant_kind": "self", "situation": {"premises": "own"}, "now": NOW, **changes}
        return actions.begin(actor=actor or self.lin.actor, item_code=code, **values)

    def save(self, draft: Draft, step: str, actor: Actor | None = None, **typed: Any) -> dict[str, list[str]]:
        """Save a step with what is known of the applicant and what is typed; returns what is wrong."""
        actor = actor or self.lin.actor
        known = {key: value for key, value in queries.prefilled(draft).items() if value}
        own = {one.key for one in queries.document_of(draft).step(step).fields}
        sent = {key: value for key, value in known.items() if key in own and key not in draft.values}
        saved = actions.save_step(
            actor=actor, draft_id=draft.id, step_key=step, typed=sent | TYPED.get(step, {}) | typed, now=NOW
        )
        return saved.errors

    def attach(self, draft: Draft, key: str = "plan", actor: Actor | None = None, name: str = "plan.png") -> UUID:
        """Add a picture; returns the id of its row."""
        row = actions.attach(
            actor=actor or self.lin.actor,
            draft_id=draft.id,
            material_key=key,
            name=name,
            content=io.BytesIO(png()),
            now=NOW,
        )
        return row.id

    def fill(self, draft: Draft, actor: Actor | None = None, way: str = "window", **typed: Any) -> Draft:
        """Bring a draft to the point where it can be submitted."""
        actor = actor or self.lin.actor
        assert self.save(draft, "who", actor) == {}
        assert self.save(draft, "shop", actor, **typed) == {}
        self.attach(draft, actor=actor)
        actions.save_materials(actor=actor, draft_id=draft.id, now=NOW)
        return actions.save_delivery(actor=actor, draft_id=draft.id, typed={"way": way}, now=NOW)

    def submit(self, draft: Draft, actor: Actor | None = None, now: datetime = NOW) -> Application:
        """Submit a draft."""
        return actions.submit(
            actor=actor or self.lin.actor,
            draft_id=draft.id,
            idempotency_key=draft.idempotency_key,
            declared=True,
            now=now,
        )

    def submitted(self, **typed: Any) -> Application:
        """Apply from beginning to end."""
        return self.submit(self.fill(self.begin(), **typed))

    def granted(self, application: Application, amounts: Mapping[str, int] | None = None) -> Case:
        """Bring a case to a decision that grants."""
        case = application.case
        cases.accept(actor=self.city.desk.actor, task=open_task(case, "acceptance"), fee_amounts=amounts, now=NOW)
        cases.complete_review(actor=self.city.reviewer.actor, task=open_task(case, "review"), choice="agree", now=NOW)
        cases.decide(
            actor=self.city.head.actor,
            task=open_task(case, "decision"),
            outcome="granted",
            reasons="符合条件",
            legal_basis="《行政许可法》第三十八条",
            now=NOW,
        )
        return Case.objects.get(id=case.id)


def publish(town_office: UUID, code: str, **changes: Any) -> None:
    """Publish a matter with the form."""
    form = FormDocument.model_validate(FORM)
    guide = Guide.model_validate(GUIDE | changes)
    catalogue.publish(actor=SYSTEM, guide=guide, code=code, organisation_id=town_office, form=form, now=NOW)


def firm_of(someone: Resident, name: str = "云澜望江餐饮有限公司") -> UUID:
    """Register an enterprise whose legal representative somebody is."""
    code = "91430102MA4L" + someone.username.removeprefix("resident").zfill(5)[-5:]
    code += _check_character(code)
    return accounts.register_enterprise(actor=someone.actor, name=name, credit_code=code, now=NOW).id


def _check_character(front: str) -> str:
    from stdnum.cn import uscc  # noqa: PLC0415 - only here

    return str(uscc.calc_check_digit(front))


def make_town() -> Town:
    """Make the town."""
    city = make_city()
    processes.publish_shipped(NOW)
    publish(city.market.organisation.id, SHOP)
    return Town(city=city, lin=city.lin, other=resident("贺兰·阿依古丽"), clerk=city.market.staff("window", "周窗口"))
