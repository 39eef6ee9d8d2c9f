"""The trial payment: what it shows on a healthy stack, and that each way of being ill is noticed."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from operations import trial_payment
from operations.trial_payment import Credentials, Trial, TrialFailed
from paycorex import cli, clock, parameters
from paycorex.ledger.proof import proof_key
from tests.support.rollups import stream
from tests.support.world import World

type Answer = tuple[int, Mapping[str, str], bytes]


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def credentials(world: World) -> Credentials:
    assert cli.main(["admin", "check-merchant"]) == 0
    return Credentials.parse(parameters.read("check-merchant"))


class Stack:
    """The world's doors behind the trial's transport; `change` may spoil an answer by its path."""

    def __init__(self, world: World, change: Callable[[str, Answer], Answer] = lambda _path, answer: answer) -> None:
        self.world = world
        self.change = change
        self.sent: list[tuple[str, str]] = []

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.sent.append((method, path))
        reply = self.world.send(method, path, list(headers.items()), body)
        return self.change(path, (reply.status, reply.headers, reply.raw))


def seal(world: World) -> None:
    """What the stream and the sealing's schedule do meanwhile."""
    from dashboard import rollup_door
    from operations import checkpoint_door

    rollup_door.handler({"Records": stream(world)}, None)
    checkpoint_door.handler({}, None)


def sealed_while_waiting(world: World) -> None:
    """Waiting gives the schedule time to run."""

    def sleep(seconds: float) -> None:
        world.clock.sleep(seconds)
        seal(world)

    clock.use_sleeper(sleep)


def run(world: World, credentials: Credentials, stack: Stack, *, wait: float = 240.0) -> Trial:
    key = proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()
    return trial_payment.run(stack, credentials, public_key_pem=key, wait_for_proof_seconds=wait)


def test_a_payment_is_made_once_and_proven(world: World, credentials: Credentials) -> None:
    sealed_while_waiting(world)
    first = run(world, credentials, Stack(world))
    assert first.is_proven
    assert first.proof_seconds >= 5
    second = run(world, credentials, Stack(world))
    assert second.payment_id != first.payment_id
    assert sum(item["payment_id"]["S"] in {first.payment_id, second.payment_id} for item in world.dump()["test-payments"]) == 2


def test_a_proof_that_does_not_come_in_time_is_said_and_is_no_failure(world: World, credentials: Credentials) -> None:
    trial = run(world, credentials, Stack(world), wait=30)
    assert (trial.is_proven, trial.proof_seconds <= 30) == (False, True)


def answered(path_end: str, code: int, **fields: Any) -> Callable[[str, Answer], Answer]:
    def change(path: str, answer: Answer) -> Answer:
        if not path.endswith(path_end):
            return answer
        content = json.loads(answer[2]) | fields
        return code, answer[1], json.dumps(content).encode()

    return change


ILL = {
    "a top-up": answered("/topup", 503),
    "a payment": answered("/payments/create", 201, status="failed"),
    "a wallet": answered("/wallet/create", 500),
}


@pytest.mark.parametrize("step", sorted(ILL))
def test_a_step_that_is_answered_otherwise_is_named(world: World, credentials: Credentials, step: str) -> None:
    with pytest.raises(TrialFailed) as failed:
        run(world, credentials, Stack(world, ILL[step]))
    assert failed.value.step == step
    assert credentials.secret not in str(failed.value)


def test_a_repetition_that_pays_again_is_noticed(world: World, credentials: Credentials) -> None:
    numbers = iter(["pay_1", "pay_2"])

    def change(path: str, answer: Answer) -> Answer:
        if not path.endswith("/payments/create"):
            return answer
        return 201, {}, json.dumps({"status": "success", "payment_id": next(numbers)}).encode()

    with pytest.raises(TrialFailed, match="another payment"):
        run(world, credentials, Stack(world, change))


def test_a_stack_that_takes_any_signature_is_noticed(world: World, credentials: Credentials) -> None:
    def change(path: str, answer: Answer) -> Answer:
        return (200, answer[1], b"{}") if answer[0] == 401 else answer

    with pytest.raises(TrialFailed, match="a forged signature"):
        run(world, credentials, Stack(world, change))


def test_a_proof_of_another_key_is_refused(world: World, credentials: Credentials) -> None:
    sealed_while_waiting(world)
    other = world.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    key = proof_key.pem(proof_key.public_key(other)).encode()
    with pytest.raises(TrialFailed, match="not signed with this key"):
        trial_payment.run(Stack(world), credentials, public_key_pem=key, wait_for_proof_seconds=240)


def test_the_reserved_merchant_is_made_once_and_its_secret_is_nowhere_but_in_the_parameter(
    world: World, credentials: Credentials, capsys: pytest.CaptureFixture[str]
) -> None:
    before = world.dump()
    assert cli.main(["admin", "check-merchant"]) == 0
    assert world.dump() == before
    assert cli.main(["admin", "check-merchant", "--renew"]) == 0
    assert Credentials.parse(parameters.read("check-merchant")).secret != credentials.secret
    said = capsys.readouterr()
    assert credentials.secret not in said.out + said.err + str(world.dump())


@pytest.mark.parametrize("text", ["", "[]", '{"api_key":"x"}', '{"api_key":1,"secret":"x"}'])
def test_credentials_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not readable|Expecting value"):
        Credentials.parse(text)
