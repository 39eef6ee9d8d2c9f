"""An operator lets an owner of a merchant in again: by a link that is shown once, with a reason that the merchant reads too."""

from typing import Final

from paycorex import storage
from paycorex.credentials.operators import scope_of
from paycorex.credentials.roles import OWNER
from paycorex.errors import Conflict
from paycorex.http import Answer, App, Call
from people import people, views
from people.operator_views import OwnerLetIn
from people.requests import LetOwnerIn
from people.routes.signing import base_url_of

_PATH: Final = "/operator/v1/merchants/{merchant_id}/owners"


def add_to(app: App) -> None:
    """Add this route to the door."""
    scope = scope_of("POST", _PATH)
    app.route("POST", _PATH, scope=scope, body=LetOwnerIn, answer=OwnerLetIn, status=201, self_idempotent=True)(operator_let_owner_in)


def operator_let_owner_in(call: Call[LetOwnerIn, None]) -> Answer:
    """A link by which an owner of a merchant adds a passkey: a new person, or the one with this address, who becomes owner again.

    Sent again it gives another link, and the older one ends.
    """
    body, merchant_id = call.body, call.path["merchant_id"]
    name = people.merchant_name(merchant_id)
    try:
        done = people.let_in(merchant_id, "usr", email=body.email, name=body.name, role=OWNER, by=call.caller.key_id)
    except storage.TransactionRefused as refused:
        raise Conflict("The merchant's people were changed at the same moment. Nothing was done; try again.") from refused
    shown = views.invited(done.person, link=views.link_of(base_url_of(call), done))
    return Answer(201, OwnerLetIn(merchant_id=merchant_id, merchant_name=name, **shown.model_dump()))
