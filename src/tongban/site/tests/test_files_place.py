from pathlib import Path

import pytest

from tongban.site.files_place import FilesPlace, NoSuchPlace

FOLDER = Path("/var/files")


@pytest.mark.parametrize(
    ("address", "folder"), [("", FOLDER), ("/srv/files", Path("/srv/files")), ("file:///srv/f", Path("/srv/f"))]
)
def test_a_folder(address: str, folder: Path) -> None:
    place = FilesPlace.parse(address, without=FOLDER)
    assert place.is_folder
    assert place.as_storage()["OPTIONS"] == {"location": folder}


def test_object_storage() -> None:
    place = FilesPlace.parse(
        "s3+https://key:a%2Fb%40c@s3.example.gov.cn:9000/bucket/a/b?region=cn-north-1", without=FOLDER
    )
    assert not place.is_folder
    assert place.as_storage()["OPTIONS"] == {
        "endpoint": "https://s3.example.gov.cn:9000",
        "bucket": "bucket",
        "location": "a/b",
        "region_name": "cn-north-1",
        "access_key": "key",
        "secret_key": "a/b@c",
    }
    assert "a/b@c" not in repr(place)


@pytest.mark.parametrize(
    "address", ["files", "s3://key:hidden@host/bucket", "s3+https://key:hidden@host", "ftp://host/x"]
)
def test_what_names_no_place_is_refused_without_its_secret(address: str) -> None:
    with pytest.raises(NoSuchPlace) as refused:
        FilesPlace.parse(address, without=FOLDER)
    assert "hidden" not in str(refused.value)
