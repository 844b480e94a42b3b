"""A whole city at once: lives that the actions have written are cast as moulds, and poured many times over by COPY."""

from tongban.accounts import queries as accounts
from tongban.catalogue import queries as catalogue
from tongban.ledger import queries as ledger
from tongban.organisations import queries as organisations
from tongban.site.demo.bulk.city import GROWN_AT_ONCE, Size, finish, load
from tongban.site.demo.bulk.copying import owner_connection
from tongban.site.demo.bulk.residents import FIRST_USERNAME

__all__ = ["Size", "finish", "is_empty", "is_finished", "is_loaded", "load", "owner_connection"]


def is_loaded() -> bool:
    """Whether the city has been made a large one: whole or not at all."""
    return accounts.account_by_username(FIRST_USERNAME) is not None


def is_finished() -> bool:
    """Whether what comes after the pouring was done to its end as well."""
    return catalogue.all_can_be_found() and ledger.last_position() - ledger.tree_size() < GROWN_AT_ONCE


def is_empty() -> bool:
    """Whether nothing has been set up here yet: an installation with an office of its own is no place for a demo."""
    return not organisations.organisations().exists()
