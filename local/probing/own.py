"""What the connectors of our own can do: read from their classes, and from the settings that a merchant gives for them."""

from typing import Any, Final, get_args

from merchants.connector_settings import NAMES, Connectors, ConnectorSettings
from paycorex.currencies import EXPONENTS
from paycorex.money import Money
from payments.connectors import capabilities, one_time
from payments.connectors.requests import Captures
from tokens.instruments import BankAccount, Card, ProviderToken, Upi

# A provider's token is a card that the provider keeps.
_WAYS: Final = {Card.kind: "card", ProviderToken.kind: "card", Upi.kind: "upi_collect", BankAccount.kind: "bank_account"} | {
    one_time.APPLE_PAY: one_time.APPLE_PAY,
    one_time.GOOGLE_PAY: one_time.GOOGLE_PAY,
    one_time.PROCESSOR: "card",
}
# Credentials that are no secret.
_OPEN: Final = frozenset({"key_id", "email", "contact", "failure_percent"})
# A payment that its payer did not make goes by the network's name of the first one.
_RECURRING: Final = frozenset({"sandbox", "sandbox_backup", "stripe"})
# Large enough for what a provider wants at least, in any currency.
_SOME: Final = 100_000


def entries() -> list[dict[str, Any]]:
    """Every connector of our own."""
    return [_entry(name) for name in NAMES]


def _entry(name: str) -> dict[str, Any]:
    holds = capabilities.HOLDS[name]
    can_hold = holds.captures is not Captures.NONE
    return {
        "name": name,
        "methods": sorted({_WAYS[kind] for kind in capabilities.INSTRUMENTS[name]} | (capabilities.METHODS[name] - {"tokenized"})),
        "currencies": _currencies(name),
        "credentials": [
            {"name": field, "required": about.is_required(), "secret": field not in _OPEN}
            for field, about in _settings_of(name).model_fields.items()
        ],
        "flows": {
            **dict.fromkeys(("authorize", "refund", "lookup", "refund_lookup", "callbacks", "three_ds"), True),
            "capture": can_hold,
            "void": can_hold,
            "increment": holds.can_increment,
            "disputes": capabilities.tells_disputes(name),
            "recurring": name in _RECURRING,
        },
        "lookup_by": "our_reference",
        "refund_lookup_by": "our_reference",
    }


def _settings_of(name: str) -> type[ConnectorSettings]:
    """The model of one connector's settings, behind the `| None` that removes them."""
    (model,) = [kind for kind in get_args(Connectors.model_fields[name].annotation) if issubclass(kind, ConnectorSettings)]
    found: type[ConnectorSettings] = model
    return found


def _currencies(name: str) -> list[str] | None:
    takes = [code for code in sorted(EXPONENTS) if capabilities.amount_problem(name, Money(_SOME, code)) is None]
    return None if len(takes) == len(EXPONENTS) else takes
