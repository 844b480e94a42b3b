"""The keys of an installation, which a backup does not hold in the open.

A backup tells only which keys it needs (a fingerprint of each). Given a passphrase, it also carries them, sealed:
scrypt (N = 2^17, r = 8, p = 1: about half a second and 128 MB a try) and AES-256-GCM.
"""

import hashlib
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongban.site.backup.manifest import KEYS, Unfit
from tongban.site.configuration import Configuration, keep_key

SALT_BYTES, NONCE_BYTES, SHORTEST_PASSPHRASE = 16, 12, 12
HEAD = b"tongban keys 1\n"


def fingerprints(known: Configuration) -> dict[str, str]:
    """Return what tells a key from another without telling the key. Sessions' key is left out: it may change."""
    keys = {f"data {number}": key for number, key in known.data_keys.items()}
    keys |= {"index" if number == 1 else f"index {number}": key for number, key in known.index_keys.items()}
    keys |= {"ledger": known.ledger_key} | ({} if 1 in known.index_keys else {"feed": known.feed_key})
    return {name: hashlib.sha256(b"tongban key\0" + key).hexdigest()[:16] for name, key in keys.items()}


def passphrase_in(path: Path) -> str:
    """Return the first line of a file. Raises Unfit."""
    try:
        words = path.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, IndexError):
        message = f"{path}: no passphrase could be read there."
        raise Unfit(message) from None
    if len(words) < SHORTEST_PASSPHRASE:
        message = f"The passphrase in {path} has fewer than {SHORTEST_PASSPHRASE} characters."
        raise Unfit(message)
    return words


def seal_into(folder: Path, known: Configuration, passphrase: str) -> None:
    """Write the keys into a backup, sealed. That of the sessions is left out: a fresh one only signs people out."""
    data = {str(number): key.hex() for number, key in known.data_keys.items()}
    index = ",".join(f"{number}:{key.hex()}" for number, key in known.index_keys.items())
    index = known.index_keys[1].hex() if set(known.index_keys) == {1} else index  # as releases before this one read it
    told = json.dumps(
        {"data": data, "index": index, "ledger": known.ledger_key.hex(), "feed": known.feed_key.hex()}
    ).encode()
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, told, HEAD)
    with open(os.open(folder / KEYS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - a mode is wanted
        file.write(HEAD + salt + nonce + sealed)


def put_back(folder: Path, var: Path, passphrase: str) -> None:
    """Open the sealed keys and keep them under `var/secrets`, as a first start would have. Raises Unfit."""
    try:
        whole = (folder / KEYS).read_bytes()
    except FileNotFoundError:
        message = f"{folder} holds no keys: it was made without a passphrase. Put yours into {var / 'secrets'}."
        raise Unfit(message) from None
    body = whole.removeprefix(HEAD)
    salt, nonce, sealed = body[:SALT_BYTES], body[SALT_BYTES:][:NONCE_BYTES], body[SALT_BYTES + NONCE_BYTES :]
    try:
        told = json.loads(AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, HEAD))
    except InvalidTag:
        message = f"{folder / KEYS} does not open: the passphrase is another one, or the file is damaged."
        raise Unfit(message) from None
    keep_key(var, "data-key", ",".join(f"{number}:{key}" for number, key in told["data"].items()))
    keep_key(var, "index-key", told["index"])
    if "feed" in told and ":" in told["index"]:  # else it is made of the index key
        keep_key(var, "feed-key", told["feed"])
    if "ledger" in told:  # releases before this one had none
        keep_key(var, "ledger-key", told["ledger"])


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**17, r=8, p=1, maxmem=2**28, dklen=32)
