"""What an endpoint's successes and failures mean for the endpoint: failing since when, and when to stop trying."""

from typing import Final

from paycorex import clock, storage
from paycorex.records.endpoint import EndpointItem
from paycorex.records.stamps import stamp_actions
from webhooks.stores import deliveries as store

# After this long of nothing but failure an endpoint is disabled.
DISABLE_AFTER_MS: Final = 5 * 24 * 3600 * 1000
GONE: Final = "gone"
FAILING: Final = "failing"


def succeeded(endpoint: EndpointItem) -> None:
    """A delivery arrived. Costs a write only when the endpoint was failing."""
    if endpoint.failing_since is not None:
        store.touch_endpoint(endpoint, [EndpointItem.failing_since.remove()], EndpointItem.failing_since.exists())


def failed(endpoint: EndpointItem, *, gone: bool) -> None:
    """An attempt failed; `gone`: with 410, which means never again."""
    now = clock.now_ms()
    if gone:
        disable(endpoint, GONE)
    elif endpoint.failing_since is None:
        store.touch_endpoint(endpoint, [EndpointItem.failing_since.set(now)], EndpointItem.failing_since.does_not_exist())
    elif now - int(endpoint.failing_since) >= DISABLE_AFTER_MS:
        disable(endpoint, FAILING)


def gave_up(endpoint: EndpointItem) -> None:
    """A delivery ran out of retries."""
    store.touch_endpoint(endpoint, [EndpointItem.failed_deliveries.add(1)], EndpointItem.endpoint_id.exists())


def disable(endpoint: EndpointItem, reason: str) -> None:
    """Stop sending to an endpoint and tell the merchant's other ones, once: the write is the event `webhook.disabled`."""
    fresh = store.find_endpoint(endpoint.merchant_id, endpoint.endpoint_id)
    if fresh is None or not fresh.is_active or fresh.url != endpoint.url:
        # Of another URL nothing is known.
        return
    if reason == FAILING and fresh.failing_since != endpoint.failing_since:
        # A delivery arrived meanwhile.
        return
    actions = [
        EndpointItem.is_active.set(False),
        EndpointItem.disabled_reason.set(reason),
        *stamp_actions("webhook.disabled", clock.now_ms(), fresh),
    ]
    try:
        storage.run(store.change_endpoint(fresh, actions))
    except storage.ConditionRefused:
        # Changed meanwhile, by a twin of this call or by the merchant; if it still fails, the next failure comes here again.
        return
