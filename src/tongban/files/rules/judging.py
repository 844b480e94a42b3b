"""What a file truly is, judged by its bytes. Nothing here trusts a name or a header of the request.

Bounds are chosen so that no upload can take more than about a second and some tens of megabytes of memory.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, UnidentifiedImageError

from tongban.files.errors import Damaged, TooManyPixels, TwoTypes, UnknownType

MediaType = Literal["application/pdf", "image/jpeg", "image/png", "application/ofd"]

LARGEST = 20 * 1024 * 1024
"""Bytes of one upload, as operating systems show 20 MB."""
MOST_PIXELS = 120_000_000
"""The largest telephone cameras in use take 108 million; an A3 page at 600 dpi has 70 million."""
HEAD = 1024
"""Bytes at the beginning in which readers of other types look for their own mark."""

OFD_ENTRIES = 5_000
OFD_BYTES = 200 * 1024 * 1024
"""Unpacked, all entries together."""
OFD_RATIO = 300
"""Unpacked to packed, of one entry above a megabyte: XML seldom reaches 50, a bomb begins at 1000."""
OFD_XML = 2 * 1024 * 1024
OFD_DOCUMENTS = 50
"""Documents in one file; each is read, and one may be named many times."""
OFD_NAMESPACE = "{http://www.ofdspec.org/2016}"
"""GB/T 33190-2016."""

_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
_MARKUP = (b"<html", b"<script", b"<!doctype html", b"<svg", b"<body", b"<iframe")
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found: the true type, and the number of pages where the type has pages."""

    media_type: MediaType
    pages: int | None = None


def type_of(content: bytes) -> MediaType:
    """Return the type by the first bytes; raises UnknownType."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04") and _is_ofd(content):
        return "application/ofd"
    raise UnknownType


def _is_ofd(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.lstrip("/") == "OFD.xml" for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return b"OFD.xml" in content[: 64 * HEAD]


def refuse_second_type(content: bytes, media_type: MediaType) -> None:
    """Raise TwoTypes for a file that another programme would read as an archive, a document or a page of the web."""
    if media_type == "application/ofd":
        return
    if _ends_as_zip(content):
        raise TwoTypes
    head = content[:HEAD].lower()
    if media_type != "application/pdf" and b"%pdf-" in head:
        raise TwoTypes
    if any(mark in head for mark in _MARKUP):
        raise TwoTypes


def _ends_as_zip(content: bytes) -> bool:
    """Whether the last record of a ZIP archive, with its comment, ends exactly where the file ends."""
    tail = content[-(_ZIP_END_SIZE + 65535) :]
    place = tail.rfind(_ZIP_END)
    if place < 0 or len(tail) - place < _ZIP_END_SIZE:
        return False
    comment = int.from_bytes(tail[place + 20 : place + 22], "little")
    return place + _ZIP_END_SIZE + comment == len(tail)


def judge_image(content: bytes, media_type: MediaType) -> Judged:
    """Check that a picture is whole; raises Damaged, TooManyPixels."""
    wanted = "JPEG" if media_type == "image/jpeg" else "PNG"
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            image.verify()
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, zlib.error) as broken:
        raise Damaged from broken
    if media_type == "image/jpeg":
        _check_jpeg_end(content)
    else:
        _check_png_pixels(content)
    return Judged(media_type)


def _check_jpeg_end(content: bytes) -> None:
    """A whole JPEG has its end mark after the beginning of its scan; inside a scan that mark cannot occur."""
    if content.rfind(b"\xff\xd9") <= _jpeg_scan(content):
        raise Damaged


def _jpeg_scan(content: bytes) -> int:
    """Return where the picture's own scan begins: thumbnails inside earlier segments are passed over."""
    place = 2
    while content[place : place + 1] == b"\xff":
        kind = content[place + 1 : place + 2]
        if kind == b"\xda":
            return place
        if kind == b"\xff":  # a fill byte
            place += 1
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    raise Damaged


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    view, place = memoryview(content), 8
    while place + 12 <= len(view):
        length = int.from_bytes(view[place : place + 4], "big")
        kind = bytes(view[place + 4 : place + 8])
        yield kind, view[place + 8 : place + 8 + length]
        if kind == b"IEND":
            return
        place += 12 + length
    raise Damaged


def _check_png_pixels(content: bytes) -> None:
    """Unpack the pixels piece by piece without keeping them: they must end, and be no more than the picture needs."""
    unpacker = zlib.decompressobj()
    unpacked, most = 0, 0
    for kind, data in _png_chunks(content):
        if kind == b"IHDR":
            most = _png_bytes(data)
        if kind != b"IDAT":
            continue
        rest = bytes(data)
        while rest and not unpacker.eof:
            try:
                unpacked += len(unpacker.decompress(rest, 1 << 20))
            except zlib.error as broken:
                raise Damaged from broken
            rest = unpacker.unconsumed_tail
            if unpacked > most:
                raise Damaged
    if not unpacker.eof or not unpacked:
        raise Damaged


def _png_bytes(header: memoryview) -> int:
    """Return the most bytes that the pixels can take, interlacing and row marks included."""
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    row = (width * depth * _PNG_CHANNELS.get(colour, 4) + 7) // 8 + 1
    total = row * height + row * height // 5 + 64 * height + 4096
    return int(total)


def judge_ofd(content: bytes) -> Judged:
    """Check an OFD document (GB/T 33190-2016): a ZIP within bounds, with OFD.xml; raises Damaged, Refusal's others."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive, len(content))
            pages = _ofd_pages(archive)
            if archive.testzip() is not None:
                raise Damaged
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError) as broken:
        raise Damaged from broken
    except (zlib.error, struct.error, ParseError, DefusedXmlException) as broken:
        raise Damaged from broken
    return Judged("application/ofd", pages)


def _check_entries(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    if len(entries) > OFD_ENTRIES or sum(entry.file_size for entry in entries) > OFD_BYTES:
        raise Damaged
    if sum(entry.compress_size for entry in entries) > size:
        raise Damaged  # entries that lie over one another: one piece of data unpacked many times
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        swollen = entry.file_size > 1024 * 1024 and entry.file_size > entry.compress_size * OFD_RATIO
        encrypted = entry.flag_bits & 1
        plain = entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if ".." in path.parts or swollen or encrypted or not plain:
            raise Damaged


def _read_xml(archive: zipfile.ZipFile, name: str) -> Element:
    entry = archive.getinfo(name)
    if entry.file_size > OFD_XML:
        raise Damaged
    return fromstring(archive.read(entry), forbid_dtd=True)


def _pages_in(document: Element) -> int:
    return sum(1 for _page in document.iter(f"{OFD_NAMESPACE}Page"))


def _ofd_pages(archive: zipfile.ZipFile) -> int:
    names = {name.lstrip("/"): name for name in archive.namelist()}
    root = _read_xml(archive, names["OFD.xml"])
    if root.tag != f"{OFD_NAMESPACE}OFD":
        raise Damaged
    roots = [(element.text or "").strip().lstrip("/") for element in root.iter(f"{OFD_NAMESPACE}DocRoot")]
    if len(roots) > OFD_DOCUMENTS or len(set(roots)) < len(roots):
        raise Damaged
    pages = sum(_pages_in(_read_xml(archive, names[place])) for place in roots)
    if not pages:
        raise Damaged
    return pages
