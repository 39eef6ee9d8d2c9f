"""The sandbox's disputes: a charge of a documented card is disputed at once, and its bank decides by what the merchant answers.

Evidence whose text has `winning_evidence` in it wins, any other loses; both a minute after it came. Without an answer in time it is lost.
"""

from typing import Final

from paycorex import clock, storage
from paycorex.money import Money
from payments.connectors.disputing import Answer, Answered, FoundDispute, KnownDispute, ListedDisputes
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.results import Declined, NotFound
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import DISPUTED, Way
from payments.connectors.sandbox.troubles import troubled

WINNING: Final = "winning_evidence"
ANSWER_SECONDS: Final = 7 * 24 * 3600
DECIDES_SECONDS: Final = 60
_KIND: Final = "dispute"
GIVEN_BACK: Final = "dispute_won"
_NETWORK: Final = "visa"
# The card schemes' codes for fraud, and for goods that did not come.
_REASONS: Final = {Way.DISPUTED: ("10.4", "fraudulent"), Way.DISPUTED_TAKEN_LATER: ("13.1", "product_not_received")}


class SandboxDisputes:
    """The sandbox's part that is `payments.connectors.disputing.Disputing`."""

    @troubled
    def disputes_of(self, charge_reference: str, merchant_id: str) -> ListedDisputes:
        """What the books say."""
        return of_charge(merchant_id, charge_reference)

    @troubled
    def lookup_dispute(self, known: KnownDispute) -> FoundDispute:
        """What the books say."""
        return look_up(known)

    @troubled
    def submit_evidence(self, answer: Answer) -> Answered:
        """As documented for the text of the evidence."""
        return submit(answer)

    @troubled
    def accept_dispute(self, known: KnownDispute) -> Answered:
        """The merchant gives in."""
        return accept(known)


def of_charge(merchant_id: str, charge_reference: str) -> tuple[Dispute, ...]:
    """The disputes of a charge: opened by the first question about them."""
    charged = books.find(merchant_id, "att_" + charge_reference.removeprefix("sbx_"))
    if charged is None or charged.way not in DISPUTED:
        return ()
    line = books.enter(_opened(merchant_id, charged))
    return (_shown(_decided(line)),)


def look_up(known: KnownDispute) -> FoundDispute:
    """A dispute as it stands; its bank decides when it is looked at."""
    line = books.find(known.merchant_id, known.reference)
    return NotFound() if line is None else _shown(_decided(line))


def submit(answer: Answer) -> Answered:
    """Take evidence, once."""
    known = answer.dispute
    line = books.find(known.merchant_id, known.reference)
    if line is None or _decided(line).status != Ruling.NEEDS_RESPONSE:
        return Declined("dispute_not_open", "The dispute does not wait for evidence.")
    wins = any(WINNING in text for text in answer.text.values())
    return _shown(_change(line, Ruling.UNDER_REVIEW, code="wins" if wins else "loses"))


def accept(known: KnownDispute) -> Answered:
    """The merchant gives in."""
    line = books.find(known.merchant_id, known.reference)
    if line is None or _decided(line).status in {Ruling.WON, Ruling.CLOSED}:
        return Declined("dispute_not_open", "The dispute is over.")
    return _shown(_change(line, Ruling.LOST))


def _opened(merchant_id: str, charged: BookItem) -> BookItem:
    """A new dispute, with the payout that its money is taken out of when that is at once."""
    line = _line(merchant_id, charged)
    if line.way == Way.DISPUTED:
        line.account, line.payout = books.payout_of(line)
    return line


def _line(merchant_id: str, charged: BookItem) -> BookItem:
    reference = "sbxd_" + str(charged.reference).removeprefix("sbx_")
    return BookItem(
        charge_id=f"{merchant_id}#{reference}",
        connector=charged.connector,
        payment_id=charged.payment_id,
        kind=_KIND,
        amount=charged.amount,
        currency=charged.currency,
        status=Ruling.NEEDS_RESPONSE.value,
        way=charged.way,
        reason=charged.reference,
        reference=reference,
        expires_at=clock.now_ms() + ANSWER_SECONDS * 1000,
        created_at=clock.now_ms(),
    )


def _decided(line: BookItem) -> BookItem:
    """The line, with what its bank has decided by now."""
    now = clock.now_ms()
    if line.status == Ruling.UNDER_REVIEW and now >= int(line.expires_at or 0):
        return _change(line, Ruling.WON if line.code == "wins" else Ruling.LOST)
    if line.status == Ruling.NEEDS_RESPONSE and now >= int(line.expires_at or 0):
        return _change(line, Ruling.CLOSED if line.way == Way.INQUIRY else Ruling.LOST)
    return line


def _change(line: BookItem, status: Ruling, code: str | None = None) -> BookItem:
    """The line in another status, unless it changed since it was read; as it then stands."""
    actions = [BookItem.status.set(status.value)]
    if status is Ruling.LOST and line.way == Way.DISPUTED_TAKEN_LATER:
        actions += books.joining(line)
    if status is Ruling.WON and line.way == Way.DISPUTED:
        books.enter(_given_back(line))
    if status is Ruling.UNDER_REVIEW:
        actions += [BookItem.code.set(code or ""), BookItem.expires_at.set(clock.now_ms() + DECIDES_SECONDS * 1000)]
    try:
        after = storage.run(storage.update(BookItem, BookItem.wire_key(line.charge_id), actions, BookItem.status == line.status))
    except storage.ConditionRefused as refused:
        return BookItem.load(refused.item)
    return BookItem.load(after)


def _given_back(line: BookItem) -> BookItem:
    """What was taken at once comes back by a line of its own."""
    return BookItem(
        charge_id=f"{line.charge_id}w",
        connector=line.connector,
        payment_id=line.payment_id,
        kind=GIVEN_BACK,
        amount=line.amount,
        currency=line.currency,
        status=books.APPROVED,
        way=line.way,
        reason=line.reason,
        reference=f"{line.reference}w",
        created_at=clock.now_ms(),
    )


def _shown(line: BookItem) -> Dispute:
    way, status = Way(line.way), Ruling(line.status)
    code, reason = _REASONS.get(way, ("", "general"))
    is_taken_at_once = way is Way.DISPUTED
    return Dispute(
        reference=line.reference,
        charge_reference=str(line.reason),
        amount=Money(int(line.amount), line.currency),
        status=status.value,
        reason=reason,
        ruling=status,
        stage=Stage.INQUIRY if way is Way.INQUIRY else Stage.CHARGEBACK,
        reason_code=code or None,
        network=_NETWORK,
        respond_by_ms=int(line.created_at) + ANSWER_SECONDS * 1000,
        withdrawn=int(is_taken_at_once or (status is Ruling.LOST and way is not Way.INQUIRY)),
        reinstated=int(is_taken_at_once and status is Ruling.WON),
        said_ms=clock.now_ms(),
    )
