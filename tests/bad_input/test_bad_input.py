"""Bad input, case by case: each has a clear message in Chinese, and nothing is lost or changed."""

import io
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.browsing import Browser, Page, upload
from tests.officials import filled, take_step
from tests.people import (
    ANSWERS,
    ITEM,
    Person,
    Town,
    applied,
    at_the_head,
    begun,
    drafted,
    fill,
    make_town,
    official,
    resident,
    submitted,
)  # fmt: skip
from tests.standing import nothing_changes, together
from tongban.accounts import actions as accounts
from tongban.accounts.models import Account
from tongban.accounts.tests.people import PASSWORD, credit_code, identity_number, mobile
from tongban.applications.models import Application, Draft, DraftMaterial
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.models import Case, Decision, Rating, SupplementRequest, Task
from tongban.catalogue import actions as catalogue
from tongban.files.models import StoredFile
from tongban.files.tests import samples
from tongban.ledger import actions as ledger

HELD = "accounts_heldinput"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")
each_db = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def writer(town: Town) -> tuple[Browser, Page]:
    """Return a browser on the materials of a draft, one good file already handed in."""
    browser = town.lin.browser()
    page = fill(browser, begun(browser), until="/materials/")
    page = browser.send(
        page.form(), files={"photo": upload("现状.png", samples.png(), "image/png")}, to=_sends_to(page, "photo")
    )
    assert page.status == 200, page.words
    return browser, page


def _sends_to(page: Page, key: str) -> str:
    return f"{page.address}{key}/files/"


PROGRAMME = b"MZ\x90\x00" + b"\x00" * 400
FILES: list[object] = [
    pytest.param("营业执照.pdf", lambda: PROGRAMME, 422, "不是 PDF", id="programme-named-pdf"),
    pytest.param("照片.jpg", lambda: b"<html><script>alert(1)</script>", 422, "不是 PDF", id="web-page-named-jpg"),
    pytest.param("扫描.pdf", lambda: samples.pdf() + b"\x00" * (25 * 1024 * 1024), 413, "20 MB", id="25-megabytes"),
    pytest.param("合同.ofd", lambda: samples.ofd({"Doc_0/bomb.xml": b"\x00" * 60_000_000}), 422, "损坏", id="zip-bomb"),
    pytest.param("图.png", lambda: samples.forged_png(60_000, 60_000, b"\x00"), 422, "像素", id="image-bomb"),
    pytest.param("图.png", lambda: samples.forged_png(100, 100, b"\x00" * 40_000_000), 422, "损坏", id="swollen-image"),
    pytest.param("合同.pdf", lambda: samples.pdf(password="秘密"), 422, "密码", id="locked-pdf"),
    pytest.param("合同.pdf", lambda: b"%PDF-1.7\n" + b"\xff" * 900, 422, "损坏", id="damaged-pdf"),
    pytest.param("合同.pdf", lambda: b"", 422, "空", id="empty-file"),
    pytest.param("合同.pdf", lambda: samples.pdf() + samples.archive({"a.exe": PROGRAMME}), 422, "另一个", id="two-types-at-once"),
]  # fmt: skip


@each_db
@pytest.mark.parametrize(("name", "content", "status", "words"), FILES)
def test_a_file_that_is_not_what_it_says(
    writer: tuple[Browser, Page], name: str, content: Callable[[], bytes], status: int, words: str
) -> None:
    """Refused with a sentence, to the page and to its script alike; the file handed in before stays."""
    browser, page = writer
    sent = content()
    with nothing_changes():
        refused = browser.send(page.form(), files={"sketch": upload(name, sent)}, to=_sends_to(page, "sketch"))
        for_script = browser.send(
            page.form(), files={"sketch": upload(name, sent)}, to=_sends_to(page, "sketch"), Accept="application/json"
        )
    assert refused.status == status
    assert words in refused.words
    assert "现状.png" in refused.words
    assert for_script.response.headers["Content-Type"] == "application/problem+json"
    assert words in for_script.response.json()["title"]


@each_db
@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.pdf", "..\\..\\boot.ini", "效果\u202efdp.exe", "图" * 1000 + ".pdf", "a\x00b.pdf", "\r\nSet-Cookie: a=b.pdf", "<b>.pdf", ""],
    ids=["upwards", "upwards-windows", "right-to-left", "1000-characters", "nul", "header", "markup", "nothing"],
)  # fmt: skip
def test_a_hostile_file_name(writer: tuple[Browser, Page], name: str) -> None:
    """The file is taken under a harmless name that ends as its type does; nothing is written elsewhere."""
    browser, page = writer
    page = browser.send(page.form(), files={"sketch": upload(name or "x", samples.pdf())}, to=_sends_to(page, "sketch"))
    assert page.status == 200
    stored = DraftMaterial.objects.select_related("file").get(material_key="sketch").file
    assert stored is not None
    assert stored.name.endswith(".pdf")
    assert len(stored.name) <= 200
    assert not set(stored.name) & set("/\\\x00\r\n\u202e")
    shown = browser.client.get(f"/files/{stored.id}?download")
    assert shown.status_code == 200
    assert "Set-Cookie" not in shown.headers
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}", stored.path)


@each_db
def test_a_file_for_a_material_that_is_not_asked_for(writer: tuple[Browser, Page]) -> None:
    """A forged material key is refused; so is one that belongs to another situation."""
    browser, page = writer
    for key in ("passport", "consent"):
        with nothing_changes():
            refused = browser.send(page.form(), files={key: upload("a.pdf", samples.pdf())}, to=_sends_to(page, key))
        assert refused.status == 400
        assert "不需要" in refused.words


# --- Submitting ------------------------------------------------------------------------------------------------------


@each_db
def test_the_same_submission_sent_twice(town: Town) -> None:
    """The second answers with the receipt of the first."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    first = browser.send(page.form(), {"declared": "on"})
    with nothing_changes():
        second = browser.send(page.form(), {"declared": "on"})
    assert second.address == first.address
    assert Application.objects.count() == Case.objects.count() == 1
    assert _receipt_number(first) == _receipt_number(second)


def _receipt_number(page: Page) -> str:
    return Application.objects.select_related("receipt").get(case__number=page.address.split("/")[2]).receipt.number  # type: ignore[union-attr]


@at_once
def test_the_same_submission_sent_twice_at_the_same_moment() -> None:
    """One case, one receipt, both are shown it."""
    town = make_town()
    browsers = [town.lin.browser() for _ in range(4)]
    draft = drafted(town.lin)
    pages = [browser.get(f"/drafts/{draft.id}/review/") for browser in browsers]
    sends = [
        partial(browser.send, one.form(), {"declared": "on"}) for browser, one in zip(browsers, pages, strict=True)
    ]
    shown = together(sends)
    assert [one.status for one in shown] == [200] * 4
    assert len({one.address for one in shown}) == 1
    assert Application.objects.count() == Case.objects.count() == 1


@each_db
def test_submitting_with_a_key_that_is_not_the_drafts(town: Town) -> None:
    """Neither an invented key nor somebody else's submits anything, or shows anybody's receipt."""
    applied(town.stranger)
    foreign = Application.objects.get().idempotency_key
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    for key in (str(uuid4()), str(foreign), "1; DROP TABLE", ""):
        with nothing_changes():
            refused = browser.send(page.form(), {"declared": "on", "key": key})
        assert refused.status == 404
        assert CHINESE.search(refused.words)


@each_db
def test_submitting_before_the_form_is_filled_in(town: Town) -> None:
    """All that is missing is named at once, each with the place where it is mended; the draft stays."""
    browser = town.lin.browser()
    draft_address = begun(browser).address.split("/form/")[0]
    page = browser.get(f"{draft_address}/review/")
    with nothing_changes():
        refused = browser.send(page.form(), {"declared": "on"})
    assert refused.status == 422
    for words in ("效果图", "店招文字", "请选择"):
        assert words in refused.words
    assert refused.links("/materials/")
    assert not Case.objects.exists()


@each_db
def test_submitting_without_the_declaration(town: Town) -> None:
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    with nothing_changes():
        refused = browser.send(page.form())
    assert refused.status == 422
    assert "请先勾选" in refused.words or "声明" in refused.words


@each_db
def test_submitting_when_the_item_was_suspended_meanwhile(town: Town) -> None:
    """The page says so; the draft is kept for the day when it is resumed."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    catalogue.suspend(actor=SYSTEM, code=ITEM, now=now())
    with nothing_changes():
        refused = browser.send(page.form(), {"declared": "on"})
    assert refused.status == 409
    assert "目前不能" in refused.words
    catalogue.resume(actor=SYSTEM, code=ITEM, now=now())
    assert browser.send(page.form(), {"declared": "on"}).status == 200


# --- Drafts and sessions ---------------------------------------------------------------------------------------------


@each_db
def test_a_draft_changed_on_another_device(town: Town) -> None:
    """The older page is told so, keeps what was typed on it, and can be saved then."""
    telephone, desk = town.lin.browser(), town.lin.browser()
    page = fill(telephone, begun(telephone), until="/form/sign/")
    old = desk.get(page.address)
    telephone.send(page.form(), ANSWERS | {"words": "手机上写的"})
    with nothing_changes():
        stale = desk.send(old.form(), ANSWERS | {"words": "电脑上写的", "why": "仍在这里"})
    assert stale.status == 409
    assert "别的设备" in stale.words
    form = stale.form()
    assert [form.value("words"), form.value("why")] == ["电脑上写的", "仍在这里"]
    desk.send(form)
    assert Draft.objects.get().values["words"] == "电脑上写的"


@each_db
def test_the_session_expires_in_mid_form(town: Town) -> None:
    """What was typed comes back after signing in, though it was not saved yet; nobody else is shown it."""
    browser = town.lin.browser()
    page = fill(browser, begun(browser), until="/form/sign/")
    browser.forget_session()
    with nothing_changes(HELD):
        sign_in = browser.send(page.form(), {"words": "写到一半的招牌", "why": SCRIPT})
    assert "/sign-in" in sign_in.address
    assert "请登录" in sign_in.words or "登录" in sign_in.words
    back = browser.send(sign_in.form(), {"name": town.lin.username, "password": PASSWORD})
    assert "欢迎回来" in back.words
    assert back.form().value("words") == "写到一半的招牌"
    assert back.form().value("why") == SCRIPT
    held = back.address
    assert town.stranger.browser().get(held).status == 404
    done = browser.send(back.form(), {name: value for name, value in ANSWERS.items() if name not in {"words", "why"}})
    assert done.address.endswith("/materials/")
    assert Draft.objects.get().values["words"] == "写到一半的招牌"


@each_db
def test_the_session_expires_before_submitting(town: Town) -> None:
    """After signing in one stands on the review page again, nothing is submitted by itself."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    browser.forget_session()
    with nothing_changes(HELD):
        sign_in = browser.send(page.form(), {"declared": "on"})
    back = browser.send(sign_in.form(), {"name": town.lin.username, "password": PASSWORD})
    assert "/review/" in back.address
    assert not Case.objects.exists()
    assert browser.send(back.form(), {"declared": "on"}).status == 200
    assert Case.objects.count() == 1


@each_db
def test_the_session_of_an_official_expires_on_a_case(town: Town) -> None:
    """Nothing is done without a session; after signing in one stands on the case again, with what was typed."""
    number = applied(town.lin)
    desk = town["acceptance"].browser()
    page = desk.get(f"/office/cases/{number}")
    desk.forget_session()
    form, _values = filled(page, "/refuse-acceptance")
    with nothing_changes(HELD):
        sign_in = desk.send(form, {"reason": f"写了半个钟头的理由{SCRIPT}", "legal_basis": "第三十二条"})
    assert "/sign-in" in sign_in.address
    back = desk.send(sign_in.form(), {"name": town["acceptance"].username, "password": PASSWORD})
    assert back.status == 200
    assert number in back.words
    assert "欢迎回来" in back.words
    again = back.form("/refuse-acceptance")
    assert again.value("reason") == f"写了半个钟头的理由{SCRIPT}"
    assert town.stranger.browser().get(back.address).status == 403
    done = desk.send(again, {"what_else": "请到住建局办理"})
    assert done.address == "/office/"
    assert Case.objects.get(number=number).state == "not_accepted"


@each_db
def test_the_session_of_a_clerk_expires_while_a_matter_is_taken_in(town: Town) -> None:
    """The citizen at the window need not say everything twice."""
    clerk = town["window"].browser()
    page = clerk.get(f"/office/window/{ITEM}/")
    typed = {
        "name": "宋大娘",
        "identity_number": "430102",
        "by_proxy": "yes",
        "proxy_name": "宋小妹",
        "situation_place": "roof",
    }
    clerk.forget_session()
    with nothing_changes(HELD):
        sign_in = clerk.send(page.form(), typed)
    back = clerk.send(sign_in.form(), {"name": town["window"].username, "password": PASSWORD})
    assert back.status == 200
    assert {name: back.form().value(name) for name in typed} == typed
    assert not Draft.objects.exists()


@each_db
def test_the_session_expires_while_a_supplement_is_answered(town: Town) -> None:
    browser = town.lin.browser()
    number = _asked_for_more(town)
    page = browser.get(f"/my/cases/{number}/supplement/")
    browser.forget_session()
    with nothing_changes(HELD):
        sign_in = browser.send(page.form(), {"word_sketch": "图纸在装修公司，下周给"})
    back = browser.send(sign_in.form(), {"name": town.lin.username, "password": PASSWORD})
    assert back.form().value("word_sketch") == "图纸在装修公司，下周给"


# --- Officials -------------------------------------------------------------------------------------------------------


def _to_the_head(town: Town) -> str:
    """Bring a case to the desk of who decides."""
    return at_the_head(town, applied(town.lin))


def _asked_for_more(town: Town) -> str:
    number = applied(town.lin)
    desk = town["acceptance"].browser()
    form = desk.get(f"/office/cases/{number}").form("/supplement")
    tick = next(name for name in form.options if name.startswith("point-") and "sketch" in name)
    asked = desk.send(form, {tick: "on", tick.replace("point-", "words-"): "请补充彩色效果图"})
    assert asked.status == 200, asked.words
    return number


@at_once
def test_two_officials_decide_at_the_same_moment() -> None:
    """One decision; the other official is told so and keeps what they typed."""
    town = make_town()
    number = _to_the_head(town)
    heads = [town["approval"].browser(), official(town.market, "approval", "钱决定").browser()]
    outcomes = ("granted", "refused")
    sends = []
    for head, outcome in zip(heads, outcomes, strict=True):
        form, values = filled(head.get(f"/office/cases/{number}"), "/decide", outcome=outcome, reasons=f"理由{outcome}")
        sends.append(partial(head.send, form, values, follow=False))
    answers = together(sends)
    assert sorted(answer.status for answer in answers) == [302, 409]
    assert Decision.objects.count() == 1
    late = next(place for place, answer in enumerate(answers) if answer.status == 409)
    assert "同事" in answers[late].words
    assert f"理由{outcomes[late]}" in answers[late].words
    assert Decision.objects.get().outcome == outcomes[1 - late]


@at_once
def test_two_officials_take_a_task_at_the_same_moment() -> None:
    """One holds it; the other is told that a colleague does."""
    town = make_town()
    number = applied(town.lin)
    desks = [town["acceptance"].browser(), official(town.market, "acceptance", "孙受理").browser()]
    sends = [partial(desk.send, desk.get(f"/office/cases/{number}").form("/claim"), follow=False) for desk in desks]
    answers = together(sends)
    assert sorted(answer.status for answer in answers) == [302, 409]
    assert "同事" in next(answer.words for answer in answers if answer.status == 409)
    assert Task.objects.filter(holder__isnull=False).count() == 1


@each_db
def test_an_official_acts_on_a_page_that_is_no_longer_true(town: Town) -> None:
    """A colleague has accepted meanwhile: the refusal typed here is not carried out, but not lost either."""
    number = applied(town.lin)
    slow, quick = town["acceptance"].browser(), official(town.market, "acceptance", "孙受理").browser()
    old = slow.get(f"/office/cases/{number}")
    assert take_step(quick, number, "/accept").status == 200
    form, values = filled(old, "/refuse-acceptance", reason="不属于本机关职权范围", what_else="请到城管局")
    with nothing_changes():
        late = slow.send(form, values)
    assert late.status == 409
    assert "同事" in late.words
    assert "不属于本机关职权范围" in late.words


@each_db
def test_working_on_a_case_from_which_one_stands_aside(town: Town) -> None:
    number = applied(town.lin)
    official(town.market, "acceptance", "孙受理")
    desk = town["acceptance"].browser()
    page = desk.get(f"/office/cases/{number}")
    aside = desk.get(f"/office/cases/{number}/stand-aside").form("/stand-aside")
    with nothing_changes():
        unsaid = desk.send(aside, {"reason": " "})
    assert unsaid.status == 422
    assert desk.send(aside, {"reason": "申请人是我妹妹"}).status == 200
    form, values = filled(page, "/accept")
    with nothing_changes():
        refused = desk.send(form, values)
    assert refused.status in {403, 404, 409}
    assert CHINESE.search(refused.words)


@each_db
def test_an_official_leaves_out_what_the_law_wants(town: Town) -> None:
    """A refusal without reasons, a supplement without points, a passing on to nowhere: beside the field, nothing done."""
    number = applied(town.lin)
    desk = town["acceptance"].browser()
    page = desk.get(f"/office/cases/{number}")
    for step in ("/refuse-acceptance", "/supplement", "/pass-on"):
        with nothing_changes():
            refused = desk.send(page.form(step), {"word": "还要再看", "what_else": "还要再看"})
        assert refused.status == 422, step
        assert "还要再看" in [value for form in refused.forms() for values in form.values.values() for value in values]
    number = _to_the_head(town)
    head = town["approval"].browser()
    form, values = filled(head.get(f"/office/cases/{number}"), "/decide", outcome="refused", reasons="", legal_basis="")
    with nothing_changes():
        refused = head.send(form, values)
    assert refused.status == 422
    assert "理由" in refused.words


@each_db
def test_a_forged_decision(town: Town) -> None:
    number = _to_the_head(town)
    head = town["approval"].browser()
    page = head.get(f"/office/cases/{number}")
    for outcome in ("postponed", "", "GRANTED", "granted\x00", "<b>"):
        form, values = filled(page, "/decide", outcome=outcome)
        with nothing_changes():
            refused = head.send(form, values)
        assert refused.status == 422
    assert not Decision.objects.exists()


@each_db
def test_a_task_of_one_case_sent_under_the_number_of_another(town: Town) -> None:
    first, second = applied(town.lin), applied(town.lin)
    desk = town["acceptance"].browser()
    form, values = filled(desk.get(f"/office/cases/{first}"), "/accept")
    with nothing_changes():
        refused = desk.send(form, values, to=form.action.replace(first, second))
        unknown = desk.send(form, values, to=form.action.replace("accept", "approve-everything"))
    assert [refused.status, unknown.status] == [404, 404]


# --- The applicant, later --------------------------------------------------------------------------------------------


@each_db
def test_taking_a_matter_back_after_the_decision(town: Town) -> None:
    browser = town.lin.browser()
    number = applied(town.lin)
    page = browser.get(f"/my/cases/{number}/withdraw")
    at_the_head(town, number)
    take_step(town["approval"].browser(), number, "/decide", outcome="refused")
    with nothing_changes():
        late = browser.send(page.form(), {"reason": "不办了"})
    assert late.status == 409
    assert CHINESE.search(late.words)


@each_db
def test_rating_twice_and_with_an_invented_level(town: Town) -> None:
    browser = town.lin.browser()
    number = submitted(browser)
    take_step(
        town["acceptance"].browser(), number, "/refuse-acceptance", what_else="请到城管局", reason="不属于职权范围"
    )
    page = browser.get(f"/my/cases/{number}")
    form = page.form("/rate")
    for level in ("9", "0", "-1", "1e3", "9" * 5000, "很好", ""):
        with nothing_changes():
            wrong = browser.send(form, {"level": level, "words": "说明我写了"})
        assert wrong.status == 422, level
        assert "说明我写了" in wrong.source
        assert CHINESE.search(wrong.words)
    assert browser.send(form, {"level": "2", "words": "很快"}).status == 200
    with nothing_changes():
        twice = browser.send(form, {"level": "5", "words": "改成不满意"})
    assert "已经评价" in twice.words or "评价过" in twice.words
    assert Rating.objects.get().level == 2


@each_db
def test_a_supplement_answered_twice_or_by_another_or_with_nothing(town: Town) -> None:
    browser = town.lin.browser()
    number = _asked_for_more(town)
    page, stranger = browser.get(f"/my/cases/{number}/supplement/"), town.stranger.browser()
    with nothing_changes():
        empty = browser.send(page.form())
        foreign = stranger.get(page.address)
    assert empty.status == 422
    assert "效果图" in empty.words
    assert foreign.status == 404
    sent = browser.send(page.form(), files={"upload_sketch": upload("新图.pdf", samples.pdf())})
    assert sent.status == 200
    with nothing_changes():
        twice = browser.send(page.form(), {"word_sketch": "再来一次"})
    assert twice.status == 409
    assert "没有需要您补充" in twice.words or CHINESE.search(twice.words)
    assert SupplementRequest.objects.filter(answered_at__isnull=False).count() == 1


@each_db
def test_a_supplement_with_a_file_of_somebody_else(town: Town) -> None:
    """The id of another's file is answered as if there were none."""
    applied(town.stranger)
    foreign = StoredFile.objects.filter(owner_account_id=town.stranger.actor.account_id).first()
    assert foreign is not None
    browser = town.lin.browser()
    number = _asked_for_more(town)
    page = browser.get(f"/my/cases/{number}/supplement/")
    for forged in (str(foreign.id), str(uuid4()), "../../etc/passwd"):
        with nothing_changes():
            refused = browser.send(page.form(), {"file_sketch": forged})
        assert refused.status == 404, forged


@each_db
def test_a_supplement_with_one_good_file_and_one_bad(town: Town) -> None:
    """The bad one is named, the good one is kept on the page and need not be chosen again."""
    browser = town.lin.browser()
    number = _asked_for_more(town)
    page = browser.get(f"/my/cases/{number}/supplement/")
    files = {"upload_sketch": [upload("好.pdf", samples.pdf()), upload("坏.pdf", PROGRAMME)]}
    wrong = browser.send(page.form(), files=files)
    assert wrong.status == 422
    assert "不是 PDF" in wrong.words
    assert "好.pdf" in wrong.words
    assert browser.send(wrong.form()).status == 200
    assert SupplementRequest.objects.get().answered_at is not None


# --- Other people's things -------------------------------------------------------------------------------------------


@each_db
def test_a_draft_of_somebody_else(town: Town) -> None:
    """No page of it, no saving, no attaching, no submitting, no throwing away."""
    lin = town.lin.browser()
    page = fill(lin, begun(lin), until="/materials/")
    draft = Draft.objects.get()
    row = draft.materials.first()
    thief = town.stranger.browser()
    own = fill(thief, begun(thief), until="/materials/")
    base = f"/drafts/{draft.id}"
    places = ["/", "/form/who/", "/form/sign/", "/materials/", "/delivery/", "/review/", "/discard/", "/materials/sketch/files/",
              "/materials/sketch/word/", f"/files/{row.id if row else uuid4()}/remove/"]  # fmt: skip
    with nothing_changes():
        for place in places:
            assert thief.get(base + place).status in {404, 405}, place
            sent = thief.send(
                own.form(), ANSWERS | {"declared": "on", "key": str(draft.idempotency_key)}, to=base + place
            )
            assert sent.status in {404, 405}, place
    assert lin.get(page.address).status == 200


@each_db
def test_applying_for_somebody_elses_child_or_enterprise(town: Town) -> None:
    ward = accounts.add_ward(
        actor=town.stranger.actor, name="贺小满", identity_kind="resident_identity_card",
        identity_number=identity_number(), relation="parent", now=now(),
    )  # fmt: skip
    enterprise = accounts.register_enterprise(
        actor=town.stranger.actor, name="甲公司", credit_code=credit_code(), now=now()
    )
    browser = town.lin.browser()
    form = browser.get(f"/apply/{ITEM}/").form()
    for forged in (f"ward:{ward.id}", f"enterprise:{enterprise.id}", f"self:{uuid4()}", "ward:", "ward:x", "king", ""):
        with nothing_changes():
            refused = browser.send(form, {"applicant": forged, "situation_place": "wall"})
        assert refused.status == 422, forged
        assert "为谁" in refused.words or CHINESE.search(refused.words)
    assert not Draft.objects.exists()


@each_db
def test_a_situation_that_is_not_offered(town: Town) -> None:
    browser = town.lin.browser()
    form = browser.get(f"/apply/{ITEM}/").form()
    for forged in ("cellar", "", "wall' OR '1'='1"):
        with nothing_changes():
            refused = browser.send(form, {"applicant": "self", "situation_place": forged})
        assert refused.status == 422
        assert "请选择" in refused.words
    browser.send(form, {"applicant": "self", "situation_place": "wall", "situation_secret": "1", "state": "granted"})
    assert Draft.objects.get().situation == {"place": "wall"}


@each_db
def test_answers_that_the_form_does_not_ask_for(town: Town) -> None:
    """Unknown choices are refused beside the field; unknown fields are left alone; the right answers are kept."""
    browser = town.lin.browser()
    page = fill(browser, begun(browser), until="/form/sign/")
    forged = ANSWERS | {"light": "laser", "is_granted": "true", "identity": "110101199003070000", "account_id": "1"}
    wrong = browser.send(page.form(), forged)
    assert wrong.status == 422
    assert "请" in wrong.words
    assert wrong.form().value("words") == ANSWERS["words"]
    values = Draft.objects.get().values
    assert "light" not in values
    assert not {"is_granted", "account_id"} & set(values)
    assert values["identity"] != "110101199003070000"


@each_db
@pytest.mark.parametrize("way", ["pigeon", "<b>", ""])
def test_a_way_of_delivery_that_is_not_offered(town: Town, way: str) -> None:
    browser = town.lin.browser()
    page = fill(browser, begun(browser), until="/delivery/")
    with nothing_changes():
        wrong = browser.send(page.form(), {"way": way, "recipient": "林知夏"})
    assert wrong.status == 422
    assert "请选择" in wrong.words
    assert wrong.form().value("recipient") == "林知夏"


# --- What people type ------------------------------------------------------------------------------------------------


def _sign_up(browser: Browser, **changes: str) -> Page:
    typed = {
        "name": "林知夏", "identity_kind": "resident_identity_card", "identity_number": identity_number(),
        "phone": mobile(), "email": "", "password": PASSWORD, "electronic_service": "yes", "privacy_notice": "on",
    }  # fmt: skip
    return browser.send(browser.get("/sign-up").form(), typed | changes)


@each_db
def test_signing_up_with_the_identity_number_of_another_person(town: Town) -> None:
    """Says that there is an account and what to do; the other account is untouched, what was typed stands there."""
    taken = identity_number()
    resident("赵已注册", identity_number=taken)
    with nothing_changes():
        refused = _sign_up(Browser(), identity_number=taken, name="冒名者")
    assert refused.status == 422
    assert "已有账户" in refused.words or "已经" in refused.words
    assert refused.form().value("name") == "冒名者"
    assert PASSWORD not in refused.source


@each_db
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("identity_number", "110105194912310021", "最后一位"),
        ("identity_number", "1101051949123100", "18"),
        ("identity_number", "110105194902300026", "身份证"),
        ("phone", "12345678901", "11"),
        ("phone", "1390000", "11"),
        ("email", "@@", "邮箱"),
        ("name", "", "姓名"),
        ("name", "林<b>知夏", "姓名"),
        ("password", "123", "8"),
        ("identity_kind", "library_card", "证件"),
        ("electronic_service", "maybe", "选"),
    ],
)
def test_a_number_or_name_that_cannot_be_right_at_sign_up(town: Town, field: str, typed: str, words: str) -> None:
    with nothing_changes():
        refused = _sign_up(Browser(), **{field: typed})
    assert refused.status == 422
    assert words in refused.words
    if field not in {"password", "identity_kind", "electronic_service"}:
        assert refused.form().value(field) == typed


@each_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"identity": "110105194912310021"}, "最后一位"),
        ({"company": "91430102MA4000001X"}, "最后一位"),
        ({"company": "913"}, "18"),
        ({"phone": "1380013800"}, "11"),
        ({"name": "9527"}, "姓名"),
    ],
)
def test_a_wrong_check_digit_in_a_form(town: Town, typed: dict[str, str], words: str) -> None:
    """Beside the field, with what is wrong; the wrong answer still stands there, and the right ones are kept."""
    browser = town.lin.browser()
    page = begun(browser)
    wrong = browser.send(page.form(), typed)
    assert wrong.status == 422
    assert words in wrong.words
    for name, value in typed.items():
        assert wrong.form().value(name) == value
        assert name not in Draft.objects.get().values
    assert wrong.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a[starts-with(@href, '#')]")


@each_db
def test_full_width_digits_are_taken(town: Town) -> None:
    """As Chinese keyboards type them, with spaces and hyphens."""
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    number, phone = identity_number(), mobile()
    page = _sign_up(
        Browser(), identity_number=f"{number[:6]} {number[6:]}".translate(wide), phone=f"+86 {phone}".translate(wide)
    )
    assert page.status == 200, page.words
    assert Account.objects.get(phone=phone).person.identity_number == number


NEW_IDEOGRAPHS = "\U000323af\U000323ae"
"""Of Unicode 15 (CJK Extension H): Python 3.11's tables do not know that they are letters."""


@each_db
@pytest.mark.parametrize(
    ("typed", "kept", "printed"),
    [
        ("买买提•𬭎䶮\U000323af", "买买提·𬭎䶮\U000323af", "买买提·𬭎䶮〓"),
        (NEW_IDEOGRAPHS, NEW_IDEOGRAPHS, "〓〓"),
    ],
)
def test_a_name_with_a_middle_dot_and_rare_characters(town: Town, typed: str, kept: str, printed: str) -> None:
    """Taken, shown as typed, and printed; a character without a type is printed as 〓 and the paper says so."""
    phone = mobile()
    _sign_up(Browser(), name=typed, phone=phone)
    account = Account.objects.get(phone=phone)
    assert account.person.name == kept
    browser = Browser(account.username, PASSWORD)
    number = submitted(browser)
    assert kept in browser.get(f"/my/cases/{number}").source or kept in browser.get("/profile").source
    words = _paper_words(browser, number)
    assert printed in words
    assert words.count("〓") > printed.count("〓")  # in the name, and in the remark
    assert f"U+{ord(kept[-1]):04X}" in words


@each_db
def test_a_name_of_new_ideographs_at_the_window(town: Town) -> None:
    """The same person, whoever types the name: at the window, as applicant and as proxy, on the receipt."""
    clerk = town["window"].browser()
    number = identity_number()
    page = clerk.send(
        clerk.get(f"/office/window/{ITEM}/").form(),
        {
            "name": f" {NEW_IDEOGRAPHS} ",
            "identity_number": number,
            "phone": mobile(),
            "by_proxy": "yes",
            "proxy_name": NEW_IDEOGRAPHS[::-1],
            "proxy_identity_number": identity_number(),
            "proxy_authority": "委托书",
            "identity_seen": "on",
            "situation_place": "wall",
        },
    )
    assert page.status == 200, page.words
    page = fill(clerk, page, {"way": "window"})
    receipt = clerk.send(page.form(), {"declared": "on"})
    case = Case.objects.get()
    assert case.applicant_name == NEW_IDEOGRAPHS
    assert case.number in receipt.words
    assert "〓〓" in _paper_words(clerk, case.number)
    desk = town["acceptance"].browser().get(f"/office/cases/{case.number}")
    assert NEW_IDEOGRAPHS in desk.words
    assert NEW_IDEOGRAPHS[::-1] in desk.words


def _paper_words(browser: Browser, number: str) -> str:
    receipt = Application.objects.get(case__number=number).receipt
    assert receipt is not None
    answer = browser.client.get(f"/papers/{receipt.id}.pdf")
    assert answer.status_code == 200
    reader = PdfReader(io.BytesIO(b"".join(getattr(answer, "streaming_content"))))  # noqa: B009 - Django tells no type for it
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


@each_db
@pytest.mark.parametrize(
    "typed",
    ["面\x00馆", "面\ud800馆", "面\ufffe馆\u202e", "店" * 1_000_000, "👩‍🍳" * 30, "\t\r\n \u3000"],
    ids=["nul", "lone-surrogate", "no-character", "1-million", "emoji", "blank"],
)
def test_text_that_is_no_text(town: Town, typed: str) -> None:
    """Cleaned and kept, or refused beside its field: never a fault, and what is typed beside it is kept."""
    browser = town.lin.browser()
    page = fill(browser, begun(browser), until="/form/sign/")
    fields = page.form().values | {name: [value] for name, value in ANSWERS.items()} | {"words": [typed]}
    body = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, values in fields.items() for value in values
    )
    answer = browser.client.post(page.address, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {302, 413, 422}
    values = Draft.objects.get().values
    if answer.status_code == 422:
        assert "words" not in values
        assert values["why"] == ANSWERS["why"]
        assert CHINESE.search(answer.content.decode())
    elif answer.status_code == 302:
        assert not set(values["words"]) & set("\x00\u202e\ud800")
        assert browser.get(page.address).status == 200


@each_db
@pytest.mark.parametrize(
    "address",
    ["/my/cases/%00", "/office/cases/%00", "/items/%00", "/search?q=%00", "/departments/named/%00", "/cases/a%00/receipt/",
     "/search?q=%ff%fe", "/%ff", "/apply/%E4%BA%8B/", "/files/%00", "/search?q=" + "%E9%A5%AD" * 2000, "/themes/%3Cscript%3E"],
)  # fmt: skip
def test_an_address_that_is_no_address(town: Town, address: str) -> None:
    """Read as: there is nothing here, in Chinese; never a fault."""
    for browser in (Browser(), town.lin.browser(), town["acceptance"].browser()):
        with nothing_changes():
            page = browser.get(address)
        assert page.status in {200, 400, 403, 404}
        assert CHINESE.search(page.words)


# --- Script in every text field --------------------------------------------------------------------------------------


def _is_harmless(page: Page) -> None:
    assert page.status < 500, (page.address, page.status)
    assert "<script>alert" not in page.source, page.address
    assert "<img src=x" not in page.source, page.address


def _with_script_everywhere(browser: Browser, address: str) -> None:
    """Put script into every text field of every form of a page, and look at what comes back."""
    page = browser.get(address)
    _is_harmless(page)
    assert page.status == 200, (address, page.status)
    for form in page.forms():
        typed = dict.fromkeys(form.texts, SCRIPT)
        chosen = {name: options[0] for name, options in form.options.items()}
        _is_harmless(browser.send(form, chosen | typed))
        _is_harmless(browser.get(address))


@each_db
def test_script_in_every_text_field(town: Town) -> None:
    """Escaped wherever it is shown again: forms, review, receipt, case page, follow page, messages, papers."""
    for address in ("/sign-in", "/sign-up", "/recover", f"/search?q={quote(SCRIPT)}", f"/sign-in?next={quote(SCRIPT)}"):
        _with_script_everywhere(Browser(), address)
    lin = town.lin.browser()
    for address in ("/profile", "/profile/username", "/profile/password", "/profile/address/email", "/profile/wards/add",
                    "/profile/enterprises/add", "/profile/second-factor"):  # fmt: skip
        _with_script_everywhere(lin, address)
    accounts.register_enterprise(actor=town.stranger.actor, name=SCRIPT, credit_code=credit_code(), now=now())
    stranger = town.stranger.browser()
    _is_harmless(stranger.get("/profile/mandates"))
    _with_script_everywhere(stranger, stranger.get("/profile/mandates").links("/profile/mandates/")[0])
    number = submitted(lin, answers={"words": SCRIPT, "street_region": SCRIPT, "street_detail": SCRIPT, "why": SCRIPT, "way": "post",
                                     "recipient": SCRIPT, "phone": mobile(), "address": SCRIPT})  # fmt: skip
    _is_harmless(lin.get(f"/cases/{number}/receipt/"))
    desk = town["acceptance"].browser()
    for address in (
        f"/office/cases/{number}",
        f"/office/?words={quote(SCRIPT)}",
        f"/office/cases?words={quote(SCRIPT)}",
        "/office/leave",
    ):
        _is_harmless(desk.get(address))
    form = desk.get(f"/office/cases/{number}").form("/supplement")
    ticks = {name: "on" for name in form.options if name.startswith("point-")}
    assert desk.send(form, ticks | dict.fromkeys(form.texts, SCRIPT)).status == 200
    _is_harmless(lin.get(f"/my/cases/{number}"))
    answered = lin.get(f"/my/cases/{number}/supplement/")
    _is_harmless(answered)
    sent = lin.send(answered.form(), {name: SCRIPT for name in answered.form().texts if name.startswith("word_")},
                    files={name: upload(SCRIPT, samples.pdf()) for name in answered.form().uploads})  # fmt: skip
    _is_harmless(sent)
    assert sent.status == 200, sent.words
    for role, step in (("acceptance", "/accept"), ("review", "/review"), ("approval", "/decide")):
        browser = town[role].browser()
        page = browser.get(f"/office/cases/{number}")
        form, values = filled(page, step)
        done = browser.send(form, values | dict.fromkeys(form.texts, SCRIPT))
        _is_harmless(done)
        assert done.status == 200, done.words
    ledger.drain(now=now())
    for browser, address in ((lin, f"/my/cases/{number}"), (lin, "/my"), (lin, "/my/cases"), (lin, "/my/messages"), (desk, f"/office/cases/{number}"),
                             (town["supervisor"].browser(), f"/office/cases/{number}"), (town["fees"].browser(), "/office/fees")):  # fmt: skip
        _is_harmless(browser.get(address))
    assert "<script>alert(1)</script>" in Case.objects.get(number=number).application.values["words"]


# --- The protocol ----------------------------------------------------------------------------------------------------


@each_db
def test_a_form_without_its_token(town: Town) -> None:
    """Another site cannot send a form in somebody's name; the page says what to do."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    for token in (None, "x" * 64, ""):
        with nothing_changes():
            refused = browser.send(page.form(), {"declared": "on", "csrfmiddlewaretoken": token})
        assert refused.status == 403
        assert "刷新后再提交" in refused.words
        assert "岗位" not in refused.words


@each_db
@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "\thttps://evil.example", "/my\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_going_on_to_a_foreign_host(town: Town, target: str) -> None:
    """Signing in, choosing a language or a size of type leads to this host only."""
    browser = Browser()
    form = browser.get(f"/sign-in?next={quote(target)}").form()
    answer = browser.send(form, {"name": town.lin.username, "password": PASSWORD, "next": target}, follow=False)
    assert answer.status == 302
    assert answer.response.headers["Location"].startswith("/my")
    assert "Set-Cookie: a=b" not in str(answer.response.headers)
    token = browser.get("/profile").tree.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    for address, values in (("/type", {"type": "large"}), ("/language", {"language": "en"})):
        moved = browser.client.post(address, {**values, "next": target, "csrfmiddlewaretoken": token})
        assert "evil" not in moved.headers.get("Location", "")
        assert "javascript" not in moved.headers.get("Location", "")


@each_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_wrong_method(town: Town, method: str) -> None:
    """Nothing is changed by a method that no page uses."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    client = Client()
    client.cookies = browser.client.cookies
    with nothing_changes():
        for address in (
            "/",
            "/my",
            page.address,
            page.address.replace("review", "discard"),
            "/sign-out",
            "/profile",
            "/my/cases",
        ):
            answer = client.generic(
                method.upper(), address, "declared=on", content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code < 500, (method, address)


@each_db
def test_looking_at_addresses_that_only_take_forms(town: Town) -> None:
    """A link to them changes nothing: no sign-out, no removal, no claim by a picture in a mail."""
    browser = town.lin.browser()
    page = browser.get(f"/drafts/{drafted(town.lin).id}/review/")
    row = DraftMaterial.objects.first()
    number = applied(town.lin)
    desk = town["acceptance"].browser()
    task = Task.objects.get(case__number=number)
    draft = page.address.removesuffix("review/")
    with nothing_changes():
        for address in (f"{draft}discard/", f"{draft}files/{row.id if row else ''}/remove/", f"{draft}materials/sketch/word/",
                        f"{draft}materials/sketch/files/", "/sign-out", "/my/messages/read", f"/my/cases/{number}/rate",
                        f"/my/cases/{number}/withdraw", f"/my/cases/{number}/supplement/sketch/files/"):  # fmt: skip
            assert browser.get(address).status in {200, 404, 405}, address
        for address in (
            f"/office/cases/{number}/tasks/{task.id}/claim",
            f"/office/cases/{number}/stand-aside",
            "/office/bulk",
        ):
            assert desk.get(address).status in {200, 405}, address
    assert browser.get("/my").address == "/my"


@each_db
def test_too_many_tries_to_sign_in(town: Town) -> None:
    """After ten wrong passwords: wait so long; the right one does not help before, and nobody else is kept out."""
    browser = Browser()
    form = browser.get("/sign-in").form()
    for _try in range(10):
        wrong = browser.send(form, {"name": town.lin.username, "password": "falsch falsch"})
        assert wrong.status == 422
        assert CHINESE.search(wrong.words)
        assert wrong.form().value("name") == town.lin.username
    for password in ("falsch falsch", PASSWORD):
        late = browser.send(form, {"name": town.lin.username, "password": password})
        assert late.status == 429
        assert 0 < int(late.response.headers["Retry-After"]) <= 600
        assert "请" in late.words
    assert town.stranger.browser().get("/my").status == 200


@each_db
@pytest.mark.parametrize("language", ["xx", "../../etc", "en\x00", "zh_Hant", "9" * 300, "<script>"])
def test_a_language_that_is_not_there(town: Town, language: str) -> None:
    """The page comes in Chinese."""
    client = Client(headers={"Accept-Language": language.replace("\x00", "")})
    client.cookies["django_language"] = language.replace("\x00", "%00")
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'lang="zh' in answer.content.decode()
    browser = Browser()
    browser.client.post("/language", {"language": language, "next": "/"})
    assert 'lang="zh' in browser.get("/").source


@each_db
@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "9" * 5000, "1.5", "x", "<b>", "", "%00"])
def test_a_page_of_a_list_that_is_not_there(town: Town, page: str) -> None:
    applied(town.lin)
    lists = {
        town.lin: ("/my/cases?view=x&", "/my/messages?", "/my/drafts/?", "/search?q=%E5%BA%97&audience=x&theme=%00&", "/departments?"),
        town["acceptance"]: ("/office/?view=x&kind=%00&urgency=x&sort=-password&", "/office/cases?state=x&sort=drop&"),
        town["fees"]: ("/office/fees?view=x&",),
        town["delivery"]: ("/office/deliveries?",),
    }  # fmt: skip
    for person, addresses in _by_person(lists):
        browser = person.browser()
        for address in addresses:
            assert browser.get(f"{address}page={page}").status in {200, 404}, address


def _by_person(lists: dict[Person, tuple[str, ...]]) -> list[tuple[Person, tuple[str, ...]]]:
    return list(lists.items())
