"""Static codes: one on a counter, many payments by it, each booked once and kept apart, whatever is lost, repeated or late."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from paycorex import clock
from payments import janitor
from payments.connectors import signatures
from payments.connectors.results import Unavailable
from payments.connectors.sandbox import codes as sandbox_codes
from payments.connectors.sandbox import payers
from payments.connectors.sandbox.codes import SandboxCodes
from payments.counter import incoming, look_ups, schedule, store
from payments.payment import settlement
from payments.payment.late_money import HELD
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SECRET = "a secret of the sandbox's callbacks"
TWICE, LOST = f"10.0{sandbox_codes.SENT_TWICE}", f"10.0{sandbox_codes.NEVER_SENT}"


@pytest.fixture
def who(who: Signer, world: World) -> Signer:
    support.settings(world, who, connectors={"sandbox": {"webhook_secret": SECRET}}, payee_vpa="chai@okbank", payee_name="Chai & Co")
    return who


def make(world: World, who: Signer, **more: Any) -> dict[str, Any]:
    made = world.call(who, "POST", "/v1/qr_codes", {"name": "Counter 1", **more})
    assert made.status == 201, made.raw
    code: dict[str, Any] = made.body
    return code


def scan(world: World, who: Signer, code: dict[str, Any], amount: str | None = "10.00", *, key: str | None = None) -> dict[str, Any]:
    body = {} if amount is None else {"amount": amount}
    paid = world.call(who, "POST", f"/v1/qr_codes/{code['qr_code_id']}/payments", body, key=key)
    assert paid.status == 201, paid.raw
    did: dict[str, Any] = paid.body
    return did


def off(world: World, who: Signer, code: dict[str, Any]) -> Reply:
    return world.call(who, "DELETE", f"/v1/qr_codes/{code['qr_code_id']}")


def of_code(world: World, who: Signer, code: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = world.call(who, "GET", f"/v1/qr_codes/{code['qr_code_id']}/payments{query}").body["data"]
    return listed


def report(world: World, who: Signer, code: dict[str, Any], *, secret: str = SECRET, **said: Any) -> Reply:
    """A callback of the sandbox about a payment by a code, as it would sign it."""
    content = {
        "qr_code_id": code["qr_code_id"],
        "code_reference": code["provider_reference"],
        "reference": "sbx_" + "b" * 26,
        "amount_minor": 1000,
        "currency": "INR",
        "paid_at": clock.now_ms(),
        **said,
    }
    body = json.dumps(content).encode()
    headers = [("Sandbox-Signature", signatures.timestamped(secret, body))]
    return world.send("POST", f"/v1/callbacks/sandbox/{who.merchant_id}", headers, body)


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends where money would be booked."""

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(settlement, "apply", die)
        with suppress(SystemExit):
            yield
            raise AssertionError("it went on")


def test_many_pay_by_one_code_and_each_payment_is_kept_apart(world: World, who: Signer) -> None:
    code = make(world, who, metadata={"counter": "1"})
    did = [scan(world, who, code, amount) for amount in ("10.00", "25.50", "10.00")]
    paid = of_code(world, who, code)
    assert [(one["payment_id"], one["amount"], one["status"]) for one in paid] == [
        (done["payment_id"], done["amount"], "success") for done in reversed(did)
    ]
    assert len({one["provider_reference"] for one in paid}) == len({one["payment_id"] for one in paid}) == 3
    assert {(one["method"], one["qr_code_id"], one["description"], one["metadata"]["counter"]) for one in paid} == {
        ("upi_intent", code["qr_code_id"], "Counter 1", "1")
    }
    assert support.balances(who) == (-4550, 0, 4550)
    assert support.findings() == []


def test_a_code_says_whom_it_pays_and_an_amount_only_where_it_is_fixed(world: World, who: Signer) -> None:
    for more, amount in (({}, None), ({"amount": "25.00"}, "25.00")):
        code = make(world, who, **more)
        said = {name: values[0] for name, values in parse_qs(urlsplit(code["upi_url"]).query).items()}
        assert (said["pa"], said["pn"], said.get("am"), said["cu"]) == ("chai@okbank", "Chai & Co", amount, "INR")
        assert said["tr"] == code["qr_code_id"].replace("_", "")
        assert (code["status"], code["amount"], code["closed_at"]) == ("active", amount, None)


def test_codes_are_listed_shown_and_kept_from_other_merchants(world: World, who: Signer) -> None:
    made = [make(world, who, name=f"Counter {number}") for number in range(3)]
    first = world.call(who, "GET", "/v1/qr_codes?limit=2").body
    rest = world.call(who, "GET", f"/v1/qr_codes?limit=2&cursor={first['next_cursor']}").body
    assert [*first["data"], *rest["data"]] == made[::-1]
    assert rest["next_cursor"] is None
    assert world.call(who, "GET", f"/v1/qr_codes/{made[0]['qr_code_id']}").body == made[0]
    other = world.register("Other")
    for suffix in ("", "/payments", "/qr.svg", "/qr.png"):
        assert world.call(other, "GET", f"/v1/qr_codes/{made[0]['qr_code_id']}{suffix}").status == 404
    assert world.call(other, "POST", f"/v1/qr_codes/{made[0]['qr_code_id']}/payments", {}).status == 404
    assert off(world, other, made[0]).status == 404


def test_payments_are_filtered_by_code_and_paged(world: World, who: Signer) -> None:
    code, other = make(world, who), make(world, who)
    for number in range(1, 4):
        scan(world, who, code, f"1{number}.00")
    scan(world, who, other)
    support.collect(world, who)
    named = world.call(who, "GET", f"/v1/payments?qr_code_id={code['qr_code_id']}").body["data"]
    assert [one["amount"] for one in named] == ["13.00", "12.00", "11.00"]
    path = f"/v1/qr_codes/{code['qr_code_id']}/payments"
    first = world.call(who, "GET", f"{path}?limit=2").body
    rest = world.call(who, "GET", f"{path}?limit=2&cursor={first['next_cursor']}").body
    assert [*first["data"], *rest["data"]] == named


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "x", "amount": "0"}, 400),
        ({"name": "x", "amount": "1.00", "currency": "USD"}, 422),
        ({"name": "x", "amount": "100000.01"}, 422),
        ({"name": "x", "color": "red"}, 400),
    ],
)
def test_a_code_that_could_not_be_paid_is_refused(world: World, who: Signer, body: dict[str, Any], status: int) -> None:
    with nothing_written(world, but_outcomes=True):
        assert world.call(who, "POST", "/v1/qr_codes", body).status == status


def test_a_request_that_is_sent_again_makes_one_code(world: World, who: Signer) -> None:
    made = [world.call(who, "POST", "/v1/qr_codes", {"name": "Counter 1"}, key="counter-1") for _ in range(2)]
    assert (made[0].status, made[1].status) == (201, 201)
    assert made[0].body == made[1].body
    assert len(world.call(who, "GET", "/v1/qr_codes").body["data"]) == 1
    assert_refused(world.call(who, "POST", "/v1/qr_codes", {"name": "Counter 2"}, key="counter-1"), "idempotency_key_reused")


def test_a_payer_of_a_fixed_code_types_nothing(world: World, who: Signer) -> None:
    code = make(world, who, amount="25.00")
    path = f"/v1/qr_codes/{code['qr_code_id']}/payments"
    assert_refused(world.call(who, "POST", path, {"amount": "1.00"}), "invalid_request")
    assert scan(world, who, code, None)["amount"] == "25.00"
    assert_refused(world.call(who, "POST", f"/v1/qr_codes/{make(world, who)['qr_code_id']}/payments", {}), "invalid_request")


def test_a_test_payment_that_is_asked_for_again_is_one(world: World, who: Signer) -> None:
    code = make(world, who)
    assert scan(world, who, code, key="payer-1") == scan(world, who, code, key="payer-1")
    assert len(of_code(world, who, code)) == 1


def test_a_callback_that_is_sent_twice_books_once(world: World, who: Signer) -> None:
    code = make(world, who)
    did = scan(world, who, code, TWICE)
    assert did["callbacks"] == 2
    (paid,) = of_code(world, who, code)
    assert (paid["payment_id"], paid["status"], paid["late_money"]) == (did["payment_id"], "success", [])
    assert support.balances(who) == (-1006, 0, 1006)


def test_callbacks_at_once_book_once(world: World, who: Signer) -> None:
    code = make(world, who)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: report(world, who, code).status, range(16)))
    assert set(answers) <= {200, 503}
    assert report(world, who, code).body["applied"] is True
    assert [one["status"] for one in of_code(world, who, code)] == ["success"]
    assert support.balances(who) == (-1000, 0, 1000)
    assert support.findings() == []


def test_a_callback_that_never_came_is_found_by_asking(world: World, who: Signer) -> None:
    code = make(world, who)
    scan(world, who, code)
    did = scan(world, who, code, LOST)
    assert (did["callbacks"], did["payment_id"]) == (0, None)
    support.tick(world, after_seconds=schedule.LOOK_SECONDS + 1)
    assert [(one["amount"], one["status"]) for one in of_code(world, who, code)] == [("10.07", "success"), ("10.00", "success")]
    # What is asked for again changes nothing.
    before = [one["version"] for one in of_code(world, who, code)]
    support.tick(world, after_seconds=schedule.LOOK_SECONDS + 1)
    assert [one["version"] for one in of_code(world, who, code)] == before
    assert support.balances(who) == (-2007, 0, 2007)


def test_more_than_one_answer_holds_is_found_in_parts(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_codes, "PAGE", 3)
    code = make(world, who)
    for _ in range(10):
        scan(world, who, code, LOST)
        world.clock.now += 20
    scanned = clock.now_ms()
    for _ in range(40):
        support.tick(world, after_seconds=60)
    assert len(of_code(world, who, code)) == 10
    found = store.find(code["qr_code_id"])
    assert found is not None
    assert int(found.listed_until) >= scanned
    assert support.balances(who) == (-10070, 0, 10070)


def test_a_kill_between_the_payment_and_its_money_is_finished_by_the_janitor(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make(world, who)
    with killed(monkeypatch):
        scan(world, who, code)
    assert [one["status"] for one in of_code(world, who, code)] == ["pending"]
    support.tick(world, after_seconds=incoming.LOOK_SECONDS + 1)
    assert [one["status"] for one in of_code(world, who, code)] == ["success"]
    assert support.balances(who) == (-1000, 0, 1000)


def test_a_kill_of_late_money_is_finished_by_the_janitor(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = make(world, who)
    off(world, who, code)
    world.clock.now += 1
    with killed(monkeypatch):
        scan(world, who, code)
    assert [(one["status"], one["late_money"]) for one in of_code(world, who, code)] == [("failed", [])]
    support.tick(world, after_seconds=incoming.LOOK_SECONDS + 1)
    assert [one["late_money"][0]["status"] for one in of_code(world, who, code)] == [HELD]
    assert support.balances(who) == (-1000, 1000, 0)


# What comes, by the status of the code. A document of the same shape is in docs/guides/counter.md.
CELLS = [
    ("active", "paid", "success"),
    ("active", "switched off", 200),
    ("active", "listed", "success"),
    ("active", "paid otherwise", "held"),
    ("inactive", "paid", "late"),
    ("inactive", "paid before", "success"),
    ("inactive", "switched off", 409),
    ("inactive", "listed", "late"),
    ("inactive", "paid otherwise", "late"),
]


@pytest.mark.parametrize(("status", "news", "outcome"), CELLS)
def test_each_cell_of_the_table_of_codes(world: World, who: Signer, status: str, news: str, outcome: str | int) -> None:
    fixed = news == "paid otherwise"
    code = make(world, who, **({"amount": f"10.0{payers.PAYS_LESS}"} if fixed else {}))
    before = clock.now_ms()
    if status == "inactive":
        world.clock.now += 5
        assert off(world, who, code).body["status"] == "inactive"
        world.clock.now += 5
    match news:
        case "switched off":
            assert off(world, who, code).status == outcome
            return
        case "paid before":
            report(world, who, code, paid_at=before)
        case "listed":
            scan(world, who, code, LOST)
            support.tick(world, after_seconds=schedule.OFF_LOOK_SECONDS + 1)
        case _:
            scan(world, who, code, None if fixed else "10.00")
    (paid,) = of_code(world, who, code)
    if outcome == "success":
        assert (paid["status"], paid["late_money"]) == ("success", [])
        return
    (late,) = paid["late_money"]
    came = "10.04" if fixed else "10.07" if news == "listed" else "10.00"
    assert (late["status"], late["amount"]) == (HELD, came)
    expected = ("pending", None) if outcome == "held" else ("failed", incoming.INACTIVE_CODE)
    assert (paid["status"], paid["failure_code"]) == expected
    assert support.balances(who)[1:] == (int(came.replace(".", "")), 0)
    assert support.findings() == []


def test_late_money_of_a_code_is_accepted_or_given_back(world: World, who: Signer) -> None:
    code = make(world, who)
    off(world, who, code)
    world.clock.now += 1
    paid = [scan(world, who, code)["payment_id"] for _ in range(2)]
    for payment_id, action in zip(paid, ("accept", "refund"), strict=True):
        assert world.call(who, "POST", f"/v1/payments/{payment_id}/late", {"action": action}).status in {200, 201}
    support.settle_all(world)
    assert support.show(world, who, paid[0])["status"] == "success"
    assert support.show(world, who, paid[1])["late_money"][0]["status"] == "refunded"
    assert support.balances(who) == (-1000, 0, 1000)
    assert support.findings() == []


def test_a_payment_by_a_code_is_given_back(world: World, who: Signer) -> None:
    payment_id = scan(world, who, make(world, who))["payment_id"]
    assert world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"}).status == 201
    support.settle_all(world)
    shown = support.show(world, who, payment_id)
    assert (shown["amount_refunded"], shown["refund_status"]) == ("4.00", "partial")
    assert support.balances(who) == (-600, 0, 600)


def test_a_payer_who_declines_pays_nothing(world: World, who: Signer) -> None:
    code = make(world, who)
    did = scan(world, who, code, f"10.0{payers.DECLINES}")
    assert (did["declined"], did["payment_id"], did["callbacks"]) == (True, None, 0)
    assert of_code(world, who, code) == []


@pytest.mark.parametrize(
    "said",
    [
        {"qr_code_id": "qrc_" + "z" * 26},
        {"code_reference": "sbxq_other"},
    ],
)
def test_money_by_a_code_that_is_not_known_is_applied_to_nothing(world: World, who: Signer, said: dict[str, str]) -> None:
    code = make(world, who)
    assert report(world, who, code, **said).body["applied"] is False
    assert of_code(world, who, code) == []


def test_another_merchants_callback_pays_no_code_of_ours(world: World, who: Signer) -> None:
    code, other = make(world, who), world.register("Other")
    support.settings(world, other, connectors={"sandbox": {"webhook_secret": SECRET}})
    assert report(world, other, code).body["applied"] is False
    assert of_code(world, who, code) == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"amount_minor": 0}, 400),
        ({"amount_minor": -5}, 400),
        ({"amount_minor": "1000"}, 400),
        ({"amount_minor": 10**18}, 400),
        ({"currency": "XXX"}, 400),
        ({"paid_at": 0}, 400),
        ({"reference": "a" * 129}, 400),
        ({"secret": "another secret"}, 401),
    ],
)
def test_a_callback_that_cannot_be_booked_changes_nothing(world: World, who: Signer, said: dict[str, Any], status: int) -> None:
    code = make(world, who)
    with nothing_written(world):
        assert report(world, who, code, **said).status == status


def test_one_money_that_is_reported_by_two_codes_is_booked_once(world: World, who: Signer) -> None:
    first, second = make(world, who), make(world, who)
    assert report(world, who, first).status == 200
    assert report(world, who, second).body["applied"] is False
    assert of_code(world, who, second) == []
    assert support.balances(who) == (-1000, 0, 1000)


def test_money_in_another_currency_is_no_success_of_a_code(world: World, who: Signer) -> None:
    code = make(world, who)
    assert report(world, who, code, currency="USD").body["applied"] is True
    (paid,) = of_code(world, who, code)
    assert (paid["status"], paid["failure_code"]) == ("failed", incoming.OTHER_CURRENCY)
    assert [(late["amount"], late["currency"], late["status"]) for late in paid["late_money"]] == [("10.00", "USD", HELD)]
    assert support.balances(who) == (0, 0, 0)
    assert support.findings() == []


def test_a_payment_that_is_reported_again_in_another_currency_is_to_be_looked_at(world: World, who: Signer) -> None:
    code = make(world, who)
    for currency in ("INR", "USD"):
        assert report(world, who, code, currency=currency).body["applied"] is True
    (paid,) = of_code(world, who, code)
    assert (paid["status"], paid["amount"], paid["currency"], paid["late_money"]) == ("success", "10.00", "INR", [])
    assert paid["review"] is not None
    assert support.balances(who) == (-1000, 0, 1000)


def test_a_provider_that_does_not_answer_makes_no_code_and_stops_no_other(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, other = make(world, who), make(world, who)
    scan(world, who, other, LOST)
    listed = SandboxCodes.payments_of_code

    def away(self: SandboxCodes, known: Any, *times: int) -> Any:
        return Unavailable("away") if known.qr_code_id == code["qr_code_id"] else listed(self, known, *times)

    monkeypatch.setattr(SandboxCodes, "payments_of_code", away)
    monkeypatch.setattr(SandboxCodes, "open_code", lambda *_: Unavailable("away"))
    assert_refused(world.call(who, "POST", "/v1/qr_codes", {"name": "x"}), "provider_unavailable")
    assert len(world.call(who, "GET", "/v1/qr_codes").body["data"]) == 2
    support.tick(world, after_seconds=schedule.LOOK_SECONDS + 1)
    assert len(of_code(world, who, other)) == 1
    found = store.find(code["qr_code_id"])
    assert found is not None
    assert found.due_at is not None


def test_a_code_that_its_provider_did_not_close_is_closed_later(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = make(world, who)
    with monkeypatch.context() as patched:
        patched.setattr(SandboxCodes, "close_code", lambda *_: Unavailable("away"))
        assert off(world, who, code).status == 200
        support.tick(world, after_seconds=1)
    found = store.find(code["qr_code_id"])
    assert found is not None
    assert found.is_open_there
    for _ in range(90):
        support.tick(world, after_seconds=schedule.OFF_LOOK_SECONDS + 1)
    after = store.find(code["qr_code_id"])
    assert after is not None
    # Closed, and after three days no one asks any more.
    assert not after.is_open_there
    assert after.due_at is None


def test_the_look_of_a_code_that_changes_meanwhile_is_done_again(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = make(world, who)
    item = store.find(code["qr_code_id"])
    assert item is not None
    off(world, who, code)
    look_ups.look_at(item)
    after = store.find(code["qr_code_id"])
    assert after is not None
    assert (after.status, after.version) == ("inactive", 2)
    assert janitor.run(may_go_on=lambda: True).failed == 0


def test_a_real_code_is_paid_by_no_test_payer(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = make(world, who)
    monkeypatch.setattr("payments.routes.qr_codes.has_sandbox", lambda merchant_id: False)
    path = f"/v1/qr_codes/{code['qr_code_id']}/payments"
    assert_refused(world.call(who, "POST", path, {"amount": "1.00"}), "invalid_state")
