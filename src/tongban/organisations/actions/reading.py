"""Files to be imported are read with bounds, in the encodings that Chinese offices use."""

from pathlib import Path

from tongban.organisations.errors import NotReadable

MOST_BYTES = 64 * 1024 * 1024


def file_text(path: Path) -> str:
    """Return the text of a file of at most 64 MB, UTF-8 or else GB 18030; raises NotReadable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            message = f"{path}: larger than {MOST_BYTES // 1024 // 1024} MB"
            raise NotReadable(message)
        content = path.read_bytes()
    except OSError as fault:
        message = f"{path}: {fault.strerror}"
        raise NotReadable(message) from fault
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = f"{path}: neither UTF-8 nor GB 18030"
    raise NotReadable(message)
