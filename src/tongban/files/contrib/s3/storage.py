"""The promises of the room, kept on object storage: whole or not there, durable when it answers, each failure said.

An S3 service answers a PUT after the object is whole and durable, so nothing is renamed or flushed here; what has to
be added is a digest that the service compares, limits of waiting, and failures told as those of a disk are (OSError).
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

CONNECT_SECONDS, ANSWER_SECONDS, TRIES = 3, 20, 3
IN_MEMORY = 1024 * 1024
NOT_FOUND = frozenset({"404", "NoSuchKey", "NotFound"})


class ObjectStorage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """One bucket, or a part of it. Names are made of the content: the same name is the same object."""

    def __init__(self, *, endpoint: str, bucket: str, **options: Any) -> None:  # noqa: ANN401 - of django-storages
        """Reach the bucket at the endpoint; without access key the surroundings are asked (instance role)."""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            s3={"addressing_style": "path"},
            # Services of one's own do not all know the newer checksums; the digest below is compared by all.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(endpoint_url=endpoint, bucket_name=bucket, client_config=config, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself."""
        return name

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # Django's own signature
        """Send the bytes with their digest; raises OSError when the service does not take them."""
        content.seek(0)
        body = content.read()
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode("ascii")
        with _told():
            self._client.put_object(Bucket=self.bucket_name, Key=self._key(name), Body=body, ContentMD5=digest)
        return name

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # Django's own signature
        """Bring the object here whole; raises FileNotFoundError, OSError. What is cut off on the way is an error."""
        here: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the reader closes it
        with _told():
            answer = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            for piece in answer["Body"].iter_chunks(IN_MEMORY):
                here.write(piece)
        here.seek(0)
        return File(here, name)

    def first_bytes(self, name: str, count: int) -> bytes:
        """Ask for the beginning of an object alone. Raises FileNotFoundError, OSError."""
        asked = {"Bucket": self.bucket_name, "Key": self._key(name), "Range": f"bytes=0-{count - 1}"}
        with _told():
            try:
                return bytes(self._client.get_object(**asked)["Body"].read())
            except ClientError as refused:
                if refused.response.get("Error", {}).get("Code") != "InvalidRange":
                    raise
                return b""  # an object of no bytes has no beginning

    def exists(self, name: str) -> bool:
        """Whether the object is there; raises OSError when the service does not say."""
        with _told():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Remove the object; one that is not there is no error. Raises OSError."""
        with _told():
            super().delete(name)

    def arrived_before(self, instant: datetime) -> Iterator[list[str]]:
        """Go through the names of what arrived before the instant, by the thousand."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{self.location}/" if self.location else ""
        )
        with _told():
            for page in pages:
                old = [found["Key"] for found in page.get("Contents", ()) if found["LastModified"] < instant]
                yield [key.rpartition("/")[2] for key in old]

    @property
    def _client(self) -> Any:  # noqa: ANN401 - made by boto3 while it runs
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))


@contextmanager
def _told() -> Iterator[None]:
    """Turn a failure of the service into the one a disk would tell: the room knows no vendor."""
    try:
        yield
    except ClientError as refused:
        code = str(refused.response.get("Error", {}).get("Code", "unknown"))
        kind = FileNotFoundError if code in NOT_FOUND else OSError
        message = f"object storage refused: {code}"
        raise kind(message) from None
    except BotoCoreError as silent:
        message = f"object storage does not answer: {type(silent).__name__}"
        raise OSError(message) from None
