"""Ten thousand invented matters, for measuring search."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, product

from tongban.base.actor import SYSTEM
from tongban.catalogue.actions import publish_names
from tongban.catalogue.actions.publishing import Identity
from tongban.catalogue.guide import Guide

_FIELDS = [
    "食品",
    "药品",
    "餐饮服务",
    "公共场所",
    "医疗机构",
    "道路运输",
    "网络预约出租汽车",
    "机动车",
    "驾驶证",
    "不动产",
    "房屋",
    "土地",
    "林木",
    "水资源",
    "排污",
    "户口",
    "居民身份证",
    "居住证",
    "护照",
    "婚姻",
    "生育",
    "养老保险",
    "失业保险",
    "医疗保险",
    "工伤",
    "公积金",
    "低保",
    "残疾人",
    "老年人",
    "退役军人",
    "教师资格",
    "学籍",
    "幼儿园",
    "劳务派遣",
    "人力资源",
    "消防",
    "特种设备",
    "危险化学品",
    "烟草",
    "出版物",
    "演出",
    "互联网",
    "旅行社",
    "体育",
    "文物",
    "宗教",
    "社会团体",
    "律师",
    "公证",
    "法律援助",
]
_THINGS = [
    "经营",
    "设立",
    "登记",
    "备案",
    "使用",
    "转移",
    "补贴",
    "待遇",
    "资格",
    "证书",
    "场所",
    "人员",
    "项目",
    "车辆",
    "设施",
    "合同",
]
_ENDS = ["许可（新办）", "变更", "注销", "延续", "补领", "审批", "核发", "确认", "给付", "认定", "申领", "查询", "年检"]


def names() -> Iterator[str]:
    for field, end, thing in product(_FIELDS, _ENDS, _THINGS):
        yield f"{field}{thing}{end}"


def publish_many(number: int, now: datetime) -> None:
    many = list(islice(names(), number))
    for start in range(0, len(many), 500):
        batch = [
            (
                Guide(name=name, has_guide=False, audiences=()),
                Identity(
                    code=f"many-{place}",
                    catalogue_code=f"many-{place}",
                    source="many",
                    source_key=f"many:{place}",
                    authority_name=f"虚构第{place % 40}局",
                ),
            )
            for place, name in enumerate(many[start : start + 500], start)
        ]
        publish_names(actor=SYSTEM, names=batch, now=now)
