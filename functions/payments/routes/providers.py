"""Routes of the providers behind the connectors: their callbacks, and whether they accept a merchant's credentials."""

from paycorex import clock, storage
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from payments.routes.app import app

with later():
    from payments import callbacks
    from payments.connectors import model, registry, routing


class Received(View):
    """A callback that was verified. `applied`: it was about something that we know."""

    received: bool
    applied: bool


class Verified(View):
    """What a provider thinks of a merchant's credentials."""

    connector: str
    accepted: bool
    reason: str | None
    checked_at: str


@app.route("POST", "/v1/callbacks/{connector}/{merchant_id}", public=True, raw_body=True, answer=Received)
def receive_callback(call: Call[None, None]) -> Answer:
    """Callbacks of payment providers, with the provider's own signature."""
    applied = callbacks.receive(call.path["connector"], call.path["merchant_id"], call.request.headers, call.request.body)
    return Answer(200, Received(received=True, applied=applied))


def _replay_verified(_caller: Caller, shown: str) -> Verified:
    return Verified.model_validate_json(shown)


@app.route("POST", "/v1/merchants/connectors/{name}/verify", scope="merchant:write", answer=Verified, replay=_replay_verified)
def verify_connector(call: Call[None, None]) -> Answer:
    """Ask the provider whether it accepts the stored credentials; moves no money."""
    name = call.path["name"]
    call.claim.begin()
    try:
        registry.connect_for(call.caller.merchant_id, name).verify()
        reason = None
    except registry.ProcessorUnavailable as missing:
        raise routing.ProcessorUnavailable(missing.reason, details={"connector": name}) from missing
    except registry.NotConfigured as error:
        raise NotFound("connector") from error
    except model.CredentialsRefused as refused:
        reason = str(refused)
    except ConnectionError as error:
        raise routing.ProviderUnavailable("The provider could not be asked.") from error
    verified = Verified(connector=name, accepted=reason is None, reason=reason, checked_at=clock.rfc3339(clock.now_ms()))
    # The claim keeps the whole answer, because there is no record to make it from again.
    storage.transact(call.claim.rows(reference=verified.model_dump_json(), status=200))
    return Answer(200, verified)
