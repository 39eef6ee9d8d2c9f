"""What payment providers publish about their objects: specifications that are kept beside the repository."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from tests.support import tools

ROOT: Final = Path(__file__).parents[2]


def folder() -> Path:
    """The folder above the repository, or the test is skipped (fails where tools are required)."""
    above = (parent / "shared" / "specs" for parent in ROOT.parents)
    found = next((place for place in above if place.is_dir()), None)
    if found is None:
        tools.missing("shared/specs, what providers publish about their objects")
    return found


def stripe_object(kind: str) -> dict[str, Any]:
    """A genuine object of Stripe's OpenAPI fixtures."""
    every = json.loads((folder() / "stripe" / "fixtures3.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = every["resources"][kind]
    return found


@cache
def _document(provider: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / provider / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _adyen_checkout() -> dict[str, Any]:
    return _document("adyen", "CheckoutService-v72")


def _problem(openapi: dict[str, Any], schema: str, document: dict[str, Any]) -> str | None:
    whole = {"$ref": f"#/components/schemas/{schema}", "components": openapi["components"]}
    error = next(iter(Draft202012Validator(whole).iter_errors(document)), None)
    return None if error is None else f"{schema}: {error.json_path} {error.message[:200]}"


def adyen_example(name: str) -> dict[str, Any]:
    """An answer of Adyen's OpenAPI document."""
    found: dict[str, Any] = copy.deepcopy(_adyen_checkout()["components"]["examples"][name]["value"])
    return found


def adyen_problem(schema: str, document: dict[str, Any]) -> str | None:
    """Why a document is not what Adyen's OpenAPI document describes under this name; None when it is."""
    return _problem(_adyen_checkout(), schema, document)


def adyen_dispute_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of that of disputes."""
    return _problem(_document("adyen", "DisputeService-v30"), schema, document)


def adyen_defense_reasons() -> dict[str, Any]:
    """The reasons of an example of Adyen's OpenAPI document of disputes."""
    examples = _document("adyen", "DisputeService-v30")["components"]["examples"]
    found: dict[str, Any] = copy.deepcopy(examples["post-retrieveApplicableDefenseReasons-retrieve-defense-reasons-200"]["value"])
    return found


def adyen_webhook_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of that of webhooks."""
    return _problem(_document("adyen", "Webhooks-v1"), schema, document)


def paypal_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of PayPal's OpenAPI document of orders. What is null there stands for what is not given."""
    return _problem(_document("paypal", "checkout_orders_v2"), schema, _given(document))


def paypal_payment_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of that of payments."""
    return _problem(_document("paypal", "payments_payment_v2"), schema, _given(document))


def paypal_disputes_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of that of disputes."""
    return _problem(_document("paypal", "customer_disputes_v1"), schema, _given(document))


def paypal_webhooks_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of that of webhooks."""
    return _problem(_document("paypal", "notifications_webhooks_v1"), schema, _given(document))


def cashfree_problem(schema: str, document: dict[str, Any]) -> str | None:
    """The same of Cashfree's own client (API of 2022-09-01); what that is made of says the file."""
    name = ROOT / "tests" / "fakes" / "published" / "cashfree-2022-09-01.json"
    whole = {"$ref": f"#/definitions/{schema}", **json.loads(name.read_text(encoding="utf-8"))}
    error = next(iter(Draft202012Validator(whole).iter_errors(_given(document))), None)
    return None if error is None else f"{schema}: {error.json_path} {error.message[:200]}"


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _given(content) for name, content in value.items() if content is not None}
    return [_given(content) for content in value] if isinstance(value, list) else value


def razorpay_answer(name: str) -> dict[str, Any]:
    """An answer that Razorpay's official client has recorded."""
    found: dict[str, Any] = json.loads((folder() / "razorpay" / f"{name}.json").read_text(encoding="utf-8"))
    return found
