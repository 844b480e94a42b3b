"""What has happened to accounts and persons. Ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tongban.ledger.events import EventData


@dataclass(frozen=True, kw_only=True)
class AccountEvent(EventData):
    """Something has happened to an account."""

    subject_kind: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True)
class PersonEvent(EventData):
    """Something has happened to a person."""

    subject_kind: ClassVar[str] = "person"


@dataclass(frozen=True, kw_only=True)
class AccountOpened(AccountEvent):
    """A resident has an account, signed up online or opened at a window."""

    kind: ClassVar[str] = "accounts.account_opened"
    person_id: UUID
    way: str


@dataclass(frozen=True, kw_only=True)
class AddressVerified(AccountEvent):
    """A phone or e-mail address was shown to be theirs: by a code, or seen at a window."""

    kind: ClassVar[str] = "accounts.address_verified"
    channel: str
    way: str


@dataclass(frozen=True, kw_only=True)
class AddressChanged(AccountEvent):
    """A phone or e-mail address was given, changed or taken out."""

    kind: ClassVar[str] = "accounts.address_changed"
    channel: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(AccountEvent):
    """The password was changed; `way` is by_owner or by_recovery."""

    kind: ClassVar[str] = "accounts.password_changed"
    way: str


@dataclass(frozen=True, kw_only=True)
class SessionEnded(AccountEvent):
    """One session of the account was ended from another."""

    kind: ClassVar[str] = "accounts.session_ended"


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(AccountEvent):
    """All sessions of the account were ended."""

    kind: ClassVar[str] = "accounts.sessions_ended"


@dataclass(frozen=True, kw_only=True)
class AllSessionsEnded(AccountEvent):
    """The sessions of everybody were ended by an operator."""

    kind: ClassVar[str] = "accounts.all_sessions_ended"


@dataclass(frozen=True, kw_only=True)
class SignedIn(AccountEvent):
    """Somebody signed in; `way` is password, second_factor, recovery_code or demo."""

    kind: ClassVar[str] = "accounts.signed_in"
    way: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(AccountEvent):
    """Signing in now asks for a code of an authenticator app too."""

    kind: ClassVar[str] = "accounts.second_factor_added"


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(AccountEvent):
    """Signing in asks for the password only again."""

    kind: ClassVar[str] = "accounts.second_factor_removed"


@dataclass(frozen=True, kw_only=True)
class SecondFactorMoved(AccountEvent):
    """Signing in asks for codes of another authenticator app from now on."""

    kind: ClassVar[str] = "accounts.second_factor_moved"


@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(AccountEvent):
    """The app was lost: a window, an operator or the system took it out. Who did it is the event's actor."""

    kind: ClassVar[str] = "accounts.second_factor_reset"


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(AccountEvent):
    """New recovery codes were made; those of before are void."""

    kind: ClassVar[str] = "accounts.recovery_codes_made"


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(AccountEvent):
    """A consent was given, in a version."""

    kind: ClassVar[str] = "accounts.consent_given"
    matter: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(AccountEvent):
    """A consent was taken back."""

    kind: ClassVar[str] = "accounts.consent_withdrawn"
    matter: str


@dataclass(frozen=True, kw_only=True)
class OfficialCreated(AccountEvent):
    """An official has an account."""

    kind: ClassVar[str] = "accounts.official_created"
    official_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(PersonEvent):
    """A person became known; `assurance` is declared or seen."""

    kind: ClassVar[str] = "accounts.person_registered"
    assurance: str


@dataclass(frozen=True, kw_only=True)
class IdentitySeen(PersonEvent):
    """An official has seen the identity paper of a person known before."""

    kind: ClassVar[str] = "accounts.identity_seen"


@dataclass(frozen=True, kw_only=True)
class WardAdded(PersonEvent):
    """The subject, a ward, is acted for by a guardian."""

    kind: ClassVar[str] = "accounts.ward_added"
    guardian_id: UUID
    relation: str


@dataclass(frozen=True, kw_only=True)
class WardReleased(PersonEvent):
    """The guardian acts for the subject no more."""

    kind: ClassVar[str] = "accounts.ward_released"
    guardian_id: UUID


@dataclass(frozen=True, kw_only=True)
class GuardianshipConfirmed(PersonEvent):
    """An official has seen the papers of a guardianship."""

    kind: ClassVar[str] = "accounts.guardianship_confirmed"
    guardian_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnterpriseRegistered(EventData):
    """An enterprise became known, with its legal representative."""

    kind: ClassVar[str] = "accounts.enterprise_registered"
    subject_kind: ClassVar[str] = "enterprise"
    legal_representative_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RepresentativeNamed(EventData):
    """A window has seen who represents an enterprise by law."""

    kind: ClassVar[str] = "accounts.representative_named"
    subject_kind: ClassVar[str] = "enterprise"
    legal_representative_id: UUID


@dataclass(frozen=True, kw_only=True)
class EnterpriseHandedOver(EventData):
    """A window has handed an enterprise over to whom the licence names as its legal representative."""

    kind: ClassVar[str] = "accounts.enterprise_handed_over"
    subject_kind: ClassVar[str] = "enterprise"
    former_representative_id: UUID
    legal_representative_id: UUID
