"""What is sealed opens only as it was sealed, where it was sealed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base import crypto
from tongban.base.crypto import CannotOpen

WHERE = "accounts_person.identity_number"
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert crypto.open_sealed(crypto.seal(text, context=WHERE), context=WHERE) == text


def test_two_seals_of_one_text_differ() -> None:
    assert crypto.seal("430102199003071234", context=WHERE) != crypto.seal("430102199003071234", context=WHERE)
    assert b"430102" not in crypto.seal("430102199003071234", context=WHERE)


def test_no_byte_can_be_changed_or_taken_away() -> None:
    sealed = crypto.seal("林知夏", context=WHERE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            crypto.open_sealed(bytes(changed), context=WHERE)
    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            crypto.open_sealed(sealed[:length], context=WHERE)


def test_a_value_cannot_move_to_another_column() -> None:
    with pytest.raises(CannotOpen):
        crypto.open_sealed(crypto.seal("林知夏", context=WHERE), context="accounts_person.name")


def test_a_new_key_seals_and_the_old_one_still_opens(settings: Any) -> None:
    settings.TONGBAN_DATA_KEYS = {1: OLD}
    before = crypto.seal("旧", context=WHERE)
    settings.TONGBAN_DATA_KEYS = {1: OLD, 2: NEW}
    after = crypto.seal("新", context=WHERE)
    assert (before[1], after[1]) == (1, 2)
    assert [crypto.open_sealed(one, context=WHERE) for one in (before, after)] == ["旧", "新"]
    settings.TONGBAN_DATA_KEYS = {2: NEW}
    assert crypto.open_sealed(after, context=WHERE) == "新"
    with pytest.raises(CannotOpen):
        crypto.open_sealed(before, context=WHERE)


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_index_is_equal_for_equal_texts_alone(one: str, other: str) -> None:
    assert (crypto.index(one, context=WHERE) == crypto.index(other, context=WHERE)) == (one == other)
    assert crypto.index(one, context=WHERE) != crypto.index(one, context="accounts_person.phone")


def test_the_index_hangs_on_its_key(settings: Any) -> None:
    settings.TONGBAN_INDEX_KEYS = {1: OLD}
    before = crypto.index("13900001234", context=WHERE)
    settings.TONGBAN_INDEX_KEYS = {1: OLD, 2: NEW}
    assert crypto.index("13900001234", context=WHERE) != before
    both = crypto.indexes("13900001234", context=WHERE)
    assert both == {1: before, 2: crypto.index("13900001234", context=WHERE)}
    assert len(before) == 32
