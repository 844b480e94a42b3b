"""Makes look-ups ready, and compares afterwards: a grant for measuring, open cases, people in the register."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from bench.inside import people
from tongban.base.actor import SYSTEM
from tongban.base.clock import now
from tongban.cases.models import Case
from tongban.exchange import actions as exchange
from tongban.exchange.models import Grant
from tongban.exchange.rules.calls import About
from tongban.registers import actions as registers
from tongban.registers.models import Register
from tongban.registers.queries import register_by_code

FIELDS = ("name", "birth_date", "district")
PURPOSE = "measuring"
RATE = 600_000
"""Look-ups a minute: ten thousand a second are not what is measured here."""
_BYTES = """
    SELECT sum(pg_total_relation_size(name::regclass))
    FROM unnest(ARRAY['exchange_lookup', 'exchange_lookupanswer', 'ledger_event']) AS name
"""
_NOT_LOGGED = """
    SELECT wanted FROM unnest(%s::uuid[]) AS wanted
    WHERE NOT EXISTS (SELECT FROM exchange_lookup WHERE id = wanted AND refused = '')
        OR NOT EXISTS (SELECT FROM exchange_lookupanswer WHERE look_up_id = wanted AND outcome = 'answered')
        OR (SELECT count(*) FROM ledger_event WHERE subject_kind = 'look_up' AND subject_id = wanted) <> 1
"""
_NOT_PROVEN = """
    SELECT wanted FROM unnest(%s::uuid[]) AS wanted
    LEFT JOIN exchange_lookup AS row ON row.id = wanted
    LEFT JOIN ledger_event AS event ON event.subject_kind = 'look_up' AND event.subject_id = wanted
    LEFT JOIN ledger_leaf AS leaf ON leaf.position = event.position
    LEFT JOIN ledger_chainlink AS link ON link.position = event.position AND link.chain_id = row.subject_key
    GROUP BY wanted
    HAVING count(event.id) <> 1 OR count(leaf.position) <> 1 OR count(link.position) <> 1
        OR max(event.position) > coalesce((SELECT max(size) FROM ledger_checkpoint), 0)
"""
_COSIGNED = """
    SELECT count(*) FROM ledger_cosignature
    WHERE checkpoint_id >= (SELECT max(position) FROM ledger_event WHERE kind = 'exchange.looked_up')
"""


def prepare(count: int) -> list[dict[str, Any]]:
    """Return calls with cookies and the answer that is expected: of officials for open cases on which they work."""
    register, found = register_by_code("population"), []
    with transaction.atomic():
        for username in people.officials():
            actor = people.actor(username)
            cases = Case.objects.filter(
                tasks__post_id__in=actor.post_ids, ended_at=None, applicant_person__isnull=False
            )
            some = list(cases.select_related("applicant_person").distinct().order_by("id")[: count // 4])
            if not some:
                continue
            cookies = people.session(username)
            for organisation_id in actor.organisation_ids:
                _grant(register, organisation_id)
            found += [_call(register, case, cookies) for case in some]
            if len(found) >= count:
                break
    return found[:count]


def _grant(register: Register, organisation_id: Any) -> None:  # noqa: ANN401 - an id
    if Grant.objects.filter(consumer_id=organisation_id, purpose=PURPOSE, resource_id=register.resource_id).exists():
        return
    terms = exchange.GrantTerms(
        resource_id=register.resource_id,
        consumer_id=organisation_id,
        fields=("name", "birth_date", "address", "district", "life_state"),
        purpose=PURPOSE,
        purpose_words="测量",
        basis_law="测量用",
        basis_article="第一条",
        valid_from=now() - timedelta(days=1),
        valid_until=now() + timedelta(days=365),
        rate_per_minute=RATE,
    )
    exchange.give_grant(actor=SYSTEM, terms=terms, now=now())


def _call(register: Register, case: Case, cookies: dict[str, str]) -> dict[str, Any]:
    person = case.applicant_person
    if person is None:
        raise LookupError(case.number)
    about = About(kind="person", number=person.identity_number, identity_kind=person.identity_kind)
    values = {
        "name": person.name,
        "birth_date": (person.birth_date or now().date()).isoformat(),
        "district": "汀南区",
        "life_state": "存活",
    }
    registers.record(
        actor=SYSTEM, register_id=register.id, about=about, values=values, valid_from=now().date(), now=now()
    )
    body = {
        "resource": register.code,
        "about": {"kind": about.kind, "number": about.number, "identity_kind": about.identity_kind},
        "fields": FIELDS,
        "purpose": PURPOSE,
        "case": case.number,
    }
    return {"body": body, "cookies": cookies, "expected": {code: values[code] for code in FIELDS}}


def bytes_of_log() -> int:
    """Return how much room the log takes: look-ups, answers and events, with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_BYTES)
        return int(cursor.fetchone()[0])


def not_logged(ids: list[str]) -> list[str]:
    """Return which of the look-ups do not stand in log and ledger, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_LOGGED, [ids])
        return [str(one) for (one,) in cursor.fetchall()]


def not_proven(ids: list[str]) -> list[str]:
    """Return which do not stand in log, ledger, tree, signed checkpoint and the person's chain, each once."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_PROVEN, [ids])
        return sorted({*not_logged(ids), *(str(one) for (one,) in cursor.fetchall())})


def witnessed() -> bool:
    """Whether a witness has signed a checkpoint that holds the last look-up."""
    with connection.cursor() as cursor:
        cursor.execute(_COSIGNED)
        return bool(cursor.fetchone()[0])
