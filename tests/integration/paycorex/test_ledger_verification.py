"""The ledger proves itself: what the verification finds, and that it finds nothing where nothing is wrong."""

import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import pytest

from operations.ledger_tamper_door import TAMPERED
from operations.ledger_tamper_door import handler as watch
from paycorex import aws, settings
from paycorex.cli import main
from paycorex.ledger import Entry, verification
from paycorex.ledger.store import from_wire, to_wire
from tests.support import rollups
from tests.support.logs import Log
from tests.support.proofs import seal
from tests.support.world import Signer, World

TABLE = "test-ledgers"
type Row = dict[str, Any]


@pytest.fixture
def account(world: World, merchant: Signer) -> str:
    """The account of a merchant with six payments, one of them refunded in part."""
    world.wallet(merchant, "asha", "1000.00")
    payments = [world.pay(merchant, "asha", "10.00").body["payment_id"] for _ in range(6)]
    assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payments[2], "amount": "4.00"}).status == 201
    # What was made in the last minute is not judged while others may write.
    world.clock.now += 120
    return f"{merchant.merchant_id}#merchant#{merchant.merchant_id}#INR#0"


def chain(world: World, account: str) -> list[Row]:
    return [item for item in world.dump()[TABLE] if item["account"]["S"] == account]


def store(world: World, row: Row) -> None:
    world.dynamo.put_item(TableName=TABLE, Item=row)


def remove(world: World, row: Row) -> None:
    world.dynamo.delete_item(TableName=TABLE, Key={name: row[name] for name in ("account", "seq")})


def rehashed(entry: Entry, **changes: Any) -> Entry:
    """The entry as a careful forger leaves it."""
    forged = replace(entry, **changes)
    return replace(forged, hash=forged.computed_hash())


def richer(entry: Entry, amount: int) -> Entry:
    """With more credit, and everything that one entry says of itself in order."""
    more = {"credit": entry.credit + amount, "balance": entry.balance + amount, "total_credit": entry.total_credit + amount}
    return rehashed(entry, **more)


def overwrite_one(world: World, rows: list[Row]) -> int:
    store(world, {**rows[2], "credit": {"N": "999900"}})
    return 3


def delete_last(world: World, rows: list[Row]) -> int:
    remove(world, rows[-1])
    return len(rows)


def delete_middle(world: World, rows: list[Row]) -> int:
    remove(world, rows[2])
    return 4


def swap_two(world: World, rows: list[Row]) -> int:
    store(world, {**rows[1], "seq": rows[3]["seq"]})
    store(world, {**rows[3], "seq": rows[1]["seq"]})
    return 2


def alter_and_rehash(world: World, rows: list[Row]) -> int:
    store(world, to_wire(richer(from_wire(rows[2]), 100)))
    return 4


def rewrite_last(world: World, rows: list[Row]) -> int:
    store(world, to_wire(rehashed(from_wire(rows[-1]), debit=1, balance=from_wire(rows[-2]).balance - 1)))
    return len(rows)


def rewrite_everything_after(world: World, rows: list[Row]) -> int:
    """One entry richer, and every later one made to fit: only the other side of its journal tells."""
    made = richer(from_wire(rows[2]), 100)
    store(world, to_wire(made))
    for row in rows[3:]:
        entry = from_wire(row)
        more = {"balance": entry.balance + 100, "total_credit": entry.total_credit + 100}
        made = rehashed(entry, prev_hash=made.hash, **more)
        store(world, to_wire(made))
    return 3


def make_unreadable(world: World, rows: list[Row]) -> int:
    store(world, {name: value for name, value in rows[2].items() if name != "hash"})
    return 3


def rewrite_it_all(world: World, rows: list[Row]) -> int:
    """Both sides of a payment and the payment itself made richer, and everything after them made to fit, up to both heads."""
    forged = from_wire(rows[2])
    (other,) = [
        from_wire(i) for i in world.dump()[TABLE] if i["journal_id"] == rows[2]["journal_id"] and i["account"] != rows[2]["account"]
    ]
    for entry, credit, debit in ((forged, 100, 0), (other, 0, 100)):
        previous: Entry | None = None
        for entry_row in chain(world, entry.account.key)[entry.seq - 1 :]:
            made = from_wire(entry_row)
            more: dict[str, Any] = {"balance": made.balance + credit - debit, "total_credit": made.total_credit + credit}
            more |= {"total_debit": made.total_debit + debit, "prev_hash": previous.hash if previous else made.prev_hash}
            if previous is None:
                more |= {"credit": made.credit + credit, "debit": made.debit + debit}
            previous = rehashed(made, **more)
            store(world, to_wire(previous))
    (payment,) = [item for item in world.dump()["test-payments"] if item["payment_id"]["S"] == forged.reference.id]
    world.dynamo.put_item(TableName="test-payments", Item={**payment, "amount": {"N": str(int(payment["amount"]["N"]) + 100)}})
    return 3


def delete_the_last_payment(world: World, rows: list[Row]) -> int:
    """Its record and both of its entries, each the last of its chain: only what was sealed tells."""
    last = from_wire(rows[-1])
    for item in world.dump()[TABLE]:
        if item["journal_id"]["S"] == last.journal_id:
            remove(world, item)
    for table, name in (("test-payments", "payment_id"), ("test-refunds", "refund_id")):
        world.dynamo.delete_item(TableName=table, Key={name: {"S": last.reference.id}})
    return len(rows)


UNSEEN_WITHOUT_CHECKPOINTS = [rewrite_it_all, delete_the_last_payment]
FORGERIES = [overwrite_one, delete_last, delete_middle, swap_two, alter_and_rehash, rewrite_last, rewrite_everything_after, make_unreadable]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forgery_before_the_first_checkpoint_is_found_by_the_records(
    world: World, account: str, capsys: pytest.CaptureFixture[str], forge: Callable[[World, list[Row]], int]
) -> None:
    seq = forge(world, chain(world, account))
    capsys.readouterr()
    assert main(["ledger", "verify"]) == 1
    assert f"{account} seq {seq}" in capsys.readouterr().out


@pytest.mark.parametrize("forge", [*FORGERIES, *UNSEEN_WITHOUT_CHECKPOINTS])
def test_every_forgery_is_found_with_its_account_and_place(
    world: World, account: str, capsys: pytest.CaptureFixture[str], forge: Callable[[World, list[Row]], int]
) -> None:
    """By an administrator whom no permission stops (acceptance 53)."""
    seal(world)
    assert main(["ledger", "verify"]) == 0
    seq = forge(world, chain(world, account))
    capsys.readouterr()
    assert main(["ledger", "verify"]) == 1
    assert f"{account} seq {seq}" in capsys.readouterr().out


@pytest.mark.parametrize("forge", [*FORGERIES, *UNSEEN_WITHOUT_CHECKPOINTS])
def test_a_forgery_is_found_although_its_payment_is_gone_too(
    world: World, account: str, capsys: pytest.CaptureFixture[str], forge: Callable[[World, list[Row]], int]
) -> None:
    seal(world)
    seq = forge(world, chain(world, account))
    for payment in world.dump()["test-payments"]:
        world.dynamo.delete_item(TableName="test-payments", Key={"payment_id": payment["payment_id"]})
    capsys.readouterr()
    assert main(["ledger", "verify"]) == 1
    assert f"{account} seq {seq}" in capsys.readouterr().out


@pytest.mark.parametrize("forge", UNSEEN_WITHOUT_CHECKPOINTS)
def test_these_forgeries_fit_everything_but_a_checkpoint(
    world: World, account: str, capsys: pytest.CaptureFixture[str], forge: Callable[[World, list[Row]], int]
) -> None:
    """Or the tests with one would not show what it is good for."""
    forge(world, chain(world, account))
    capsys.readouterr()
    assert main(["ledger", "verify"]) == 0, capsys.readouterr().out


def test_a_whole_account_that_is_gone_is_named(world: World, account: str, capsys: pytest.CaptureFixture[str]) -> None:
    seal(world)
    rows = chain(world, account)
    for row in rows:
        remove(world, row)
    capsys.readouterr()
    assert main(["ledger", "verify"]) == 1
    assert f"{account} seq 1: missing, and {len(rows) - 1} more, though checkpoint 1 seals it" in capsys.readouterr().out


@pytest.mark.parametrize("forge", FORGERIES)
def test_every_forgery_raises_the_alarm(world: World, account: str, log: Log, forge: Callable[[World, list[Row]], int]) -> None:
    """The watcher's line is what the alarm counts (acceptance 53)."""
    truthful = world.dynamo.drain_stream(TABLE)
    log.clear()
    assert watch({"Records": truthful}, None) == {"batchItemFailures": []}
    assert log.lines == []
    forge(world, chain(world, account))
    watch({"Records": world.dynamo.drain_stream(TABLE)}, None)
    assert {(line["level"], line["message"]) for line in log.lines} == {("CRITICAL", TAMPERED)}
    assert {line["account"] for line in log.lines} == {account}


CHECKPOINTS = "test-ledger_checkpoints"


@pytest.fixture
def sealed_thrice(world: World, merchant: Signer, account: str) -> list[Row]:
    """Three checkpoints; their rows."""
    seal(world)
    for _ in range(2):
        assert world.pay(merchant, "asha", "1.00").status == 201
        assert seal(world).checkpoints == 1
    rows = world.dump()[CHECKPOINTS]
    assert len(rows) == 6
    return rows


def checkpoint(rows: list[Row], number: int) -> Row:
    (found,) = [row for row in rows if row["scope"]["S"] == "checkpoint" and int(row["position"]["S"]) == number]
    return found


@pytest.mark.parametrize("field", ["root", "runs", "total_entries", "sealed_at", "previous", "key_id", "signature"])
@pytest.mark.parametrize("number", [1, 3])
def test_a_changed_checkpoint_is_found(
    world: World, sealed_thrice: list[Row], capsys: pytest.CaptureFixture[str], field: str, number: int
) -> None:
    row = checkpoint(sealed_thrice, number)
    kind, value = next(iter(row[field].items()))
    # A signature of the same shape that is another statement's.
    changed = checkpoint(sealed_thrice, 2)[field]["B"] if kind == "B" else str(int(value) + 1) if kind == "N" else value + "x"
    world.dynamo.put_item(TableName=CHECKPOINTS, Item={**row, field: {kind: changed}})
    assert main(["ledger", "verify"]) == 1
    assert f"checkpoint {number}: " in capsys.readouterr().out


def test_a_checkpoint_that_is_gone_is_found(world: World, sealed_thrice: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    row = checkpoint(sealed_thrice, 2)
    world.dynamo.delete_item(TableName=CHECKPOINTS, Key={name: row[name] for name in ("scope", "position")})
    assert main(["ledger", "verify"]) == 1
    assert "checkpoint 3: does not follow 1" in capsys.readouterr().out


def test_sealed_runs_that_are_gone_or_others_are_found(world: World, sealed_thrice: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    first, second = [row for row in sealed_thrice if row["scope"]["S"].startswith("runs#")][:2]
    world.dynamo.put_item(TableName=CHECKPOINTS, Item={**first, "packed": second["packed"]})
    assert main(["ledger", "verify"]) == 1
    assert "its runs are not those it was signed for" in capsys.readouterr().out
    world.dynamo.delete_item(TableName=CHECKPOINTS, Key={name: first[name] for name in ("scope", "position")})
    assert main(["ledger", "verify"]) == 1
    assert "its runs are not those it was signed for" in capsys.readouterr().out
    world.dynamo.put_item(TableName=CHECKPOINTS, Item={**first, "packed": {"B": b"nothing"}})
    assert main(["ledger", "verify"]) == 1
    assert "chunk 0: cannot be read" in capsys.readouterr().out


def test_checkpoints_of_another_key_are_none(world: World, sealed_thrice: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    """An attacker who can write tables and use a key of their own can seal a ledger of their own."""
    other = world.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    settings.use(world.settings.model_copy(update={"proof_key_id": other}))
    assert main(["ledger", "verify"]) == 1
    assert "signed with a key that is not the ledger's" in capsys.readouterr().out


def test_what_sealing_missed_is_reported_and_sealed_when_asked(
    world: World, merchant: Signer, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A note can be lost: the stream dropped a batch, and no later note named its account."""
    seal(world)
    assert world.pay(merchant, "asha", "1.00").status == 201
    rollups.stream(world)
    missed = f"{account} seq {len(chain(world, account))}"
    assert main(["ledger", "verify"]) == 0
    assert "UNSEALED" not in capsys.readouterr().out, "a checkpoint may still be on its way"
    world.clock.now += 3_601
    assert main(["ledger", "verify"]) == 0
    assert f"UNSEALED {missed}: no checkpoint covers it since " in capsys.readouterr().out
    assert seal(world).entries == 0
    assert main(["ledger", "verify", "--seal-missed"]) == 0
    assert "2 accounts noted" in capsys.readouterr().out
    assert seal(world).entries == 2
    assert main(["ledger", "verify"]) == 0
    assert "UNSEALED" not in capsys.readouterr().out


class _Busy:
    """A client between whose reads of whole tables merchants go on being paid."""

    def __init__(self, world: World, merchant: Signer) -> None:
        self._world, self._merchant, self.scans = world, merchant, 0

    def __getattr__(self, name: str) -> Any:
        return self._scan if name == "scan" else getattr(self._world.dynamo, name)

    def _scan(self, **request: Any) -> Any:
        page = self._world.dynamo.scan(**request)
        self.scans += 1
        aws.use("dynamodb", self._world.dynamo)
        paid = self._world.pay(self._merchant, "asha", "1.00")
        assert paid.status == 201
        assert self._world.call(self._merchant, "POST", "/v1/payments/refund", {"payment_id": paid.body["payment_id"]}).status == 201
        aws.use("dynamodb", self)
        return page


@pytest.mark.parametrize("at_rest", [False, True])
def test_nothing_is_found_wrong_with_books_that_are_written_while_they_are_read(
    world: World, merchant: Signer, account: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, at_rest: bool
) -> None:
    """With --at-rest while writers run, the newest minute gives findings."""
    seal(world)
    monkeypatch.setattr(verification, "ThreadPoolExecutor", _OneByOne)
    busy = _Busy(world, merchant)
    aws.use("dynamodb", busy)
    assert main(["ledger", "verify", "--segments", "16", *(["--at-rest"] if at_rest else [])]) == int(at_rest), capsys.readouterr().out
    assert busy.scans > 16
    aws.use("dynamodb", world.dynamo)
    assert main(["ledger", "verify", "--at-rest"]) == 0


class _OneByOne:
    """Readers that take turns, so that what is read when is the same in each run."""

    def __init__(self, max_workers: int) -> None:
        self.map = map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """There is nothing to end."""


def test_a_forgery_does_not_hide_in_the_future(world: World, account: str, capsys: pytest.CaptureFixture[str]) -> None:
    last = from_wire(chain(world, account)[-1])
    links = {"seq": last.seq + 1, "created_at": last.created_at + 10**9, "prev_hash": last.hash, "journal_id": "jrn_" + "a" * 26}
    sums = {"balance": last.balance + 5, "total_credit": last.total_credit + 5, "count": last.count + 1}
    store(world, to_wire(rehashed(last, credit=5, debit=0, **links, **sums)))
    assert main(["ledger", "verify"]) == 1
    found = capsys.readouterr().out
    assert f"({account} seq {last.seq + 1}): debits and credits differ" in found


def test_a_record_without_its_money_is_found(world: World, account: str, capsys: pytest.CaptureFixture[str]) -> None:
    (payment, *_) = world.dump()["test-payments"]
    world.dynamo.put_item(TableName="test-payments", Item={**payment, "payment_id": {"S": "pay_" + "a" * 26}})
    assert main(["ledger", "verify"]) == 1
    assert "payment pay_" + "a" * 26 in capsys.readouterr().out


def test_money_without_its_record_is_found(world: World, account: str, capsys: pytest.CaptureFixture[str]) -> None:
    (payment, *_) = world.dump()["test-payments"]
    world.dynamo.delete_item(TableName="test-payments", Key={"payment_id": payment["payment_id"]})
    assert main(["ledger", "verify"]) == 1
    assert payment["payment_id"]["S"] in capsys.readouterr().out


# All of them take a minute; the nightly run does.
TRANSACTIONS = int(os.environ.get("VERIFIED_TRANSACTIONS", "2000"))


def test_thousands_of_mixed_transactions_add_up_to_the_paisa(world: World, record_property: Callable[[str, object], None]) -> None:
    """Acceptance 54: the ledger, every page that shows it, and a sum kept by hand say the same."""
    dice = random.Random(54)
    merchant = world.register(currency="INR")
    world.spread(merchant, 3)
    users = [f"user{number}" for number in range(10)]
    wallets = dict.fromkeys(users, 0)
    for user in users:
        world.wallet(merchant, user)
    earned, paid = 0, list[tuple[str, str, int]]()
    started = time.monotonic()
    for _ in range(TRANSACTIONS):
        user, minor = dice.choice(users), dice.randrange(1, 100_000)
        amount = f"{minor // 100}.{minor % 100:02d}"
        kind = dice.choice(["topup", "pay", "pay", "refund"])
        if kind == "refund" and paid:
            payment_id, owner, left = paid.pop(dice.randrange(len(paid)))
            assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payment_id}).status == 201
            wallets[owner] += left
            earned -= left
        elif kind == "topup":
            assert world.call(merchant, "POST", "/v1/wallet/topup", {"user_id": user, "amount": amount}).status == 201
            wallets[user] += minor
        else:
            reply = world.pay(merchant, user, amount)
            assert reply.status == (201 if minor <= wallets[user] else 402)
            if reply.status == 201:
                wallets[user] -= minor
                earned += minor
                paid.append((reply.body["payment_id"], user, minor))
    record_property("figures", f"{TRANSACTIONS} transactions in {time.monotonic() - started:.1f} s, books sound")
    assert main(["ledger", "verify", "--at-rest"]) == 0
    for user, minor in wallets.items():
        shown = world.call(merchant, "GET", f"/v1/wallet?user_id={user}").body["data"][0]["balance"]
        assert shown == f"{minor // 100}.{minor % 100:02d}"
    credited = sum(shown_minor(row["credit"]) - shown_minor(row["debit"]) for row in every_entry(world, merchant))
    assert credited == earned


def shown_minor(amount: str) -> int:
    return int(amount.replace(".", ""))


def every_entry(world: World, merchant: Signer) -> list[Row]:
    found: list[Row] = []
    cursor = ""
    while True:
        page = world.call(merchant, "GET", f"/v1/dashboard/ledgers?limit=100{cursor}").body
        found += page["data"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
