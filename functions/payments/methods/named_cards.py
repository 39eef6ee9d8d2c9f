"""A processor's name of a card, which the payer's browser brings: claimed for the payment first, charged afterwards, once.

A name that is an order of the payment's own comes in the processor's callback too: the payer may have closed the page by then.

The claim is one write: the payment's next version, on the condition that it still waits, and a row for the name, on the condition that no
payment has it. Then the processor is asked. From there on the payment is like every other one whose attempt has begun: what became of a
charge without an answer is found by a look-up or a callback, and never by charging again.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from paycorex import clock, credentials, ids, settings, storage
from paycorex.errors import Conflict, InvalidRequest
from paycorex.rate_limits import Limit
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.captures import answers
from payments.connectors import calls as calling
from payments.connectors.fields import ChargesByName
from payments.connectors.model import Connector
from payments.connectors.requests import Payer
from payments.connectors.results import Charged, Pending, Redirect, Unavailable
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, naming, outcomes, settlement
from payments.payment.attempts import AttemptRecord, Note
from payments.payment.commit import Step, commit
from payments.payment.states import Outcome
from payments.payment.versions import Change

# A payer types a card a few times at most; a name that another payment has is refused each time.
TRIES: Final = Limit("payer_card_name", 12)
# The request that claims is over by then, one way or the other.
_LOOK_MS: Final = 2 * attempts.RUNNING_SECONDS * 1000


class NameClaimed(Conflict):
    """Another payment has this name."""

    def __init__(self) -> None:
        super().__init__("This card's name pays another payment already. Type the card again.", details={"field": "card_name"})


def charge(payment: PaymentItem, merchant: MerchantItem, name: str, *, base_url: str, payer: Payer | None = None) -> PaymentItem:
    """Claim the name, then charge it; the payment as it then stands. One that does not wait for a name stays as it is.

    Raises NameClaimed, InvalidRequest for a name that its processor made for another payment and for a payer of whom too little is known,
    RateLimited, TemporarilyUnavailable, storage.Unavailable.
    """
    latest = attempts.last(payment)
    if latest is None or not naming.may_claim(payment):
        return payment
    TRIES.take(payment.payment_id)
    own = naming.own_name(payment)
    if own is not None and own != name:
        raise InvalidRequest("This name belongs to another payment.", details={"field": "card_name"})
    missing = [field for field in naming.wants(payment) if getattr(payer, field, None) is None]
    if missing:
        raise InvalidRequest("This processor wants to know the payer.", details={"field": "payer", "missing": missing})
    return _claim_and_charge(payment, merchant, latest, name, base_url=base_url, payer=payer)


def come_back(payment: PaymentItem, merchant: MerchantItem, brought: Mapping[str, str], *, base_url: str) -> PaymentItem:
    """The payer comes back from the bank's question, by an address that has the name which was made for this payment: it is claimed now.

    brought: what was added to the address. Raises what charge raises.
    """
    own = naming.own_name(payment)
    if own is None or own not in brought.values() or naming.wants(payment):
        return payment
    return charge(payment, merchant, own, base_url=base_url)


def pay_order(payment: PaymentItem, connector: str, name: str) -> PaymentItem:
    """The payer approved the order of this name, says its processor: the same claim and charge, if it is the order of this very payment.

    Raises NameClaimed, storage.Unavailable, TemporarilyUnavailable.
    """
    latest = attempts.last(payment)
    if latest is None or latest.connector != connector or not naming.may_claim(payment) or naming.own_name(payment) != name:
        return payment
    merchant = None if naming.wants(payment) else credentials.find_merchant(payment.merchant_id)
    if merchant is None:
        # What of the payer has to come along, the payer's browser alone has.
        return payment
    return _claim_and_charge(payment, merchant, latest, name, base_url=settings.current().public_base_url, payer=None)


def _claim_and_charge(
    payment: PaymentItem, merchant: MerchantItem, latest: AttemptRecord, name: str, *, base_url: str, payer: Payer | None
) -> PaymentItem:
    claimant = ids.new("clm")
    claimed = _claim(payment, latest, name, claimant)
    if not naming.is_claimed_by(claimed, claimant):
        # Another request was faster, or the payment ended meanwhile.
        return claimed
    return _charge(claimed, merchant, latest, name, base_url=base_url, payer=payer)


def _claim(payment: PaymentItem, latest: AttemptRecord, name: str, claimant: str) -> PaymentItem:
    """The payment after the claim, of this request or of a faster one."""
    row = naming.claim_row(payment, latest.connector, name)

    def rule(found: PaymentItem) -> Step[PaymentItem]:
        if not naming.may_claim(found):
            return Step(found, found)
        return settlement.step_of(found, _begun(found, latest, claimant))

    try:
        return commit(rule, lambda: settlement.fresh(payment), payment, claim=_once(row)).after
    except storage.TransactionRefused as refused:
        found = settlement.fresh(payment)
        if naming.may_claim(found):
            raise NameClaimed from refused
        return found


def _once(row: storage.Write) -> Sequence[storage.Write]:
    return (row,)


def _begun(found: PaymentItem, latest: AttemptRecord, claimant: str) -> Change:
    now = clock.now_ms()
    note = Note(latest.number, latest.connector, attempts.STARTED, started_ms=now)
    state = naming.claimed(found, claimant)
    return Change(Outcome.STARTED, notes=(note,), connector=latest.connector, method_state=state, due_ms=now + _LOOK_MS)


def _charge(
    payment: PaymentItem, merchant: MerchantItem, latest: AttemptRecord, name: str, *, base_url: str, payer: Payer | None
) -> PaymentItem:
    """The only call with the name. Whatever it answers is applied like every other answer."""
    ways = (base_url, payment, merchant.cursor_key)
    links = {"return_url": payer_links.back_url(*ways), "page_url": payer_links.page_url(*ways)}
    begun = {name: text for name, text in (payment.next_action or {}).items() if isinstance(text, str)}
    attempt = asking.attempt_of(payment, latest.number, **links, payer=payer, begun=begun)

    def ask(connector: Connector) -> Charged:
        if not isinstance(connector, ChargesByName):
            return Unavailable("The connector charges no names.", is_theirs=False)
        return connector.charge_named(attempt, name)

    started = clock.now_ms()
    result = calling.call(payment.merchant_id, latest.connector, ask)
    change = outcomes.change_of(payment, latest.number, latest.connector, result, started_ms=started)
    if isinstance(result, Redirect | Pending):
        change = outcomes.with_time(payment, change)
    return answers.apply(payment, latest.number, result, change)
