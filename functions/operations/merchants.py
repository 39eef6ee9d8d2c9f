"""What operators do with merchants: list them, suspend and resume them, set their request rate."""

from typing import Final

from operations import store
from operations.views import MerchantDetail, MerchantLine, MerchantPage, MerchantRate
from paycorex import clock, ids, modes, storage
from paycorex.errors import InvalidRequest, NotFound, TemporarilyUnavailable
from paycorex.records.effective import effective_at
from paycorex.records.merchant import MerchantItem

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
# The status that a list shows for a merchant whose record cannot be read.
UNREADABLE: Final = "unreadable"
MAX_REQUESTS_PER_SECOND: Final = 10_000
MAX_TRIES: Final = 4
# Merchants that one search looks at; its cursor goes on behind them.
LOOKED_AT: Final = 1_000
_PAGE: Final = 100


def page(limit: int, after: str | None) -> MerchantPage:
    """One page of merchants."""
    items, more = store.merchants(limit, after)
    return MerchantPage(data=[_unreadable(item) if isinstance(item, str) else _line(item) for item in items], next_after=more)


def set_status(merchant_id: str, status: str) -> MerchantLine:
    """Suspend or resume a merchant, and the test merchant beside it; the answer says from when this takes effect everywhere.

    Raises NotFound, TemporarilyUnavailable.
    """
    done = _set_status(merchant_id, status)
    # Looked for only now: one that was made meanwhile was made of a live merchant whose status was the old one.
    beside = _found(merchant_id).test_merchant_id
    if beside is not None:
        _set_status(beside, status)
    return done


def _set_status(merchant_id: str, status: str) -> MerchantLine:
    for _try in range(MAX_TRIES):
        found = store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        if found.status == status:
            return _line(found)
        try:
            store.set_status(found, status)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
    found = store.find_merchant(merchant_id)
    if found is None or found.status != status:
        raise TemporarilyUnavailable
    return _line(found)


def set_requests_per_second(merchant_id: str, limit: int) -> MerchantRate:
    """Set how many requests a second a merchant may make. It takes effect within a minute.

    Raises NotFound, InvalidRequest, TemporarilyUnavailable.
    """
    if not 1 <= limit <= MAX_REQUESTS_PER_SECOND:
        raise InvalidRequest(f"A limit is 1 to {MAX_REQUESTS_PER_SECOND} requests a second.")
    for _try in range(MAX_TRIES):
        found = store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        try:
            store.set_requests_per_second(found, limit)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
        return MerchantRate(merchant_id=merchant_id, requests_per_second=limit)
    raise TemporarilyUnavailable


def line(merchant_id: str) -> MerchantLine:
    """One merchant. Raises NotFound."""
    return _line(_found(merchant_id))


def rate(merchant_id: str) -> MerchantRate:
    """How many requests a second a merchant may make. Raises NotFound."""
    return MerchantRate(merchant_id=merchant_id, requests_per_second=_found(merchant_id).request_limit)


def detail(merchant_id: str) -> MerchantDetail:
    """One merchant with its settings. Raises NotFound."""
    item = _found(merchant_id)
    settings = item.settings
    return MerchantDetail(
        **_line(item).model_dump(),
        requests_per_second=item.request_limit,
        signature_policy=settings.signature_policy,
        card_storage=settings.card_storage,
        payment_limits=item.payment_limits,
        payee_vpa=settings.payee_vpa,
        connectors=sorted(settings.connectors),
        networks=sorted(settings.xpubs),
        routing_rules=len(settings.routing_rules),
        fee_plan_versions=len(item.fee_plans or ()),
        settings_effective_at=effective_at(item.settings_changed_at),
    )


def search(text: str | None, status: str | None, limit: int, after: str | None) -> tuple[list[MerchantLine], str | None]:
    """Merchants that have a text in name, e-mail address or id, of the next thousand, and the id after which to continue."""
    found: list[MerchantLine] = []
    for _ in range(LOOKED_AT // _PAGE):
        items, more = store.merchants(_PAGE if text or status else limit, after)
        for item in items:
            shown = _unreadable(item) if isinstance(item, str) else _line(item)
            after = shown.merchant_id
            if _fits(shown, text, status):
                found.append(shown)
            if len(found) == limit:
                return found, after if more is not None or item is not items[-1] else None
        after = more
        if more is None or not (text or status):
            return found, more
    return found, after


def _fits(shown: MerchantLine, text: str | None, status: str | None) -> bool:
    if status is not None and shown.status != status:
        return False
    return text is None or any(text.lower() in each.lower() for each in (shown.name, shown.email, shown.merchant_id))


def _found(merchant_id: str) -> MerchantItem:
    found = store.find_merchant(merchant_id) if ids.is_id("mer", merchant_id) else None
    if found is None:
        raise NotFound("merchant")
    return found


def _unreadable(merchant_id: str) -> MerchantLine:
    """The line of a merchant whose record cannot be read: an operator must inspect it."""
    never = clock.rfc3339(0)
    blank = dict.fromkeys(("name", "email", "currency"), "")
    lanes = dict.fromkeys(("ledger_lanes", "open_ledger_lanes"), 0)
    return MerchantLine(
        merchant_id=merchant_id, mode=modes.of(merchant_id), **blank, **lanes, status=UNREADABLE, status_effective_at=None, created_at=never
    )


def _line(item: MerchantItem) -> MerchantLine:
    return MerchantLine(
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        name=item.name,
        email=item.email,
        currency=item.currency,
        status=item.status,
        status_effective_at=effective_at(item.status_changed_at),
        ledger_lanes=item.settings.ledger_lanes,
        open_ledger_lanes=item.settings.open_ledger_lanes,
        created_at=clock.rfc3339(int(item.created_at)),
    )
