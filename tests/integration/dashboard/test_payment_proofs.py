"""A payment's proof, checked without the API: it holds as it is answered, and nothing in it can be changed."""

import ast
import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from paycorex.cli import main
from paycorex.ledger.proof import proof_check, proof_key
from paycorex.ledger.proof.proof_check import NotSealedYet, ProofRefused, check
from tests.support.expectations import assert_refused, nothing_written
from tests.support.proofs import proof, seal
from tests.support.world import Signer, World

type Document = dict[str, Any]
# Where a value is in a document: names and indexes.
type Way = tuple[str | int, ...]


@pytest.fixture
def payments(world: World, merchant: Signer) -> list[str]:
    """Payments of ten users, sealed by three checkpoints, so that paths have steps to both sides."""
    made: list[str] = []
    for user in range(10):
        world.wallet(merchant, f"user-{user}", "100.00")
    for _round in range(3):
        made += [world.pay(merchant, f"user-{user}", "1.00").body["payment_id"] for user in range(10)]
        assert seal(world).checkpoints == 1
    return made


@pytest.fixture
def key(world: World) -> bytes:
    """The public key, as its owner hands it out."""
    return proof_key.pem(proof_key.public_key(world.settings.proof_key_id)).encode()


def values(part: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Every value of a document and where it is."""
    if isinstance(part, dict | list):
        for name, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from values(inner, (*way, name))
    else:
        yield way, part


def at(document: Any, way: Way) -> Any:
    for name in way:
        document = document[name]
    return document


def others(value: Any) -> Iterator[Any]:
    """What a forger may put in place of a value: next to it, of another type, nothing."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value - 1, str(value), float(value))
    elif isinstance(value, str):
        yield from (value + "0", "0" + value, value.upper() + " ", value[:-1], [value])
        yield ("f" if value[:1] != "f" else "e") + value[1:]
    yield {}
    if value is not None:
        yield None


def test_every_payments_proof_holds(world: World, merchant: Signer, payments: list[str], key: bytes) -> None:
    for payment_id in payments:
        lines = check(proof(world, merchant, payment_id), key)
        assert len(lines) == 2
        assert all(" is sealed by checkpoint " in line for line in lines)


def test_no_value_of_a_proof_can_be_changed(world: World, merchant: Signer, payments: list[str], key: bytes) -> None:
    genuine = proof(world, merchant, payments[13])
    tried = 0
    for way, value in values(genuine):
        for other in others(value):
            forged = copy.deepcopy(genuine)
            at(forged, way[:-1])[way[-1]] = other
            with pytest.raises((ProofRefused, NotSealedYet) if way[-1] == "sealed" else ProofRefused):
                check(forged, key)
            tried += 1
    assert tried > 400


def test_nothing_can_be_added_left_out_or_moved(world: World, merchant: Signer, payments: list[str], key: bytes) -> None:
    genuine = proof(world, merchant, payments[13])
    for way in {found[:length] for found, _value in values(genuine) for length in range(len(found))}:
        part = at(genuine, way)
        for name in list(part) if isinstance(part, dict) else range(len(part)):
            forged = copy.deepcopy(genuine)
            del at(forged, way)[name]
            with pytest.raises(ProofRefused):
                check(forged, key)
        forged = copy.deepcopy(genuine)
        inside = at(forged, way)
        if isinstance(inside, dict):
            inside["more"] = 1
        else:
            inside.append(inside[-1])
        with pytest.raises(ProofRefused):
            check(forged, key)
        if isinstance(part, list) and len(part) > 1 and way != ("entries",):
            forged = copy.deepcopy(genuine)
            at(forged, way).reverse()
            with pytest.raises(ProofRefused):
                check(forged, key)


def test_parts_of_other_proofs_do_not_fit(world: World, merchant: Signer, payments: list[str], key: bytes) -> None:
    mine, other = (proof(world, merchant, payments[number]) for number in (3, 17))
    for part in ("entry", "run", "checkpoint"):
        forged = copy.deepcopy(mine)
        forged["entries"][0][part] = other["entries"][0][part]
        with pytest.raises(ProofRefused):
            check(forged, key)
    for entries in (mine["entries"][:1], [*mine["entries"], *other["entries"]], [mine["entries"][0]] * 2, other["entries"]):
        with pytest.raises(ProofRefused):
            check({**mine, "entries": entries}, key)


def test_another_key_signed_nothing(world: World, merchant: Signer, payments: list[str]) -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    genuine = proof(world, merchant, payments[0])
    with pytest.raises(ProofRefused, match="not signed with this key"):
        check(genuine, other)


@pytest.mark.parametrize("content", ["", "null", "[]", "{}", '{"payment_id": "x", "sealed": true, "entries": []}', "\xff", '"text"'])
def test_what_is_no_proof_is_refused(world: World, key: bytes, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "proof.json").write_bytes(content.encode("latin-1"))
    (tmp_path / "key.pem").write_bytes(key)
    assert main(["ledger", "check-proof", str(tmp_path / "proof.json"), "--public-key", str(tmp_path / "key.pem")]) == 1
    assert capsys.readouterr().out.startswith("REFUSED ")


def test_the_command_and_the_script_alone_say_the_same(
    world: World, merchant: Signer, payments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / f"{name}.json" for name in ("sealed", "forged", "young")}
    genuine = proof(world, merchant, payments[0])
    files["sealed"].write_text(json.dumps(genuine))
    forged = copy.deepcopy(genuine)
    forged["entries"][0]["entry"]["credit_minor"] += 1
    files["forged"].write_text(json.dumps(forged))
    files["young"].write_text(json.dumps(proof(world, merchant, world.pay(merchant, "user-0", "1.00").body["payment_id"])))
    capsys.readouterr()
    assert main(["ledger", "public-key"]) == 0
    pem = tmp_path / "key.pem"
    pem.write_text(capsys.readouterr().out)
    script = tmp_path / "copied.py"
    script.write_bytes(Path(proof_check.__file__).read_bytes())
    for name, status, word in (("sealed", 0, "PROVEN"), ("forged", 1, "REFUSED"), ("young", 2, "NOT YET")):
        assert main(["ledger", "check-proof", str(files[name]), "--public-key", str(pem)]) == status
        said = capsys.readouterr().out
        assert said.startswith(word)
        alone = [sys.executable, "-I", str(script), str(files[name]), "--public-key", str(pem)]
        ran = subprocess.run(alone, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout) == (status, said), ran.stderr


def test_the_script_needs_cryptography_and_nothing_else() -> None:
    tree = ast.parse(Path(proof_check.__file__).read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in modules} - sys.stdlib_module_names == {"cryptography"}


def test_another_merchant_gets_the_answer_that_there_is_no_such_payment(world: World, merchant: Signer, payments: list[str]) -> None:
    stranger = world.register("Stranger")
    assert world.call(stranger, "GET", "/v1/merchants/me").status == 200
    with nothing_written(world):
        assert_refused(world.call(stranger, "GET", f"/v1/payments/{payments[0]}/proof"), "not_found")


def test_a_key_without_the_scope_sees_no_proof(world: World, merchant: Signer, payments: list[str]) -> None:
    made = world.call(merchant, "POST", "/v1/merchants/apikey", {"overlap_seconds": 3600, "scopes": ["wallet:read"]})
    assert made.status == 201, made.raw
    narrow = Signer(made.body["api_key"], made.body["secret"])
    assert_refused(world.call(narrow, "GET", f"/v1/payments/{payments[0]}/proof"), "forbidden")


def test_a_payment_that_is_captured_in_parts_is_proven_by_its_captures(world: World, merchant: Signer, key: bytes) -> None:
    world.wallet(merchant, "asha", "100.00")
    order = {"amount": "90.00", "method": "wallet", "user_id": "asha", "capture_method": "manual"}
    payment_id = world.call(merchant, "POST", "/v1/payments/create", order).body["payment_id"]
    assert proof(world, merchant, payment_id)["entries"] == []
    for body in ({"amount": "30.00", "final": False}, {"amount": "40.00"}):
        assert world.call(merchant, "POST", f"/v1/payments/{payment_id}/capture", body).status == 201
    assert seal(world).checkpoints == 1
    document = proof(world, merchant, payment_id)
    moved = [
        (each["entry"]["account"].split("#")[1], each["entry"]["debit_minor"], each["entry"]["credit_minor"])
        for each in document["entries"]
    ]
    assert moved == [("hold", 4000, 0), ("merchant", 0, 4000), ("hold", 3000, 0), ("merchant", 0, 3000)]
    check(document, key)
