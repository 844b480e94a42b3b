"""E-mail over SMTP (RFC 5321), through Django's backend with its settings. Every wait is bounded."""

import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import BadHeaderError
from django.core.validators import validate_email

from tongban.notifications.errors import Delayed, Undeliverable
from tongban.notifications.providers import CARRIERS, Letter

PERMANENT = 500
"""Reply codes from here on say that trying again is of no use (RFC 5321, 4.2.1)."""

STEPS = 20
"""Waits of one conversation at worst, each as long as the timeout: two addresses of the server, its greeting, EHLO,
STARTTLS, the handshake, EHLO again, six for AUTH, MAIL, RCPT, DATA, the text, its answer, RSET, QUIT."""


class Smtp:
    """The mail server of the settings."""

    def carry(self, letter: Letter) -> None:
        """Hand the letter to the mail server; raises Delayed, Undeliverable."""
        try:
            validate_email(letter.address)
            self._send(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            self._refuse(refused, min(code for code, _words in refused.recipients.values()))
        except smtplib.SMTPDataError as refused:
            self._refuse(refused, refused.smtp_code)
        except (ValidationError, BadHeaderError, smtplib.SMTPNotSupportedError, UnicodeError) as impossible:
            raise Undeliverable(type(impossible).__name__) from impossible
        except smtplib.SMTPResponseException as later:
            reason = f"{type(later).__name__} {later.smtp_code}"
            raise Delayed(reason) from later
        except OSError as later:
            raise Delayed(type(later).__name__) from later

    def longest(self) -> timedelta:
        """Return the sum of all waits."""
        return timedelta(seconds=STEPS * settings.EMAIL_TIMEOUT)

    def _send(self, letter: Letter) -> None:
        message = EmailMessage(
            letter.subject,
            letter.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.address],
            headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
            connection=EmailBackend(timeout=settings.EMAIL_TIMEOUT),
        )
        message.send()

    def _refuse(self, refused: smtplib.SMTPException, code: int) -> None:
        reason = f"{type(refused).__name__} {code}"
        raise (Undeliverable if code >= PERMANENT else Delayed)(reason) from refused


CARRIERS.register("smtp", Smtp())
