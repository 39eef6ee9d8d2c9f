"""Whether a merchant's payments and refunds agree with the sandbox's own books, which are apart from the ledger as an acquirer's are."""

from collections import Counter
from collections.abc import Iterable

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.records.hold import hold_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import RefundItem
from payments.connectors.sandbox.charges import BookItem
from payments.payment import attempts, overflow_store
from payments.payment.late_money import LateMoney

AT_SANDBOX = frozenset({"tokenized", "upi_intent"})
OPEN = frozenset({"pending", "processing"})
# Lines that are not charges of their own.
NO_CHARGES = frozenset({"refund", "capture", "dispute", "dispute_won"})


def payments_of(merchant_id: str) -> list[PaymentItem]:
    return [PaymentItem.load(image) for image in storage.scan_wire(PaymentItem) if image["merchant_id"]["S"] == merchant_id]


def refunds_of(merchant_id: str) -> list[RefundItem]:
    return [RefundItem.load(image) for image in storage.scan_wire(RefundItem) if image["merchant_id"]["S"] == merchant_id]


def lines_of(merchant_id: str) -> list[BookItem]:
    """The sandbox's lines of this merchant."""
    return [BookItem.load(image) for image in storage.scan_wire(BookItem) if image["charge_id"]["S"].startswith(f"{merchant_id}#")]


def undecided(merchant_id: str) -> list[str]:
    """Payments and refunds that are not final. A crypto refund waits for the merchant's own wallet, for ever if need be."""
    payments = payments_of(merchant_id)
    crypto = {item.payment_id for item in payments if item.method == "crypto"}
    refunds = [item.refund_id for item in refunds_of(merchant_id) if item.status in OPEN and item.payment_id not in crypto]
    ending = [item.payment_id for item in payments if _is_ending(item)]
    return [item.payment_id for item in payments if item.status in OPEN] + refunds + ending


def held_of_wallets(merchant_id: str) -> int:
    """Minor units that are set aside out of wallets, as the ledger has it."""
    held = (item for item in payments_of(merchant_id) if item.method == "wallet" and item.hold is not None)
    return sum(ledger.balance_of(Account.of_hold(merchant_id, item.payment_id, item.currency)) for item in held)


def _is_ending(item: PaymentItem) -> bool:
    """True while a capture has no answer, or what is left of a hold is being given back."""
    hold = hold_of(item)
    return hold is not None and not hold.is_over and (hold.under_way is not None or hold.ending is not None)


def disagreements(merchant_id: str, *, at_rest: bool) -> list[str]:
    """What does not agree. at_rest: nothing is under way any more, so what the sandbox took or gave back must be known here."""
    payments, lines = payments_of(merchant_id), lines_of(merchant_id)
    found = [f"{payment_id} was charged {count} times" for payment_id, count in _times_charged(lines).items() if count > 1]
    by_payment: dict[str, list[BookItem]] = {}
    for line in lines:
        by_payment.setdefault(line.payment_id, []).append(line)
    for item in payments:
        found += _about_payment(item, by_payment.get(item.payment_id, []), at_rest=at_rest)
        found += _about_coins(item)
    found += _about_refunds(payments, refunds_of(merchant_id), lines, at_rest=at_rest)
    return found


def late_money_of(item: PaymentItem) -> list[LateMoney]:
    """All late money of a payment, in rows too."""
    found, after = list[LateMoney](), 0
    while True:
        page, more = overflow_store.page(item, after, 100)
        found += page
        if more is None:
            return found
        after = more


def _times_charged(lines: Iterable[BookItem]) -> Counter[str]:
    return Counter(line.payment_id for line in lines if line.kind not in NO_CHARGES and line.status == "approved")


def _about_payment(item: PaymentItem, lines: list[BookItem], *, at_rest: bool) -> Iterable[str]:
    """Each line is an attempt of the payment, and what the sandbox took is where the ledger has it."""
    charges = [line for line in lines if line.kind not in NO_CHARGES]
    known = {attempts.attempt_id(item.payment_id, number) for number in range(len(item.attempts or ()))}
    strange = [line for line in charges if line.charge_id.partition("#")[2] not in known]
    # A collection whose request died before its payment was stored was never shown.
    if any(line.kind != "collect" or line.status == "approved" for line in strange):
        yield f"{item.payment_id} has attempts that it does not know"
    taken = {line.reference for line in charges if line.status == "approved" or int(line.captured or 0)}
    held = {money.provider_reference for money in late_money_of(item)}
    paid = {item.provider_reference} if item.status == "success" or int(item.amount_captured or 0) else set()
    yield from _about_hold(item, charges, at_rest=at_rest)
    if at_rest and not taken <= held | paid:
        yield f"{item.payment_id} is {item.status}, and the sandbox took {taken - held - paid} for it"
    if item.status == "success" and item.method in AT_SANDBOX and item.provider_reference not in taken:
        yield f"{item.payment_id} is successful, and the sandbox took nothing for it"


def _about_hold(item: PaymentItem, charges: list[BookItem], *, at_rest: bool) -> Iterable[str]:
    """What was captured here was captured there, and once nothing is under way the other way round."""
    if item.hold is None or item.method not in AT_SANDBOX:
        return
    there, here = sum(int(line.captured or 0) for line in charges), int(item.amount_captured or 0)
    if here > there or (at_rest and here != there):
        yield f"{item.payment_id}: {here} captured here, {there} at the sandbox"
    holds = {line.reference for line in charges if line.status == "held" and int(line.captured or 0) < int(line.amount)}
    if at_rest and item.status != "authorized" and holds:
        yield f"{item.payment_id} is {item.status}, and the sandbox still holds money for it"


def _about_coins(item: PaymentItem) -> Iterable[str]:
    """A transfer is in suspense once, and not there besides having settled the payment (but for what was over the amount)."""
    every = late_money_of(item)
    held = Counter(money.provider_reference for money in every if money.reason not in {None, "overpaid"})
    yield from (f"{item.payment_id} holds {tx_hash} {count} times" for tx_hash, count in held.items() if count > 1)
    beside = {money.provider_reference for money in every if money.reason in {"extra", "late"}}
    kept = {money.provider_reference for money in every if money.status == "settled"}
    if item.status == "success" and item.provider_reference in beside - kept:
        yield f"{item.payment_id} was settled by {item.provider_reference}, which is in suspense too"


def _about_refunds(
    payments: Iterable[PaymentItem], refunds: Iterable[RefundItem], lines: Iterable[BookItem], *, at_rest: bool
) -> Iterable[str]:
    """Refunds stay within their payment, and what was given back is what the refunds say."""
    methods = {item.payment_id: item.method for item in payments}
    for item in payments:
        if not 0 <= int(item.amount_refunded) <= int(item.amount_reserved) <= captured(item):
            yield f"{item.payment_id}: refunded {item.amount_refunded}, reserved {item.amount_reserved} of {item.amount}"
        if at_rest and item.method != "crypto" and item.amount_refunded != item.amount_reserved:
            yield f"{item.payment_id}: reserved {item.amount_reserved} for refunds, refunded {item.amount_refunded}"
    known = {line.charge_id.partition("#")[2]: line for line in lines if line.kind == "refund"}
    given = {refund_id: line for refund_id, line in known.items() if line.status == "approved"}
    # It came back, and that is still to be reported.
    returned = set() if at_rest else {refund_id for refund_id, line in known.items() if line.status == "declined"}
    said = {item.refund_id: item for item in refunds if item.status == "success" and methods.get(item.payment_id) in AT_SANDBOX}
    for refund_id, refund in said.items():
        if refund_id in returned:
            continue
        if refund_id not in given or int(given[refund_id].amount) != int(refund.amount):
            yield f"{refund_id} is successful, and the sandbox gave back something else"
    if at_rest and given.keys() - said.keys():
        yield f"the sandbox gave back {given.keys() - said.keys()}, and no refund says so"
