"""The resident's part of the journey: from a wish in own words to the receipt, and on to the result."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.journey.city import City
from tests.journey.window import Window
from tongban.site.demo.people import resident_number

ITEM = "spjy-xinban"
PASSWORD = "桂花开时-一日看尽"


@dataclass
class Resident:
    """Somebody who opens a restaurant, and what they know by heart."""

    name: str
    born: str
    email: str
    enterprise: str
    credit_code: str
    window: Window
    city: City
    folder: Path
    number: str = ""

    @property
    def identity_number(self) -> str:
        """An identity number with order number 000, which is given to nobody."""
        return resident_number("330102", self.born)

    def find_the_matter(self) -> None:
        """Search in own words, and answer the questions of the guide."""
        window = self.window
        window.go("/", "home")
        window.fill({"q": "开饭店"})
        window.press("搜索", "search")
        window.press("食品经营许可（新办）", "guide", within="main")
        window.shows("8 个工作日", "10 个工作日", "租赁合同")
        window.fill({"business": "restaurant", "premises": "own", "cold_food": "no"}, within="main")
        window.press("看看我要准备什么", "guide-answered")
        assert "租赁合同" not in window.page.locator("#what-applies").inner_text()
        window.fill({"premises": "rented"}, within="main")
        window.press("看看我要准备什么", "guide-answered")
        assert "租赁合同" in window.page.locator("#what-applies").inner_text()

    def open_an_account(self) -> None:
        """Sign up on the way to applying; a wrong check digit first, then a letter with a code."""
        window = self.window
        window.press("开始办理", "sign-in", within="main")
        window.press("注册", "sign-up", within="main")
        wrong = self.identity_number[:-1] + ("0" if self.identity_number[-1] != "0" else "1")
        window.fill({"name": self.name, "identity_number": wrong, "email": "yuwei@", "privacy_notice": True})
        window.fill({"password": PASSWORD, "electronic_service": "yes"})
        window.press("注册", "sign-up-wrong", within="main form", exact=True)
        window.shows_error("id_identity_number", "校验")
        window.shows_error("id_email", "邮箱")
        assert window.value("name") == self.name
        assert window.value("identity_number") == wrong
        window.fill({"identity_number": self.identity_number, "email": self.email, "password": PASSWORD})
        window.press("注册", "verify", within="main form", exact=True)
        code = re.search(r"\b\d{6}\b", self.city.letters.wait_for(self.email, "验证"))
        assert code
        window.fill({"code": "000000" if code[0] != "000000" else "111111"})
        window.press("验证", "verify-wrong", exact=True)
        window.shows_error("id_code", "不对")
        window.fill({"code": code[0]})
        window.press("验证", "begin-without-enterprise", exact=True)

    def add_own_enterprise(self) -> None:
        """Register the enterprise; its code mistyped first."""
        window = self.window
        window.press("添加企业", "add-enterprise")
        window.fill({"name": self.enterprise, "credit_code": self.credit_code[:-1] + "I", "address": "长桥路 8 号"})
        window.press("我是法定代表人，登记", "add-enterprise-wrong")
        window.shows_error("id_credit_code", "统一社会信用代码")
        assert window.value("name") == self.enterprise
        window.fill({"credit_code": self.credit_code})
        window.press("我是法定代表人，登记", "begin")

    def begin(self) -> None:
        """Begin for the enterprise; the answers of the guide are remembered."""
        window = self.window
        window.shows(self.enterprise)
        assert window.page.locator('[name="situation_premises"][value="rented"]').is_checked()
        window.press("开始办理", "step-operator", within="main")

    def fill_the_form(self) -> None:
        """Fill in four steps, with a mistake of each kind on the way."""
        window = self.window
        assert window.value("operator_name") == self.enterprise
        assert window.value("operator_code") == self.credit_code
        window.fill({"contact_phone": "1380013800"})
        window.press("保存并继续", "step-operator-wrong")
        window.shows_error("id_contact_phone", "手机")
        assert window.value("contact_phone") == "1380013800"
        window.fill({"contact_phone": "１３８００１３８０００"})
        window.press("保存并继续", "step-premises")
        window.fill({"shop_address_detail": "长桥路 8 号", "area": "八十", "seats": "-3", "staff_count": "6"})
        window.press("保存并继续", "step-premises-wrong")
        window.shows_error("id_shop_name", "请")
        window.shows_error("id_area", "数")
        window.shows_error("id_seats", "0")
        assert window.value("area") == "八十"
        assert window.value("shop_address_detail") == "长桥路 8 号"
        window.fill({"shop_name": "榆味小馆", "area": "80.5", "seats": "32"})
        window.fill({"shop_address_region": "云汀市汀南区"})
        window.press("保存并继续", "step-business")
        self._say_what_is_sold()
        window.fill({"food_safety_officer": "林小满", "officer_phone": "13900139000", "self_check": "no"})
        window.press("保存并继续", "step-safety-wrong")
        window.shows("请先自查并整改到位")
        window.fill({"self_check": "yes", "remarks": "靠近学校，\n只做午餐和晚餐。"})
        window.press("保存并继续", "materials")

    def _say_what_is_sold(self) -> None:
        """A choice, a question that depends on another, and a day in the past."""
        window = self.window
        platform = window.page.locator('[name="platform"]')
        if window.script:
            assert not platform.is_visible()
        window.fill({"business_items": ["hot", "drinks"], "online_sale": "yes"})
        if window.script:
            assert platform.is_visible()
        self._fill_day("opening_day", "2020", "2", "30")
        window.press("保存并继续", "step-business-wrong")
        window.shows_error("id_platform", "请")
        self._fill_day("opening_day", "2030", "5", "1")
        window.fill({"platform": "云汀外卖"})
        window.press("保存并继续", "step-safety")

    def _fill_day(self, name: str, year: str, month: str, day: str) -> None:
        self.window.fill({f"{name}_year": year, f"{name}_month": month, f"{name}_day": day})

    def hand_in_materials(self, files: dict[str, Path]) -> None:
        """Upload a PDF and a photograph; a forged one is refused with a sentence."""
        window = self.window
        window.press("保存并继续", "materials-missing")
        window.shows("租赁合同")
        forged = self.folder / "租赁合同.pdf"
        forged.write_bytes(b"MZ\x90\x00 this program cannot be run in DOS mode")
        self._upload("lease", forged, fails=True)
        for key, path in files.items():
            self._upload(key, path)
        window.look("materials-full")
        window.press("我稍后补交", "materials-later", within="#material-health")
        window.press("保存并继续", "delivery")

    def _upload(self, key: str, path: Path, *, fails: bool = False) -> None:
        window, section = self.window, self.window.page.locator(f"#material-{key}")
        section.locator('input[type="file"]').set_input_files(path)
        if not window.script:
            window.press("上传所选文件", "materials-sent", within=f"#material-{key}")
        if fails:
            error = section.locator(".tb-file__error" if window.script else ".govuk-error-message")
            error.wait_for()
            assert "PDF" in error.inner_text()
            window.look("materials-refused")
        else:
            section.locator(".tb-file a", has_text=path.name).wait_for()

    def submit(self) -> None:
        """Choose the way of delivery, check, forget the declaration once, submit; read the receipt."""
        window = self.window
        window.fill({"way": "post", "phone": "12", "address": ""})
        window.press("保存并继续", "delivery-wrong")
        window.shows_error("id_address", "地址")
        window.fill({"way": "online"})
        window.press("保存并继续", "review")
        window.shows(self.enterprise, "榆味小馆", "只做午餐和晚餐")
        window.press("提交", "review-undeclared", within="main", exact=True)
        window.shows_error("id_declared", "声明")
        window.fill({"declared": True})
        window.press("提交", "receipt", within="main", exact=True)
        self.number = window.page.locator(".tb-panel__number strong").first.inner_text().strip()

    def paper(self, words: str) -> Path:
        """Download a paper by the words of its link."""
        window = self.window
        link = window.page.get_by_role("link", name=words).first
        got = window.context.request.get(str(link.get_attribute("href")))
        assert got.ok, f"{words}: {got.status}"
        assert got.headers["content-type"] == "application/pdf"
        path = self.folder / f"{words}.pdf"
        path.write_bytes(got.body())
        return path

    def follow(self, name: str) -> None:
        """Look where the matter is."""
        self.window.go(f"/my/cases/{self.number}", name)

    def answer_the_supplement(self, path: Path) -> None:
        """Read what is wanted, send nothing once, then a file."""
        window = self.window
        self.follow("follow-supplement")
        window.shows("布局图看不清")
        window.press("现在补正", "supplement", within="main")
        window.press("提交补正", "supplement-missing")
        window.page.locator('input[type="file"]').set_input_files(path)
        window.press("提交补正", "follow-answered")

    def rate(self) -> None:
        """Say how it was: the words first, the level forgotten, then both."""
        window = self.window
        window.fill({"words": "一次都没有跑，谢谢。"}, within="#rating")
        window.press("提交评价", "rating-wrong")
        assert window.value("words") == "一次都没有跑，谢谢。"
        window.page.locator('#rating [name="level"][value="1"]').check()
        window.press("提交评价", "follow-rated")
