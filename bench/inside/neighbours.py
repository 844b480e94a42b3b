"""What `make federation` does within an installation: join, look up, and read what stands in the log."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from tongban.accounts import queries as accounts
from tongban.base import clock
from tongban.base.actor import SYSTEM
from tongban.base.ids import new_id
from tongban.cases.models import Task
from tongban.exchange import actions as exchange
from tongban.exchange import errors
from tongban.exchange.actions import membership, passing
from tongban.exchange.actions.fetching import fetch_directory
from tongban.exchange.models import LookUp, NeighbourService, Passage, Resource
from tongban.exchange.queries import membership as queries
from tongban.exchange.rules.calls import About, Call, CaseReference
from tongban.exchange.rules.entries import EntryDraft, ItemDraft
from tongban.exchange.rules.neighbours.directory import told_of
from tongban.exchange.rules.signatures import digests
from tongban.exchange.rules.signatures.messages import Request
from tongban.exchange.rules.signatures.signing import Stamp, sign_call
from tongban.organisations import queries as organisations
from tongban.organisations.models import Organisation
from tongban.registers import actions as registers
from tongban.registers.models import Register

PURPOSE, LAW, ARTICLE = "residence_move", "政务数据共享条例", "第十三条"
SLUG = "neighbour-population"
YEAR = timedelta(days=365)


def join(member: str, called: str, address: str, directory: str, issuer: str) -> str:
    """Take part; return the name of the new key. Those of an earlier run are ended."""
    for one in queries.own_keys():
        if one.is_good(clock.now()):
            end_key(one.id)
    place = membership.OwnPlace(
        member=member, name=called, address=address, directory_address=directory, issuers=[issuer]
    )
    membership.join(actor=SYSTEM, place=place, now=clock.now())
    return membership.make_key(actor=SYSTEM, now=clock.now()).key_id


def describe() -> dict[str, Any]:
    """Return how this installation describes itself."""
    return told_of(queries.description(clock.now()))


def new_key() -> str:
    """Make another key."""
    return membership.make_key(actor=SYSTEM, now=clock.now()).key_id


def end_key(key_id: str) -> None:
    """End a key."""
    membership.end_key(actor=SYSTEM, key_id=key_id, now=clock.now())


def fetch() -> int:
    """Fetch the directory; return its number."""
    taken = fetch_directory(now=clock.now())
    return taken.number if taken else 0


def offer_population(client: str) -> list[str]:
    """Offer the register of people to a neighbour's system, under a grant; return fields that it may not see."""
    resource = Resource.objects.get(slug="population")
    fields = resource.field_codes
    now = clock.now()
    offered = passing.Offer(subsystem="registers", code="population", subsystem_name="基础库", resource_id=resource.id)
    passing.offer(actor=SYSTEM, offered=offered, now=now)
    granted = tuple(one for one in ("name", "address") if one in fields)
    _give(resource.id, granted, now=now, consumer_system=client, standing="system")
    return [one for one in fields if one not in granted]


def move_to(number: str, address: str) -> None:
    """Record in the register of people that somebody lives elsewhere: what only this city knows."""
    register = Register.objects.get(resource__slug="population")
    now = clock.now()
    registers.correct(
        actor=SYSTEM,
        register_id=register.id,
        about=About(kind="person", number=number),
        values={"address": address},
        on=clock.office_date(now),
        now=now,
    )


def _give(resource_id: UUID, fields: tuple[str, ...], *, now: Any, **more: Any) -> None:  # noqa: ANN401 - see GrantTerms
    terms = exchange.GrantTerms(
        resource_id=resource_id,
        fields=fields,
        purpose=PURPOSE,
        purpose_words="迁入登记",
        basis_law=LAW,
        basis_article=ARTICLE,
        valid_from=now - timedelta(days=1),
        valid_until=now + YEAR,
        rate_per_minute=60_000,
        **more,
    )
    exchange.give_grant(actor=SYSTEM, terms=terms, now=now)


def know_population(service: str, client: str, extra: str) -> None:
    """Enter the neighbour's register into our catalogue, with the neighbour as its source."""
    now = clock.now()
    keeper = Organisation.objects.order_by("id").first()
    items = tuple(
        ItemDraft(code=code, name=code, sharing_condition="办理业务需要") for code in ("name", "address", extra)
    )
    entry = EntryDraft(
        slug=SLUG, code="101009/77", subject_kind="person", name="邻市人口信息", summary="邻市登记的人口信息",
        category="人口", items=items,
    )  # fmt: skip
    version = exchange.draft_resource(actor=SYSTEM, provider_id=keeper.id if keeper else new_id(), draft=entry, now=now)
    exchange.submit_resource(actor=SYSTEM, version_id=version.id, now=now)
    exchange.publish_resource(actor=SYSTEM, version_id=version.id, now=now)
    settings: dict[str, object] = {"service": service, "client": client}
    exchange.set_source(actor=SYSTEM, resource_id=version.resource_id, kind="neighbour", settings=settings, now=now)


def open_matter(extra: str) -> dict[str, str]:
    """Find an open case of a person and the official who works on it, and let their office ask the neighbour."""
    now = clock.now()
    for task in Task.objects.filter(state="open", case__applicant_person__isnull=False).select_related("case", "post")[
        :200
    ]:
        holders = [one.account_id for one in organisations.officials_of_post(task.post_id, now)]
        if task.case.applicant_person_id is None:
            continue
        person = accounts.person_by_id(task.case.applicant_person_id)
        if holders and person.identity_kind == "resident_identity_card":
            _give(
                Resource.objects.get(slug=SLUG).id, ("name", "address", extra), now=now,
                consumer_id=task.post.organisation_id,
            )  # fmt: skip
            return {"case": task.case.number, "account": str(holders[0]), "number": person.identity_number}
    message = "no open case of a person"
    raise LookupError(message)


def look_up(case: str, account: str, number: str, fields: list[str], purpose: str = PURPOSE) -> dict[str, Any]:
    """Look somebody up at the neighbour for a case, as the official who works on it."""
    now = clock.now()
    actor = organisations.actor_for_account(UUID(account), now)
    call = Call(
        about=About(kind="person", number=number),
        fields=tuple(fields),
        purpose=purpose,
        reference=CaseReference(case),
        resource=SLUG,
    )
    try:
        answer = exchange.look_up(call=call, actor=actor, now=now)
    except errors.LookUpRefused as refused:
        return {"refused": refused.code, "words": str(refused), **refused.details}
    return {"values": dict(answer.values), "look_up": str(answer.look_up_id)}


def last_look_up(reference: str) -> dict[str, Any]:
    """Return what stands in the log on a reference."""
    row = LookUp.objects.filter(reference=reference).order_by("-at", "-id").first()
    return (
        {}
        if row is None
        else {"system": row.system, "refused": row.refused, "fields": row.fields, "purpose": row.purpose}
    )


def offer_rest(code: str, address: str, client: str, rights: list[list[str]], seconds: int = 10) -> None:
    """Offer a REST service to a client."""
    now = clock.now()
    offered = passing.Offer(subsystem="services", code=code, address=address, timeout_seconds=seconds)
    passing.offer(actor=SYSTEM, offered=offered, now=now)
    service = NeighbourService.objects.get(subsystem="services", code=code)
    for method, path in rights:
        passing.allow(actor=SYSTEM, service_id=service.id, client=client, method=method, path=path, now=now)


def system(client: str) -> None:
    """Let a system of this house call from this machine."""
    passing.register_system(actor=SYSTEM, client=client, networks=["127.0.0.0/8"], now=clock.now())


def passages() -> list[dict[str, Any]]:
    """Return the last lines of the log of the door."""
    rows = Passage.objects.order_by("-at", "-id")[:20]
    return [{"way": one.way, "client": one.client, "refused": one.refused, "status": one.status} for one in rows]


def signed(address: str, client: str, content: str) -> list[list[str]]:
    """Return the headers of a call that is signed by our key, to be sent by whoever has seen it."""
    now = clock.now()
    body = content.encode()
    fields = (("content-type", "text/plain"), ("x-road-client", client), (digests.FIELD, digests.of_body(body)))
    request = Request.to(address, method="POST", fields=fields)
    return [
        list(pair) for pair in sign_call(request, key=queries.place(now).key, stamp=Stamp(now, new_id().hex)).fields
    ]


def pace(case: str, account: str, number: str, seconds: float, at_once: int) -> dict[str, float]:
    """Look somebody up at the neighbour again and again; return look-ups a second and milliseconds."""
    took: list[float] = []
    until = time.monotonic() + seconds

    def ask() -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            told = look_up(case, account, number, ["name", "address"])
            if "values" not in told:
                raise RuntimeError(told)
            took.append((time.monotonic() - began) * 1000)

    with ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(ask) for _ in range(at_once)]:
            done.result()
    ordered = sorted(took)
    return {
        "per_second": round(len(took) / seconds, 1),
        "median_ms": round(ordered[len(ordered) // 2], 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)], 1),
    }
