"""How allauth.mfa keeps its secrets: sealed, as all personal data here."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from tongban.base import crypto

CONTEXT = "mfa_authenticator.data"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """Seals the secrets of authenticator apps and recovery codes (AES-256-GCM)."""

    def encrypt(self, text: str) -> str:
        """Seal on the way in."""
        return base64.b64encode(crypto.seal(text, context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open on the way out."""
        return crypto.open_sealed(base64.b64decode(encrypted_text), context=CONTEXT)
