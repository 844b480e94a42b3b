"""Who acts: every query and action is given an actor, never a request or a session."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

ActorKind = Literal["nobody", "resident", "official", "system"]


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post 岗位 that an official acts by, held by themselves or as deputy during leave."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    roles: frozenset[str]
    as_deputy: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Officials act by their posts, never by person alone.

    `account_id` is the sign-in account, `person_id` the natural person of a resident,
    `official_id` the official. `system` acts by the clock and for events. `is_proven`: whoever signs in is the resident
    for sure, because a window gave them this account; before that somebody else may have opened it under their number.
    """

    kind: ActorKind
    name: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    official_id: UUID | None = None
    posts: tuple[PostHeld, ...] = field(default=())
    is_proven: bool = False

    @property
    def is_nobody(self) -> bool:
        """Whether nobody has signed in."""
        return self.kind == "nobody"

    @property
    def is_resident(self) -> bool:
        """Whether a resident acts."""
        return self.kind == "resident"

    @property
    def is_official(self) -> bool:
        """Whether an official acts."""
        return self.kind == "official"

    @property
    def post_ids(self) -> frozenset[UUID]:
        """Ids of all posts acted by."""
        return frozenset(post.id for post in self.posts)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """Ids of the organisations whose posts are held."""
        return frozenset(post.organisation_id for post in self.posts)

    def has_role(self, role: str, organisation_id: UUID | None = None) -> bool:
        """Whether one of the posts carries the role, in the given organisation if one is named."""
        return any(
            role in post.roles and (organisation_id is None or post.organisation_id == organisation_id)
            for post in self.posts
        )


NOBODY = Actor(kind="nobody")
SYSTEM = Actor(kind="system", name="system")
