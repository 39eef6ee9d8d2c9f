"""Reports as files: announced, put, read in slices, and booked; killed at every step; what is wrong with a file, and two runs at once."""

import base64
import hashlib
import itertools
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from paycorex import ledger, settings, storage
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.verification import Verifier
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_import import MAX_ERRORS, SettlementImportItem
from paycorex.records.settlement_line import SettlementLineItem
from settlements.imports import objects, running
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.fakes.object_store import ObjectStore
from tests.scenarios.poison import spoil
from tests.support import payments as support
from tests.support import reports
from tests.support.expectations import assert_refused
from tests.support.reports import STRIPE_COLUMNS, stripe_file, stripe_row
from tests.support.world import Signer, World

pytestmark = pytest.mark.usefixtures("bucket")
REPORTS = Path(__file__).parents[2] / "unit" / "settlements" / "reports"
COUNTS = ("status", "lines", "read", "accepted", "known", "rejected")


def counts(shown: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(shown[name] for name in COUNTS)


def books(who: Signer, connector: str = "stripe") -> tuple[int, int, int]:
    """In transit, fees, suspense: minor units, debits positive but for suspense."""
    accounts = (
        Account.bank_in_transit(who.merchant_id, connector, "INR"),
        Account.fees(who.merchant_id, "INR"),
        Account.suspense(who.merchant_id, "INR"),
    )
    transit, fees, suspense = map(ledger.balance_of, accounts)
    return -transit, -fees, suspense


def stored() -> tuple[list[Any], ...]:
    """What is in the tables, but for times and versions."""
    lines = sorted((row.subject, row.line, int(row.gross), row.settlement_id) for row in storage.scan_all(SettlementLineItem))
    found = sorted((row.settlement_id, row.state, row.lines_root, int(row.lines)) for row in storage.scan_all(SettlementItem))
    return lines, found


def test_a_file_is_read_and_booked_and_the_second_time_changes_nothing(world: World, merchant: Signer) -> None:
    content = stripe_file(*(stripe_row(number) for number in range(3)), stripe_row(3, gross="-40.00", fee="0", net="-40.00", kind="refund"))
    assert counts(reports.imported(world, merchant, content)) == ("done", 4, 4, 4, 0, 0)
    assert books(merchant) == (25292, 708, 26000)
    before = stored()
    assert counts(reports.imported(world, merchant, content)) == ("done", 4, 4, 0, 4, 0)
    overlapping = stripe_file(stripe_row(2), stripe_row(7, payout="po_2"))
    assert counts(reports.imported(world, merchant, overlapping)) == ("done", 2, 2, 1, 1, 0)
    assert (len(stored()[0]), stored()[1][0] in before[1] or stored()[1][1] in before[1]) == (5, True)
    assert not Verifier(segments=1).run(every_source()).findings
    (first, second) = world.call(merchant, "GET", "/v1/settlements").body["data"]
    assert {first["provider_reference"], second["provider_reference"]} == {"po_1", "po_2"}
    assert {first["state"], second["state"]} == {"booked"}


def test_lines_about_records_of_ours_are_booked_to_clearing(world: World, merchant: Signer) -> None:
    payment = support.stored(support.charge(world, merchant, support.APPROVE).body["payment_id"])
    refund = world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payment.payment_id, "amount": "4.00"}).body["refund_id"]
    columns = "id,what,sum,charge,ours,payout\n"
    mapping = {
        "columns": {
            "line_reference": ["id"], "kind": ["what"], "gross": ["sum"], "charge_reference": ["charge"], "our_reference": ["ours"],
            "settlement_reference": ["payout"],
        },
        "kinds": {"sale": "payment", "back": "refund"}, "currency": "INR",
    }  # fmt: skip
    rows = f"1,sale,10.00,{payment.provider_reference},,p1\n2,back,-4.00,,{refund},p1\n3,sale,1.00,unheard,,p1\n"
    shown = reports.imported(world, merchant, (columns + rows).encode(), source="sandbox", format="csv", mapping=mapping)
    assert counts(shown) == ("done", 3, 3, 3, 0, 0)
    (settlement,) = world.call(merchant, "GET", "/v1/settlements").body["data"]
    assert (settlement["matched"], settlement["unmatched"], settlement["net"]) == ("6.00", "1.00", "7.00")
    assert ledger.balance_of(Account.clearing(merchant.merchant_id, "sandbox", "INR")) == 0


def test_a_line_joins_its_payout_when_a_later_report_names_it(world: World, merchant: Signer) -> None:
    assert counts(reports.imported(world, merchant, stripe_file(stripe_row(1, payout="")))) == ("done", 1, 1, 1, 0, 0)
    assert stored()[1] == []
    assert counts(reports.imported(world, merchant, stripe_file(stripe_row(1)))) == ("done", 1, 1, 0, 1, 0)
    assert books(merchant) == (9764, 236, 10000)


def test_a_wrong_line_is_listed_and_does_not_stop_the_file(world: World, merchant: Signer) -> None:
    odd = [stripe_row(2, gross="1O0.00"), stripe_row(3, net="97.65"), 'po_1,"txn_4', stripe_row(5)]
    content = stripe_file(stripe_row(1), *odd, stripe_row(6).replace("inr", "???"))
    shown = reports.imported(world, merchant, content + b"\xff\xfe,nothing\n" + stripe_row(8).encode() + b"\n")
    assert counts(shown) == ("done", 8, 8, 3, 0, 5)
    assert [(error["line"], error["reason"]) for error in shown["errors"]] == [
        (3, "an amount is no number"),
        (4, "its amounts do not add up"),
        (5, "its quotes do not close"),
        (7, "its currency is none that can be booked"),
        (8, "it is not utf-8"),
    ]


def test_errors_are_bounded_and_counted(world: World, merchant: Signer) -> None:
    shown = reports.imported(world, merchant, stripe_file(*[stripe_row(number, gross="x") for number in range(150)]))
    assert (shown["rejected"], len(shown["errors"]), shown["errors"][0]["line"]) == (150, MAX_ERRORS, 2)


def test_a_preview_books_nothing(world: World, merchant: Signer) -> None:
    content = stripe_file(stripe_row(1), stripe_row(2, payout="po_2"), stripe_row(3, gross="x"))
    shown = reports.imported(world, merchant, content, dry_run=True)
    assert counts(shown) == ("done", 3, 3, 2, 0, 1)
    assert [(row["provider_reference"], row["lines"], row["net"]) for row in shown["preview"]] == [
        ("po_1", 1, "97.64"),
        ("po_2", 1, "97.64"),
    ]
    assert stored() == ([], [])


def test_a_mapping_is_kept_for_the_connector(world: World, merchant: Signer) -> None:
    mapping = {
        "columns": {"kind": ["what"], "line_reference": ["id"], "gross": ["sum"], "settlement_reference": ["payout"], "fee": ["cost"]},
        "kinds": {"sale": "payment"}, "currency": "INR", "delimiter": ";", "decimal_separator": ",",
    }  # fmt: skip
    first = b"id;what;sum;cost;payout\n1;Sale;1.000,50;0,50;p1\n"
    shown = reports.imported(world, merchant, first, source="shopbank", format="csv", mapping=mapping)
    assert counts(shown) == ("done", 1, 1, 1, 0, 0)
    again = reports.imported(world, merchant, first.replace(b"\n1;", b"\n2;"), source="shopbank", format="csv")
    assert counts(again) == ("done", 1, 1, 1, 0, 0)
    assert books(merchant, "shopbank") == (200000, 100, 200100)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"format": "csv"}, "invalid_request"),
        ({"format": "csv", "mapping": {"columns": {"whatever": ["x"]}}}, "invalid_request"),
        ({"format": "csv", "mapping": {"columns": {"kind": ["x"] * 9}}}, "invalid_request"),
        ({"size": 0}, "invalid_request"),
        ({"size": 1024**3 + 1}, "invalid_request"),
        ({"sha256": "AB" * 32}, "invalid_request"),
        ({"source": "x#y"}, "invalid_request"),
    ],
)
def test_what_cannot_be_imported_is_refused(world: World, merchant: Signer, more: dict[str, Any], code: str) -> None:
    body = {"source": "stripe", "format": "stripe", "size": 10, "sha256": "ab" * 32} | more
    assert_refused(world.call(merchant, "POST", "/v1/settlements/import", body), code)


def test_a_repeated_request_announces_once(world: World, merchant: Signer) -> None:
    body = {"source": "stripe", "format": "stripe", "size": 10, "sha256": "ab" * 32}
    first, second = (world.call(merchant, "POST", "/v1/settlements/import", body, key="one") for _ in range(2))
    assert (second.status, second.body["import_id"]) == (first.status, first.body["import_id"])


def test_a_file_that_is_not_the_announced_one_is_not_read(world: World, merchant: Signer, bucket: ObjectStore) -> None:
    content = stripe_file(stripe_row(1))
    begun = reports.announce(world, merchant, content)
    assert (reports.put(begun, content[:-1]), bucket.refused) == (403, 1)
    # What S3 would not take, put all the same: half of it, and another one of the same size.
    (path,) = {f"/paycorex-reports/{merchant.merchant_id}/{begun['import_id']}"}
    for put, problem in ((content[:40], "The file has 40 bytes"), (content[:-1] + b" ", "The file is not the one")):
        begun = reports.announce(world, merchant, content)
        bucket.objects[path.replace(path.rpartition("/")[2], begun["import_id"])] = put
        reports.tick(world)
        shown = reports.shown(world, merchant, begun["import_id"])
        assert (shown["status"], shown["problem"][: len(problem)]) == ("failed", problem)
    assert stored() == ([], [])


def test_a_file_that_never_comes_fails(world: World, merchant: Signer) -> None:
    begun = reports.announce(world, merchant, b"x")
    reports.tick(world)
    assert reports.shown(world, merchant, begun["import_id"])["status"] == "uploading"
    reports.tick(world, after_seconds=2 * 3600)
    assert reports.shown(world, merchant, begun["import_id"])["problem"] == "The file was not uploaded."


def test_a_file_that_is_put_again_while_it_is_read_fails(
    world: World, merchant: Signer, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "PART_BYTES", 4096)
    monkeypatch.setattr(running, "SLICES_PER_TURN", 2)
    content = stripe_file(*(stripe_row(number) for number in range(200)))
    import_id = reports.upload(world, merchant, content)
    allowed = iter([True] * 4)
    world.clock.now += 60
    running.run(lambda: next(allowed, False))
    assert 0 < reports.shown(world, merchant, import_id)["read"] < 200
    (path,) = bucket.objects
    bucket.objects[path] = content.replace(b"100.00", b"900.00")
    reports.tick(world)
    assert reports.shown(world, merchant, import_id)["problem"] == "The file was put again while it was read."


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a,b\n1,2\n", "The file lacks columns: reporting_category, gross, net, currency."),
        (b"", "The file has no line with the names of columns."),
        ("\ufeff" + STRIPE_COLUMNS, None),
        (STRIPE_COLUMNS.encode("utf-16"), "The file is no report: it is not utf-8."),
        (b'"' * 70_000, "The file is no report: it is too long"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", "The file lacks columns"),
    ],
)
def test_a_file_that_is_no_report(world: World, merchant: Signer, content: bytes | str, problem: str | None) -> None:
    raw = content.encode() if isinstance(content, str) else content or b"\n"
    shown = reports.imported(world, merchant, raw)
    assert (shown["status"], (shown["problem"] or "")[: len(problem or "")]) == ("done" if problem is None else "failed", problem or "")
    assert stored() == ([], [])


def test_a_file_that_was_cut_anywhere_books_nothing_wrong_and_the_whole_one_brings_the_rest(world: World) -> None:
    """Wherever the cut is, in an amount or in the payout's name, no part is taken for the whole."""
    mapping = {
        "columns": {"line_reference": ["id"], "kind": ["what"], "gross": ["sum"], "fee": ["cost"], "settlement_reference": ["payout"]},
        "kinds": {"sale": "payment"}, "currency": "INR",
    }  # fmt: skip
    head, row = b"id,what,sum,cost,payout\n1,sale,100.00,1.00,po_123\n", b"2,sale,250.55,2.50,po_123\n"
    for place in range(len(row)):
        who, wrong = world.register(f"Shop {place}"), int(place > 0)
        cut = reports.imported(world, who, head + row[:place], source="shopbank", format="csv", mapping=mapping)
        assert counts(cut) == ("done", 1 + wrong, 1 + wrong, 1, 0, wrong), place
        assert [error["line"] for error in cut["errors"]] == [3] * wrong
        assert books(who, "shopbank") == (9900, 100, 10000)
        whole = reports.imported(world, who, head + row, source="shopbank", format="csv")
        assert counts(whole) == ("done", 2, 2, 1, 1, 0)
        assert books(who, "shopbank") == (34705, 350, 35055)


def test_a_report_of_another_account_is_refused_line_by_line_where_the_mapping_names_the_account(world: World, merchant: Signer) -> None:
    mapping = {
        "columns": {"line_reference": ["id"], "kind": ["what"], "gross": ["sum"], "settlement_reference": ["payout"]},
        "kinds": {"sale": "payment"}, "currency": "INR", "expect": {"account": "ACC-1"},
    }  # fmt: skip
    content = b"account,id,what,sum,payout\nACC-2,1,sale,100.00,po_1\nACC-1,2,sale,7.00,po_1\n"
    shown = reports.imported(world, merchant, content, source="shopbank", format="csv", mapping=mapping)
    assert (counts(shown), shown["errors"]) == (("done", 2, 2, 1, 0, 1), [{"line": 2, "reason": "its account is another one"}])
    assert books(merchant, "shopbank") == (700, 0, 700)
    lacking = reports.imported(world, merchant, content.replace(b"account", b"other"), source="shopbank", format="csv")
    assert (lacking["status"], lacking["problem"]) == ("failed", "The file lacks columns: account.")


def test_a_report_of_another_merchant_touches_none_of_its_payments_and_settlements(world: World, merchant: Signer) -> None:
    """Money that is no payment of this merchant waits in suspense, as unexpected, and the other's report is as it was."""
    other = world.register("Other")
    paid = support.charge(world, other, support.APPROVE, "100.00").body
    mapping = {
        "columns": {
            "line_reference": ["id"], "charge_reference": ["id"], "our_reference": ["own"], "kind": ["what"], "gross": ["sum"],
            "settlement_reference": ["payout"],
        },
        "kinds": {"sale": "payment"}, "currency": "INR",
    }  # fmt: skip
    content = f"id,own,what,sum,payout\n{paid['provider_reference']},{paid['payment_id']},sale,100.00,po_1\n".encode()
    for who in (merchant, other):
        shown = reports.imported(world, who, content, source="sandbox", format="csv", mapping=mapping)
        assert counts(shown) == ("done", 1, 1, 1, 0, 0)
    assert (books(merchant, "sandbox"), books(other, "sandbox")) == ((10000, 0, 10000), (10000, 0, 0))
    money = [world.call(other, "GET", f"/v1/payments/{paid['payment_id']}/money").body["steps"][2]]
    assert [step["status"] for step in money] == ["done"]
    assert not Verifier(segments=1).run(every_source()).findings


@pytest.mark.parametrize(("of", "taken_for"), list(itertools.permutations(["stripe", "razorpay", "adyen", "paypal", "cashfree"], 2)))
def test_a_report_of_another_connector_is_refused_with_what_it_lacks(world: World, merchant: Signer, of: str, taken_for: str) -> None:
    content = (REPORTS / f"{of}.csv").read_bytes()
    shown = reports.imported(world, merchant, content, source=taken_for, format=taken_for)
    assert (shown["status"], shown["accepted"]) == ("failed", 0)
    assert shown["problem"].startswith(("The file lacks columns: ", "The file has no line with the names of columns."))
    assert stored() == ([], [])


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1)])
def test_reports_whose_ranges_overlap_book_each_line_once(world: World, merchant: Signer, order: tuple[int, ...]) -> None:
    files = [stripe_file(*(stripe_row(number) for number in range(*ends))) for ends in ((0, 4), (2, 6))]
    read = [counts(reports.imported(world, merchant, files[each])) for each in order]
    assert read == [("done", 4, 4, 4, 0, 0), ("done", 4, 4, 2, 2, 0), ("done", 4, 4, 0, 4, 0)]
    assert books(merchant) == (6 * 9764, 6 * 236, 60000)
    assert not Verifier(segments=1).run(every_source()).findings


def test_a_line_in_another_currency_than_its_payment_is_no_money_of_the_payment(world: World, merchant: Signer) -> None:
    paid = support.charge(world, merchant, support.APPROVE, "100.00").body
    mapping = {
        "columns": {"line_reference": ["id"], "charge_reference": ["id"], "kind": ["what"], "gross": ["sum"], "currency": ["in"]},
        "kinds": {"sale": "payment"},
    }  # fmt: skip
    content = f"id,what,sum,in,end\n{paid['provider_reference']},sale,100.00,eur,\n".encode()
    assert counts(reports.imported(world, merchant, content, source="sandbox", format="csv", mapping=mapping)) == ("done", 1, 1, 1, 0, 0)
    (row,) = storage.scan_all(SettlementLineItem)
    assert (row.placed, row.currency) == ("suspense", "EUR")
    steps = world.call(merchant, "GET", f"/v1/payments/{paid['payment_id']}/money").body["steps"]
    assert [step["status"] for step in steps[2:]] == ["waiting", "waiting"]


@pytest.mark.parametrize("amount", ["9999999999999.00", "1e9", "-9999999999999.00", "NaN", "1.001", "1,00.5", "=1+1"])
def test_an_amount_beyond_limits_or_of_no_form_is_listed_and_books_nothing(world: World, merchant: Signer, amount: str) -> None:
    content = stripe_file(stripe_row(1), stripe_row(2, gross=f'"{amount}"'), stripe_row(3))
    shown = reports.imported(world, merchant, content)
    assert (counts(shown), [error["line"] for error in shown["errors"]]) == (("done", 3, 3, 2, 0, 1), [3])
    assert books(merchant) == (2 * 9764, 2 * 236, 20000)


def test_lines_in_a_code_page_are_read_where_the_mapping_says_so_and_listed_else(world: World, merchant: Signer) -> None:
    mapping = {
        "columns": {"line_reference": ["Beleg"], "kind": ["Art"], "gross": ["Betrag"], "settlement_reference": ["Auszahlung"]},
        "kinds": {"zahlung für": "payment"}, "currency": "INR", "delimiter": ";", "decimal_separator": ",",
    }  # fmt: skip
    content = "Beleg;Art;Betrag;Auszahlung\n1;Zahlung für;1.000,50;p1\n".encode("windows-1252")
    shown = reports.imported(world, merchant, content, source="shopbank", format="csv", mapping=mapping)
    assert (counts(shown), shown["errors"]) == (("done", 1, 1, 0, 0, 1), [{"line": 2, "reason": "it is not utf-8"}])
    again = reports.imported(world, merchant, content, source="shopbank", format="csv", mapping=mapping | {"encoding": "windows-1252"})
    assert counts(again) == ("done", 1, 1, 1, 0, 0)
    assert books(merchant, "shopbank") == (100050, 0, 100050)


def test_equal_lines_without_names_are_listed_and_never_lost_in_silence(world: World, merchant: Signer) -> None:
    mapping = {
        "columns": {"kind": ["what"], "gross": ["sum"], "settlement_reference": ["payout"]},
        "kinds": {"sale": "payment"},
        "currency": "INR",
    }
    content = b"what,sum,payout\nsale,5.00,p1\nsale,5.00,p1\nsale,6.00,p1\n"
    shown = reports.imported(world, merchant, content, source="shopbank", format="csv", mapping=mapping)
    assert (counts(shown), [error["line"] for error in shown["errors"]]) == (("done", 3, 3, 2, 0, 1), [3])
    assert "neither has a name" in shown["errors"][0]["reason"]
    assert counts(reports.imported(world, merchant, content, source="shopbank", format="csv")) == ("done", 3, 3, 0, 3, 0)
    assert books(merchant, "shopbank") == (1100, 0, 1100)


def test_lines_of_nothing_and_of_less_than_nothing_are_lines(world: World, merchant: Signer) -> None:
    rows = (stripe_row(1, gross="0.00", fee="0.00", net="0.00"), stripe_row(2, gross="-5.00", fee="0.00", net="-5.00", kind="refund"))
    shown = reports.imported(world, merchant, stripe_file(*rows))
    assert counts(shown) == ("done", 2, 2, 2, 0, 0)
    assert books(merchant) == (-500, 0, -500)


def test_another_merchants_import_is_like_none(world: World, merchant: Signer) -> None:
    begun = reports.announce(world, world.register("Other"), b"x")
    assert_refused(world.call(merchant, "GET", f"/v1/settlements/imports/{begun['import_id']}"), "not_found")


def test_a_run_that_is_killed_at_any_call_is_followed_by_one_that_ends_in_the_same_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before and after every other call to the tables; counts are those of one undisturbed run."""
    monkeypatch.setattr(objects, "PART_BYTES", 500)
    content = stripe_file(*(stripe_row(number, payout=f"po_{number % 2}") for number in range(6)), stripe_row(7, gross="x"))
    expected = _killed(content, None)
    assert expected[0] == ("done", 7, 7, 6, 0, 1)
    for fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER):
        index = 1
        while (outcome := _killed(content, Nth(index, fault))) is not None:
            assert outcome == expected, (fault, index)
            index += 2
        assert index > 20


def _killed(content: bytes, decider: Any) -> Any:
    """Counts, books and roots after a run with this fault and another one without; None when the fault never came."""
    with World().running() as world, ObjectStore() as bucket, pytest.MonkeyPatch.context() as patch:
        _use(world, bucket, patch)
        who = world.register()
        import_id = reports.upload(world, who, content)
        client = FaultyClient(world.dynamo, decider or healthy)
        world.install(client, world.kms, world.sqs)
        with suppress(Killed):
            reports.tick(world)
            if decider is not None and all(logged.fault is Fault.PASS for logged in client.log):
                return None
        client.decider = healthy
        world.restart()
        for _ in range(3):
            reports.tick(world, after_seconds=130)
        assert not Verifier(segments=1).run(every_source()).findings
        names = [(row[0][:4], row[1], row[3]) for row in stored()[1]]
        return counts(reports.shown(world, who, import_id)), books(who), names, len(stored()[0])


def _use(world: World, bucket: ObjectStore, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settings, "aws_environment", lambda: {**os.environ, **bucket.environment()})
    settings.use(world.settings.model_copy(update={"reports_bucket": "reports"}))


def test_two_runs_at_once_read_each_import_once(world: World, merchant: Signer) -> None:
    content = stripe_file(*(stripe_row(number) for number in range(100)))
    import_id = reports.upload(world, merchant, content)
    world.clock.now += 60
    runs = [threading.Thread(target=running.run, args=(lambda: True,)) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    reports.tick(world)
    assert counts(reports.shown(world, merchant, import_id)) == ("done", 100, 100, 100, 0, 0)
    assert books(merchant) == (976400, 23600, 1000000)


def test_an_import_that_cannot_be_read_is_set_aside_and_holds_up_no_other(world: World, merchant: Signer) -> None:
    poison = reports.upload(world, merchant, stripe_file(stripe_row(1)))
    mend = spoil(world, "settlement_imports", {"import_id": {"S": poison}}, "version")
    good = reports.imported(world, world.register("Good"), stripe_file(stripe_row(2)))
    assert good["status"] == "done"
    mend()
    reports.tick(world, after_seconds=25 * 3600)
    reports.tick(world)
    assert reports.shown(world, merchant, poison)["status"] == "done"


def test_a_settlement_that_cannot_be_read_is_set_aside_and_holds_up_no_other(world: World, merchant: Signer) -> None:
    reports.upload(world, merchant, stripe_file(stripe_row(1)))
    world.clock.now += 60
    running.read(next(iter(row.import_id for row in _imports())), lambda: True)
    (poison,) = storage.scan_all(SettlementItem)
    mend = spoil(world, "settlements", {"settlement_id": {"S": poison.settlement_id}}, "bookings")
    good = world.register("Good")
    reports.imported(world, good, stripe_file(stripe_row(2)))
    assert world.call(good, "GET", "/v1/settlements").body["data"][0]["state"] == "booked"
    mend()
    reports.tick(world, after_seconds=25 * 3600)
    reports.tick(world)
    assert world.call(merchant, "GET", "/v1/settlements").body["data"][0]["state"] == "booked"


def _imports() -> list[Any]:
    return list(storage.scan_all(SettlementImportItem))


def test_the_digest_of_the_link_is_the_files(world: World, merchant: Signer) -> None:
    content = stripe_file(stripe_row(1))
    headers = reports.announce(world, merchant, content)["upload"]["headers"]
    assert base64.b64decode(headers["x-amz-checksum-sha256"]) == hashlib.sha256(content).digest()
