"""What a connector may answer. Results are types, because what may be done next depends on them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from paycorex.money import Money
from payments.connectors.requests import HoldAbility


@dataclass(frozen=True, slots=True)
class Kept:
    """What the provider keeps of a payment, as its answer names it: the fee without its tax, and the tax, in minor units."""

    fee: int
    tax: int
    currency: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The money is there (or given back). amount: what it was, when the connector says so.

    returned_minor: how much of it the provider has given back since, in minor units. aliases: further names that it has at the provider, by
    which a refund or dispute may mean it. is_disputed: the payer's bank asks, or asked, for it. kept: its fee, where the answer names one.
    """

    provider_reference: str
    amount: Money | None = None
    returned_minor: int = 0
    aliases: tuple[str, ...] = ()
    network_transaction_id: str | None = None
    is_disputed: bool = False
    kept: Kept | None = None

    @property
    def is_returned(self) -> bool:
        """True when nothing of it is there any more."""
        return self.amount is not None and self.returned_minor >= self.amount.minor


@dataclass(frozen=True, slots=True)
class Authorized:
    """The money is held, and not taken yet, or in part only.

    amount: of the hold, when the connector says so. captured_minor: how much of it was taken, in minor units. expires_ms: until when the
    provider holds it, when it says so. ability: what can be done with this hold, when the provider says so of it; otherwise what the
    connector says of all (`Connector.holds`).
    """

    provider_reference: str
    amount: Money | None = None
    captured_minor: int = 0
    expires_ms: int | None = None
    aliases: tuple[str, ...] = ()
    network_transaction_id: str | None = None
    ability: HoldAbility | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """The hold has ended, and what was not captured is the payer's again.

    captured_minor: how much of it was taken before, in minor units. is_expired: the provider ended it, by its time.
    """

    provider_reference: str
    captured_minor: int = 0
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """The provider waits for the payer in fields of its own. parameters: what the payer's browser needs for them; no secret of ours.

    awaits_name: nothing can be paid there before the payer's browser brings the provider's name of the card, and we charge it.
    own_name: the parameter that this name is, where the provider made it for this payment alone.
    wants: what of the payer (`requests.Payer`) the charge cannot be made without. provider_reference: None where nothing was made yet.
    """

    provider_reference: str | None
    parameters: Mapping[str, Any]
    awaits_name: bool = False
    own_name: str | None = None
    wants: tuple[str, ...] = ()


class Fault(StrEnum):
    """Whose a refusal is.

    PAYER: the card, the account or its bank refused. SETUP: the provider does not take the request as the merchant's settings (or we) make
    it: credentials, an account that may not, a field. AMOUNT: too little or too much for this provider.
    """

    PAYER = "payer"
    SETUP = "setup"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider refused; no money moved. retryable: another provider may say yes. reason: masked and short, as it may be stored."""

    code: str
    reason: str
    retryable: bool = False
    provider_reference: str | None = None
    fault: Fault = Fault.PAYER


@dataclass(frozen=True, slots=True, repr=False)
class BrowserForm:
    """What the payer's browser posts for the provider, from our page, before a payment goes on. Until it goes on nothing is charged.

    url: https, a public name. step, state: the provider's, by which it goes on (`GoesOnAfterForm`). brings: names of what the browser may
    bring back for that. proof: a name and the value that it has to bring. is_unseen: posted in a frame that is not shown, whose page says
    when it is done; else the payer's browser goes there.
    """

    url: str
    fields: Mapping[str, str]
    step: str
    state: str
    brings: tuple[str, ...] = ()
    proof: tuple[str, str] | None = None
    is_unseen: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """The payer must confirm at this address. form: our page is there, which posts it; the provider has no name by which to ask yet."""

    url: str
    provider_reference: str
    form: BrowserForm | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Received and not decided. The provider will say later."""

    provider_reference: str


@dataclass(frozen=True, slots=True)
class Collecting:
    """The provider waits for the payer. upi_url: its own link, when it makes one."""

    provider_reference: str
    upi_url: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nothing happened there: not reached, overloaded, or our credentials are refused. Another provider may be tried.

    is_theirs: False when it was not even asked, for a reason on our side. rest_seconds: how long it asked to be left alone.
    """

    reason: str
    is_theirs: bool = True
    rest_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: never try another provider, ask this one later. provider_reference: to ask by, when known."""

    reason: str
    provider_reference: str | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider knows no such object."""


@dataclass(frozen=True, slots=True)
class Contradicts:
    """An answer that cannot be booked: it is about another object than was asked for, or its amount is none.

    code: as `paycorex.records.payment.Review` lists them. detail: what was said, masked and short. Whether money moved is not known.
    """

    code: str
    detail: str
    provider_reference: str | None = None

    @property
    def is_malformed(self) -> bool:
        """True when the document breaks the provider's own form, whatever was asked."""
        return self.code == "unreadable_amount"


CaptureResult = Approved | Declined | Pending | Unavailable | Unknown | NotFound | Contradicts
VoidResult = Released | Declined | Pending | Unavailable | Unknown | Contradicts
IncrementResult = Authorized | Declined | Unavailable | Unknown | Contradicts
Beginning = Begun | Declined | Unavailable | Unknown | Contradicts
Charged = Approved | Authorized | Declined | Redirect | Pending | Unavailable | Unknown | Contradicts
Collected = Collecting | Declined | Unavailable | Unknown
Found = Approved | Authorized | Released | Declined | Redirect | Pending | Unavailable | Unknown | NotFound | Contradicts
RefundResult = Approved | Declined | Pending | Unavailable | Unknown | NotFound | Contradicts
