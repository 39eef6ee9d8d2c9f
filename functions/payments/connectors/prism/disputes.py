"""A processor that is asked about disputes, and answered, by calls of our own."""

from functools import partial

from payments.connectors import http_calls as calls
from payments.connectors.disputing import Answer, Answered, FoundDispute, KnownDispute, ListedDisputes
from payments.connectors.notices import Dispute
from payments.connectors.prism import own_calls
from payments.connectors.prism.connector import Prism
from payments.connectors.prism.facts import Ask, DisputeCalls, Send
from payments.connectors.results import NotFound


class DisputedPrism(Prism):
    """It is `payments.connectors.disputing.Disputing`."""

    @property
    def gives_back_by_refund(self) -> bool:
        """As its documents say."""
        return self._questions.gives_back_by_refund

    @calls.errors_as_results
    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:  # noqa: ARG002 - an account is one merchant's
        """Those that its list names."""
        return self._questions.listed(partial(own_calls.ask, self._desk), charge_reference)

    @calls.errors_as_results
    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """By its name of it."""
        return self._questions.look_up(partial(own_calls.ask, self._desk), known.reference) or NotFound()

    @calls.errors_as_results
    def submit_evidence(self, answer: Answer) -> Answered:
        """Contest it; then how it stands."""
        refused = self._questions.answers.submit(*self._ways, answer)
        return refused or self._after(answer.dispute)

    @calls.errors_as_results
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Give in; then how it stands."""
        refused = self._questions.answers.accept(*self._ways, known)
        return refused or self._after(known)

    def _after(self, known: KnownDispute) -> Dispute:
        found = self._questions.look_up(self._ways[0], known.reference)
        if found is None:
            raise calls.OutcomeUnknown("The processor does not find the dispute that it took an answer to.")
        return found

    @property
    def _ways(self) -> tuple[Ask, Send]:
        return partial(own_calls.ask, self._desk), partial(own_calls.send, self._desk)

    @property
    def _questions(self) -> DisputeCalls:
        if self._desk.known.disputes is None:
            raise AssertionError("a processor that is asked about disputes and cannot be")
        return self._desk.known.disputes
