"""Cards by the name that a processor's own fields give in the payer's browser: claimed for a payment before they are charged, once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import safe_http, storage
from payments.connectors.prism import processors
from payments.methods import named_cards
from payments.payer_page import named_fields
from payments.payer_page.parts import part
from tests.fakes.faults import Killed
from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.fake import FakeProcessor
from tests.integration.payments.processors.test_certified import PAYER, post_callback, server
from tests.integration.payments.processors.test_certified_fields import begin
from tests.integration.payments.test_payer_access import follow
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
PLAYED = [kind for kind in fake.every() if processors.of(kind.name).names is not None]
every = pytest.mark.parametrize("kind", PLAYED, ids=[kind.name for kind in PLAYED])
# Of which the payer's browser brings a new name for each card.
FREE = [kind for kind in PLAYED if (names := processors.of(kind.name).names) is not None and names.own is None]
free = pytest.mark.parametrize("kind", FREE, ids=[kind.name for kind in FREE])


def begun(world: World, who: Signer, server: FakeProcessor, **more: Any) -> dict[str, Any]:
    made = begin(world, who, server, **more)
    assert made.status == 201, made.raw
    payment: dict[str, Any] = made.body
    return payment


def bring(world: World, payment: dict[str, Any], name: str, *, payer: dict[str, Any] | None = None) -> Reply:
    """What our page does once the processor's script gave the name."""
    kind = payment["next_action"]["provider"].removeprefix("prism:")
    names = processors.of(kind).names
    more = {"payer": payer or PAYER} if names is not None and names.wants else {}
    return follow(world, payment, "/look", "POST", json.dumps({"card_name": name, **more}).encode())


def name_of(server: FakeProcessor, payment: dict[str, Any]) -> str:
    """The name that the payer's browser brings for an approved card."""
    names = processors.of(server.name).names
    assert names is not None
    if names.own is None:
        return "name_of_approved"
    if names.is_order:
        server.confirm(server.payments[payment["next_action"][names.own].removeprefix("O")])
    return str(payment["next_action"][names.own])


def status(world: World, who: Signer, payment: dict[str, Any]) -> str:
    return str(support.show(world, who, payment["payment_id"])["status"])


def charged(server: FakeProcessor) -> list[int]:
    return [taken.captured for taken in server.payments.values() if taken.captured]


@every
def test_nothing_is_charged_before_the_browser_brings_a_name(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    action = payment["next_action"]
    assert (payment["status"], action["type"], action["provider"]) == ("pending", "provider_fields", f"prism:{server.name}")
    # The script of some wants to know whose it is.
    secrets = {name: text for name, text in server.credentials.items() if len(text) > 4 and name not in {"merchant_id", "merchant_site_id"}}
    assert not [name for name, secret in secrets.items() if secret in str(payment)]
    asked = len(server.requests)
    assert follow(world, payment, "/look", "POST", b"{}").body["status"] == "pending"
    support.tick(world, after_seconds=120)
    assert (status(world, who, payment), charged(server), len(server.requests)) == ("pending", [], asked)
    support.tick(world, after_seconds=1801)
    for _ in range(2):
        support.tick(world, after_seconds=600)
    assert (status(world, who, payment), charged(server), len(server.requests)) == ("failed", [], asked)


@every
def test_the_name_is_charged_once_and_kept_nowhere(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    answers = [bring(world, payment, name) for _ in range(3)]
    assert [(answer.status, answer.body["status"]) for answer in answers] == [(200, "success")] * 3, answers[0].raw
    (taken,) = server.payments.values()
    assert (taken.captured, taken.currency, taken.ours) == (1234, server.currency, payment["payment_id"])
    found = support.show(world, who, payment["payment_id"])
    assert (found["provider_reference"], found["late_money"], len(found["attempts"])) == (taken.reference, [], 1)
    if processors.of(server.name).names.own is None:  # type: ignore[union-attr]  # each that is played has some
        assert name not in str(world.dump())


@every
def test_what_the_name_holds_is_captured_by_the_merchant(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server, order={"capture_method": "manual"})
    assert bring(world, payment, name_of(server, payment)).body["status"] == "authorized"
    assert charged(server) == []
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {}).status == 201
    assert charged(server) == [1234]


@free
def test_a_name_pays_one_payment_only(world: World, who: Signer, server: FakeProcessor) -> None:
    first, second = begun(world, who, server), begun(world, who, server)
    assert bring(world, first, "name_of_approved").body["status"] == "success"
    refused = bring(world, second, "name_of_approved")
    assert (refused.status, refused.code) == (409, "conflict"), refused.raw
    assert (status(world, who, second), charged(server)) == ("pending", [1234])


@pytest.mark.parametrize("kind", FREE[:1], ids=[kind.name for kind in FREE[:1]])
def test_names_are_brought_a_few_times_a_minute(world: World, who: Signer, server: FakeProcessor) -> None:
    first, second = begun(world, who, server), begun(world, who, server)
    assert bring(world, first, "name_of_approved").body["status"] == "success"
    refused = [bring(world, second, "name_of_approved").status for _ in range(named_cards.TRIES.times + 1)]
    assert (set(refused[:-1]), refused[-1]) == ({409}, 429)


@free
def test_a_card_that_is_declined_ends_the_payment(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    refused = bring(world, payment, "name_of_declined").body
    assert (refused["status"], refused["failure_code"]) == ("failed", "card_declined")
    assert bring(world, payment, "name_of_approved").body["status"] == "failed"
    assert charged(server) == []


@pytest.mark.parametrize("kind", [kind for kind in PLAYED if kind not in FREE], ids=lambda kind: kind.name)
def test_a_name_that_was_made_for_another_payment_is_refused(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    asked = len(server.requests)
    refused = bring(world, payment, "made_for_another")
    assert (refused.status, refused.code) == (400, "invalid_request"), refused.raw
    assert (status(world, who, payment), len(server.requests)) == ("pending", asked)


@every
@pytest.mark.parametrize("when", ["lost", "killed before", "killed after"])
def test_a_charge_whose_outcome_is_unknown_is_looked_up_and_never_made_again(
    world: World, who: Signer, server: FakeProcessor, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = begun(world, who, server)
    name, known = name_of(server, payment), processors.of(server.name)
    is_order = known.names is not None and known.names.is_order
    place = server.pays_orders_at if is_order else server.charges_at
    send, before = safe_http.send, len(server.asked(place))
    if when == "lost":
        server.trouble[place], server.acts = CutMidBody(), True
        assert bring(world, payment, name).body["status"] == "processing"
    else:

        def killed(method: str, url: str, *arguments: Any, **named: Any) -> Any:
            is_charge = place in url or place.encode() in (arguments[1] if len(arguments) > 1 else named.get("body", b""))
            if is_charge and when == "killed before":
                raise Killed("before the processor was asked")
            answer = send(method, url, *arguments, **named)
            if is_charge:
                raise Killed("after the processor acted")
            return answer

        with monkeypatch.context() as patch:
            patch.setattr(safe_http, "send", killed)
            with pytest.raises(Killed):
                bring(world, payment, name)
        assert status(world, who, payment) == "processing"
    assert bring(world, payment, name).body["status"] == "processing"
    for _ in range(3):
        support.tick(world, after_seconds=300)
    took = charged(server)
    if when == "killed before" and not is_order:
        assert took == []
        assert len(server.asked(place)) == before
    else:
        assert took == [1234]
    finds = is_order or ("get" in known.finds and when != "killed before")
    assert status(world, who, payment) == ("success" if finds else "processing")


@every
def test_two_requests_of_one_page_charge_once(world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = begun(world, who, server)
    name, transact, inner = name_of(server, payment), storage.transact, list[Reply]()

    def overtaken(writes: Any) -> None:
        if not inner:
            inner.append(Reply(0, {}, b""))
            inner[0] = bring(world, payment, name)
        transact(writes)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "transact", overtaken)
        assert bring(world, payment, name).body["status"] == "success"
    assert inner[0].body["status"] == "success"
    assert charged(server) == [1234]


@every
def test_a_claim_whose_own_answer_was_lost_charges_once(
    world: World, who: Signer, server: FakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = begun(world, who, server)
    name, transact, lost = name_of(server, payment), storage.transact, list[int]()

    def without_answer(writes: Any) -> None:
        transact(writes)
        if not lost:
            lost.append(1)
            raise storage.OutcomeUnknown

    with monkeypatch.context() as patch:
        patch.setattr(storage, "transact", without_answer)
        assert bring(world, payment, name).body["status"] == "success"
    assert (lost, charged(server)) == ([1], [1234])


@every
def test_a_payment_that_was_canceled_claims_no_name(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    name = name_of(server, payment)
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {}).status == 200
    assert bring(world, payment, name).body["status"] == "failed"
    for _ in range(2):
        support.tick(world, after_seconds=600)
    assert charged(server) == []


# Whose order is approved in the payer's browser, and paid by a call of its own. A callback says so.
ORDERS = [
    kind for kind in PLAYED if (names := processors.of(kind.name).names) is not None and names.is_order and "callback" in kind.certifies
]
orders = pytest.mark.parametrize("kind", ORDERS, ids=[kind.name for kind in ORDERS])


def approved(world: World, who: Signer, server: FakeProcessor, *, secret: str | None = None) -> Reply:
    """The processor's callback: the payer approved the only order."""
    return post_callback(world, who, server, "taken", secret=secret)


@orders
@pytest.mark.parametrize("method", ["automatic", "manual"])
def test_a_payer_who_closes_the_page_after_approving_has_paid(world: World, who: Signer, server: FakeProcessor, method: str) -> None:
    payment = begun(world, who, server, order={"capture_method": method})
    name = name_of(server, payment)
    (taken,) = server.payments.values()
    callback = server.callback(taken, "taken")
    sent = [world.send("POST", f"/v1/callbacks/prism:{server.name}/{who.merchant_id}", *callback).body for _ in range(2)]
    assert sent == [{"received": True, "applied": True}] * 2
    wanted = ("success", [1234]) if method == "automatic" else ("authorized", [])
    assert (status(world, who, payment), charged(server)) == wanted
    assert bring(world, payment, name).body["status"] == wanted[0]
    found = support.show(world, who, payment["payment_id"])
    assert (charged(server), found["late_money"], len(found["attempts"])) == (wanted[1], [], 1)


@orders
@pytest.mark.parametrize("first", ["browser", "callback"])
def test_the_browser_and_the_callback_together_charge_once(
    world: World, who: Signer, server: FakeProcessor, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes just before the first one's claim is written."""
    payment = begun(world, who, server)
    name, transact, inner = name_of(server, payment), storage.transact, list[Reply]()
    ways: list[Callable[[], Reply]] = [lambda: bring(world, payment, name), lambda: approved(world, who, server)]
    outside, inside = ways if first == "browser" else ways[::-1]

    def overtaken(writes: Any) -> None:
        if not inner:
            inner.append(Reply(0, {}, b""))
            inner[0] = inside()
        transact(writes)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "transact", overtaken)
        replies = [outside(), *inner]
    assert [reply.status for reply in replies] == [200, 200]
    assert (status(world, who, payment), charged(server)) == ("success", [1234])
    assert len(server.asked("/capture")) == 1
    assert support.show(world, who, payment["payment_id"])["late_money"] == []


@orders
def test_a_callback_pays_no_order_but_the_payments_own(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    name_of(server, payment)
    assert approved(world, who, server, secret="00" * 32).status == 401
    (taken,) = server.payments.values()
    reference, taken.reference = taken.reference, "9" * 17
    server.holds[taken.reference] = False  # type: ignore[attr-defined]  # each that is played has some
    assert approved(world, who, server).status == 200
    taken.reference = reference
    assert (status(world, who, payment), server.asked("/capture")) == ("pending", [])
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {}).status == 200
    assert approved(world, who, server).status == 200
    assert (status(world, who, payment), charged(server)) == ("failed", [])


@orders
def test_a_callback_whose_charge_has_no_answer_is_looked_up(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    name_of(server, payment)
    server.trouble["/capture"], server.acts = CutMidBody(), True
    assert approved(world, who, server).status == 200
    assert status(world, who, payment) == "processing"
    support.tick(world, after_seconds=300)
    assert (status(world, who, payment), charged(server)) == ("success", [1234])


WANTING = [kind for kind in PLAYED if (names := processors.of(kind.name).names) is not None and names.wants_key]


@pytest.mark.parametrize("kind", WANTING, ids=[kind.name for kind in WANTING])
def test_without_a_key_for_the_browser_nothing_is_begun(world: World, who: Signer, server: FakeProcessor) -> None:
    refused = begin(world, who, server, publishable_key=None)
    assert refused.code == "provider_configuration", refused.raw
    assert server.payments == {}


@every
def test_a_payer_is_not_asked_to_keep_a_card_where_the_processor_keeps_none(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server, order={"save": True, "user_id": "asha"})
    page = follow(world, payment).raw.decode()
    assert 'id="fields"' in page
    assert 'id="keep"' not in page
    assert bring(world, payment, name_of(server, payment)).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["token_id"] is None


ASKING = [kind for kind in PLAYED if (names := processors.of(kind.name).names) is not None and names.wants]


@pytest.mark.parametrize("kind", ASKING, ids=[kind.name for kind in ASKING])
def test_a_payer_of_whom_too_little_is_known_claims_no_name(world: World, who: Signer, server: FakeProcessor) -> None:
    payment = begun(world, who, server)
    refused = bring(world, payment, "name_of_approved", payer={"name": "Asha Rao"})
    names = processors.of(server.name).names
    assert names is not None
    assert (refused.status, refused.body["error"]["details"]["missing"]) == (400, [field for field in names.wants if field != "name"])
    assert (status(world, who, payment), charged(server)) == ("pending", [])
    assert bring(world, payment, "name_of_approved").body["status"] == "success"
    assert "asha@shop.example" not in str(world.dump())


def test_each_has_its_script_on_the_payers_page_in_test_and_live_mode() -> None:
    played = {f"prism:{kind.name}" for kind in PLAYED}
    for fields in (named_fields.TEST, named_fields.LIVE):
        assert set(fields) == played
        for each in fields.values():
            assert (part_of(each.script), each.gives_name) == (True, True)
            assert set(each.sources) <= {"script-src", "frame-src", "connect-src", "img-src"}
            assert [
                host for hosts in each.sources.values() for host in hosts if not host.startswith("https://") or host == "https://*"
            ] == []
    assert [name for name, one in named_fields.LIVE.items() if "sandbox" in str(one) or "test" in str(one.sources)] == []


def part_of(script: str) -> bool:
    """A file of the page's that brings a name back."""
    return "card_name" in part(script).template
