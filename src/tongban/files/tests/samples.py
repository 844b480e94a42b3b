"""Files to try: whole ones made with the usual libraries, and ones made to deceive."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

OFD_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"'
    ' DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
)
OFD_DOCUMENT = (
    '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages><ofd:Page ID="1" BaseLoc="P0"/>'
    '<ofd:Page ID="2" BaseLoc="P1"/></ofd:Pages></ofd:Document>'
)


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(made, kind, **options)
    return made.getvalue()


def jpeg(size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    return picture("JPEG", size, **options)


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    return picture("PNG", size)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def forged_png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG whose head says one thing and whose pixels are another."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", zlib.compress(pixels, 9)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def pdf(pages: int = 1, *, password: str | None = None, owner_password: str | None = None, script: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password is not None or owner_password is not None:
        writer.encrypt(password or "", owner_password, algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def archive(entries: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


def ofd(changes: Mapping[str, str | bytes] | None = None) -> bytes:
    entries: dict[str, str | bytes] = {"OFD.xml": OFD_ROOT, "Doc_0/Document.xml": OFD_DOCUMENT}
    return archive(entries | dict(changes or {}))
