import hashlib
import io
import resource
import stat
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tongban.base.actor import Actor
from tongban.base.errors import Refusal
from tongban.files import actions, envelope, errors, queries, rules
from tongban.files.contrib.pypdf import PdfReaders
from tongban.files.models import StoredFile
from tongban.files.tests import samples

Receive = Callable[..., StoredFile]
WHOLE = {
    "application/pdf": samples.pdf(3),
    "image/jpeg": samples.jpeg(),
    "image/png": samples.png(),
    "application/ofd": samples.ofd(),
}


@pytest.mark.parametrize("media_type", WHOLE)
def test_whole_files_are_kept_as_they_came(
    media_type: str, receive: Receive, place: Path, sender: Actor, now: datetime
) -> None:
    content = WHOLE[media_type]
    stored = receive(content, "申请表.bin")
    digest = hashlib.sha256(content).hexdigest()
    assert (stored.media_type, stored.size, stored.sha256) == (media_type, len(content), digest)
    assert (stored.owner_account_id, stored.created_at, stored.state) == (sender.account_id, now, "not_scanned")
    kept = place / stored.path
    assert queries.content_of(stored) == content
    assert (stored.data_key, kept.stat().st_size) == (1, envelope.size_of(len(content)))
    assert content[:100] not in kept.read_bytes(), "sealed where it lies"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in place.rglob("*") if path.is_file()] == [digest], "nothing half-written is left"


def test_pages_are_counted(receive: Receive) -> None:
    assert receive(samples.pdf(3)).pages == 3
    assert receive(samples.ofd()).pages == 2
    assert receive(samples.png()).pages is None


def test_the_same_bytes_twice_are_two_files_and_one_place(receive: Receive, place: Path) -> None:
    first, second = receive(samples.pdf(1), "a.pdf"), receive(samples.pdf(1), "b.pdf")
    assert first.id != second.id
    assert first.path == second.path
    assert sum(path.is_file() for path in place.rglob("*")) == 1


def test_what_phones_and_scanners_make_is_taken(receive: Receive) -> None:
    thumbnail = samples.jpeg((16, 12))
    segment = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    plain = samples.jpeg()
    with_thumbnail = plain[:2] + segment + plain[2:]
    moving_photo = plain + b"\x00\x00\x00\x18ftypmp42" + bytes(2000)
    for content in (with_thumbnail, moving_photo, samples.jpeg(progressive=True), b"\xef\xbb\xbf\n" + samples.pdf()):
        assert receive(content).size == len(content)
    with pytest.raises(errors.Damaged):
        receive(with_thumbnail[: -len(plain) // 2])


def test_documents_that_open_without_a_password_are_taken(receive: Receive) -> None:
    assert receive(samples.pdf(2, owner_password="only to change it")).pages == 2
    assert receive(samples.pdf(script="app.alert('你好')")).media_type == "application/pdf"


REFUSED: dict[str, tuple[bytes, type[Refusal]]] = {
    "empty": (b"", errors.EmptyFile),
    "plain text": ("我的申请".encode(), errors.UnknownType),
    "an executable": (b"MZ" + bytes(2000), errors.UnknownType),
    "a page of the web": (b"<!doctype html><script>alert(1)</script>", errors.UnknownType),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', errors.UnknownType),
    "GIF": (samples.picture("GIF"), errors.UnknownType),
    "an office document": (samples.archive({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), errors.UnknownType),
    "half a JPEG": (samples.jpeg((200, 200))[:-900], errors.Damaged),
    "half a PNG": (samples.png((200, 200))[:-900], errors.Damaged),
    "half a PDF": (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", errors.Damaged),
    "half an OFD": (samples.ofd()[:-40], errors.Damaged),
    "the beginning of a JPEG": (b"\xff\xd8\xff" + bytes(500), errors.Damaged),
    "a PNG with one byte changed": (samples.png()[:60] + b"\x00\x01" + samples.png()[62:], errors.Damaged),
    "a PDF without pages": (samples.pdf(0), errors.Damaged),
    "a PDF with a password": (samples.pdf(password="secret"), errors.Locked),
    "a PNG of 400 million pixels": (samples.forged_png(20_000, 20_000, b""), errors.TooManyPixels),
    "a PNG that unpacks to more than its pixels": (samples.forged_png(10, 10, bytes(30_000_000)), errors.Damaged),
    "a PNG without pixels": (samples.forged_png(10, 10, b""), errors.Damaged),
    "a JPEG that is also an archive": (samples.jpeg() + samples.archive({"a.class": b"x"}), errors.TwoTypes),
    "a PDF that is also an archive": (samples.pdf() + samples.archive({"a.exe": b"x"}), errors.TwoTypes),
    "a PNG that is also a page": (samples.png()[:33] + samples.png_chunk(b"tEXt", b"x\0<script>alert(1)</script>") + samples.png()[33:], errors.TwoTypes),
    "a JPEG that is also a PDF": (samples.jpeg(comment=b"%PDF-1.4 1 0 obj"), errors.TwoTypes),
    "an OFD that unpacks to a gigabyte": (samples.ofd({"Doc_0/Res/a": bytes(9_000_000)}), errors.Damaged),
    "an OFD with a way out": (samples.ofd({"../../etc/cron.d/x": "x"}), errors.Damaged),
    "an OFD with 6,000 entries": (samples.ofd({f"r/{number}": b"" for number in range(6000)}), errors.Damaged),
    "an OFD without a document": (samples.archive({"OFD.xml": samples.OFD_ROOT}), errors.Damaged),
    "an OFD of another namespace": (samples.ofd({"OFD.xml": samples.OFD_ROOT.replace("ofdspec", "example")}), errors.Damaged),
    "an OFD with entities": (samples.ofd({"OFD.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + samples.OFD_ROOT.partition("?>")[2]}), errors.Damaged),
    "an OFD packed otherwise": (samples.archive({"OFD.xml": samples.OFD_ROOT, "Doc_0/Document.xml": samples.OFD_DOCUMENT}, zipfile.ZIP_LZMA), errors.Damaged),
    "an OFD that names one document 30,000 times": (samples.ofd({"OFD.xml": samples.OFD_ROOT.replace("</ofd:OFD>", "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>" * 30_000 + "</ofd:OFD>")}), errors.Damaged),
    "an OFD that is not XML": (samples.ofd({"Doc_0/Document.xml": "x"}), errors.Damaged),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_everything_else_is_refused_and_nothing_is_kept(case: str, receive: Receive, place: Path) -> None:
    content, expected = REFUSED[case]
    began = time.monotonic()
    with pytest.raises(expected) as refused:
        receive(content, "很正常.pdf")
    assert type(refused.value) is expected
    assert time.monotonic() - began < 3
    assert not StoredFile.objects.exists()
    assert not place.exists()
    with translation.override("zh-hans"):
        assert "请" in str(refused.value)


class Endless(io.RawIOBase):
    """A sender who never ends."""

    def __init__(self) -> None:
        self.sent = 0

    def read(self, size: int = -1, /) -> bytes:
        self.sent += size
        return b"\xff\xd8\xff" * (size // 3)


def test_reading_stops_at_twenty_megabytes(receive: Receive, sender: Actor, now: datetime) -> None:
    endless = Endless()
    with pytest.raises(errors.TooLargeFile) as refused:
        actions.receive(actor=sender, name="a.jpg", content=endless, now=now)
    assert endless.sent < rules.LARGEST + 3 * actions.PIECE
    assert "20 MB" in str(refused.value)
    assert receive(samples.jpeg().ljust(rules.LARGEST, b"\0")).size == rules.LARGEST


def test_an_upload_of_a_form_is_taken(sender: Actor, now: datetime, db: None) -> None:
    upload = SimpleUploadedFile("身份证.JPG", samples.jpeg(), content_type="text/html")
    stored = actions.receive(actor=sender, name=upload.name or "", content=upload, now=now)
    assert (stored.name, stored.media_type) == ("身份证.JPG", "image/jpeg")


def test_a_document_that_takes_too_long_is_given_up(place: Path) -> None:
    readers = PdfReaders(seconds=0.05)
    many_pages = samples.pdf(2000)
    began = time.monotonic()
    with pytest.raises(errors.Damaged):
        readers.pages(many_pages)
    assert time.monotonic() - began < 2
    patient = PdfReaders()
    assert [patient.pages(samples.pdf(pages)) for pages in (1, 2)] == [1, 2]
    patient.end()


@contextmanager
def no_larger_files_than(size: int) -> Iterator[None]:
    """The operating system takes no file larger than this from us, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_nothing(receive: Receive, place: Path) -> None:
    content = samples.png((200, 200))
    with no_larger_files_than(1000), pytest.raises(errors.StorageFull) as refused:
        receive(content)
    assert refused.value.status == 503
    assert not StoredFile.objects.exists()
    assert not [path for path in place.rglob("*") if path.is_file()]
    assert receive(content).size == len(content)


def test_what_the_system_makes_is_kept_without_judging(now: datetime, db: None) -> None:
    made = actions.store_made(name="归档.zip", content=b"PK anything", media_type="application/zip", now=now)
    assert (made.name, made.state, made.owner_account_id) == ("归档.zip", "made", None)
    assert queries.content_of(made) == b"PK anything"
