"""One processor for one merchant, and what every question to it needs: references, tokens, notes, keys, and results for what goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism import errors, preludes, processors, witness
from payments.connectors.prism.exchange import Answered, Change, Exchange
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.message_parts import Known
from payments.connectors.prism.messages import Messages
from payments.connectors.prism.translation import Refused, Untranslatable
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined, Unavailable


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """hidden: texts that no reason may repeat."""

    processor: str
    exchange: Exchange
    messages: Messages
    hidden: tuple[str, ...]

    @property
    def known(self) -> Processor:
        """What is known of the processor."""
        return self.exchange.known

    def start(self, payment_id: str, reference: str | None = None) -> Known:
        """The names of a payment there."""
        return Known(processors.ours(self.known, payment_id), reference or "")

    def ready(self, known: Known, flow: str, *, is_manual: bool = False, amount: Money | None = None) -> Known:
        """With what a call of this flow has to bring along. Raises Untranslatable, NotSent, OutcomeUnknown, Malformed."""
        found = preludes.with_access(self.exchange, self.messages, known)
        if isinstance(found, Declined):
            raise calls.NotSent(found.reason)
        if flow in self.known.noted and amount is not None:
            return replace(found, notes=self._notes(found, flow, amount, is_manual=is_manual))
        notes = self.known.notes.get(f"{flow}/{'manual' if is_manual else 'automatic'}", self.known.notes.get(flow))
        if notes is None:
            return replace(found, notes=None)
        currency = "" if amount is None else amount.currency
        return replace(found, notes=notes.replace("{reference}", found.reference).replace("{currency}", currency))

    def _notes(self, known: Known, flow: str, amount: Money, *, is_manual: bool) -> str:
        """What is to be given with this flow, from a question about the payment."""
        attempt = Attempt("", "", "", "tokenized", amount, is_manual=is_manual)
        answer = self.get(attempt, self.ready(known, "get", is_manual=is_manual))
        if isinstance(answer.message, Refused):
            raise calls.NotSent("The processor did not say what is needed first.")
        read = self.known.noted[flow]
        notes: str = answer.message.connector_feature_data.value if read is None else read(documents.parse(answer.http.body))
        return notes

    def get(self, attempt: Attempt, known: Known) -> Answered:
        """A question about a payment. Raises Untranslatable, NotSent, OutcomeUnknown, Malformed."""
        return self.ask("get", self.messages.get(attempt, known), "PaymentServiceGetResponse", timeout_seconds=calls.LOOKUP_SECONDS)

    def ask(
        self,
        flow: str,
        message: Any,
        kind: str,
        *,
        key: str | None = None,
        timeout_seconds: int | None = None,
        must_confirm: bool = False,
        change: Change | None = None,
    ) -> Answered:
        """must_confirm: of a charge. change: of the request's body. Raises Untranslatable, NotSent, OutcomeUnknown, Malformed."""
        answer = getattr(self.messages.library.payment, kind)
        return self.exchange.ask(flow, message, answer, key=key, timeout_seconds=timeout_seconds, must_confirm=must_confirm, change=change)

    def status(self, message: Any) -> str:
        """A payment's status by its name."""
        name: str = self.messages.library.payment.PaymentStatus.Name(message.status)
        return name

    def judged(self, answer: Answered, currency: str) -> tuple[str, Money | None]:
        """The status that an answer stands for, and how much of what was held was taken, where it says so.

        Raises Malformed, Contradiction.
        """
        held = None if self.known.held is None else self.known.held(documents.parse(answer.http.body))
        if held is None:
            return self.status(answer.message), None
        return held.status, None if held.captured is None else witness.decimal_amount(held.captured, currency, None)


def commands[**P, R](call: Callable[P, R]) -> Callable[P, R | Declined]:
    """For what changes something: a request that the library does not make was not sent, so nothing happened."""

    @wraps(call)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R | Declined:
        try:
            return call(*arguments, **named)
        except Untranslatable as problem:
            return errors.untranslatable(problem)

    return guarded


def questions[**P, R](call: Callable[P, R]) -> Callable[P, R | Unavailable]:
    """For what asks only: a question that cannot be put was not answered, whatever happened."""

    @wraps(call)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R | Unavailable:
        try:
            return call(*arguments, **named)
        except Untranslatable as problem:
            return Unavailable(documents.shown(problem.reason), is_theirs=False)

    return guarded
