"""What one text may be, and what is looked up for it: a bounded number of reads by key or index, whatever the merchant has.

An id is one read. Anything else is tried as an amount, as the last four digits of a card, as an address of a customer, and as a name that
the merchant, a user or a provider gave. Payments of the last minutes, whose terms the stream has not brought yet, are read from the list.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from dashboard.search import kinds, terms
from dashboard.search.fold import amount_term
from dashboard.search.terms import Term
from dashboard.search.views import HitView, SearchView
from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidAmount, Refusal
from paycorex.ledger import ReferenceType
from paycorex.money import Money
from paycorex.records.customer import CustomerItem, customer_id_of
from paycorex.records.payment import PaymentItem, dispute_id
from paycorex.records.settlement import settlement_id
from paycorex.records.wallet import WalletItem, account_of, wallet_id_of
from payments import keyed_hashes
from payments.customers import store as customers
from payments.payment import references
from payments.payment import store as payments

MAX_CUSTOMERS: Final = 10
# Entries of a wallet that are looked at for payments.
MAX_ENTRIES: Final = 60
# Providers whose names of disputes and payouts are tried.
MAX_CONNECTORS: Final = 8
# The stream's fold waits for five minutes where the template says nothing else; of a busy merchant the newest of them are read.
RECENT_MS: Final = 10 * 60 * 1000
_ID: Final = re.compile(r"[a-z]{3}_[a-z2-7]{26}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_LAST4: Final = re.compile(r"[0-9]{4}")
_AMOUNT: Final = re.compile(
    r"(?P<before>[A-Za-z]{3})?\s*[^\w\s.,+-]{0,3}\s*(?P<digits>[0-9][0-9,]{0,15}(?:\.[0-9]{1,18})?)\s*(?P<after>[A-Za-z]{3})?"
)


def search(caller: Caller, text: str, *, limit: int, connectors: Iterable[str]) -> SearchView:
    """What the merchant has for a text. Raises storage.Unavailable, TemporarilyUnavailable."""
    if _ID.fullmatch(text):
        found = kinds.by_id(caller, text)
        if found is not None:
            return SearchView(data=[found], more=False)
    named = [*_named(caller, text, islice(connectors, MAX_CONNECTORS))]
    if "payments:read" not in caller.scopes:
        return SearchView(data=named[:limit], more=len(named) > limit)
    ids: dict[str, str] = {}
    for payment_id, found_by in _payments(caller, text, limit + 1):
        ids.setdefault(payment_id, found_by)
    stored = storage.get_many(PaymentItem, [PaymentItem.wire_key(payment_id) for payment_id in islice(ids, 4 * (limit + 1))])
    mine = sorted((item for item in stored if item.merchant_id == caller.merchant_id), key=lambda item: str(item.order_key), reverse=True)
    data = [*named, *(kinds.payment_hit(item, ids[item.payment_id]) for item in mine)]
    return SearchView(data=data[:limit], more=len(data) > limit)


def _named(caller: Caller, text: str, connectors: Iterable[str]) -> Iterator[HitView]:
    """Records whose own id follows from the text: customers, wallets, and what a provider calls a dispute or a payout."""
    follow = [(customer_id_of(caller.merchant_id, text), "reference"), (wallet_id_of(caller.merchant_id, text, caller.currency), "user")]
    for connector in connectors:
        follow.append((dispute_id(caller.merchant_id, connector, text), "provider_reference"))
        follow.append((settlement_id(caller.merchant_id, connector, text, caller.currency), "provider_reference"))
    for identifier, found_by in follow:
        found = kinds.named(caller, identifier, found_by)
        if found is not None:
            yield found
    if _EMAIL.fullmatch(text) and "customers:read" in caller.scopes:
        for customer in _with_email(caller, text):
            yield kinds.hit(kinds.KINDS["cus"], customer.customer_id, customer, "email")


def _with_email(caller: Caller, text: str) -> Iterator[CustomerItem]:
    known = keyed_hashes.known_hash_of(caller.merchant_id, "email", text)
    found = [] if known is None else customers.with_email(known, limit=MAX_CUSTOMERS)
    return (item for item in found if item.merchant_id == caller.merchant_id)


def _payments(caller: Caller, text: str, limit: int) -> Iterator[tuple[str, str]]:
    """Ids of payments, each with what it was found by."""
    wanted = [*_terms(caller, text)]
    for payment_id in references.find(caller.merchant_id, text):
        yield payment_id, "provider_reference"
    for term in wanted:
        for payment_id in terms.payments_of(term, limit=limit):
            yield payment_id, term.kind
    for user in _users(caller, text):
        for payment_id in _of_wallet(caller, user, limit):
            yield payment_id, "user"
    for item in _recent(caller):
        known = next((term.kind for term in wanted if _has(item, term)), None)
        if known is not None:
            yield item.payment_id, known


def _users(caller: Caller, text: str) -> list[str]:
    """Who a text may name: a user, or the users whose address it is."""
    mails = _with_email(caller, text) if _EMAIL.fullmatch(text) and "customers:read" in caller.scopes else ()
    return [text, *(item.reference for item in mails if item.reference)]


def _terms(caller: Caller, text: str) -> Iterator[Term]:
    for user in _users(caller, text):
        yield Term(caller.merchant_id, terms.USER, user)
    yield Term(caller.merchant_id, terms.METADATA, text)
    if _LAST4.fullmatch(text):
        yield Term(caller.merchant_id, terms.LAST4, text)
    amount = amount_of(text, caller.currency)
    if amount is not None:
        yield Term(caller.merchant_id, terms.AMOUNT, amount_term(amount.currency, amount.minor))


def amount_of(text: str, currency: str) -> Money | None:
    """The amount that a text is, such as `1,000.50`, `₹1000` or `USD 12`; in the merchant's currency where it names none."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    named = (match["before"] or match["after"] or currency).upper()
    try:
        return Money.parse(match["digits"].replace(",", ""), named)
    except (InvalidAmount, Refusal):
        return None


def _of_wallet(caller: Caller, user_id: str, limit: int) -> list[str]:
    """What a user paid from the wallet, by the wallet's own entries: a read by key and one query."""
    wallet = storage.get(WalletItem, wallet_id_of(caller.merchant_id, user_id, caller.currency))
    if wallet is None or "wallet:read" not in caller.scopes:
        return []
    entries = islice(ledger.entries_between(account_of(wallet), from_ms=0), MAX_ENTRIES)
    paid = (entry.reference.id for entry in entries if entry.reference.type is ReferenceType.PAYMENT and entry.debit)
    return list(dict.fromkeys(payment_id.partition(".")[0] for payment_id in paid))[:limit]


def _recent(caller: Caller) -> list[PaymentItem]:
    """The newest payments of the last minutes: at most one page of each lane's list."""
    return payments.list_payments(
        merchant_id=caller.merchant_id,
        lanes=ledger.lanes_to_read(caller.merchant_id),
        from_ms=clock.now_ms() - RECENT_MS,
        to_ms=None,
        keep=lambda _item: True,
        limit=payments.PAGE_ROWS,
        position=None,
    ).items


def _has(item: PaymentItem, term: Term) -> bool:
    match term.kind:
        case terms.AMOUNT:
            return amount_term(item.currency, int(item.amount)) == term.value
        case terms.USER:
            return str(item.user_id or "").casefold() == term.value.casefold()
        case terms.METADATA:
            return any(str(value).casefold() == term.value.casefold() for value in (item.metadata or {}).values())
        case _:
            return False
