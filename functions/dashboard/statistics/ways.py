"""What is counted of payments that were decided: by the provider that decided them, and of those that failed by the reason.

Names come from providers, so reasons that this list does not have are counted together: a day has a bounded number of names.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

OTHER: Final = "other"
_VIA: Final = "via"
WHY: Final = "why"
# Which a merchant can do something about, or knows from its bank. What providers say beyond them is `other`.
REASONS: Final = frozenset(
    {
        *(
            "insufficient_funds",
            "card_declined",
            "do_not_honor",
            "expired_card",
            "incorrect_cvc",
            "incorrect_number",
            "lost_card",
            "stolen_card",
        ),
        *(
            "fraudulent",
            "suspected_fraud",
            "card_velocity_exceeded",
            "withdrawal_count_limit_exceeded",
            "card_not_supported",
            "currency_not_supported",
        ),
        *(
            "authentication_required",
            "authentication_failed",
            "transaction_not_allowed",
            "processing_error",
            "issuer_not_available",
            "pickup_card",
        ),
        *("generic_decline", "invalid_account", "invalid_amount", "restricted_card", "try_again_later", "limit_exceeded", "risk_declined"),
        *(
            "declined",
            "payment_failed",
            "payment_declined",
            "expired",
            "canceled",
            "voided",
            "returned",
            "unavailable",
            "provider_unavailable",
        ),
        *(
            "token_unusable",
            "unsupported_instrument",
            "underpaid",
            "authorization_expired",
            "payer_declined",
            "not_made",
            "timeout",
            "late",
        ),
    }
)
# Of one payment: who decided it, and why it failed.
MAX_NAMES: Final = 2
_DECIDED: Final = frozenset({"success", "failed"})


def of(status: str, provider: str | None, timeline: Sequence[Sequence[Any]], failure_code: str | None) -> tuple[str, ...]:
    """The names under which a payment is counted, beside its status; none while it is open."""
    if status not in _DECIDED:
        return ()
    names = [f"{_VIA}|{provider}|{status}"] if provider else []
    if status == "failed":
        said = timeline[-1][2] if timeline and len(timeline[-1]) > 2 else None
        reason = said if said in REASONS else failure_code
        names.append(f"{WHY}|{reason if reason in REASONS else OTHER}")
    return tuple(names)


def of_image(image: Mapping[str, Any]) -> tuple[str, ...]:
    """The same of a stream's image."""
    status = image["status"]["S"]
    timeline = json.loads(image["timeline"]["S"]) if status == "failed" and "timeline" in image else ()
    return of(status, image.get("provider", {}).get("S"), timeline, image.get("failure_code", {}).get("S"))


def is_way(name: str) -> bool:
    """True for a name of this module."""
    return name.startswith((f"{_VIA}|", f"{WHY}|"))


def read(name: str) -> tuple[str, str, str]:
    """`via`, the provider and the status, or `why`, the reason and nothing."""
    kind, what, *status = name.split("|")
    return kind, what, status[0] if status else ""
