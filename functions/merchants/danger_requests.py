"""Which acts of a merchant's people are dangerous, as the merchant says it."""

from typing import Annotated, Literal

from pydantic import Field

from paycorex.contract import AmountText, Body


class DangerousActs(Body):
    """What people of the merchant do with a passkey that was just used, and with a second person where `two_people` names it.

    Where `two_people` names any kind, keys, roles and this rule itself need two people as well. `write_offs`: of the reconciliation.
    `refund_above`: in the merchant's currency; a refund that brings a payment's refunds, those under way too, above it is
    dangerous. Null: no refund is.
    """

    refund_above: AmountText | None = None
    two_people: Annotated[list[Literal["refunds", "keys", "connectors", "bank_details", "roles", "write_offs"]], Field(max_length=6)] = (
        Field(default_factory=list)
    )
