"""Who attacks: invented people of the demo city, one for each kind of post, and where each begins.

Beside the pages named here everybody begins at every page of the house that needs no argument: a new one is walked by
itself (`bench.inside.addresses`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who signs in; nobody, without a name."""

    username: str
    kind: str
    begin: tuple[str, ...] = ()


NOBODY = Player("", "nobody", ("/",))
RESIDENT = Player("demo-limei", "resident", ("/my", "/apply/{code}/"))
OTHER_RESIDENT = Player("demo-zhaoting", "another resident", ("/my",))
PROXY = Player("demo-sunhao", "somebody who acts for an enterprise", ("/my",))
OFFICIAL = Player("demo-shouli", "acceptance desk", ("/office/",))
REVIEWER = Player("demo-shencha", "review desk", ("/office/",))
WINDOW = Player("demo-chuangkou", "window of the service centre", ("/office/",))
ITEM_MANAGER = Player("demo-shoujian", "intake desk, item manager", ("/office/",))
SUPERVISOR = Player("demo-ducha", "supervisor, coordinator of data sharing", ("/office/",))
STEWARD = Player("demo-gongan-sj", "data steward and keeper of a register", ("/office/",))
OTHER_STEWARD = Player("demo-shichang-sj", "data steward of another department", ("/office/",))
CENTRE_STEWARD = Player("demo-shuju", "data steward of the service centre", ("/office/",))

PLAYERS = (
    NOBODY, RESIDENT, OTHER_RESIDENT, PROXY, OFFICIAL, REVIEWER, WINDOW, ITEM_MANAGER, SUPERVISOR, STEWARD,
    OTHER_STEWARD, CENTRE_STEWARD,
)  # fmt: skip
"""All of them."""
