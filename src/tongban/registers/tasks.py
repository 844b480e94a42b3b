"""What registers do by the clock."""

from procrastinate.contrib.django import app

from tongban.base.clock import now
from tongban.registers import actions, queries


@app.periodic(cron="40 2 * * *")
@app.task(name="registers.measure", queueing_lock="registers.measure", queue="housekeeping")
def measure_all(timestamp: int) -> None:
    """Every night: count how complete and how valid each register is. Each in a transaction of its own."""
    for register in queries.registers():
        actions.measure(register_id=register.id, now=now())
