"""What can be done by each connector: methods, instruments, holds, and the flows that `GET /v1/processors` shows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from paycorex import connectors
from paycorex import processors as table
from paycorex.connectors import PROCESSOR_PREFIX, is_processor
from paycorex.loading import later
from paycorex.money import Money
from paycorex.processors import LookedUpBy
from payments.connectors.disputing import Disputing
from payments.connectors.fields import KeepsCards, TakesCardsItself
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import HoldAbility
from payments.connectors.sandbox.connector import Sandbox
from payments.connectors.settling import Settling
from payments.connectors.static_codes import StaticCodes
from payments.connectors.stripe.connector import Stripe

with later():
    from payments.connectors.prism import connector as prism
    from payments.connectors.prism import fields as prism_fields
    from payments.connectors.prism import library, processors


class _ByName[V](dict[str, V]):
    """By connector; the library's processors are alike in this, and not listed."""

    def __init__(self, known: Mapping[str, V], of_processor: Callable[[str], V]) -> None:
        super().__init__(known)
        self._of_processor = of_processor

    def __missing__(self, name: str) -> V:
        if not is_processor(name):
            raise KeyError(name)
        return self._of_processor(name.removeprefix(PROCESSOR_PREFIX))


_CLASSES: Final[Mapping[str, type[Sandbox | Stripe | Razorpay]]] = MappingProxyType(
    {
        "sandbox": Sandbox,
        "sandbox_backup": Sandbox,
        "stripe": Stripe,
        "razorpay": Razorpay,
    }
)
METHODS: Final[Mapping[str, frozenset[str]]] = _ByName(
    {name: kind.methods for name, kind in _CLASSES.items()}, lambda processor: prism.methods_of(PROCESSOR_PREFIX + processor)
)
INSTRUMENTS: Final[Mapping[str, frozenset[str]]] = _ByName(
    {name: kind.instruments for name, kind in _CLASSES.items()}, lambda processor: prism.instruments_of(PROCESSOR_PREFIX + processor)
)
# What every hold there allows; a single one may allow more or less (`results.Authorized.ability`).
HOLDS: Final[Mapping[str, HoldAbility]] = _ByName(
    {name: kind.holds for name, kind in _CLASSES.items()}, lambda processor: processors.of(processor).holds
)
_UNTESTED_INCREMENT: Final = "The library has a request for it, which was not compared with what the processor documents."
_NO_MANDATES: Final = HoldAbility()
# What every UPI mandate there allows: an amount that the payer's bank blocks.
MANDATES: Final[Mapping[str, HoldAbility]] = _ByName(
    {name: Sandbox.mandates if name in connectors.SANDBOXES else _NO_MANDATES for name in _CLASSES},
    lambda processor: processors.of(processor).mandates or _NO_MANDATES,
)


def holds_of(name: str, method: str) -> HoldAbility:
    """What can be done with an amount that is held there for a payment of this method."""
    return MANDATES[name] if method == "upi_intent" else HOLDS[name]


def has_fields(name: str) -> bool:
    """True when this connector's provider has card fields of its own."""
    if is_processor(name):
        known = processors.of(name.removeprefix(PROCESSOR_PREFIX))
        return known.fields is not None or known.names is not None
    return issubclass(_CLASSES[name], TakesCardsItself)


def pays_by_fields(name: str) -> bool:
    """True for a processor of the library whose own card fields pay by themselves."""
    return is_processor(name) and processors.of(name.removeprefix(PROCESSOR_PREFIX)).fields is not None


def is_session(name: str, reference: str) -> bool:
    """True for a processor's name of what a payer's browser pays in, of which each payment has a name of its own."""
    return is_processor(name) and prism_fields.is_session(processors.of(name.removeprefix(PROCESSOR_PREFIX)), reference)


def keeps_cards(name: str) -> bool:
    """True when this connector's provider keeps a card that was typed into its fields, for later payments."""
    if is_processor(name):
        return processors.of(name.removeprefix(PROCESSOR_PREFIX)).keeps is not None
    return issubclass(_CLASSES[name], KeepsCards)


def asks_payer(name: str, *, by_fields: bool, is_kept: bool = False, is_named: bool = False) -> bool:
    """True when this connector can be made to let the payer's bank ask the payer (3-D Secure), at our charge or in its own fields.

    is_kept: of a card that its provider keeps. is_named: of one by the name that its fields gave on the merchant's own page.
    """
    if is_processor(name):
        known = processors.of(name.removeprefix(PROCESSOR_PREFIX))
        in_fields = known.names is not None and known.names.asks is not None
        by_charge = known.asks is not None and not by_fields
        return not is_kept and (by_charge or (in_fields and (by_fields or is_named)))
    return _CLASSES[name].asks_payer


def of_some_holds(name: str) -> frozenset[str]:
    """What some holds there allow beside what every hold does: `increment`, `over_capture`."""
    if is_processor(name):
        return processors.of(name.removeprefix(PROCESSOR_PREFIX)).of_some_holds
    return _CLASSES[name].of_some_holds


def limits_of(name: str) -> Mapping[str, str]:
    """Flows of a processor of the library that this connector has not, and why."""
    if not is_processor(name):
        return {}
    found = table.find(name)
    makes_larger = found is not None and found.flows["increment"]
    untested = {} if not makes_larger or "increment" in of_some_holds(name) else {"increment": _UNTESTED_INCREMENT}
    return {**untested, **processors.of(name.removeprefix(PROCESSOR_PREFIX)).limits}


def flows_of(name: str, derived: Mapping[str, bool]) -> dict[str, bool]:
    """What can be done by a connector. derived: what its class, or the library's requests, say."""
    found = {**derived, "over_capture": False, **dict.fromkeys(of_some_holds(name), True), **dict.fromkeys(limits_of(name), False)}
    # Fields of its provider's own, on the payer's page or the merchant's.
    found["card_fields"] = has_fields(name)
    if is_processor(name):
        known = processors.of(name.removeprefix(PROCESSOR_PREFIX))
        # The library's requests about disputes are not used.
        found["increment"] = derived["increment"] and "increment" in known.of_some_holds
        found["disputes"] = known.disputes is not None or known.dispute is not None
        found["three_ds"] = found["three_ds"] or asks_payer(name, by_fields=True)
        found["callbacks"] = "callbacks" not in known.limits and (known.callback is not None or found["callbacks"])
    return found


def looked_up_by(name: str, flow: str, derived: LookedUpBy | None) -> LookedUpBy | None:
    """By whose name a payment (flow `get`) or a refund (`refund_get`) is found here. derived: what the library's requests say.

    A processor whose documents have a question by our reference is asked that, whatever the library asks; any other is asked by its own
    name only, because nothing shows that it finds ours.
    """
    if not is_processor(name):
        return derived
    if flow in processors.of(name.removeprefix(PROCESSOR_PREFIX)).finds:
        return "our_reference"
    return None if derived is None else "provider_reference"


def short_name(name: str, payment_id: str) -> str | None:
    """What a processor that keeps fewer characters knows the payment by, where that is not its id."""
    if not is_processor(name):
        return None
    known = processors.ours(processors.of(name.removeprefix(PROCESSOR_PREFIX)), payment_id)
    return None if known == payment_id else known


def refunds_once(name: str) -> bool:
    """True when a connector makes a refund once, however often it is asked for under one id."""
    return not is_processor(name) or processors.of(name.removeprefix(PROCESSOR_PREFIX)).refunds_once


def captures_once(name: str) -> bool:
    """True when a connector makes a capture once, however often it is asked for under one id."""
    return not is_processor(name) or processors.of(name.removeprefix(PROCESSOR_PREFIX)).idempotency is not None


def tells_disputes(name: str) -> bool:
    """True for a connector of our own whose provider can be asked about disputes, and answered."""
    return issubclass(_CLASSES[name], Disputing)


def has_static_codes(name: str) -> bool:
    """True for a connector of our own whose provider has codes that many payers pay."""
    return name in _CLASSES and issubclass(_CLASSES[name], StaticCodes)


def pays_out(name: str) -> bool:
    """True for a connector of our own whose provider can be asked about payouts, and about the fee of a charge."""
    return name in _CLASSES and issubclass(_CLASSES[name], Settling)


def absence(name: str) -> str | None:
    """Why a processor's library cannot be loaded here; None for everything else."""
    return library.absence() if is_processor(name) else None


def amount_problem(name: str, amount: Money) -> str | None:
    """Why this connector cannot be asked for exactly this amount; None when it can, and for what is no connector (a wallet, a chain)."""
    if is_processor(name):
        return processors.amount_problem(name.removeprefix(PROCESSOR_PREFIX), amount)
    kind = _CLASSES.get(name)
    return None if kind is None else kind.amount_problem(amount)
