"""Forms to try things on."""

from tongban.forms.rules import FormDocument

STREET_SHOP = FormDocument.model_validate(
    {
        "title": "经营场所登记",
        "title_en": "Place of business",
        "steps": [
            {
                "key": "who",
                "title": "申请人",
                "title_en": "Applicant",
                "fields": [
                    {"key": "name", "type": "name", "label": "姓名", "label_en": "Name", "source": "applicant.name"},
                    {"key": "identity", "type": "identity", "label": "身份证件", "label_en": "Identity paper"},
                    {"key": "mobile", "type": "mobile", "label": "手机号码", "label_en": "Mobile"},
                    {"key": "email", "type": "email", "label": "电子邮箱", "label_en": "E-mail", "required": False},
                    {"key": "born", "type": "date", "label": "出生日期", "label_en": "Born", "maximum": "today"},
                    {
                        "key": "company", "type": "credit_code", "label": "统一社会信用代码", "label_en": "Credit code",
                        "condition": 'applicant.kind == "enterprise"',
                    },
                ],
            },
            {
                "key": "shop",
                "title": "经营场所",
                "title_en": "Shop",
                "fields": [
                    {"key": "note", "type": "static", "label": "请据实填写", "label_en": "Please be exact"},
                    {"key": "address", "type": "address", "label": "地址", "label_en": "Address"},
                    {"key": "area", "type": "decimal", "label": "面积", "label_en": "Area", "minimum": 1,
                     "maximum": "100000", "unit": "平方米", "unit_en": "m²"},
                    {"key": "staff", "type": "integer", "label": "从业人数", "label_en": "Staff", "minimum": 1},
                    {"key": "capital", "type": "money", "label": "投资额", "label_en": "Capital"},
                    {"key": "rented", "type": "yes_no", "label": "是否租赁", "label_en": "Rented"},
                    {"key": "rent", "type": "money", "label": "月租金", "label_en": "Rent",
                     "condition": "form.rented == true",
                     "checks": [{"expression": "form.rent < form.capital", "message": "月租金应小于投资额",
                                 "message_en": "The rent is less than the capital"}]},
                    {"key": "goods", "type": "choices", "label": "经营项目", "label_en": "Goods", "maximum": 2,
                     "options": [{"value": "hot", "label": "热食", "label_en": "Hot food"},
                                 {"value": "cold", "label": "冷食", "label_en": "Cold food"},
                                 {"value": "cake", "label": "糕点", "label_en": "Cake"}]},
                    {"key": "kitchen", "type": "choice", "label": "厨房类型", "label_en": "Kitchen",
                     "condition": 'contains(form.goods, "hot") and form.area > 50',
                     "options": [{"value": "open", "label": "明厨", "label_en": "Open"},
                                 {"value": "closed", "label": "普通", "label_en": "Closed"}]},
                    {"key": "words", "type": "long_text", "label": "说明", "label_en": "Words", "required": False},
                ],
            },
        ],
    }
)  # fmt: skip

PERSON: dict[str, object] = {"applicant": {"kind": "person"}, "situation": {}, "today": "2026-11-23"}
WHO: dict[str, object] = {
    "name": "欧阳·阿卜杜拉",
    "identity_kind": "resident_identity_card",
    "identity_number": "11010519491231002X",
    "mobile": "138 0013 8000",
    "born_year": "1949",
    "born_month": "12",
    "born_day": "31",
}
SHOP: dict[str, object] = {
    "address_region": "云澜市青溪区",
    "address_detail": "书院路18号",
    "area": "４８．５０",
    "staff": "3",
    "capital": "￥120,000.5",
    "rented": "no",
    "goods": ["cold", "hot"],
}
