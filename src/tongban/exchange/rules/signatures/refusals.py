"""Why a signed message is not believed. Each code stands in the log, and the other side is told it."""

from enum import StrEnum


class Why(StrEnum):
    """What is wrong with a message."""

    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_MALFORMED = "signature_malformed"
    SIGNATURE_AMBIGUOUS = "signature_ambiguous"
    SIGNATURE_ALGORITHM = "signature_algorithm"
    SIGNATURE_PARAMETER_MISSING = "signature_parameter_missing"
    SIGNATURE_NOT_COVERING = "signature_not_covering"
    SIGNATURE_COMPONENT = "signature_component"
    SIGNATURE_FROM_THE_FUTURE = "signature_from_the_future"
    SIGNATURE_LIVES_TOO_LONG = "signature_lives_too_long"
    SIGNATURE_EXPIRED = "signature_expired"
    SIGNATURE_KEY_UNKNOWN = "signature_key_unknown"
    SIGNATURE_FORGED = "signature_forged"
    DIGEST_MISSING = "digest_missing"
    DIGEST_MALFORMED = "digest_malformed"
    DIGEST_WRONG = "digest_wrong"


class NotBelieved(Exception):  # noqa: N818 - a statement
    """The message is not what it says it is, or nobody can tell. `about` names the part, never its content."""

    def __init__(self, why: Why, about: str = "") -> None:
        """Say why."""
        super().__init__(f"{why}: {about}" if about else str(why))
        self.why = why
        self.about = about
