"""An item of a source to a guide. Nothing is guessed: what is not stated stays so, and says so."""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from tongban.catalogue.guide import Guide
from tongban.catalogue.importing import tables, values
from tongban.catalogue.importing.grouping import RawItem
from tongban.catalogue.importing.mapping import LimitSource, Mapping, Source
from tongban.catalogue.importing.records import Broken, Remarks, Value

LONGEST_NAME = 300
LISTS = frozenset(
    {"everyday_names", "audiences", "themes", "joint_authorities", "channels", "conditions", "contradictions"}
)
NUMBERS = frozenset({"visits"})
FLAGS = frozenset({"online", "charges"})
LICENCE_ENDINGS = ("证", "证书", "证》", "执照", "许可证", "正本", "副本", "证件")


@dataclass(frozen=True, slots=True)
class Read:
    """A guide as read, with what is known of it beside."""

    guide: Guide
    key: str
    code: str
    catalogue_code: str
    catalogue_name: str
    implementation_code: str
    authority_name: str
    region_code: str
    organisation_scheme: str
    organisation_value: str
    state: str


def read(item: RawItem, remarks: Remarks) -> Read:
    """Return the guide of an item; raises Broken with the source's field and the reason."""
    mapping, fields = item.mapping, item.record.fields
    document = _document(item, remarks)
    try:
        guide = Guide.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise Broken(".".join(map(str, first["loc"])), first["msg"]) from wrong
    identity = mapping.identity
    key = values.text(fields, identity.key)
    if not key:
        raise Broken(", ".join(identity.key.from_) or identity.key.format, _("Nothing tells this matter from others."))
    code = values.text(fields, identity.code) or key
    return Read(
        guide=guide,
        key=key,
        code=code,
        catalogue_code=(values.text(fields, identity.catalogue_code) or code)[:60],
        catalogue_name=values.text(fields, identity.catalogue_name)[:LONGEST_NAME],
        implementation_code=values.text(fields, identity.implementation_code)[:80],
        authority_name=values.text(fields, identity.authority_name)[:200],
        region_code=_region(values.text(fields, identity.region_code)),
        organisation_scheme=identity.organisation.scheme if identity.organisation else "",
        organisation_value=values.text(fields, identity.organisation.value) if identity.organisation else "",
        state=values.text(fields, mapping.state, remarks),
    )


def _region(code: str) -> str:
    """Fill up a code of 2 to 12 digits; anything else is no code."""
    return code.ljust(12, "0") if code.isascii() and code.isdigit() and 2 <= len(code) <= 12 else ""  # noqa: PLR2004


def _document(item: RawItem, remarks: Remarks) -> dict[str, Any]:
    mapping, fields = item.mapping, item.record.fields
    document: dict[str, Any] = {"has_guide": mapping.has_guide}
    for element, source in mapping.fields.items():
        _put_element(document, element, fields, source, remarks)
    _check_name(mapping, document)
    for element, limit in mapping.limits.items():
        document[element] = _limit(fields, limit, remarks)
    document |= tables.tables_of(item, remarks)
    document["result"] = _result(fields, mapping, remarks)
    document["further"] = [
        {"label": label, "text": found}
        for label, source in mapping.further.items()
        if (found := values.text(fields, source))
    ]
    _settle_kind(document, remarks)
    if mapping.has_guide and not document.get("audiences"):
        document["audiences"] = ["person", "enterprise"]
        remarks.add("audiences", _("Who may apply is not stated; nobody is kept out."))
    elif not mapping.has_guide:
        document["audiences"] = document.get("audiences", ())
    return document


def _put_element(
    document: dict[str, Any], element: str, fields: AnyMapping[str, Value], source: Source, remarks: Remarks
) -> None:
    found: object
    if element in LISTS:
        found = values.texts(fields, source, remarks)
    elif element in NUMBERS:
        found = values.number(fields, source)
    elif element in FLAGS:
        found = values.yes_or_no(fields, source, remarks)
    else:
        found = values.text(fields, source, remarks)
    if found is not None and found not in ((), ""):
        document[element] = found
    elif element == "item_type":
        document[element] = ""


def _check_name(mapping: Mapping, document: dict[str, Any]) -> None:
    path = ", ".join(mapping.fields["name"].from_) if "name" in mapping.fields else "name"
    name = str(document.get("name", "")).replace("\n", " ").strip()
    if not name:
        raise Broken(path, _("The matter has no name."))
    if len(name) > LONGEST_NAME:
        raise Broken(path, _("Longer than %(most)d characters.") % {"most": LONGEST_NAME})
    document["name"] = name


def _limit(fields: AnyMapping[str, Value], source: LimitSource, remarks: Remarks) -> dict[str, Any]:
    """A limit as stated. The unit comes from the value itself, or from a field that the mapping names for it."""
    written = values.text(fields, source.value)
    explain = values.text(fields, source.explain)
    limit: dict[str, Any] = {
        "explain": explain,
        "basis": values.text(fields, source.basis),
        "exclusions": values.text(fields, source.exclusions),
    }
    value, unit = values.limit_value(written) if written else (None, "")
    path = ", ".join(source.value.from_)
    if written and value is None and not unit:
        remarks.add(
            path, _("“%(value)s” is no limit that can be reckoned with; kept as words.") % {"value": written[:80]}
        )
        limit["explain"] = "；".join(filter(None, (written, explain)))
    if not unit:
        unit = _unit(fields, source.unit, remarks)
    if source.on_the_spot.from_ and values.text(fields, source.on_the_spot):
        value, unit = None, "on_the_spot"
    if value is not None and not unit:
        remarks.add(path, _("The unit of this limit is not stated."))
    return limit | {"value": None if unit == "on_the_spot" else value, "unit": unit or None}


def _unit(fields: AnyMapping[str, Value], source: Source, remarks: Remarks) -> str:
    if source.codes:
        return values.text(fields, source, remarks)
    written = values.text(fields, source)
    if written and not (unit := values.unit_of(written)):
        remarks.add(
            ", ".join(source.from_), _("“%(value)s” is not known; taken as not stated.") % {"value": written[:80]}
        )
        return unit
    return values.unit_of(written) if written else ""


def _result(fields: AnyMapping[str, Value], mapping: Mapping, remarks: Remarks) -> dict[str, Any]:
    """What is held in hand; its kind as stated, else by its name as the field's own check has it (…证 = a licence)."""
    read_as: dict[str, Callable[[Source], Any]] = {
        "name": lambda source: values.text(fields, source)[:LONGEST_NAME],
        "kind": lambda source: values.text(fields, source, remarks),
    }
    result = {key: read_as[key](source) for key, source in mapping.result.items() if key in read_as}
    if not result.get("kind"):
        name = str(result.get("name", ""))
        result["kind"] = "licence" if name.endswith(LICENCE_ENDINGS) else "paper"
    return result


def _settle_kind(document: dict[str, Any], remarks: Remarks) -> None:
    """Kind of case: as stated; a promise of 即办 states it too; else the promised kind, marked as default."""
    if document.get("handling_kind"):
        return
    promised = document.get("promised_limit") or {}
    if promised.get("unit") == "on_the_spot":
        document["handling_kind"] = "on_the_spot"
        return
    document["handling_kind"] = "promised"
    document["handling_kind_is_default"] = True
    if document["has_guide"]:
        remarks.add("handling_kind", _("The kind of case is not stated; the promised kind is the default."))


def unused_fields(mapping: Mapping, names: Iterator[str]) -> list[str]:
    """Return fields of a source that the mapping neither reads nor leaves out on purpose."""
    known = set(mapping.unused) | set(mapping.group)
    for source in tables.sources_of(mapping):
        known |= {name.split(".")[0] for name in source}
    return [name for name in names if name and name not in known]
