"""What pays one payment only: a wallet's encrypted payload, or a name that a processor's own fields gave in the payer's browser.

It goes along with one call and is in no table, log or hash. What is encrypted in it is for the processor to open.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from tokens.instruments import Display, Instrument

APPLE_PAY: Final = "apple_pay"
GOOGLE_PAY: Final = "google_pay"
PROCESSOR: Final = "processor_token"


@dataclass(frozen=True, slots=True, repr=False)
class OneTime(Instrument):
    """payload: as the payer's device or browser gave it. brand, last4: of the card behind it, as far as the wallet says."""

    payload: str
    brand: str | None = None
    last4: str | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """No two are the same."""
        return (self.payload,)

    @property
    def display(self) -> Display:
        """What the wallet says of the card."""
        return Display(self.last4, self.brand)


class ApplePay(OneTime):
    """`paymentData` of Apple's PKPaymentToken, as JSON."""

    __slots__ = ()
    kind: ClassVar[str] = APPLE_PAY


class GooglePay(OneTime):
    """`paymentMethodData.tokenizationData.token` of Google Pay, as it came."""

    __slots__ = ()
    kind: ClassVar[str] = GOOGLE_PAY


class ProcessorToken(OneTime):
    """A processor's name of a card that the payer typed into its own fields."""

    __slots__ = ()
    kind: ClassVar[str] = PROCESSOR


KINDS: Final = {kind.kind: kind for kind in (ApplePay, GooglePay, ProcessorToken)}
