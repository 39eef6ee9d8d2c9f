"""Sessions of the console: the `console_sessions` table as it is stored. Who ends one deletes it."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex.storage import Item


class SessionItem(Item):
    """One session, found by an id that is derived from its secret. Times are milliseconds, but for `expires_at` (seconds, for the TTL)."""

    class Meta:
        """Which table."""

        table_name = "console_sessions"

    session_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    created_at = NumberAttribute()
    last_seen_at = NumberAttribute()
    expires_at = NumberAttribute()
    # The browser as it names itself: a session is accepted from this one only.
    agent = UnicodeAttribute()
    source_ip = UnicodeAttribute()
    passkey_id = UnicodeAttribute()
    # `test` while the person looks at the test merchant beside the own; none: at the own.
    mode = UnicodeAttribute(null=True)
    # When a passkey was last used in it; none where that was only to sign in.
    verified_at = NumberAttribute(null=True)
    # The operator who looks at the merchant by this session; none in a session of the merchant's own.
    operator_id = UnicodeAttribute(null=True)
