"""A browser without script: follows links, fills in forms as they stand on the page, keeps cookies and tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from tongban.accounts.tests.running_out import let_session_run_out

Values = Mapping[str, object]
Files = Mapping[str, SimpleUploadedFile | Sequence[SimpleUploadedFile]]


def upload(name: str, content: bytes, media_type: str = "application/pdf") -> SimpleUploadedFile:
    """Return a file to send, under the name and type that the sender claims."""
    return SimpleUploadedFile(name, content, media_type)


@dataclass
class Form:
    """A form of a page, filled in as the page shows it."""

    action: str
    values: dict[str, list[str]]
    buttons: list[tuple[str, str]]
    texts: list[str]
    """names of what can be typed into, in order"""
    options: dict[str, list[str]]
    """what can be chosen, by name"""
    uploads: list[str]

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return (self.values.get(name) or [""])[0]


@dataclass
class Page:
    """What the server has answered."""

    response: Any
    address: str
    tree: Any = field(init=False)

    def __post_init__(self) -> None:
        self.tree = html.fromstring(self.response.content) if self.is_html and self.response.content else None

    @property
    def is_html(self) -> bool:
        return "html" in self.response.headers.get("Content-Type", "")

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def source(self) -> str:
        return str(self.response.content.decode()) if not self.response.streaming else ""

    @property
    def words(self) -> str:
        """The text of the page's own part, spaces made single."""
        parts = self.tree.xpath("//main") if self.tree is not None else []
        return " ".join(parts[0].text_content().split()) if parts else self.source

    def forms(self) -> list[Form]:
        """Return the page's own forms that change something."""
        return [_form(one, self.address) for one in self.tree.xpath("//main//form[@method='post']")]

    def form(self, action: str = "") -> Form:
        """Return the first form whose address ends so."""
        for one in self.forms():
            if one.action.endswith(action):
                return one
        raise AssertionError((action, [one.action for one in self.forms()], self.status, self.words[:600]))

    def links(self, part: str) -> list[str]:
        """Return the links that hold a part of an address."""
        return [str(one) for one in self.tree.xpath("//main//a/@href") if part in one]


def _form(element: Any, address: str) -> Form:
    values: dict[str, list[str]] = {}
    for name, value in element.form_values():
        values.setdefault(name, []).append(value.lstrip("\n") if "\n" in value else value)
    options: dict[str, list[str]] = {}
    for one in element.xpath(".//input[@type='radio' or @type='checkbox']"):
        options.setdefault(one.get("name"), []).append(one.get("value") or "on")
    for one in element.xpath(".//select"):
        options[one.get("name")] = [
            str(option.get("value")) for option in one.xpath(".//option") if option.get("value")
        ]
    typed = element.xpath(
        ".//textarea | .//input[not(@type) or @type='text' or @type='tel' or @type='email' or @type='password']"
    )
    return Form(
        action=element.get("action") or address,
        values=values,
        buttons=[(one.get("name"), one.get("value") or "") for one in element.xpath(".//button[@name]")],
        texts=[one.get("name") for one in typed if one.get("name")],
        options=options,
        uploads=[one.get("name") for one in element.xpath(".//input[@type='file']")],
    )


class Browser:
    """One person's browser."""

    def __init__(self, username: str = "", password: str = "", **headers: str) -> None:
        """Open it; with a name, sign in through the page."""
        self.client = Client(enforce_csrf_checks=True, headers=headers)
        if username:
            self.sign_in(username, password)

    def sign_in(self, username: str, password: str) -> Page:
        """Sign in on the page."""
        page = self.send(self.get("/sign-in").form(), {"name": username, "password": password})
        assert page.status == 200, page.words
        return page

    def get(self, address: str, **headers: str) -> Page:
        """Open an address, following redirects."""
        return self._page(self.client.get(address, follow=True, headers=headers), address)

    def send(
        self,
        form: Form,
        values: Values | None = None,
        *,
        files: Files | None = None,
        button: tuple[str, str] | None = None,
        to: str = "",
        follow: bool = True,
        **headers: str,
    ) -> Page:
        """Send a form as it stands with some values changed; `to` is the address of a button of its own."""
        data: dict[str, object] = {**form.values, **dict(values or {}), **dict(files or {})}
        if button:
            data[button[0]] = button[1]
        address = to or form.action
        sent = {name: value for name, value in data.items() if value is not None}
        return self._page(self.client.post(address, sent, follow=follow, headers=headers), address)

    def _page(self, response: Any, address: str) -> Page:
        chain = getattr(response, "redirect_chain", [])
        last = str(chain[-1][0]) if chain else address
        return Page(response, last.split("#")[0])

    def forget_session(self) -> None:
        """Let the session end as it ends when it is left alone; the cookies stay."""
        let_session_run_out(self.client)
