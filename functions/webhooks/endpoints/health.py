"""The health of an endpoint: since when it fails, and when it is disabled."""

from typing import Final

from paycorex import clock, storage
from paycorex.records.endpoint import EndpointItem
from paycorex.records.stamps import stamp_actions
from webhooks.stores import deliveries as store

# An endpoint that only fails for this long is disabled.
DISABLE_AFTER_MS: Final = 5 * 24 * 3600 * 1000
GONE: Final = "gone"
FAILING: Final = "failing"


def succeeded(endpoint: EndpointItem) -> bool:
    """A delivery succeeded. Writes only when the endpoint was failing; True then."""
    if endpoint.failing_since is None:
        return False
    store.touch_endpoint(endpoint, [EndpointItem.failing_since.remove()], EndpointItem.failing_since.exists())
    return True


def failed(endpoint: EndpointItem, *, gone: bool) -> bool:
    """An attempt failed. `gone`: with 410, which disables the endpoint at once. False when that changed nothing of the endpoint."""
    now = clock.now_ms()
    if gone:
        disable(endpoint, GONE)
    elif endpoint.failing_since is None:
        store.touch_endpoint(endpoint, [EndpointItem.failing_since.set(now)], EndpointItem.failing_since.does_not_exist())
    elif now - int(endpoint.failing_since) >= DISABLE_AFTER_MS:
        disable(endpoint, FAILING)
    else:
        return False
    return True


def gave_up(endpoint: EndpointItem) -> None:
    """A delivery ran out of retries."""
    store.touch_endpoint(endpoint, [EndpointItem.failed_deliveries.add(1)], EndpointItem.endpoint_id.exists())


def disable(endpoint: EndpointItem, reason: str) -> None:
    """Disable an endpoint. The same write stamps the event `webhook.disabled`, which the merchant's other endpoints receive, once."""
    fresh = store.find_endpoint(endpoint.merchant_id, endpoint.endpoint_id)
    if fresh is None or not fresh.is_active or fresh.url != endpoint.url:
        # The health of another URL is unknown.
        return
    if reason == FAILING and fresh.failing_since != endpoint.failing_since:
        # A delivery succeeded meanwhile.
        return
    actions = [
        EndpointItem.is_active.set(False),
        EndpointItem.disabled_reason.set(reason),
        *stamp_actions("webhook.disabled", clock.now_ms(), fresh),
    ]
    try:
        storage.run(store.change_endpoint(fresh, actions))
    except storage.ConditionRefused:
        # Changed meanwhile, by a parallel call or by the merchant. If the endpoint still fails, the next failure comes here again.
        return
