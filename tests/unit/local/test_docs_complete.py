"""What the documentation must have: each subject has a page in the navigation, and the page says what the code has."""

import importlib
import json
import re
from typing import Any, Final

import pytest
from mkdocs.config import load_config

from local.docs_site import pages
from local.paths import ROOT
from paycorex.errors import STATUS_BY_CODE
from paycorex.records.stamps import EVENTS
from tests.support.template import template

DOCS: Final = ROOT / "docs"
# Subject by page.
SUBJECTS: Final = {
    "quickstart": "guides/quickstart.md",
    "cards": "guides/cards.md",
    "UPI": "guides/upi.md",
    "crypto": "guides/crypto.md",
    "wallets": "guides/wallets.md",
    "refunds": "guides/refunds.md",
    "disputes": "disputes.md",
    "webhooks": "webhooks.md",
    "idempotency": "guides/idempotency.md",
    "how to read errors": "guides/errors.md",
    "going live": "guides/going-live.md",
    "moving from another provider": "guides/moving.md",
    "test instruments": "guides/test-instruments.md",
    "signing": "guides/signing.md",
    "every operation": "reference/api.md",
    "every error": "reference/errors.md",
    "every event": "reference/events.md",
    "scopes": "reference/scopes.md",
    "cursors": "reference/cursors.md",
    "states": "reference/states.md",
    "limits": "reference/limits.md",
    "changelog": "changelog.md",
    "glossary": "glossary.md",
    "security model": "guides/security.md",
    "operations": "runbook.md",
    "the console beside others": "console-compared.md",
}
# Row of the table of limits, by the constant whose number it shows, and the number as it is shown.
LIMITS: Final = {
    "amount": ("paycorex.money.MAX_DIGITS_BEFORE_POINT", "{} digits before the point"),
    "body of a request": ("paycorex.strict_json.MAX_BODY_BYTES", "{kib} KiB"),
    "body of a request, nested": ("paycorex.strict_json.MAX_DEPTH", "{} levels"),
    "`metadata`, entries": ("payments.routes.requests.MAX_METADATA_KEYS", "{} entries"),
    "`metadata`, bytes": ("payments.routes.requests.MAX_METADATA_BYTES", "{:,} bytes"),
    "`metadata`, a name": ("payments.routes.requests.MAX_METADATA_KEY_CHARACTERS", "{} characters"),
    "`description` and other texts": ("paycorex.text.MAX_TEXT_CHARACTERS", "{} characters"),
    "`Idempotency-Key`": ("paycorex.http.app.IDEMPOTENCY_KEY_MAX", "{} printable characters"),
    "page of a list": ("paycorex.contract.MAX_LIMIT", "{} rows"),
    "page of CSV": ("paycorex.http.csv_export.MAX_ROWS", "{:,} rows"),
    "hits of a search": ("dashboard.routes.search.MAX_HITS", "{} hits"),
    "clock of a request": ("paycorex.signing.WINDOW_SECONDS", "{} seconds"),
    "requests of one key": ("paycorex.request_rates.KEY_PERCENT", "{} %"),
    "live keys": ("merchants.keys.MAX_LIVE_KEYS", "{} keys"),
    "routing rules": ("paycorex.routing_rules.MAX_RULES", "{} rules"),
    "risk rules": ("paycorex.risk_rules.MAX_RULES", "{} rules"),
    "logo": ("paycorex.pictures.MAX_BYTES", "{kib} KiB"),
    "webhook endpoints": ("webhooks.endpoints.endpoints.MAX_ENDPOINTS", "{} endpoints"),
    "webhook address": ("paycorex.webhook_targets.MAX_URL_CHARACTERS", "{:,} characters"),
    "test webhooks": ("webhooks.delivery.test_event.TESTS", "{} a minute"),
    "deliveries sent again": ("webhooks.delivery.log.REDELIVERIES", "{} a minute"),
    "replays begun": ("webhooks.recovery.replays.STARTS", "{} an hour"),
    "deliveries of a replay": ("webhooks.recovery.replays.MAX_DELIVERIES", "{:,} deliveries"),
    "watched addresses": ("crypto_monitor.watched_addresses.MAX_WATCHED", "{:,} addresses"),
    "deposit addresses": ("crypto_monitor.deposit_addresses.DEPOSITS", "{:,} an hour"),
    "choices of a checkout": ("paycorex.records.checkout_session.MAX_TRIES", "{} choices"),
    "wrong tokens of a payer's link": ("payments.payer_page.access.GUESSES", "{} a minute"),
    "wrong tokens of payers' links, all together": ("payments.payer_page.access.GUESSES_IN_ALL", "{} an hour"),
    "invitations by e-mail": ("people.routes.accounts.MAILED", "{} an hour"),
    "test clock, one advance": ("paycorex.test_clock.MAX_DAYS", "{} days"),
}
CONTRACT: Final = json.loads(pages.CONTRACT.read_text(encoding="utf-8"))
# Statuses of what only the console, an operator or another page shows.
_NOT_A_STATE: Final = {"Health", "ChangePerson", "MoneyStep", "VerificationLine", "PayerStatus"}


def nav(entries: list[Any]) -> list[str]:
    found: list[str] = []
    for entry in entries:
        for page in entry.values() if isinstance(entry, dict) else [entry]:
            found += nav(page) if isinstance(page, list) else [page]
    return found


NAV: Final = nav(load_config(str(ROOT / "mkdocs.yml"))["nav"])


def text_of(page: str) -> str:
    made = pages.generated()
    return made[page] if page in made else (DOCS / page).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """Second cell of each row of a page's tables, by the first."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1] for row in cells if len(row) > 1}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_has_a_page_in_the_navigation(subject: str) -> None:
    page = SUBJECTS[subject]
    assert page in NAV
    assert text_of(page).count("\n") > 8


def test_no_page_is_left_out_of_the_navigation() -> None:
    written = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} | set(pages.generated())
    assert {page for page in written if not page.startswith("decisions/0")} == set(NAV)


def test_the_quickstart_says_the_same_in_three_languages() -> None:
    text = text_of("guides/quickstart.md")
    tabs = dict(zip(re.findall(r'^=== "(\w+)"', text, re.MULTILINE), re.split(r'^=== "\w+"$', text, flags=re.MULTILINE)[1:], strict=True))
    assert list(tabs) == ["Python", "TypeScript", "curl"]
    for tab in tabs.values():
        assert all(value in tab for value in ("quickstart-", "5000", "1000.00", "250.00"))


def test_the_guide_to_errors_names_every_status_and_which_are_sent_again() -> None:
    from paycorex_client import attempts

    guide = rows(text_of("guides/errors.md"))
    named = {int(status): again for cell in guide for status in re.findall(r"\b[45]\d\d\b", cell) for again in [guide[cell]]}
    assert set(STATUS_BY_CODE.values()) <= set(named)
    table = next(part for part in text_of("guides/errors.md").split("\n\n") if part.startswith("| status "))
    again = {int(status) for line in table.splitlines() if "| yes" in line for status in re.findall(r"\b[45]\d\d\b", line.split("|")[1])}
    assert again - {409} == attempts._RETRIED_STATUSES & set(STATUS_BY_CODE.values())
    assert [code for code in attempts._RETRIED_CODES if f"`{code}`" not in table] == []


def test_every_event_has_its_sentence() -> None:
    listed = rows(text_of("reference/events.md"))
    assert [event for event in EVENTS if not listed.get(f"`{event}`")] == []


@pytest.mark.parametrize("row", LIMITS)
def test_a_limit_is_the_one_of_the_code(row: str) -> None:
    constant, form = LIMITS[row]
    module, _, name = constant.rpartition(".")
    value = getattr(importlib.import_module(module), name)
    number = getattr(value, "times", value)
    assert form.format(number, kib=number // 1024) in rows(text_of("reference/limits.md"))[row]


def test_the_stacks_own_limits_are_the_templates() -> None:
    shown = rows(text_of("reference/limits.md"))
    for row, parameter in {
        "requests of a merchant": "RequestsPerSecond",
        "one payment by UPI": "UpiPaymentLimitRupees",
        "one payment": "PaymentLimitRupees",
    }.items():
        assert f"{template()['Parameters'][parameter]['Default']:,}" in shown[row]


def states() -> dict[str, set[str]]:
    """Statuses of each answer of the contract that has some."""
    found: dict[str, set[str]] = {}
    for name, schema in CONTRACT["components"]["schemas"].items():
        values = (schema.get("properties") or {}).get("status", {})
        options = values.get("enum") or next((each["enum"] for each in values.get("anyOf", []) if "enum" in each), None)
        if options and name not in _NOT_A_STATE:
            found[name] = set(options)
    return found


def test_every_status_of_the_contract_is_on_the_page_of_states() -> None:
    text = text_of("reference/states.md")
    listed = [set(re.findall(r"`(\w+)`", line)) for line in text.splitlines() if line.startswith("|")]
    assert states()["PaymentView"] == {cell.strip("`") for cell in rows(text) if cell.startswith("`")}
    assert len(states()) > 15
    missing = {name: found for name, found in states().items() if name != "PaymentView" and not any(found <= line for line in listed)}
    assert missing == {}


def test_moving_names_only_what_there_is() -> None:
    text = text_of("guides/moving.md")
    ours = " ".join(rows(text))
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", ours)) <= set(EVENTS)
    assert {"Stripe", "Razorpay"} <= set(re.findall(r"\w+", text.partition("\n|---")[0]))
    assert len(rows(text)) > 15


def test_every_list_with_a_cursor_is_on_its_page() -> None:
    shown = text_of("reference/cursors.md")
    lists = {
        path
        for _, path, operation in pages.operations(CONTRACT)
        if any(
            parameter.get("name") == "cursor" or parameter.get("$ref", "").endswith("cursor")
            for parameter in operation.get("parameters", [])
        )
    }
    assert len(lists) > 10
    assert [path for path in sorted(lists) if f"`GET {path}`" not in shown] == []
