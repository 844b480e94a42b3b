"""`tongban neighbours`: take part in exchange between installations."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tongban.base import clock
from tongban.site.commands.surroundings import database, set_up_rooms

HELP = "take part in exchange between installations"
MANUAL = """\
  join       say what this installation is, and whose directory it believes
  key        make a key, or end one (--end ID); it signs an hour after it was made
  describe   print the description that the issuer of the directory is sent
  issuer     print the key by which we sign directories; made when there is none
  admit      admit a member by its description (a file, or - for standard input)
  remove     take a member out of the next directory
  issue      sign a directory of all members, good for a week
  fetch      fetch the directory now (the worker does so every ten minutes)
  offer      offer a resource (--resource SLUG) or a REST service (--to ADDRESS)
  allow      let a client call a REST service
  system     let a system of this house call through our door

To change keys without a pause: key, describe, have it admitted; an hour later the new one
signs; end the old one when you like. docs/operate/neighbours.md tells all steps.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One verb, and what it needs."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    one = verbs.add_parser("join")
    for name in ("member", "name", "address"):
        one.add_argument(f"--{name}", required=True)
    one.add_argument("--name-en", default="")
    one.add_argument("--directory", default="", help="address where the directory is fetched")
    one.add_argument("--issuer", action="append", default=[], help="key that signs it; twice while it is changed")
    verbs.add_parser("key").add_argument("--end", metavar="ID")
    for verb in ("describe", "issuer", "issue", "fetch"):
        verbs.add_parser(verb)
    verbs.add_parser("admit").add_argument("file")
    verbs.add_parser("remove").add_argument("member")
    one = verbs.add_parser("offer")
    one.add_argument("subsystem")
    one.add_argument("code")
    one.add_argument("--name", default="")
    one.add_argument("--subsystem-name", default="")
    one.add_argument("--resource", default="")
    one.add_argument("--to", default="")
    one.add_argument("--openapi", type=Path)
    one.add_argument("--seconds", type=int, default=10)
    one = verbs.add_parser("allow")
    one.add_argument("subsystem")
    one.add_argument("code")
    one.add_argument("client")
    one.add_argument("--method", default="*")
    one.add_argument("--path", default="/**")
    one = verbs.add_parser("system")
    one.add_argument("client")
    one.add_argument("--certificate", default="", help="SHA-256 of its certificate, 64 hexadecimal digits")
    one.add_argument("--network", action="append", default=[])


def run(options: argparse.Namespace) -> int:
    """Do it. Refusals are said by the command itself."""
    with database() as known:
        set_up_rooms()
        sys.stdout.write(f"{_do(options, known.var, clock.now())}\n")
    return 0


def _do(options: argparse.Namespace, var: Path, now: datetime) -> str:
    from tongban.base.actor import SYSTEM
    from tongban.exchange.actions import membership as actions
    from tongban.exchange.queries import membership as queries
    from tongban.exchange.rules.neighbours.directory import told_of

    told: str
    match options.verb:
        case "join":
            place = actions.OwnPlace(
                member=options.member,
                name=options.name,
                name_en=options.name_en,
                address=options.address,
                directory_address=options.directory,
                issuers=options.issuer,
            )
            told = actions.join(actor=SYSTEM, place=place, now=now).member
        case "key" if options.end:
            told = actions.end_key(actor=SYSTEM, key_id=options.end, now=now).key_id
        case "key":
            told = actions.make_key(actor=SYSTEM, now=now).key_id
        case "describe":
            told = json.dumps(told_of(queries.description(now)), ensure_ascii=False, indent=1)
        case "issuer":
            told = str(_signer(var).key)
        case "admit":
            told = actions.admit(actor=SYSTEM, description=_read(options.file), now=now).member
        case "remove":
            told = actions.remove(actor=SYSTEM, member=options.member, now=now).member
        case "issue":
            told = str(actions.issue(actor=SYSTEM, signer=_signer(var), now=now).number)
        case _:
            told = _serve(options, now)
    return told


def _serve(options: argparse.Namespace, now: datetime) -> str:
    from tongban.base.actor import SYSTEM
    from tongban.exchange import errors
    from tongban.exchange.actions import passing
    from tongban.exchange.actions.fetching import fetch_directory
    from tongban.exchange.queries import membership as queries

    match options.verb:
        case "fetch":
            taken = fetch_directory(now=now)
            if taken is None:
                raise errors.NoDirectory
            return str(taken.number)
        case "offer":
            offered = passing.Offer(
                subsystem=options.subsystem,
                code=options.code,
                name=options.name,
                subsystem_name=options.subsystem_name,
                resource_id=queries.resource_named(options.resource) if options.resource else None,
                address=options.to,
                openapi=options.openapi.read_text(encoding="utf-8") if options.openapi else "",
                timeout_seconds=options.seconds,
            )
            return str(passing.offer(actor=SYSTEM, offered=offered, now=now).id)
        case "allow":
            right = passing.allow(
                actor=SYSTEM,
                service_id=queries.service_named(options.subsystem, options.code),
                client=options.client,
                method=options.method,
                path=options.path,
                now=now,
            )
            return str(right.id)
        case _:
            row = passing.register_system(
                actor=SYSTEM,
                client=options.client,
                certificate=options.certificate,
                networks=options.network,
                now=now,
            )
            return row.client


def _signer(var: Path) -> Any:  # noqa: ANN401 - imported once Django is set up
    """Return what signs directories: a key under `var/secrets`, made at the first use."""
    import secrets

    from tongban.ledger.rules.notes import LOG, Signer
    from tongban.site.configuration import KEY_BYTES, keep_key

    path = var / "secrets" / "directory-key"
    if not path.exists():
        keep_key(var, path.name, secrets.token_hex(KEY_BYTES))
    return Signer("tongban-directory", LOG, bytes.fromhex(path.read_text(encoding="ascii").strip()))


def _read(name: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
