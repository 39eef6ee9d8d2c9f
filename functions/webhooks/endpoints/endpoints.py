"""Endpoints: create, change, remove, rotate secrets. `paycorex.webhook_endpoints` builds the record; `health` keeps its health."""

from typing import Final

from pynamodb.expressions.update import Action

from paycorex import clock, event_buses, ids, storage, webhook_endpoints, webhook_targets
from paycorex.errors import InvalidRequest, InvalidState, NotFound, TooMany
from paycorex.idempotency import Claim
from paycorex.records import endpoint as endpoint_record
from paycorex.records.endpoint import EVERY_EVENT, EndpointItem, live_secrets
from paycorex.webhook_endpoints import NewEndpoint
from webhooks.requests import ChangeEndpoint, CreateEndpoint
from webhooks.stores import deliveries as store

MAX_ENDPOINTS: Final = 16
MAX_LIVE_SECRETS: Final = 3
BY_MERCHANT: Final = "by_merchant"
_CLEAR_HEALTH: Final = (EndpointItem.failing_since.remove(), EndpointItem.slow_since.remove())


def create(merchant_id: str, request: CreateEndpoint, *, claim: Claim) -> NewEndpoint:
    """Register an endpoint. Raises InvalidRequest for a target that is not allowed, TooMany."""
    made = webhook_endpoints.prepare(
        merchant_id, _target(request), endpoint_id=claim.record_id("whe"), events=request.events or (EVERY_EVENT,)
    )
    if len(store.endpoints_of(merchant_id)) >= MAX_ENDPOINTS:
        raise TooMany(f"A merchant has at most {MAX_ENDPOINTS} endpoints. Remove one first.", limit=MAX_ENDPOINTS)
    storage.transact([*made.writes, *claim.rows(reference=made.item.endpoint_id)])
    return made


def page(merchant_id: str, limit: int, position: str | None) -> storage.Merged[EndpointItem]:
    """One page of a merchant's endpoints, newest first. `position`: the endpoint after which to continue."""
    found = sorted(store.endpoints_of(merchant_id), key=lambda item: (int(item.created_at), item.endpoint_id), reverse=True)
    indexes = {item.endpoint_id: index for index, item in enumerate(found)}
    start = indexes.get(position, -1) + 1 if position is not None else 0
    shown = found[start : start + limit]
    return storage.Merged(shown, shown[-1].endpoint_id if start + limit < len(found) else None)


def find(merchant_id: str, endpoint_id: str) -> EndpointItem:
    """One endpoint of the merchant. Raises NotFound."""
    found = store.find_endpoint(merchant_id, endpoint_id) if ids.is_id("whe", endpoint_id) else None
    if found is None:
        raise NotFound("endpoint")
    return found


def change(merchant_id: str, endpoint_id: str, request: ChangeEndpoint, *, claim: Claim) -> EndpointItem:
    """Change URL, events or activity. Activating clears the reason for which it was disabled. Raises NotFound, InvalidRequest."""
    item = find(merchant_id, endpoint_id)
    actions: list[Action] = []
    target = request.url or request.bus_arn
    if target is not None:
        _check_target(item, request)
        # The health of the old target says nothing about the new one.
        actions += [EndpointItem.url.set(target), *_CLEAR_HEALTH]
    if request.events is not None:
        actions.append(EndpointItem.events.set(request.events))
    if request.is_active is not None:
        actions += _activity(active=request.is_active, clear_health=target is None)
    if not actions:
        raise InvalidRequest("Nothing to change: give url (or bus_arn), events or is_active.")
    storage.transact([store.change_endpoint(item, actions), *claim.rows(reference=endpoint_id, status=200)])
    return find(merchant_id, endpoint_id)


def _target(request: CreateEndpoint) -> str:
    """Where events go. Raises InvalidRequest for none, both, or one of the other kind."""
    name = "bus_arn" if request.kind == "eventbridge" else "url"
    wanted, other = (request.bus_arn, request.url) if name == "bus_arn" else (request.url, request.bus_arn)
    if wanted is None or other is not None or event_buses.is_bus(request.url or ""):
        raise InvalidRequest('Give url; or kind "eventbridge" and bus_arn.', details={"field": name})
    return wanted


def _check_target(item: EndpointItem, request: ChangeEndpoint) -> None:
    """Raises InvalidRequest for a target of the other kind, or one that deliveries would refuse."""
    if (request.bus_arn is None) == item.is_bus or (request.url is None) != item.is_bus:
        wanted = "bus_arn" if item.is_bus else "url"
        raise InvalidRequest(f"This endpoint is changed by {wanted}; its kind stays.", details={"field": wanted})
    if request.bus_arn is not None:
        event_buses.check(item.merchant_id, request.bus_arn)
    elif request.url is not None:
        webhook_targets.check(request.url)


def _activity(*, active: bool, clear_health: bool) -> list[Action]:
    if active:
        # DynamoDB refuses an update that names an attribute twice.
        cleared = _CLEAR_HEALTH if clear_health else ()
        return [EndpointItem.is_active.set(True), EndpointItem.disabled_reason.remove(), *cleared]
    return [EndpointItem.is_active.set(False), EndpointItem.disabled_reason.set(BY_MERCHANT)]


def remove(merchant_id: str, endpoint_id: str, *, claim: Claim) -> endpoint_record.EndpointView:
    """Remove an endpoint; its unfinished deliveries end as failed. Returns its last view, inactive.

    The claim keeps the whole answer, because no record is left to build it from.
    """
    item = find(merchant_id, endpoint_id)
    item.is_active, item.disabled_reason = False, "deleted"
    shown = endpoint_record.view(item)
    storage.transact([store.remove_endpoint(item), *claim.rows(reference=shown.model_dump_json(), status=200)])
    return shown


def rotate(merchant_id: str, endpoint_id: str, overlap_seconds: int, *, claim: Claim) -> tuple[EndpointItem, str, int]:
    """Create a new secret; the earlier ones keep signing for the overlap. Returns the endpoint, the secret, and when the others end (ms).

    Raises InvalidState while three secrets are live, and for an event bus, which has none.
    """
    item, now = find(merchant_id, endpoint_id), clock.now_ms()
    if item.is_bus:
        raise InvalidState("An event bus has no secret: AWS says who put an event on it.")
    live = live_secrets(item, now)
    if overlap_seconds and len(live) >= MAX_LIVE_SECRETS:
        raise InvalidState(f"At most {MAX_LIVE_SECRETS} secrets are live at a time.", details={"limit": MAX_LIVE_SECRETS})
    ends = now + overlap_seconds * 1000
    kept = [{**secret, "expires_at": min(secret.get("expires_at") or ends, ends)} for secret in live] if overlap_seconds else []
    secret, stored = webhook_endpoints.new_secret(merchant_id, endpoint_id)
    write = store.change_endpoint(item, [EndpointItem.secrets.set([*kept, stored])])
    storage.transact([write, *claim.rows(reference=endpoint_id, status=200)])
    return item, secret, ends
