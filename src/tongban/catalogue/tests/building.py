"""Guides and items for tests."""

from datetime import datetime
from typing import Any

from tongban.base.actor import SYSTEM
from tongban.catalogue import actions
from tongban.catalogue.guide import Guide
from tongban.catalogue.models import HandlingVersion


def restaurant(**changes: Any) -> Guide:
    document: dict[str, Any] = {
        "name": "食品经营许可（新办）",
        "name_en": "Food business licence (new)",
        "summary": "开饭店、奶茶店要先办",
        "item_type": "01",
        "audiences": ["enterprise"],
        "themes": ["licence", "opening_a_restaurant"],
        "statutory_limit": {"value": 20, "unit": "working_day"},
        "promised_limit": {"value": 8, "unit": "working_day"},
        "visits": 0,
        "channels": ["web", "window"],
        "charges": False,
        "situations": [
            {
                "key": "premises",
                "title": "经营场所是谁的？",
                "options": [{"value": "own", "label": "自有"}, {"value": "rented", "label": "租赁"}],
            }
        ],
        "materials": [
            {"key": "plan", "name": "布局图"},
            {"key": "lease", "name": "租赁合同", "condition": 'situation.premises == "rented"'},
            {"key": "licence", "name": "营业执照", "exemption": "electronic_licence"},
        ],
        "steps": [{"name": "申请"}, {"name": "受理"}, {"name": "审查"}, {"name": "决定"}],
        "legal_basis": [{"law": "《食品安全法》", "article": "第三十五条"}],
        "questions": [{"question": "要多久？", "answer": "八个工作日。"}],
        "places": [{"name": "政务大厅", "address": "桂花路 1 号", "hours": "周一至周五", "phone": "0999-6660101"}],
        "result": {"name": "食品经营许可证", "kind": "licence", "valid_months": 60},
    }
    return Guide.model_validate(document | changes)


def published(guide: Guide, code: str, now: datetime, **more: Any) -> HandlingVersion:
    return actions.publish(actor=SYSTEM, guide=guide, code=code, now=now, **more)
