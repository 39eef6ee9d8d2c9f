"""Nothing of an instrument shows up anywhere but sealed: every route, every error path, at DEBUG."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import redaction
from tests.fakes.faults import Fault, FaultyClient, Nth
from tests.support.world import Signer, World
from tests.unit.tokens.vault_calls import (
    BANK,
    BODIES,
    CANARIES,
    CARD,
    CODE,
    HOLDER,
    IBAN,
    INDIAN,
    PAN,
    SPACED,
    UPI,
    VPA,
    Answers,
    found_in,
    kept,
    overwrite,
    post,
    reveal,
    rotate,
    row,
)
from tokens import door, store, vault
from tokens.failures import TokenUnusable


def test_the_search_finds_what_it_looks_for(world: World, logs: io.StringIO) -> None:
    """The search itself: a canary is found in every spelling, so finding none means something."""
    for text in (f"x{PAN}x", PAN[::-1], PAN.encode().hex(), "eHg0MTExMTExMTExMTExMTEx"):
        assert found_in(text, [PAN]) == [PAN], text


def test_every_route_leaves_no_trace_of_the_instrument(world: World, merchant: Signer, everywhere: Callable[[Answers], str]) -> None:
    """Acceptance 16 and 25, success path: all routes, a reveal, a rotation, a deletion, under both signature schemes."""
    answers: Answers = []
    for body in BODIES:
        made = post(world, merchant, body)
        token_id = made.body["token_id"]
        answers += [made, post(world, merchant, body, scheme="v1")]
        answers += [post(world, merchant, body, key=body["type"]) for _ in range(2)]
        vault.reveal(merchant.merchant_id, token_id, purpose="charge", payment_id="pay_x")
        rotate()
        answers += [world.call(merchant, "GET", f"/v1/tokens/{token_id}"), world.call(merchant, "GET", "/v1/tokens?user_id=u1")]
        answers += [world.call(merchant, "DELETE", f"/v1/tokens/{token_id}"), post(world, merchant, body)]
    assert {answer.status for answer in answers} == {200, 201, 409}
    assert found_in(everywhere(answers), CANARIES) == []


RAW = json.dumps(CARD).encode()
MALFORMED = [
    RAW[:-1],
    b"[" + RAW + b"]",
    RAW.replace(b'"type"', b'"number"'),
    RAW.replace(b"{", b'{"number": "x", ', 1),
    RAW * 2000,
    b"\xff" + RAW,
]
INVALID: list[dict[str, Any]] = [
    *({**CARD, field: CODE} for field in ("cvv", "cvc", "security_code")),
    {**CARD, "number": PAN + "1"},
    {**CARD, "number": int(PAN)},
    {**CARD, "expiry_year": 2001},
    {**CARD, "type": PAN},
    {**CARD, "unknown": PAN},
    {**CARD, PAN: 1},
    {**CARD, "holder": PAN},
    {**UPI, "vpa": VPA + "@x"},
    {**UPI, VPA: 1},
    {**BANK, "iban": IBAN[:-1] + "1"},
    {**BANK, IBAN: 1},
    {**INDIAN, "ifsc": "HDFC1001234"},
]


def test_no_refusal_repeats_the_instrument(world: World, merchant: Signer, everywhere: Callable[[Answers], str]) -> None:
    """Acceptance 25, 4xx paths."""
    answers = [post(world, merchant, body) for body in [*INVALID, *MALFORMED]]
    forged = Signer(merchant.api_key, "sk_wrong", merchant.merchant_id, merchant.key_id)
    answers.append(post(world, forged, CARD))
    for path in (PAN, VPA, IBAN, SPACED.replace(" ", "-")):
        answers += [world.call(merchant, method, f"/v1/tokens/{path}") for method in ("GET", "DELETE")]
    answers.append(world.call(merchant, "GET", f"/v1/tokens?user_id=u1&cursor={PAN}"))
    post(world, merchant, CARD, key="taken")
    answers.append(post(world, merchant, UPI, key="taken"))
    assert {answer.status for answer in answers} == {400, 401, 404, 409, 413}
    assert found_in(everywhere(answers), CANARIES) == []


@pytest.mark.parametrize("service", ["dynamodb", "kms"])
def test_no_outage_shows_the_instrument(service: str, world: World, merchant: Signer, everywhere: Callable[[Answers], str]) -> None:
    """Acceptance 25, 503 and timeout paths: each AWS call of a create and of a delete fails once, in every way."""
    answers: Answers = []
    faults = (Fault.THROTTLED, Fault.COMMIT_THEN_TIMEOUT, Fault.NO_ENDPOINT, Fault.INTERNAL_ERROR)
    for fault in faults:
        for place in range(1, 12):
            world.restart()
            faulty = FaultyClient(world.dynamo if service == "dynamodb" else world.kms, Nth(place, fault), service=service)
            world.install(faulty if service == "dynamodb" else world.dynamo, faulty if service == "kms" else world.kms, world.sqs)
            made = post(world, merchant, {**CARD, "holder": HOLDER}, key=f"{fault}{place}")
            answers.append(made)
            if made.status < 300:
                answers.append(world.call(merchant, "DELETE", f"/v1/tokens/{made.body['token_id']}"))
    assert 503 in {answer.status for answer in answers}
    assert {answer.status for answer in answers} <= {200, 201, 503}
    assert found_in(everywhere(answers), CANARIES) == []


def test_no_bug_shows_the_instrument(
    world: World, merchant: Signer, everywhere: Callable[[Answers], str], monkeypatch: pytest.MonkeyPatch, logs: io.StringIO
) -> None:
    """Acceptance 25, 500 path: an exception whose text is the card number, and a line that logs one in any field."""

    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError(f"cannot handle {PAN} of {VPA} ({HOLDER})")

    monkeypatch.setattr(store, "find_slot", broken)
    failed = post(world, merchant, {**CARD, "holder": HOLDER})
    assert (failed.status, failed.code) == (500, "internal_error")
    logger = door.app._log._logger
    logger.debug("card %s", SPACED, extra={"anything": {"deep": [VPA, {IBAN: int(PAN)}]}, "cvv": CODE})
    try:
        broken()
    except RuntimeError as error:
        logger.debug("failed", extra={"error": error})
    leaked = found_in(everywhere([failed]), [canary for canary in CANARIES if canary != HOLDER])
    assert leaked == []
    assert all(isinstance(json.loads(line), dict) for line in logs.getvalue().splitlines())


def test_a_refused_reveal_shows_nothing(world: World, merchant: Signer, everywhere: Callable[[Answers], str]) -> None:
    token_id, other = kept(world, merchant, CARD), kept(world, merchant, UPI)
    overwrite(world, {**row(world, token_id), "sealed": row(world, other)["sealed"]})
    with pytest.raises(TokenUnusable) as refused:
        reveal(merchant.merchant_id, token_id)
    assert found_in(everywhere([]) + repr(refused.value) + repr(refused.value.details), CANARIES) == []


@pytest.mark.parametrize("asked", [logging.NOTSET, logging.DEBUG, logging.INFO])
def test_libraries_log_warnings_only_whatever_is_asked(asked: int) -> None:
    """botocore prints bodies at DEBUG, and KMS answers with data keys in the clear; at INFO it puts lines beside a request's one."""
    logging.getLogger("botocore").setLevel(asked)
    redaction.guard_root()
    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.INFO)
    assert logging.getLogger("botocore.endpoint").isEnabledFor(logging.WARNING)
