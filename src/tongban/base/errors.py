"""Refusals: one class tree, rendered in one place (page or problem+json, RFC 9457).

Refusal                 400  the request cannot be done, and why
├── Invalid             422  fields are wrong: `fields` maps field name → sentences
├── NotFound            404  absent or forbidden: they read the same
├── Forbidden           403  signed in, but this may not be done by this actor
├── SignInNeeded        401
├── Conflict            409  somebody was faster, or the state has moved on
├── Gone                410
├── TooLarge            413
├── TooMany             429  `retry_after` in seconds
└── Unavailable         503  a part needed for this does not answer
    └── DatabaseAway         the database; `retry_after` in seconds
"""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
"""Text for a person; lazy, so that it is put in the reader's language when shown."""


class Refusal(Exception):  # noqa: N818 - in this field an office refuses; it does not err
    """Why something was refused: a code a machine can read, words a person can."""

    status = 400
    code = "refused"
    message: Words = _("This cannot be done.")

    def __init__(self, message: Words | None = None, **details: object) -> None:
        """Refuse with the class's words or with more exact ones; `details` go to the machine's answer."""
        self.words: Words = self.message if message is None else message
        self.details = details
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the words in the active language."""
        return str(self.words)


class Invalid(Refusal):
    """Fields are wrong. `fields` maps the field's name to sentences shown beside it."""

    status = 422
    code = "invalid"
    message = _("Some answers need another look.")

    def __init__(self, fields: Mapping[str, Sequence[Words]], message: Words | None = None, **details: object) -> None:
        """Refuse with sentences for each field; the key "" holds those that belong to no field."""
        super().__init__(message, **details)
        self.fields = {name: [str(words) for words in sentences] for name, sentences in fields.items()}


class NotFound(Refusal):
    """Absent or forbidden: they read the same."""

    status = 404
    code = "not_found"
    message = _("We could not find this, or you may not see it.")


class Forbidden(Refusal):
    """The actor may see it but may not do this."""

    status = 403
    code = "forbidden"
    message = _("You may not do this.")


class SignInNeeded(Refusal):
    """Nobody has signed in."""

    status = 401
    code = "sign_in_needed"
    message = _("Please sign in first.")


class Conflict(Refusal):
    """Somebody was faster, or the state has moved on."""

    status = 409
    code = "conflict"
    message = _("Somebody has changed this in the meantime. Please look at it again.")


class Gone(Refusal):
    """It was here and is no more."""

    status = 410
    code = "gone"
    message = _("This is no longer available.")


class TooLarge(Refusal):
    """What was sent is larger than allowed."""

    status = 413
    code = "too_large"
    message = _("This is larger than we can take.")


class TooMany(Refusal):
    """Too many requests; `retry_after` says in how many seconds to try again."""

    status = 429
    code = "too_many_requests"
    message = _("Too many tries in a short time. Please wait a moment and try again.")

    def __init__(self, retry_after: int, message: Words | None = None) -> None:
        """Refuse until `retry_after` seconds have passed."""
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """A part needed for this does not answer now."""

    status = 503
    code = "unavailable"
    message = _("This part of the service does not answer at the moment. Please try again in a few minutes.")


class DatabaseAway(Unavailable):
    """The database does not answer, as while it is started again; a moment later all is well."""

    code = "database_away"
    message = _("Our system is just starting again. What you saved before is kept.")
    retry_after = 5
    """Seconds: a restart takes two or three."""

    def __init__(self) -> None:
        """Refuse for a few seconds."""
        super().__init__(retry_after=self.retry_after)
