"""The route of the providers behind the connectors: their callbacks."""

from paycorex.contract import View
from paycorex.http import Answer, Call
from paycorex.loading import later
from payments.routes.app import app

with later():
    from payments import callbacks


class Received(View):
    """A callback that was verified. `applied`: it was about something that we know."""

    received: bool
    applied: bool


@app.route("POST", "/v1/callbacks/{connector}/{merchant_id}", public=True, raw_body=True, answer=Received)
def receive_callback(call: Call[None, None]) -> Answer:
    """Callbacks of payment providers, with the provider's own signature."""
    applied = callbacks.receive(call.path["connector"], call.path["merchant_id"], call.request.headers, call.request.body)
    return Answer(200, Received(received=True, applied=applied))
