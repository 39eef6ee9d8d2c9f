"""An operator who looks at a merchant: a session of the merchant's page, without a person of the merchant, that changes nothing."""

from typing import Final

from paycorex import storage
from paycorex.credentials.operators import REALM
from paycorex.credentials.roles import VIEWER
from paycorex.errors import Unauthorized
from paycorex.records.console_session import SessionItem
from paycorex.records.person import ACTIVE, PersonItem

LIFETIME_SECONDS: Final = 30 * 60


def person_of(item: SessionItem) -> PersonItem:
    """The operator of such a session, as the merchant's page shows a person. It is not stored.

    Raises Unauthorized when the operator is none any more, storage.Unavailable.
    """
    operator = storage.get(PersonItem, str(item.operator_id))
    if operator is None or operator.merchant_id != REALM or operator.status != ACTIVE:
        raise Unauthorized("the operator who looks is none any more")
    return PersonItem(
        # As a person's, so that no door takes this one for an operator. No person has it.
        person_id=f"usr_{operator.person_id.removeprefix('opr_')}",
        merchant_id=item.merchant_id,
        email=operator.email,
        name=operator.name,
        role=VIEWER,
        status=ACTIVE,
        created_at=int(item.created_at),
        invited_by=operator.person_id,
        passkeys=[],
        recovery_codes=[],
        version=0,
    )
