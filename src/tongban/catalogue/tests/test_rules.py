from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue import rules
from tongban.catalogue.guide import Guide
from tongban.catalogue.rules import wording
from tongban.catalogue.rules.everyday import all_everyday_names, everyday_names_for
from tongban.catalogue.tests.building import restaurant


def names(guide: Guide, answers: dict[str, str]) -> list[str]:
    return [material.key for material in rules.applies(guide, answers, "enterprise").materials]


def test_only_what_applies() -> None:
    assert names(restaurant(), {"premises": "rented"}) == ["plan", "lease", "licence"]
    assert names(restaurant(), {"premises": "own"}) == ["plan", "licence"]
    applied = rules.applies(restaurant(), {"premises": "own"}, "enterprise")
    assert [material.key for material in applied.not_brought] == ["licence"]
    assert applied.complete
    assert not rules.applies(restaurant(), {}, "enterprise").complete


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.none(), st.lists(st.text()), st.integers())))
def test_only_offered_answers_count(answers: dict[str, Any]) -> None:
    kept = rules.clean_situation(restaurant(), answers)
    assert set(kept) <= {"premises"}
    assert set(kept.values()) <= {"own", "rented"}


def test_a_question_that_is_not_asked_counts_for_nothing() -> None:
    guide = restaurant(
        situations=[
            {"key": "a", "title": "甲？", "options": [{"value": "y", "label": "是"}, {"value": "n", "label": "否"}]},
            {
                "key": "b",
                "title": "乙？",
                "condition": 'situation.a == "y"',
                "options": [{"value": "y", "label": "是"}],
            },
        ],
        materials=[{"key": "m", "name": "材料", "condition": 'situation.b == "y"'}],
    )
    assert names(guide, {"a": "y", "b": "y"}) == ["m"]
    assert names(guide, {"a": "n", "b": "y"}) == []
    assert [question.key for question in rules.open_questions(guide, {"a": "y"}, "person")] == ["b"]


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("changes", "code", "for_readers"),
    [
        ({"visits": 0, "steps": [{"name": "照相"}]}, "no_visit_but_come", True),
        ({"visits": 1, "channels": ["web"], "visits_reason": "核验"}, "online_but_visits", True),
        (
            {"channels": ["web"], "materials": [{"key": "a", "name": "报告", "note": "现场提交"}]},
            "online_but_on_site_material",
            True,
        ),
        ({"visits": 2}, "visits_without_reason", False),
        ({"visits": 0, "channels": ["window"]}, "no_visit_not_online", True),
        ({"online": False}, "online_flag", False),
        ({"promised_limit": {"value": 21, "unit": "working_day"}}, "promise_longer", True),
        ({"handling_kind": "on_the_spot"}, "on_the_spot_with_days", True),
        ({"promised_limit": {"unit": "on_the_spot"}}, "promised_but_on_the_spot", False),
        ({"result": {"name": "许可证", "kind": "paper"}}, "result_is_licence", False),
        ({"result": {"name": "批复", "kind": "licence"}}, "result_is_paper", False),
        ({"charges": False, "fees": [{"name": "费"}]}, "free_but_fees", True),
        ({"charges": True}, "fee_not_stated", True),
        ({"materials": [{"key": "a", "name": "其他材料"}]}, "catch_all_material", True),
        ({"materials": [{"key": "a", "name": "章程", "note": "委托办理时提供"}]}, "required_in_some_cases", False),
        ({"consult_phone": "问前台"}, "phone", False),
        ({"steps": [{"name": "申请"}]}, "steps_incomplete", False),
    ],
)
def test_contradictions(changes: dict[str, Any], code: str, *, for_readers: bool) -> None:
    found = {one.code: one for one in rules.contradictions(restaurant(**changes))}
    assert code in found
    assert found[code].for_readers is for_readers
    assert str(found[code].words)


def test_a_guide_that_fits_together_says_nothing() -> None:
    assert rules.contradictions(restaurant()) == ()
    assert rules.contradictions(restaurant(steps=[{"name": "受理"}, {"name": "现场核查"}, {"name": "决定"}])) == ()
    unclear = rules.contradictions(restaurant(promised_limit={"value": 30, "unit": "calendar_day"}))
    assert [(one.code, one.for_readers) for one in unclear] == [("promise_not_comparable", False)]


def test_everyday_names() -> None:
    assert "开饭店" in everyday_names_for("食品（含保健食品）经营许可核发")
    assert "补身份证" in everyday_names_for("居民身份证补领")
    assert "买房过户" in everyday_names_for("国有建设用地使用权及房屋所有权转移登记")
    assert len(all_everyday_names()) >= 150
    assert {"开饭店", "开店", "上户口", "补身份证", "生孩子", "买房过户"} <= set(all_everyday_names())


def test_words_and_sounds() -> None:
    assert "".join(wording.pinyin_of("食品经营")) == "shipinjingying"
    assert wording.syllables_of("shipinjingying") == ("shi", "pin", "jing", "ying")
    assert wording.pairs_of(["食品京营"]) & wording.pairs_of(["食品经营许可"]) >= {"食品", "jin.yin"}
    assert wording.telling_words_of("我想开饭店需要什么") == ["开饭店"]


def test_syllables_are_kept_once() -> None:
    licence, change = wording.pinyin_of("食品经营许可"), wording.pinyin_of("许可证食品变更")
    assert (licence[:2], licence[4:]) == (change[3:5], change[:2]) == (("shi", "pin"), ("xu", "ke"))
    assert all(
        one is other for one, other in zip((*licence[:2], *licence[4:]), (*change[3:5], *change[:2]), strict=True)
    )


@given(st.text(max_size=80))
def test_no_text_is_too_odd_to_be_taken_apart(text: str) -> None:
    for word in wording.words_of(text) + wording.telling_words_of(text):
        assert not set(word) & set("'\\:&|!()<> ")
    wording.pairs_typed(text)
    wording.heard_as(text)
