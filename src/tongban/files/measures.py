"""How much room there is for files, for whoever watches."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from tongban.base.measures import LOOK_UPS, Measure
from tongban.files import queries


def measures(_now: datetime) -> Iterable[Measure]:
    """Return the size of the disk that files are kept on and what is free; nothing where object storage keeps them."""
    place = getattr(queries.storage(), "base_location", None)
    if place is None:
        return
    disk = shutil.disk_usage(_standing(Path(place)))
    yield Measure("files_disk_bytes", "Size of the disk that files are kept on.", disk.total)
    yield Measure("files_disk_free_bytes", "What is free on it.", disk.free)


def _standing(folder: Path) -> Path:
    """Return the folder, or the nearest above that exists: it is made with the first file."""
    return folder if folder.exists() or folder == folder.parent else _standing(folder.parent)


LOOK_UPS.register("files", measures)
