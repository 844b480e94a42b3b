"""Who takes part in exchange between installations, what we offer there, and what has passed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from tongban.base.models import Entity, SealedTextField

_MEMBER = 800
"""Signs of an identifier at most: four parts of 255 would be more, but nobody has such names."""


class Membership(Entity):
    """What this installation is among its neighbours: one row at most.

    `issuers`: keys of whoever signs the directory, written name+id+material; two while that key is changed.
    """

    member = models.CharField(max_length=_MEMBER)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, help_text="where neighbours reach our door")
    directory_address = models.CharField(max_length=300, blank=True, help_text="where the directory is fetched")
    issuers = ArrayField(models.CharField(max_length=400), default=list)
    changed_at = models.DateTimeField()
    is_only = models.BooleanField(default=True)

    class Meta:
        """There is one, or none."""

        constraints = (
            models.UniqueConstraint(fields=["is_only"], name="one_membership"),
            models.CheckConstraint(condition=models.Q(is_only=True), name="membership_is_the_only_one"),
        )


class OwnKey(Entity):
    """A key of ours. Two or three are good at once while they change; the private half is sealed."""

    key_id = models.CharField(max_length=43, unique=True)
    public = models.CharField(max_length=43)
    secret = SealedTextField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        """A key ends after it begins."""

        constraints = (
            models.CheckConstraint(condition=models.Q(valid_until__gt=models.F("valid_from")), name="own_key_in_order"),
        )


class Member(Entity):
    """A member that we, who issue the directory, have admitted, as it describes itself with its keys."""

    member = models.CharField(max_length=_MEMBER, unique=True)
    description = models.JSONField()
    admitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class MemberKey(Entity):
    """A key that a member ever had: it is nobody else's, and one that was taken back never returns."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=43, unique=True)
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class KnownDirectory(models.Model):
    """A directory that was issued or fetched, and found good. The one with the highest number is used."""

    number = models.PositiveBigIntegerField(primary_key=True)
    note = models.TextField()
    expires_at = models.DateTimeField()
    received_at = models.DateTimeField()


class NeighbourService(Entity):
    """A service that we offer to neighbours: a resource through the gate, or a REST service behind the door."""

    class Kind(models.TextChoices):
        """What answers."""

        LOOK_UP = "look_up", pgettext_lazy("service", "A resource, through the gate")
        REST = "rest", pgettext_lazy("service", "A REST service")

    subsystem = models.CharField(max_length=255)
    subsystem_name = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    resource = models.ForeignKey("exchange.Resource", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=500, blank=True, help_text="of the REST service, without the path")
    openapi = models.TextField(blank=True)
    timeout_seconds = models.PositiveSmallIntegerField(default=10)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A name is given once; what answers is said."""

        constraints = (
            models.UniqueConstraint(fields=["subsystem", "code"], name="neighbour_service_once"),
            models.CheckConstraint(
                condition=models.Q(kind="look_up", resource__isnull=False, address="")
                | (models.Q(kind="rest", resource__isnull=True) & ~models.Q(address="")),
                name="neighbour_service_says_what_answers",
            ),
            models.CheckConstraint(
                condition=models.Q(timeout_seconds__range=(1, 60)), name="neighbour_service_is_waited_for"
            ),
        )


class ServiceRight(Entity):
    """A client's right to call a REST service: method and pattern. Rights to resources are grants."""

    service = models.ForeignKey(NeighbourService, on_delete=models.PROTECT, related_name="rights")
    client = models.CharField(max_length=_MEMBER)
    method = models.CharField(max_length=7, help_text="or *")
    path = models.CharField(max_length=300, help_text="* within a segment, ** for anything")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Given once at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["service", "client", "method", "path"],
                condition=models.Q(ended_at__isnull=True),
                name="service_right_once",
            ),
        )


class InformationSystem(Entity):
    """A system of this house that speaks X-Road to our door: known by its certificate, or by the network it is in."""

    client = models.CharField(max_length=_MEMBER)
    certificate = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its certificate")
    networks = ArrayField(models.CharField(max_length=50), default=list)
    known_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """It is known by something."""

        constraints = (
            models.CheckConstraint(
                condition=~models.Q(certificate="") | models.Q(networks__len__gte=1),
                name="information_system_is_known_by_something",
            ),
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(ended_at__isnull=True), name="information_system_once"
            ),
        )


class UsedNonce(models.Model):
    """The number of a signed call that was taken: it is good once. Forgotten when its signature has expired."""

    key_id = models.CharField(max_length=43)
    nonce = models.CharField(max_length=64)
    remember_until = models.DateTimeField()

    class Meta:
        """Once, whatever processes there are."""

        constraints = (models.UniqueConstraint(fields=["key_id", "nonce"], name="nonce_used_once"),)
        indexes = (models.Index(fields=["remember_until"], name="nonce_by_end"),)


class Passage(Entity):
    """A message that passed our door, or was refused there: who, what for, what came of it; never what it said.

    `request_hash` tells, to who has the request, that it was this one; its path and its body are not kept.
    """

    class Way(models.TextChoices):
        """From whom to whom."""

        OUT = "out", pgettext_lazy("passage", "From a system of ours to a neighbour")
        IN = "in", pgettext_lazy("passage", "From a neighbour to us")
        WITHIN = "within", pgettext_lazy("passage", "From a system of ours to us")

    at = models.DateTimeField()
    way = models.CharField(max_length=6, choices=Way)
    client = models.CharField(max_length=_MEMBER, blank=True)
    service = models.CharField(max_length=_MEMBER, blank=True)
    method = models.CharField(max_length=7)
    message_id = models.CharField(max_length=200, blank=True)
    issue = models.CharField(max_length=200, blank=True)
    key_id = models.CharField(max_length=43, blank=True, help_text="by which key the other side has signed")
    request_hash = models.CharField(max_length=88, blank=True)
    status = models.PositiveSmallIntegerField()
    refused = models.CharField(max_length=80, blank=True, help_text="code of the refusal; empty: passed")
    request_bytes = models.PositiveBigIntegerField(default=0)
    answer_bytes = models.PositiveBigIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        """Found by time, by client and by number."""

        indexes = (
            models.Index(fields=["-at"], name="passage_by_time"),
            models.Index(fields=["client", "-at"], name="passage_of_client"),
            models.Index(fields=["message_id"], name="passage_by_number", condition=~models.Q(message_id="")),
        )
