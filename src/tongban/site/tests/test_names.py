"""The table of names is what the configuration reads, and the page that operators read is the table."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tongban.site.configuration import read
from tongban.site.names import NAMES, Name

PAGE = Path(__file__).parents[4] / "docs" / "operate" / "configuration.md"


class Asked(Mapping[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, **given: str) -> None:
        self.given = given
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __len__(self) -> int:
        return len(self.given)


def test_every_name_that_is_read_is_told_and_the_other_way_round(tmp_path: Path) -> None:
    asked = Asked(TONGBAN_VAR=str(tmp_path), DATABASE_URL="postgresql://app@localhost/city")
    read(asked)
    assert asked.names == {name.name for name in NAMES} | {f"{name.name}_FILE" for name in NAMES if name.secret}


def test_the_page_is_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(name.name, name.means, name.without) for name in NAMES], "run tools/configuration_page.py"


def test_secrets_are_masked_and_the_rest_can_be_checked_by_eye() -> None:
    shown = {
        "postgresql://app:hidden@db:6432/city?sslmode=require": "postgresql://app:…@db:6432/city?sslmode=require",
        "postgresql://app@db/city?password=hidden": "postgresql://app@db/city?…",
        "s3+https://KEY:hidden@s3.example/bucket": "s3+https://KEY:…@s3.example/bucket",
        "host=db password=hidden": "…",
        "1:" + "ab" * 32: "…",
    }
    for value, expected in shown.items():
        assert Name("X", "", "", secret=True).shown({"X": value}) == expected
    assert Name("X", "", "nothing", secret=True).shown({}) == "(nothing)"
