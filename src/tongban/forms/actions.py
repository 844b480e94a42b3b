"""What may be done with forms: publish."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from pydantic import ValidationError

from tongban.base.actor import SYSTEM, Actor
from tongban.forms.errors import UnsoundForm
from tongban.forms.events import FormPublished
from tongban.forms.models import FormVersion
from tongban.forms.rules import FormDocument
from tongban.ledger import actions as ledger

_LOCK = "forms.publish"


def _sound(document: FormDocument | Mapping[str, object]) -> FormDocument:
    if isinstance(document, FormDocument):
        return document
    try:
        return FormDocument.model_validate(document)
    except ValidationError as wrong:
        problems = [{"where": ".".join(map(str, problem["loc"])), "what": problem["msg"]} for problem in wrong.errors()]
        raise UnsoundForm(problems=problems) from wrong


def _digest(stored: Mapping[str, object]) -> str:
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _one_at_a_time(code: str) -> None:
    """Let publishers of the same form wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{_LOCK}:{code}"])


@transaction.atomic
def publish(
    *, code: str, document: FormDocument | Mapping[str, object], now: datetime, actor: Actor = SYSTEM
) -> FormVersion:
    """Publish a form under its code; the same document again is the same version. Raises UnsoundForm."""
    stored = _sound(document).model_dump(mode="json", exclude_defaults=True)
    digest = _digest(stored)
    _one_at_a_time(code)
    if (same := FormVersion.objects.filter(code=code, digest=digest).first()) is not None:
        return same
    last = FormVersion.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    made = FormVersion.objects.create(code=code, version=last + 1, document=stored, digest=digest, published_at=now)
    event = FormPublished(subject_id=made.id, code=code, version=made.version, digest=digest)
    ledger.record(event, actor=actor, now=now)
    return made
