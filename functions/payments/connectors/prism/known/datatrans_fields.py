"""What becomes of a Datatrans transaction whose card was typed into its Secure Fields: https://docs.datatrans.ch/docs/secure-fields.

The fields, and the payer's bank where it asks, authenticate the payer. The transaction is authorized by a call of its own, which Datatrans
takes once: https://api-reference.datatrans.ch/#operation/authorize-split.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown
from payments.connectors.prism.facts import ORDER
from payments.connectors.prism.names import Order
from payments.connectors.requests import Attempt
from payments.connectors.results import Approved, Authorized, Declined, Found, Pending

PAYERS: Final = frozenset(
    {"BLOCKED_CARD", "DECLINED", "EXPIRED_CARD", "INVALID_CARD", "INVALID_CVV", "REFERRAL", "SOFT_DECLINED", "UNSUPPORTED_CARD"}
)
# https://api-reference.datatrans.ch/#operation/status: nothing was authorized yet. While the bank asks, Datatrans takes no authorization.
_NOT_YET: Final = frozenset({"initialized", "authenticated"})
_BANK_ASKS: Final = frozenset({"challenge_required", "challenge_ongoing"})
_OTHER_STATUS: Final = "INVALID_TRANSACTION_STATUS"


def begun(_message: Any, body: bytes) -> dict[str, str]:
    """What the script in the browser is set up with. Raises Malformed."""
    return {"transaction_id": documents.reference(documents.parse(body), "transactionId")}


def signed(credentials: Mapping[str, str]) -> dict[str, str]:
    """https://api-reference.datatrans.ch/#section/Authentication."""
    named = f"{credentials['merchant_id']}:{credentials['password']}"
    return {"Authorization": f"Basic {base64.b64encode(named.encode()).decode()}"}


def pay(ask: Order, name: str, attempt: Attempt, ours: str) -> Found:
    """Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    found = _found(ask, name, attempt, ours)
    if found is not None:
        return found
    if not attempt.is_wanted:
        return Pending(ORDER + name)
    wanted = {"refno": ours, "amount": attempt.amount.minor, "autoSettle": not attempt.is_manual}
    answer = ask("POST", f"/v1/transactions/{name}/authorize", json.dumps(wanted).encode(), f"{attempt.attempt_id}-authorize")
    if answer.is_success:
        return _found(ask, name, attempt, ours) or Pending(ORDER + name)
    code = documents.code_or(answer.document, "refused", "error", "code")
    if answer.status == 400 and code in PAYERS:
        return Declined(code, "The payer's bank refused it.", provider_reference=ORDER + name)
    if answer.status == 400 and code == _OTHER_STATUS:
        return _found(ask, name, attempt, ours) or Pending(ORDER + name)
    raise OutcomeUnknown(f"Datatrans answered {answer.status} to an authorization.")


def _found(ask: Order, name: str, attempt: Attempt, ours: str) -> Found | None:
    """What the transaction has come to; None where it may still be authorized. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    shown = ask("GET", f"/v1/transactions/{name}", b"", None).body()
    documents.expect(shown, name, "transactionId")
    documents.expect(shown, attempt.amount.currency, "currency")
    match documents.text(shown, "status"):
        case status if status in _NOT_YET:
            return None
        case status if status in _BANK_ASKS:
            return Pending(ORDER + name)
        case "failed" | "canceled" as status:
            code = documents.code_or(shown, status, "detail", "fail", "reason")
            return Declined(code, "The payer's bank refused it.", provider_reference=ORDER + name)
        case "authorized" | "settled" | "transmitted" as status:
            return _authorized(shown, status, name, attempt, ours)
        case other:
            raise documents.Malformed(f"status {other[:40]}")


def _authorized(shown: Any, status: str, name: str, attempt: Attempt, ours: str) -> Found:
    """Raises Malformed, Contradiction."""
    documents.expect(shown, ours, "refno")
    part = "authorize" if status == "authorized" else "settle"
    amount = documents.amount(documents.whole(shown, "detail", part, "amount"), attempt.amount.currency, name)
    if status != "authorized":
        return Approved(name, amount)
    # What is not held is settled by Datatrans itself.
    return Authorized(name, amount) if attempt.is_manual else Pending(name)
