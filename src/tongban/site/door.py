"""What the server of the door calls (ASGI)."""

import django

from tongban.base.lifeline import end_with_parent

end_with_parent()
django.setup()

from tongban.exchange.door.application import application  # noqa: E402 - once the rooms are set up

__all__ = ["application"]
