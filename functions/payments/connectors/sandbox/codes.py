"""The sandbox's static codes, and its payers who scan one. What a payer does follows from the last two digits of the amount."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.money import Money
from paycorex.records.order import lower_bound, order_key
from payments.connectors import documents, signatures
from payments.connectors.notices import CodeCredit
from payments.connectors.results import Approved, Declined, Unavailable
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox import payers
from payments.connectors.sandbox.callbacks import SIGNATURE_HEADER
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import Way
from payments.connectors.sandbox.troubles import troubled
from payments.connectors.static_codes import ClosedCode, CodePayments, KnownCode, NewCode, OpenedCode

# By the last two digits of the amount, beside `payers`: the callback is sent twice, or never, and the money is found by asking.
SENT_TWICE, NEVER_SENT = 6, 7
# Payments that one answer lists.
PAGE: Final = 100
_CODE: Final = "code"
_OPEN: Final = "open"
# Of a line that lists another one under its code: that one's `account` and `payout` are those of what it is paid out with.
_LISTED: Final = "listed"
_INDEX: Final = "by_payout"
_PREFIX: Final = "sbxq_"


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payer did: the sandbox's name of the payment, and how often its callback is sent. Declined: nothing was paid."""

    reference: str
    callbacks: tuple[tuple[bytes, dict[str, str]], ...]


class SandboxCodes:
    """The sandbox's part that is `payments.connectors.static_codes.StaticCodes`."""

    name: str
    _secret: str

    @troubled
    def open_code(self, code: NewCode) -> OpenedCode:
        """A line of the books."""
        reference = _PREFIX + code.qr_code_id.removeprefix("qrc_")
        books.enter(
            BookItem(
                charge_id=f"{code.merchant_id}#{reference}",
                connector=self.name,
                payment_id=code.qr_code_id,
                kind=_CODE,
                amount=0 if code.amount is None else code.amount.minor,
                currency="INR",
                status=_OPEN,
                way=_CODE,
                reference=reference,
                created_at=clock.now_ms(),
            )
        )
        return OpenedCode(reference, None)

    @troubled
    def close_code(self, code: KnownCode) -> ClosedCode | Declined | Unavailable:
        """The line is closed. The sandbox's payers can pay it all the same: what a bank had under way comes later."""
        item = books.find(code.merchant_id, code.reference)
        if item is None:
            return Declined("not_found", "The sandbox knows no such code.")
        storage.run(storage.update(BookItem, BookItem.wire_key(item.charge_id), [BookItem.status.set("closed")], None))
        return ClosedCode()

    @troubled
    def payments_of_code(self, code: KnownCode, from_ms: int, to_ms: int) -> CodePayments:
        """What the books say."""
        account = f"{code.merchant_id}#{code.reference}"
        # BETWEEN includes its upper end, which sorts before each key of that moment.
        found = (BookItem.account == account) & BookItem.payout.between(lower_bound(from_ms), lower_bound(to_ms))
        page = storage.query(BookItem, found, index=_INDEX, limit=PAGE)
        return CodePayments(tuple(_credit(item) for item in page.items), is_whole=page.next_start is None)

    def scan(self, code: KnownCode, amount: Money, key: str) -> Paid | Declined:
        """A payer pays a code: once under a key. Raises storage.Unavailable."""
        digits = amount.minor % 100
        if digits == payers.DECLINES:
            return Declined("payer_declined", "The payer declined the request.")
        now = clock.now_ms()
        line = BookItem(
            charge_id=f"{code.merchant_id}#{key}",
            connector=self.name,
            payment_id=key,
            kind="collect",
            amount=amount.minor,
            currency=amount.currency,
            status=books.APPROVED,
            way=Way.COLLECT.value,
            reference="sbx_" + key.removeprefix("att_"),
            code_account=f"{code.merchant_id}#{code.reference}",
            created_at=now,
        )
        item = books.enter(line)
        storage.run(storage.put(_listing(item)))
        times = {SENT_TWICE: 2, NEVER_SENT: 0}.get(digits, 1)
        return Paid(item.reference, (write(self._secret, item),) * times)


def _listing(line: BookItem) -> BookItem:
    """The line by which a payment is found under its code. Written again, it is the same."""
    listing = storage.copy_of(line)
    listing.charge_id, listing.kind, listing.status = f"{line.charge_id}#{_LISTED}", _LISTED, _LISTED
    listing.account, listing.payout = line.code_account, order_key(int(line.created_at), line.payment_id)
    return listing


def line_key(reference: str) -> str:
    """The key of the books under which a payment by a code is, by the sandbox's name of it."""
    return "att_" + reference.removeprefix("sbx_")


def write(secret: str, item: BookItem) -> tuple[bytes, dict[str, str]]:
    """Body and headers of the callback about a payment by a code."""
    qr_code_id, code_reference = _code_of(item)
    content: dict[str, Any] = {
        "qr_code_id": qr_code_id,
        "code_reference": code_reference,
        "reference": item.reference,
        "amount_minor": payers.paid_minor(item),
        "currency": item.currency,
        "paid_at": int(item.created_at),
    }
    body = json.dumps(content).encode()
    return body, {SIGNATURE_HEADER: signatures.timestamped(secret, body)}


def read(content: Mapping[str, Any]) -> CodeCredit:
    """What a callback about a payment by a code says. Raises documents.Malformed, documents.Contradiction."""
    reference, paid_ms = documents.reference(content, "reference"), documents.whole(content, "paid_at")
    if not 0 < paid_ms < documents.MAX_EPOCH_SECONDS * 1000:
        raise documents.Malformed("paid_at")
    amount = documents.amount(documents.whole(content, "amount_minor"), documents.text(content, "currency"), reference)
    return CodeCredit(
        documents.reference(content, "qr_code_id"),
        documents.reference(content, "code_reference"),
        Approved(reference, amount),
        amount,
        paid_ms,
    )


def _credit(item: BookItem) -> CodeCredit:
    amount = Money(payers.paid_minor(item), item.currency)
    return CodeCredit(*_code_of(item), Approved(item.reference, amount), amount, int(item.created_at))


def _code_of(item: BookItem) -> tuple[str, str]:
    """Our id of the code that a line was paid by, and the sandbox's name of it."""
    reference = str(item.code_account).partition("#")[2]
    return "qrc_" + reference.removeprefix(_PREFIX), reference
