"""Reads the content of the demo city. Materials that guides share are named once, in `materials.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "content"


@cache
def _read(name: str) -> Any:  # noqa: ANN401 - YAML
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def city() -> dict[str, Any]:
    """Return regions and organisations with their posts."""
    found: dict[str, Any] = _read("city.yaml")
    return found


def people() -> dict[str, Any]:
    """Return officials, residents and enterprises."""
    found: dict[str, Any] = _read("people.yaml")
    return found


def lives() -> dict[str, Any]:
    """Return who asks for what, and why something is refused."""
    found: dict[str, Any] = _read("lives.yaml")
    return found


def registers() -> dict[str, Any]:
    """Return the base registers, their fields, and who may ask them for what."""
    found: dict[str, Any] = _read("registers.yaml")
    return found


def requests() -> dict[str, Any]:
    """Return what offices ask one another for, and what comes of it."""
    found: dict[str, Any] = _read("requests.yaml")
    return found


def form(code: str) -> dict[str, Any]:
    """Return a designed form."""
    found: dict[str, Any] = _read(f"forms/{code}.yaml")
    return found


def matters() -> dict[str, Any]:
    """Return matters by office, acts and places, from which many items are put together."""
    found: dict[str, Any] = _read("matters.yaml")
    return found


def process(code: str) -> str:
    """Return a designed process as BPMN text."""
    return (HERE / "processes" / f"{code}.bpmn").read_text(encoding="utf-8")


def items() -> list[dict[str, Any]]:
    """Return all items, their guides with whole materials and with where to come."""
    return [_whole(item) for file in sorted((HERE / "items").glob("*.yaml")) for item in _read(f"items/{file.name}")]


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    office = next(one for one in city()["organisations"] if one["slug"] == item["organisation"])
    guide = dict(item["guide"])
    guide["item_type"] = item["catalogue"]["item_type"]
    guide["authority_name"] = office["name"]
    guide["materials"] = [_material(material) for material in guide.get("materials", [])]
    guide["reconsideration_body"] = "云汀市人民政府"
    guide["court"] = court_of(office["address"])
    guide["supervise_phone"] = office["supervise"]
    centre = city()["organisations"][0]
    guide["places"] = [
        {"name": centre["name"], "address": centre["address"], "hours": centre["hours"], "phone": centre["phone"]},
        {"name": office["name"], "address": office["address"], "hours": office["hours"], "phone": office["phone"]},
    ]
    return item | {"guide": guide}


def court_of(address: str) -> str:
    """Return the court for suits against an office: that of the district of its seat (行政诉讼法 art. 18)."""
    place = address.removeprefix("云汀市")
    ends = [place.index(kind) + 1 for kind in ("区", "县") if kind in place]
    return f"云汀市{place[: min(ends)]}人民法院" if ends else "云汀市中级人民法院"


def _material(written: dict[str, Any]) -> dict[str, Any]:
    """Fill in a shared material; what stands in the guide itself goes first."""
    shared = _read("materials.yaml")[written["use"]] if "use" in written else {}
    own = {key: value for key, value in written.items() if key != "use"}
    return shared | own
