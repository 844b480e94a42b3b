"""What we reckon is reckoned by others too: the tree by pymerkle in a process of its own, Ed25519 by openssl."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tongban.ledger.rules import notes, tree
from tongban.ledger.static.ledger import check_proof
from tongban.ledger.tests.test_tree import Kept, leaves

SIZES = (1, 2, 3, 7, 64, 255, 256, 257, 600)
PYMERKLE = """
import json, sys
from pymerkle import InmemoryTree, verify_consistency
asked = json.load(sys.stdin)
tree = InmemoryTree(algorithm="sha256")
for number in range(max(asked["sizes"])):
    tree.append_entry(number.to_bytes(8, "big"))
told = {"roots": [tree.get_root(size).hex() for size in asked["sizes"]], "paths": []}
for index, size in asked["inclusion"]:
    told["paths"].append(tree.prove_inclusion(index + 1, size).serialize()["path"][1:])
for old, new, old_root, new_root in asked["consistency"]:
    proof = tree.prove_consistency(old, new)
    verify_consistency(bytes.fromhex(old_root), bytes.fromhex(new_root), proof, prior_size=old, later_size=new)
json.dump(told, sys.stdout)
"""
"""Under the GPL, hence never imported here."""
_PUBLIC_HEAD, _PRIVATE_HEAD = (
    bytes.fromhex("302a300506032b6570032100"),
    bytes.fromhex("302e020100300506032b657004220420"),
)
"""What stands before the 32 bytes of a key in DER (RFC 8410)."""


def test_roots_and_proofs_are_those_of_pymerkle() -> None:
    kept = {size: Kept(size) for size in SIZES}
    roots = {size: kept[size].edge.root().hex() for size in SIZES}
    inclusion = [(index, size) for size in SIZES for index in {0, size // 2, size - 1}]
    consistency = [(old, new, roots[old], roots[new]) for old in SIZES for new in SIZES if old < new]
    asked = {"sizes": SIZES, "inclusion": inclusion, "consistency": consistency}
    ended = subprocess.run(
        [sys.executable, "-c", PYMERKLE], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    told = json.loads(ended.stdout)
    assert told["roots"] == list(roots.values())
    ours = [
        [step.hex() for step in tree.proof_of(tree.inclusion_parts(index, size), kept[size].find)]
        for index, size in inclusion
    ]
    assert told["paths"] == ours
    assert len(leaves(3)) == 3


def _openssl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False)  # noqa: S607 - that of the machine


@pytest.fixture
def key(tmp_path: Path) -> notes.Signer:
    signer = notes.Signer("city.example/ledger", notes.LOG, bytes(range(32)))
    (tmp_path / "public").write_bytes(_PUBLIC_HEAD + signer.key.public)
    (tmp_path / "private").write_bytes(_PRIVATE_HEAD + signer.secret)
    return signer


def test_openssl_accepts_our_signature_and_no_other(key: notes.Signer, tmp_path: Path) -> None:
    note = notes.Note.parse(notes.Checkpoint(key.name, 7, bytes(32)).signed(key))
    (tmp_path / "signature").write_bytes(note.signatures[0].signed)
    verify = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(tmp_path / "public"), "-rawin"]
    verify += ["-sigfile", str(tmp_path / "signature"), "-in", str(tmp_path / "text")]
    (tmp_path / "text").write_text(note.text, encoding="utf-8")
    assert b"Verified Successfully" in _openssl(*verify).stdout
    (tmp_path / "text").write_text(note.text.replace("7", "8"), encoding="utf-8")
    assert _openssl(*verify).returncode != 0


def test_we_accept_the_signature_of_openssl_and_no_other(key: notes.Signer, tmp_path: Path) -> None:
    text = notes.Checkpoint(key.name, 7, bytes(32)).text
    (tmp_path / "text").write_text(text, encoding="utf-8")
    sign = ["pkeyutl", "-sign", "-keyform", "DER", "-inkey", str(tmp_path / "private"), "-rawin"]
    signature = _openssl(*sign, "-in", str(tmp_path / "text")).stdout
    for public, message, given in (
        (key.key.public, text, signature),
        (key.key.public, f"{text} ", signature),
        (key.key.public, text, signature[:-1] + bytes([signature[-1] ^ 1])),
        (key.key.public, text, bytes(64)),
        (bytes(32), text, signature),
        (key.key.public, text, signature[:32] + b"\xff" * 32),
        (key.key.public, text, signature[:63]),
    ):
        right = (public, message, given) == (key.key.public, text, signature)
        assert check_proof.is_signed(public, message.encode(), given) is right
        assert notes.Key(key.name, notes.LOG, public).has_signed(message, given) is right
