"""Persons: residents, enterprises, officials, and the accounts they sign in with."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from tongban.base.compiled import compiled_once
from tongban.base.identifiers import IDENTITY_KINDS
from tongban.base.models import Entity, SealedJSONField, SealedTextField


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts; they are made by actions only."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account by its sign-in name."""
        return self.get(username=username)

    def get(self, *args: Any, **kwargs: Any) -> "Account":  # noqa: ANN401 - Django's signature
        """Return the account. By its key, as each request of somebody signed in asks: compiled once, with who it is."""
        if args or kwargs.keys() != {"pk"} or not isinstance(kwargs["pk"], UUID):
            return super().get(*args, **kwargs)
        found = _account_with_who_it_is(kwargs["pk"])
        if not found:
            raise Account.DoesNotExist
        return found[0]


class Account(AbstractBaseUser, Entity):
    """What somebody signs in with: a sign-in name, a mobile number or an e-mail address, and a password.

    An address belongs to one account from the moment a code has shown that it is theirs. Before that it is only
    a claim: anybody may have typed it, so it shuts nobody out, receives no news and recovers nothing.
    """

    username = models.CharField(max_length=60, unique=True)
    phone = models.CharField(max_length=15, blank=True, db_index=True)
    phone_verified_at = models.DateTimeField(null=True)
    email = models.EmailField(max_length=254, blank=True, db_index=True)
    email_verified_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    session_round = models.CharField(max_length=12, default="", db_default="", blank=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        """A verified address belongs to one account; the database is the last judge."""

        constraints = (
            models.UniqueConstraint(
                fields=["phone"], condition=models.Q(phone_verified_at__isnull=False), name="verified_phone_once"
            ),
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(email_verified_at__isnull=False), name="verified_email_once"
            ),
        )

    def __str__(self) -> str:
        """Return the id: names are personal data and must not reach a log."""
        return str(self.id)

    def get_session_auth_hash(self) -> str:
        """Return what sessions are checked against: it changes with the password, and with each round of sessions."""
        plain = super().get_session_auth_hash()
        return salted_hmac(plain, self.session_round, algorithm="sha256").hexdigest() if self.session_round else plain


def _with_who_it_is(accounts: models.QuerySet[Account]) -> models.QuerySet[Account]:
    return accounts.select_related("person", "official").defer(
        "person__identity_number", "person__identity_index", "person__identity_index_even"
    )


@compiled_once
def _account_with_who_it_is(account_id: UUID) -> models.QuerySet[Account]:
    return _with_who_it_is(Account.objects.filter(id=account_id))


@compiled_once
def account_of_session(session_key: str) -> models.QuerySet[Account]:
    """Return the account that a session was opened for, with who it is; whether it still proves it is not asked."""
    return _with_who_it_is(Account.objects.filter(opened_sessions__session_key=session_key))


class Person(Entity):
    """A natural person 自然人, with or without an account (somebody served at a window needs none)."""

    class Assurance(models.TextChoices):
        """How sure the declared identity is."""

        DECLARED = "declared", "declared"
        SEEN = "seen", "paper seen at a window"

    account = models.OneToOneField(Account, on_delete=models.PROTECT, null=True, related_name="person")
    name = models.CharField(max_length=100)
    identity_kind = models.CharField(max_length=50, choices=[(kind, kind) for kind in IDENTITY_KINDS])
    identity_number = SealedTextField()
    identity_index = models.BinaryField(max_length=32, null=True, help_text="by the index key of an odd number")
    identity_index_even = models.BinaryField(max_length=32, null=True, help_text="by that of an even number")
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    assurance = models.CharField(max_length=10, choices=Assurance, default=Assurance.DECLARED)
    account_given_at = models.DateTimeField(null=True, help_text="when a window gave this account to the person seen")
    created_at = models.DateTimeField()

    class Meta:
        """One person for each identity paper; the database is the last judge.

        While the index key is turned over every row is found by both keys, so that it stands once under each.
        """

        constraints = (
            models.UniqueConstraint(fields=["identity_kind", "identity_index"], name="person_once_by_identity"),
            models.UniqueConstraint(fields=["identity_kind", "identity_index_even"], name="person_once_by_even_index"),
        )

    @property
    def is_proven(self) -> bool:
        """Whether whoever signs in is this person for sure.

        That a paper was seen says nothing of an account that somebody may have opened before under the same number.
        """
        return self.assurance == self.Assurance.SEEN and self.account_given_at is not None


class Guardianship(Entity):
    """Somebody acts for a child or another ward 监护.

    Declared, which is enough to apply for the ward (the office that decides looks at the papers). Only a guardianship
    whose papers an official has seen (`confirmed_at`) lets the guardian see what others applied for.
    """

    class Relation(models.TextChoices):
        """What the guardian is to the ward (民法典 articles 27, 28)."""

        PARENT = "parent", "parent"
        GRANDPARENT = "grandparent", "grandparent"
        SPOUSE = "spouse", "spouse"
        CHILD = "child", "adult child"
        OTHER = "other", "other guardian"

    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wards_held")
    ward = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardians_held")
    relation = models.CharField(max_length=20, choices=Relation)
    declared_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open guardianship of a pair; nobody is their own guardian."""

        constraints = (
            models.UniqueConstraint(
                fields=["guardian", "ward"], condition=models.Q(ended_at__isnull=True), name="guardianship_once"
            ),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("ward")), name="guardian_is_not_ward"),
        )


class Enterprise(Entity):
    """An enterprise or other organisation that applies 法人, by its unified social credit code.

    A window may know an enterprise before it has seen who represents it: then nobody acts for it online. Who registers
    one online declares to represent it, which is enough to apply; what registers hold on it is told once a window has
    seen the licence (`representative_seen_at`).
    """

    name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, unique=True)
    legal_representative = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="represents")
    representative_seen_at = models.DateTimeField(null=True, help_text="when a window saw licence and representative")
    address = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()


class Official(Entity):
    """An official. Acts by posts (room organisations), never by person alone."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="official")
    name = models.CharField(max_length=60)
    staff_number = models.CharField(max_length=30, unique=True)
    ended_at = models.DateTimeField(null=True)


class Consent(Entity):
    """What a person agreed to, in which version, when, and whether they took it back (个人信息保护法 arts. 14, 15)."""

    class Matter(models.TextChoices):
        """What is agreed to."""

        PRIVACY_NOTICE = "privacy_notice", "privacy notice"
        ELECTRONIC_SERVICE = "electronic_service", "service of papers by electronic means"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    matter = models.CharField(max_length=30, choices=Matter)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One standing consent for each matter."""

        constraints = (
            models.UniqueConstraint(
                fields=["account", "matter"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_standing_once",
            ),
        )


class VerificationCode(Entity):
    """A code sent to a phone or e-mail address, to show that it is theirs and to recover an account."""

    class Use(models.TextChoices):
        """What the code proves."""

        SIGN_UP = "sign_up", "sign up"
        RECOVER = "recover", "recover"
        CHANGE = "change", "change of address"

    use = models.CharField(max_length=10, choices=Use)
    address_index = models.BinaryField(max_length=32)
    code_index = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Found by address."""

        indexes = (models.Index(fields=["address_index", "use", "-created_at"], name="code_of_address"),)


class TryCount(models.Model):
    """How often something was tried in a stretch of time: passwords, codes. Holds no address, only its index."""

    what = models.CharField(max_length=30)
    who_index = models.BinaryField(max_length=32)
    begins_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        """One count for each stretch; counted by an upsert, so that no try slips through."""

        constraints = (models.UniqueConstraint(fields=["what", "who_index", "begins_at"], name="tries_once"),)
        indexes = (models.Index(fields=["begins_at"], name="tries_by_age"),)


class OpenedSession(Entity):
    """Which account a session is of: Django's own table tells it only to who has its key."""

    session_key = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="opened_sessions")


class HeldInput(Entity):
    """What somebody typed when their session had expired: kept sealed until they have signed in again."""

    path = models.CharField(max_length=300)
    values = SealedJSONField()
    writer = models.UUIDField(null=True, help_text="the account whose session had expired; empty: not known")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class IndexKey(models.Model):
    """An index key by which persons have to be found: the database takes none in that lacks its index.

    Without a row it is the first one. Two rows: it is being turned over. No secret is kept here.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    began_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True, help_text="when all that was there before had been indexed by it")


class KnownNumber(models.Model):
    """By which key a number is known that was first known under an index key of before.

    Keys of subjects stand in the log of look-ups and in the ledger, which nobody changes: they outlive the index key
    that they were made of.
    """

    index = models.BinaryField(max_length=32, primary_key=True)
    number = models.PositiveSmallIntegerField(help_text="of the index key")
    key = models.UUIDField(db_index=True)
