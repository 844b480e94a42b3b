"""Files to records: JSON, CSV, XLSX, folders of them. Hostile files are refused in a sentence."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from tongban.catalogue.importing.records import Problem, Record, Value

Fits = Callable[[Mapping[str, Value]], bool]
SUFFIXES = (".json", ".csv", ".xlsx")
MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_UNPACKED = 512 * 1024 * 1024
MOST_RATIO = 200
MOST_ENTRIES = 2000
LONGEST_CELL = 100_000
DEEPEST = 40
"""Levels of nesting; a guide needs four."""
ENCODINGS = ("utf-8-sig", "gb18030")
WRAPPERS = 3
"""How deep a list of guides may be wrapped: {"data": {"list": […]}}."""


class Unreadable(ValueError):  # noqa: N818 - says what is wrong with a file
    """The file as a whole cannot be read, and why."""


def files_in(paths: list[Path]) -> tuple[list[Path], list[Problem]]:
    """Return the files to read, folders gone through in the order of names, and paths that are not there."""
    found: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
            found += inside
            if not inside:
                problems.append(Problem(str(path), 0, "", _("No JSON, CSV or XLSX file in this folder.")))
        elif path.is_file():
            found.append(path)
        else:
            problems.append(Problem(str(path), 0, "", _("There is no such file.")))
    return list(dict.fromkeys(found)), problems


def records_of(path: Path, fits: Fits, problems: list[Problem]) -> list[Record]:
    """Return the records of a file. Rows that cannot be read, or the whole file, are added to `problems`.

    `fits` says whether an object's fields are those of a record, and not of an envelope around records.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(_("Larger than %(size)d MB.") % {"size": MOST_BYTES // 1024 // 1024})
        match path.suffix.lower():
            case ".json":
                return list(_json_records(path, fits, problems))
            case ".csv":
                return list(_csv_records(path, problems))
            case ".xlsx":
                return list(_xlsx_records(path, problems))
            case _:
                _refuse(_("Only JSON, CSV and XLSX files can be read."))
    except Unreadable as wrong:
        problems.append(Problem(path.name, 0, "", str(wrong)))
    except OSError:
        problems.append(Problem(path.name, 0, "", _("This file cannot be opened.")))
    return []


def _refuse(reason: str) -> None:
    raise Unreadable(reason)


def text_of(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or GB 18030 (GBK, GB 2312); raises Unreadable."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ENCODINGS
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    message = _("This is no text in UTF-8, UTF-16 or GB 18030.")
    raise Unreadable(message)


def _json_records(path: Path, fits: Fits, problems: list[Problem]) -> Iterator[Record]:
    document = _document(text_of(path.read_bytes()))
    if _depth(document) > DEEPEST:
        _refuse(_("Nested too deeply."))
    tables = _tables_within(document, fits)
    if sum(len(rows) for _sheet, rows in tables) > MOST_ROWS:
        _refuse(_("More than %(most)d rows.") % {"most": MOST_ROWS})
    for sheet, rows in tables:
        for number, row in enumerate(rows, start=1):
            if isinstance(row, dict) and row:
                yield Record(path.name, number, row, sheet)
            else:
                problems.append(Problem(path.name, number, "", _("Not an object with fields.")))


def _document(text: str) -> Value:
    try:
        return json.loads(text)
    except RecursionError as wrong:
        raise Unreadable(_("Nested too deeply.")) from wrong
    except json.JSONDecodeError as wrong:
        words = _("Not JSON: line %(line)d, column %(column)d.") % {"line": wrong.lineno, "column": wrong.colno}
        raise Unreadable(words) from wrong
    except ValueError as wrong:
        raise Unreadable(_("Holds a number that is too long.")) from wrong


def _depth(document: Value) -> int:
    """How deeply a document is nested, without recursion; stops counting past the bound."""
    level, here = 0, [document]
    while here and level <= DEEPEST:
        level += 1
        here = [
            inner
            for one in here
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return level


def _tables_within(document: Value, fits: Fits) -> list[tuple[str, list[Value]]]:
    """One object, a list, or either in envelopes: {"data": {"list": […]}}; several lists in one object are sheets."""
    for _level in range(WRAPPERS):
        if isinstance(document, list):
            return [("", document)]
        if not isinstance(document, dict) or fits(document):
            break
        sheets = {name: one for name, one in document.items() if _is_rows(one)}
        inner = [one for one in document.values() if isinstance(one, dict)]
        if len(sheets) > 1:
            return list(sheets.items())
        if len(sheets) + len(inner) != 1:
            break
        document = next(iter(sheets.values()), None) or inner[0]
    return [("", document if isinstance(document, list) else [document])]


def _is_rows(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _csv_records(path: Path, problems: list[Problem]) -> Iterator[Record]:
    text = text_of(path.read_bytes())
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        yield from _from_rows(
            path.name, "", ((number, list[Value](row)) for number, row in enumerate(reader, start=1)), problems
        )
    except csv.Error as wrong:
        raise Unreadable(_("Line %(line)d is no CSV.") % {"line": reader.line_num}) from wrong


def _dialect(text: str) -> type[csv.Dialect]:
    head = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=head.count)

    class Found(csv.excel):
        delimiter = separator

    return Found


def _xlsx_records(path: Path, problems: list[Problem]) -> Iterator[Record]:
    _check_archive(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, DefusedXmlException) as wrong:
        raise Unreadable(_("This is no XLSX workbook.")) from wrong
    try:
        for sheet in book.worksheets:
            rows = ((number, list[Value](row)) for number, row in enumerate(sheet.iter_rows(values_only=True), start=1))
            yield from _from_rows(path.name, sheet.title, rows, problems)
    except (zipfile.BadZipFile, KeyError, ValueError, ParseError, DefusedXmlException) as wrong:
        if isinstance(wrong, Unreadable):
            raise
        raise Unreadable(_("This workbook is damaged.")) from wrong
    finally:
        book.close()


def _check_archive(path: Path) -> None:
    """Refuse what would unpack to a multiple of itself before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as wrong:
        raise Unreadable(_("This is no XLSX workbook.")) from wrong
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(1, path.stat().st_size)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or (ratio > MOST_RATIO and unpacked > MOST_BYTES):
        _refuse(_("This workbook unpacks to far more than it is."))


def _from_rows(
    file: str, sheet: str, rows: Iterator[tuple[int, list[Value]]], problems: list[Problem]
) -> Iterator[Record]:
    """The first row that is not empty names the fields; formulas are not worked out, they are reported."""
    place = f"{file}[{sheet}]" if sheet else file
    names: list[str] = []
    for number, cells in rows:
        if number > MOST_ROWS:
            _refuse(_("More than %(most)d rows.") % {"most": MOST_ROWS})
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            _refuse(_("More than %(most)d columns.") % {"most": MOST_COLUMNS})
        if not names:
            names = [str(cell if cell is not None else "").strip().lstrip("\ufeff") for cell in cells]
            continue
        wrong = _wrong_cell(names, cells)
        if wrong is None:
            yield Record(file, number, dict(zip(names, cells, strict=False)), sheet)
        else:
            problems.append(Problem(place, number, *wrong))


def _wrong_cell(names: list[str], cells: list[Value]) -> tuple[str, str] | None:
    if len(cells) > len(names):
        return "", _("More cells than the header has names.")
    for name, cell in zip(names, cells, strict=False):
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            return name, _("Longer than %(most)d characters.") % {"most": LONGEST_CELL}
        if isinstance(cell, str) and cell.startswith("="):
            return name, _("A formula. Save the sheet with values and try again.")
    return None
