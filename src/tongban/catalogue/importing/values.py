"""Values as sources write them: texts, lists, numbers, yes and no, limits, amounts, articles of law."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from tongban.base.text import clean_lines
from tongban.catalogue.importing.mapping import Source
from tongban.catalogue.importing.records import Broken, Remarks, Value

LONGEST_TEXT = 20_000
MOST_DIGITS = 7
YES = frozenset({"是", "1", "true", "yes", "y", "有", "需要", "收费"})
NO = frozenset({"否", "0", "false", "no", "n", "无", "没有", "不需要", "不收费"})
_UNIT_WORDS = {
    "working_day": "工作日 个工作日 天(工作日)",
    "calendar_day": "日 天 自然日 个自然日 日历日 天(自然日)",
    "hour": "小时 个小时 时",
    "working_hour": "工作小时 个工作小时 工时",
    "month": "月 个月",
    "on_the_spot": "即办 即办件 当场办结 当场 即时 即时办结 立等可取",
}
UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
"""Words for units. Codes of units drift between systems: a mapping has to name them."""
_NUMBER_AND_UNIT = re.compile(r"^(\d+)\s*(\D*)$")
_LAW = re.compile(r"^(《[^》]+》(?:\s*[((][^()()]*[))])*)\s*(.*)$")
_SAME = re.compile(r"^(?:同上|同法|前述)\s*(.*)$")


def raw(fields: Mapping[str, Value], path: str) -> Value:
    """Return the value at a dotted path; None where it leads nowhere. A field named with dots comes first."""
    if path in fields:
        return fields[path]
    here: Value = fields
    for name in path.split("."):
        if not isinstance(here, dict):
            return None
        here = here.get(name)
    return here


def text(fields: Mapping[str, Value], source: Source, remarks: Remarks | None = None) -> str:
    """Return an element as text, empty where the source holds nothing. Raises Broken."""
    if source.constant is not None:
        return str(source.constant)
    if source.format:
        return _formatted(fields, source)
    for path in source.from_:
        found = _text_at(fields, path, source)
        if found:
            return _coded(found, path, source, remarks)
    return ""


def _formatted(fields: Mapping[str, Value], source: Source) -> str:
    """Put several fields together: "{rightsCode}-{ywCode}"; empty where one is missing."""
    names = re.findall(r"{([^{}]+)}", source.format)
    values = {name: plain(raw(fields, name), name) for name in names}
    if not all(values.values()):
        return ""
    return re.sub(r"{([^{}]+)}", lambda match: values[match[1]], source.format)


def _text_at(fields: Mapping[str, Value], path: str, source: Source) -> str:
    value = raw(fields, path)
    if isinstance(value, list) and all(isinstance(one, (str, int, float)) for one in value):
        value = "\n".join(map(str, value))
    found = plain(value, path)
    if found in source.empty:
        return ""
    if source.before:
        end = plain(raw(fields, source.before), source.before)
        found = found.split(f"-{end}", 1)[0] if end else found
    return found


def plain(value: Value, path: str) -> str:
    """Return a value as clean text; raises Broken for objects and for what is too long."""
    if value is None or value == "":
        return ""
    if isinstance(value, (dict, list)):
        raise Broken(path, _("Text is expected here, not a list or an object."))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = clean_lines(str(value))
    if len(found) > LONGEST_TEXT:
        raise Broken(path, _("Longer than %(most)d characters.") % {"most": LONGEST_TEXT})
    return found


def _coded(found: str, path: str, source: Source, remarks: Remarks | None) -> str:
    for part, meaning in source.contains.items():
        if part in found:
            return meaning
    if source.codes:
        if found in source.codes:
            return source.codes[found]
        if remarks is not None:
            remarks.add(path, _("“%(value)s” is not known; taken as not stated.") % {"value": found[:80]})
        return ""
    return "" if source.contains else found


def texts(fields: Mapping[str, Value], source: Source, remarks: Remarks | None = None) -> tuple[str, ...]:
    """Return an element as a list: a list in the source, or a text split at the given characters."""
    if source.constant is not None:
        return tuple(map(str, source.constant)) if isinstance(source.constant, list) else (str(source.constant),)
    for path in source.from_:
        entries = _entries(raw(fields, path), path, source)
        if entries:
            meant = [_coded(entry, path, source, remarks) for entry in entries]
            return tuple(dict.fromkeys(filter(None, meant)))
    return ()


def _entries(value: Value, path: str, source: Source) -> list[str]:
    if isinstance(value, list):
        found = [plain(one, path) for one in value]
    else:
        whole = plain(value, path)
        found = re.split(f"[{re.escape(source.split)}]", whole) if source.split else [whole]
    return [one.strip() for one in found if one.strip() not in source.empty]


def number(fields: Mapping[str, Value], source: Source) -> int | None:
    """Return a whole number, None where nothing is stated; raises Broken for anything else."""
    found = text(fields, source)
    if not found:
        return None
    return _whole(found, ", ".join(source.from_))


def _whole(found: str, path: str) -> int:
    figures = unicodedata.normalize("NFKC", found).strip()
    figures = figures.removesuffix(".0")
    figures = figures.removesuffix("次").removesuffix("份").removesuffix("页").strip()
    if not figures.isascii() or not figures.isdigit() or len(figures) > MOST_DIGITS:
        raise Broken(path, _("“%(value)s” is no whole number.") % {"value": found[:80]})
    return int(figures)


def yes_or_no(fields: Mapping[str, Value], source: Source, remarks: Remarks) -> bool | None:
    """Return a yes or no; None where nothing is stated or it cannot be read (remarked)."""
    if source.constant is not None:
        return bool(source.constant)
    found = text(fields, source.model_copy(update={"empty": ("",)}))
    answer = unicodedata.normalize("NFKC", found).strip().lower()
    if answer in YES:
        return True
    if answer in NO:
        return False
    if answer:
        path = ", ".join(source.from_)
        remarks.add(path, _("“%(value)s” is neither yes nor no; taken as not stated.") % {"value": found[:80]})
    return None


def limit_value(found: str) -> tuple[int | None, str]:
    """Return value and unit of a limit as written: "5", "5个工作日", "即办". Unreadable: (None, "")."""
    figures = unicodedata.normalize("NFKC", found).strip()
    if figures in UNITS and UNITS[figures] == "on_the_spot":
        return None, "on_the_spot"
    match = _NUMBER_AND_UNIT.match(figures.removesuffix(".0"))
    if match is None or len(match[1]) > MOST_DIGITS:
        return None, ""
    return int(match[1]), UNITS.get(match[2].strip(), "")


def unit_of(word: str) -> str:
    """Return our unit for a word of the source; empty when it is not known."""
    return UNITS.get(unicodedata.normalize("NFKC", word).strip(), "")


def fen(value: Value, path: str) -> int | None:
    """Return an amount in yuan as fen; None where it is no plain amount."""
    found = unicodedata.normalize("NFKC", plain(value, path)).removesuffix("元").replace(",", "").strip()
    try:
        amount = Decimal(found) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 <= amount < 10**12:
        return None
    return int(amount)


def articles(entries: tuple[str, ...]) -> list[dict[str, str]]:
    """Return laws and their articles: 《不动产登记暂行条例》(国务院令第777号)第3-7条; 同上 means the law before."""
    found: list[dict[str, str]] = []
    law = ""
    for entry in entries:
        if same := _SAME.match(entry):
            found.append({"law": law or entry, "article": same[1].strip() if law else ""})
        elif match := _LAW.match(entry):
            law = match[1]
            found.append({"law": law, "article": match[2].strip()})
        else:
            law = entry
            found.append({"law": entry})
    return found
