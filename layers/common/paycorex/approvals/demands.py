"""What a dangerous act demands of a person before it is carried out: a passkey that was just used, and a second person's approval.

The door asks here with each request of a person for a route that names a danger. What is not allowed yet is noted, refused with what to do,
and done by the same request sent again once it is approved: no secret of a request is kept in between.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, ids, storage
from paycorex.approvals import store
from paycorex.approvals.second import Second, refuse_unable, second_of
from paycorex.audit import chain, contents
from paycorex.audit.entry import DONE, MAX_JSON_CHARACTERS
from paycorex.credentials.caller import Caller
from paycorex.credentials.directory import find_merchant
from paycorex.credentials.roles import scopes_of
from paycorex.errors import Conflict, Forbidden, InvalidRequest
from paycorex.records import approval
from paycorex.records.approval import APPROVED, ASKED, KEPT_SECONDS, LIFETIME_SECONDS, USED, ApprovalItem
from paycorex.records.order import order_key
from paycorex.records.person import ACTIVE, PersonItem

# For how long a passkey that was just used counts as fresh, as for operators.
FRESH_SECONDS: Final = 300


class StepUpNeeded(Forbidden):
    """The person uses the passkey again first."""

    def __init__(self, scope: str) -> None:
        text = "Use your passkey again: this asks for one that was used in the last five minutes."
        super().__init__(text, details={"scope": scope, "step_up": True})


class SecondPersonNeeded(Forbidden):
    """A second person approves first; the details name what waits."""

    def __init__(self, item: ApprovalItem) -> None:
        text = "A second person has to approve this within a day, on the page of their account. Then do it again in the same way."
        details = {"approval_id": item.approval_id, "kinds": item.kinds.split(), "ends_at": clock.rfc3339(int(item.ends_at))}
        super().__init__(text, details=details)


def check_fresh(context: Mapping[str, Any], scope: str) -> None:
    """Raises StepUpNeeded unless a passkey was used in this session in the last minutes. context: what the authorizer says."""
    verified_at = str(context.get("verified_at") or "0")
    if clock.now_ms() - int(verified_at) > FRESH_SECONDS * 1000:
        raise StepUpNeeded(scope)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person is about to do. digest: of the request, without its name. claim: the request's name. context: of the authorizer."""

    caller: Caller
    kinds: Collection[str]
    scope: str
    method: str
    path: str
    body: Any
    digest: str
    claim: str
    source_ip: str
    context: Mapping[str, Any]

    @property
    def approval_id(self) -> str:
        """Who asks for the same once more finds the same approval."""
        named = f"{self.caller.key_id}#{self.method} {self.path}#{self.digest}"
        return ids.derive("apr", self.caller.merchant_id, named)


def check_second(act: Act) -> None:
    """Let the act through when its merchant asks for no second person, or one has approved it, which this request uses up.

    The approval is of what is shown now, by one who can still do it. A request that used one, and of which there is no claim, passes
    again until the approval is over; one with a claim is a replay, which does not come here.

    Raises SecondPersonNeeded, and then it waits for a decision; Conflict when a decision came at the same moment; InvalidRequest for what
    is too long to be shown; storage.Unavailable, storage.OutcomeUnknown.
    """
    merchant_id = act.caller.merchant_id
    merchant = find_merchant(merchant_id)
    needed = sorted(set(act.kinds) & merchant.settings.needing_two_people) if merchant is not None else sorted(act.kinds)
    if not needed:
        return
    found, now = store.find(merchant_id, act.approval_id), clock.now_ms()
    status = None if found is None else approval.status_of(found, now)
    if found is not None and status == USED and found.used_by == act.claim and now < int(found.ends_at):
        return
    second = second_of(act.kinds)
    asked = _shown(act, second)
    stands = found is not None and (found.asked, found.kinds) == (asked, " ".join(needed))
    if found is not None and stands and status == APPROVED and _is_able(found):
        _run(store.change(found, [ApprovalItem.status.set(USED), ApprovalItem.used_by.set(act.claim)]))
        return
    if found is None or not stands or status != ASKED:
        found = _ask(act, needed, second, asked, found)
    raise SecondPersonNeeded(found)


def _shown(act: Act, second: Second) -> str:
    """What the second person sees. Raises InvalidRequest for more than is shown: it would be approved blindly."""
    asked = contents.canonical(contents.plain(act.body) if second.shown is None else second.shown)
    if len(asked) > MAX_JSON_CHARACTERS:
        text = f"A second person would see more than {MAX_JSON_CHARACTERS} characters. Send what needs one alone."
        raise InvalidRequest(text, details={"characters": len(asked), "limit": MAX_JSON_CHARACTERS})
    return asked


def _is_able(item: ApprovalItem) -> bool:
    """Whether who approved it is still there and could still do it."""
    person = storage.get(PersonItem, str(item.decided_by))
    if person is None or person.status != ACTIVE:
        return False
    try:
        refuse_unable(item, scopes_of(person.role), person.role)
    except Forbidden:
        return False
    return True


def _ask(act: Act, kinds: list[str], second: Second, asked: str, before: ApprovalItem | None) -> ApprovalItem:
    now, merchant_id = clock.now_ms(), act.caller.merchant_id
    item = ApprovalItem(
        merchant_id=merchant_id,
        approval_id=act.approval_id,
        order_key=order_key(now, act.approval_id),
        kinds=" ".join(kinds),
        scope=act.scope,
        method=act.method,
        path=act.path,
        given_scopes=" ".join(sorted(second.scopes)) or None,
        given_roles=" ".join(sorted(set(second.roles))) or None,
        asked=asked,
        asked_by=act.caller.key_id,
        asked_name=str(act.context.get("person_name", "")),
        status=ASKED,
        asked_at=now,
        ends_at=now + LIFETIME_SECONDS * 1000,
        version=1 if before is None else int(before.version) + 1,
        expires_at=now // 1000 + KEPT_SECONDS,
    )
    fields = _entry(act, item)
    chain.begin(merchant_id, fields)
    _run(store.put(item, before))
    chain.append(merchant_id, fields)
    return item


def _run(write: storage.Write) -> None:
    try:
        storage.run(write)
    except storage.ConditionRefused as refused:
        raise Conflict("It was decided at the same moment. Look at it again.") from refused


def _entry(act: Act, item: ApprovalItem) -> dict[str, Any]:
    """The audit log's entry of an act that waits. What is refused leaves none; this is what another person will decide about."""
    return {
        "audit_id": ids.new("aud"),
        "at": clock.now_ms(),
        "actor": item.asked_by,
        "actor_name": item.asked_name,
        "operation": "ask_second_person",
        "method": item.method,
        "path": item.path,
        "object_id": item.approval_id,
        "asked": item.asked,
        "before": "",
        "after": contents.text({"status": ASKED, "kinds": item.kinds.split()}),
        "outcome": DONE,
        "source_ip": act.source_ip,
        "agent": "",
        "session_id": str(act.context.get("session_id", "")),
        "request_id": "",
    }
