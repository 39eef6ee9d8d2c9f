"""Holds as Stripe documents them: intents that are captured later, in part, more than once, above or made larger where that is allowed.

https://docs.stripe.com/payments/multicapture, /overcapture, /incremental-authorization. `problems` of the server collect what a real one
would not have accepted.
"""

from typing import Any, Final

from paycorex import clock

HOLD_SECONDS: Final = 7 * 86_400
OVER_PERCENT: Final = 20
NETWORK_TRANSACTION_ID: Final = "MCC012345678901"
Answer = tuple[int, dict[str, Any]]


def refused(code: str, kind: str = "invalid_request_error", **more: Any) -> Answer:
    """An error as Stripe's."""
    return (402 if kind == "card_error" else 400), {"error": {"type": kind, "code": code, "message": "No.", **more}}


class Holds:
    """What an account may do with the money that it holds. features: those that Stripe enabled for it."""

    def __init__(self) -> None:
        self.features: set[str] = set()
        # The next captures take so much less than asked.
        self.takes_less = 0

    def ask_features(self, fields: dict[str, str]) -> set[str] | None:
        """What an intent asks for; None when the account may not."""
        prefix = "payment_method_options[card][request_"
        asked = {name.removeprefix(prefix).rstrip("]") for name in fields if name.startswith(prefix)}
        return asked if asked <= self.features else None

    def hold(self, intent: dict[str, Any]) -> None:
        """The card's money is held."""
        charge = "ch_" + intent["id"].removeprefix("pi_")
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"], "latest_charge": charge, "next_action": None}
        intent["capture_before"] = int(clock.now_seconds()) + HOLD_SECONDS

    def act(self, verb: str, intent: dict[str, Any], fields: dict[str, str]) -> Answer:
        """`capture`, `cancel` or `increment_authorization`."""
        if intent["status"] != "requires_capture":
            return refused("payment_intent_unexpected_state")
        match verb:
            case "capture":
                return self._capture(intent, fields)
            case "increment_authorization":
                return self._increment(intent, fields)
            case _:
                assert not intent["amount_received"], "captures are ended by one of nothing"
                intent |= {"status": "canceled", "amount_capturable": 0, "cancellation_reason": None}
                return 200, dict(intent)

    def _capture(self, intent: dict[str, Any], fields: dict[str, str]) -> Answer:
        amount, is_final = int(fields["amount_to_capture"]), fields.get("final_capture", "true") == "true"
        if not is_final and "multicapture" not in intent["features"]:
            return refused("payment_intent_invalid_parameter")
        most = intent["amount_capturable"]
        if "overcapture" in intent["features"]:
            most += intent["amount"] * OVER_PERCENT // 100
        if amount > most or (amount == 0 and not (is_final and intent["amount_received"])):
            return refused("amount_too_large")
        if intent["number"] == "4000000000000341":
            return refused("card_declined", "card_error", decline_code="generic_decline")
        amount -= min(self.takes_less, amount)
        intent["metadata"] = intent["metadata"] | {name[9:-1]: value for name, value in fields.items() if name.startswith("metadata[")}
        intent["amount_received"] += amount
        intent["amount_capturable"] = 0 if is_final else max(intent["amount_capturable"] - amount, 0)
        intent["status"] = "succeeded" if is_final else "requires_capture"
        return 200, dict(intent)

    def _increment(self, intent: dict[str, Any], fields: dict[str, str]) -> Answer:
        if "incremental_authorization" not in intent["features"] or intent["amount_received"]:
            return refused("payment_intent_invalid_parameter")
        if int(fields["amount"]) <= intent["amount"]:
            return refused("amount_too_small")
        if int(fields["amount"]) % 100 == 2:
            return refused("card_declined", "card_error", decline_code="insufficient_funds")
        intent |= {"amount": int(fields["amount"]), "amount_capturable": int(fields["amount"])}
        return 200, dict(intent)

    def expire(self, intent: dict[str, Any]) -> None:
        """The time of a hold is over: nothing captured is canceled, something captured has succeeded."""
        status = "succeeded" if intent["amount_received"] else "canceled"
        intent |= {"status": status, "amount_capturable": 0, "cancellation_reason": None if intent["amount_received"] else "automatic"}

    @staticmethod
    def of_charge(intent: dict[str, Any]) -> dict[str, Any]:
        """What a charge says of its hold."""
        every = ("multicapture", "overcapture", "incremental_authorization")
        card: dict[str, Any] = {name: {"status": "available" if name in intent["features"] else "unavailable"} for name in every}
        most = intent["amount"] * (100 + (OVER_PERCENT if "overcapture" in intent["features"] else 0)) // 100
        card["overcapture"]["maximum_amount_capturable"] = most
        card["network_transaction_id"] = NETWORK_TRANSACTION_ID
        if intent["capture_method"] == "manual":
            card["capture_before"] = intent["capture_before"]
        is_held = intent["status"] == "requires_capture"
        return {
            "status": "succeeded",
            "amount_captured": intent["amount_received"],
            "captured": not is_held,
            "payment_method_details": {"type": "card", "card": card},
        }
