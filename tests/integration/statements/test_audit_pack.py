"""Audit packs: proven as they are made, and whatever byte is changed, its line is named. The checker needs nothing of the platform."""

import ast
import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paycorex import ledger
from paycorex.cli import main
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.ledger.proof import proof_key
from settlements import settling
from statements.audit import audit_check
from statements.audit.audit_check import Check
from statements.audit.lines import PackWriter
from tests.integration.settlements.test_lines_and_settling import accept, line, only
from tests.support import page_commands
from tests.support.proofs import seal
from tests.support.world import Signer, World

MONTH_SECONDS = 31 * 24 * 3600


@pytest.fixture
def month(world: World, merchant: Signer) -> str:
    """A month with payments, a refund, holds and captures, sealed in parts; a month before it and one after it with more."""
    other = world.register("Dosa Corner")
    for who in (merchant, other):
        world.wallet(who, "asha", "500.00")
        world.wallet(who, "at-rest", "25.00")
    seal(world)
    world.clock.now += MONTH_SECONDS
    name = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    for _round in range(3):
        paid = [world.pay(who, "asha", "1.00").body["payment_id"] for who in (merchant, other, merchant)]
        assert seal(world).checkpoints == 1
    assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": paid[0], "amount": "0.25"}).status == 201
    # What states something on the ledger and moves nothing is among a month's entries too.
    account = Account.reconciliation(merchant.merchant_id, "stripe", "INR")
    ledger.post(Journal.statement(account, Reference(ReferenceType.RECONCILIATION, "made-up"), "ab" * 32), lambda _entries: [])
    held = {"amount": "9.00", "method": "wallet", "user_id": "asha", "capture_method": "manual"}
    hold = world.call(merchant, "POST", "/v1/payments/create", held).body["payment_id"]
    assert world.call(merchant, "POST", f"/v1/payments/{hold}/capture", {"amount": "3.00", "final": True}).status == 201
    seal(world)
    world.clock.now += MONTH_SECONDS
    world.pay(merchant, "asha", "2.00")
    seal(world)
    return name


@pytest.fixture
def key(world: World, tmp_path: Path) -> Path:
    target = tmp_path / "key.pem"
    target.write_text(proof_key.pem(proof_key.public_key(world.settings.proof_key_id)))
    return target


@pytest.fixture
def pack(world: World, month: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    target = tmp_path / "pack"
    assert main(["audit", "pack", month, "--output", str(target)]) == 0
    digest = capsys.readouterr().out.split()[-1]
    assert len(digest) == 64
    return target


@pytest.fixture
def settled(world: World, merchant: Signer, tmp_path: Path) -> Path:
    """The pack of a month in which a provider paid out."""
    accept(merchant, line(1), line(2), line(3))
    settling.close(only().settlement_id)
    name = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    seal(world)
    world.clock.now += MONTH_SECONDS
    target = tmp_path / "pack"
    assert main(["audit", "pack", name, "--output", str(target)]) == 0
    return target


def lines_of(content: bytes) -> Iterator[bytes]:
    """As a file is read: only a line feed ends a line."""
    parts = content.split(b"\n")
    yield from (part + b"\n" for part in parts[:-1])
    if parts[-1]:
        yield parts[-1]


def found(content: bytes, key: Path) -> list[str]:
    check = Check(key.read_bytes())
    check.read(lines_of(content))
    return check.problems


def test_a_pack_is_proven_by_the_command_and_by_the_program_alone(pack: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "check", str(pack), "--public-key", str(key)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("PROVEN ")
    alone = [sys.executable, "-I", audit_check.__file__, str(pack), "--public-key", str(key), "--digest", said.split()[-1]]
    done = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, said)
    assert main(["audit", "check", str(pack), "--public-key", str(key), "--digest", "0" * 64]) == 1


def test_the_commands_of_the_page_run(world: World, month: str, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"2026-11": month, "audit-2026-11.pack": str(tmp_path / "page.pack"), "key.pem": str(key)}
    making, *checking = page_commands.commands("statements", "paycorex audit")
    assert page_commands.carry_out(making, tmp_path, files) == 0
    assert len(checking) == 2
    for command in checking:
        digest = capsys.readouterr().out.split()[-1]
        assert page_commands.carry_out(command, tmp_path, files | {"…": digest}) == 0


def test_the_pack_has_every_record_of_the_month(world: World, pack: Path, merchant: Signer, month: str) -> None:
    text = pack.read_text()
    for item in world.dump()["test-payments"]:
        made = f"{datetime.fromtimestamp(int(item['created_at']['N']) // 1000, UTC):%Y-%m}"
        assert (f'"record","payment","{item["payment_id"]["S"]}"' in text) is (made == month)
    for kind in ("capture", "refund"):
        assert f'"record","{kind}"' in text
    # An account in which nothing moved is in the trial balance, with what it held.
    assert text.count('"head"') >= 2


def test_of_one_merchant_nothing_of_another_is_in_it(world: World, month: str, merchant: Signer, tmp_path: Path, key: Path) -> None:
    target = tmp_path / "one"
    assert main(["audit", "pack", month, "--merchant", merchant.merchant_id, "--output", str(target)]) == 0
    assert main(["audit", "check", str(target), "--public-key", str(key)]) == 0
    others = {item["merchant_id"]["S"] for item in world.dump()["test-merchants"]} - {merchant.merchant_id}
    assert len(others) == 1
    assert others.pop() not in target.read_text()


def test_any_changed_byte_is_named_by_its_line(pack: Path, key: Path) -> None:
    content = pack.read_bytes()

    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, len(content) - 1), st.integers(1, 255))
    def check(at: int, change: int) -> None:
        changed = bytearray(content)
        changed[at] ^= change
        number = content[:at].count(b"\n") + 1
        assert any(problem.startswith(f"line {number} (") for problem in found(bytes(changed), key)), (at, change)

    check()


def rewritten(content: bytes, key: Path, change: dict[int, str]) -> list[str]:
    """The problems of a pack whose maker changed lines and made every digest anew."""
    target = io.BytesIO()
    writer = PackWriter(target)
    for number, raw in enumerate(content.splitlines()[:-1], start=1):
        text = change.get(number, raw[65:].decode())
        writer.write(*json.loads(text))
    writer.end()
    return found(target.getvalue(), key)


def test_a_forger_who_makes_the_digests_anew_is_found_by_what_is_signed(pack: Path, key: Path) -> None:
    content = pack.read_bytes()
    assert rewritten(content, key, {}) == []
    texts = [line[65:].decode() for line in content.splitlines()[:-1]]
    rng = random.Random(7)
    for kind in ("entry", "run", "head", "checkpoint", "money", "balance"):
        numbers = [number for number, text in enumerate(texts, start=1) if text.startswith(f'["{kind}"')]
        for number in rng.sample(numbers, min(4, len(numbers))):
            text = texts[number - 1]
            digits = [at for at, letter in enumerate(text) if letter.isdigit()]
            at = rng.choice(digits)
            # Never a zero, which would begin a number that is no JSON.
            forged = text[:at] + {"9": "8"}.get(text[at], str(int(text[at]) + 1)) + text[at + 1 :]
            assert rewritten(content, key, {number: forged}), (kind, forged)


def test_lines_of_a_settlement_lead_to_the_root_in_its_journal(settled: Path, key: Path) -> None:
    content = settled.read_bytes()
    assert found(content, key) == []
    texts = [each[65:].decode() for each in content.splitlines()[:-1]]
    numbers = [number for number, text in enumerate(texts, start=1) if text.startswith('["line"')]
    assert len(numbers) == 3
    assert '["record","settlement"' in content.decode()
    for number in numbers:
        (problem,) = rewritten(content, key, {number: texts[number - 1].replace('"1000"', '"9000"')})
        assert "do not come to the root" in problem


def test_a_line_that_is_taken_out_is_missed(pack: Path, key: Path) -> None:
    lines = list(lines_of(pack.read_bytes()))
    for number in range(len(lines)):
        assert found(b"".join(lines[:number] + lines[number + 1 :]), key), number


def test_a_month_whose_entries_wait_for_a_seal_is_not_packed(
    world: World, merchant: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.wallet(merchant, "asha", "500.00")
    name = f"{datetime.fromtimestamp(world.clock.now, UTC):%Y-%m}"
    seal(world)
    world.pay(merchant, "asha", "1.00")
    target = tmp_path / "pack"
    assert main(["audit", "pack", name, "--output", str(target)]) == 2
    world.clock.now += MONTH_SECONDS
    assert main(["audit", "pack", name, "--output", str(target)]) == 2
    assert "is sealed by no checkpoint" in capsys.readouterr().out
    assert not target.exists()


def test_the_program_imports_nothing_but_the_library_of_signatures() -> None:
    tree = ast.parse(Path(audit_check.__file__).read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"cryptography"}
