"""Who and what lives are about: people, enterprises, officials, items. Found in the tables once."""

from collections import defaultdict
from dataclasses import dataclass, field

from tongban.site.demo.bulk.moulds import Row, rows_of

WORLD_TABLES = (
    "organisations_organisation", "organisations_post", "organisations_postholding", "accounts_account",
    "accounts_person", "accounts_official", "accounts_enterprise", "accounts_consent", "catalogue_catalogueitem",
    "catalogue_serviceitem", "catalogue_handlingitem", "catalogue_handlingversion", "forms_formversion",
    "processes_processversion", "cases_clocktable",
)  # fmt: skip
"""What stands there before any case: ids of these stay, or are exchanged for those of others."""


@dataclass(frozen=True)
class Person:
    """A resident with an account; ids and texts as they stand in the tables."""

    person_id: str
    account_id: str
    username: str
    name: str
    identity_number: str
    phone: str
    email: str
    language: str = "zh-hans"

    def words(self) -> dict[str, str]:
        """Return what stands of them in texts."""
        return {
            "name": self.name,
            "identity_number": self.identity_number,
            "phone": self.phone,
            "email": self.email,
        }


@dataclass(frozen=True)
class Enterprise:
    """An enterprise and who represents it."""

    enterprise_id: str
    name: str
    credit_code: str
    address: str
    person_id: str

    def words(self) -> dict[str, str]:
        """Return what stands of it in texts."""
        return {"enterprise_name": self.name, "credit_code": self.credit_code, "enterprise_address": self.address}


@dataclass(frozen=True)
class Item:
    """What can be applied for."""

    item_id: str
    version_id: str
    code: str
    catalogue_code: str
    name: str
    name_en: str

    def words(self) -> dict[str, str]:
        """Return what stands of it in texts."""
        return {"code": self.code, "catalogue_code": self.catalogue_code, "name": self.name, "name_en": self.name_en}


@dataclass(frozen=True)
class Official:
    """An official and the posts held, which tell who is a colleague."""

    official_id: str
    account_id: str
    posts: frozenset[str]


@dataclass
class World:
    """All of it, by id."""

    ids: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    officials: list[Official] = field(default_factory=list)


def find_world() -> World:
    """Read it from the tables."""
    world = World()
    for table in WORLD_TABLES:
        world.ids.update(row["id"] for row in rows_of(table, "true", {}))
    accounts = {row["id"]: row for row in rows_of("accounts_account", "true", {})}
    for row in rows_of("accounts_person", "account_id IS NOT NULL", {}):
        person = person_of(row, accounts[row["account_id"]])
        world.people[person.person_id] = person
    for row in rows_of("accounts_enterprise", "legal_representative_id IS NOT NULL", {}):
        world.enterprises[row["id"]] = Enterprise(
            row["id"], row["name"], row["credit_code"], row["address"], row["legal_representative_id"]
        )
    posts: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("organisations_postholding", "until IS NULL", {}):
        posts[row["official_id"]].add(row["post_id"])
    world.officials = [
        Official(row["id"], row["account_id"], frozenset(posts[row["id"]]))
        for row in rows_of("accounts_official", "ended_at IS NULL", {})
    ]
    world.items = _items()
    return world


def person_of(person: Row, account: Row) -> Person:
    """Return a resident from the rows of person and account."""
    return Person(
        person["id"],
        account["id"],
        account["username"],
        person["name"],
        person["identity_number"],
        account["phone"],
        account["email"],
        account["language"],
    )


def _items() -> dict[str, Item]:
    catalogue = {row["id"]: row["code"] for row in rows_of("catalogue_catalogueitem", "true", {})}
    services = {row["id"]: catalogue[row["catalogue_item_id"]] for row in rows_of("catalogue_serviceitem", "true", {})}
    return {
        row["current_id"]: Item(
            row["id"], row["current_id"], row["code"], services[row["service_item_id"]], row["name"], row["name_en"]
        )
        for row in rows_of("catalogue_handlingitem", "applicable AND state = 'in_use'", {})
    }
