"""The `vault_keys` and `vault_audit` tables as they are stored. (`tokens` is `paycorex.records.token`.)"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from paycorex.storage import Item


class KeyItem(Item):
    """One data key of a merchant, wrapped by KMS. Version 0 of a scope is its ring: which version new writes use.

    `wrapped` is base64 of what KMS gave; a retired or shredded version loses it; the row stays and says when.
    """

    class Meta:
        """Which table."""

        table_name = "vault_keys"

    key_scope = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    status = UnicodeAttribute()
    wrapped = UnicodeAttribute(null=True)
    # Of the ring only.
    current = NumberAttribute(null=True)
    created_at = NumberAttribute()
    changed_at = NumberAttribute()


class ProgressItem(Item):
    """How far a re-sealing job has come, so that the next run goes on from there."""

    class Meta:
        """Which table."""

        table_name = "vault_keys"

    key_scope = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(range_key=True)
    started_at = NumberAttribute()
    # True once every merchant of the job has its new version.
    turned = BooleanAttribute()
    # Last token that was looked at; absent at the start.
    position = UnicodeAttribute(null=True)
    seen = NumberAttribute(default=0)
    resealed = NumberAttribute(default=0)
    broken = NumberAttribute(default=0)


class AuditItem(Item):
    """One reveal: who asked for which token, why, and for which payment. Never what was in it."""

    class Meta:
        """Which table."""

        table_name = "vault_audit"

    merchant_id = UnicodeAttribute(hash_key=True)
    # `<RFC 3339 time>#<random id>`: the order in which it happened.
    audited_at = UnicodeAttribute(range_key=True)
    token_id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    payment_id = UnicodeAttribute(null=True)
    actor = UnicodeAttribute()
    outcome = UnicodeAttribute()
