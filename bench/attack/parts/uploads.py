"""Bombs and lies among uploads: refused with a sentence, quickly, and what is taken is sent so that nothing in it runs."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http import HTTPStatus

import requests

from bench.attack.bounds import Bounds
from bench.attack.city import Browser, City
from bench.attack.found import Findings
from bench.attack.people import RESIDENT
from bench.attack.steps import draft_with_materials

SLOWEST = 20.0
"""Seconds for one upload; a document that makes its reader hang is given up after 15."""
MEGABYTE = 1024 * 1024
OFD = "http://www.ofdspec.org/2016"


def _pdf(
    page: bytes = b"", pages: bytes = b"/Kids[3 0 R]/Count 1", stream: bytes = b"<</Length 0>>stream\n\nendstream"
) -> bytes:
    """Return a whole PDF document of one empty page, with what is wanted written into it."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages" + pages + b">>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R" + page + b">>",
        stream,
    )
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + one + b"endobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


PDF = _pdf()


def _zip(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _ofd(root: str, document: str = "", /, **more: bytes) -> bytes:
    named = {"OFD.xml": root.encode(), "Doc_0/Document.xml": (document or _document()).encode()}
    return _zip(named | {name.replace("__", "/"): content for name, content in more.items()})


def _root(head: str = "", bodies: int = 1, inner: str = "Doc_0/Document.xml") -> str:
    body = f"<o:DocBody><o:DocRoot>{inner}</o:DocRoot></o:DocBody>" * bodies
    return f'<?xml version="1.0"?>{head}<o:OFD xmlns:o="{OFD}" Version="1.0" DocType="OFD">{body}</o:OFD>'


def _document(inner: str = '<o:Page ID="1"/>') -> str:
    return f'<o:Document xmlns:o="{OFD}"><o:Pages>{inner}</o:Pages></o:Document>'


def _laughs() -> str:
    names = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{names}]>'


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + b"".join(more) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    )


def _pdf_stream(data: bytes, filters: str) -> bytes:
    head = f"<</Length {len(data)}/Filter{filters}>>stream\n".encode()
    return _pdf(stream=head + data + b"\nendstream")


def _deep_pdf() -> bytes:
    return _pdf(page=b"/X " + b"[" * 100_000 + b"]" * 100_000)


def _looping_pdf() -> bytes:
    return _pdf(pages=b"/Kids[2 0 R 2 0 R 3 0 R]/Count 1000000000")


def bombs() -> Iterator[tuple[str, str, bytes, bool]]:
    """Yield what it is, its name, its bytes, and whether it may be taken (harmless by how it is sent)."""
    nothing = zlib.compress(bytes(60 * MEGABYTE), 9)
    yield "25 MB", "large.pdf", PDF + b"%" + b"x" * 25 * MEGABYTE, False
    yield "a zip bomb", "a.zip", _zip({"a": bytes(100 * MEGABYTE)}), False
    yield "a zip bomb named .ofd", "a.ofd", _ofd(_root(), big=bytes(100 * MEGABYTE)), False
    yield "an OFD of 6,000 entries", "a.ofd", _ofd(_root(), "", **{f"r{number}": b"" for number in range(6000)}), False
    yield "billion laughs in an OFD", "a.ofd", _ofd(_root(_laughs(), inner="&l9;")), False
    yield (
        "an external entity in an OFD",
        "a.ofd",
        _ofd(_root('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', inner="&f;")),
        False,
    )
    yield (
        "an external document type in an OFD",
        "a.ofd",
        _ofd(_root('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">')),
        False,
    )
    yield (
        "an OFD that names its document 40,000 times",
        "a.ofd",
        _ofd(_root(bodies=40_000), _document("<o:Page/>" * 150_000)),
        False,
    )
    yield "an OFD nested 200,000 deep", "a.ofd", _ofd(_root(), _document("<o:a>" * 200_000 + "</o:a>" * 200_000)), False
    yield "an OFD with a way out", "a.ofd", _ofd(_root(), "", **{"..__..__etc__cron.d__x": b"x"}), False
    yield "a picture of 10 thousand million pixels", "a.png", _png(100_000, 100_000, zlib.compress(b"")), False
    yield "a small picture that unpacks to 60 MB", "a.png", _png(10, 10, nothing), False
    yield (
        "a picture with a text of 60 MB",
        "a.png",
        _png(1, 1, zlib.compress(b"\0\0\0\0"), _chunk(b"zTXt", b"k\0\0" + nothing)),
        True,
    )
    yield (
        "a picture with a colour profile of 60 MB",
        "a.png",
        _png(1, 1, zlib.compress(b"\0\0\0\0"), _chunk(b"iCCP", b"k\0\0" + nothing)),
        True,
    )
    yield "a PDF packed ten times", "a.pdf", _pdf_stream(_packed(10), "[" + "/FlateDecode" * 10 + "]"), True
    yield "a PDF of brackets", "a.pdf", _deep_pdf(), True
    yield "a PDF whose pages are their own parents", "a.pdf", _looping_pdf(), False
    yield "a PDF that is also a page", "a.pdf", b"<html><script>alert(1)</script>" + PDF, False
    yield "a page named .png", "a.png", b"<html><script>alert(1)</script></html>", False
    yield "a drawing with script", "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', False
    yield (
        "a picture that is also an archive",
        "a.png",
        _png(1, 1, zlib.compress(b"\0\0\0\0")) + _zip({"a": b"x"}),
        False,
    )
    yield "a programme named .pdf", "a.pdf", b"\x7fELF" + bytes(2000), False
    yield "nothing", "a.pdf", b"", False


def _packed(times: int) -> bytes:
    data = bytes(20 * MEGABYTE)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


NAMES = (
    "../../../../etc/passwd.pdf", "..\\..\\windows\\win.ini.pdf", "/etc/cron.d/x.pdf", "a\x00.exe.pdf", 'a";x="y.pdf',
    "a\r\nSet-Cookie: t=1\r\n.pdf", "\u202efdp.exe", "con.pdf", "<img src=x onerror=alert(1)>.pdf", "a" * 400 + ".pdf",
    "%2e%2e%2fetc%2fpasswd.pdf", "申请书；附件.pdf", ".htaccess", "🀄️.pdf",
)  # fmt: skip


def run(city: City, bounds: Bounds, found: Findings) -> None:
    """Send them to the materials of a draft, by page and by API."""
    del bounds
    browser = city.browser(RESIDENT.username)
    page, field = draft_with_materials(browser)
    if not field:
        found.not_run = "no draft with a place for files was found"
        return
    good = _send(browser, (page, field), "good.pdf", PDF)
    if not found.expect(good.status_code < HTTPStatus.BAD_REQUEST, f"a good PDF is refused ({good.status_code})"):
        return  # a door that is shut to all proves nothing
    for words, name, content, may in bombs():
        _try(city, browser, found, (page, field), words, name, content, may=may)
    for name in NAMES:
        _named(browser, found, (page, field), name)


def _send(browser: Browser, place: tuple[str, str], name: str, content: bytes) -> requests.Response:
    page, field = place
    return browser.post(f"{page}{field}/files/", files={field: (name, content)}, headers={"Accept": "application/json"})


def _try(
    city: City,
    browser: Browser,
    found: Findings,
    place: tuple[str, str],
    words: str,
    name: str,
    content: bytes,
    *,
    may: bool,
) -> None:
    before, began = city.log_size(), time.monotonic()
    answer = _send(browser, place, name, content)
    took = time.monotonic() - began
    taken = answer.status_code < HTTPStatus.BAD_REQUEST
    found.expect(
        answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR,
        f"{words}: {answer.status_code} {city.faults(before)[:1]}",
    )
    found.expect(took < SLOWEST, f"{words}: took {took:.0f} s")
    found.expect(may or not taken, f"{words}: was taken ({answer.status_code})")
    if not taken and answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence = answer.json().get("title", "") if "json" in answer.headers.get("Content-Type", "") else ""
        found.expect(sentence, f"{words}: refused without a sentence ({answer.status_code})")
    if taken:
        _served_safely(browser, found, answer, words)
    found.expect(browser.get("/healthz").ok, f"{words}: the site does not answer after it")


def _named(browser: Browser, found: Findings, place: tuple[str, str], name: str) -> None:
    shown = ascii(name)[:60]
    try:
        answer = _send(browser, place, name, PDF)
    except (ValueError, requests.RequestException):
        found.notes.append(f"the client itself cannot send the name {shown}")
        return
    found.expect(answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, f"the name {shown}: {answer.status_code}")
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        _served_safely(browser, found, answer, f"the name {shown}")


def _served_safely(browser: Browser, found: Findings, answer: requests.Response, words: str) -> None:
    for address in _addresses(answer):
        for path in (address, f"{address}?download"):
            file = browser.get(path)
            headers = file.headers
            disposition = headers.get("Content-Disposition", "")
            rules: dict[str, Callable[[], object]] = {
                "no sandbox": lambda: "sandbox" in headers.get("Content-Security-Policy", ""),  # noqa: B023 - called at once
                "may be sniffed": lambda: headers.get("X-Content-Type-Options") == "nosniff",  # noqa: B023
                "may be kept": lambda: "no-store" in headers.get("Cache-Control", ""),  # noqa: B023
                "a cookie from its name": lambda: "Set-Cookie" not in headers,  # noqa: B023
                "a way in its name": lambda: "/" not in disposition.partition("''")[2] and ".." not in disposition,  # noqa: B023
                "not an attachment": lambda: "download" not in path or disposition.startswith("attachment"),  # noqa: B023
            }
            for broken, holds in rules.items():
                found.expect(holds(), f"{words}: {broken}: {disposition[:80]}")


def _addresses(answer: requests.Response) -> list[str]:
    """Return where the files that were just taken can be looked at."""
    try:
        told = answer.json()
    except ValueError:
        return []
    files = told.get("files", [told]) if isinstance(told, dict) else told
    return [str(one["view_url"]) for one in files if isinstance(one, dict) and "view_url" in one][-1:]
