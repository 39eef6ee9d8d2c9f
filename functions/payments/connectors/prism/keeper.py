"""How a processor keeps cards for later payments: what each of them knows of it, and what it may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from payments.connectors.prism.names import Order
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined, NotFound, Unavailable
from tokens.instruments import ProviderToken


@dataclass(frozen=True, slots=True, repr=False)
class Keeper:
    """What a question about a kept card needs. ask: raises Untranslatable, NotSent, OutcomeUnknown. connector: ours, by its name. ours: our
    reference of the payment.
    """

    ask: Order
    connector: str
    ours: str
    credentials: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Keeps:
    """How a processor keeps a card that was typed into its fields, for charges by the library's `charge`.

    base: of the address at which the library begins the fields, what the paths of these calls follow. agree: whether this payment's card is
    to be kept; what the payer's browser needs. kept: Unavailable while it may still be noted. All raise what `Keeper.ask` raises, Malformed
    and Contradiction.
    """

    base: Callable[[str], str]
    agree: Callable[[Keeper, Attempt, bool], Mapping[str, str] | Declined | Unavailable]
    kept: Callable[[Keeper, Attempt], ProviderToken | NotFound | Unavailable]
    forget: Callable[[Keeper, ProviderToken], None]
