"""The process apart. Started as a script with nothing but its standard input and output; imports nothing of ours.

Reads a length (8 bytes, big-endian) and a document, answers one line of JSON, until its input ends.
"""

import io
import json
import logging
import resource
import sys
from typing import BinaryIO

from pypdf import PasswordType, PdfReader

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space."""
MOST_PAGES = 5000


def look(content: bytes) -> dict[str, object]:
    """Return `pages`, or `refused` with "locked" or "damaged"."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            return {"refused": "locked"}
        pages = len(reader.pages)
        first = reader.pages[0] if pages else None
    except Exception as broken:  # noqa: BLE001 - pypdf raises whatever the document makes it stumble over
        return {"refused": "damaged", "why": type(broken).__name__}
    if first is None or pages > MOST_PAGES:
        return {"refused": "damaged", "why": f"{pages} pages"}
    return {"pages": pages}


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    """Answer until the input ends, which it does when the parent dies."""
    while len(head := asked.read(8)) == 8:  # noqa: PLR2004 - the length
        content = asked.read(int.from_bytes(head, "big"))
        answered.write(json.dumps(look(content)).encode() + b"\n")
        answered.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    serve(sys.stdin.buffer, sys.stdout.buffer)
