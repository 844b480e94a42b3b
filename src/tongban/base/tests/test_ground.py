"""Text, money, ids, clock, registry: small things that everything stands on."""

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base import clock, ids, money, text
from tongban.base.actor import NOBODY, SYSTEM, Actor, PostHeld
from tongban.base.registry import Registry


@given(st.text())
def test_a_cleaned_line_is_one_line_and_stays_as_it_is(typed: str) -> None:
    line = text.clean_line(typed)
    assert text.clean_line(line) == line
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Co"} for char in line)
    assert "  " not in line
    assert line == line.strip(" ")


def test_a_line_that_can_be_printed_is_cleaned_like_any_other() -> None:
    for sign in map(chr, range(0x30000)):
        assert text.clean_line(f"a{sign}b") == text.clean_line(f"\x07a{sign}b"), hex(ord(sign))


@given(st.text())
def test_cleaned_lines_stay_as_they_are(typed: str) -> None:
    lines = text.clean_lines(typed)
    assert text.clean_lines(lines) == lines
    assert "\n\n\n" not in lines
    assert "\x00" not in lines


def test_chinese_text_keeps_its_own_signs() -> None:
    assert text.clean_line("　和平路 1 号，  “望江”\x00面馆 ") == "和平路 1 号， “望江” 面馆"
    assert text.clean_lines("一\r\n\r\n\r\n\r\n二\r三 ") == "一\n\n二\n三"
    assert text.narrow("（０７３１） ８２-Ａｂ") == "(0731)82AB"


@given(st.text(max_size=30))
def test_a_mask_hides_the_middle_and_keeps_the_length(number: str) -> None:
    shown = text.mask(number)
    assert len(shown) == len(number)
    assert set(shown[3:-2]) <= {"*"}
    if len(number) <= 5:
        assert set(shown) <= {"*"}


@pytest.mark.parametrize(("name", "shown"), [("张三", "*三"), ("欧阳娜娜", "***娜"), ("张", "张"), ("", "")])
def test_names_are_masked_as_offices_do(name: str, shown: str) -> None:
    assert text.mask_name(name) == shown


@given(st.integers(-(10**15), 10**15))
def test_yuan_come_back_as_the_same_fen(fen: int) -> None:
    yuan = Decimal(fen).scaleb(-2)
    assert money.to_fen(yuan) == fen
    assert money.to_fen(str(yuan)) == fen
    assert money.to_fen(money.yuan_words(fen).replace(",", "")) == fen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1.001",
        "NaN",
        "Infinity",
        "-inf",
        "1e30",
        "1e999999",
        "1E+999999999",
        "1e-9",
        "12345678901234567890123456789.01",
    ],
)
def test_what_is_no_amount_is_said_in_one_way(typed: str) -> None:
    with pytest.raises(ValueError, match="not"):
        money.to_fen(typed)


def test_amounts_are_read_easily() -> None:
    assert money.yuan_words(123450) == "1,234.50"
    assert money.yuan_words(-5) == "-0.05"


def test_ids_follow_each_other_and_are_never_the_same() -> None:
    made = [ids.new_id() for _one in range(5000)]
    assert len(set(made)) == len(made)
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in made)
    stamps = [one.int >> 80 for one in made]
    assert all(earlier <= later for earlier, later in pairwise(stamps))
    assert abs(stamps[-1] / 1000 - datetime.now(UTC).timestamp()) < 60


def test_threads_never_take_the_same_chance() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: ids.new_id(), range(20_000)))
    assert len({_chance(one) for one in made}) == len(made)


def test_a_forked_process_does_not_go_on_with_the_chances_of_its_parent() -> None:
    forking = """
import os
from tongban.base import ids
ids.new_id()
if child := os.fork():
    os.waitpid(child, 0)
os.write(1, "".join(f"{ids.new_id()}\\n" for _ in range(300)).encode())
"""
    told = subprocess.run([sys.executable, "-c", forking], capture_output=True, check=True, text=True)
    made = [_chance(UUID(one)) for one in told.stdout.split()]
    assert len(set(made)) == len(made) == 600


def _chance(made: UUID) -> int:
    """Return what of an id does not come of the time."""
    return made.int & ((1 << 62) - 1)


def test_codes_can_be_read_aloud() -> None:
    codes = {ids.new_code() for _one in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes)) & set("01IO")
    assert all(len(code) == 8 for code in codes)


def test_the_date_of_the_office_is_that_of_china() -> None:
    assert clock.office_date(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert clock.office_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert clock.now().tzinfo is not None


def test_a_registry_refuses_a_second_entry_under_one_name() -> None:
    colours: Registry[list[str]] = Registry("colour")
    red = colours.register("red", ["r"])
    assert colours.register("red", red) is red
    with pytest.raises(ValueError, match="colour 'red' is registered already"):
        colours.register("red", ["other"])
    assert list(colours) == ["red"]
    assert colours.values() == [red]
    assert colours["red"] is red
    assert "blue" not in colours
    with pytest.raises(KeyError, match="known: red"):
        colours["blue"]
    with pytest.raises(KeyError, match="known: none"):
        Registry[int]("number")["one"]


def test_an_actor_has_the_roles_of_the_posts_held() -> None:
    here, there = ids.new_id(), ids.new_id()
    post = PostHeld(ids.new_id(), here, "市监局", "受理岗", frozenset({"acceptance"}))
    clerk = Actor(kind="official", name="王", posts=(post,))
    assert clerk.has_role("acceptance")
    assert clerk.has_role("acceptance", here)
    assert not clerk.has_role("acceptance", there)
    assert not clerk.has_role("approval")
    assert clerk.post_ids == {post.id}
    assert clerk.organisation_ids == {here}
    assert NOBODY.is_nobody
    assert not SYSTEM.is_nobody
    assert not SYSTEM.is_official
