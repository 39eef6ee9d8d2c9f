"""Failures of a token or of a merchant's vault, besides not found."""

from paycorex.errors import InvalidState


class TokenUnusable(InvalidState):
    """A token whose sealed value cannot be opened. `reason`: `token_integrity` (moved or changed) or `vault_shredded`."""

    def __init__(self, reason: str) -> None:
        super().__init__("This token cannot be used. Save the instrument again.", details={"reason": reason})
        self.reason = reason


class VaultShredded(InvalidState):
    """The merchant's keys were shredded: nothing is sealed under them any more."""

    def __init__(self) -> None:
        super().__init__("This merchant's vault was closed.", details={"reason": "vault_shredded"})


class KeyInUse(Exception):
    """A key version that is still needed, or may be: it is not retired."""


class KeyGone(Exception):
    """A key version whose wrapped key no longer exists."""
