"""Fields of a provider's own: the payer types a card into them in the browser, and its number goes to the provider alone."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from payments.connectors.requests import Attempt
from payments.connectors.results import Beginning, Charged, Contradicts, Declined, Found, NotFound, Unavailable, Unknown
from tokens.instruments import ProviderToken


@runtime_checkable
class CompletesByReturn(Protocol):
    """A connector to which what a payer's browser brings back from the provider's page is handed on: the provider judges it, not we."""

    def complete(self, attempt: Attempt, brought: Mapping[str, str]) -> Found:
        """The outcome of the attempt, after the provider was given what was brought; a question where nothing of it is the provider's."""


@runtime_checkable
class GoesOnAfterForm(Protocol):
    """A connector whose payment goes on by a call, after a form that the payer's browser posted. Asked by isinstance."""

    def go_on(self, attempt: Attempt, step: str, state: str, brought: Mapping[str, str]) -> Charged:
        """The outcome, or another form. Only after the step was claimed for its payment; brought: what the form's `brings` name."""


@runtime_checkable
class TakesCardsItself(Protocol):
    """A connector whose provider has such fields. Asked by isinstance; the others need nothing."""

    def begin(self, attempt: Attempt) -> Beginning:
        """Make what the payer's browser confirms. Moves no money, and is the same object when asked again."""

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """Whether the provider signed what a payer's browser brings back. Raises CallbackRefused. Proves no payment: that is looked up."""


@runtime_checkable
class ChargesByName(Protocol):
    """A connector that charges a card by the name that its provider's fields gave in the payer's browser."""

    def charge_named(self, attempt: Attempt, name: str) -> Charged:
        """Charge, or hold; once for each attempt. Only after the name was claimed for its payment."""


@runtime_checkable
class KeepsCards(Protocol):
    """A connector whose provider keeps a card that was typed into its fields, for later payments there. Asked by isinstance."""

    def agree(self, attempt: Attempt, *, keeps: bool) -> Mapping[str, str] | Declined | Unavailable | Unknown | Contradicts:
        """The payer ticked that the card may be kept, or took it back, before the payment; what the payer's browser needs besides."""

    def kept_card(self, attempt: Attempt) -> ProviderToken | NotFound | Unavailable | Unknown | Contradicts:
        """The card that was kept with this attempt, which took money; NotFound when there is none."""

    def forget_card(self, merchant_id: str, card: ProviderToken) -> Unavailable | Unknown | Contradicts | None:
        """The provider shall keep it no more; one that it does not keep is forgotten."""
