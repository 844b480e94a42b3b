"""What is in the repository is meant for everybody."""

import re

from tests.house.house import name_of, tracked

REGISTRIES = (("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"))
"""Names of package registries, in pieces, so that this file does not name them either."""
LARGEST = 2 * 1024 * 1024


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found.append((name_of(path), content.decode("utf-8", errors="replace")))
    return found


def test_no_file_names_a_package_registry() -> None:
    named = re.compile("|".join(re.escape(".".join(parts)) for parts in REGISTRIES))
    assert not [name for name, text in _texts() if named.search(text)]


def test_no_lock_file_says_where_to_download() -> None:
    locks = {"package-lock.json", "requirements.txt", "requirements-development.txt"}
    texts = {name: text for name, text in _texts() if name in locks}
    assert set(texts) == locks
    address = re.compile(r'"resolved"|\.tgz|\.whl|--(extra-)?index-url|--find-links')
    assert not [name for name, text in texts.items() if address.search(text)]


def test_no_file_names_a_path_of_a_makers_machine() -> None:
    path = "/wo" + "rk/"
    assert not [name for name, text in _texts() if path in text]


def test_nothing_is_left_undone() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r"\b")
    assert not [name for name, text in _texts() if name.startswith(("src/", "tools/", "tests/")) and marks.search(text)]


def test_files_are_of_a_decent_size() -> None:
    assert not [name_of(path) for path in tracked() if path.stat().st_size > LARGEST]
