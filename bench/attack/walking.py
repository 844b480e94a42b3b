"""Walks the pages that somebody can reach, and reads their forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from bench.attack.city import Browser

LEFT_ALONE = ("/sign-out", "/demo/sign-in", "/static/", "/files/", "/language", "/type", "/profile/language")
"""These would end the session, lead away, or have been walked by others."""
OF_A_KIND = 4
"""Pages of one kind that are opened: /my/cases/<number> is one kind."""
_VARIABLE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{8}-[0-9A-Z]{8}|(?<=/)\d+(?=/|$)|(?<=/items/)[^/]+|(?<=/apply/)[^/]+"
    r"|(?<=/resources/)[^/]+|(?<=/entries/)(?!new)[^/]+|(?<=/leads/)[^/]+|(?<=/quality/)[^/]+|(?<=/held/)[^/]+"
    r"|(?<=/registers/)(?!make)[^/]+|(?<=/make/)[^/]+|(?<=/sharing/new/)[^/]+|(?<=/departments/)[^/]+|(?<=/themes/)[^/]+"
)


@dataclass
class Walk:
    """Which addresses were opened, or stand in a form."""

    paths: set[str] = field(default_factory=set)
    of: dict[str, set[str]] = field(default_factory=dict)
    """The same by who walked there."""

    def note(self, username: str, path: str) -> None:
        """Note an address."""
        self.paths.add(path)
        self.of.setdefault(username, set()).add(path)


@dataclass
class Field:
    """One control of a form."""

    name: str
    kind: str
    options: list[str] = field(default_factory=list)
    value: str = ""


@dataclass
class Form:
    """A form that changes something, and the page it stands on."""

    page: str
    action: str
    fields: list[Field]
    multipart: bool = False
    method: str = "post"

    @property
    def kind(self) -> str:
        """The form without what is particular to one case or draft."""
        return (
            f"{self.method} "
            + _VARIABLE.sub("*", self.action.partition("?")[0])
            + " "
            + ",".join(sorted({one.name for one in self.fields}))
        )

    def filled(self) -> dict[str, list[str]]:
        """Return what stands in it, with a choice made wherever one is offered."""
        values: dict[str, list[str]] = {}
        for one in self.fields:
            if one.kind in {"radio", "select"}:
                values.setdefault(one.name, [one.value or next((option for option in one.options if option), "")])
            elif one.kind == "checkbox":
                values.setdefault(one.name, one.options[:1] or ["on"])
            elif one.kind != "file":
                values.setdefault(one.name, [one.value])
        return values


def kind_of(address: str) -> str:
    """Return the address without what is particular."""
    return _VARIABLE.sub("*", urlsplit(address).path)


def pages(
    browser: Browser, begin: tuple[str, ...], *, most: int, walk: Walk | None = None
) -> Iterator[tuple[str, object]]:
    """Yield (address, tree) of what can be reached by links, a few of each kind."""
    waiting, seen, kinds = list(begin), set(begin), dict[str, int]()
    while waiting and most > 0:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kinds.get(kind, 0) >= OF_A_KIND:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer, tree = browser.opened(address)
        if walk is not None and answer.ok:
            walk.note(browser.username, urlsplit(answer.url).path)
        if tree is None:
            continue
        most -= 1
        yield address, tree
        for link in tree.xpath("//a/@href"):
            target = urldefrag(urljoin(browser.address(address), str(link))).url
            path = target.removeprefix(browser.base)
            if target.startswith(browser.base + "/") and path not in seen and not path.startswith(LEFT_ALONE):
                seen.add(path)
                waiting.append(path)


def forms(browser: Browser, begin: tuple[str, ...], *, most: int, walk: Walk | None = None) -> list[Form]:
    """Return the forms of all those pages, one of each kind; `walk` is told what was seen."""
    found: dict[str, Form] = {}
    seen = walk if walk is not None else Walk()
    for address, tree in pages(browser, begin, most=most, walk=seen):
        for element in tree.xpath("//form"):  # type: ignore[attr-defined]  # lxml
            for form in _read(element, address):
                seen.note(browser.username, urlsplit(form.action).path)
                if not form.action.startswith(LEFT_ALONE):
                    found.setdefault(form.kind, form)
    return list(found.values())


def forms_on(browser: Browser, address: str) -> list[Form] | None:
    """Return the forms of one page; None where there is no page for this reader."""
    answer, tree = browser.opened(address)
    if tree is None or urlsplit(answer.url).path != urlsplit(address).path:
        return None
    return [form for element in tree.xpath("//main//form") for form in _read(element, address)]


def _read(element: object, page: str) -> list[Form]:
    method = (element.get("method") or "get").lower()  # type: ignore[attr-defined]
    elsewhere = element.xpath(".//button/@formaction")  # type: ignore[attr-defined]
    multipart = "multipart" in (element.get("enctype") or "")  # type: ignore[attr-defined]
    fields = _fields(element)
    actions = dict.fromkeys([element.get("action") or page, *map(str, elsewhere)])  # type: ignore[attr-defined]
    return [Form(page, _whole(action, page), fields, multipart, method) for action in actions]


def _whole(action: str, page: str) -> str:
    parts = urlsplit(action)
    return (parts.path or page) + (f"?{parts.query}" if parts.query else "")


def _fields(element: object) -> list[Field]:
    by_name: dict[str, Field] = {}
    for one in element.xpath(".//input | .//textarea | .//select | .//button"):  # type: ignore[attr-defined]
        name = one.get("name")
        if not name or name == "csrfmiddlewaretoken":
            continue
        kind = {"textarea": "text", "select": "select", "button": "button"}.get(one.tag, one.get("type") or "text")
        known = by_name.setdefault(name, Field(name, kind))
        if one.tag == "select":
            known.options = [str(option.get("value") or "") for option in one.xpath(".//option")]
            known.value = str(one.value or "")
        elif kind in {"radio", "checkbox"}:
            known.options.append(one.get("value") or "on")
            if one.get("checked") is not None:
                known.value = one.get("value") or "on"
        else:
            known.value = (one.text or "") if one.tag == "textarea" else (one.get("value") or "")
    return list(by_name.values())
