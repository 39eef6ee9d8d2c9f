"""What stands in the table `people` beside people: who of a merchant there is, tickets, and challenges."""

from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import storage

SIGN_IN: Final = "sign_in"
NEW_PASSKEY: Final = "new_passkey"
STEP_UP: Final = "step_up"
INVITATION: Final = "invitation"
RECOVERY: Final = "recovery"


class RosterItem(storage.Item):
    """`roster#<merchant>`: every person with e-mail and whether an active owner. Each change of people demands its version.

    So an e-mail address is there once, and two changes at once cannot each rely on the owner whom the other one removes.
    """

    class Meta:
        """Which table."""

        table_name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    people = JSONAttribute(default=dict)
    version = NumberAttribute(default=0)


class TicketItem(storage.Item):
    """`ticket#<hash of the secret>`: lets its holder add a passkey, once. expires_at: seconds, none for recovery codes."""

    class Meta:
        """Which table."""

        table_name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    holder = UnicodeAttribute()
    kind = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


class ChallengeItem(storage.Item):
    """`challenge#<hash>`: what a passkey has to sign, once, in a minute or two. holder: whose passkey it will be; none to sign in."""

    class Meta:
        """Which table."""

        table_name = "people"

    person_id = UnicodeAttribute(hash_key=True)
    purpose = UnicodeAttribute()
    holder = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()
