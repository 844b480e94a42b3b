"""Tables within a source: materials, fees, steps, articles of law, questions, places."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from typing import Any

from django.utils.translation import gettext as _

from tongban.catalogue.importing import values
from tongban.catalogue.importing.grouping import RawItem
from tongban.catalogue.importing.mapping import Alternatives, Fees, Mapping, Materials, Rows, Source
from tongban.catalogue.importing.records import Broken, Record, Remarks, Value

OWN_ROWS = "*"
MOST_ROWS = 500
Row = AnyMapping[str, Value]

MATERIAL_LISTS = frozenset({"forms"})
MATERIAL_NUMBERS = frozenset({"copies"})


def tables_of(item: RawItem, remarks: Remarks) -> dict[str, Any]:
    """Return the parts of a guide that are tables. Raises Broken."""
    mapping = item.mapping
    found: dict[str, Any] = {}
    if mapping.materials is not None:
        found |= _materials(item, mapping.materials, remarks)
    if mapping.fees is not None:
        found["fees"] = _fees(item, mapping.fees, remarks)
    if mapping.steps is not None:
        found["steps"] = [row for row in _texts_of(item, "steps", mapping.steps) if row.get("name")]
    if mapping.legal_basis is not None:
        laws = [row.get("name", "") for row in _texts_of(item, "legal_basis", mapping.legal_basis)]
        found["legal_basis"] = values.articles(tuple(filter(None, laws)))
    if mapping.questions is not None:
        found["questions"] = [
            row for row in _texts_of(item, "questions", mapping.questions) if row.get("question") and row.get("answer")
        ]
    if mapping.places is not None:
        found["places"] = _places(item, mapping.places)
    if mapping.intermediaries is not None:
        rows = _texts_of(item, "intermediaries", mapping.intermediaries)
        found["intermediaries"] = ["；".join(filter(None, row.values())) for row in rows]
    return found


def rows_of(item: RawItem, name: str, table: Rows) -> list[tuple[str, Row]]:
    """Return the rows of a table with their place in the source. Lists become objects by the names of their columns."""
    for path in table.rows:
        if path == OWN_ROWS:
            records = item.parts.get(name) or item.rows
            return _own_rows(records, table)
        listed = values.raw(item.record.fields, path)
        if listed in (None, "", []):
            continue
        if isinstance(listed, str):
            listed = [part for part in re.split(r"[\n;；]|→|—+>|-+>", listed) if part.strip()]
        if not isinstance(listed, list):
            raise Broken(path, _("A list is expected here."))
        if len(listed) > MOST_ROWS:
            raise Broken(path, _("More than %(most)d rows.") % {"most": MOST_ROWS})
        columns = _columns(item, table)
        return [(f"{path}[{number}]", _row(row, path, number, columns)) for number, row in enumerate(listed, 1)]
    return []


def _own_rows(records: list[Record], table: Rows) -> list[tuple[str, Row]]:
    """Rows of a sheet repeat what belongs to the item and not to the table: the same again counts once."""
    names = {name for source in table.fields.values() for name in source.from_}
    seen: set[str] = set()
    found: list[tuple[str, Row]] = []
    for record in records:
        told = repr(sorted((name, record.fields.get(name)) for name in names))
        if told not in seen:
            seen.add(told)
            found.append((f"{record.row}", record.fields))
    return found


def _columns(item: RawItem, table: Rows) -> list[str]:
    if not table.columns:
        return list(table.fixed_columns)
    named = values.raw(item.record.fields, table.columns)
    if named is None:
        return list(table.fixed_columns)
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise Broken(table.columns, _("A list of names is expected here."))
    return named


def _row(row: Value, path: str, number: int, columns: list[str]) -> Row:
    """`dict(zip(columns, row))`, but a row that does not have as many values as there are names is broken."""
    if isinstance(row, dict):
        return row
    if not isinstance(row, list):
        return {"": row}
    if not columns:
        place = f"{path}[{number}]"
        raise Broken(place, _("A row of values, but nothing names its columns."))
    if len(row) != len(columns):
        words = _("%(values)d values for %(columns)d columns.") % {"values": len(row), "columns": len(columns)}
        place = f"{path}[{number}]"
        raise Broken(place, words)
    return dict(zip(columns, row, strict=True))


def _texts_of(item: RawItem, name: str, table: Rows) -> list[dict[str, str]]:
    """Rows of which every element is text; a row that is itself a text is its name."""
    found = []
    for _place, row in rows_of(item, name, table):
        if set(row) == {""}:
            found.append({"name": values.plain(row[""], name)})
        else:
            found.append({key: values.text(row, source) for key, source in table.fields.items()})
    return [row for row in found if any(row.values())]


def _places(item: RawItem, table: Rows) -> list[dict[str, str]]:
    found = _texts_of(item, "places", table)
    return [{"name": _("Service window"), **{k: v for k, v in row.items() if v}} for row in found]


def _materials(item: RawItem, table: Materials, remarks: Remarks) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    remarks_by_row: list[str] = []
    for place, row in rows_of(item, "materials", table):
        material = _material(place, row, table, remarks)
        if material is None:
            continue
        material["key"] = f"m{len(found) + 1}"
        found.append(material)
        if table.alternatives is not None:
            remarks_by_row.append(values.plain(row.get(table.alternatives.from_), table.alternatives.from_))
    question = _alternatives(table.alternatives, found, remarks_by_row) if table.alternatives else None
    return {"materials": found, "situations": [question] if question else []}


def _material(place: str, row: Row, table: Materials, remarks: Remarks) -> dict[str, Any] | None:
    name = values.text(row, table.fields["name"])
    if not name:
        if any(values.text(row, source) for source in table.fields.values() if source.from_ and not source.codes):
            raise Broken(place, _("A material has no name."))
        return None
    material: dict[str, Any] = {"name": name}
    for key, source in table.fields.items():
        if key == "name":
            continue
        value: object
        if key in MATERIAL_LISTS:
            value = values.texts(row, source, remarks)
        elif key in MATERIAL_NUMBERS:
            value = values.number(row, source)
        else:
            value = values.text(row, source, remarks)
        if value not in (None, "", ()):
            material[key] = value
    _settle_need(row, table, material)
    return material


def _settle_need(row: Row, table: Materials, material: dict[str, Any]) -> None:
    """Whether it is needed in words we do not know: kept as words, and nobody is held up for it."""
    source = table.fields.get("need")
    stated = values.text(row, source.model_copy(update={"codes": {}, "contains": {}})) if source else ""
    if stated and "need" not in material:
        material |= {"need": "optional", "need_stated": stated}
    elif stated in {"信用免交", "信用后补"}:
        material["need_stated"] = stated


def _alternatives(rule: Alternatives, materials: list[dict[str, Any]], remarks: list[str]) -> dict[str, Any] | None:
    """Materials marked 申请人=个人, 申请人=国有单位 …: the reader is asked which of them is the case."""
    cases: dict[str, str] = {}
    for material, remark in zip(materials, remarks, strict=True):
        if not remark.startswith(rule.prefix):
            continue
        case = re.split(r"[;；,，。\n]", remark.removeprefix(rule.prefix), maxsplit=1)[0].strip()
        cases.setdefault(case, f"case{len(cases) + 1}")
        material["condition"] = f'situation.{rule.key} == "{cases[case]}"'
    if not cases:
        return None
    options = [{"value": value, "label": label} for label, value in cases.items()]
    options.append({"value": "other", "label": "以上都不是", "label_en": "None of these"})
    return {"key": rule.key, "title": rule.title, "title_en": rule.title_en, "options": options}


def _fees(item: RawItem, table: Fees, remarks: Remarks) -> list[dict[str, Any]]:
    found = []
    for _place, row in rows_of(item, "fees", table):
        fee: dict[str, Any] = {}
        for key, source in table.fields.items():
            value = values.yes_or_no(row, source, remarks) if key == "reducible" else values.text(row, source)
            if value not in (None, ""):
                fee[key] = value
        fee["items"] = _amounts(item, row, table, fee, remarks)
        if not fee.get("name") and (fee["items"] or fee.get("standard")):
            fee["name"] = _("Fee")
        if fee.get("name"):
            found.append(fee)
    return found


_AMOUNT_WORDS = re.compile(
    r"^(?P<label>[^\d¥]*?)[::]?\s*¥?(?P<amount>\d+(?:\.\d{1,2})?)\s*元\s*(?P<unit>[//每].{1,10})?$"
)


def _amounts(item: RawItem, row: Row, table: Fees, fee: dict[str, Any], remarks: Remarks) -> list[dict[str, Any]]:
    """Amounts as a table; a standard in words is read only where it is one plain amount: 10元/本."""
    rows = values.raw(row, table.amounts.rows[0]) if table.amounts else None
    if table.amounts is None or not isinstance(rows, list):
        match = _AMOUNT_WORDS.match(fee.get("standard", "").strip())
        amount = values.fen(match["amount"], "fee") if match else None
        if match is None or amount is None:
            return []
        unit = f"元{match['unit']}" if match["unit"] else "元"
        return [{"label": match["label"].strip() or fee.get("name", ""), "amount_fen": amount, "unit": unit}]
    path = table.amounts.rows[0]
    columns = list(table.amounts.fixed_columns)
    if table.amounts.columns:
        columns = _columns(item, table.amounts) or columns
    found, words = [], []
    for number, raw_row in enumerate(rows[:MOST_ROWS], 1):
        amount_row = _row(raw_row, path, number, columns)
        told = {key: values.text(amount_row, source) for key, source in table.amounts.fields.items()}
        amount = values.fen(told.get("amount", ""), path)
        if amount is None:
            remarks.add(
                f"{path}[{number}]", _("“%(value)s” is no amount; kept as words.") % {"value": told.get("amount")}
            )
            words.append(" ".join(filter(None, told.values())))
        else:
            found.append({"label": told.get("label", ""), "amount_fen": amount, "unit": told.get("unit", "")})
    if words:
        fee["standard"] = "；".join(filter(None, (fee.get("standard", ""), *words)))
        fee["partly_in_words"] = True
    return found


def sources_of(mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Go through the names of all fields of the record that the mapping reads."""
    identity = mapping.identity
    single: list[Source] = [
        *mapping.fields.values(),
        *mapping.result.values(),
        *mapping.further.values(),
        mapping.state,
    ]
    single += [identity.key, identity.code, identity.catalogue_code, identity.catalogue_name]
    single += [identity.implementation_code, identity.authority_name, identity.region_code]
    if identity.organisation is not None:
        single.append(identity.organisation.value)
    for limit in mapping.limits.values():
        single += [limit.value, limit.unit, limit.explain, limit.basis, limit.exclusions, limit.on_the_spot]
    tables = (mapping.materials, mapping.fees, mapping.steps, mapping.legal_basis, mapping.questions, mapping.places)
    for table in (*tables, mapping.intermediaries):
        if table is None:
            continue
        yield (*table.rows, table.columns)
        if OWN_ROWS in table.rows:
            single += table.fields.values()
    for source in single:
        yield source.from_
        yield tuple(re.findall(r"{([^{}]+)}", source.format))
    yield mapping.recognise.all
    for part in mapping.parts:
        yield part.key
