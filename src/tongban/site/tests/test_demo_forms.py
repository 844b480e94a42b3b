"""The designed forms of the demo city say at once when the matter is not for whoever asks."""

from collections.abc import Mapping

import pytest

from tongban.forms.rules import FormDocument, check_step
from tongban.site.demo import content
from tongban.site.demo.people import resident_number

TODAY = "2026-11-26"
PASSPORT = {"kind": "passport", "number": "E12345678"}


def errors(form: str, step: str, typed: Mapping[str, object], **context: object) -> dict[str, list[str]]:
    document = FormDocument.model_validate(content.form(form))
    known = {"applicant": {"kind": "person", "who": "self"}, "situation": {}, "today": TODAY, "form": {}}
    return check_step(document, step, typed, known | context).errors


def elder(number: str) -> dict[str, object]:
    return {
        "elder_name": "周桂兰",
        "elder_id": number,
        "elder_address": {"region": "云汀市", "detail": "桂花路 3 号"},
        "living": "alone",
    }


@pytest.mark.parametrize(("born", "fits"), [("19461126", True), ("19461127", False), ("19400321", True)])
def test_the_old_age_allowance_begins_at_eighty(born: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    found = errors("old-age-allowance", "elder", elder(resident_number("330102", born)))
    assert ("elder_id" not in found) is fits
    assert fits or "八十周岁" in found["elder_id"][0]


@pytest.mark.parametrize(
    ("who", "applicant", "fits"), [("self", "self", True), ("family", "ward", True), ("self", "ward", False)]
)
def test_who_applies_agrees_with_what_was_said(who: str, applicant: str, fits: bool) -> None:  # noqa: FBT001
    found = errors(
        "old-age-allowance",
        "elder",
        elder(resident_number("330102", "19400321")),
        situation={"who": who},
        applicant={"kind": "person", "who": applicant},
    )
    assert ("elder_name" not in found) is fits


def test_a_residence_permit_is_for_citizens_after_half_a_year() -> None:
    person = {"name": "Anna Smith", "identity": PASSPORT, "phone": "13900000005", "registered_place": "—"}
    assert "出入境" in errors("residence-permit", "person", person)["identity"][0]
    living = {
        "home_address": {"region": "云汀市", "detail": "1 号"},
        "since": "2026-06-01",
        "home_kind": "own",
    }
    assert "半年" in errors("residence-permit", "living", living)["since"][0]
    assert errors("residence-permit", "living", living | {"since": "2026-05-01"}) == {}


def test_the_parent_with_whom_a_child_is_registered_is_entered() -> None:
    mother: dict[str, object] = {
        "applicant_role": "mother",
        "own_name": "李梅",
        "own_id": PASSPORT,
        "other_known": "no",
    }
    assert errors("birth-registration", "parents", mother, situation={"follows": "mother"}) == {}
    found = errors("birth-registration", "parents", mother, situation={"follows": "father"})
    assert "另一方" in found["other_known"][0]
    both = mother | {"other_known": "yes", "other_name": "王强", "other_id": PASSPORT}
    assert "您自己" in errors("birth-registration", "parents", both, situation={"follows": "father"})["other_id"][0]
