"""Plausible answers to any form, for the lives of the demo city."""

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from tongban.site.demo.people import AREAS, resident_number

if TYPE_CHECKING:
    from tongban.forms.rules import FormField

_TEXTS = {
    "shop_name": "云上人家",
    "place_name": "清泉旅舍",
    "platform": "云汀外卖",
    "registered_place": "东岭省溪口县",
    "ground_detail": "云汀市望江印刷厂",
    "nation": "汉族",
    "bank_name": "云汀农村商业银行",
    "certificate_number": "Y990000001",
    "home_name": "桂花敬老院",
}
_DAYS_AGO = {"since": 400}
_NAMES = ("王秀英", "李国强", "陈思远", "林晓燕", "周文博", "欧阳子涵")


def answer(field: "FormField", random: Random, *, today: str) -> object:  # noqa: C901, PLR0911, PLR0912 - a line a type
    """Return an answer as if it were typed."""
    match field.type:
        case "choice":
            return random.choice(field.options).value
        case "choices":
            return [option.value for option in field.options[-2:]]
        case "yes_no":
            return "yes" if field.checks else random.choice(("yes", "no"))
        case "integer" | "decimal" | "money":
            return str(max(int(field.minimum or 1), 6))
        case "date":
            since = date.fromisoformat(today) - timedelta(days=_DAYS_AGO.get(field.key, 0))
            return since.isoformat()
        case "name":
            return random.choice(_NAMES)
        case "resident_id":
            return resident_number(random.choice(AREAS), "19450506")
        case "identity":
            number = resident_number(random.choice(AREAS), "19900506")
            return {"kind": "resident_identity_card", "number": number}
        case "mobile" | "phone":
            return f"1390002{random.randint(0, 9999):04d}"
        case "email":
            return "someone@example.com"
        case "address":
            return {"region": "云汀市汀南区", "detail": f"桂花路 {random.randint(1, 200)} 号"}
        case "postal_code":
            return "990100"
        case _:
            return _text(field)


def _text(field: "FormField") -> str:
    if field.format == "bank_account":
        return "123456789012345"
    return _TEXTS.get(field.key, "无" if field.type == "long_text" else "云汀市")
