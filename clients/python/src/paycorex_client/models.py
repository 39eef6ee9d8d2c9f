"""The contract's objects as they are answered. Generated from the contract; a later server may add fields, which are kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from paycorex_client.answers import Answered


class AddressList(Answered):
    """A page of watched addresses, newest first."""

    data: list[CryptoAddressView]
    next_cursor: str | None


class ApiKeyList(Answered):
    """Some keys of a merchant, newest first, those that ended among them."""

    data: list[ApiKeyView]
    next_cursor: str | None = None


class ApiKeyView(Answered):
    """The contract's API key object.

    accepted_until: from then on every part of the platform refuses it. For an end that was decided upon after the key
    was made, that is
    some time after `expires_at` or the revocation. Null for a key without an end.
    """

    accepted_until: datetime | None
    created_at: datetime
    expires_at: datetime | None
    key_id: str
    last_used_at: datetime | None
    prefix: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    scopes: list[str]
    status: str


class ArmView(Answered):
    """The payments of one arm: how many, how many of them are decided and approved, and the volume of those by currency."""

    approved: int
    decided: int
    payments: int
    success_rate: Decimal | None
    volume: dict[str, Decimal]


class Attempt(Answered):
    """One try at a connector."""

    code: str | None
    connector: str
    duration_ms: int
    provider_reference: str | None
    reason: str | None
    started_at: datetime
    status: str


class AttemptView(Answered):
    """One attempt. `response` is the first KiB of the answer's body."""

    at: datetime
    duration_ms: int
    error: str | None
    number: int
    response: str | None
    status_code: int | None
    trigger: str | None


class Authorization(Answered):
    """What was authorized, how much of it was captured, and how much may be until `expires_at`.

    `status`: pending, failed, authorized, releasing (what is left is being given back), captured (nothing is left),
    released (what was
    left was given back), voided or expired (all of it was).
    """

    amount: Decimal
    capturable: Decimal
    captured: Decimal
    expires_at: datetime | None
    status: str


class CaptureList(Answered):
    """A page of captures, newest first."""

    data: list[CaptureView]
    next_cursor: str | None


class CaptureView(Answered):
    """The contract's capture object. `status`: pending, processing, success or failed."""

    amount: Decimal
    amount_requested: Decimal | None
    capture_id: str
    created_at: datetime
    currency: str
    failure_code: str | None
    failure_message: str | None
    final: bool
    ledger: LedgerReference | None
    merchant_id: str
    origin: str
    payment_id: str
    provider_reference: str | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: str
    updated_at: datetime


class Changed(Answered):
    """A payment that would have gone another way.

    basis: `tried` (it tried that connector, too), `segment_rate` (only the connector's rate for such payments is known)
    or `unknown` (not
    even that; it counts as it happened). approved_after: 0 or 1, or that rate.
    """

    approved_after: str
    approved_before: bool
    basis: str
    connector_after: str | None
    connectors_before: list[str]
    payment_id: str
    rule_after: int | None
    rule_before: int | None


class ComparedView(Answered):
    """What was known of a connector when the payment was routed. `fee`: mean, as a part of the amount; 0 while none is
    measured.
    """

    connector: str
    fee: Decimal
    samples: int
    success_rate: Decimal


class ConnectorView(Answered):
    """A configured connector, without its credentials."""

    configured: bool


class Counts(Answered):
    """Payments by where they stand: successful ones when they were paid, all others when they were made."""

    authorized: int
    failed: int
    pending: int
    processing: int
    success: int
    total: int


class CredentialView(Answered):
    """A field of the processor's settings, `connectors` of `PATCH /v1/merchants/me`."""

    name: str
    required: bool
    secret: bool


class CryptoAddressView(Answered):
    """The contract's crypto address object."""

    address: str
    address_id: str
    created_at: datetime
    is_active: bool
    label: str | None
    network: str
    payment_id: str | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    user_id: str | None


class CryptoTransactionView(Answered):
    """The contract's crypto transaction object. `amount` is in coins of `asset`."""

    amount: Decimal
    asset: str
    block_hash: str
    block_number: int
    chain_id: int
    confirmations: int
    detected_at: datetime
    from_address: str
    network: str
    payment_id: str | None
    reason: str | None
    status: str
    to_address: str
    tx_hash: str
    user_id: str | None


class DayView(Answered):
    """One day of the asked time zone. `count` is of successful payments."""

    count: int
    date: str
    failed: int
    refunds: Decimal
    success_rate: Decimal | None
    volume: Decimal


class DeliveryList(Answered):
    """A page of deliveries."""

    data: list[DeliveryView]
    next_cursor: str | None


class DeliveryView(Answered):
    """The contract's delivery object."""

    attempts: list[AttemptView]
    created_at: datetime
    delivery_id: str
    endpoint_id: str
    event: str
    event_id: str
    next_attempt_at: datetime | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: str


class Dispute(Answered):
    """A payer's bank asks for money back: `GET /v1/disputes/{id}` has it in full.

    `dispute_id`, `status` and `reason` are the provider's own words, `provider_reference` is its name for the charge.
    """

    amount: Decimal
    at: datetime
    connector: str
    currency: str
    dispute_id: str
    id: str
    provider_reference: str
    reason: str | None
    status: str


class DisputeJournal(Answered):
    """A journal of a dispute: how much went from which account to which."""

    amount: Decimal
    credit: Decimal
    currency: str
    debit: Decimal
    journal_id: str


class DisputeList(Answered):
    """A page of disputes, newest first."""

    data: list[DisputeView]
    next_cursor: str | None


class DisputeView(Answered):
    """The contract's dispute object."""

    amount: Decimal
    amount_counted: Decimal
    charge_reference: str
    created_at: datetime
    currency: str
    dispute_id: str
    double_loss: str
    due_at: datetime | None
    evidence: Evidence
    funds: str
    ledger: list[DisputeJournal]
    merchant_id: str
    network: str | None
    payment_currency: str
    payment_id: str
    provider: str
    provider_reference: str
    provider_status: str
    reason: str | None
    reason_code: str | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    stage: str
    status: str
    timeline: list[TimelineStep]
    updated_at: datetime
    version: int
    warned_hours: int | None


class DryRunView(Answered):
    """The answer to a dry run. The payment does not exist."""

    dry_run: bool
    entries: list[EntryView]
    events: list[str]
    payment: PaymentView
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    route: dict[str, Any] | None


class EndpointList(Answered):
    """A page of endpoints."""

    data: list[EndpointView]
    next_cursor: str | None


class EndpointView(Answered):
    """The contract's endpoint object, without its secret."""

    created_at: datetime
    disabled_reason: str | None
    endpoint_id: str
    events: list[str]
    is_active: bool
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    url: str


class EntryList(Answered):
    """A page of entries, newest first."""

    data: list[EntryView]
    next_cursor: str | None


class EntryProof(Answered):
    """One entry and what seals it; `run` and `checkpoint` are null until a checkpoint does."""

    checkpoint: SignedCheckpoint | None
    entry: ProvenEntry
    run: SealedRun | None
    sealed: bool


class EntryReference(Answered):
    """Where a ledger entry is."""

    currency: str
    entity: str
    entity_id: str
    lane: int
    seq: int


class EntryView(Answered):
    """The contract's ledger entry. Hash in lower-case hex."""

    balance: Decimal
    created_at: datetime
    credit: Decimal
    currency: str
    debit: Decimal
    description: str | None
    entity: str
    entity_id: str
    hash: str
    journal_id: str
    lane: int
    reference_id: str
    reference_type: str
    seq: int


class Estimate(Answered):
    """What only rates tell: of so many payments, how many are expected to be approved; low and high are two standard
    deviations away.
    """

    approved: str
    high: str
    low: str
    payments: int


class EventList(Answered):
    """A page of events."""

    data: list[EventView]
    next_cursor: str | None


class EventView(Answered):
    """The contract's event object, which is also a webhook's body."""

    created_at: datetime
    data: dict[str, Any]
    event: str
    id: str
    previous_event_id: str | None
    sequence: int


class Evidence(Answered):
    """What the merchant answers: texts by kind (not in events, only here), and files.

    status: none, draft, sending, submitted. problem: why the provider did not take the last answer.
    """

    files: list[EvidenceFile]
    problem: str | None
    status: str
    submitted_at: datetime | None
    text: dict[str, str]


class EvidenceAnswer(Answered):
    """The dispute, and a link for each file that was not uploaded and used yet."""

    dispute: DisputeView
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    uploads: list[UploadLink]


class EvidenceFile(Answered):
    """A file of evidence. `status`: awaiting_upload, ready (uploaded and of its type), or refused."""

    content_type: str
    file_id: str
    kind: str
    name: str
    size: int
    status: str


class ExperimentArm(Answered):
    """By which experiment's rules a payment went."""

    arm: str
    experiment_id: str


class ExperimentArmsView(Answered):
    """An experiment with its arms. `complete`: false where only its newest 5,000 payments are counted."""

    a: list[dict[str, Any]]
    arms: dict[str, ArmView]
    b: list[dict[str, Any]]
    complete: bool
    effective_at: datetime | None
    ended_at: datetime | None
    experiment_id: str
    share: int
    started_at: datetime
    status: str


class ExperimentList(Answered):
    """Some experiments of a merchant, newest first."""

    data: list[ExperimentView]
    next_cursor: str | None


class ExperimentView(Answered):
    """An experiment. `a`, `b`: the rules of each arm. `share`: percent of the payments that go by `b`.

    effective_at: from when every part of the platform acts by its start or, once it has ended, by its end.
    """

    a: list[dict[str, Any]]
    b: list[dict[str, Any]]
    effective_at: datetime | None
    ended_at: datetime | None
    experiment_id: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    share: int
    started_at: datetime
    status: str


class FirstEndpoint(Answered):
    """The endpoint that `webhook_url` made, with its secret."""

    endpoint_id: str
    secret: str


class Health(Answered):
    """The API is up."""

    status: str


class LateMoney(Answered):
    """Money in suspense.

    `status`: held, accepted (the merchant's, beside the payment), settled (part of the payment), refunding, refunded,
    or reversed (the
    chain took it back). `status_before`: what it was until it was reversed; `accepted` also when such money is
    refunding or refunded.
    `reason`, for crypto: underpaid, overpaid, extra, late or wrong_asset.
    `corrections`: by how much the provider changed the amount since; each has a journal of its own. `returned`: how
    much of it was given
    back; `kept`: how much of it was accepted, where that is not all.
    """

    amount: Decimal
    connector: str
    corrections: list[str] | None = None
    currency: str
    journal_id: str
    kept: str | None = None
    late_id: str
    provider_reference: str | None
    reason: str | None = None
    received_at: datetime
    returned: str | None = None
    status: str
    status_before: str | None = None


class LateMoneyList(Answered):
    """A page of late money, in the order in which it came."""

    data: list[LateMoney]
    next_cursor: str | None


class LedgerReference(Answered):
    """The journal of a record."""

    entries: list[EntryReference]
    journal_id: str


class MerchantView(Answered):
    """The merchant's profile and settings, each as it acts: the default where nothing was set.

    settings_effective_at: from when every part of the platform acts by these settings; until then a part may act by
    those before. Null when
    they never changed. ledger_lanes: at most so many lanes; open_ledger_lanes: how many there are, which grow while
    payments wait for each
    other. ledger_lanes_effective_at: always null, because more lanes need no notice.
    money_under_way: after the removal of a connector, what it still held; on every other answer empty.
    """

    allow_inr_pan: bool
    card_storage: str
    connectors: dict[str, ConnectorView]
    created_at: datetime
    crypto_tolerance_percent: Decimal
    currency: str
    email: str
    i_am_pci_dss_assessed: bool
    ledger_lanes: int
    ledger_lanes_effective_at: datetime | None
    merchant_category_code: str | None
    merchant_id: str
    money_under_way: list[UnderWayView]
    name: str
    open_ledger_lanes: int
    payee_name: str | None
    payee_vpa: str | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    requests_per_second: int
    routing_rules: list[dict[str, Any]]
    settings_effective_at: datetime | None
    signature_policy: str
    status: str
    xpubs: dict[str, str]


class MethodView(Answered):
    """Successful payments by one method."""

    count: int
    volume: Decimal


class MovedView(Answered):
    """A wallet with its new balance, and the transfer that changed it."""

    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    transfer: paycorex__records__transfer__TransferView
    wallet: WalletView


class PaidView(Answered):
    """A wallet with its new balance, and the payment that changed it."""

    payment: PaymentView
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    wallet: WalletView


class PaymentList(Answered):
    """A page of payments, newest first."""

    data: list[PaymentView]
    next_cursor: str | None


class PaymentProof(Answered):
    """The proof of a payment's ledger entries. `sealed`: it has entries, and a checkpoint covers each of them."""

    entries: list[EntryProof]
    payment_id: str
    sealed: bool


class PaymentView(Answered):
    """The contract's payment object."""

    amount: Decimal
    amount_captured: Decimal
    amount_disputed: Decimal
    amount_refunded: Decimal
    attempts: list[Attempt]
    authorization: Authorization | None
    capture_method: str
    created_at: datetime
    currency: str
    customer_initiated: bool
    description: str | None
    disputes: list[Dispute]
    expires_at: datetime | None
    failure_code: str | None
    failure_message: str | None
    late_money: list[LateMoney]
    late_money_count: int
    ledger: LedgerReference | None
    merchant_id: str
    metadata: dict[str, Any] | None
    method: str
    network_transaction_id: str | None
    next_action: dict[str, Any] | None
    payment_id: str
    provider: str | None
    provider_reference: str | None
    refund_status: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    return_url: str | None
    review: Review | None
    routing: RoutingView | None
    statement_descriptor: str | None
    status: str
    timeline: list[TimelineStep]
    token_id: str | None
    updated_at: datetime
    user_id: str | None
    version: int
    wallet_id: str | None


class Preview(Answered):
    """The first addresses that a key derives."""

    addresses: list[PreviewedAddress]
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class PreviewedAddress(Answered):
    """An address that a key derives."""

    address: str
    index: int


class PreviousKey(Answered):
    """The key that signed the rotation, when it ends, and until when a part of the platform may accept it.

    Both are null when it goes on, because no other that lasts may manage keys.
    """

    accepted_until: datetime | None
    expires_at: datetime | None
    key_id: str


class ProcessorList(Answered):
    """A page of processors, by name."""

    data: list[ProcessorView]
    next_cursor: str | None


class ProcessorView(Answered):
    """What a processor can do. `name`: as `connectors` and routing rules name it. `methods`: `any` where it asks the payer
    itself.

    `currencies`: null where the account decides. `lookup_by`, `refund_lookup_by`: `our_reference` or
    `provider_reference`.
    `unavailable_reason`: why it cannot be used here; null when it can.
    """

    certified: bool
    credentials: list[CredentialView]
    currencies: list[str] | None
    flows: dict[str, bool]
    lookup_by: str | None
    methods: list[str]
    name: str
    refund_lookup_by: str | None
    unavailable_reason: str | None


class ProvenEntry(Answered):
    """An entry with all that its hash covers. `account` is merchant#entity#id#currency#lane."""

    account: str
    balance_minor: int
    count: int
    created_at_ms: int
    credit_minor: int
    debit_minor: int
    description: str | None
    hash: str
    journal_id: str
    prev_hash: str
    reference_id: str
    reference_type: str
    seq: int
    total_credit_minor: int
    total_debit_minor: int


class RefundList(Answered):
    """A page of refunds, newest first."""

    data: list[RefundView]
    next_cursor: str | None


class RefundSums(Answered):
    """Refunds that were carried out."""

    amount: Decimal
    count: int


class RefundView(Answered):
    """The contract's refund object."""

    amount: Decimal
    amount_requested: Decimal | None
    created_at: datetime
    currency: str
    failure_code: str | None
    failure_message: str | None
    ledger: LedgerReference | None
    merchant_id: str
    next_action: dict[str, Any] | None
    origin: str
    payment_id: str
    provider_reference: str | None
    reason: str | None
    refund_id: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: str
    updated_at: datetime


class RegisteredView(Answered):
    """Register's answer. `key_id`, `api_key`, `secret` and `webhook` are there once; a replay has null instead."""

    api_key: str | None
    created_at: datetime
    currency: str
    email: str
    key_id: str | None
    merchant_id: str
    name: str
    secret: str | None
    status: str
    webhook: FirstEndpoint | None


class Review(Answered):
    """Why a payment waits for an operator: a provider's answer about it contradicts what was asked, and nothing was booked
    by it.

    `reason`: unreadable_amount, another_object, amount_differs, currency_differs, refund_differs, refund_exceeds,
    disputes_exceed (too many), dispute_exceeds (one is more than the payment; it is booked as it is reported),
    held_twice or
    captured_twice (another attempt's connector holds money, or took it, beside the hold of this payment).
    `detail`: the text of the answer, masked and short.
    """

    at: datetime
    connector: str
    detail: str
    provider_reference: str | None
    reason: str


class RotatedView(Answered):
    """Rotate's answer. `api_key`, `secret` and `previous` are there once; a replay has null instead."""

    accepted_until: datetime | None
    api_key: str | None = None
    created_at: datetime
    expires_at: datetime | None
    key_id: str
    last_used_at: datetime | None
    prefix: str
    previous: PreviousKey | None = None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    scopes: list[str]
    secret: str | None = None
    status: str


class RoutingView(Answered):
    """Why a payment went to its connectors. `rule`: the place of the rule that chose among `routing_rules`, from 0; null
    for none.
    """

    experiment: ExperimentArm | None
    numbers: list[ComparedView]
    reason: str
    rule: int | None


class SealedRun(Answered):
    """The stretch of the account's chain that was sealed with the entry in it; its last entry was the account's head.

    `entry_path` leads from the entry's hash to `entries_root`, `run_path` from the run to the checkpoint's root (RFC
    6962).
    """

    balance_minor: int
    count: int
    entries_root: str
    entry_path: list[str]
    first_seq: int
    head_hash: str
    last_seq: int
    prev_hash: str
    run_index: int
    run_path: list[str]
    total_credit_minor: int
    total_debit_minor: int


class SecretView(Answered):
    """An endpoint with its new secret, which is shown once: null when the answer is repeated."""

    created_at: datetime
    disabled_reason: str | None
    endpoint_id: str
    events: list[str]
    is_active: bool
    previous_secret_expires_at: datetime | None = None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    secret: str | None = None
    url: str


class SegmentList(Answered):
    """Some segments, in the order of their names."""

    data: list[SegmentView]
    next_cursor: str | None


class SegmentView(Answered):
    """What is known of a connector in a segment: of its last attempts, at most 300 of 30 days. `brand`: null for what is
    no card.
    """

    brand: str | None
    connector: str
    currency: str
    fee: Decimal
    made_by: str
    method: str
    samples: int
    success_rate: Decimal
    updated_at: datetime


class SignedCheckpoint(Answered):
    """A signed root. `signature` is base64 of a DER ECDSA signature over P-256 and SHA-256; `public_key` is PEM."""

    key_id: str
    number: int
    previous: str
    public_key: str
    root: str
    runs: int
    sealed_at_ms: int
    signature: str
    total_entries: int


class StatsView(Answered):
    """Statistics of from ≤ t < to. net: volume less refunds. balance: as it stands now."""

    authorized: Decimal
    balance: Decimal
    by_day: list[DayView]
    by_method: dict[str, MethodView]
    count: Counts
    currency: str
    from_: str = Field(alias="from")
    net: Decimal
    refunds: RefundSums
    success_rate: Decimal | None
    timezone: str
    to: str
    volume: Decimal


class StatusView(Answered):
    """The contract's answer: status is `pending`, `confirmed`, `failed`, `not_found` or `reorged`."""

    block_hash: str | None
    block_number: int | None
    chain_id: int
    confirmations: int
    confirmations_required: int
    network: str
    payment_ids: list[str]
    status: str
    transfers: list[crypto_monitor__status__TransferView]
    tx_hash: str


class TimelineStep(Answered):
    """A status that the payment reached."""

    at: datetime
    reason: str | None
    status: str


class TokenList(Answered):
    """A page of tokens, newest first."""

    data: list[TokenView]
    next_cursor: str | None


class TokenView(Answered):
    """The contract's token object.

    `connector`: of a `provider_token`, the only one that can charge it; null once it is deleted. `brands`: every brand
    that a card may
    have, the most likely one, `brand`, first.
    """

    brand: str | None
    brands: list[str]
    connector: str | None
    created_at: datetime
    expiry_month: int | None
    expiry_year: int | None
    fingerprint: str
    holder_initials: str | None
    is_active: bool
    last4: str | None
    merchant_id: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    token_id: str
    type: str
    user_id: str


class TransactionList(Answered):
    """A page of transfers that the monitor found, newest first."""

    data: list[CryptoTransactionView]
    next_cursor: str | None


class UnderWayView(Answered):
    """Money at a connector that was removed: nothing asks it for their outcome until it is configured again.

    payments, refunds: how many of the newest ones, made since `looked_back_to`; null when all were looked at.
    """

    connector: str
    looked_back_to: str | None
    payments: int
    refunds: int


class UploadLink(Answered):
    """Where a file is put, with exactly these headers, until expires_at."""

    expires_at: datetime
    file_id: str
    headers: dict[str, str]
    method: str
    url: str


class Verified(Answered):
    """What a provider thinks of a merchant's credentials."""

    accepted: bool
    checked_at: datetime
    connector: str
    reason: str | None
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class WalletList(Answered):
    """A user's wallets; one per currency, so there is one page."""

    data: list[WalletView]
    next_cursor: str | None = None


class WalletView(Answered):
    """The contract's wallet object."""

    available: Decimal
    balance: Decimal
    created_at: datetime
    currency: str
    held: Decimal
    merchant_id: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    user_id: str
    wallet_id: str


class crypto_monitor__status__TransferView(Answered):
    """One transfer of the transaction to one of the merchant's addresses. status: what the monitor recorded, null when it
    has not yet.
    """

    amount: Decimal
    asset: str
    from_address: str
    payment_id: str | None
    status: str | None
    to_address: str


class paycorex__records__transfer__TransferView(Answered):
    """The contract's transfer object."""

    amount: Decimal
    created_at: datetime
    currency: str
    journal_id: str
    reference: str | None
    transfer_id: str
    type: str
    wallet_id: str


class payments__routes__routing_answers__ReplayView(Answered):
    """What happened, and what would have. `changed`: the newest 100 of `changed_count`. `notes`: what it cannot know.

    approved_after: a whole number where all is known, else with the expected part of `estimate`. fees by currency.
    unnoted: payments of the
    time before routes were noted, whose brand is not known. complete: false where there were more payments than one
    answer can look at.
    """

    approved_after: str
    approved_before: int
    attempts: int
    changed: list[Changed]
    changed_count: int
    complete: bool
    estimate: Estimate
    fees_after: dict[str, Decimal]
    fees_before: dict[str, Decimal]
    notes: list[str]
    payments: int
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    unknown: int
    unnoted: int


class webhooks__recovery__replays__ReplayView(Answered):
    """A replay: how many deliveries it sends again, and how many are enqueued so far."""

    count: int
    enqueued: int
    replay_id: str
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: str
