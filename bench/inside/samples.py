"""What is looked at under load: cases, inboxes, guides, words; drawn at random, the same for all runs of a bench."""

from random import Random
from typing import TypedDict

from django.db.models import Count

from bench.inside import people
from tongban.accounts.models import Person
from tongban.cases import queries as cases
from tongban.cases.models import Case, Task
from tongban.catalogue.models import HandlingItem

SEED = 3
TYPED = (
    "开饭店", "食品经营许可", "canyin", "cydkb", "身份证", "补身份证", "shipinjingying", "公共场所卫生许可", "食品京营",
    "我想开一家饭店需要什么材料", "许可", "登记", "变更", "老年人津贴", "shipnjingying", "qqqzzz", "zhengshu", "sp",
    "不动产证书转移", "劳务派譴", "上户口", "驾照",
)  # fmt: skip
"""As people type: in part, in pinyin, by initials, with slips, as whole sentences, and in vain."""


class Seen(TypedDict):
    """A case and the cookies of somebody who may see it."""

    number: str
    cookies: dict[str, str]


def official_cases(each: int) -> list[Seen]:
    """Return cases with an official who has, or had, a task on them; half of them open, where there are any."""
    found: list[Seen] = []
    for username in people.officials():
        actor = people.actor(username)
        tasks = Task.objects.filter(post_id__in=actor.post_ids)
        numbers: set[str] = set()
        for chosen in (tasks.filter(state=Task.State.OPEN), tasks.exclude(state=Task.State.OPEN)):
            numbers |= set(chosen.order_by("?").values_list("case__number", flat=True)[:each])
        seen = cases.visible(actor).filter(number__in=numbers).values_list("number", flat=True)
        if seen:
            cookies = people.session(username)
            found += [Seen(number=number, cookies=cookies) for number in sorted(seen)]
    Random(SEED).shuffle(found)
    return found


def resident_cases(count: int) -> list[Seen]:
    """Return cases with who submitted them, for many residents."""
    chosen = Case.objects.filter(submitted_by__isnull=False, applicant_enterprise__isnull=True)
    rows = chosen.order_by("?").values_list("number", "submitted_by_id")[:count]
    known = Person.objects.filter(id__in={person_id for _number, person_id in rows}, account__isnull=False)
    cookies = {one.id: people.session_of(one.account) for one in known.select_related("account") if one.account}
    return [Seen(number=number, cookies=cookies[person]) for number, person in rows if person in cookies]


def inboxes() -> list[dict[str, object]]:
    """Return officials by the number of their open tasks, the fullest inbox first."""
    found = []
    for username in people.officials():
        actor = people.actor(username)
        count = Task.objects.filter(state=Task.State.OPEN, post_id__in=actor.post_ids).count()
        found.append({"cookies": people.session(username), "tasks": count})
    return sorted(found, key=lambda one: -int(str(one["tasks"])))


def listing() -> list[dict[str, object]]:
    """Return officials by the number of cases they may see, those with most first."""
    found = []
    for username in people.officials():
        posts = people.actor(username).post_ids
        seen = Task.objects.filter(post_id__in=posts).aggregate(n=Count("case", distinct=True))["n"]
        found.append({"cookies": people.session(username), "cases": seen})
    return sorted(found, key=lambda one: -int(str(one["cases"])))


def guides(count: int) -> list[str]:
    """Return codes of matters in use that have a guide, drawn at random."""
    codes = HandlingItem.objects.filter(state="in_use", current__isnull=False).values_list("code", flat=True)
    chosen = sorted(codes)
    Random(SEED).shuffle(chosen)
    return chosen[:count]


def words(count: int) -> list[str]:
    """Return what people type into the search: our list, and pieces of the names of matters."""
    dice = Random(SEED)
    names = sorted(HandlingItem.objects.filter(state="in_use").values_list("name", flat=True))
    pieces = []
    for _word in range(count):
        name = dice.choice(names)
        begin = dice.randrange(max(len(name) - 3, 1))
        pieces.append(name[begin : begin + dice.randint(2, 6)])
    mixed = [*TYPED, *pieces]
    dice.shuffle(mixed)
    return mixed
