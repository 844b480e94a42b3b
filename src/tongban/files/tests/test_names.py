import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.files.rules import SUFFIXES, safe_name


@pytest.mark.parametrize(
    ("typed", "media_type", "kept"),
    [
        ("身份证.jpg", "image/jpeg", "身份证.jpg"),
        ("身份证.JPEG", "image/jpeg", "身份证.JPEG"),
        ("photo.png", "image/jpeg", "photo.jpg"),
        ("report.exe", "application/pdf", "report.exe.pdf"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\fakepath\\营业执照.pdf", "application/pdf", "营业执照.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "application/pdf", "aSet-Cookie_ x=1.pdf"),
        ("照片\u202egpj.exe", "image/jpeg", "照片gpj.exe.jpg"),
        ("  .. .pdf", "application/pdf", "文件.pdf"),
        ("", "image/png", "文件.png"),
        ("CON.pdf", "application/pdf", "_CON.pdf"),
        ('a<b>"c"|d?.ofd', "application/ofd", "a_b__c__d_.ofd"),
        ("买买提·吐尔逊 𠮷.pdf", "application/pdf", "买买提·吐尔逊 𠮷.pdf"),
        ("\U000323af\U000323ae.pdf", "application/pdf", "\U000323af\U000323ae.pdf"),  # newer than Python's tables
        ("a\U0002ffff\U0003fffe.pdf", "application/pdf", "a.pdf"),
    ],
)
def test_names(typed: str, media_type: str, kept: str) -> None:
    assert safe_name(typed, media_type, fallback="文件") == kept


def test_long_names_keep_their_suffix() -> None:
    kept = safe_name("长" * 300 + ".pdf", "application/pdf", fallback="x")
    assert (len(kept), kept[-5:]) == (200, "长.pdf")


@given(st.text(max_size=300), st.sampled_from(sorted(SUFFIXES)))
def test_every_name_is_safe(typed: str, media_type: str) -> None:
    kept = safe_name(typed, media_type, fallback="文件")
    assert 0 < len(kept) <= 200
    assert kept.lower().endswith(SUFFIXES[media_type])
    assert not set(kept) & set('/\\<>:"|?*')
    assert not kept.startswith((".", " "))
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in kept)
    assert safe_name(kept, media_type, fallback="文件") == kept
