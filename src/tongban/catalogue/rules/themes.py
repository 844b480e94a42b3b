"""Themes and life events by which matters are found: the shipped list, after the grouping that Chinese portals use.

A guide names them by code. Rows of `Theme` are made from this list when the first guide under them is published.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ThemeShape:
    """A theme 主题, or a life event 人生事件 ("what has happened to me")."""

    code: str
    kind: str
    audience: str
    name: str
    name_en: str
    icon: str
    position: int


_LIST: Final = (
    ("birth", "theme", "person", "生育收养", "Birth and adoption", "baby"),
    ("identity", "theme", "person", "户籍身份", "Household and identity", "person"),
    ("marriage", "theme", "person", "婚姻登记", "Marriage", "heart"),
    ("education", "theme", "person", "教育培训", "Education and training", "school"),
    ("work", "theme", "person", "就业创业", "Work and starting a business", "briefcase"),
    ("social_security", "theme", "person", "社会保障", "Social security", "shield"),
    ("medical", "theme", "person", "医疗卫生", "Health care", "medical"),
    ("housing", "theme", "person", "住房保障", "Housing", "home"),
    ("property", "theme", "person", "不动产", "Real estate", "key"),
    ("transport", "theme", "person", "交通出行", "Driving and transport", "car"),
    ("travel", "theme", "person", "出境入境", "Travel abroad", "passport"),
    ("elderly", "theme", "person", "养老助老", "Older people", "elder"),
    ("disability", "theme", "person", "残疾人服务", "Disabled people", "wheelchair"),
    ("relief", "theme", "person", "社会救助", "Social relief", "family"),
    ("tax_person", "theme", "person", "税费缴纳", "Taxes and fees", "money"),
    ("justice", "theme", "person", "司法公证", "Law and notaries", "law"),
    ("environment_person", "theme", "person", "环保绿化", "Environment and greening", "leaf"),
    ("veterans", "theme", "person", "优抚退役", "Veterans", "star"),
    ("funeral", "theme", "person", "殡葬服务", "Funerals", "document"),
    ("other_person", "theme", "person", "其他", "Other", "info"),
    ("start", "theme", "enterprise", "开办设立", "Starting up", "enterprise"),
    ("licence", "theme", "enterprise", "准营准办", "Licences to operate", "stamp"),
    ("food_safety", "theme", "enterprise", "食品药品", "Food and medicines", "food"),
    ("change", "theme", "enterprise", "变更注销", "Changes and closing", "edit"),
    ("hiring", "theme", "enterprise", "人力资源", "Staff", "users"),
    ("tax_enterprise", "theme", "enterprise", "税收财务", "Tax and accounts", "coin"),
    ("projects", "theme", "enterprise", "投资审批", "Investment projects", "building"),
    ("construction", "theme", "enterprise", "工程建设", "Construction", "work"),
    ("land", "theme", "enterprise", "国土规划", "Land and planning", "map-pin"),
    ("fire", "theme", "enterprise", "消防安全", "Fire and safety", "warning"),
    ("public_health", "theme", "enterprise", "公共卫生", "Public health", "medical"),
    ("traffic_enterprise", "theme", "enterprise", "交通运输", "Transport", "car"),
    ("agriculture", "theme", "enterprise", "农林牧渔", "Farming and forestry", "leaf"),
    ("culture", "theme", "enterprise", "文体旅游", "Culture, sport and tourism", "travel"),
    ("environment_enterprise", "theme", "enterprise", "环境保护", "Environment", "leaf"),
    ("quality", "theme", "enterprise", "质量技术", "Quality and standards", "check-circle"),
    ("science", "theme", "enterprise", "科技创新", "Science and innovation", "star"),
    ("other_enterprise", "theme", "enterprise", "其他", "Other", "info"),
    ("having_a_baby", "life_event", "person", "生孩子", "Having a baby", "baby"),
    ("starting_school", "life_event", "person", "上学", "Starting school", "school"),
    ("finding_work", "life_event", "person", "找工作", "Finding work", "briefcase"),
    ("getting_married", "life_event", "person", "结婚", "Getting married", "heart"),
    ("buying_a_home", "life_event", "person", "买房", "Buying a home", "key"),
    ("moving_here", "life_event", "person", "来本市生活", "Moving here", "home"),
    ("driving", "life_event", "person", "开车", "Driving", "car"),
    ("falling_ill", "life_event", "person", "看病", "Falling ill", "medical"),
    ("hard_times", "life_event", "person", "遇到困难", "Hard times", "family"),
    ("retiring", "life_event", "person", "退休", "Retiring", "elder"),
    ("growing_old", "life_event", "person", "养老", "Growing old", "elder"),
    ("end_of_life", "life_event", "person", "身后事", "After a death", "document"),
    ("opening_a_restaurant", "life_event", "enterprise", "开餐饮店", "Opening a restaurant", "food"),
    ("opening_a_shop", "life_event", "enterprise", "开店", "Opening a shop", "shop"),
    ("opening_a_pharmacy", "life_event", "enterprise", "开药店", "Opening a pharmacy", "pill"),
    ("founding_a_company", "life_event", "enterprise", "办企业", "Founding a company", "enterprise"),
    ("hiring_people", "life_event", "enterprise", "招员工", "Hiring people", "users"),
    ("building_something", "life_event", "enterprise", "建项目", "Building something", "building"),
    ("closing_down", "life_event", "enterprise", "注销企业", "Closing down", "close"),
)

THEMES: Final[dict[str, ThemeShape]] = {
    code: ThemeShape(code, kind, audience, name, name_en, icon, position)
    for position, (code, kind, audience, name, name_en, icon) in enumerate(_LIST)
}
"""Code → theme, in the order in which they are shown."""
