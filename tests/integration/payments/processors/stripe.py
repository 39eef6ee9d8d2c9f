"""Stripe, by the library: PaymentIntents confirmed as they are made. Objects are its own published ones, with the test's names and sums."""

import hashlib
import hmac
import json
from typing import Any, ClassVar

from paycorex import clock
from tests.fakes.stripe_holds import Holds, refused
from tests.integration.payments.processors.fake import APPROVED, NAMED, Answer, Asked, FakeProcessor, Taken, query_of
from tests.support import published

STATUS = {
    "taken": "succeeded",
    "held": "requires_capture",
    "released": "canceled",
    "redirected": "requires_action",
    "refused": "x",
    "begun": "requires_payment_method",
}
NEXT = {"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.stripe.com/3ds", "return_url": "https://shop.example"}}


class Fake(FakeProcessor):
    name = "stripe"
    host = "api.stripe.com"
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {"api_key": "sk_test_51"}
    decline_code = "insufficient_funds"
    charges_at = "/v1/payment_intents"

    def __init__(self) -> None:
        # Intents whose money is held once the payer has confirmed.
        self.manual: set[str] = set()
        # What intents were asked to keep, and the cards that are kept: by their names, whose.
        self.later: dict[str, dict[str, str]] = {}
        self.kept: dict[str, str] = {}
        # What Stripe enabled for the account, and what each intent asked for of it.
        self.holds = Holds()
        self.features: dict[str, set[str]] = {}
        super().__init__()

    def confirm(self, payment: Taken) -> None:
        super().confirm(payment)
        if payment.reference in self.manual:
            payment.status, payment.captured = "held", 0

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Bearer sk_test_51", "authorization")
        path, fields = asked.path.split("?")[0], asked.content
        match path.split("/")[2:]:
            case ["payment_intents"]:
                return _shown(self._charge(fields), asked)
            case ["payment_intents", reference, *verb]:
                return _shown(self._act(reference, verb, fields), asked)
            case ["customers"]:
                return 200, {"id": f"cus_{fields['metadata[order_id]'][-8:]}", "object": "customer"}
            case ["payment_methods", card, "detach"]:
                gone = {"type": "invalid_request_error", "code": "resource_missing"}
                return (200, {"id": card, "customer": None}) if self.kept.pop(card, None) else (404, {"error": gone})
            case ["refunds"]:
                made = self.payments[fields["payment_intent"]]
                made.refunds[fields["metadata[order_id]"]] = int(fields["amount"])
                return 200, self._refund(made, len(made.refunds) - 1)
            case ["refunds", reference]:
                _, intent, number = reference.split("_")
                return 200, self._refund(self.payments[f"pi_{intent}"], int(number))
        raise ValueError(path)

    def _begin(self, fields: dict[str, str]) -> Answer:
        self.check(fields["automatic_payment_methods[enabled]"] == "true", "by fields")
        reference = f"pi_{len(self.payments)}"
        made = self.take(reference, fields["metadata[order_id]"], int(fields["amount"]), self.currency, number="", later=True)
        made.status = "begun"
        if fields.get("capture_method") == "manual":
            self.manual.add(reference)
        return 200, {**self._intent(made), "client_secret": f"{reference}_secret_x"}

    def _charge(self, fields: dict[str, str]) -> Answer:
        features = self.holds.ask_features({name: value for name, value in fields.items() if value == "if_available"})
        if features is None:
            return refused("payment_intent_invalid_parameter")
        self.features[f"pi_{len(self.payments)}"] = features
        if "confirm" not in fields:
            return self._begin(fields)
        self.check(fields["confirm"] == "true" and fields["currency"].upper() == self.currency, "confirm")
        kept = self.kept.get(fields.get("payment_method", ""))
        if kept is not None:
            self.check(fields["customer"] == kept and fields["off_session"] in {"true", "false"}, "whose card")
        named, later = fields.get("payment_method"), fields["capture_method"] == "manual"
        number = APPROVED if kept else NAMED[named] if named else fields["payment_method_data[card][number]"]
        reference = f"pi_{len(self.payments)}"
        made = self.take(reference, fields["metadata[order_id]"], int(fields["amount"]), self.currency, number=number, later=later)
        if later:
            self.manual.add(reference)
        if made.status != "refused":
            return 200, self._intent(made)
        words = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "Your card has insufficient funds."}
        return 402, {"error": {"type": "card_error", **words, "payment_intent": {"id": reference}}}

    def _act(self, reference: str, verb: list[str], fields: dict[str, str]) -> Answer:
        if reference not in self.payments:
            return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such payment_intent"}}
        made = self.payments[reference]
        if verb == [] and "setup_future_usage" in fields:
            self.check(made.status == "begun", "before it is confirmed")
            self.later[reference] = fields
        if verb == ["increment_authorization"]:
            return self._increment(made, fields)
        if verb == ["capture"]:
            most = self._charge_of(made)["payment_method_details"]["card"]["overcapture"]["maximum_amount_capturable"]
            if made.status != "held" or int(fields["amount_to_capture"]) > most:
                return refused("amount_too_large" if made.status == "held" else "payment_intent_unexpected_state")
            made.status, made.captured = "taken", int(fields["amount_to_capture"])
        if verb == ["cancel"]:
            made.status = "released"
        return 200, self._intent(made)

    def _increment(self, made: Taken, fields: dict[str, str]) -> Answer:
        """https://docs.stripe.com/payments/incremental-authorization: the new total, before anything is captured."""
        intent = {"status": STATUS[made.status], "amount_received": 0, "amount": made.amount, "features": self.features[made.reference]}
        status, after = self.holds.act("increment_authorization", intent, fields)
        if status != 200:
            return status, after
        made.amount = after["amount"]
        return 200, self._intent(made)

    def _charge_of(self, made: Taken) -> dict[str, Any]:
        said = {
            "amount": made.amount,
            "amount_received": made.captured,
            "features": self.features[made.reference],
            "capture_method": "manual" if made.status == "held" else "automatic",
            "capture_before": int(clock.now_seconds()) + 7 * 86_400,
            "status": STATUS[made.status],
        }
        names = {"id": f"ch_{made.reference}", "payment_intent": made.reference, "amount": made.amount, "currency": made.currency.lower()}
        return {**published.stripe_object("charge"), **self.holds.of_charge(said), **names}

    def _intent(self, made: Taken) -> dict[str, Any]:
        charge = self._charge_of(made) if made.status in {"taken", "held"} else None
        names = {"id": made.reference, "metadata": {"order_id": made.ours}, "latest_charge": charge, "last_payment_error": None}
        sums = {"amount": made.amount, "amount_received": made.captured, "currency": made.currency.lower()}
        held = {"amount_capturable": made.amount if made.status == "held" else 0, "status": STATUS[made.status]}
        keeps = self.later.get(made.reference, {})
        if keeps.get("setup_future_usage") and made.status in {"taken", "held"}:
            card, customer = f"pm_{made.reference}", keeps["customer"]
            self.kept[card] = customer
            named = {"payment_method": {**published.stripe_object("payment_method"), "id": card, "customer": customer}}
            names |= {"setup_future_usage": keeps["setup_future_usage"], **named}
        after = {"next_action": NEXT if made.status == "redirected" else None}
        return {**published.stripe_object("payment_intent"), **names, **sums, **held, **after}

    def _refund(self, made: Taken, number: int) -> dict[str, Any]:
        ours, amount = list(made.refunds.items())[number]
        reference = f"re_{made.reference.removeprefix('pi_')}_{number}"
        names = {"id": reference, "payment_intent": made.reference, "metadata": {"order_id": ours}}
        return {**published.stripe_object("refund"), **names, "amount": amount, "currency": made.currency.lower(), "status": "succeeded"}

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        return self.event(payment, {"taken": "payment_intent.succeeded", "refused": "payment_intent.payment_failed"}[kind])

    def event(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """One of this type: https://docs.stripe.com/api/events/types."""
        about = self._refund(payment, -1) if kind == "charge.refund.updated" else _named(self._intent(payment), set())
        event = {"id": "evt_1", "object": "event", "type": kind, "created": 1, "data": {"object": about}}
        body, moment = json.dumps(event).encode(), str(int(clock.now_seconds()))
        signature = hmac.new(self.webhook_secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return [("Stripe-Signature", f"t={moment},v1={signature}")], body


def _shown(answer: Answer, asked: Asked) -> Answer:
    given = {**asked.content, **query_of(asked.path)}
    return answer[0], _named(answer[1], {value for name, value in given.items() if name.startswith("expand[")})


def _named(intent: dict[str, Any], expanded: set[str]) -> dict[str, Any]:
    """Objects beside it by their names, unless all of one is asked for (https://docs.stripe.com/api/expanding_objects)."""
    by_name = {name: intent[name]["id"] for name in {"payment_method", "latest_charge"} - expanded if isinstance(intent.get(name), dict)}
    return {**intent, **by_name}
