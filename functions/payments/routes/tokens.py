"""Deletes tokens. The vault shows and keeps them by a door of its own; here is who can ask a provider to forget its card."""

from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records.token import TokenView, view
from payments.routes.app import app

with later():
    from payments.methods import kept_cards


def _replay(caller: Caller, token_id: str) -> TokenView:
    return view(kept_cards.find(caller.merchant_id, token_id))


@app.route("DELETE", "/v1/tokens/{token_id}", scope="tokens:write", answer=TokenView, replay=_replay)
def delete_token(call: Call[None, None]) -> Answer:
    """Delete a token; its sealed value is gone with this answer, and a provider that keeps the card was asked to forget it."""
    return Answer(200, view(kept_cards.delete(call.caller.merchant_id, call.path["token_id"], claim=call.claim)))
