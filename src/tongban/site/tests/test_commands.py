import os
import subprocess
import sys
from pathlib import Path

import pytest

from tongban.site.commands import COMMANDS, parser


def _tongban(*arguments: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-m", "tongban", *arguments],
        env=kept | {"TONGBAN_VAR": str(var)} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([name, "--help"])
    assert ended.value.code == 0
    assert COMMANDS[name].HELP in capsys.readouterr().out


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_say_plainly_that_the_database_is_not_there(name: str, tmp_path: Path) -> None:
    ended = _tongban(name, var=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1] == (
        f"tongban {name}: The embedded PostgreSQL is not running: start `tongban serve` first, or set DATABASE_URL."
    )


def test_a_wrong_configuration_is_said_in_one_sentence(tmp_path: Path) -> None:
    ended = _tongban("check", var=tmp_path, TONGBAN_DEMO="perhaps")
    assert ended.returncode == 1
    assert ended.stderr == "tongban check: TONGBAN_DEMO is 'perhaps'; say on or off.\n"


def test_check_refuses_to_face_the_world_as_a_demonstration(tmp_path: Path) -> None:
    ended = _tongban("check", "--deploy", var=tmp_path, TONGBAN_DEMO="on")
    assert ended.returncode == 1
    assert "TONGBAN_DEMO is on" in ended.stdout
    assert "https://" in ended.stdout
