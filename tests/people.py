"""A small town for tests of the whole house: two offices with posts, residents, and an item that can be applied for."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from tests.browsing import Browser, Form, Page, upload
from tongban.accounts import actions as accounts
from tongban.accounts.models import Account
from tongban.accounts.tests.people import PASSWORD, a_resident
from tongban.applications import actions as applications
from tongban.applications.models import Draft
from tongban.applications.queries import prefilled
from tongban.base.actor import SYSTEM, Actor
from tongban.base.clock import now
from tongban.cases import actions as cases
from tongban.cases.models import Task
from tongban.cases.tests.people import Office, actor_of, office
from tongban.catalogue import actions as catalogue
from tongban.catalogue.queries import Guide
from tongban.files.tests.samples import pdf
from tongban.forms.rules import FormDocument
from tongban.organisations import actions as organisations
from tongban.processes import actions as processes

ITEM = "shop-sign"
PHONE = "13900001234"
BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = ("window", "acceptance", "review", "approval", "delivery", "fees", "supervisor", "item_manager", "steward")

FORM = FormDocument.model_validate(
    {
        "title": "店招设置申请表",
        "title_en": "Shop sign",
        "steps": [
            {
                "key": "who",
                "title": "申请人",
                "title_en": "Applicant",
                "fields": [
                    {"key": "name", "type": "name", "label": "姓名", "source": "applicant.name"},
                    {"key": "identity", "type": "resident_id", "label": "身份证号码", "source": "applicant.identity_number"},
                    {"key": "phone", "type": "mobile", "label": "手机号码", "source": "applicant.phone"},
                    {"key": "company", "type": "credit_code", "label": "统一社会信用代码", "required": False},
                ],
            },
            {
                "key": "sign",
                "title": "店招",
                "title_en": "Sign",
                "fields": [
                    {"key": "words", "type": "text", "label": "店招文字"},
                    {"key": "street", "type": "address", "label": "地址"},
                    {"key": "area", "type": "decimal", "label": "面积", "minimum": 1, "maximum": 200, "unit": "平方米"},
                    {"key": "light", "type": "choice", "label": "是否发光",
                     "options": [{"value": "dark", "label": "不发光"}, {"value": "lit", "label": "发光"}]},
                    {"key": "why", "type": "long_text", "label": "说明", "required": False},
                ],
            },
        ],
    }
)  # fmt: skip

GUIDE = Guide.model_validate(
    {
        "name": "设置店招备案",
        "name_en": "Shop sign",
        "item_type": "01",
        "audiences": ["person"],
        "promised_limit": {"value": 5, "unit": "working_day"},
        "statutory_limit": {"value": 20, "unit": "working_day"},
        "situations": [
            {"key": "place", "title": "店招设置在哪里？",
             "options": [{"value": "wall", "label": "墙面"}, {"value": "roof", "label": "屋顶"}]},
        ],
        "materials": [
            {"key": "sketch", "name": "效果图"},
            {"key": "consent", "name": "房屋所有人同意书", "condition": 'situation.place == "roof"'},
            {"key": "photo", "name": "现状照片", "need": "optional"},
        ],
        "fees": [{"name": "占道费", "items": [{"amount_fen": 12000}]}],
        "charges": True,
        "result": {"name": "店招备案证明", "kind": "paper", "face": ["words"]},
    }
)  # fmt: skip

ANSWERS = {
    "words": "望江面馆",
    "street_region": "云澜市青溪区",
    "street_detail": "书院路 18 号",
    "area": "３.５",
    "light": "lit",
    "why": "换新店招",
}


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    username: str
    actor: Actor
    official_id: UUID | None = None
    post_id: UUID | None = None

    def browser(self) -> Browser:
        """Open a browser in which this person has signed in already."""
        browser = Browser()
        browser.client.force_login(Account.objects.get(username=self.username), backend=BACKEND)
        return browser


@dataclass
class Town:
    """Who lives and works there."""

    market: Office
    health: Office
    lin: Person
    stranger: Person
    staff: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Person:
        """Return the official of the market office with a role, appointed when first asked for."""
        if role not in self.staff:
            self.staff[role] = official(self.market, role)
        return self.staff[role]


def resident(name: str = "林知夏", **changes: object) -> Person:
    """Open an account and verify its addresses."""
    account, actor = a_resident(name=name, now=now(), **changes)
    return Person(account.username, actor)


def official(at: Office, role: str, name: str = "周明") -> Person:
    """Appoint a new official to the post of a role."""
    number = len(at.posts) * 1000 + _count.pop()
    username = f"official{number}"
    made = accounts.create_official(
        actor=SYSTEM, name=name, staff_number=f"T{number}", username=username, password=PASSWORD, now=now()
    )
    post_id = at.posts[role].id
    organisations.appoint(actor=SYSTEM, official_id=made.id, post_id=post_id, now=now())
    return Person(username, actor_of(made.account_id, now()), made.id, post_id)


_count = list(range(999, 0, -1))


def make_town() -> Town:
    """Make the town: quick enough for each test."""
    processes.publish_shipped(now())
    market = office("云澜市市场监督管理局", "market", roles=ROLES, intake=True)
    health = office("云澜市卫生健康局", "health", roles=("acceptance", "window", "fees", "delivery"))
    catalogue.publish(
        actor=SYSTEM, guide=GUIDE, code=ITEM, organisation_id=market.organisation.id, form=FORM, now=now()
    )
    return Town(market, health, resident(), resident("贺兰·阿依古丽"))


def begun(browser: Browser, code: str = ITEM, *, applicant: str = "", **situation: str) -> Page:
    """Begin an application, for the first applicant offered whose choice begins so; returns the draft's first page."""
    page = browser.get(f"/apply/{code}/")
    form = page.form()
    chosen = {name: options[0] for name, options in form.options.items()}
    chosen["applicant"] = next(one for one in form.options["applicant"] if one.startswith(applicant))
    chosen |= {f"situation_{key}": value for key, value in situation.items()}
    page = browser.send(form, chosen)
    assert page.status == 200, page.words
    return page


def fill(browser: Browser, page: Page, answers: dict[str, str] | None = None, until: str = "/review/") -> Page:
    """Walk on from a page of a draft as somebody does who has everything at hand; stops at the address `until`."""
    known = ANSWERS | (answers or {})
    for _step in range(30):
        if page.address.endswith(until):
            return page
        page = browser.send(*_filled(page, known))
        assert page.status == 200, (page.address, page.words[:900])
    raise AssertionError(page.address)


def _filled(page: Page, known: dict[str, str]) -> tuple[Form, dict[str, object]]:
    form = page.form()
    values: dict[str, object] = {name: known[name] for name in (*form.texts, *form.options) if name in known}
    if page.address.endswith("/materials/"):
        values |= {name: upload(f"{name}.pdf", pdf()) for name in form.uploads}
    if "way" in form.options and page.address.endswith("/delivery/"):
        values["way"] = known.get("way", form.options["way"][0])
    return form, values


def submitted(browser: Browser, code: str = ITEM, answers: dict[str, str] | None = None) -> str:
    """Apply over HTTP; returns the number of the case."""
    page = fill(browser, begun(browser, code), answers)
    receipt = browser.send(page.form(), {"declared": "on"})
    assert receipt.status == 200, receipt.words
    return receipt.address.rstrip("/").split("/")[-2]


def drafted(of: Person) -> Draft:
    """Return a draft with everything filled in, made without HTTP: where the way there is not the point."""
    draft = applications.begin(
        actor=of.actor, item_code=ITEM, applicant_kind="self", situation={"place": "wall"}, now=now()
    )
    known: dict[str, Any] = {**ANSWERS, **prefilled(draft)}
    for step in FORM.steps:
        applications.save_step(actor=of.actor, draft_id=draft.id, step_key=step.key, typed=known, now=now())
    applications.attach(
        actor=of.actor,
        draft_id=draft.id,
        material_key="sketch",
        name="效果图.pdf",
        content=BytesIO(pdf()),
        now=now(),
    )
    applications.save_materials(actor=of.actor, draft_id=draft.id, now=now())
    return applications.save_delivery(actor=of.actor, draft_id=draft.id, typed={"way": "online"}, now=now())


def applied(of: Person) -> str:
    """Apply without HTTP; returns the number of the case."""
    return submitted_as(of, drafted(of))


def submitted_as(of: Person, draft: Draft) -> str:
    """Submit a draft without HTTP; returns the number of the case."""
    application = applications.submit(
        actor=of.actor, draft_id=draft.id, idempotency_key=draft.idempotency_key, declared=True, now=now()
    )
    return application.case.number


def open_task(number: str, kind: str) -> Task:
    """Return the open task of a kind on a case."""
    return Task.objects.select_related("case", "post").get(case__number=number, kind=kind, state=Task.State.OPEN)


def accepted(town: Town, number: str) -> str:
    """Accept a case without HTTP."""
    cases.accept(actor=town["acceptance"].actor, task=open_task(number, "acceptance"), now=now())
    return number


def at_the_head(town: Town, number: str) -> str:
    """Bring a case without HTTP to the desk of who decides."""
    accepted(town, number)
    cases.complete_review(
        actor=town["review"].actor, task=open_task(number, "review"), choice="agree", opinion="同意", now=now()
    )
    return number
