"""Every text a person sees is there in Chinese."""

import subprocess
import sys

from tests.house.house import ROOT


def test_translations_are_complete() -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "messages.py"), "check"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
