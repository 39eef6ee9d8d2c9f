"""A merchant's logo as it is stored: apart from the settings, which every request reads."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from paycorex import storage


class LogoItem(storage.Item):
    """The one logo of a merchant. content_type: image/png or image/jpeg."""

    class Meta:
        """Which table."""

        table_name = "brand_logos"

    merchant_id = UnicodeAttribute(hash_key=True)
    content = BinaryAttribute(legacy_encoding=False)
    content_type = UnicodeAttribute()
