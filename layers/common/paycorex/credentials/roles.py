"""Roles: which scopes a person of a merchant has. The one table; the authorizer, the people's room and the contract read it."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from paycorex.credentials.caller import ALL_SCOPES

Role = Literal["owner", "admin", "developer", "finance", "support", "read_only"]
ROLE_NAMES: Final[tuple[Role, ...]] = get_args(Role)
# What a person may do with the own sessions and passkeys. Every role has it and no key: a key has neither.
OWN: Final = "console:own"
# What only an owner may give and take.
OWNER: Final = "owner"

# Of an operator who looks at a merchant: no person has it, and none can be given it.
VIEWER: Final = "operator_view"

_EVERYTHING: Final = frozenset(ALL_SCOPES)
_READING: Final = frozenset(scope for scope in ALL_SCOPES if scope.endswith(":read")) - {"people:read", "audit:read"}

# Everything that a merchant's page shows; nothing that changes anything, and nothing of a person's own.
_VIEWING: Final = frozenset(scope for scope in ALL_SCOPES if scope.endswith(":read"))

ROLES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "owner": _EVERYTHING | {OWN},
        # All but what concerns owners, which is a rule of the people's room and no scope.
        "admin": _EVERYTHING | {OWN},
        # Integrations: keys, settings, webhooks. No money goes out by this role.
        "developer": _READING | {"merchant:write", "webhooks:write", "audit:read", OWN},
        # Money: refunds, disputes, settlements and the books, and who did what.
        "finance": _READING
        | {"payments:write", "checkout:write", "disputes:write", "settlements:write", "risk:write", "people:read", "audit:read", OWN},
        # Payers' questions: payments with refunds, links, customers, disputes. No settings, no settlements.
        "support": (_READING - {"settlements:read"})
        | {"payments:write", "checkout:write", "customers:write", "disputes:write", "risk:write", OWN},
        "read_only": _READING | {OWN},
    }
)


def scopes_of(role: str) -> frozenset[str]:
    """The scopes of a role; none for a name that is no role."""
    return _VIEWING if role == VIEWER else ROLES.get(role, frozenset())


def may_give(held: Collection[str], own_role: str | None, role: str) -> bool:
    """Whether one with these scopes may give or take a role: with no scope that one lacks, and `owner` only as an owner.

    own_role: the person's; None of a key, which may name owners when it has every scope: so the first owner comes in (until when, the
    people's room decides).
    """
    if role == OWNER and own_role not in {None, OWNER}:
        return False
    return scopes_of(role) - {OWN} <= set(held)
