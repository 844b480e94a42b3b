"""What a field of any JSON takes."""

import pytest

from tongban.exchange.rules.entries import ItemDraft
from tongban.registers.rules.values import Wrong, checked

MARKS = ItemDraft(code="marks", name="成绩", type="G")


def _deep(levels: int) -> object:
    value: object = 1
    for _level in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [float("nan"), {"a": float("inf")}, ["\ud800"], {"a\x00": 1}, "\x00", _deep(21), _deep(5_000), {1, 2}]
)
def test_json_that_cannot_be_kept_is_refused_in_words(value: object) -> None:
    kept = {"maths": [1, None, "甲"]}
    assert checked([MARKS], {"marks": kept}, whole=True) == {"marks": kept}
    with pytest.raises(Wrong) as refusal:
        checked([MARKS], {"marks": value}, whole=True)
    assert list(refusal.value.fields) == ["marks"]
