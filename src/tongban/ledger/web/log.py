"""The tree to the world (C2SP tlog-tiles): what is signed, and every hash below it. Nothing in it tells of anybody."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongban.base.web import anybody
from tongban.ledger import log_of_ours, queries
from tongban.ledger.errors import NoSuchPlace
from tongban.ledger.rules import tiles

FOR_EVER = "public, max-age=31536000, immutable"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
DEEPEST = 63


@require_safe
@anybody
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Show the newest checkpoint."""
    return _note(queries.latest_checkpoint())


@require_safe
@anybody
def witnessed(request: HttpRequest) -> HttpResponse:
    """Show the newest checkpoint that a witness has signed."""
    return _note(queries.latest_checkpoint(witnessed=True))


def _note(found: queries.SignedTree | None) -> HttpResponse:
    if found is None:
        raise NoSuchPlace
    return HttpResponse(found.note, content_type=TEXT, headers={"Cache-Control": "no-cache"})


@require_safe
@anybody
def key(request: HttpRequest) -> HttpResponse:
    """Show what checkpoints are checked with. Who checks compares it with one from elsewhere."""
    return HttpResponse(f"{key_now()}\n", content_type=TEXT)


def key_now() -> str:
    """Return the key that the newest checkpoint is checked with; the worker alone need know what it is signed with."""
    signed = queries.latest_checkpoint()
    return signed.key if signed else str(log_of_ours.key())


@require_safe
@anybody
def tile(request: HttpRequest, level: int, path: str) -> HttpResponse:
    """Show a tile of the signed tree, or the first hashes of one."""
    number, width = _place(level, path)
    hashes = queries.tiles([(level, number)])[level, number][:width]
    return HttpResponse(b"".join(hashes), content_type=BYTES, headers={"Cache-Control": FOR_EVER})


@require_safe
@anybody
def entries(request: HttpRequest, path: str) -> HttpResponse:
    """Show what the leaves of a tile are made from: commitments, each with its length before it."""
    number, width = _place(0, path)
    told = b"".join(len(entry).to_bytes(2, "big") + entry for entry in queries.entries(number, width))
    return HttpResponse(told, content_type=BYTES, headers={"Cache-Control": FOR_EVER})


def _place(level: int, path: str) -> tuple[int, int]:
    """Return number and width of a tile that the signed tree has. Raises NoSuchPlace."""
    signed = queries.latest_checkpoint()
    try:
        number, width = tiles.read_path(path)
    except tiles.NoSuchTile:
        raise NoSuchPlace from None
    if signed is None or level > DEEPEST or tiles.width_at((level, number), signed.size) < width:
        raise NoSuchPlace
    return number, width
