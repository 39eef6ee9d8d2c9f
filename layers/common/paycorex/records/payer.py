"""What a payer who is no customer typed on a link's page: stored shape and contract objects. Sealed, as a customer is."""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
from paycorex.records.checkout_session import SessionView
from paycorex.storage import Item

NAME: Final = "name"
EMAIL: Final = "email"
PHONE: Final = "phone"
REFERENCE: Final = "reference"
# What a link may ask its payers for. The first three say who a person is.
PERSONAL: Final = (NAME, EMAIL, PHONE)
ASKED: Final = (*PERSONAL, REFERENCE)


class PayerItem(Item):
    """Who paid a checkout. In the table of customers, under `payer#<session_id>`, and in no list of them: it names no merchant.

    The sealed part and the hashes to be found by are absent once the payer is erased.
    """

    class Meta:
        """Which table."""

        table_name = "customers"

    customer_id = UnicodeAttribute(hash_key=True)
    sealed = UnicodeAttribute(null=True)
    # Of other kinds than those of customers, so that no search for customers meets a payer.
    email_hash = UnicodeAttribute(null=True)
    phone_hash = UnicodeAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    erased_at = NumberAttribute(null=True)
    order_key = UnicodeAttribute()


class Payer(View):
    """What the payer of a link typed. All of it is null once the payer is erased."""

    name: str | None
    email: str | None
    phone: str | None
    erased_at: str | None


class SessionDetails(SessionView):
    """A checkout with its payer. `payer` is null where none was asked, and for keys without `customers:read`; it is in no event."""

    payer: Payer | None


def name_of(session_id: str) -> str:
    """The key of a session's payer."""
    return f"payer#{session_id}"


def session_of(item: PayerItem) -> str:
    """Whose payer it is."""
    return item.customer_id.removeprefix("payer#")


def view(item: PayerItem, person: dict[str, str]) -> Payer:
    """The contract object of a stored payer and what was sealed of it (nothing of an erased one)."""
    erased = None if item.erased_at is None else clock.rfc3339(int(item.erased_at))
    return Payer(name=person.get(NAME), email=person.get(EMAIL), phone=person.get(PHONE), erased_at=erased)
