"""What an entry shows of a request and of a record: no secret, nothing that says who a payer is, and of a change only what differs."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from paycorex import redaction
from paycorex.audit.entry import MAX_JSON_CHARACTERS

# Fields whose whole value is a secret, or opens something, beside those that logs mask by name.
_SECRET_NAMES: Final = frozenset(
    {
        *("secret", "api_key", "csrf_token", "recovery_codes", "invitation_url", "ticket", "credential", "credentials"),
        *("client_secret", "upload_url", "pay_url", "number", "security_code", "cvv", "pan", "account_number", "webhook_secret"),
        *("customer_token", "password", "token"),
    }
)
# What says who a payer is: a customer can be erased, and no entry of this log can.
# What a payer typed on a page is a checkout's `reference`, and a payment's `metadata` has it too.
_PAYERS_NAMES: Final = frozenset({"payer", "holder", "phone", "reference", "metadata"})
_CUSTOMERS_NAMES: Final = frozenset({"name", "email"})
# Where a shop's money goes and whom it lets in: the log would be worth little without them.
_SHOWN_NAMES: Final = frozenset({"payee_vpa", "email"})
HIDDEN: Final = "[hidden]"


def plain(content: BaseModel | Mapping[str, Any] | None, *, of_customer: bool = False) -> Any:
    """A body or answer as JSON without secrets, and without what says who a payer is; None for nothing.

    of_customer: it is a customer, whose name and address are a payer's too.
    """
    if content is None:
        return None
    shown = content.model_dump(mode="json", exclude_unset=True) if isinstance(content, BaseModel) else dict(content)
    return _without(_SECRET_NAMES | _PAYERS_NAMES | (_CUSTOMERS_NAMES if of_customer else frozenset()), shown)


def _without(hidden: frozenset[str], value: Any, name: str = "") -> Any:
    if value is not None and name.lower() in hidden:
        return HIDDEN
    if name == "logo" and isinstance(value, str):
        # A picture would fill the entry; the record's own view has its digest.
        return f"[{len(value)} characters]"
    if isinstance(value, Mapping):
        hide = name == "connectors"
        return {each: _connector(inner) if hide else _without(hidden, inner, each) for each, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without(hidden, each) for each in value]
    return redaction.mask(value) if isinstance(value, str) and name not in _SHOWN_NAMES else value


def _connector(value: Any) -> Any:
    """Of a connector's settings the names alone: which of them are secrets is the processor's business."""
    if not isinstance(value, Mapping):
        return value
    return {each: inner if isinstance(inner, bool) else HIDDEN for each, inner in value.items()}


def differing(before: Any, after: Any) -> tuple[Any, Any]:
    """Both sides with only the fields that differ, where both are objects; else as they are."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return before, after
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before[name] for name in names if name in before}, {name: after[name] for name in names if name in after}


def canonical(value: Any) -> str:
    """Canonical JSON; empty for nothing."""
    return "" if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text(value: Any) -> str:
    """Canonical JSON; what is too long is there as its size and digest. Empty for nothing."""
    content = canonical(value)
    if len(content) <= MAX_JSON_CHARACTERS:
        return content
    return json.dumps({"characters": len(content), "sha256": hashlib.sha256(content.encode()).hexdigest()}, sort_keys=True)
