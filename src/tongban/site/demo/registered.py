"""What the registers of the demo city say: on its people and firms, and on invented ones beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tongban.accounts import queries as accounts
from tongban.base import identifiers
from tongban.exchange.rules.calls import About
from tongban.registers.actions import Loaded
from tongban.site.demo import content
from tongban.site.demo.offices import credit_code
from tongban.site.demo.people import Town, resident_number

INVENTED_PEOPLE, INVENTED_FIRMS = 800, 120
FIRM_AREA = "91990104MA1"
YEARS = range(1936, 2021)
"""Years of birth: one of each for each place, since the order number 000 is given to nobody."""
ENROLLED_AT, ADULT, RETIRED = 15, 18, 60
MOTHERS = range(22, 46)
INSURED = 0.8
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in the registers."""

    name: str
    about: About
    born: date
    sex: str

    def age(self, today: date) -> int:
        """Return how old they are, in years."""
        return today.year - self.born.year


def filling(town: Town, *, random: Random, today: date) -> dict[str, list[Loaded]]:
    """Return the records of each register by its slug."""
    people = [*_residents(town), *_invented(random)]
    firms = list(_firms(random))
    adults = [one for one in people if one.age(today) >= ADULT]
    return {
        "population": [_population(one, random) for one in people],
        "legal-entities": [_entity(code, name, owner, random, today) for code, name, owner in firms],
        "education": [_education(one, random) for one in people if one.age(today) > ENROLLED_AT],
        "employment-insurance": [_insurance(one, firms, random, today) for one in adults if random.random() < INSURED],
        "medical-birth": list(_births(people, random, today)),
    }


def _residents(town: Town) -> Iterator[Known]:
    """Go through everybody who lives in the demo city, wards too."""
    actors = [actor for actor in town.actors.values() if actor.person_id is not None]
    for actor in [*actors, *(actor for actor, _born in town.further)]:
        if actor.person_id is None:
            continue
        own = accounts.person_by_id(actor.person_id)
        for person in (own, *accounts.wards_of(actor)):
            born = person.birth_date or date(1985, 5, 5)
            about = About(kind="person", number=person.identity_number, identity_kind=person.identity_kind)
            yield Known(person.name, about, born, person.sex or "female")


def _invented(random: Random) -> Iterator[Known]:
    written = content.people()
    for number in range(INVENTED_PEOPLE):
        born = date(YEARS[number % len(YEARS)], 1 + number % 12, 1 + number % 28)
        identity = resident_number(f"6590{10 + number // len(YEARS):02d}", f"{born:%Y%m%d}")
        name = random.choice(written["surnames"]) + random.choice(written["given"])
        yield Known(name, About(kind="person", number=identity), born, identifiers.sex(identity))


def _population(one: Known, random: Random) -> Loaded:
    written = content.registers()
    district = random.choice(written["districts"])
    values = {
        "name": one.name,
        "sex": "女" if one.sex == "female" else "男",
        "birth_date": one.born,
        "nation": "维吾尔族" if "·" in one.name else "汉族",
        "address": _address(district, random),
        "district": district,
        "household_kind": random.choice(("家庭户", "集体户", "居住登记")),
        "life_state": "存活",
        "photo_number": f"ZP{random.randint(10**9, 10**10 - 1)}",
    }
    return Loaded(about=one.about, values=values, valid_from=max(one.born, date(2010, 1, 1)))


def _address(district: str, random: Random) -> str:
    return f"云汀市{district}{random.choice(content.registers()['streets'])} {random.randint(1, 200)} 号"


def _firms(random: Random) -> Iterator[tuple[str, str, str]]:
    """Go through credit code, name and representative of firms: those of the demo city first."""
    for enterprise in accounts.enterprises().select_related("legal_representative"):
        owner = enterprise.legal_representative
        yield enterprise.credit_code, enterprise.name, owner.name if owner else ""
    written = content.people()
    for number in range(INVENTED_FIRMS):
        owner_name = random.choice(written["surnames"]) + random.choice(written["given"])
        name = f"云汀{random.choice(written['given'])}{random.choice(content.registers()['firms'])}"
        yield credit_code(f"{FIRM_AREA}{number:06d}"), name, owner_name


def _entity(code: str, name: str, owner: str, random: Random, today: date) -> Loaded:
    founded = today - timedelta(days=random.randint(60, 6000))
    written = content.registers()
    values = {
        "name": name,
        "kind": "有限责任公司" if name.endswith("公司") else "个体工商户",
        "representative": owner,
        "address": _address(random.choice(written["districts"]), random),
        "capital": random.choice((100_000, 500_000, 1_000_000, 5_000_000)) * 100,
        "founded_on": founded,
        "scope": "许可项目：餐饮服务。一般项目：日用百货销售。",
        "state": random.choices(("存续", "注销"), (19, 1))[0],
    }
    return Loaded(about=About(kind="enterprise", number=code), values=values, valid_from=founded)


def _education(one: Known, random: Random) -> Loaded:
    enrolled = date(one.born.year + ENROLLED_AT, 9, 1)
    values: dict[str, Any] = {
        "school": random.choice(content.registers()["schools"]),
        "level": random.choice(("高中", "大专")),
        "enrolled_on": enrolled,
        "graduated_on": enrolled + 3 * _YEAR,
        "certificate": f"BY{random.randint(10**7, 10**8 - 1)}",
        "marks": {"语文": random.randint(60, 99), "数学": random.randint(60, 99)},
    }
    return Loaded(about=one.about, values=values, valid_from=enrolled, key=values["certificate"])


def _insurance(one: Known, firms: list[tuple[str, str, str]], random: Random, today: date) -> Loaded:
    since = today - timedelta(days=random.randint(200, 5000))
    retired = one.age(today) >= RETIRED
    values = {
        "employer": None if retired else random.choice(firms)[1],
        "insured_since": since,
        "paid_until": None if retired else today.replace(day=1),
        "state": "待遇领取" if retired else "正常参保",
        "base": None if retired else random.randint(4000, 20_000) * 100,
        "pension": random.randint(1500, 6000) * 100 if retired else None,
    }
    return Loaded(about=one.about, values=values, valid_from=since)


def _births(people: list[Known], random: Random, today: date) -> Iterator[Loaded]:
    """Go through births of this year and the last, under their mothers; Li Mei's first."""
    written = content.people()
    mothers = [one for one in people if one.sex == "female" and one.age(today) in MOTHERS]
    for number, mother in enumerate(mothers[:300]):
        born = today - timedelta(days=random.randint(3, 500))
        values = {
            "certificate_number": f"Z99{number:07d}",
            "child_name": mother.name[0] + random.choice(written["given"]),
            "child_sex": random.choice(("女", "男")),
            "child_birth_date": born,
            "father_name": random.choice(written["surnames"]) + random.choice(written["given"]),
            "hospital": random.choice(content.registers()["hospitals"]),
            "weight": random.randint(2500, 4200),
        }
        yield Loaded(about=mother.about, values=values, valid_from=born, key=values["certificate_number"])
