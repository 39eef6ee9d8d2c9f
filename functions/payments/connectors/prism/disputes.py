"""A processor that is asked about disputes, and answered, by calls of our own."""

from functools import partial

from payments.connectors import http_calls as calls
from payments.connectors.disputing import Answer, Answered, AnswerTaken, FoundDispute, KnownDispute, ListedDisputes
from payments.connectors.notices import Dispute
from payments.connectors.prism import own_calls
from payments.connectors.prism.connector import Prism
from payments.connectors.prism.desk import Desk
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls, Ways
from payments.connectors.results import NotFound


def ways_of(desk: Desk) -> Ways:
    """Calls of our own to this processor."""
    return Ways(partial(own_calls.ask, desk), partial(own_calls.send, desk), desk.exchange.credentials)


class AnsweredPrism(Prism):
    """It is `payments.connectors.disputing.AnswersDisputes`, and finds none."""

    @calls.errors_as_results
    def submit_evidence(self, answer: Answer) -> Answered:
        """Contest it."""
        return self._answers.submit(ways_of(self._desk), answer) or AnswerTaken()

    @calls.errors_as_results
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Give in."""
        return self._answers.accept(ways_of(self._desk), known) or AnswerTaken()

    @property
    def _answers(self) -> DisputeAnswers:
        if self._desk.known.answers is None:
            raise AssertionError("a processor whose disputes are answered and cannot be")
        return self._desk.known.answers


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
        refused = self._questions.answers.submit(ways_of(self._desk), answer)
        return refused or self._after(answer.dispute)

    @calls.errors_as_results
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """Give in; then how it stands."""
        refused = self._questions.answers.accept(ways_of(self._desk), known)
        return refused or self._after(known)

    def _after(self, known: KnownDispute) -> Dispute:
        found = self._questions.look_up(ways_of(self._desk).ask, known.reference)
        if found is None:
            raise calls.OutcomeUnknown("The processor does not find the dispute that it took an answer to.")
        return found

    @property
    def _questions(self) -> DisputeCalls:
        if self._desk.known.disputes is None:
            raise AssertionError("a processor that is asked about disputes and cannot be")
        return self._desk.known.disputes


def kind_of(known: Processor) -> type[Prism]:
    """The connector's class, by what is known of disputes there."""
    if known.disputes is not None:
        return DisputedPrism
    return Prism if known.answers is None else AnsweredPrism
