"""A post office: messages for accounts, and their carriage by e-mail and text message."""

from django.db import models

from tongban.base.models import Entity, SealedTextField


class Message(Entity):
    """A message in somebody's box. `key` makes the same news arrive once."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="box", db_index=False)
    key = models.CharField(max_length=160, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    wants_answer = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        indexes = (models.Index(fields=["account", "-created_at"], name="message_of_account"),)

    @property
    def paragraphs(self) -> list[str]:
        """The body as paragraphs, parted by empty lines."""
        return self.body.split("\n\n")


class Carriage(Entity):
    """A message on its way by e-mail or text message. The same Message-ID on every try."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "given up"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="carriages")
    channel = models.CharField(max_length=10, help_text="email or sms")
    address = SealedTextField()
    subject = models.CharField(max_length=200)
    body = SealedTextField()
    mail_message_id = models.CharField(max_length=120, help_text="Message-ID, the same on every try: it holds the id")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """What waits is found at once."""

        indexes = (models.Index(fields=["next_try_at"], name="carriage_waiting", condition=models.Q(state="waiting")),)
