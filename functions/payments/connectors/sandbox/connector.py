"""Connector `sandbox`: a deterministic acquirer inside the stack, failures included. `sandbox_backup` is a second one to fail over to.

Which instrument does what is in `sandbox.instruments`; UPI collections go by the last two digits of the amount. Its books survive like a
real acquirer's; nothing here touches the ledger.
"""

from collections.abc import Callable, Mapping
from typing import Final

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents, one_time
from payments.connectors.notices import ProviderNotice, ProviderRefund
from payments.connectors.one_time import OneTime
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import (
    Beginning,
    CaptureResult,
    Charged,
    Collected,
    Collecting,
    Declined,
    Found,
    IncrementResult,
    NotFound,
    RefundResult,
    Released,
    Unavailable,
    Unknown,
    VoidResult,
)
from payments.connectors.sandbox import answers, callbacks, codes, fields, holds, kept, payers, refunds
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.codes import SandboxCodes
from payments.connectors.sandbox.disputes import SandboxDisputes
from payments.connectors.sandbox.instruments import APPROVE, Behaviour, Way, asked_of, behaviour_of, failure_for, on_this_one
from payments.connectors.sandbox.payouts import SandboxPayouts
from payments.connectors.sandbox.troubles import troubled
from tokens.instruments import BankAccount, Card, Instrument, ProviderToken, Upi

SLOW_SECONDS: Final = 3


class Sandbox(SandboxCodes, SandboxDisputes, SandboxPayouts):
    """The sandbox for one merchant. Credentials, all optional: `failure_percent` (0 to 100), `webhook_secret`."""

    methods = frozenset({"tokenized", "upi_intent"})
    instruments = frozenset({Card.kind, Upi.kind, BankAccount.kind, ProviderToken.kind, *one_time.KINDS})
    mandates = holds.MANDATE
    holds = holds.ABILITY
    of_some_holds = frozenset({"increment", "over_capture"})
    asks_payer = True

    def __init__(self, name: str, credentials: Mapping[str, str], *, default_secret: str) -> None:
        self.name = name
        percent = credentials.get("failure_percent", "0")
        self._failure_percent = min(int(percent), 100) if percent.isascii() and percent.isdigit() else 0
        self._secret = credentials.get("webhook_secret") or default_secret
        self._is_backup = name != "sandbox"

    @staticmethod
    def amount_problem(amount: Money) -> str | None:  # noqa: ARG004 - the sandbox has a number for every amount
        """The sandbox takes every amount."""
        return None

    @troubled
    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """As documented for the instrument."""
        wanted = asked_of(self._wanted(attempt, instrument), attempt)
        if wanted == APPROVE:
            wanted = self._failure(f"charge {attempt.attempt_id}") or wanted
        if wanted.way is Way.OUTAGE:
            return Unavailable("The sandbox is out of service.")
        if wanted.way is Way.TIMEOUT_LOST:
            return Unknown("The sandbox did not answer.")
        if wanted.way is Way.SLOW:
            clock.sleep(SLOW_SECONDS)
        known = books.find(attempt.merchant_id, attempt.attempt_id)
        is_card = isinstance(instrument, Card | ProviderToken | OneTime)
        item = known or books.enter(answers.line(attempt, self.name, wanted, is_card=is_card))
        if known is None and wanted.way is Way.TIMEOUT_APPROVED:
            return Unknown("The sandbox did not answer.")
        answer = answers.of(item, attempt)
        return Declined("canceled", "The hold has ended.", provider_reference=item.reference) if isinstance(answer, Released) else answer

    def _wanted(self, attempt: Attempt, instrument: Instrument) -> Behaviour:
        if isinstance(instrument, ProviderToken):
            return on_this_one(kept.behaviour_of(attempt.merchant_id, instrument), backup=self._is_backup)
        return behaviour_of(instrument, backup=self._is_backup)

    @troubled
    def collect(self, attempt: Attempt) -> Collected:
        """Wait for the sandbox's payer."""
        failure = self._failure(f"collect {attempt.attempt_id}")
        if failure is not None and failure.way is Way.OUTAGE:
            return Unavailable("The sandbox is out of service.")
        until = holds.blocked_until() if attempt.is_manual else None
        item = books.enter(books.charge(attempt, self.name, kind="collect", status=books.WAITING, way=Way.COLLECT, held_until=until))
        return Collecting(item.reference)

    @troubled
    def begin(self, attempt: Attempt) -> Beginning:
        """A charge that waits for a card in the sandbox's fields."""
        failure = self._failure(f"begin {attempt.attempt_id}")
        if failure is not None and failure.way is Way.OUTAGE:
            return Unavailable("The sandbox is out of service.")
        return fields.begin(self.name, attempt, self._secret)

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """The sandbox's script brings nothing signed."""

    def take(self, attempt: Attempt, client_secret: str, ask: Callable[[BookItem], fields.Confirmed]) -> fields.Confirmed | None:
        """What the sandbox's script in the payer's browser asks; None for a wrong secret, or when nothing was begun."""
        item = books.find(attempt.merchant_id, attempt.attempt_id)
        if item is None or not fields.is_secret_of(client_secret, attempt.attempt_id, self._secret):
            return None
        return ask(item)

    def agree(self, attempt: Attempt, *, keeps: bool) -> Mapping[str, str]:  # noqa: ARG002 - the sandbox's script says it when it pays
        """Nothing is to be done before."""
        return {}

    @troubled
    def kept_card(self, attempt: Attempt) -> ProviderToken | NotFound:
        """The card that was typed into the fields, if the payer let the sandbox keep it."""
        return kept.of_charge(self.name, attempt)

    @troubled
    def forget_card(self, merchant_id: str, card: ProviderToken) -> None:
        """It is charged no more."""
        kept.forget(merchant_id, card)

    @property
    def is_backup(self) -> bool:
        """True for the one that is failed over to."""
        return self._is_backup

    @troubled
    def lookup(self, attempt: Attempt) -> Found:
        """What the books say."""
        by_code = codes.line_key(attempt.provider_reference or "") if attempt.is_by_code else None
        item = books.find(attempt.merchant_id, by_code or attempt.attempt_id)
        if item is None:
            return NotFound()
        looked = books.look(item)
        if item.kind == "collect":
            return payers.look_at(item, looked)
        if self._failure(f"lookup {attempt.attempt_id} {looked}"):
            return Unknown("The sandbox did not answer.")
        if item.status == books.WAITING and item.way == Way.PENDING:
            item = books.decide(item, answers.paid(item))
        return answers.of(item, attempt)

    def withdraw(self, attempt: Attempt) -> None:
        """A payer who has not paid yet no longer can, and a redirect leads nowhere."""
        item = books.find(attempt.merchant_id, attempt.attempt_id)
        if item is not None and item.status == books.WAITING and int(item.amount) % 100 != payers.PAYS_LATE:
            books.decide(item, books.DECLINED, "withdrawn", "The merchant withdrew it.")

    @troubled
    def capture(self, request: CaptureRequest) -> CaptureResult:
        """As documented for the card that was charged."""
        return holds.capture(request, self._failure_now(f"capture {request.capture_id}"))

    @troubled
    def lookup_capture(self, request: CaptureRequest) -> CaptureResult:
        """What the books say."""
        return holds.look_up_capture(request)

    @troubled
    def void(self, request: VoidRequest) -> VoidResult:
        """What is left of a hold goes back."""
        return holds.void(request, self._failure_now(f"void {request.void_id}"))

    @troubled
    def increment(self, request: IncrementRequest) -> IncrementResult:
        """With the documented card."""
        return holds.increment(request, self._failure_now(f"increment {request.increment_id}"))

    @troubled
    def refund(self, request: RefundRequest) -> RefundResult:
        """As documented for the instrument that was charged."""
        return refunds.give_back(self.name, request, self._failure_now(f"refund {request.refund_id}"))

    @troubled
    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """What the books say."""
        return refunds.look_up(request)

    @troubled
    def refunds_of(self, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...]:
        """What the sandbox gave back by itself, as documented for the card; what this API asked for is known here."""
        return refunds.by_itself(self.name, charge_reference, merchant_id)

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> ProviderNotice | None:
        """The sandbox's own callback."""
        content = callbacks.verified(self._secret, headers, body)
        is_of_code = documents.find(content, "qr_code_id") is not None
        return codes.read(content) if is_of_code else callbacks.read(content)

    def decide(self, attempt: Attempt, *, approve: bool) -> tuple[bytes, dict[str, str]] | None:
        """The payer decides at the sandbox: the callback's body and headers, None when there is nothing to decide."""
        item = books.find(attempt.merchant_id, attempt.attempt_id)
        if item is None or item.status != books.WAITING:
            return None
        outcome = (answers.paid(item),) if approve else (books.DECLINED, "payer_declined", "The payer declined the request.")
        return callbacks.write(self._secret, books.decide(item, *outcome), attempt.attempt_id)

    def verify(self) -> None:
        """Always there."""

    def _failure(self, call: str) -> Behaviour | None:
        return failure_for(f"{self.name} {call}", self._failure_percent) if self._failure_percent else None

    def _failure_now(self, call: str) -> Behaviour | None:
        """With the minute in it: what failed now may be asked for again later."""
        return self._failure(f"{call} {clock.now_ms() // 60_000}")
