"""Why a message cannot be carried: for carriers, and for operators to read."""


class Delayed(Exception):  # noqa: N818 - says what happens now
    """It did not go this time and will be tried again. The words hold no personal data."""


class Undeliverable(Exception):  # noqa: N818 - says what it is
    """It will never go: the address is refused. The words hold no personal data."""
