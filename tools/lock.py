"""Pins the dependencies of pyproject.toml with hashes, for every platform, without any address of a registry."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS: dict[str, list[str]] = {"requirements.txt": [], "requirements-development.txt": ["--extra", "development"]}
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--universal",
    "--python-version",
    "3.11",
]


def main() -> None:
    """Write the two files; what is pinned stays unless `--upgrade` is given."""
    for name, extra in LOCKS.items():
        arguments = ["pip", "compile", *OPTIONS, *extra, *sys.argv[1:], "-o", name, "pyproject.toml"]
        subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=ROOT, check=True)  # noqa: S603 - our own
        path = ROOT / name
        path.write_text(f"# Made by `make lock` from pyproject.toml.\n{path.read_text()}", encoding="utf-8")


if __name__ == "__main__":
    main()
