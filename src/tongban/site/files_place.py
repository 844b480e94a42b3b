"""Where uploads and papers are kept: a folder, or a bucket of object storage, said by one address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

OBJECT_STORAGE = {"s3+https": "https", "s3+http": "http"}
FORM = "TONGBAN_FILES_URL: say a folder, or s3+https://KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION"


class NoSuchPlace(ValueError):  # noqa: N818 - a statement, read by an operator
    """The address of the files names no place that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPlace:
    """A folder, or object storage (then `endpoint` is set)."""

    folder: Path
    endpoint: str = ""
    bucket: str = ""
    prefix: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)

    @classmethod
    def parse(cls, address: str, *, without: Path) -> "FilesPlace":
        """Read the address; "" is the folder `without`. Raises NoSuchPlace, which never repeats the secret."""
        if not address:
            return cls(folder=without)
        parts = urlsplit(address)
        if parts.scheme in {"", "file"} and parts.path.startswith("/"):
            return cls(folder=Path(parts.path))
        bucket, _, prefix = parts.path.strip("/").partition("/")
        if parts.scheme not in OBJECT_STORAGE or not parts.hostname or not bucket:
            raise NoSuchPlace(FORM)
        host = parts.netloc.rpartition("@")[2]
        return cls(
            folder=without,
            endpoint=f"{OBJECT_STORAGE[parts.scheme]}://{host}",
            bucket=bucket,
            prefix=prefix,
            region=parse_qs(parts.query).get("region", [""])[0],
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
        )

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of this machine."""
        return not self.endpoint

    def as_storage(self) -> Mapping[str, Any]:
        """Return Django's description of it."""
        if self.is_folder:
            options: dict[str, Any] = {"location": self.folder}
            return {"BACKEND": "tongban.files.storage.DurableFileSystemStorage", "OPTIONS": options}
        options = {
            "endpoint": self.endpoint,
            "bucket": self.bucket,
            "location": self.prefix,
            "region_name": self.region or "us-east-1",
            "access_key": self.access_key or None,
            "secret_key": self.secret_key or None,
        }
        return {"BACKEND": "tongban.files.contrib.s3.ObjectStorage", "OPTIONS": options}
