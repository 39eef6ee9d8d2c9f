"""A merchant's own mapping of a connector's report: the last one that was given is used where an import gives none."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.storage import Item


class SettlementMappingItem(Item):
    """A mapping as it is stored. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "settlement_mappings"

    merchant_id = UnicodeAttribute(hash_key=True)
    # A connector, or `bank`.
    source = UnicodeAttribute(range_key=True)
    mapping = JSONAttribute()
    updated_at = NumberAttribute()
