"""Operators: their roles, and what each route of their page needs. The one table; the authorizer decides by it, doors declare what it says.

Operators are people of no merchant. Their records, tickets and sessions stand beside those of merchants' people, under REALM in place of
a merchant's id, and each side refuses the other's. A request to a route that is not in the table is refused.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

from paycorex.credentials.caller import Caller

# Stands where a merchant's id stands: people, sessions, audit log.
REALM: Final = "operators"
COOKIE: Final = "__Host-paycorex-operator"
PATH: Final = "/operator/"
SIGNATURE_VERSION: Final = "operator"
# For how long a passkey that was just used counts as fresh.
FRESH_SECONDS: Final = 5 * 60

Role = Literal["read", "operate", "admin"]
ROLE_NAMES: Final[tuple[Role, ...]] = get_args(Role)
# The one role that makes operators; the last active one cannot be taken away.
ADMIN: Final = "admin"
READ: Final = "operator:read"
OPERATE: Final = "operator:operate"
ADMINISTER: Final = "operator:admin"
# What is an operator's own: sessions, passkeys, recovery codes.
OWN: Final = "operator:own"
SCOPES: Final = (READ, OPERATE, ADMINISTER, OWN)

ROLES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "read": frozenset({READ, OWN}),
        "operate": frozenset({READ, OPERATE, OWN}),
        "admin": frozenset({READ, OPERATE, ADMINISTER, OWN}),
    }
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route needs: a scope, and whether a passkey must have been used in the last five minutes."""

    scope: str
    fresh: bool = False


_V1: Final = "/operator/v1"
ROUTES: Final[Mapping[tuple[str, str], Needs]] = MappingProxyType(
    {
        ("POST", f"{_V1}/session/step_up/challenge"): Needs(OWN),
        ("POST", f"{_V1}/session/step_up"): Needs(OWN),
        ("DELETE", f"{_V1}/session"): Needs(OWN),
        ("GET", f"{_V1}/operators"): Needs(READ),
        ("POST", f"{_V1}/operators"): Needs(ADMINISTER, fresh=True),
        ("PATCH", f"{_V1}/operators/{{operator_id}}"): Needs(ADMINISTER, fresh=True),
        ("DELETE", f"{_V1}/operators/{{operator_id}}"): Needs(ADMINISTER, fresh=True),
        ("POST", f"{_V1}/operators/{{operator_id}}/invitation"): Needs(ADMINISTER, fresh=True),
        ("GET", f"{_V1}/audit"): Needs(READ),
        ("GET", f"{_V1}/merchants"): Needs(READ),
        ("GET", f"{_V1}/merchants/{{merchant_id}}"): Needs(READ),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/suspend"): Needs(OPERATE, fresh=True),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/resume"): Needs(OPERATE, fresh=True),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/view"): Needs(OPERATE, fresh=True),
        ("DELETE", f"{_V1}/view"): Needs(OWN),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/owners"): Needs(ADMINISTER, fresh=True),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/rate"): Needs(OPERATE),
        ("GET", f"{_V1}/merchants/{{merchant_id}}/fee_plans"): Needs(READ),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/fee_plans"): Needs(OPERATE, fresh=True),
        ("POST", f"{_V1}/merchants/{{merchant_id}}/periods/{{month}}/reopen"): Needs(OPERATE, fresh=True),
        ("GET", f"{_V1}/payments/stuck"): Needs(READ),
        ("GET", f"{_V1}/reviews"): Needs(READ),
        ("POST", f"{_V1}/reviews"): Needs(OPERATE, fresh=True),
        ("GET", f"{_V1}/answers"): Needs(READ),
        ("POST", f"{_V1}/answers"): Needs(OPERATE, fresh=True),
        ("GET", f"{_V1}/set_aside"): Needs(READ),
        ("POST", f"{_V1}/set_aside/{{loop}}/{{item_id}}/retry"): Needs(OPERATE),
        ("POST", f"{_V1}/set_aside/{{loop}}/{{item_id}}/resolve"): Needs(OPERATE, fresh=True),
        ("GET", f"{_V1}/queues"): Needs(READ),
        ("POST", f"{_V1}/queues/webhooks_dead/redrive"): Needs(OPERATE),
        ("GET", f"{_V1}/lost_records"): Needs(READ),
        ("POST", f"{_V1}/lost_records"): Needs(OPERATE),
        ("GET", f"{_V1}/chains"): Needs(READ),
        ("GET", f"{_V1}/alarms"): Needs(READ),
        ("GET", f"{_V1}/volumes"): Needs(READ),
        ("GET", f"{_V1}/reconciliation"): Needs(READ),
        ("GET", f"{_V1}/ledger/checkpoints"): Needs(READ),
        ("GET", f"{_V1}/ledger/verifications"): Needs(READ),
        ("POST", f"{_V1}/ledger/verifications"): Needs(OPERATE),
    }
)


def scope_of(method: str, path: str) -> str:
    """The scope that a route declares. Raises KeyError for one that is not in the table."""
    return ROUTES[method, path].scope


def scopes_of(role: str) -> frozenset[str]:
    """The scopes of an operator's role; none for a name that is no role."""
    return ROLES.get(role, frozenset())


def is_operators(path: str) -> bool:
    """Whether a path is of the operators' page."""
    return path.startswith(PATH)


def caller_of(operator_id: str, secret: str, scopes: frozenset[str]) -> Caller:
    """An operator as a door's caller. Lists that were begun in one session go on in that session."""
    cursor_key = hashlib.sha256(b"paycorex-operator-cursor\0" + secret.encode()).hexdigest()
    return Caller(merchant_id=REALM, key_id=operator_id, scopes=scopes, currency="", lanes=1, cursor_key=cursor_key)
