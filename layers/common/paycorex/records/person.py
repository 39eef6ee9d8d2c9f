"""People: the `people` table as it is stored. A person belongs to one merchant and has passkeys instead of a password."""

from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.storage import Item

INVITED: Final = "invited"
ACTIVE: Final = "active"
DISABLED: Final = "disabled"


class PersonItem(Item):
    """One person. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    email = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = NumberAttribute()
    invited_by = UnicodeAttribute()
    # Of what lets the person add a first passkey; the secret's hash names the ticket.
    ticket_id = UnicodeAttribute(null=True)
    ticket_expires_at = NumberAttribute(null=True)
    # What passkeys show of themselves: id, public key, counter, name, times. At most people.passkeys.MAX_PASSKEYS.
    passkeys = JSONAttribute(default=list)
    # Hashes of the recovery codes that are left. At most people.recovery.CODES.
    recovery_codes = JSONAttribute(default=list)
    last_signed_in_at = NumberAttribute(null=True)
    version = NumberAttribute()
