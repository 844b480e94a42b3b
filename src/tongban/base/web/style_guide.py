"""The page /style-guide of the demo: every component with invented content."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.base.clock import OFFICE_ZONE
from tongban.base.templatetags.ui_icons import PATHS
from tongban.base.web.access import anybody
from tongban.base.web.widgets import DatePartsInput


class SampleForm(forms.Form):
    """Fields of every kind."""

    name = forms.CharField(label="姓名", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    identity = forms.CharField(label="公民身份号码", help_text="18 位，最后一位可能是 X。", max_length=18)
    phone = forms.CharField(label="手机号", widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}))
    birthday = forms.DateField(label="出生日期", help_text="例如 1986 年 4 月 2 日", widget=DatePartsInput)
    password = forms.CharField(label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    district = forms.ChoiceField(label="所在区", choices=[("1", "溪山区"), ("2", "临江区"), ("3", "青岚区")])
    home = forms.ChoiceField(label="有没有自己的住房？", choices=[("y", "有"), ("n", "没有")], widget=forms.RadioSelect)
    foods = forms.MultipleChoiceField(
        label="卖些什么？",
        choices=[("a", "预包装食品"), ("b", "散装食品"), ("c", "热食")],
        widget=forms.CheckboxSelectMultiple,
    )
    remark = forms.CharField(
        label="还有什么要说明", required=False, widget=forms.Textarea(attrs={"data-max-length": 200})
    )


def sample_context() -> dict[str, Any]:
    """Return the invented content of the style guide."""
    due = date(2026, 12, 1)
    sent = datetime(2026, 11, 23, 9, 30, tzinfo=OFFICE_ZONE)
    form = SampleForm({"identity": "110101199003070", "phone": "13800138000", "home": "y", "birthday_year": "1986"})
    return {
        "due": due,
        "form": form,
        "steps": ["情形", "申请人", "填写内容", "上传材料", "核对提交"],
        "timeline": [
            {"title": "已收件", "when": sent, "who": "您", "state": "done"},
            {"title": "已受理", "when": sent + timedelta(hours=5), "who": "市市场监管局 受理窗口", "state": "done"},
            {
                "title": "正在审查",
                "when": sent + timedelta(days=1),
                "who": "食品科",
                "text": "现场核查时间会提前一天电话告知您。",
                "until": due,
                "state": "current",
            },
            {"title": "作出决定", "state": "todo"},
        ],
        "choices": [
            {"value": "self", "label": "为自己"},
            {"value": "ward", "label": "为孩子或被监护人", "hint": "需要先登记监护关系"},
            {"value": "firm", "label": "为企业", "hint": "您是法定代表人或受其委托"},
        ],
        "numeric": {"inputmode": "numeric"},
        "files": [
            {"name": "身份证正面.jpg", "size": 482_113, "view_url": "#", "preview_url": "", "remove_url": "#"},
            {"name": "租赁合同.pdf", "size": 2_310_022, "view_url": "#", "preview_url": "", "remove_url": "#"},
        ],
        "rows": [
            ("姓名", "林知夏"),
            ("公民身份号码", "3301**********1234"),
            ("联系电话", "138****8000", "#", "修改"),
        ],
        "head": ["材料", "来源", {"text": "份数", "numeric": True}],
        "table_rows": [
            ["食品经营许可申请书", {"text": "网上填写", "tag": "teal"}, {"text": 1, "numeric": True}],
            [
                {"text": "营业执照", "note": "您不用带"},
                {"text": "数据共享", "tag": "green"},
                {"text": 1, "numeric": True},
            ],
        ],
        "viewer_files": [
            {"name": "身份证正面.svg", "url": "/static/base/mark.svg", "kind": "image", "download_url": "#"},
            {"name": "租赁合同.ofd", "url": "#", "kind": "other", "note": "OFD 请下载查看"},
        ],
        "page_of_list": Paginator(range(230), 20).get_page(4),
        "icons": sorted(PATHS),
    }


@anybody
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show every component. Mounted in the demo only."""
    return render(request, "base/style-guide.html", sample_context())
