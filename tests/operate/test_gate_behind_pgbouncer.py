"""The gate behind PgBouncer in transaction mode: few connections, taken by turns, and no role stays with one of them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.operate.in_front import pgbouncer
from tongban.exchange import errors
from tongban.exchange.models import LookUp, LookUpAnswer
from tongban.registers.tests.town import Town, make_town

AT_ONCE, EACH = 6, 10


@pytest.mark.django_db(transaction=True)
def test_look_ups_by_turns_on_three_connections(tmp_path: Path) -> None:
    town = make_town()
    town.grant("name", "religion", rate_per_minute=5000)
    number = town.case()
    known = dict(connection.settings_dict)
    connection.close()
    with pgbouncer(tmp_path / "log", str(known["NAME"])) as through:
        changes = {"NAME": through.database, "HOST": through.host, "PORT": through.port, "PASSWORD": through.password}
        connection.settings_dict.update(changes)
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                said = [one for some in pool.map(lambda _place: _asked(town, number), range(AT_ONCE)) for one in some]
            with psycopg.connect(through.address) as plain:
                assert plain.execute("SELECT current_user").fetchone() == (settings.TONGBAN_ROLES.app,)
                assert plain.execute("SELECT coalesce(current_setting('tongban.look_up', true), '')").fetchone() == (
                    "",
                )
        finally:
            connection.close()
            connection.settings_dict.update({key: known[key] for key in changes})
    assert said == [("林知夏", "无", "field_not_granted")] * AT_ONCE * EACH
    assert LookUpAnswer.objects.count() == AT_ONCE * EACH
    assert LookUp.objects.count() == 2 * AT_ONCE * EACH


def _asked(town: Town, number: str) -> list[tuple[str, str, str]]:
    """Ask, and be refused, by turns."""
    found = []
    for _time in range(EACH):
        values = town.ask(town.call(number, "name", "religion")).values
        try:
            town.ask(town.call(number, "address"))
        except errors.FieldNotGranted as refused:
            found.append((values["name"], values["religion"], refused.code))
    connection.close()
    return found
