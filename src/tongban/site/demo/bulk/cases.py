"""Moulds of cases: what a case is cut by, and which of its columns are reckoned for each life."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tongban.base.clock import OFFICE_ZONE
from tongban.cases.rules import life
from tongban.papers import rules as paper_rules
from tongban.site.demo.bulk import figures
from tongban.site.demo.bulk.cutting import Cut, Cutter, Slot, Text, joined
from tongban.site.demo.bulk.moulds import NULL, Casting, Cell, Mould, Row, rows_of
from tongban.site.demo.bulk.tables import OF_A_CASE
from tongban.site.demo.bulk.world import World

LOOKS_BACK = timedelta(days=150)
"""Days that are older than this before the loading belong to people's lives (birthdays) and stay."""
STEP = "step"
"""The kind of a clock that belongs to a task and not to the whole case."""


def _constant(value: str) -> Cell:
    return lambda _row, _casting: value


def _place(table: str, column: str, kind: str) -> Cell:
    def rule(row: Row, casting: Casting) -> Slot:
        found = [one["id"] for one in casting.rows[table]].index(row[column])
        return (kind, found)

    return rule


def _origin(row: Row) -> Slot:
    return (int(row["limit_value"]), row["limit_unit"], row["started_at"])


def _own_due(kind: str) -> Cell:
    return lambda row, _casting: (kind, _origin(row))


def _nearest(kind: str) -> Cell:
    """A case and its open work carry the nearest date of the running clocks; a step's is that of its own task alone."""

    def rule(row: Row, casting: Casting) -> Slot | None:
        running = tuple(
            _origin(one)
            for one in casting.rows["cases_clock"]
            if one["state"] == "running" and (one["kind"] != STEP or one["task_id"] == row["id"])
        )
        is_case = "number" in row
        work = is_case or row["state"] == "open"
        return (kind, running) if running and work else None

    return rule


def _provisional(column: str) -> Cell:
    def rule(row: Row, casting: Casting) -> Slot | None:
        nearest = _nearest("nearest_provisional")(row, casting) if column == "due_on" else None
        if nearest is not None or row[column] is None:
            return nearest  # type: ignore[return-value]  # a slot or nothing
        origin = casting.cutter.dues.get(date.fromisoformat(row[column]))
        return ("provisional", origin) if origin else None

    return rule


_PROVISIONAL = re.compile(r'"provisional": ?(true|false)')


def _told(text: str, cut: Cut, row: Row, casting: Casting) -> Text | None:
    """Cut a text with what an event says: of a date it says whether it is provisional, and the date will be another."""
    told = json.loads(row["data"])
    day = told.get("due_on") or told.get("answer_by")
    origin = casting.cutter.dues.get(date.fromisoformat(day)) if day and "provisional" in told else None
    found = _PROVISIONAL.search(text)
    if origin is None or found is None:
        return None
    begin, end = found.span(1)
    return joined([cut(text[:begin]), Text.of_slot(("json_provisional", origin)), cut(text[end:])], "")


CELLS: Mapping[tuple[str, str], Cell] = {
    ("ledger_event", "data"): lambda row, casting: _told(row["data"], casting.cutter.cut, row, casting),
    ("ledger_event", "id"): _place("ledger_event", "id", "event"),
    ("ledger_event", "position"): _place("ledger_event", "id", "position"),
    ("ledger_handled", "id"): _place("ledger_handled", "id", "handled"),
    ("ledger_handled", "event_id"): _place("ledger_event", "event_id", "event"),
    ("papers_paper", "serial"): _place("papers_paper", "id", "serial"),
    ("papers_paper", "year"): _place("papers_paper", "id", "year"),
    ("papers_paper", "file_id"): _constant(NULL),
    ("papers_paper", "drawn_at"): _constant(NULL),
    ("cases_clock", "due_on"): _own_due("due"),
    ("cases_clock", "due_at"): _own_due("due_at"),
    ("cases_clock", "provisional"): _own_due("provisional"),
    ("cases_case", "due_on"): _nearest("nearest"),
    ("cases_task", "due_on"): _nearest("nearest"),
    ("cases_task", "provisional"): _provisional("due_on"),
    ("cases_supplementrequest", "provisional"): _provisional("answer_by"),
    ("notifications_carriage", "state"): _constant("sent"),
    ("notifications_carriage", "tries"): _constant("1"),
    ("notifications_carriage", "last_error"): _constant(""),
    **figures.CELLS,
}


def _sent(rows: dict[str, list[Row]]) -> None:
    """Letters of lives that are poured have gone, and of what has ended the messages were read."""
    for row in rows["notifications_carriage"]:
        row["sent_at"] = row["created_at"]
    if rows["cases_case"][0]["state"] in life.ENDED:
        for row in rows["notifications_message"]:
            row["read_at"] = row["created_at"]


def mould_of(case_id: UUID, world: World, *, now: datetime) -> Mould:
    """Cast the mould of a case as it stands in the tables."""
    rows = {table: rows_of(table, where, {"case": case_id}) for table, where in OF_A_CASE.items()}
    _sent(rows)
    case = rows["cases_case"][0]
    dues = _dues(rows)
    cutter = Cutter(
        known=_known(rows, case, world),
        own=lambda word: word not in world.ids,
        kin=_kin(rows, case, world),
        dues=dues,
        earliest=(now - LOOKS_BACK).date(),
    )
    casting = Casting(rows, cutter, CELLS, told=_told)
    for row in rows["papers_paper"]:
        text = row["content"]
        canonical = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if paper_rules.digest(row["kind"], json.loads(text)) != row["digest"]:
            message = "the digest of a paper is not reckoned as it is here"
            raise ValueError(message)
        casting.hashes.append(
            (row["digest"], cutter.cut(canonical, copied=False), '{"content":', f',"kind":"{row["kind"]}"}}')
        )
    casting.facts = _facts(rows, case, world) | {"life": figures.life_of(case_id, rows)}
    mould = casting.cast()
    mould.facts["officials"] = list({slot[1]: slot for slot in mould.groups[4] if "official" in str(slot[0])}.values())
    return mould


def _answer(row: Row, terms: dict[str, Any]) -> Slot:
    return (int(terms["supplement_answer_days"]), "calendar_day", row["asked_at"])


def _dues(rows: dict[str, list[Row]]) -> dict[date, Slot]:
    """Return where due dates come from: clocks (those that run count most), requests."""
    found: dict[date, Slot] = {}
    terms = json.loads(rows["cases_case"][0]["terms"])
    for row in rows["cases_supplementrequest"]:
        found[date.fromisoformat(row["answer_by"])] = _answer(row, terms)
    of_steps = [row for row in rows["cases_clock"] if row["kind"] == STEP]
    of_cases = [row for row in rows["cases_clock"] if row["kind"] != STEP]
    for row in of_steps:
        found[date.fromisoformat(row["due_on"])] = _origin(row)
    for state in ("ended", "stopped", "running"):
        for row in of_cases:
            if row["state"] == state:
                found[date.fromisoformat(row["due_on"])] = _origin(row)
    return found


def _known(rows: dict[str, list[Row]], case: Row, world: World) -> dict[str, Slot]:
    known: dict[str, Slot] = {case["number"]: ("number",)}
    for place, row in enumerate(rows["papers_paper"]):
        known[row["number"]] = ("paper", place)
        known[row["digest"]] = ("digest", place)
    person = world.people[case["submitted_by_id"]]
    known |= {word: ("person", name) for name, word in person.words().items() if word}
    if case["applicant_enterprise_id"]:
        enterprise = world.enterprises[case["applicant_enterprise_id"]]
        known |= {word: ("person", name) for name, word in enterprise.words().items() if word}
    version = rows["applications_application"][0]["handling_version_id"]
    known |= {word: ("item", name) for name, word in world.items[version].words().items() if word}
    return known


def _kin(rows: dict[str, list[Row]], case: Row, world: World) -> dict[str, Slot]:
    person = world.people[case["submitted_by_id"]]
    item = world.items[rows["applications_application"][0]["handling_version_id"]]
    kin: dict[str, Slot] = {
        person.person_id: ("person", "person_id"),
        person.account_id: ("person", "account_id"),
        item.item_id: ("item", "item_id"),
        item.version_id: ("item", "version_id"),
    }
    if case["applicant_enterprise_id"]:
        kin[case["applicant_enterprise_id"]] = ("person", "enterprise_id")
    for official in world.officials:
        kin[official.official_id] = ("official", official.official_id)
        kin[official.account_id] = ("official_account", official.official_id)
    return kin


def _facts(rows: dict[str, list[Row]], case: Row, world: World) -> dict[str, Any]:
    """Return what is chosen by: where it stands, since when, for which item, and the series of its papers."""
    terms = json.loads(case["terms"])
    last = max(row["happened_at"] for row in rows["ledger_event"])
    version = rows["applications_application"][0]["handling_version_id"]
    return {
        "state": case["state"],
        "open": case["state"] not in life.ENDED,
        "last": datetime.fromisoformat(last),
        "submitted": datetime.fromisoformat(case["submitted_at"]).astimezone(OFFICE_ZONE).date(),
        "item": version,
        "enterprise": bool(case["applicant_enterprise_id"]),
        "series": [row["series"] for row in rows["papers_paper"]],
        "issued": [
            datetime.fromisoformat(row["issued_at"]).astimezone(OFFICE_ZONE).date() for row in rows["papers_paper"]
        ],
        "answers": [_answer(row, terms) for row in rows["cases_supplementrequest"] if not row["answered_at"]],
        "language": world.people[case["submitted_by_id"]].language,
    }
