"""Translations without the gettext programs: extract, compile and check the messages of each room.

tools/messages.py update [ROOM…]    look through sources and templates, keep what is translated
tools/messages.py compile [ROOM…]   write the .mo files (they are never committed)
tools/messages.py check [ROOM…]     fail on anything missing, empty, doubtful or out of use
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).resolve().parents[1] / "src" / "tongban"
LANGUAGE = "zh_Hans"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = frozenset({"tests", "migrations", "node_modules", "built"})
TEMPLATES = frozenset({".html", ".txt", ".xml", ".svg"})


def rooms() -> list[str]:
    """Return the names of all rooms."""
    return sorted(path.parent.name for path in SOURCES.glob("*/__init__.py"))


def catalogue_path(room: str) -> Path:
    """Return where a room keeps its translation."""
    return SOURCES / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def found_in(room: str) -> Catalog:
    """Return all messages in a room's sources and templates."""
    template = Catalog(charset="utf-8")
    for path, source in _readable(room):
        name = path.relative_to(SOURCES.parents[1]).as_posix()
        for line, message, comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            template.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return template


def _readable(room: str) -> Iterator[tuple[Path, str]]:
    """Go through a room's files as Python source; Django turns templates into such."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - after Django is configured

    for path in sorted((SOURCES / room).rglob("*")):
        inner = path.relative_to(SOURCES / room)
        if not path.is_file() or SKIPPED & set(inner.parts):
            continue
        if path.suffix == ".py":
            yield path, path.read_text(encoding="utf-8")
        elif path.suffix in TEMPLATES and "templates" in inner.parts:
            yield path, templatize(path.read_text(encoding="utf-8"), origin=str(inner))


def read(room: str) -> Catalog | None:
    """Return a room's translation, or None when it has none."""
    path = catalogue_path(room)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, charset="utf-8")


def update(room: str) -> None:
    """Bring a room's translation to its sources; what is translated stays."""
    template = found_in(room)
    if not len(template):
        return
    known = read(room) or Catalog(locale=LANGUAGE, charset="utf-8")
    known.update(template, no_fuzzy_matching=True, update_header_comment=False, keep_user_comments=True)
    known.obsolete.clear()
    known.fuzzy = False
    known.header_comment = f"# Chinese of the room {room}."
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, known, width=120, omit_header=False, include_lineno=False, sort_by_file=True)
    lines = text.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(_CHANGING)), encoding="utf-8")


_CHANGING = (
    '"Language-Team',
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Last-Translator',
    '"Project-Id',
    '"Report-',
)


def compile_room(room: str) -> None:
    """Write a room's .mo file, if its translation is newer."""
    source = catalogue_path(room)
    made = source.with_suffix(".mo")
    if not source.exists() or (made.exists() and made.stat().st_mtime >= source.stat().st_mtime):
        return
    known = read(room)
    if known is not None:
        fresh = made.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, known)
        fresh.replace(made)


def wrong_in(room: str) -> list[str]:
    """Return a sentence for each message of a room that is not right."""
    template = found_in(room)
    known = read(room)
    if known is None:
        return [f"{room}: no translation at all"] if len(template) else []
    wrong = []
    for message in template:
        if not message.id:
            continue
        translated = known.get(message.id, message.context)
        if translated is None or not translated.string or not all(_parts(translated.string)):
            wrong.append(f"{room}: not translated: {message.id!r}")
        elif translated.fuzzy:
            wrong.append(f"{room}: doubtful: {message.id!r}")
        else:
            wrong += [f"{room}: {problem} in {message.id!r}" for problem in translated.check()]
    wrong += [
        f"{room}: out of use: {old.id!r}" for old in known if old.id and template.get(old.id, old.context) is None
    ]
    return wrong


def _parts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def main() -> int:
    """Do one of the three for the rooms named, or for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("update", "compile", "check"))
    parser.add_argument("rooms", nargs="*", default=rooms(), metavar="ROOM")
    options = parser.parse_args()
    _configure()
    wrong: list[str] = []
    for room in options.rooms:
        if options.what == "update":
            update(room)
        elif options.what == "compile":
            compile_room(room)
        else:
            wrong += wrong_in(room)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


def _configure() -> None:
    """Django reads templates only with settings."""
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(USE_I18N=False)


if __name__ == "__main__":
    sys.exit(main())
