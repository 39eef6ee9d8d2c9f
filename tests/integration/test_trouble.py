"""When the store or the key service is in trouble: 503 with Retry-After, and no request passes."""

import importlib
import json

import pytest

from paycorex import aws
from tests.fakes.fault_deciders import Call
from tests.fakes.faults import Fault, FaultyClient, healthy
from tests.support import gateway
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

BODY = json.dumps({"amount": "1.00", "method": "wallet", "user_id": "asha"}).encode()
STORE_FAULTS = [
    *(Fault.THROTTLED, Fault.THROUGHPUT_EXCEEDED, Fault.REQUEST_LIMIT, Fault.INTERNAL_ERROR, Fault.CONNECT_TIMEOUT, Fault.NO_ENDPOINT),
    Fault.COMMIT_THEN_TIMEOUT,
]
KMS_FAULTS = [Fault.THROTTLED, Fault.INTERNAL_ERROR, Fault.CONNECT_TIMEOUT, Fault.NO_ENDPOINT, Fault.COMMIT_THEN_TIMEOUT]


@pytest.fixture
def payer(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    return merchant


def send(world: World, signer: Signer, scheme: str) -> None:
    headers = signer.v1(BODY) if scheme == "v1" else signer.v2("POST", "/v1/payments/create", BODY)
    with nothing_written(world):
        assert_refused(world.send("POST", "/v1/payments/create", headers, BODY), "temporarily_unavailable")
        assert_refused(world.send("GET", "/v1/payments", signer.v1(b"")), "temporarily_unavailable")


@pytest.mark.parametrize("scheme", ["v1", "v2"])
@pytest.mark.parametrize("fault", STORE_FAULTS)
def test_a_store_in_trouble_lets_no_caller_in(world: World, payer: Signer, fault: Fault, scheme: str) -> None:
    """Acceptance 17."""
    faulty = FaultyClient(world.dynamo, lambda _call: fault)
    aws.use("dynamodb", faulty)
    world.restart()
    send(world, payer, scheme)
    faulty.decider = healthy
    assert world.send("POST", "/v1/payments/create", payer.v1(BODY), BODY).status == 201


@pytest.mark.parametrize("scheme", ["v1", "v2"])
@pytest.mark.parametrize("fault", KMS_FAULTS)
def test_a_key_service_in_trouble_lets_no_caller_in(world: World, payer: Signer, fault: Fault, scheme: str) -> None:
    """Acceptance 17."""
    faulty = FaultyClient(world.kms, lambda _call: fault, service="kms")
    aws.use("kms", faulty)
    world.restart()
    send(world, payer, scheme)
    faulty.decider = healthy
    assert world.send("POST", "/v1/payments/create", payer.v1(BODY), BODY).status == 201


@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_a_disabled_key_lets_no_caller_in(world: World, payer: Signer, scheme: str) -> None:
    """Acceptance 17."""
    world.kms.disable_key(KeyId=world.settings.sealing_key_id)
    world.restart()
    send(world, payer, scheme)
    world.kms.enable_key(KeyId=world.settings.sealing_key_id)
    assert world.send("POST", "/v1/payments/create", payer.v1(BODY), BODY).status == 201


@pytest.mark.parametrize("attribute", ["merchant_id", "key_id", "sealed_secret"])
def test_a_tampered_key_row_lets_no_caller_in(world: World, payer: Signer, attribute: str) -> None:
    """A sealed secret moved to another row does not open there: trouble of ours, never a pass."""
    other = world.register("Other")
    rows = world.dump()["test-api_keys"]
    (mine,) = [row for row in rows if row["key_id"]["S"] == payer.key_id]
    (theirs,) = [row for row in rows if row["key_id"]["S"] == other.key_id]
    world.dynamo.put_item(TableName="test-api_keys", Item={**mine, attribute: theirs[attribute]})
    world.restart()
    for signer in (payer, Signer(payer.api_key, other.secret)):
        for reply in (world.send("GET", "/v1/payments", signer.v1(b"")), world.call(signer, "POST", "/v1/payments/create", BODY)):
            assert reply.status in {401, 503}


def test_the_authorizer_never_allows_what_it_could_not_check(world: World, payer: Signer) -> None:
    """Each of its calls failing in turn: an exception or a Deny, except for noting the last use, which may fail."""
    door = importlib.import_module("authorizer.door")
    noted = 0
    for place in range(8):

        def nth(call: Call, place: int = place) -> Fault:
            return Fault.THROTTLED if call.index == place else Fault.PASS

        faulty = FaultyClient(world.dynamo, nth)
        aws.use("dynamodb", faulty)
        world.restart()
        world.clock.now += 3601
        event = {**proxy(payer), "methodArn": "arn:aws:execute-api:x"}
        try:
            effect = door.handler(event, None)["policyDocument"]["Statement"][0]["Effect"]
        except Exception:  # noqa: BLE001 - the gateway answers any with 503
            continue
        failed = [logged.call.operation for logged in faulty.log if logged.fault is not Fault.PASS]
        assert effect == "Deny" or set(failed) <= {"UpdateItem"}
        noted += failed == ["UpdateItem"]
    assert noted == 1


def proxy(signer: Signer) -> dict[str, object]:
    return gateway.proxy_event("GET", "/v1/payments", signer.v1(b""), b"")
