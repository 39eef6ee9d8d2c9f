"""What operators do on their page: it has its effect, with a line in their audit log, and in the merchant's where it concerns one."""

import json
from typing import Any

import pytest

from paycorex import clock, ids, set_aside, storage
from paycorex.audit import chain, verification
from paycorex.audit.entry import AuditItem
from paycorex.credentials.operators import REALM
from paycorex.set_aside import AsideItem
from tests.support.expectations import nothing_written
from tests.support.operators import Operator, join
from tests.support.world import Signer, World


@pytest.fixture
def operator(world: World) -> Operator:
    return join(world)


def lines(of: str) -> list[AuditItem]:
    return chain.page(of, limit=100, below=None)


def newest(of: str) -> AuditItem:
    return lines(of)[0]


def content(text: str) -> Any:
    return json.loads(text) if text else None


def test_a_merchant_is_suspended_and_resumed_with_a_reason_on_both_sides(world: World, merchant: Signer, operator: Operator) -> None:
    path = f"/merchants/{merchant.merchant_id}"
    done = operator.send("POST", f"{path}/suspend", {"reason": "Chargebacks rose."})
    assert (done.status, done.body["status"]) == (200, "suspended")
    world.clock.now += 76
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 401
    ours, theirs = newest(REALM), newest(merchant.merchant_id)
    for entry in (ours, theirs):
        assert entry.operation == "operator_suspend"
        assert entry.actor == operator.operator_id
        assert content(entry.asked) == {"reason": "Chargebacks rose."}
        assert content(entry.before)["status"] == "active"
        assert content(entry.after)["status"] == "suspended"
        assert entry.source_ip == "192.0.2.1"
        assert entry.outcome == "done"
    assert ours.audit_id != theirs.audit_id
    assert theirs.actor_name == f"operator {ours.actor_name}"
    # Which session of an operator it was is none of the merchant's business.
    assert (bool(ours.session_id), theirs.session_id) == (True, "")
    assert operator.send("POST", f"{path}/resume", {"reason": "Explained."}).body["status"] == "active"
    world.clock.now += 76
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 200


@pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": "x" * 5000}, {"reason": 1}, {"reason": "ok", "more": 1}])
def test_without_a_reason_nothing_is_done(world: World, merchant: Signer, operator: Operator, body: Any) -> None:
    before = len(lines(REALM))
    reply = operator.send("POST", f"/merchants/{merchant.merchant_id}/suspend", body)
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 200
    assert len(lines(REALM)) == before


def test_what_cannot_be_noted_is_not_done(world: World, merchant: Signer, operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise storage.Unavailable("down")

    monkeypatch.setattr(chain, "begin", down)
    assert operator.send("POST", f"/merchants/{merchant.merchant_id}/suspend", {"reason": "x"}).status == 503
    assert world.call(merchant, "GET", "/v1/merchants/me").status == 200


def test_a_merchant_that_is_not_there_is_not_found_and_leaves_no_line(operator: Operator) -> None:
    before = len(lines(REALM))
    for target in ("mer_" + "a" * 26, "unknown", REALM):
        reply = operator.send("POST", f"/merchants/{target}/suspend", {"reason": "x"})
        assert (reply.status, reply.code) == (404, "not_found")
        assert operator.send("GET", f"/merchants/{target}").status == 404
    assert len(lines(REALM)) == before


def test_merchants_are_found_by_a_part_of_name_address_or_id_and_paged(world: World, operator: Operator) -> None:
    made = {f"Shop {number}": world.register(f"Shop {number}") for number in range(7)}
    wanted = made["Shop 3"].merchant_id
    for text in ("shop 3", wanted[4:14], wanted):
        found = operator.send("GET", f"/merchants?search={text.replace(' ', '%20')}").body["data"]
        assert wanted in [line["merchant_id"] for line in found]
    assert operator.send("GET", "/merchants?search=no-such-shop").body["data"] == []
    seen, cursor = [], ""
    while cursor is not None:
        page = operator.send("GET", f"/merchants?limit=3&search=shop{f'&cursor={cursor}' if cursor else ''}")
        assert page.status == 200, page.raw
        seen += [line["name"] for line in page.body["data"]]
        cursor = page.body["next_cursor"]
    assert sorted(seen) == sorted(made)
    operator.send("POST", f"/merchants/{wanted}/suspend", {"reason": "x"})
    assert [line["merchant_id"] for line in operator.send("GET", "/merchants?status=suspended").body["data"]] == [wanted]


def test_a_cursor_of_one_session_is_none_of_another(world: World, operator: Operator) -> None:
    for number in range(4):
        world.register(f"Shop {number}")
    cursor = operator.send("GET", "/merchants?limit=2").body["next_cursor"]
    other = join(world, "read", email="other@platform.example")
    assert (reply := other.send("GET", f"/merchants?limit=2&cursor={cursor}")).status == 400, reply.raw
    assert operator.send("GET", f"/merchants?limit=2&status=active&cursor={cursor}").status == 400


def test_a_merchants_settings_are_shown_without_credentials(world: World, merchant: Signer, operator: Operator) -> None:
    secret = "sk_test_" + "s" * 24
    body = {"connectors": {"stripe": {"secret_key": secret, "webhook_secret": "whsec_" + "w" * 24}}}
    changed = world.call(merchant, "PATCH", "/v1/merchants/me", body)
    assert changed.status == 200, changed.raw
    shown = operator.send("GET", f"/merchants/{merchant.merchant_id}")
    assert shown.status == 200
    assert shown.body["connectors"] == ["stripe"]
    assert secret not in shown.raw.decode()


def test_a_rate_and_a_fee_plan_are_set_with_what_was_before(world: World, merchant: Signer, operator: Operator) -> None:
    path = f"/merchants/{merchant.merchant_id}"
    done = operator.send("POST", f"{path}/rate", {"reason": "A sale.", "requests_per_second": 250})
    assert done.body == {"merchant_id": merchant.merchant_id, "requests_per_second": 250}
    assert content(newest(merchant.merchant_id).before) == {"requests_per_second": 0}
    assert operator.send("POST", f"{path}/rate", {"reason": "x", "requests_per_second": 10_001}).status == 400
    plan = {"reason": "As agreed.", "rates": [{"percent": "1.75", "tax_percent": "18"}]}
    added = operator.send("POST", f"{path}/fee_plans", plan)
    assert added.status == 201, added.raw
    assert added.body["data"][0]["made_by"] == operator.operator_id
    assert operator.send("GET", f"{path}/fee_plans").body == added.body
    assert newest(merchant.merchant_id).operation == "operator_add_fee_plan"
    # Sent again it is the same version, and nothing more.
    assert len(operator.send("POST", f"{path}/fee_plans", plan).body["data"]) == 1


def put_aside() -> None:
    now = clock.now_ms()
    item = AsideItem(
        loop="janitor", item_id="pay_x", merchant_id=None, error="KeyError", problem="a field", first_at=now, last_at=now, tries=3,
        next_try_at=now + 3_600_000,
    )  # fmt: skip
    storage.run(storage.put(item))


def test_an_item_set_aside_is_tried_again_or_resolved_with_a_reason(operator: Operator) -> None:
    put_aside()
    listed = operator.send("GET", "/set_aside").body
    assert [(line["loop"], line["item_id"], line["tries"]) for line in listed["data"]] == [("janitor", "pay_x", 3)]
    again = operator.send("POST", "/set_aside/janitor/pay_x/retry", {"reason": "The table is well."})
    assert again.status == 200, again.raw
    assert again.body["next_try_at"] < listed["data"][0]["next_try_at"]
    assert content(newest(REALM).asked) == {"reason": "The table is well."}
    done = operator.send("POST", "/set_aside/janitor/pay_x/resolve", {"reason": "Booked by hand."})
    assert done.body == {"loop": "janitor", "item_id": "pay_x", "resolved": True}
    assert content(newest(REALM).before)["error"] == "KeyError"
    assert set_aside.find("janitor", "pay_x") is None
    for act in ("retry", "resolve"):
        assert operator.send("POST", f"/set_aside/janitor/pay_x/{act}", {"reason": "x"}).status == 404


def test_what_waits_and_the_proof_are_shown(world: World, merchant: Signer, operator: Operator) -> None:
    assert operator.send("GET", "/payments/stuck").body == {"data": [], "next_cursor": None}
    queues = {line["queue"] for line in operator.send("GET", "/queues").body["data"]}
    assert {"webhooks", "webhooks_dead"} <= queues
    assert operator.send("GET", "/ledger/checkpoints").body == {"data": [], "next_cursor": None}
    with nothing_written(world, but_outcomes=True):
        assert operator.send("POST", "/ledger/verifications", {}).status == 400
    begun = operator.send("POST", "/ledger/verifications", {"reason": "the monthly look"})
    assert begun.status == 201, begun.raw
    entry = newest(REALM)
    assert (entry.operation, content(entry.asked)) == ("operator_verify", {"reason": "the monthly look"})
    assert [line["number"] for line in operator.send("GET", "/ledger/verifications").body["data"]] == [begun.body["number"]]


def test_the_operators_log_is_a_chain_that_is_sealed_and_read_on_the_page(world: World, merchant: Signer, operator: Operator) -> None:
    operator.send("POST", f"/merchants/{merchant.merchant_id}/suspend", {"reason": "x"})

    sealed()
    found = verification.verify(REALM, world.settings.proof_key_id)
    assert (found.wrong, found.seals) == ((), 1)
    shown = operator.send("GET", "/audit").body
    assert [line["operation"] for line in shown["data"]] == ["operator_suspend", "accept_ticket"]
    assert shown["sealed_up_to"] == found.entries
    assert operator.send("GET", "/audit?operation=accept_ticket").body["data"][0]["actor"] == operator.operator_id


def test_no_secret_of_an_operator_is_in_a_log_or_table(world: World, operator: Operator) -> None:
    invited = operator.send("POST", "/operators", {"email": "new@platform.example", "name": "New", "role": "read"})
    assert invited.status == 201, invited.raw
    secret = invited.body["invitation_url"].partition("#welcome=")[2]
    assert "/operator#welcome=" in invited.body["invitation_url"]
    stored = str(world.dump())
    for each in (secret, operator.cookie, operator.token, *operator.codes):
        assert each not in stored


def test_operators_are_invited_changed_and_removed_and_one_admin_stays(world: World, operator: Operator) -> None:
    invited = operator.send("POST", "/operators", {"email": "New@Platform.example", "name": "New", "role": "operate"}).body
    other = Operator(world)
    assert other.accept(invited["invitation_url"].partition("#welcome=")[2]).status == 201
    assert other.send("GET", "/operators").status == 200
    assert operator.send("POST", "/operators", {"email": "new@platform.example", "name": "New", "role": "read"}).status == 409
    for change in ({"role": "read"}, {"status": "disabled"}):
        refused = operator.send("PATCH", f"/operators/{operator.operator_id}", change)
        assert (refused.status, refused.code) == (409, "invalid_state")
    assert operator.send("DELETE", f"/operators/{operator.operator_id}").status == 409
    assert operator.send("PATCH", f"/operators/{other.operator_id}", {"role": "admin"}).body["role"] == "admin"
    assert other.send("DELETE", f"/operators/{operator.operator_id}").status == 200
    assert operator.send("GET", "/operators").status == 401
    # A merchant's person is no operator.
    assert other.send("PATCH", "/operators/usr_" + "a" * 26, {"role": "read"}).status == 404


def test_the_command_lets_the_first_operator_in_and_one_who_lost_every_passkey(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from paycorex import cli

    arguments = ["operators", "invite", "--email", "First@platform.example", "--url", "http://127.0.0.1:8080", "--by", "root"]
    for times in range(2):
        assert cli.main(arguments) == 0
        printed = capsys.readouterr().out
        assert "http://localhost:8080/operator#welcome=" in printed
        operator = Operator(world)
        entered = operator.accept(printed.strip().partition("#welcome=")[2])
        assert entered.status == 201, entered.raw
        assert entered.body["operator"]["role"] == "admin"
        assert len(entered.body["operator"]["passkeys"]) == times + 1
    assert cli.main(["operators", "list"]) == 0
    assert "first@platform.example admin active, 2 passkeys" in capsys.readouterr().out
    assert [line.operation for line in lines(REALM)].count("operator_invited_by_command") == 2


def sealed() -> None:
    from operations import checkpoint_door

    checkpoint_door.handler({}, None)


def verified(world: World, operator: Operator, **of: Any) -> Any:
    """Have it walked, and what the page shows of it then."""
    from operations import verification_door

    begun = operator.send("POST", "/ledger/verifications", {"reason": "an audit", "of": "audit_log", **of})
    assert begun.status == 201, begun.raw
    verification_door.handler({}, None)
    line = operator.send("GET", "/ledger/verifications").body["data"][0]
    assert line["number"] == begun.body["number"]
    return line


def test_audit_logs_are_verified_from_the_page_in_steps(
    world: World, merchant: Signer, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("suspend", "resume", "suspend", "resume"):
        assert operator.send("POST", f"/merchants/{merchant.merchant_id}/{name}", {"reason": "x"}).status == 200
        sealed()
    monkeypatch.setattr(verification, "STEP", 3)
    for merchant_id in (merchant.merchant_id, None):
        whole = chain.head(merchant_id or REALM)
        assert whole is not None
        line = verified(world, operator, merchant_id=merchant_id)
        assert (line["status"], line["audit_log"], line["found"]) == ("sound", merchant_id or REALM, 0)
        # It grows by what starts the verification.
        assert line["entries"] == line["of_entries"] > int(whole.seq) > 3


@pytest.mark.parametrize("number", [1, 3, 4, 6])
def test_an_entry_that_was_changed_is_found_wherever_steps_begin(
    world: World, merchant: Signer, operator: Operator, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for name in ("suspend", "resume", "suspend", "resume", "suspend", "resume"):
        assert operator.send("POST", f"/merchants/{merchant.merchant_id}/{name}", {"reason": "x"}).status == 200
    sealed()
    monkeypatch.setattr(verification, "STEP", 3)
    (harmed,) = chain.after(merchant.merchant_id, number - 1, limit=1)
    harmed.actor = "opr_another"
    storage.run(storage.put(harmed))
    line = verified(world, operator, merchant_id=merchant.merchant_id)
    assert line["status"] == "unsound"
    assert {"where": f"audit log of {merchant.merchant_id}", "problem": f"entry {number} was changed"} in line["findings"]


def test_the_ledger_is_verified_whole_and_a_log_of_a_merchant_that_there_is(world: World, merchant: Signer, operator: Operator) -> None:
    for of, status in (
        ({"of": "ledger", "merchant_id": merchant.merchant_id}, 400),
        ({"of": "audit_log", "merchant_id": ids.new("mer")}, 404),
    ):
        assert operator.send("POST", "/ledger/verifications", {"reason": "x", **of}).status == status
    assert operator.send("GET", "/ledger/verifications").body["data"] == []
