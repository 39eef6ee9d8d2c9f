"""A processor that can be asked about disputes by calls of our own. Answers to them are given in its dashboard."""

from functools import partial

from payments.connectors import http_calls as calls
from payments.connectors.disputing import FoundDispute, KnownDispute, ListedDisputes
from payments.connectors.prism import own_calls
from payments.connectors.prism.connector import Prism
from payments.connectors.prism.processors import DisputeCalls
from payments.connectors.results import NotFound


class DisputedPrism(Prism):
    """It is `payments.connectors.disputing.FindsDisputes`."""

    @calls.errors_as_results
    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:  # noqa: ARG002 - an account is one merchant's
        """Those that its list names."""
        return self._questions.listed(partial(own_calls.ask, self._desk), charge_reference)

    @calls.errors_as_results
    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """By its name of it."""
        return self._questions.look_up(partial(own_calls.ask, self._desk), known.reference) or NotFound()

    @property
    def _questions(self) -> DisputeCalls:
        if self._desk.known.disputes is None:
            raise AssertionError("a processor that is asked about disputes and cannot be")
        return self._desk.known.disputes
