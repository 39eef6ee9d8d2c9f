"""A closed month stays as it was: its statements byte for byte, its trial balance under a signed root. What concerns it is booked later."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import JSONAttribute

from paycorex import ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Journal, Posting, Reference, ReferenceType
from paycorex.ledger.money_records import every_source
from paycorex.ledger.proof import closed_month_check, proof_check, proof_key
from paycorex.ledger.verification import Verifier
from paycorex.records.bank_line import BankLineItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.reconciliation_item import ReconciliationItem
from statements.papers import statement_files
from statements.store import PeriodItem
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.integration.statements.test_closed_periods import charge, close, month_with
from tests.support import gateway, page_commands, proofs
from tests.support.expectations import assert_refused
from tests.support.exports import checked, export, settle_down
from tests.support.world import Signer, World

FORMATS = ("json", "csv", "pdf", "camt053")
FAULTS = [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT]
MOST_CALLS = 60


def downloads(world: World, who: Signer, month: str) -> dict[str, bytes]:
    """Every form of the month's statement, the pages of the CSV together."""
    found = {}
    for name in FORMATS:
        content, cursor = b"", ""
        while True:
            limit = "&limit=1" if name == "csv" else ""
            reply = world.call(who, "GET", f"/v1/statements?month={month}&format={name}{limit}{cursor}")
            assert reply.status == 200, reply.raw
            content += reply.raw
            if "x-next-cursor" not in reply.headers:
                break
            cursor = f"&cursor={reply.headers['x-next-cursor']}"
        found[name] = content
    return found


def operator(method: str, target: str, body: dict[str, str]) -> tuple[int, Any]:
    """A request as the gateway hands it on behind its IAM check."""
    event = gateway.proxy_event(method, target, [("Content-Type", "application/json")], json.dumps(body).encode())
    event["requestContext"]["identity"] |= {"userArn": "arn:aws:iam::000000000000:user/operator", "accountId": "000000000000"}
    reply = gateway.as_operator(event)
    return reply.status, reply.body


def late_fee(who: Signer, payment_id: str, number: int) -> None:
    """A fee of a payment that its provider reported later."""
    postings = (Posting(Account.of_merchant(who.merchant_id, "INR"), 0, 50), Posting(Account.fees(who.merchant_id, "INR"), 50, 0))
    ledger.post(Journal(Reference(ReferenceType.FEE, f"{payment_id}.{number}"), postings), lambda _entries: [])


def unsound() -> list[str]:
    """What the ledger's verification finds about closings and their entries; this test books fees that have no records."""
    found = [f"{one.where}: {one.problem}" for one in Verifier(segments=1).run(every_source()).findings]
    return [said for said in found if "closed_month" in said or "closing" in said]


def test_statements_of_a_closed_month_stay_the_same_bytes(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "asha", "500.00")
    payment_id = world.pay(merchant, "asha", "10.00").body["payment_id"]
    month = month_with(world, merchant)
    before = downloads(world, merchant, month)
    closed = close(world, merchant, month)
    files = {each["format"]: each for each in closed["files"]}  # type: ignore[attr-defined]  # JSON
    assert sorted(files) == sorted(FORMATS)
    kept = downloads(world, merchant, month)
    assert kept == before
    for name in ("csv", "pdf", "camt053"):
        assert hashlib.sha256(kept[name]).hexdigest() == files[name]["sha256"]
        assert len(kept[name]) == files[name]["size"]
    late_fee(merchant, payment_id, 7)
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"name": "Another name"}).status == 200
    settle_down(world)
    assert downloads(world, merchant, month) == kept


def test_a_late_correction_is_booked_in_the_open_month_and_names_the_closed_one(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "asha", "500.00")
    payment_id = world.pay(merchant, "asha", "10.00").body["payment_id"]
    month = month_with(world, merchant)
    close(world, merchant, month)
    late_fee(merchant, payment_id, 7)
    refunded = world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "2.00"})
    assert refunded.status == 201
    charge(merchant, 99, 100, 18)
    settle_down(world)
    rows = list(csv.DictReader(io.StringIO(export(world, merchant, format="csv"))))
    said = {(row["reference_type"], row["reference_id"]): row["concerns"] for row in rows}
    assert said["fee", f"{payment_id}.7"] == month
    assert said["refund", refunded.body["refund_id"]] == month
    assert said["payment", payment_id] == ""
    assert {row["booked_at"][:7] for row in rows if row["concerns"]} == {f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"}
    text = export(world, merchant, format="beancount")
    assert f'concerns: "{month}"' in text
    assert checked(text)
    assert world.call(merchant, "GET", f"/v1/periods/{month}").body["unchanged"] is True
    open_month = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    shown = downloads(world, merchant, open_month)
    assert f",{month}\r\n".encode() in shown["csv"]
    assert f"concerns {month}".encode() in shown["camt053"]


def test_disputes_write_offs_and_bank_lines_name_the_month_they_concern(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "asha", "500.00")
    payment_id = world.pay(merchant, "asha", "10.00").body["payment_id"]
    month = month_with(world, merchant)
    merchant_id, now = merchant.merchant_id, int(world.clock.now * 1000)
    ids = {"dsp": "dsp_" + "a" * 26, "rcn": "rcn_" + "a" * 26, "bnk": "bnk_" + "a" * 26, "new": "rcn_" + "b" * 26}
    dispute = {"dispute_id": {"S": ids["dsp"]}, "payment_id": {"S": payment_id}, "merchant_id": {"S": merchant_id}}
    for table, key, stored in (
        ("disputes", dispute, required(DisputeItem)),
        ("reconciliation_items", {"item_id": {"S": ids["rcn"]}, "payment_id": {"S": payment_id}}, required(ReconciliationItem)),
        ("reconciliation_items", {"item_id": {"S": ids["new"]}, "created_at": {"N": str(now)}}, required(ReconciliationItem)),
        ("bank_lines", {"bank_line_id": {"S": ids["bnk"]}, "booked_on": {"S": f"{month}-30"}}, required(BankLineItem)),
    ):
        world.dynamo.put_item(TableName=f"test-{table}", Item=stored | {"merchant_id": {"S": merchant_id}} | key)
    accounts = Account.of_merchant(merchant_id, "INR"), Account.fees(merchant_id, "INR")
    for kind, name in (("dispute", "dsp"), ("resolution", "rcn"), ("resolution", "bnk"), ("resolution", "new")):
        reference = Reference(ReferenceType(kind), f"{ids[name]}.1")
        ledger.post(Journal(reference, (Posting(accounts[0], 0, 5), Posting(accounts[1], 5, 0))), lambda _entries: [])
    settle_down(world)
    rows = csv.DictReader(io.StringIO(export(world, merchant, format="csv")))
    said = {row["reference_id"].partition(".")[0]: row["concerns"] for row in rows}
    assert [said[ids[name]] for name in ("dsp", "rcn", "bnk", "new")] == [month, month, month, ""]


def required(model: type[storage.Item]) -> dict[str, Any]:
    """What a stored item of a model must have, of no meaning here."""
    plain = {name: each for name, each in model.get_attributes().items() if not each.null and each.default is None}
    texts = {"N": "0", "S": "x"}
    return {each.attr_name: {each.attr_type: "{}" if isinstance(each, JSONAttribute) else texts[each.attr_type]} for each in plain.values()}


def test_the_trial_balance_is_sealed_and_checked_offline(world: World, merchant: Signer, tmp_path: Path) -> None:
    month = month_with(world, merchant)
    closed = close(world, merchant, month)
    first = world.call(merchant, "GET", f"/v1/periods/{month}/proof").body
    assert first["sealed"] is False
    proofs.seal(world)
    answer = world.call(merchant, "GET", f"/v1/periods/{month}/proof").body
    assert answer["sealed"] is True
    assert answer["statement"]["entry"]["description"] == closed["sealed_digest"]
    pem = proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()
    kept = downloads(world, merchant, month)
    for module in (proof_check, closed_month_check):
        source = Path(str(module.__file__))
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "statement.pdf").write_bytes(kept["pdf"])
    for change, said in ((None, "PROVEN"), ("balance", "REFUSED"), ("file", "REFUSED")):
        shown = json.loads(json.dumps(answer))
        if change == "balance":
            shown["document"]["balances"][0][4] += 1
        content = kept["pdf"] if change != "file" else kept["pdf"] + b" "
        (tmp_path / "statement.pdf").write_bytes(content)
        (tmp_path / "month.json").write_text(json.dumps(shown), encoding="utf-8")
        if change is None:
            (command,) = page_commands.commands("statements", "python layers/common/paycorex/ledger/proof/closed")
            assert page_commands.carry_out(command, tmp_path, {}) == 0
        command = [sys.executable, "closed_month_check.py", "month.json", "statement.pdf", "--public-key", "key.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.stdout.startswith(said), (done.stdout, done.stderr)
    assert unsound() == []


def test_a_file_that_was_changed_in_the_store_is_never_shown(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    close(world, merchant, month)
    item = next(each for each in storage.scan_all(PeriodItem) if each.position == f"month#{month}")
    pdf = next(kept for kept in statement_files.of_month(item) if kept.format == "pdf")
    row = next(each for each in world.dump()["test-periods"] if pdf.sha256 in each["position"]["S"])
    world.dynamo.delete_item(TableName="test-periods", Key={name: row[name] for name in ("merchant_id", "position")})
    assert world.call(merchant, "GET", f"/v1/statements?month={month}&format=pdf").status == 500
    with pytest.raises(statement_files.Damaged):
        statement_files.content_of(item, pdf)


def test_verification_names_a_closing_without_its_entry_and_an_entry_without_its_closing(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    close(world, merchant, month)
    assert unsound() == []
    row = next(each for each in world.dump()["test-periods"] if each["position"]["S"] == f"month#{month}")
    world.dynamo.delete_item(TableName="test-periods", Key={name: row[name] for name in ("merchant_id", "position")})
    assert len(unsound()) == 1
    world.dynamo.put_item(TableName="test-periods", Item=row)
    entry = next(each for each in world.dump()["test-ledgers"] if "closed_months" in each["account"]["S"])
    world.dynamo.delete_item(TableName="test-ledgers", Key={name: entry[name] for name in ("account", "seq")})
    assert unsound()


def test_only_an_operator_opens_a_month_again_and_says_why(world: World, merchant: Signer) -> None:
    month = month_with(world, merchant)
    first = close(world, merchant, month)
    target = f"/admin/merchants/{merchant.merchant_id}/periods/{month}/reopen"
    body = {"reason": "the address was another one"}
    assert_refused(world.call(merchant, "POST", target, body), "unauthorized")
    kept = downloads(world, merchant, month)
    assert operator("POST", target, {})[0] == 400
    status, reopened = operator("POST", target, body)
    assert (status, reopened["version"], reopened["reason"]) == (200, 1, body["reason"])
    assert operator("POST", target, {"reason": "another"}) == (200, reopened)
    shown = world.call(merchant, "GET", f"/v1/periods/{month}").body
    assert shown["closed"] is False
    assert [each["by"] for each in shown["reopenings"]] == [reopened["reopened_by"]]
    assert world.call(merchant, "PATCH", "/v1/merchants/me", {"name": "Another name"}).status == 200
    world.clock.now += 80
    second = close(world, merchant, month)
    assert (second["version"], second["closed"], second["invoice"]) == (2, True, first["invoice"])
    assert second["balances"] == first["balances"]
    assert downloads(world, merchant, month)["camt053"] != kept["camt053"]
    replaced = next(each for each in storage.scan_all(PeriodItem) if each.position.startswith("replaced#"))
    assert [statement_files.content_of(replaced, each) for each in statement_files.of_month(replaced) if each.format == "pdf"] == [
        kept["pdf"]
    ]
    assert world.call(merchant, "GET", "/v1/periods").body["data"][0]["reopenings"] == shown["reopenings"]
    assert unsound() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_kill_at_any_call_of_a_closing_leaves_no_gap_in_the_numbers(fault: Fault) -> None:
    with World().running() as first:
        others = [first.register(name) for name in ("One", "Two")]
        month = month_with(first, *others)
        ready = first.saved()
    for index in range(MOST_CALLS):
        with World.again(ready).running() as world:
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
                world.call(others[0], "POST", f"/v1/periods/{month}/close", key="k")
            calls = client.count()
            client.decider = healthy
            world.restart()
            numbers = [str(each["invoice"]) for each in (close(world, others[1], month), close(world, others[0], month, key="k"))]
            year = datetime.fromtimestamp(world.clock.now, UTC).year
            assert sorted(numbers) == [f"INV-{year}-000001", f"INV-{year}-000002"], index
            assert len([each for each in storage.scan_all(PeriodItem) if each.position.startswith("invoice#")]) == 2
            assert unsound() == []
        if calls <= index:
            return
    raise AssertionError("the closing never got through without the fault")
