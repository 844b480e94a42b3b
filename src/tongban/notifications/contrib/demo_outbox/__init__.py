"""The demo's own carrier: what it carries stays in the table of carriages and is shown at /demo/outbox."""

from datetime import timedelta

from tongban.notifications.providers import CARRIERS, Letter


class DemoOutbox:
    """Carries nothing anywhere."""

    def carry(self, letter: Letter) -> None:
        """Leave it where it is: its row is the outbox."""

    def longest(self) -> timedelta:
        """Return no time at all."""
        return timedelta(0)


CARRIERS.register("demo_outbox", DemoOutbox())
