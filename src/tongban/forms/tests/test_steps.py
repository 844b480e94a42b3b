import time
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongban.forms.rules import FormDocument, Sight, check_all, check_step, shown, visible_fields
from tongban.forms.rules.typed import typed_from
from tongban.forms.tests.documents import PERSON, SHOP, STREET_SHOP, WHO


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def test_right_answers_come_in_their_normal_form() -> None:
    who = check_step(STREET_SHOP, "who", WHO, PERSON)
    assert who.errors == {}
    assert who.values == {
        "name": "欧阳·阿卜杜拉",
        "identity": {"kind": "resident_identity_card", "number": "11010519491231002X"},
        "mobile": "13800138000",
        "born": "1949-12-31",
    }
    shop = check_step(STREET_SHOP, "shop", SHOP, PERSON)
    assert shop.errors == {}
    assert shop.values == {
        "address": {"region": "云澜市青溪区", "detail": "书院路18号"},
        "area": "48.5",
        "staff": 3,
        "capital": 12_000_050,
        "rented": False,
        "goods": ["hot", "cold"],
    }


def test_wrong_answers_have_a_sentence_and_stay_as_typed() -> None:
    typed = WHO | {"mobile": "12345", "identity_number": "110105194912310021", "born_month": "13"}
    checked = check_step(STREET_SHOP, "who", typed, PERSON)
    assert set(checked.errors) == {"mobile", "identity", "born"}
    assert all(sentence.endswith(".") for [sentence] in checked.errors.values())
    assert checked.shown["mobile"] == "12345"
    assert checked.shown["born"] == {"year": "1949", "month": "13", "day": "31"}
    assert checked.values["name"] == "欧阳·阿卜杜拉"


def test_what_is_missing_is_named() -> None:
    checked = check_step(STREET_SHOP, "who", {}, PERSON)
    assert set(checked.errors) == {"name", "identity", "mobile", "born"}
    assert checked.errors["name"] == ["Please fill in: Name"]
    with translation.override("zh-hans"):
        assert "姓名" in check_step(STREET_SHOP, "who", {}, PERSON).errors["name"][0]


def test_a_question_for_enterprises_is_not_asked_of_a_person() -> None:
    enterprise = PERSON | {"applicant": {"kind": "enterprise"}}
    assert "company" in check_step(STREET_SHOP, "who", WHO, enterprise).errors
    typed = WHO | {"company": "91110000600037341L"}
    assert "company" not in check_step(STREET_SHOP, "who", typed, PERSON).values
    assert check_step(STREET_SHOP, "who", typed, enterprise).values["company"] == "91110000600037341L"


def test_an_answer_to_a_question_not_asked_is_dropped_and_spoken_of_nowhere() -> None:
    checked = check_step(STREET_SHOP, "shop", SHOP | {"rent": "nonsense"}, PERSON)
    assert "rent" not in checked.values
    assert "rent" not in checked.errors
    asked = check_step(STREET_SHOP, "shop", SHOP | {"rented": "yes", "rent": "200000"}, PERSON)
    assert asked.errors == {"rent": ["The rent is less than the capital"]}
    assert check_step(STREET_SHOP, "shop", SHOP | {"rented": "yes", "rent": "2000"}, PERSON).ok


def test_a_late_question_explains_itself_on_a_page_and_is_only_missing_over_the_api() -> None:
    page = SHOP | {"area": "80", "asked": ""}
    assert check_step(STREET_SHOP, "shop", page, PERSON).errors == {
        "kitchen": ["After your other answers we also need: Kitchen"]
    }
    again = page | {"asked": "rent kitchen"}
    assert check_step(STREET_SHOP, "shop", again, PERSON).errors == {"kitchen": ["Please choose an answer: Kitchen"]}
    assert check_step(STREET_SHOP, "shop", page | {"kitchen": "open"}, PERSON).ok


def test_all_answers_are_judged_again_together() -> None:
    values = check_step(STREET_SHOP, "who", WHO, PERSON).values | check_step(STREET_SHOP, "shop", SHOP, PERSON).values
    assert check_all(STREET_SHOP, values, PERSON).values == values
    assert check_all(STREET_SHOP, values, PERSON).ok
    assert set(check_all(STREET_SHOP, values | {"area": "80"}, PERSON).errors) == {"kitchen"}
    assert "mobile" in check_all(STREET_SHOP, {**values, "mobile": "1"}, PERSON).errors


def test_a_supplement_judges_only_its_own_questions() -> None:
    values = check_step(STREET_SHOP, "shop", SHOP, PERSON).values
    context = PERSON | {"form": values}
    checked = check_step(STREET_SHOP, "shop", {"area": "90"}, context, only=frozenset({"area"}))
    assert checked.values == {"area": "90"}
    assert checked.errors == {}


def test_the_date_of_birth_does_not_lie_in_the_future() -> None:
    typed = WHO | {"born_year": "2026", "born_month": "11", "born_day": "24"}
    assert "future" in check_step(STREET_SHOP, "who", typed, PERSON).errors["born"][0]


@pytest.mark.parametrize(
    "name", ["王𬭎", "张㛃", "䶮·古丽", "李𠮷", "Jean-Luc O'Neill", "阿迪力·吐尔逊", "阿迪力•吐尔逊"]
)
def test_rare_characters_and_middle_dots_belong_in_names(name: str) -> None:
    checked = check_step(STREET_SHOP, "who", WHO | {"name": name}, PERSON)
    assert checked.errors == {}
    assert checked.values["name"] == name.replace("•", "·")


@pytest.mark.parametrize("name", ["张3", "<b>王</b>", "\ue123", "···", "😀"])
def test_what_is_no_name_is_refused_with_a_sentence(name: str) -> None:
    assert "name" in check_step(STREET_SHOP, "who", WHO | {"name": name}, PERSON).errors


@pytest.mark.parametrize(
    "typed", [{"born": "2001-02-03"}, {"born": "2001年2月3日"}, {"born": "２００１／２／３"}, {"born": "20010203"},
              {"born_year": "2001年", "born_month": "２", "born_day": "03"}]
)  # fmt: skip
def test_dates_as_people_write_them(typed: dict[str, object]) -> None:
    plain = {key: value for key, value in WHO.items() if not key.startswith("born")}
    assert check_step(STREET_SHOP, "who", plain | typed, PERSON).values["born"] == "2001-02-03"


hostile = st.one_of(
    st.text(max_size=300),
    st.just("\x00" * 10),
    st.just("9" * 60_000),
    st.just("<script>alert(1)</script>"),
    st.just("\ud800"),
    st.just("1e999999"),
    st.integers(),
    st.just(10**5000),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.text(max_size=5), max_size=4),
    st.dictionaries(
        st.sampled_from(["kind", "number", "region", "detail", "year", "month", "day"]), st.text(max_size=9)
    ),
    st.text(alphabet="0123456789-./X年月日١٢٣", max_size=20),
)
NAMES = [
    name
    for field in STREET_SHOP.fields()
    for name in (field.key, *(f"{field.key}_{part}" for part in ("kind", "number", "year", "day", "region", "detail")))
]


@given(typed=st.dictionaries(st.sampled_from([*NAMES, "asked"]), hostile, max_size=12))
def test_nothing_that_is_sent_raises(typed: dict[str, Any]) -> None:
    for step in STREET_SHOP.steps:
        checked = check_step(STREET_SHOP, step.key, typed, PERSON)
        str(checked.shown).encode()
        again = check_all(STREET_SHOP, checked.values, PERSON)
        assert {key: again.values.get(key) for key in checked.values if key not in again.errors} == {
            key: value for key, value in checked.values.items() if key not in again.errors
        }
        visible_fields(STREET_SHOP, typed, PERSON)


@given(typed=st.dictionaries(st.sampled_from(NAMES), hostile, max_size=12))
def test_nothing_that_is_kept_fails_to_show(typed: dict[str, Any]) -> None:
    for language in ("zh-hans", "en"):
        shown(STREET_SHOP, check_step(STREET_SHOP, "shop", typed, PERSON).values, PERSON, language)
        shown(STREET_SHOP, typed, PERSON, language)


def test_shown_masks_numbers_and_speaks_both_languages() -> None:
    values = check_step(STREET_SHOP, "who", WHO, PERSON).values | check_step(STREET_SHOP, "shop", SHOP, PERSON).values
    chinese = {row.key: row.words for step in shown(STREET_SHOP, values, PERSON, "zh-hans") for row in step.rows}
    assert chinese["identity"].endswith("110***********002X")
    assert chinese["mobile"] == "138****8000"
    assert chinese["born"] == "1949年12月31日"
    assert chinese["area"] == "48.5 平方米"
    assert chinese["goods"] == "热食、冷食"
    assert chinese["capital"] == "120,000.50 元"
    assert chinese["rented"] == "否"
    english = {row.key: row for step in shown(STREET_SHOP, values, PERSON, "en", sight="full") for row in step.rows}
    assert english["identity"].words.endswith("11010519491231002X")
    assert english["identity"].is_personal
    assert not english["area"].is_personal
    assert english["goods"].words == "Hot food, Cold food"


def test_bank_numbers_and_telephones_are_masked_as_far_as_sight_says() -> None:
    form = FormDocument.model_validate(
        {
            "title": "津贴",
            "steps": [
                {
                    "key": "pay",
                    "title": "领取",
                    "fields": [
                        {"key": "bank", "type": "text", "label": "银行卡号", "format": "bank_account"},
                        {"key": "phone", "type": "phone", "label": "电话"},
                    ],
                }
            ],
        }
    )
    values = {"bank": "6222021234567890128", "phone": "13900001234"}

    def seen(sight: Sight) -> list[tuple[str, bool]]:
        (step,) = shown(form, values, PERSON, "zh-hans", sight=sight)
        return [(row.words, row.is_masked) for row in step.rows]

    assert {"masked": seen("masked"), "contact": seen("contact"), "full": seen("full")} == {
        "masked": [("6222***********0128", True), ("139****1234", True)],
        "contact": [("6222***********0128", True), ("13900001234", False)],
        "full": [("6222021234567890128", False), ("13900001234", False)],
    }


def test_typed_from_keeps_lists_only_where_several_answers_are_asked() -> None:
    post = {"goods": ["hot", "cold"], "area": ["1", "2"], "stray": ["x"], "asked": [""]}
    typed = typed_from(STREET_SHOP.step("shop"), lambda name: post.get(name, []))
    assert typed == {"goods": ["hot", "cold"], "area": "1", "asked": ""}


def _long_form() -> FormDocument:
    fields: list[dict[str, Any]] = [
        {"key": "first", "type": "choice", "label": "选", "options": [{"value": "a", "label": "甲"}]}
    ]
    for place in range(299):
        kind = ("text", "integer", "date", "money", "decimal")[place % 5]
        field: dict[str, Any] = {"key": f"f{place}", "type": kind, "label": f"问题{place}"}
        if place % 3 == 0:
            field["condition"] = 'form.first == "a"'
        if kind in {"integer", "money"} and place < 163:
            field["checks"] = [{"expression": f"form.f{place} >= 0 and form.f1 < 99", "message": "错"}]
        fields.append(field)
    return FormDocument.model_validate({"title": "长表", "steps": [{"key": "all", "title": "全部", "fields": fields}]})


def test_three_hundred_fields_with_sixty_five_rules_take_no_time() -> None:
    document = _long_form()
    assert sum(len(field.checks) for field in document.fields()) == 65
    samples = {"text": "甲", "integer": "12", "date": "2024-01-02", "money": "1.50", "decimal": "2.5", "choice": "a"}
    typed = {field.key: samples[field.type] for field in document.fields()}
    assert check_step(document, "all", typed, PERSON).ok
    times = []
    for _try in range(7):
        started = time.perf_counter()
        check_step(document, "all", typed, PERSON)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.030
