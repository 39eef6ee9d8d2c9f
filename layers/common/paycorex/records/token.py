"""A token: stored shape and contract object. Only the data by which a person recognises the instrument is readable."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.records.stamps import StampedItem


class TokenItem(StampedItem):
    """A token as it is stored. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "tokens"

    token_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    type = UnicodeAttribute()
    last4 = UnicodeAttribute(null=True)
    brand = UnicodeAttribute(null=True)
    # Every brand that a card may have, `brand` first; absent where that is the only one.
    brands = JSONAttribute(null=True)
    # A keyed hash of a card's first six digits, by which risk rules count; absent on tokens of the release before, and in no answer.
    bin_hash = UnicodeAttribute(null=True)
    expiry_month = NumberAttribute(null=True)
    expiry_year = NumberAttribute(null=True)
    holder_initials = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute()
    # `<key version>.<Fernet token>`; gone once the token is deleted.
    sealed = UnicodeAttribute(null=True)
    # [connector, reference, customer] of a card that a provider keeps; gone once the token is deleted.
    provider = JSONAttribute(null=True)
    is_active = BooleanAttribute()
    # How often this instrument was saved, deleted and saved again; part of the id.
    generation = NumberAttribute(default=0)
    # On generation 0 only: which generation comes after those that are deleted.
    next_generation = NumberAttribute(null=True)
    created_at = NumberAttribute()
    deleted_at = NumberAttribute(null=True)
    # The list's index; absent on deleted tokens, so that no list shows them.
    merchant_user = UnicodeAttribute(null=True)
    order_key = UnicodeAttribute(null=True)


class TokenView(View):
    """The contract's token object.

    `connector`: of a `provider_token`, the only one that can charge it; null once it is deleted. `brands`: every brand that a card may
    have, the most likely one, `brand`, first.
    """

    token_id: str
    merchant_id: str
    mode: Mode
    user_id: str
    type: str
    connector: str | None
    last4: str | None
    brand: str | None
    brands: list[str]
    expiry_month: int | None
    expiry_year: int | None
    holder_initials: str | None
    fingerprint: str
    is_active: bool
    created_at: str


def merchant_user(merchant_id: str, user_id: str) -> str:
    """The partition of a user's list of tokens."""
    return f"{merchant_id}#{user_id}"


def brands_of(item: TokenItem) -> tuple[str, ...]:
    """Every brand of a card's token, the most likely first; none for other instruments."""
    if item.type != "card" or item.brand is None:
        return ()
    return tuple(item.brands or (item.brand,))


def connector_of(item: TokenItem) -> str | None:
    """Whose a card is that a provider keeps; None for every other instrument."""
    return item.provider[0] if item.provider else None


def view(item: TokenItem) -> TokenView:
    """The contract object of a stored token."""
    return TokenView(
        token_id=item.token_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        user_id=item.user_id,
        type=item.type,
        connector=connector_of(item),
        last4=item.last4,
        brand=item.brand,
        brands=list(brands_of(item)),
        expiry_month=None if item.expiry_month is None else int(item.expiry_month),
        expiry_year=None if item.expiry_year is None else int(item.expiry_year),
        holder_initials=item.holder_initials,
        fingerprint=item.fingerprint,
        is_active=item.is_active,
        created_at=clock.rfc3339(int(item.created_at)),
    )
