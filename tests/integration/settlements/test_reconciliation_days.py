"""A stated day: sealed with the ledger, and checked by a script that knows nothing of this platform's code."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paycorex import reconciliation_accounts, storage
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.proof import checkpoints, proof_check, proof_key, reconciliation_check, sealing_work
from paycorex.ledger.proof.sealed_history import SealedHistory
from paycorex.ledger.verification import Verifier
from paycorex.records.reconciliation_day import ReconciliationDay
from settlements.matching import stating
from tests.integration.settlements.books import Books, line, unsound
from tests.support import page_commands
from tests.support.world import Signer, World

DAY = "2027-01-14"


@pytest.fixture
def books(merchant: Signer) -> Books:
    return Books(merchant.merchant_id)


@pytest.fixture
def answer(world: World, merchant: Signer, books: Books) -> dict[str, Any]:
    """A sealed day with one payment that is open and one that was paid out."""
    books.pay("a", 1000)
    books.pay("b", 250)
    books.report(line("a", 1000))
    books.reconcile()
    return sealed(world, merchant)


def sealed(world: World, merchant: Signer) -> dict[str, Any]:
    for item in storage.scan_all(ReconciliationDay):
        accounts = [f"{item.account.replace('#', '#reconciliation#', 1)}#0", f"{item.account.replace('#', '#clearing#', 1)}#0"]
        sealing_work.note("1".zfill(40), accounts)
    checkpoints.seal(lambda: True)
    found = world.call(merchant, "GET", f"/v1/reconciliation/days/{DAY}?source=stripe&currency=INR")
    assert found.status == 200, found.raw
    body: dict[str, Any] = json.loads(found.raw)
    return body


@pytest.fixture
def key(world: World) -> bytes:
    return proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()


def test_a_day_is_stated_once_and_explains_itself_offline(world: World, books: Books, answer: dict[str, Any], key: bytes) -> None:
    said, unexplained = reconciliation_check.check(answer, key)
    assert unexplained == 0
    assert said.endswith(f"on {DAY}: balance 250 minor units, 1 open items come to 250")
    books.pay("c")
    books.reconcile()
    assert len(list(storage.scan_all(ReconciliationDay))) == 1
    assert unsound() == []


def test_the_script_needs_two_files_and_no_platform(answer: dict[str, Any], key: bytes, tmp_path: Path) -> None:
    for module in (proof_check, reconciliation_check):
        source = Path(str(module.__file__))
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "day.json").write_text(json.dumps(answer), encoding="utf-8")
    (tmp_path / "key.pem").write_bytes(key)
    blocked = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.modules['paycorex'] = None; import reconciliation_check as check;"
    asked = [str(tmp_path / "day.json"), "--public-key", str(tmp_path / "key.pem")]
    command = [sys.executable, "-I", "-c", f"{blocked} sys.exit(check.main({asked!r}))"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split(" ")[0], done.stderr) == (0, "EXPLAINED", "")


def test_the_commands_of_the_page_run(world: World, merchant: Signer, answer: dict[str, Any], key: bytes, tmp_path: Path) -> None:
    asking, *checking = page_commands.commands("reconciliation", "call GET")
    target = asking[2].replace("2026-11-27", DAY)
    assert json.loads(world.call(merchant, asking[1], target).raw) == answer
    for name, content in {"day.json": json.dumps(answer).encode(), "key.pem": key}.items():
        (tmp_path / name).write_bytes(content)
    assert len(checking) == 2
    for command in checking:
        assert page_commands.carry_out(command, tmp_path, {name: str(tmp_path / name) for name in ("day.json", "key.pem")}) == 0


def more_owed(answer: dict[str, Any]) -> None:
    answer["document"]["items"][0][3] += 5


def item_left_out(answer: dict[str, Any]) -> None:
    answer["document"]["items"].pop()
    answer["document"]["explained_minor"] = 0


def other_day(answer: dict[str, Any]) -> None:
    answer["document"]["day"] = "2027-01-13"


def other_balance(answer: dict[str, Any]) -> None:
    answer["lanes"][0]["entry"]["balance_minor"] -= 1


def other_lane(answer: dict[str, Any]) -> None:
    answer["lanes"] = [answer["statement"]]


def other_signature(answer: dict[str, Any]) -> None:
    answer["statement"]["checkpoint"]["total_entries"] += 1


@pytest.mark.parametrize("change", [more_owed, item_left_out, other_day, other_balance, other_lane, other_signature])
def test_whatever_is_changed_is_refused(answer: dict[str, Any], key: bytes, change: Callable[[dict[str, Any]], None]) -> None:
    change(answer)
    with pytest.raises(proof_check.ProofRefused):
        reconciliation_check.check(answer, key)


def test_a_day_of_what_is_on_its_way_to_the_bank_explains_itself_offline(world: World, merchant: Signer, books: Books, key: bytes) -> None:
    reconciliation_accounts.note([Account.bank_in_transit(merchant.merchant_id, "stripe", "INR").key])
    books.pay("a", 1000)
    books.report(line("a", 1000))
    books.reconcile()
    name = "bank_in_transit:stripe"
    sealing_work.note(
        "1".zfill(40), [f"{merchant.merchant_id}#{each}#INR#0" for each in (f"reconciliation#{name}", "bank_in_transit#stripe")]
    )
    checkpoints.seal(lambda: True)
    found = world.call(merchant, "GET", f"/v1/reconciliation/days/{DAY}?source={name}&currency=INR")
    said, unexplained = reconciliation_check.check(json.loads(found.raw), key)
    assert (unexplained, said.rpartition(": ")[2]) == (0, "balance 1000 minor units, 1 open items come to 1000")


def test_before_a_checkpoint_it_is_not_sealed_yet(world: World, merchant: Signer, books: Books, key: bytes) -> None:
    books.pay("a")
    books.reconcile()
    found = json.loads(world.call(merchant, "GET", f"/v1/reconciliation/days/{DAY}?source=stripe&currency=INR").raw)
    with pytest.raises(proof_check.NotSealedYet):
        reconciliation_check.check(found, key)
    assert world.call(merchant, "GET", "/v1/reconciliation/days/2020-01-01?source=stripe&currency=INR").status == 404


def test_a_stated_day_that_is_removed_is_found(world: World, answer: dict[str, Any]) -> None:
    history = SealedHistory(proof_key.only(world.settings.proof_key_id))
    history.read()
    assert history.findings == []
    (day,) = list(storage.scan_all(ReconciliationDay))
    world.dynamo.delete_item(
        TableName=world.settings.table("reconciliation_days"), Key=ReconciliationDay.wire_key(day.account, day.position)
    )
    found = Verifier(segments=1, sealed=history).run(every_source()).findings
    assert any("no record for its reference reconciliation" in finding.problem for finding in found)
    assert answer["sealed"] is True


def test_a_document_of_several_parts_is_read_whole(
    world: World, merchant: Signer, books: Books, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stating, "PART_BYTES", 200)
    for number in range(20):
        books.pay(str(number), 100 + number)
    books.reconcile()
    found = sealed(world, merchant)
    assert len(list(storage.scan_all(ReconciliationDay))) > 2
    assert reconciliation_check.check(found, key)[1] == 0
