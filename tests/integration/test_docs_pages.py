"""Every code block of the pages beside the guides: JSON goes to the operation that takes it, shell runs, what cannot is named with why."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from local.openapi import examples
from settlements.requests import ImportReport
from tests.integration.test_docs_blocks import ROOT, blocks, carry_out, served, shell_function
from tests.support.http_world import HttpWorld
from tests.support.world import Signer, World

__all__ = ["served"]
PAGES: Final = sorted((ROOT / "docs").glob("*.md"))
# Output of a command, and pictures that the site's own test draws.
_SHOWN: Final = frozenset({"", "text", "mermaid"})
_SHOP = """call POST /v1/wallet/create '{"user_id":"asha"}' > /dev/null
call POST /v1/wallet/topup '{"user_id":"asha","amount":"5000"}' > /dev/null
value() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
"""
_PAID = (
    _SHOP
    + """PAYMENT=$(call POST /v1/payments/create '{"amount":"100.00","method":"wallet","user_id":"asha"}' | value payment_id)
"""
)
# By how a block begins: what a reader has done before, and codes that an answer may have because the page shows ways of several states.
RUNS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "call POST /v1/payments/refund": (_PAID, frozenset({"invalid_state"})),
    'call POST /v1/payments/create \'{"amount":"100.00","method":"wallet"': (_SHOP, frozenset()),
    'call POST /v1/payments/create \'{"amount":"120.00","method":"tokenized","one_time_token"': (_SHOP, frozenset()),
    "call POST /v1/routing/replay": (_PAID, frozenset()),
    "call POST /v1/routing/experiments": (_PAID, frozenset()),
    'call POST /v1/payments/create \'{"amount":"120.00","method":"tokenized"}\'': (
        # A page is looked at by a person: here its address is printed.
        _SHOP + 'python3() { [ "$1" = -m ] && echo "$3" || command python3 "$@"; }\n',
        frozenset(),
    ),
}
# Commands for what a test does not have, by how a block begins. Their syntax is checked, and that what they call is there.
NOT_RUN: Final = {
    'call POST /v1/payments/refund "{\\"payment_id\\":\\"$PAYMENT\\",\\"refund_address\\"': "sends coins on the test chain (tests/e2e)",
    'call PATCH /v1/merchants/me \'{"connectors":{"prism:adyen"': "asks Adyen",
    "make check-aws": "asks an account of AWS",
    "make deploy": "deploys to an account of AWS",
    "aws dynamodb": "takes tables of an account of AWS away",
    "API=https://abc123": "calls a deployed stack with an operator's credentials",
}
# What needs a closed month, a sealed day or a pack runs where a test has one: these read the page's block and carry it out.
RUN_BESIDE: Final = {
    "python layers/common/paycorex/ledger/proof/closed": "statements/test_closed_statements.py",
    "paycorex audit": "statements/test_audit_pack.py",
    'call GET "/v1/reconciliation/days': "settlements/test_reconciliation_days.py",
}


def every(language: str) -> list[tuple[Path, str]]:
    return [(page, text) for page in PAGES for kind, text in blocks(page) if kind == language]


def reason_not_to_run(text: str) -> str | None:
    return next((reason for beginning, reason in NOT_RUN.items() if text.startswith(beginning)), None)


@pytest.mark.parametrize("beginning", RUN_BESIDE)
def test_what_runs_beside_is_read_from_its_page(beginning: str) -> None:
    ((page, _),) = [each for each in every("sh") if each[1].startswith(beginning)]
    test = (ROOT / "tests" / "integration" / RUN_BESIDE[beginning]).read_text(encoding="utf-8")
    (taken,) = re.findall(rf'page_commands\.commands\("{page.stem}", "([^"]+)"', test)
    assert beginning.startswith(taken)


def test_every_block_has_a_language_that_is_dealt_with() -> None:
    found = {kind for page in PAGES for kind, _ in blocks(page)}
    assert found <= _SHOWN | {"json", "sh"}
    known = (*NOT_RUN, *RUNS, *RUN_BESIDE)
    unknown = [text.splitlines()[0] for _, text in every("sh") if not text.startswith(known)]
    assert unknown == []


def test_what_is_named_is_on_a_page() -> None:
    texts = [text for _, text in every("sh")]
    assert [beginning for beginning in (*RUNS, *NOT_RUN, *RUN_BESIDE) if not any(text.startswith(beginning) for text in texts)] == []


def run_of(text: str) -> tuple[str, frozenset[str]] | None:
    if reason_not_to_run(text) is not None:
        return None
    return next((how for beginning, how in RUNS.items() if text.startswith(beginning)), None)


RUNNING: Final = [pytest.param(text, id=f"{page.stem}-{at}") for at, (page, text) in enumerate(every("sh")) if run_of(text)]


@pytest.mark.parametrize("text", RUNNING)
def test_a_shell_block_runs(text: str, served: HttpWorld, tmp_path: Path) -> None:
    before, allowed = run_of(text) or ("", frozenset())
    who = served.world.register()
    environment = {**os.environ, "PAYCOREX_API_KEY": who.api_key, "PAYCOREX_SECRET": who.secret, "PAYCOREX_URL": served.url}
    output = carry_out(["bash", "-c", f"set -euo pipefail\n{shell_function()}\n{before}\n{text}"], environment, tmp_path)
    answers = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert answers
    assert {one["error"]["code"] for one in answers if "error" in one} <= allowed
    assert any("error" not in one for one in answers)


@pytest.mark.parametrize("text", [pytest.param(text, id=f"{page.stem}-{at}") for at, (page, text) in enumerate(every("sh"))])
def test_a_shell_block_is_shell_and_calls_what_is_there(text: str) -> None:
    subprocess.run(["bash", "-n"], input=text, text=True, check=True, capture_output=True)
    targets = re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)
    assert [target for target in targets if f"\n{target}:" not in (ROOT / "Makefile").read_text(encoding="utf-8")] == []
    assert [path for path in re.findall(r"[a-z_]+(?:/[a-z_]+)+\.py", text) if not (ROOT / path).is_file()] == []
    document = json.loads((ROOT / "functions" / "dashboard" / "openapi.json").read_text(encoding="utf-8"))
    for method, path in re.findall(r"call ([A-Z]+) \"?(/v1/[^ ?\"]+)", text):
        filled = re.sub(r"\$\w+|\d{4}-\d\d-\d\d|prism:adyen", "x", path)
        assert any(
            re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), filled) and method.lower() in methods
            for known, methods in document["paths"].items()
        ), path


def bodies(page: str) -> list[Any]:
    return [json.loads(text) for found, text in every("json") if found.stem == page]


CONNECTORS: Final = {
    "stripe": {"secret_key": "sk_test_51", "webhook_secret": "whsec_1"},
    "razorpay": {"key_id": "rzp_test_1", "key_secret": "secret", "webhook_secret": "secret"},
}


def changed(world: World, who: Signer, **settings: Any) -> Any:
    reply = world.call(who, "PATCH", "/v1/merchants/me", settings)
    assert reply.status == 200, reply.body
    return reply.body


def test_the_settings_that_pages_show_are_taken(world: World, merchant: Signer) -> None:
    prices, plan = bodies("fees")
    changed(world, merchant, connectors=CONNECTORS)
    assert len(changed(world, merchant, **prices)["fee_schedules"]) == 3
    for rules in bodies("payment-methods"):
        assert len(changed(world, merchant, routing_rules=rules)["routing_rules"]) == len(rules)
    assert examples.problem_of(contract(), "admin_add_fee_plan", "request", plan) is None


def test_the_mapping_that_a_page_shows_is_taken() -> None:
    (mapping,) = bodies("settlements")
    wanted = {"source": "sandbox", "format": "csv", "size": 1000, "sha256": "0" * 64, "mapping": mapping}
    assert examples.problem_of(contract(), "import_report", "request", wanted) is None
    assert ImportReport.model_validate(wanted).mapping == mapping


def test_the_event_that_a_page_shows_has_the_fields_of_every_event() -> None:
    (event,) = bodies("webhooks")
    schema = contract()["components"]["schemas"]["PaymentEvent"]
    assert set(event) == set(schema["properties"]) == set(schema["required"])
    assert event["event"] in schema["properties"]["event"]["enum"]


def test_no_page_shows_json_that_no_test_reads() -> None:
    assert {page.stem for page, _ in every("json")} == {"fees", "payment-methods", "settlements", "webhooks"}


def contract() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "functions" / "dashboard" / "openapi.json").read_text(encoding="utf-8"))
    return document
