"""What the sandbox does with which instrument, documented like a provider documents its test cards (docs/payment-methods.md)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from payments.connectors.one_time import OneTime
from payments.connectors.requests import Attempt
from tokens.instruments import BankAccount, Card, Instrument, Upi


class Way(StrEnum):
    """How a call goes."""

    APPROVE = "approve"
    DECLINE = "decline"
    REDIRECT = "redirect"
    SLOW = "slow"
    PENDING = "pending"
    TIMEOUT_APPROVED = "timeout_approved"
    TIMEOUT_LOST = "timeout_lost"
    OUTAGE = "outage"
    REFUND_FAILS = "refund_fails"
    REFUND_PENDING = "refund_pending"
    REFUNDED_THERE = "refunded_there"
    CONTRADICTS = "contradicts"
    HOLD_FLEXIBLE = "hold_flexible"
    HOLD_SHORT = "hold_short"
    CAPTURE_ONCE = "capture_once"
    CAPTURE_DECLINED = "capture_declined"
    CAPTURE_TIMEOUT = "capture_timeout"
    CAPTURE_LOST = "capture_lost"
    CAPTURE_PENDING = "capture_pending"
    CAPTURE_LESS = "capture_less"
    VOID_FAILS = "void_fails"
    SECURITY_CODE = "security_code"
    KNOWN_PAYER = "known_payer"
    DISPUTED = "disputed"
    DISPUTED_TAKEN_LATER = "disputed_taken_later"
    INQUIRY = "inquiry"
    SETTLES_NEVER = "settles_never"
    SETTLES_SHORT = "settles_short"
    SETTLES_DEARER = "settles_dearer"
    SETTLES_TWICE = "settles_twice"
    SETTLES_STRANGER = "settles_stranger"
    SETTLES_LATE = "settles_late"
    # A UPI link that waits for its payer.
    COLLECT = "collect"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A way, and for a decline its code and reason, and whether another provider may say yes."""

    way: Way
    code: str = ""
    reason: str = ""
    retryable: bool = False


def _decline(code: str, reason: str, *, retryable: bool = False) -> Behaviour:
    return Behaviour(Way.DECLINE, code, reason, retryable)


APPROVE: Final = Behaviour(Way.APPROVE)
CARDS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "4242424242424242": APPROVE,
        "5555555555554444": APPROVE,
        "378282246310005": APPROVE,
        "4000000000000002": _decline("card_declined", "The issuer declined the card."),
        "4000000000009995": _decline("insufficient_funds", "The card has insufficient funds."),
        "4000000000009987": _decline("lost_card", "The card was reported lost."),
        "4000000000009979": _decline("stolen_card", "The card was reported stolen."),
        "4000000000000069": _decline("expired_card", "The card has expired."),
        "4000000000006975": _decline("velocity_exceeded", "The card was used too often."),
        "4000000000000119": _decline("processing_error", "The acquirer could not process the card.", retryable=True),
        "4000000000008005": _decline("issuer_unavailable", "The issuer did not answer the acquirer.", retryable=True),
        "4000000000003220": Behaviour(Way.REDIRECT),
        "4000000000003006": Behaviour(Way.SLOW),
        "4000000000007007": Behaviour(Way.PENDING),
        "4000000000004004": Behaviour(Way.TIMEOUT_APPROVED),
        "4000000000005001": Behaviour(Way.TIMEOUT_LOST),
        "4000000000006009": Behaviour(Way.OUTAGE),
        "4000000000005126": Behaviour(Way.REFUND_FAILS),
        "4000000000007726": Behaviour(Way.REFUND_PENDING),
        "4000000000005225": Behaviour(Way.REFUNDED_THERE),
        "4000000000005233": Behaviour(Way.CONTRADICTS),
        "4000000000008104": Behaviour(Way.HOLD_FLEXIBLE),
        "4000000000008203": Behaviour(Way.HOLD_SHORT),
        "4000000000008302": Behaviour(Way.CAPTURE_ONCE),
        "4000000000008401": Behaviour(Way.CAPTURE_DECLINED),
        "4000000000008500": Behaviour(Way.CAPTURE_TIMEOUT),
        "4000000000008609": Behaviour(Way.CAPTURE_LOST),
        "4000000000008708": Behaviour(Way.CAPTURE_PENDING),
        "4000000000008807": Behaviour(Way.CAPTURE_LESS),
        "4000000000008906": Behaviour(Way.VOID_FAILS),
        "4000000000009102": Behaviour(Way.SECURITY_CODE),
        "4000000000009201": Behaviour(Way.KNOWN_PAYER),
        "4000000000009300": Behaviour(Way.SETTLES_NEVER),
        "4000000000009409": Behaviour(Way.SETTLES_SHORT),
        "4000000000009508": Behaviour(Way.SETTLES_DEARER),
        "4000000000009607": Behaviour(Way.SETTLES_TWICE),
        "4000000000009706": Behaviour(Way.SETTLES_STRANGER),
        "4000000000009805": Behaviour(Way.SETTLES_LATE),
        "4000000000000259": Behaviour(Way.DISPUTED),
        "4000000000002685": Behaviour(Way.DISPUTED_TAKEN_LATER),
        "4000000000001976": Behaviour(Way.INQUIRY),
    }
)
VPAS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "success@sandbox": APPROVE,
        "failure@sandbox": _decline("payer_declined", "The payer declined the request."),
        "pending@sandbox": Behaviour(Way.PENDING),
        "timeout@sandbox": Behaviour(Way.TIMEOUT_APPROVED),
        "outage@sandbox": Behaviour(Way.OUTAGE),
    }
)
# The documented cards by what the sandbox's fields call them. The fields send this name, never the number.
APPROVED_CARD: Final = "approve"
NAMES: Final[Mapping[str, str]] = MappingProxyType({number: each.code or each.way.value for number, each in CARDS.items()})
BY_NAME: Final[Mapping[str, Behaviour]] = MappingProxyType({NAMES[number]: each for number, each in CARDS.items()})
# Approved, and disputed by the payer's bank.
DISPUTED: Final = frozenset({Way.DISPUTED, Way.DISPUTED_TAKEN_LATER, Way.INQUIRY})
_WRONG_CODE: Final = "000"
# What happens on the main sandbox only: its backup is how failover is tried out.
_NOT_ON_BACKUP: Final = frozenset({Way.OUTAGE, Way.TIMEOUT_APPROVED, Way.TIMEOUT_LOST, Way.SLOW, Way.PENDING})
# What a share of the calls does when the merchant configured `failure_percent`.
_FAILURES: Final = (
    Behaviour(Way.OUTAGE),
    Behaviour(Way.TIMEOUT_APPROVED),
    Behaviour(Way.TIMEOUT_LOST),
    Behaviour(Way.PENDING),
    Behaviour(Way.SLOW),
    _decline("card_declined", "The issuer declined the card."),
    _decline("processing_error", "The acquirer could not process the card.", retryable=True),
    Behaviour(Way.REFUND_FAILS),
    Behaviour(Way.REFUND_PENDING),
)


def asked_of(wanted: Behaviour, attempt: Attempt) -> Behaviour:
    """The same, where a card asks for something that this attempt has or has not: its security code, its payer, its payer's first one."""
    if wanted.way is Way.SECURITY_CODE and attempt.security_code is None:
        return _decline("security_code_required", "The card's security code is needed.")
    if wanted.way is Way.SECURITY_CODE and attempt.security_code == _WRONG_CODE:
        return _decline("incorrect_security_code", "The card's security code is wrong.")
    wanted = confirmed_by(wanted, attempt)
    if attempt.customer_initiated:
        return wanted
    if wanted.way is Way.REDIRECT:
        return _decline("authentication_required", "The payer has to confirm, and is not there.")
    if wanted.way is Way.KNOWN_PAYER and attempt.network_transaction_id is None:
        return _decline("unknown_payer", "The network knows no earlier payment of this card.")
    return wanted


def confirmed_by(wanted: Behaviour, attempt: Attempt) -> Behaviour:
    """The same, where the payer must confirm: a card that would be approved waits for that first."""
    is_refused = wanted.way in {Way.DECLINE, Way.OUTAGE, Way.TIMEOUT_LOST}
    return Behaviour(Way.REDIRECT) if attempt.must_confirm and not is_refused else wanted


_UNREADABLE: Final = _decline("unreadable_token", 'The sandbox reads {"sandbox": "<what a test card does>"} alone.')


def _named(payload: str) -> str:
    """What a wallet's payload asks of the sandbox: JSON that names what a test card does, or that name alone."""
    try:
        found = json.loads(payload)
    except ValueError:
        return payload
    return str(found.get("sandbox")) if isinstance(found, dict) else ""


def behaviour_of(instrument: Instrument, *, backup: bool) -> Behaviour:
    """What this sandbox does with an instrument; any other than the documented ones is approved."""
    match instrument:
        case Card(number=number):
            found = CARDS.get(number, APPROVE)
        case Upi(vpa=vpa):
            found = VPAS.get(vpa, APPROVE)
        case OneTime(payload=payload):
            found = BY_NAME.get(_named(payload), _UNREADABLE)
        case BankAccount(account_number=number) if number is not None and number.endswith("0002"):
            found = _decline("account_closed", "The account is closed.")
        case _:
            found = APPROVE
    return on_this_one(found, backup=backup)


def on_this_one(found: Behaviour, *, backup: bool) -> Behaviour:
    """The same, on the sandbox itself or on its backup."""
    return APPROVE if backup and (found.retryable or found.way in _NOT_ON_BACKUP) else found


def failure_for(call: str, percent: int) -> Behaviour | None:
    """How this call fails when a share of all calls does: always the same for the same call, None for the others."""
    digest = hashlib.sha256(call.encode()).digest()
    if int.from_bytes(digest[:4], "big") % 100 >= percent:
        return None
    return _FAILURES[digest[4] % len(_FAILURES)]
