"""An act that a person asked for and a second person decides about: stored shape and contract object."""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
from paycorex.storage import Item

ASKED: Final = "asked"
APPROVED: Final = "approved"
REJECTED: Final = "rejected"
WITHDRAWN: Final = "withdrawn"
USED: Final = "used"
# Shown of one whose time is over; it is stored as it was.
EXPIRED: Final = "expired"
# For how long an act may be decided about, and for how long it may then be carried out.
LIFETIME_SECONDS: Final = 24 * 3600
# What was decided can be looked at for so long; the audit log has it without end.
KEPT_SECONDS: Final = 90 * 24 * 3600


class ApprovalItem(Item):
    """One person's request of one act. A person who asks for the same act again gets the same one, begun anew when it is over."""

    class Meta:
        """Which table."""

        table_name = "approvals"

    # Follows from who asks and what is asked.
    approval_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    order_key = UnicodeAttribute()
    # Which kinds of dangerous acts it is, separated by spaces; and the scope that it takes.
    kinds = UnicodeAttribute()
    scope = UnicodeAttribute()
    method = UnicodeAttribute()
    path = UnicodeAttribute()
    # Which scopes and roles it gives, separated by spaces: who approves could give them too.
    given_scopes = UnicodeAttribute(null=True)
    given_roles = UnicodeAttribute(null=True)
    # What was asked, as the audit log shows it: JSON without secrets.
    asked = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    asked_name = UnicodeAttribute()
    status = UnicodeAttribute()
    asked_at = NumberAttribute()
    # Until when, in milliseconds, it may be decided; once it is approved, until when it may be carried out.
    ends_at = NumberAttribute()
    decided_by = UnicodeAttribute(null=True)
    decided_name = UnicodeAttribute(null=True)
    decided_at = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    # The request that used it, which may be sent again.
    used_by = UnicodeAttribute(null=True)
    version = NumberAttribute()
    # In seconds, for the table's TTL.
    expires_at = NumberAttribute()


class ApprovalView(View):
    """An act that waits for a second person, or waited. `asked`: JSON of the request, without secrets."""

    approval_id: str
    status: str
    kinds: list[str]
    scope: str
    method: str
    path: str
    asked: str
    asked_by: str
    asked_name: str
    asked_at: str
    ends_at: str
    decided_by: str | None
    decided_name: str | None
    decided_at: str | None
    reason: str | None


def status_of(item: ApprovalItem, now_ms: int) -> str:
    """As it stands: what is not over by a decision is over by time."""
    return EXPIRED if item.status in {ASKED, APPROVED} and now_ms >= int(item.ends_at) else str(item.status)


def view(item: ApprovalItem) -> ApprovalView:
    """The contract object."""
    return ApprovalView(
        approval_id=item.approval_id,
        status=status_of(item, clock.now_ms()),
        kinds=item.kinds.split(),
        scope=item.scope,
        method=item.method,
        path=item.path,
        asked=item.asked,
        asked_by=item.asked_by,
        asked_name=item.asked_name,
        asked_at=clock.rfc3339(int(item.asked_at)),
        ends_at=clock.rfc3339(int(item.ends_at)),
        decided_by=item.decided_by,
        decided_name=item.decided_name,
        decided_at=None if item.decided_at is None else clock.rfc3339(int(item.decided_at)),
        reason=item.reason,
    )
