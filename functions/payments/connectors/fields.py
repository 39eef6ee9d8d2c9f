"""Fields of a provider's own: the payer types a card into them in the browser, and its number goes to the provider alone."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from payments.connectors.requests import Attempt
from payments.connectors.results import Beginning


@runtime_checkable
class TakesCardsItself(Protocol):
    """A connector whose provider has such fields. Asked by isinstance; the others need nothing."""

    def begin(self, attempt: Attempt) -> Beginning:
        """Make what the payer's browser confirms. Moves no money, and is the same object when asked again."""

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """Whether the provider signed what a payer's browser brings back. Raises CallbackRefused. Proves no payment: that is looked up."""
