"""A whole city at once: lives that the actions have written are cast as moulds, and poured many times over by COPY."""

from tongban.accounts import queries as accounts
from tongban.organisations import queries as organisations
from tongban.site.demo.bulk.city import Size, load
from tongban.site.demo.bulk.copying import owner_connection
from tongban.site.demo.bulk.residents import FIRST_USERNAME

__all__ = ["Size", "is_empty", "is_loaded", "load", "owner_connection"]


def is_loaded() -> bool:
    """Whether the city has been made a large one."""
    return accounts.account_by_username(FIRST_USERNAME) is not None


def is_empty() -> bool:
    """Whether nothing has been set up here yet: an installation with an office of its own is no place for a demo."""
    return not organisations.organisations().exists()
