"""Writes what tests recorded (`contract_calls`) into the contract: `python -m tests.support.contract_examples`.

An example that is there stays, if the schema still takes it; so a run of a few tests adds what is new. One that the schema does not take
any more and for which nothing was recorded stays too, and is named with exit status 1: no example is lost by a run of too few tests.
Secrets become fixed texts.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from local import openapi
from local.openapi import examples, refusals
from local.openapi.texts import TEXTS
from local.paths import ROOT
from paycorex import aws
from tests.support import contract_calls

_SECRETS: Final = {
    "api_key": "pcx_test_shown_once",
    "secret": "sk_shown_once",
    "client_secret": "pi_shown_to_the_payer",
    "secret_key": "sk_test_of_your_account",
    "key_secret": "of_your_account",
    "webhook_secret": "whsec_of_your_account",
    "t": "token-of-the-link",
}
_HEAD: Final = """# Which codes an operation may answer beside those that follow from its kind (`refusals.codes`).
# `python -m tests.support.contract_examples` adds what tests met.

[codes]
"""


def masked(content: Any) -> Any:
    """The same without secrets, and with whole addresses: a test without a host has the rest of them."""
    if isinstance(content, dict):
        return {name: _masked_field(name, value) for name, value in content.items()}
    return [masked(each) for each in content] if isinstance(content, list) else content


def _masked_field(name: str, value: Any) -> Any:
    if name in _SECRETS and isinstance(value, str):
        return _SECRETS[name]
    if (name == "url" or name.endswith("_url")) and isinstance(value, str) and value.startswith("/"):
        return f"https://api.example.com{value}"
    return masked(value)


def write() -> list[str]:
    """Add what was recorded to the examples and the codes. Returns the examples that no longer fit and were not recorded anew."""
    for service in ("dynamodb", "kms", "sqs"):
        aws.use(service, object())
    recorded = list(contract_calls.kept())
    routes = {route.function.__name__: route for app in openapi.apps() for route in app.routes}
    _write_codes(recorded, routes)
    document = openapi.generate()
    # The operators' document, which no client is made from, has no examples.
    shown = {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}
    known = examples.read()
    found: dict[str, Any] = {
        "operations": {name: _right(document, name, of) for name, of in known["operations"].items() if name in shown},
        "refusals": dict(known["refusals"]),
        "events": {
            name: of
            for name, of in known["events"].items()
            if name in document["webhooks"] and examples.problem(document, _event_schema(document, name), of) is None
        },
    }
    found["operations"] = {name: masked(of) for name, of in found["operations"].items()}
    for line in sorted(recorded, key=lambda line: -int(line.get("worth", 0))):
        if "operation" not in line or line["operation"] in shown:
            _add(document, found, line)
    kept = _put_back(known, found, {*document["webhooks"]})
    examples.FILE.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found['operations'])} operations, {len(found['refusals'])} refusals, {len(found['events'])} events")
    return kept


def _put_back(known: Mapping[str, Any], found: Mapping[str, Any], events: set[str]) -> list[str]:
    """Into `found` what it lost of an operation or an event that there still is. Returns what that was."""
    kept = []
    for name, there in found["operations"].items():
        for part in sorted(known["operations"].get(name, {}).keys() - there.keys()):
            there[part] = masked(known["operations"][name][part])
            kept.append(f"{name} {part}")
    for name in sorted((known["events"].keys() & events) - found["events"].keys()):
        found["events"][name] = known["events"][name]
        kept.append(name)
    return kept


def _event_schema(document: Mapping[str, Any], event: str) -> Any:
    return document["webhooks"][event]["post"]["requestBody"]["content"]["application/json"]["schema"]


def _right(document: Mapping[str, Any], name: str, of: Mapping[str, Any]) -> dict[str, Any]:
    return {part: example for part, example in of.items() if examples.problem_of(document, name, part, example) is None}


def _add(document: Mapping[str, Any], found: dict[str, Any], line: Mapping[str, Any]) -> None:
    answer = masked(line["answer"])
    if "code" in line:
        found["refusals"].setdefault(line["code"], answer)
        return
    if "event" in line:
        if examples.problem(document, _event_schema(document, line["event"]), answer) is None:
            found["events"].setdefault(line["event"], answer)
        return
    name, status, sent = line["operation"], str(line["status"]), masked(line["sent"])
    there = found["operations"].setdefault(name, {})
    if examples.problem_of(document, name, status, answer) is None:
        if (
            sent is not None
            and "request" not in there
            and status not in there
            and examples.problem_of(document, name, "request", sent) is None
        ):
            there["request"] = sent
        there.setdefault(status, answer)


def _write_codes(recorded: list[dict[str, Any]], routes: Mapping[str, Any]) -> None:
    listed = {name: set(codes) for name, codes in TEXTS["codes"].items() if name in routes}
    for line in recorded:
        name = line.get("operation", "")
        if name in routes:
            codes = listed.setdefault(name, set())
            codes |= {line["code"]} - refusals.of_kind(routes[name]) if "code" in line else set()
    rows = [f"{name} = {json.dumps(sorted(codes))}\n" for name, codes in sorted(listed.items())]
    (ROOT / "local" / "openapi" / "texts" / "codes.toml").write_text(_HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    if outdated := write():
        sys.exit(f"no longer as the contract has them, and not recorded by these tests: {', '.join(outdated)}")
