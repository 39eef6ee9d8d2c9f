"""What waits for a second person: who sees it, and who decides."""

from collections.abc import Mapping
from typing import Any

from paycorex import clock, storage
from paycorex.approvals import demands, states, store
from paycorex.approvals.second import refuse_unable
from paycorex.approvals.states import Decision
from paycorex.credentials import Caller
from paycorex.errors import Forbidden, NotFound
from paycorex.idempotency import Claim
from paycorex.records import approval
from paycorex.records.approval import APPROVED, LIFETIME_SECONDS, ApprovalItem


def find(caller: Caller, approval_id: str) -> ApprovalItem:
    """One that the caller may see: what one asked for oneself, and what one could do oneself. Raises NotFound."""
    found = store.find(caller.merchant_id, approval_id)
    if found is None or not _is_seen(caller, found):
        raise NotFound("approval")
    return found


def _is_seen(caller: Caller, item: ApprovalItem) -> bool:
    return item.asked_by == caller.key_id or item.scope in caller.scopes


def page(caller: Caller, *, limit: int, position: str | None) -> tuple[list[ApprovalItem], str | None]:
    """Those that the caller may see, asked for last first, and the position to go on after. A page may have fewer than `limit`."""
    found, more = store.of_merchant(caller.merchant_id, limit=limit, position=position)
    return [item for item in found if _is_seen(caller, item)], more


def decide(
    caller: Caller, approval_id: str, decision: Decision, *, reason: str | None, context: Mapping[str, Any], claim: Claim
) -> ApprovalItem:
    """Approve, reject or withdraw. To approve asks for a passkey that was just used, and for one who could do the act.

    Raises NotFound, Forbidden for one's own or without the scope, demands.StepUpNeeded, InvalidState when it is over,
    storage.TransactionRefused when another decision was faster.
    """
    item, now = find(caller, approval_id), clock.now_ms()
    is_asker = item.asked_by == caller.key_id
    after = states.decided(approval.status_of(item, now), decision, is_asker=is_asker)
    if not is_asker and item.scope not in caller.scopes:
        raise Forbidden(f"Your role lacks the scope {item.scope}.", details={"scope": item.scope})
    if after == APPROVED:
        refuse_unable(item, caller.scopes, str(context.get("role", "")))
        demands.check_fresh(context, item.scope)
    actions = [
        ApprovalItem.status.set(after),
        ApprovalItem.decided_by.set(caller.key_id),
        ApprovalItem.decided_name.set(str(context.get("person_name", ""))),
        ApprovalItem.decided_at.set(now),
        ApprovalItem.ends_at.set(now + LIFETIME_SECONDS * 1000),
        ApprovalItem.reason.remove() if reason is None else ApprovalItem.reason.set(reason),
    ]
    storage.transact([store.change(item, actions), *claim.rows(reference=approval_id, status=200)])
    return find(caller, approval_id)
