from pathlib import Path

import pytest

from tongban.base.postgres.login import Login
from tongban.site.configuration import NotConfigured, read


def test_nothing_is_needed_to_begin(tmp_path: Path) -> None:
    known = read({"TONGBAN_VAR": str(tmp_path)})
    assert known.embedded
    assert known.database is None
    assert not known.demo
    assert not known.debug


def test_keys_are_made_once_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    first, second = (read({"TONGBAN_VAR": str(tmp_path)}) for _ in range(2))
    assert first == second
    assert len({first.data_keys[1], first.index_keys[1], first.ledger_key, bytes.fromhex(first.secret_key)}) == 4
    made = sorted(path.name for path in (tmp_path / "secrets").iterdir())
    assert made == ["data-key", "index-key", "ledger-key", "secret-key"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}


def test_data_keys_can_be_given_and_turned_over(tmp_path: Path) -> None:
    keys = f"1:{'ab' * 32},2:{'cd' * 32}"
    assert read({"TONGBAN_VAR": str(tmp_path), "TONGBAN_DATA_KEYS": keys}).data_keys == {
        1: b"\xab" * 32,
        2: b"\xcd" * 32,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TONGBAN_DEMO", "perhaps"),
        ("TONGBAN_DEBUG", "2"),
        ("TONGBAN_WEB_THREADS", "many"),
        ("TONGBAN_WEB_THREADS", "0"),
        ("TONGBAN_DATA_KEYS", "1:abc"),
        ("TONGBAN_DATA_KEYS", "256:" + "ab" * 32),
        ("TONGBAN_DATA_KEYS", "ab" * 32),
        ("TONGBAN_INDEX_KEY", "zz" * 32),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(NotConfigured, match=name):
        read({"TONGBAN_VAR": str(tmp_path), name: value})


def test_a_database_of_ones_own(tmp_path: Path) -> None:
    given = {
        "TONGBAN_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql://app:s%2Fecret@db.example:6432/city?sslmode=require",
        "DATABASE_OWNER_URL": "postgresql://owner@db.example/city",
    }
    known = read(given)
    assert not known.embedded
    assert known.database is not None
    assert known.database.app.password == "s/ecret"
    assert known.database.app.options == {"sslmode": "require"}
    assert known.database.owner.user == "owner"
    assert "ecret" not in repr(known.database)


def test_an_address_reads_as_it_was_written() -> None:
    login = Login(database="city", user="app", host="/run/x y", port="5432", password="a:b@c/d")
    assert Login.parse(login.address) == login


def test_officials_sign_in_with_a_second_factor_unless_it_is_the_demo(tmp_path: Path) -> None:
    told = {"TONGBAN_VAR": str(tmp_path)}
    assert read(told).second_factor == "officials"
    assert read(told | {"TONGBAN_DEMO": "on"}).second_factor == "off"
    assert read(told | {"TONGBAN_SECOND_FACTOR": "everybody"}).second_factor == "everybody"
    with pytest.raises(NotConfigured, match="TONGBAN_SECOND_FACTOR"):
        read(told | {"TONGBAN_SECOND_FACTOR": "on"})


def test_secrets_may_lie_in_files_that_a_store_lays_down(tmp_path: Path) -> None:
    for name, value in (("metrics", "x" * 20), ("mail", "smtps://user:secret@mail.example:465")):
        (tmp_path / name).write_text(f"{value}\n")
    told = {
        "TONGBAN_VAR": str(tmp_path / "var"),
        "TONGBAN_METRICS_TOKEN_FILE": str(tmp_path / "metrics"),
        "TONGBAN_EMAIL_URL_FILE": str(tmp_path / "mail"),
    }
    known = read(told)
    assert (known.metrics_token, known.email_url) == ("x" * 20, "smtps://user:secret@mail.example:465")
    with pytest.raises(NotConfigured, match="TONGBAN_SECRET_KEY_FILE"):
        read(told | {"TONGBAN_SECRET_KEY_FILE": str(tmp_path / "absent")})
