"""The authenticated caller, as the authorizer hands it to a door."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from paycorex.records.merchant import MerchantItem

ALL_SCOPES: Final = (
    "payments:read",
    "payments:write",
    "disputes:read",
    "disputes:write",
    "settlements:read",
    "settlements:write",
    "wallet:read",
    "wallet:write",
    "tokens:read",
    "tokens:write",
    "webhooks:read",
    "webhooks:write",
    "crypto:read",
    "crypto:write",
    "dashboard:read",
    "customers:read",
    "customers:write",
    "checkout:read",
    "checkout:write",
    "risk:read",
    "risk:write",
    "merchant:read",
    "merchant:write",
    "people:read",
    "people:write",
    "audit:read",
)


# Scopes that came after keys had been given out with every one that there was.
_LATER_SCOPES: Final = frozenset(
    {
        *("disputes:read", "disputes:write", "settlements:read", "settlements:write"),
        *("customers:read", "customers:write", "checkout:read", "checkout:write"),
        *("people:read", "people:write", "audit:read"),
        *("risk:read", "risk:write"),
    }
)


def grantable(held: Collection[str]) -> frozenset[str]:
    """What a key with these scopes may give to another: its own, and where it has every scope that there was, those that came later."""
    return frozenset(held) | (_LATER_SCOPES if set(ALL_SCOPES) - _LATER_SCOPES <= set(held) else frozenset())


PERSON_PREFIX: Final = "usr_"
OPERATOR_PREFIX: Final = "opr_"
DEFAULT_REQUESTS_PER_SECOND: Final = 100
_ALL_LANES: Final = "64"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed the request or signed in, and what of the merchant every door needs without a read.

    lanes: into how many lanes new journals spread, as it was a minute ago or less. requests_per_second: how many the merchant may make;
    0: as many as it likes. payment_limits: how much one payment moves at most, as `paycorex.payment_limits` reads it.
    """

    merchant_id: str
    key_id: str
    scopes: frozenset[str]
    currency: str
    lanes: int
    cursor_key: str
    requests_per_second: int = DEFAULT_REQUESTS_PER_SECOND
    payment_limits: str = ""

    @property
    def is_person(self) -> bool:
        """Whether a person asks, by a session of the console; then `key_id` is the person's id."""
        return self.key_id.startswith(PERSON_PREFIX)

    @property
    def is_operator(self) -> bool:
        """Whether an operator asks, by a session of the operators' page; then `key_id` is the operator's id."""
        return self.key_id.startswith(OPERATOR_PREFIX)

    @property
    def signs(self) -> bool:
        """Whether a key asks, whose requests are signed; a session signs nothing."""
        return not (self.is_person or self.is_operator)

    @classmethod
    def of(cls, merchant: "MerchantItem", *, key_id: str, scopes: frozenset[str]) -> Self:
        """The caller of a key or a session, with all that the merchant has set for both alike."""
        return cls(
            merchant_id=merchant.merchant_id,
            key_id=key_id,
            scopes=scopes,
            currency=merchant.currency,
            lanes=merchant.used_lanes,
            cursor_key=merchant.cursor_key,
            requests_per_second=merchant.request_limit,
            payment_limits=" ".join(f"{method}={limit}" for method, limit in sorted(merchant.payment_limits.items())),
        )

    def to_context(self) -> dict[str, str]:
        """The authorizer context: API Gateway carries strings only."""
        return {
            "merchant_id": self.merchant_id,
            "key_id": self.key_id,
            "scopes": " ".join(sorted(self.scopes)),
            "currency": self.currency,
            "lanes": str(self.lanes),
            # A door of the release before looks at so many, and does not ask the ledger how many there are.
            "lanes_ever": _ALL_LANES,
            "cursor_key": self.cursor_key,
            "requests_per_second": str(self.requests_per_second),
            "payment_limits": self.payment_limits,
        }

    @classmethod
    def from_context(cls, context: Mapping[str, object]) -> Self:
        """Raises KeyError or ValueError when the context is not one that the authorizer made."""
        return cls(
            merchant_id=str(context["merchant_id"]),
            key_id=str(context["key_id"]),
            scopes=frozenset(str(context["scopes"]).split()),
            currency=str(context["currency"]),
            lanes=int(str(context["lanes"])),
            cursor_key=str(context["cursor_key"]),
            # An authorizer of the release before says nothing about it.
            requests_per_second=int(str(context.get("requests_per_second", DEFAULT_REQUESTS_PER_SECOND))),
            payment_limits=str(context.get("payment_limits", "")),
        )
