"""What a bank brought and what reconciliation left open are in a month's audit pack, and a changed byte of them is named by its line."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paycorex import reconciliation_accounts, settings
from paycorex.cli import main
from paycorex.ledger import Account
from paycorex.ledger.proof import proof_key
from settlements.matching import working
from statements.audit.audit_check import Check
from tests.fakes.object_store import ObjectStore
from tests.integration.settlements.test_sandbox_reconciled import NEVER, STRANGER
from tests.support import payments as support
from tests.support import reports
from tests.support.proofs import seal
from tests.support.world import Signer, World

MONTH_SECONDS = 31 * 24 * 3600


@pytest.fixture
def bucket(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """Where statements of the sandbox's bank are put."""
    with ObjectStore() as objects:
        monkeypatch.setattr(settings, "aws_environment", lambda: {**os.environ, **objects.environment()})
        world.settings = world.settings.model_copy(update={"reports_bucket": "reports"})
        settings.use(world.settings)
        yield objects


@pytest.fixture
def pack(world: World, merchant: Signer, bucket: ObjectStore, tmp_path: Path) -> Path:
    """A month in which a payout arrived in the bank, a payment was never paid out, and a line is about none of ours."""
    month = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    reconciliation_accounts.note([Account.clearing(merchant.merchant_id, "sandbox", "INR").key])
    for card in (support.APPROVE, NEVER, STRANGER):
        support.charge(world, merchant, card, "100.00")
    for _minute in range(15):
        reports.tick(world)
        working.run(merchant.merchant_id)
    seal(world)
    world.clock.now += MONTH_SECONDS
    seal(world)
    target = tmp_path / "pack"
    assert main(["audit", "pack", month, "--output", str(target)]) == 0
    return target


def checked(world: World, lines: list[bytes]) -> list[str]:
    check = Check(proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode())
    check.read(iter(lines))
    return check.problems


def test_bank_lines_and_items_are_in_the_pack_and_their_money_is_proven(world: World, pack: Path) -> None:
    lines = pack.read_bytes().splitlines(keepends=True)
    assert checked(world, lines) == []
    records = [line for line in map(json.loads, (raw[65:] for raw in lines)) if line[0] == "record"]
    banked = [said for _record, kind, _id, said in records if kind == "bank_line"]
    assert [(said["state"], said["amount"]) for said in banked] == [("matched", "318.28")]
    items = [said for _record, kind, _id, said in records if kind == "reconciliation_item"]
    assert {(said["side"], said["state"]) for said in items} >= {("ours", "matched"), ("ours", "expected"), ("provider", "unexpected")}
    money = [reference for kind, reference, *_rest in (json.loads(raw[65:]) for raw in lines if b'["money"' in raw[:80])]
    assert {kind for kind, _id in money} >= {"bank_line", "settlement", "payment"}


@pytest.mark.parametrize("kind", ["bank_line", "reconciliation_item"])
def test_a_changed_byte_of_them_is_named_by_its_line(world: World, pack: Path, kind: str) -> None:
    lines = pack.read_bytes().splitlines(keepends=True)
    place = next(number for number, raw in enumerate(lines) if f'["record","{kind}"'.encode() in raw)
    name = json.loads(lines[place][65:])[2]
    lines[place] = lines[place].replace(b'"currency":"INR"', b'"currency":"USD"', 1)
    # What is over all lines is another one then, too.
    assert checked(world, lines)[0].startswith(f"line {place + 1} (record {kind} {name}")


def test_a_bank_line_without_its_record_is_missed(world: World, pack: Path) -> None:
    """Also by one who makes all digests anew: the journal that it moved is signed."""
    from io import BytesIO

    from statements.audit.lines import PackWriter

    target = BytesIO()
    writer = PackWriter(target)
    for kind, *values in (json.loads(raw[65:]) for raw in pack.read_bytes().splitlines()):
        if kind != "end" and not (kind == "money" and values[0][0] == "bank_line"):
            writer.write(kind, *values)
    writer.end()
    problems = checked(world, target.getvalue().splitlines(keepends=True))
    assert len(problems) == 1
    assert "bank_line" in problems[0]
