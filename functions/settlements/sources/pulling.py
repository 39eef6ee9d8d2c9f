"""A report by the provider's own API, read in slices: the payouts of a time, and the lines of each, page by page; then the disputes.

The place says how far it was read. A page that is read again brings nothing twice, because a line is stored once. What a provider answers
wrongly about one payout is listed and stops that payout alone; a payout that is not paid yet is read by a later import.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from paycorex.records.settlement import settlement_id
from paycorex.records.settlement_import import DONE, FAILED, MAX_ERRORS, READING, SettlementImportItem
from payments.connectors import calls
from payments.connectors.results import Contradicts, Unavailable, Unknown
from payments.connectors.settling import LinePage, Page, PayoutPage, PayoutStatus, ProviderPayout, Settling
from settlements import lines, settling
from settlements.lines import Accepted
from settlements.sources import disputes
from settlements.sources.asked import NO_REPORTS

# How often a provider that does not answer is asked for the same page; a tick apart.
MAX_TRIES: Final = 30
# Of a reason: what is stored of it for each payout that cannot be read.
MAX_REASON: Final = 300
MayGoOn = Callable[[], bool]
_Trouble = Unavailable | Unknown | Contradicts


@dataclass(slots=True)
class Place:
    """How far an import was read. payouts: those of the page that was listed last, which are read one after the other."""

    payouts: list[ProviderPayout] = field(default_factory=list)
    next_payouts: str | None = None
    is_listed: bool = False
    next_lines: str | None = None
    next_disputes: str | None = None
    are_disputes_listed: bool = False
    tries: int = 0

    @classmethod
    def of(cls, stored: Any) -> "Place":
        """As `stored` wrote it; the beginning where there is none."""
        if not stored:
            return cls()
        payouts = [ProviderPayout(row[0], int(row[1]), row[2], PayoutStatus(row[3]), *_times(row), row[6]) for row in stored["payouts"]]
        place = cls(payouts, stored["next_payouts"], bool(stored["is_listed"]), stored["next_lines"], tries=int(stored["tries"]))
        # A place of the release before has no disputes.
        place.next_disputes, place.are_disputes_listed = stored.get("next_disputes"), bool(stored.get("are_disputes_listed"))
        return place

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        rows = [[p.reference, p.amount, p.currency, p.status.value, p.created_at, p.arrival_at, p.bank_reference] for p in self.payouts]
        names = ("next_payouts", "is_listed", "next_lines", "next_disputes", "are_disputes_listed", "tries")
        return {"payouts": rows, **{name: getattr(self, name) for name in names}}


def _times(row: list[Any]) -> tuple[int, int | None]:
    return int(row[4]), None if row[5] is None else int(row[5])


def read_slice(item: SettlementImportItem, may_go_on: MayGoOn) -> SettlementImportItem:
    """Read on for as long as there is time; the import with its new place and counts, not stored. Raises storage.Unavailable."""
    place = Place.of(item.place)
    while item.status == READING and may_go_on() and _step(item, place, may_go_on):
        pass
    item.place = None if item.status in {DONE, FAILED} else place.stored()
    return item


def _step(item: SettlementImportItem, place: Place, may_go_on: MayGoOn) -> bool:
    """One page. False: the provider does not answer now, and is asked at the next tick."""
    if place.payouts:
        return _read_lines(item, place, may_go_on)
    if place.is_listed and not place.are_disputes_listed:
        return _list_disputes(item, place)
    if place.is_listed:
        item.status, item.lines = DONE, item.read
        return True
    return _list(item, place)


def _list(item: SettlementImportItem, place: Place) -> bool:
    since, until = int(item.from_ms or 0), int(item.to_ms or 0)
    page = _ask(item, lambda provider: provider.payouts(item.merchant_id, since, until, place.next_payouts))
    if not isinstance(page, Page):
        return _trouble(item, place, page)
    for payout in page.items:
        if payout.status in {PayoutStatus.FAILED, PayoutStatus.CANCELED}:
            settling.announce(item.merchant_id, item.source, payout)
    paid = [payout for payout in page.items if payout.status is PayoutStatus.PAID]
    _count(item, payouts=len(paid), not_paid=len(page.items) - len(paid))
    place.payouts, place.next_payouts, place.is_listed, place.tries = paid, page.cursor, page.cursor is None, 0
    return True


def _list_disputes(item: SettlementImportItem, place: Place) -> bool:
    """A page of the disputes that were opened in this time: one whose callback was lost is found here."""
    page = disputes.page(item, place.next_disputes)
    if isinstance(page, Page):
        disputes.wake(item, page.items)
        place.next_disputes, place.are_disputes_listed, place.tries = page.cursor, page.cursor is None, 0
        return True
    place.tries += 1
    if not isinstance(page, Contradicts) and place.tries < MAX_TRIES:
        return False
    place.tries, place.are_disputes_listed = 0, True
    _refuse(item, int(item.read) + 1, f"disputes: {page.detail if isinstance(page, Contradicts) else page.reason}")
    return True


def _read_lines(item: SettlementImportItem, place: Place, may_go_on: MayGoOn) -> bool:
    payout = place.payouts[0]
    page = _ask(item, lambda provider: provider.payout_lines(item.merchant_id, payout, place.next_lines))
    if not isinstance(page, Page):
        return _trouble(item, place, page)
    if place.next_lines is None:
        settling.announce(item.merchant_id, item.source, payout, item.import_id)
    first = int(item.read) + 1
    numbers = range(first, first + len(page.items))
    _take(item, first, lines.accept(item.merchant_id, item.source, page.items, import_id=item.import_id, numbers=numbers))
    item.read = int(item.read) + len(page.items)
    place.next_lines, place.tries = page.cursor, 0
    if page.cursor is None:
        place.payouts.pop(0)
        of = settlement_id(item.merchant_id, item.source, payout.reference, payout.currency)
        settling.close(of, may_go_on, is_whole=True)
    return True


def _take(item: SettlementImportItem, first: int, accepted: Accepted) -> None:
    """Count what became of a page's lines."""
    item.accepted, item.known = int(item.accepted) + accepted.new, int(item.known) + accepted.known
    for refused in accepted.refused:
        _refuse(item, first + refused.index, refused.reason)


def _refuse(item: SettlementImportItem, number: int, reason: str) -> None:
    item.rejected = int(item.rejected) + 1
    item.errors = [*(item.errors or ()), [number, reason[:MAX_REASON]]][:MAX_ERRORS]


def _ask(item: SettlementImportItem, ask: Callable[[Settling], PayoutPage | LinePage]) -> Any:
    answer = calls.call(item.merchant_id, item.source, lambda found: ask(found) if isinstance(found, Settling) else None)
    return Contradicts("no_reports", NO_REPORTS) if answer is None else answer


def _trouble(item: SettlementImportItem, place: Place, trouble: _Trouble) -> bool:
    """A provider that does not answer is asked again; an answer that cannot be used ends what was asked for."""
    reason = trouble.detail if isinstance(trouble, Contradicts) else trouble.reason
    place.tries += 1
    if not isinstance(trouble, Contradicts) and place.tries < MAX_TRIES:
        return False
    place.tries = 0
    if not place.payouts:
        item.status, item.problem = FAILED, reason
        return True
    payout = place.payouts.pop(0)
    place.next_lines = None
    _refuse(item, int(item.read) + 1, f"payout {payout.reference}: {reason}")
    return True


def _count(item: SettlementImportItem, **more: int) -> None:
    counts = dict(item.counts or {})
    item.counts = {**counts, **{name: int(counts.get(name, 0)) + number for name, number in more.items()}}
