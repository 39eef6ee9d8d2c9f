"""Routes of a merchant's connectors: how each stands, and whether its provider accepts the stored credentials."""

from typing import Literal

from paycorex import clock, storage
from paycorex.connectors import SANDBOXES, has_sandbox
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import MerchantSettings
from payments.routes.app import app

with later():
    from payments.connectors import breakers, checks, model, registry, routing


class Verified(View):
    """What a provider thinks of a merchant's credentials."""

    connector: str
    accepted: bool
    reason: str | None
    checked_at: str


class ConnectorStateView(View):
    """How a connector stands. fields: names of the settings that are stored, in no case their values; null where they were stored before
    names were noted. verification: what its provider said since they were changed. breaker: `open` while calls are held back because the
    ones before failed, until `open_until`.
    """

    connector: str
    built_in: bool
    fields: list[str] | None
    verification: Verified | None
    breaker: Literal["closed", "open"]
    open_until: str | None


class ConnectorStates(View):
    """Some of a merchant's connectors, by name: those that are configured, and the sandboxes where the deployment has them."""

    data: list[ConnectorStateView]
    next_cursor: str | None


@app.route("GET", "/v1/merchants/connectors", scope="merchant:read", query=ListQuery, answer=ConnectorStates)
def list_connectors(call: Call[None, ListQuery]) -> Answer:
    """How the merchant's connectors stand: what their providers last said of the credentials, and whether calls are held back."""
    found = _as_it_stands(call.caller.merchant_id)
    built_in = SANDBOXES if has_sandbox(found.merchant_id) else ()
    after = call.position("connectors") or ""
    names = [name for name in sorted({*found.settings.connectors, *built_in}) if name > after]
    page = names[: call.query.limit]
    data = [_state(found.merchant_id, name, found.settings) for name in page]
    position = page[-1] if len(names) > len(page) else None
    return Answer(200, ConnectorStates(data=data, next_cursor=call.next_cursor("connectors", position)))


def _as_it_stands(merchant_id: str) -> MerchantItem:
    """The merchant without a cache: one who has just changed credentials looks at these. Raises NotFound."""
    found = storage.get(MerchantItem, merchant_id)
    if found is None:
        raise NotFound("merchant")
    return found


def _state(merchant_id: str, name: str, chosen: MerchantSettings) -> ConnectorStateView:
    stored = chosen.connectors.get(name)
    said = checks.last(merchant_id, name, since_ms=chosen.connector_changes.get(name, 0))
    until = breakers.open_until(merchant_id, name)
    verification = None
    if said is not None:
        moment = clock.rfc3339(int(said.checked_at))
        verification = Verified(connector=name, accepted=bool(said.accepted), reason=said.reason, checked_at=moment)
    return ConnectorStateView(
        connector=name,
        built_in=stored is None,
        fields=[] if stored is None else None if stored.fields is None else list(stored.fields),
        verification=verification,
        breaker="closed" if until is None else "open",
        open_until=None if until is None else clock.rfc3339(until),
    )


def _replay_verified(_caller: Caller, shown: str) -> Verified:
    return Verified.model_validate_json(shown)


@app.route("POST", "/v1/merchants/connectors/{name}/verify", scope="merchant:write", answer=Verified, replay=_replay_verified)
def verify_connector(call: Call[None, None]) -> Answer:
    """Ask the provider whether it accepts the stored credentials; moves no money."""
    name = call.path["name"]
    call.claim.begin()
    try:
        registry.connect(_as_it_stands(call.caller.merchant_id), name).verify()
        reason = None
    except registry.ProcessorUnavailable as missing:
        raise routing.ProcessorUnavailable(missing.reason, details={"connector": name}) from missing
    except registry.NotConfigured as error:
        raise NotFound("connector") from error
    except model.CredentialsRefused as refused:
        reason = str(refused)
    except ConnectionError as error:
        raise routing.ProviderUnavailable("The provider could not be asked.") from error
    now = clock.now_ms()
    verified = Verified(connector=name, accepted=reason is None, reason=reason, checked_at=clock.rfc3339(now))
    # The claim keeps the whole answer, because there is no record to make it from again.
    noted = checks.noted(call.caller.merchant_id, name, reason, now)
    storage.transact([*call.claim.rows(reference=verified.model_dump_json(), status=200), noted])
    return Answer(200, verified)
