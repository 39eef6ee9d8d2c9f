"""Which values a text of an answer may have: enums by `Model.field`, from the code's own lists where it has one, and formats by name."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from dashboard.disputes import DisputesQuery
from merchants.test_clock import MOVING, STILL
from operations import lost_record_runs
from paycorex.credentials import ALL_SCOPES
from paycorex.credentials.roles import OWN, ROLE_NAMES
from paycorex.evm.networks import NetworkName
from paycorex.ledger import Entity, ReferenceType
from paycorex.ledger.proof import verification_runs as verifications
from paycorex.processors import LookedUpBy
from paycorex.records import checkout_session, crypto_transaction, payment_link, person, qr_code, routing_experiment
from paycorex.records.stamps import EVENTS
from payments.connectors.notices import Stage
from payments.payment import states
from payments.replay.counterfactual import Basis
from payments.routes.requests import Method
from webhooks.requests import DeliveriesQuery
from webhooks.stores import replays

_METHODS: Final = get_args(Method)
_NETWORKS: Final = get_args(NetworkName)
_REFUNDS: Final = ("pending", "processing", "success", "failed")
_CHAIN: Final = (
    *(crypto_transaction.DETECTED, crypto_transaction.CONFIRMED, crypto_transaction.FAILED),
    *(crypto_transaction.REORGED, crypto_transaction.DUST, crypto_transaction.REVIEW),
)
_PEOPLE: Final = (person.INVITED, person.ACTIVE, person.DISABLED)
ENUMS: Final[dict[str, tuple[str, ...]]] = {
    "ApiKeyView.scopes": ALL_SCOPES,
    "ApiKeyView.status": ("active", "revoked", "expired"),
    "RotatedView.scopes": ALL_SCOPES,
    "RotatedView.status": ("active", "revoked", "expired"),
    "Rotate.scopes": ALL_SCOPES,
    "ChangeEndpoint.events": (*EVENTS, "*"),
    "CreateEndpoint.events": (*EVENTS, "*"),
    "Replay.events": EVENTS,
    "DeliveriesQuery.event": EVENTS,
    "EventsQuery.event": EVENTS,
    "MerchantView.signature_policy": ("any", "v2_only"),
    "MerchantView.card_storage": ("provider_only", "vault"),
    "PaymentView.method": _METHODS,
    "PaymentView.status": tuple(states.Status),
    "PaymentView.capture_method": ("automatic", "manual"),
    "PaymentView.refund_status": ("none", "partial", "full"),
    "EntryReference.entity": tuple(Entity),
    "EntryView.entity": tuple(Entity),
    "EntryView.reference_type": tuple(ReferenceType),
    "LateMoney.status": ("held", "accepted", "settled", "refunding", "refunded", "reversed"),
    "RefundView.status": _REFUNDS,
    "RefundView.origin": ("api", "external"),
    "CaptureView.status": _REFUNDS,
    "CaptureView.origin": ("api", "external"),
    "Changed.basis": tuple(Basis),
    "CryptoAction.network": _NETWORKS,
    "CryptoAddressView.network": _NETWORKS,
    "ChainTransfer.status": _CHAIN,
    "CryptoTransactionView.status": _CHAIN,
    "CryptoTransactionView.network": _NETWORKS,
    "StatusView.network": _NETWORKS,
    "StatusView.status": ("pending", "confirmed", "failed", "not_found", "reorged"),
    "UnsignedTransaction.network": _NETWORKS,
    "DeliveryView.status": get_args(get_args(DeliveriesQuery.model_fields["status"].annotation)[0]),
    "DisputeView.status": get_args(get_args(DisputesQuery.model_fields["status"].annotation)[0]),
    "ReviewLine.status": tuple(states.Status),
    "AnswerLine.status": get_args(get_args(DisputesQuery.model_fields["status"].annotation)[0]),
    "LostRecordRun.status": (lost_record_runs.RUNNING, lost_record_runs.DONE),
    "AnswerLine.answering": ("submit", "accept"),
    "DisputeView.stage": tuple(Stage),
    "DisputeView.funds": ("merchant", "disputed", "clearing"),
    "EvidenceFile.status": ("awaiting_upload", "ready", "refused"),
    "Evidence.status": ("none", "draft", "sending", "submitted"),
    "ExperimentView.status": (routing_experiment.RUNNING, routing_experiment.ENDED),
    "ExperimentArmsView.status": (routing_experiment.RUNNING, routing_experiment.ENDED),
    "ExperimentArm.arm": ("a", "b"),
    "ProcessorView.lookup_by": get_args(LookedUpBy),
    "ProcessorView.refund_lookup_by": get_args(LookedUpBy),
    "TestClockView.status": (STILL, MOVING),
    "ReplayView.status": (replays.RUNNING, replays.DONE),
    "Health.status": ("ok",),
    "SessionView.status": (checkout_session.OPEN, checkout_session.PAID, checkout_session.EXPIRED, checkout_session.CANCELED),
    "SessionView.methods": _METHODS,
    "QrCodeView.status": (qr_code.ACTIVE, qr_code.INACTIVE),
    "LinkView.methods": _METHODS,
    "LinkView.ask": ("reference",),
    "LinkView.status": (payment_link.ACTIVE, payment_link.INACTIVE, payment_link.EXPIRED, payment_link.EXHAUSTED),
    "TokenView.type": ("card", "bank_account", "upi", "provider_token"),
    "TransferView.type": ("topup", "wallet_refund"),
    "AuditView.outcome": ("done", "unknown"),
    "PersonView.role": ROLE_NAMES,
    "PersonView.status": _PEOPLE,
    "InvitedView.role": ROLE_NAMES,
    "InvitedView.status": _PEOPLE,
    "SignedInView.scopes": (*ALL_SCOPES, OWN),
    "PayerStatus.status": tuple(states.Status),
    "VerificationLine.status": (verifications.RUNNING, verifications.SOUND, verifications.UNSOUND),
    "DeliveryView.event": EVENTS,
    "DryRunView.events": EVENTS,
    "Authorization.status": (
        *("pending", "failed", "authorized", "releasing"),
        *("captured", "released", "voided", "expired"),
    ),
}
# Texts that are decimal numbers, and texts that are times, by the field's name; times are also all that end in `_at`.
_DECIMALS: Final = frozenset(
    {
        *("amount", "balance", "available", "held", "captured", "capturable", "credit", "debit", "volume", "net", "returned", "kept"),
        *("fees", "fees_before", "fees_after", "tax", "refunds", "authorized"),
        *("double_loss", "success_rate", "fee", "crypto_amount", "approved_after", "approved", "low", "high", "crypto_tolerance_percent"),
    }
)
# A journal of a dispute names accounts, a fee plan says in a word what becomes of fees at a refund.
_NO_DECIMALS: Final = frozenset({"DisputeJournal.debit", "DisputeJournal.credit", "FeePlanLine.refunds"})
_TIMES: Final = frozenset({"at", "from", "to", "accepted_until", "looked_back_to"})
_ADDRESSES: Final = frozenset({"url", "upi_url", "crypto_uri", "qr_svg_url", "qr_png_url", "pay_url", "return_url", "invitation_url"})
# Of requests, what the doors ask for in code: by the field's name or `Model.field`.
_SENT: Final[dict[str, dict[str, Any]]] = {
    "from": {"format": "date-time"},
    "to": {"format": "date-time"},
    "due_before": {"format": "date-time"},
    "expires_at": {"format": "date-time"},
    "url": {"format": "uri", "pattern": "^https?://"},
    "webhook_url": {"format": "uri", "pattern": "^https?://"},
    "return_url": {"format": "uri", "pattern": "^https?://"},
    "email": {"format": "email"},
    "tx_hash": {"pattern": "^0x[0-9a-f]{64}$"},
    "refund_address": {"pattern": "^0x[0-9a-fA-F]{40}$"},
    "RegisterAddress.address": {"pattern": "^0x[0-9a-fA-F]{40}$"},
    "PreviewKey.xpub": {"pattern": "^[1-9A-HJ-NP-Za-km-z]+$"},
    "ifsc": {"pattern": "^[A-Za-z]{4}0[A-Za-z0-9]{6}$"},
}
_DECIMAL: Final = {"format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


def specify(model: str, name: str, content: dict[str, Any], *, is_sent: bool = False) -> None:
    """Add to a field which texts it may be. is_sent: of a request, whose numbers may be written in more ways than answers write them."""
    for kind in _texts(content):
        if listed := ENUMS.get(f"{model}.{name}"):
            kind["enum"] = [str(value) for value in listed]
        elif is_sent:
            kind.update(_SENT.get(f"{model}.{name}") or _SENT.get(name, {}))
        elif kind is not content.get("items"):
            kind.update(_format(model, name))


def _texts(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a field that are any text so far."""
    if content.get("type") == "string" and not content.keys() & {"enum", "const", "pattern", "format"}:
        yield content
    for part in (*content.get("anyOf", ()), content.get("items"), content.get("additionalProperties")):
        if isinstance(part, dict):
            yield from _texts(part)


def _format(model: str, name: str) -> dict[str, Any]:
    if name.endswith("_at") or name in _TIMES:
        return {"format": "date-time"}
    if f"{model}.{name}" in _NO_DECIMALS:
        return {}
    if name in _DECIMALS or name.startswith("amount_"):
        return dict(_DECIMAL)
    return {"format": "uri"} if name in _ADDRESSES else {}
