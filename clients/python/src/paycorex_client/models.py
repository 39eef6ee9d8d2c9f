"""The contract's objects as they are answered. Generated from the contract.

A later server may add fields, which are kept.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from paycorex_client.answers import Answered


class AddressList(Answered):
    """A page of watched addresses, newest first."""

    data: list[CryptoAddressView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class AgeCount(Answered):
    """How many open items are younger than so many days, and not younger than the step before; `days` is null for all
    older ones.
    """

    count: int
    """How many."""
    days: int | None
    """Younger than so many days, and not younger than the step before; null for all older ones."""


class ApiKeyEvent(Answered):
    """An event whose `data` is the contract's ApiKey object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: ApiKeyView
    """The object as it stood then."""
    event: Literal["apikey.rotated"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class ApiKeyList(Answered):
    """Some keys of a merchant, newest first, those that ended among them."""

    data: list[ApiKeyView]
    """The page's items."""
    next_cursor: str | None = None
    """The `cursor` of the next page; null on the last one."""


class ApiKeyView(Answered):
    """The contract's API key object.

    accepted_until: from then on every part of the platform refuses it. For an end that was decided upon after the key
    was made, that is
    some time after `expires_at` or the revocation. Null for a key without an end.
    """

    accepted_until: datetime | None
    """From then on every part of the platform refuses the key; null for a key without an end."""
    created_at: datetime
    """When it was made, in UTC."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    key_id: str
    """The id of the API key."""
    last_used_at: datetime | None
    """When it signed a request last, in UTC, to some minutes; null when it never did."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    prefix: str
    """The beginning of the API key, to tell keys apart."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    scopes: list[
        Literal[
            "payments:read",
            "payments:write",
            "disputes:read",
            "disputes:write",
            "settlements:read",
            "settlements:write",
            "wallet:read",
            "wallet:write",
            "tokens:read",
            "tokens:write",
            "webhooks:read",
            "webhooks:write",
            "crypto:read",
            "crypto:write",
            "dashboard:read",
            "customers:read",
            "customers:write",
            "checkout:read",
            "checkout:write",
            "risk:read",
            "risk:write",
            "merchant:read",
            "merchant:write",
            "people:read",
            "people:write",
            "audit:read",
        ]
        | str
    ]
    """What the key may do."""
    status: Literal["active", "revoked", "expired"] | str
    """Where it stands."""


class ApprovalList(Answered):
    """A page of acts that wait for a second person, or waited."""

    data: list[ApprovalView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ApprovalView(Answered):
    """An act that waits for a second person, or waited. `asked`: JSON of the request, without secrets."""

    approval_id: str
    """The approval's id. It follows from who asks and what is asked."""
    asked: str
    """What the request asks, as JSON without secrets."""
    asked_at: datetime
    """When it was asked for, in UTC."""
    asked_by: str
    """The person who asked."""
    asked_name: str
    """What the person is called."""
    decided_at: datetime | None
    """When it was decided, in UTC; null until then."""
    decided_by: str | None
    """The person who decided; null until then."""
    decided_name: str | None
    """What that person is called."""
    ends_at: datetime
    """Until when, in UTC, it may be decided; once it is approved, until when it may be carried out."""
    kinds: list[str]
    """Which kinds of dangerous acts it is, of those that need a second person: `refunds`, `keys`, `connectors`,
    `bank_details`, `roles`, `write_offs`, `rules`.
    """
    method: str
    """The method of the request that waits."""
    path: str
    """The path of the request that waits."""
    reason: str | None
    """What the one who decided wrote; null where nothing."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    scope: str
    """The scope that the act takes, and who approves it."""
    status: str
    """`asked`, `approved`, `rejected`, `withdrawn`, `used` or `expired`."""


class ArmView(Answered):
    """The payments of one arm: how many, how many of them are decided and approved, and the volume of those by currency."""

    approved: int
    """How many were approved."""
    decided: int
    """How many payments are decided."""
    payments: int
    """How many payments went by this arm."""
    success_rate: Decimal | None
    """Success by success and failure, four places; null when there is neither."""
    volume: dict[str, Decimal]
    """The sum of successful payments, in major units; by currency where it is an object."""


class Attempt(Answered):
    """One try at a connector."""

    code: str | None
    """A stable code, for programs; null where there is none."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    duration_ms: int
    """How long it took, in milliseconds."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    reason: str | None
    """Why; null when nothing was said."""
    started_at: datetime
    """When it began, in UTC."""
    status: str
    """Where it stands."""


class AttemptView(Answered):
    """One attempt. `response` is the first KiB of the answer's body."""

    at: datetime
    """When, in UTC."""
    duration_ms: int
    """How long it took, in milliseconds."""
    error: str | None
    """What went wrong; null when nothing did."""
    number: int
    """Counts from 1."""
    response: str | None
    """The first KiB of the answer's body; null when there was none."""
    status_code: int | None
    """The HTTP status of the answer; null when there was none."""
    trigger: str | None
    """What caused the attempt, such as `redelivery`; null for one of the schedule."""


class AuditList(Answered):
    """Some entries, the newest first. `sealed_up_to`: up to which number the chain is signed."""

    data: list[AuditView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""
    sealed_up_to: int
    """Up to which number a seal, signed by the ledger's key, covers the chain."""


class AuditView(Answered):
    """One change. `asked`, `before` and `after` are JSON without secrets; empty where there is none."""

    actor: str
    """Who: a person's id, a key's id, or an operator's ARN."""
    actor_name: str
    """What the person was called then; empty for a key."""
    after: str
    """The record after as JSON: of a change the fields that differ."""
    agent: str
    """The client as it named itself."""
    asked: str
    """The request's body as JSON, without secrets."""
    at: datetime
    """When, in UTC."""
    audit_id: str
    """The entry's id, `aud_…`."""
    before: str
    """The record before as JSON: of a change the fields that differ."""
    hash: str
    """SHA-256 over every field of the entry and `prev_hash`."""
    method: str
    """The request's method."""
    object_id: str
    """What was changed, or made."""
    operation: str
    """What was done: the operation's name in this contract."""
    outcome: Literal["done", "unknown"] | str
    """`done`; `unknown` where the process ended before it could say."""
    path: str
    """The request's path."""
    prev_hash: str
    """The hash of the entry before; zeros for the first."""
    request_id: str
    """The id of the request, as in `X-Request-Id`."""
    seq: int
    """The entry's number in the merchant's chain, without a gap."""
    session_id: str
    """The person's session; empty for a key."""
    source_ip: str
    """The address from which it was asked."""


class Authorization(Answered):
    """What was authorized, how much of it was captured, and how much may be until `expires_at`.

    `status`: pending, failed, authorized, releasing (what is left is being given back), captured (nothing is left),
    released (what was
    left was given back), voided or expired (all of it was).
    """

    amount: Decimal
    """How much was authorized, in major units."""
    capturable: Decimal
    """How much can still be captured, in major units."""
    captured: Decimal
    """How much was captured, in major units."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    status: Literal["pending", "failed", "authorized", "releasing", "captured", "released", "voided", "expired"] | str
    """`pending`, `failed`, `authorized`, `releasing` (what is left is being given back), `captured` (nothing is left),
    `released` (what was left was given back), `voided` or `expired` (all of it was).
    """


class BankDecision(Answered):
    """What was decided about a line, by whom and why. `who` is the key's id."""

    action: str
    """What to do with the money: `accept` makes it the payment's, `refund` gives it back."""
    at: datetime
    """When, in UTC."""
    journal_id: str | None
    """The ledger journal."""
    reason: str
    """Why; null when nothing was said."""
    who: str
    """The id of the key that decided; `paycorex` for what followed from new knowledge."""


class BankLineList(Answered):
    """A page of bank lines, newest first."""

    data: list[BankLineView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class BankLineView(Answered):
    """The contract's bank line.

    `state`: `unexpected` (no payout is known that it brings), `matched`, `amount_differs` and `duplicate` (`difference`
    says by how much
    all lines of its payouts bring more than these are), `aside` (decided to be none of the platform's, or no money).
    `references`: what it
    is found by. `proposals`: payouts of the same amount and time, of which a person may accept one.
    """

    account: str
    """The account as the statement calls it, without spaces."""
    amount: Decimal
    """Signed, in major units: + into the account."""
    bank_line_id: str
    """The id of the line: the same whichever file it comes in."""
    bank_reference: str | None
    """The bank's own name of the line."""
    booked_on: str
    """The day it was booked, as the bank wrote it."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    decisions: list[BankDecision]
    """What was decided about it, oldest first."""
    difference: str | None
    """By how much all lines of its payouts bring more than these are, signed, in major units."""
    import_id: str | None
    """The import that brought it first."""
    is_reversal: bool
    """It takes an earlier line back; the amount has its own sign."""
    journal_id: str | None
    """The journal that booked it; null while none did."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    proposals: list[str]
    """Settlements of the same amount and time, of which a person may accept one."""
    provider: str | None
    """The connector whose payouts it brings."""
    references: list[str]
    """What it is found by: UTR, end-to-end id, names in the remittance text."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    settlement_ids: list[str]
    """The settlements that it brings."""
    state: str
    """`unexpected`, `matched`, `amount_differs`, `duplicate` or `aside`."""
    text: str | None
    """Remittance text, cut to 140 characters."""
    updated_at: datetime
    """When it changed last, in UTC."""
    valued_on: str | None
    """Its value date, as the bank wrote it."""
    version: int
    """Counts the changes, from 1."""


class BankPosition(Answered):
    """Where the money of one currency is (`bank` to `on_chains`), and whose it is (`merchant` to `users`): both sides are
    equal.

    `fees` and `tax` are costs, so negative. `users`: what wallets hold. `explained`: each unit in transit has a name.
    """

    at_providers: list[HeldAt]
    """What connectors hold."""
    bank: str
    """What bank lines brought, in major units."""
    currency: str
    """ISO 4217, in capitals."""
    disputed: str
    """What payers' banks ask back."""
    explained: bool
    """True when each unit in transit has a name."""
    fees: Decimal
    """What providers kept as fees: a cost, so negative."""
    in_transit: list[InTransit]
    """What is on its way from a connector to the bank."""
    merchant: str
    """What is the merchant's."""
    on_chains: list[HeldAt]
    """What came in on chains."""
    platform_fees: str
    """What the operator charged."""
    suspense: str
    """Money whose owner or purpose is not decided."""
    tax: Decimal
    """Tax on fees: a cost, so negative."""
    total: str
    """All places together: equal to what `merchant` to `users` come to."""
    users: str
    """What users hold in wallets."""


class BankPositions(Answered):
    """All currencies of a merchant."""

    data: list[BankPosition]
    """The page's items."""


class BegunImport(Answered):
    """The import, and where its file is put; without a link once it was read."""

    import_id: str
    """The id of the import."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    settlement_import: SettlementImportView
    """The import as it stands."""
    upload: ReportUpload | None
    """How the file is put: method, address and headers; null once it was read."""
    upload_url: str | None
    """Where the file is put; null once it was read."""


class Blocklist(Answered):
    """A page of entries, in the order of their ids."""

    data: list[BlocklistView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class BlocklistView(Answered):
    """The contract's blocklist entry. `value` is null where it would say who a person is: ask the list with `kind` and
    `value`.
    """

    created_at: datetime
    """When it was made, in UTC."""
    entry_id: str
    """The entry's id, `blk_…`."""
    expires_at: datetime | None
    """Until when, in UTC; null for good."""
    kind: Literal["ip", "card", "customer", "email"] | str
    """What is blocked: `ip`, `card`, `customer` or `email`."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    reason: str | None
    """Why, as it was given."""
    removed_at: datetime | None
    """When it was removed, in UTC; null while it acts."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    value: str | None
    """What is blocked; null where it says who a person is. Ask the list with `kind` and `value` then."""


class BrandView(Answered):
    """How payers see the merchant. Null: not set."""

    colour: str | None
    """The colour of buttons on payers' pages, as `#rrggbb`; null: the platform's."""
    logo: LogoView | None
    """What is known of the logo; null where there is none."""
    name: str | None
    """Whom payers see; null: `payee_name`, or else the merchant's name."""


class CaptureList(Answered):
    """A page of captures, newest first."""

    data: list[CaptureView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class CaptureView(Answered):
    """The contract's capture object. `status`: pending, processing, success or failed."""

    amount: Decimal
    """In major units, as a decimal string."""
    amount_requested: Decimal | None
    """What was asked for, when the provider made it another amount; else null."""
    capture_id: str
    """The id of the capture."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    failure_code: str | None
    """Why it failed, as a stable code; null when it did not."""
    failure_message: str | None
    """Why it failed, for people; null when it did not."""
    final: bool
    """Whether what is left is given back after this capture."""
    ledger: LedgerReference | None
    """Where in the ledger it was booked; null when nothing was."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    origin: Literal["api", "external"] | str
    """`api`, or `external` when it began at the provider."""
    payment_id: str
    """The id of the payment."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["pending", "processing", "success", "failed"] | str
    """Where it stands."""
    updated_at: datetime
    """When it changed last, in UTC."""


class ChainTransfer(Answered):
    """One transfer of the transaction to one of the merchant's addresses. status: what the monitor recorded, null when it
    has not yet.
    """

    amount: Decimal
    """In major units, as a decimal string."""
    asset: str
    """The coin or token, such as `ETH` or `USDC`."""
    from_address: str
    """Who sent it."""
    payment_id: str | None
    """The id of the payment."""
    status: Literal["detected", "confirmed", "failed", "reorged", "dust", "review"] | str | None
    """Where it stands."""
    to_address: str
    """Who gets it."""


class Changed(Answered):
    """A payment that would have gone another way.

    basis: `tried` (it tried that connector, too), `segment_rate` (only the connector's rate for such payments is known)
    or `unknown` (not
    even that; it counts as it happened). approved_after: 0 or 1, or that rate.
    """

    approved_after: Decimal
    """How many would have been approved; 0, 1 or a rate for one payment."""
    approved_before: bool
    """How many were approved."""
    basis: Literal["happened", "tried", "segment_rate", "unknown"] | str
    """What the verdict rests on: `tried`, `segment_rate` or `unknown`."""
    connector_after: str | None
    """Where it would have gone; null when nowhere."""
    connectors_before: list[str]
    """Where it went, in order."""
    payment_id: str
    """The id of the payment."""
    rule_after: int | None
    """The place of the rule that would have chosen, from 0; null for none."""
    rule_before: int | None
    """The place of the rule that chose, from 0; null for none."""


class CheckoutEvent(Answered):
    """An event whose `data` is the contract's Session object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: SessionView
    """The object as it stood then."""
    event: Literal["checkout.created", "checkout.paid", "checkout.expired"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class ClearingAccount(Answered):
    """One account as far as it was read into items. `proved`: its balance is the sum of its open items.

    held: what of a network's balance the chain shows. source: a connector or network, for what it holds;
    `bank_in_transit:<connector>` for
    what that one has paid out.
    """

    ages: list[AgeCount]
    """Its open items by age."""
    balance: Decimal
    """The balance of the account, signed, in major units: + for what the provider owes."""
    currency: str
    """ISO 4217, in capitals."""
    exceptions: int
    """How many open items call for a decision."""
    explained: str
    """The sum of its open items, signed, in major units."""
    held: Decimal | None
    """What of it the chain shows to be there, signed, in major units; null for what is on no chain."""
    items: list[StateCount]
    """How many items and how much in each state."""
    proved: bool
    """True when every account is explained to the last unit."""
    read_at: datetime | None
    """Until when the account was read into items, in UTC."""
    source: str
    """The connector, network or other source that holds the money; `bank_in_transit:<connector>` for what that one has
    paid out.
    """
    unexplained: str
    """What no item explains, signed, in major units."""


class ClosedPeriod(Answered):
    """A closed month with its trial balance. Per currency the balances come to zero."""

    balances: list[PeriodBalance]
    """The trial balance."""
    chains: int
    """How many chains that is over."""
    closed: bool
    """Whether it is closed now: an operator may open a month again."""
    closed_at: datetime
    """When it was closed."""
    closed_by: str
    """The id of the key that closed it."""
    digest: str
    """SHA-256 over the balances and the last entry of every chain in the month, in hexadecimal digits."""
    files: list[PeriodFile]
    """The statements, as they were stored."""
    invoice: str | None
    """The invoice of what the operator charged in it; null where nothing was."""
    month: str
    """The month, in UTC."""
    reopenings: list[Reopening]
    """When the month was opened again, oldest first."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    sealed_digest: str | None
    """SHA-256 of the document that the ledger seals (see the month's proof); null of a month that was closed before."""
    unchanged: bool | None
    """Whether the ledger says the same now; null where it was not compared."""
    version: int
    """How often it was closed."""


class ClosedPeriodList(Answered):
    """A page of closed months, newest first."""

    data: list[ClosedPeriod]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ComparedView(Answered):
    """What was known of a connector when the payment was routed. `fee`: the measured mean, else the price list's: a part
    of the amount.
    """

    connector: str
    """The connector, as `connectors` and routing rules name it."""
    fee: Decimal
    """The mean of the fees that are measured, else what the price list says, as a part of the amount; 0 without any."""
    samples: int
    """How many outcomes are known."""
    success_rate: Decimal
    """Success by success and failure, four places; null when there is neither."""


class ConnectorStateView(Answered):
    """How a connector stands. fields: names of the settings that are stored, in no case their values; null where they were
    stored before
    names were noted. verification: what its provider said since they were changed. breaker: `open` while calls are held
    back because the
    ones before failed, until `open_until`.
    """

    breaker: Literal["closed", "open"] | str
    """`open` while calls are held back because those before failed; else `closed`."""
    built_in: bool
    """True for a sandbox of the deployment that the merchant stored no settings for."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    fields: list[str] | None
    """Names of the settings that are stored, without values; null where they were stored before names were noted."""
    open_until: datetime | None
    """Until when calls are held back; null when they are not."""
    verification: Verified | None
    """What the provider last said of the credentials, since they were changed; null when it was not asked."""


class ConnectorStates(Answered):
    """Some of a merchant's connectors, by name: those that are configured, and the sandboxes where the deployment has
    them.
    """

    data: list[ConnectorStateView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ConnectorView(Answered):
    """A configured connector, without its credentials."""

    configured: bool
    """Always true: a connector without settings is not listed."""


class CostView(Answered):
    """A fee without its tax, and the tax."""

    amount: Decimal
    """The fee without its tax, in major units."""
    tax: Decimal
    """Tax on the fee, in major units."""


class Counts(Answered):
    """Payments by where they stand: successful ones when they were paid, all others when they were made."""

    authorized: int
    """Held, and nothing of it captured yet."""
    failed: int
    """How many failed."""
    pending: int
    """How many wait for the payer."""
    processing: int
    """How many wait for a provider."""
    success: int
    """How many succeeded."""
    total: int
    """All of them."""


class CredentialView(Answered):
    """A field of the processor's settings, `connectors` of `PATCH /v1/merchants/me`."""

    name: str
    """The field's name in the processor's settings."""
    required: bool
    """Whether it must be given."""
    secret: bool
    """Whether it is sealed and never shown again."""


class CryptoAction(Answered):
    """The payer sends coins to an address that is for this payment alone."""

    address: str
    """Where the payer sends the coins: for this payment alone."""
    asset: str
    """The coin or token, such as `ETH` or `USDC`."""
    chain_id: int
    """The network's chain id (EIP-155)."""
    crypto_amount: Decimal
    """How many coins of `asset`."""
    crypto_uri: str
    """A link that a wallet app opens (EIP-681)."""
    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    network: Literal["ethereum", "polygon", "bsc"] | str
    """The chain."""
    pay_url: str
    """The payer's page: show it, or send the payer there."""
    qr_png_url: str
    """The code that the payer scans, as PNG."""
    qr_svg_url: str
    """The code that the payer scans, as SVG."""
    type: Literal["crypto_transfer"] | str
    """The kind."""


class CryptoAddressView(Answered):
    """The contract's crypto address object."""

    address: str
    """An EVM address, `0x` and 40 hex digits; mixed case is checked by EIP-55."""
    address_id: str
    """The id of the watched address."""
    created_at: datetime
    """When it was made, in UTC."""
    is_active: bool
    """Whether it is in use."""
    label: str | None
    """The merchant's own name for it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    network: Literal["ethereum", "polygon", "bsc"] | str
    """The chain."""
    payment_id: str | None
    """The id of the payment."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    user_id: str | None
    """The merchant's own name for its user."""


class CryptoEvent(Answered):
    """An event whose `data` is the contract's CryptoTransaction object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: CryptoTransactionView
    """The object as it stood then."""
    event: Literal["crypto.detected", "crypto.confirmed", "crypto.reorged"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class CryptoTransactionView(Answered):
    """The contract's crypto transaction object. `amount` is in coins of `asset`."""

    amount: Decimal
    """In major units, as a decimal string."""
    asset: str
    """The coin or token, such as `ETH` or `USDC`."""
    block_hash: str
    """The hash of the block that holds the transaction; null before it is in one."""
    block_number: int
    """The block that holds the transaction; null before it is in one."""
    chain_id: int
    """The network's chain id (EIP-155)."""
    confirmations: int
    """How many blocks confirm the transaction."""
    detected_at: datetime
    """When the monitor saw it first, in UTC."""
    from_address: str
    """Who sent it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    network: Literal["ethereum", "polygon", "bsc"] | str
    """The chain."""
    payment_id: str | None
    """The id of the payment."""
    reason: str | None
    """Why; null when nothing was said."""
    status: Literal["detected", "confirmed", "failed", "reorged", "dust", "review"] | str
    """Where it stands."""
    to_address: str
    """Who gets it."""
    tx_hash: str
    """The transaction's hash: `0x` and 64 hex digits."""
    user_id: str | None
    """The merchant's own name for its user."""


class CurrencySum(Answered):
    """The payments in one currency: their amounts, what was captured of them, and what was given back."""

    amount: Decimal
    """Their amounts together, major units."""
    captured: Decimal
    """What was captured of them."""
    count: int
    """Payments in this currency."""
    currency: str
    """ISO 4217."""
    refunded: str
    """What of that was given back."""


class CustomerDetails(Answered):
    """A customer with what belongs to it."""

    created_at: datetime
    """When it was made, in UTC."""
    customer_id: str
    """The id of the customer."""
    email: str | None
    """An e-mail address."""
    erased_at: datetime | None
    """When the person was erased; null for everyone else."""
    mandates: list[MandateView]
    """The customer's newest UPI mandates, ten at most; none for a key without `payments:read`. The rest: `GET
    /v1/payments?user_id=…&method=upi_intent&capture_method=manual`.
    """
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    name: str | None
    """The name."""
    payments: list[PaymentView]
    """The customer's newest payments, ten at most; none for a key without `payments:read`."""
    phone: str | None
    """With or without `+` and the country's code; digits only."""
    reference: str | None
    """Your own id of the person; null once it is erased."""
    tokens: list[TokenView]
    """The customer's newest stored instruments, ten at most; none for a key without `tokens:read`."""
    updated_at: datetime
    """When it changed last, in UTC."""
    wallets: list[WalletView]
    """The customer's wallets, ten at most; none for a key without `wallet:read`."""


class CustomerList(Answered):
    """A page of customers, newest first."""

    data: list[CustomerView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class CustomerTokenView(Answered):
    """A token that lets its bearer use the customer's wallet and stored cards in checkouts of this customer."""

    customer_id: str
    """The id of the customer."""
    customer_token: str
    """The shop's word for who is there, from `POST /v1/customers/{customer_id}/token`; put it into the fragment of the
    checkout's address.
    """
    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class CustomerView(Answered):
    """The contract's customer object. Of an erased person everything that says who it was is null."""

    created_at: datetime
    """When it was made, in UTC."""
    customer_id: str
    """The id of the customer."""
    email: str | None
    """An e-mail address."""
    erased_at: datetime | None
    """When the person was erased; null for everyone else."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    name: str | None
    """The name."""
    phone: str | None
    """With or without `+` and the country's code; digits only."""
    reference: str | None
    """Your own id of the person; null once it is erased."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    updated_at: datetime
    """When it changed last, in UTC."""


class DangerousActsView(Answered):
    """Which refunds are dangerous acts, and for which kinds of acts of people a second person is needed."""

    refund_above: str | None
    """In the merchant's currency: a refund that brings a payment's refunds, those under way too, above it is a dangerous
    act. Null: no refund is.
    """
    two_people: list[str]
    """The kinds of dangerous acts that a second person approves. Where there are any, keys, roles and this choice too need
    two people.
    """


class DayView(Answered):
    """One day of the asked time zone. `count` is of successful payments."""

    count: int
    """How many."""
    date: str
    """The day, as YYYY-MM-DD."""
    failed: int
    """How many failed."""
    fees: Decimal
    """What the payments of the day cost, all fees and taxes together, in major units."""
    refunds: Decimal
    """What was given back."""
    success_rate: Decimal | None
    """Success by success and failure, four places; null when there is neither."""
    volume: Decimal
    """The sum of successful payments, in major units; by currency where it is an object."""


class DecidedView(Answered):
    """Payments that one provider decided, counted when they were made. `volume`: the amounts of those that succeeded."""

    failed: int
    """Payments that failed."""
    success: int
    """Payments that were paid."""
    success_rate: Decimal | None
    """Paid of all decided payments, four decimals; null when none was decided."""
    volume: Decimal
    """The amounts of those that were paid, major units."""


class Decision(Answered):
    """What was decided about an item, by whom and why. `who` is the key's id, or `paycorex` for what followed from new
    knowledge.
    """

    action: str
    """What to do with the money: `accept` makes it the payment's, `refund` gives it back."""
    at: datetime
    """When, in UTC."""
    journal_id: str | None
    """The ledger journal."""
    reason: str
    """Why; null when nothing was said."""
    who: str
    """The id of the key that decided; `paycorex` for what followed from new knowledge."""


class DeliveryList(Answered):
    """A page of deliveries."""

    data: list[DeliveryView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class DeliveryView(Answered):
    """The contract's delivery object."""

    attempts: list[AttemptView]
    """Every try, the first first."""
    created_at: datetime
    """When it was made, in UTC."""
    delivery_id: str
    """The id of the delivery."""
    endpoint_id: str
    """The id of the webhook endpoint."""
    event: (
        Literal[
            "payment.created",
            "payment.processing",
            "payment.success",
            "payment.failed",
            "payment.expired",
            "payment.late_money",
            "payment.contradicted",
            "payment.disputed",
            "payment.authorized",
            "payment.captured",
            "payment.voided",
            "payment.released",
            "payment.reviewed",
            "authorization.expiring",
            "authorization.expired",
            "refund.created",
            "refund.external",
            "refund.success",
            "refund.failed",
            "dispute.created",
            "dispute.updated",
            "dispute.closed",
            "dispute.double_loss",
            "settlement.reconciled",
            "reconciliation.exception",
            "wallet.topup",
            "crypto.detected",
            "crypto.confirmed",
            "crypto.reorged",
            "checkout.created",
            "checkout.paid",
            "checkout.expired",
            "token.created",
            "token.deleted",
            "apikey.rotated",
            "webhook.disabled",
            "webhook.test",
        ]
        | str
    )
    """The event's name."""
    event_id: str
    """The id of the event."""
    next_attempt_at: datetime | None
    """When it is tried again, in UTC; null when it is not."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["pending", "retrying", "sent", "failed"] | str
    """Where it stands."""


class Dispute(Answered):
    """A payer's bank asks for money back: `GET /v1/disputes/{id}` has it in full.

    `dispute_id`, `status` and `reason` are the provider's own words, `provider_reference` is its name for the charge.
    """

    amount: Decimal
    """In major units, as a decimal string."""
    at: datetime
    """When, in UTC."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    currency: str
    """ISO 4217, in capitals."""
    dispute_id: str
    """The provider's id of the dispute."""
    id: str
    """The id."""
    provider_reference: str
    """The provider's own id for it; null when there is none."""
    reason: str | None
    """The provider's own word for why."""
    status: str
    """The provider's own word for it."""


class DisputeEvent(Answered):
    """An event whose `data` is the contract's Dispute object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: DisputeView
    """The object as it stood then."""
    event: Literal["dispute.created", "dispute.updated", "dispute.closed", "dispute.double_loss"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class DisputeJournal(Answered):
    """A journal of a dispute: how much went from which account to which."""

    amount: Decimal
    """In major units, as a decimal string."""
    credit: str
    """The account that gets it."""
    currency: str
    """ISO 4217, in capitals."""
    debit: str
    """The account that gives it."""
    journal_id: str
    """The ledger journal."""


class DisputeList(Answered):
    """A page of disputes, newest first."""

    data: list[DisputeView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class DisputeView(Answered):
    """The contract's dispute object."""

    amount: Decimal
    """In major units, as a decimal string."""
    amount_counted: Decimal
    """How much of the payment cannot be refunded because of it, in the payment's currency."""
    charge_reference: str
    """The provider's id of the charge that is disputed."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    dispute_id: str
    """The id of the dispute."""
    double_loss: Decimal
    """How much was lost twice: refunded and taken by the bank, in the payment's currency."""
    due_at: datetime | None
    """Until when it needs an answer, in UTC."""
    evidence: Evidence
    """What the merchant answers."""
    funds: Literal["merchant", "disputed", "clearing"] | str
    """Where the money is in the books."""
    ledger: list[DisputeJournal]
    """Where in the ledger it was booked; null when nothing was."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    network: str | None
    """The card network; null when it is not known."""
    payment_currency: str
    """The currency of the payment."""
    payment_id: str
    """The id of the payment."""
    provider: str
    """The provider that took part; null where none did."""
    provider_reference: str
    """The provider's own id for it; null when there is none."""
    provider_status: str
    """The provider's own word for where it stands."""
    reason: str | None
    """Why; null when nothing was said."""
    reason_code: str | None
    """The card network's code for the reason; null when it is not known."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    stage: Literal["inquiry", "chargeback", "pre_arbitration", "arbitration"] | str
    """How far the dispute has gone."""
    status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | str
    """`needs_response`, `under_review`, `won`, `lost`, `accepted`, `expired` or `closed`."""
    timeline: list[TimelineStep]
    """The statuses that it reached, the first first."""
    updated_at: datetime
    """When it changed last, in UTC."""
    version: int
    """Counts the changes, from 1."""
    warned_hours: int | None
    """Hours until `due_at` for which the last warning was given; null before the first."""


class DryRunView(Answered):
    """The answer to a dry run. The payment does not exist."""

    dry_run: bool
    """Makes nothing: the answer says what would be made."""
    entries: list[EntryView]
    """The ledger entries."""
    events: list[
        Literal[
            "payment.created",
            "payment.processing",
            "payment.success",
            "payment.failed",
            "payment.expired",
            "payment.late_money",
            "payment.contradicted",
            "payment.disputed",
            "payment.authorized",
            "payment.captured",
            "payment.voided",
            "payment.released",
            "payment.reviewed",
            "authorization.expiring",
            "authorization.expired",
            "refund.created",
            "refund.external",
            "refund.success",
            "refund.failed",
            "dispute.created",
            "dispute.updated",
            "dispute.closed",
            "dispute.double_loss",
            "settlement.reconciled",
            "reconciliation.exception",
            "wallet.topup",
            "crypto.detected",
            "crypto.confirmed",
            "crypto.reorged",
            "checkout.created",
            "checkout.paid",
            "checkout.expired",
            "token.created",
            "token.deleted",
            "apikey.rotated",
            "webhook.disabled",
            "webhook.test",
        ]
        | str
    ]
    """The events that there would be."""
    payment: PaymentView
    """The payment."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    route: dict[str, Any] | None
    """The connectors that would be tried and why; null for a method without connectors."""


class EndpointList(Answered):
    """A page of endpoints."""

    data: list[EndpointView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class EndpointView(Answered):
    """The contract's endpoint object, without its secret. `url` of an event bus is its ARN, as `bus_arn` is."""

    bus_arn: str | None
    """The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of this API."""
    created_at: datetime
    """When it was made, in UTC."""
    disabled_reason: str | None
    """Why it was turned off; null while it is in use."""
    endpoint_id: str
    """The id of the webhook endpoint."""
    events: list[str]
    """Names of events; `*` stands for all."""
    is_active: bool
    """Whether it is in use."""
    kind: Literal["https", "eventbridge"] | str
    """A URL, or an event bus of Amazon EventBridge."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    url: str
    """An https address."""


class EntryList(Answered):
    """A page of entries, newest first."""

    data: list[EntryView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class EntryProof(Answered):
    """One entry and what seals it; `run` and `checkpoint` are null until a checkpoint does."""

    checkpoint: SignedCheckpoint | None
    """The signed checkpoint; null until one covers the entry."""
    entry: ProvenEntry
    """The entry with all that its hash covers."""
    run: SealedRun | None
    """The sealed run that holds the entry; null until a checkpoint covers it."""
    sealed: bool
    """Whether a checkpoint covers it."""


class EntryReference(Answered):
    """Where a ledger entry is."""

    currency: str
    """ISO 4217, in capitals."""
    entity: (
        Literal[
            "merchant",
            "wallet",
            "hold",
            "user",
            "clearing",
            "fees",
            "suspense",
            "disputed",
            "bank_in_transit",
            "bank",
            "tax",
            "platform_fees",
            "reconciliation",
        ]
        | str
    )
    """The kind of ledger account."""
    entity_id: str
    """Whose account it is."""
    lane: int
    """The lane of the account: busy accounts have several."""
    seq: int
    """The entry's place in its lane, from 1."""


class EntryView(Answered):
    """The contract's ledger entry. Hash in lower-case hex."""

    balance: Decimal
    """In major units."""
    created_at: datetime
    """When it was made, in UTC."""
    credit: Decimal
    """Credited to the account, in major units."""
    currency: str
    """ISO 4217, in capitals."""
    debit: Decimal
    """Debited from the account, in major units."""
    description: str | None
    """The merchant's own words; at most 255 characters, no control characters."""
    entity: (
        Literal[
            "merchant",
            "wallet",
            "hold",
            "user",
            "clearing",
            "fees",
            "suspense",
            "disputed",
            "bank_in_transit",
            "bank",
            "tax",
            "platform_fees",
            "reconciliation",
        ]
        | str
    )
    """The kind of ledger account."""
    entity_id: str
    """Whose account it is."""
    hash: str
    """SHA-256 over the entry and the hash before it, in lower-case hex."""
    journal_id: str
    """The ledger journal."""
    lane: int
    """The lane of the account: busy accounts have several."""
    reference_id: str
    """The record that the entry belongs to."""
    reference_type: (
        Literal[
            "payment",
            "refund",
            "topup",
            "wallet_refund",
            "fee",
            "suspense",
            "reversal",
            "dispute",
            "hold",
            "capture",
            "release",
            "platform_fee",
            "settlement",
            "bank_line",
            "resolution",
            "reconciliation",
            "closed_month",
        ]
        | str
    )
    """The kind of record that the entry belongs to."""
    seq: int
    """The entry's place in its lane, from 1."""


class Estimate(Answered):
    """What only rates tell: of so many payments, how many are expected to be approved; low and high are two standard
    deviations away.
    """

    approved: Decimal
    """How many are expected to be approved."""
    high: Decimal
    """Two standard deviations more."""
    low: Decimal
    """Two standard deviations less."""
    payments: int
    """How many payments."""


class EventList(Answered):
    """A page of events."""

    data: list[EventView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


type EventView = (
    PaymentEvent
    | RefundEvent
    | DisputeEvent
    | SettlementEvent
    | ReconciliationEvent
    | WalletEvent
    | CryptoEvent
    | CheckoutEvent
    | TokenEvent
    | ApiKeyEvent
    | WebhookEvent
)


class Evidence(Answered):
    """What the merchant answers: texts by kind (not in events, only here), and files.

    status: none, draft, sending, submitted. problem: why the provider did not take the last answer.
    """

    files: list[EvidenceFile]
    """The files of evidence."""
    problem: str | None
    """Why it goes no further; null when nothing is in the way."""
    status: Literal["none", "draft", "sending", "submitted"] | str
    """`none`, `draft`, `sending` or `submitted`."""
    submitted_at: datetime | None
    """When the evidence was sent, in UTC; null before."""
    text: dict[str, str]
    """Texts of evidence by their kind."""


class EvidenceAnswer(Answered):
    """The dispute, and a link for each file that was not uploaded and used yet."""

    dispute: DisputeView
    """The dispute as it stands."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    uploads: list[UploadLink]
    """A link for each file that was not uploaded yet."""


class EvidenceFile(Answered):
    """A file of evidence. `status`: awaiting_upload, ready (uploaded and of its type), or refused."""

    content_type: str
    """The media type of the file."""
    file_id: str
    """The id of the file."""
    kind: str
    """What the evidence shows."""
    name: str
    """The name."""
    size: int
    """The file's size in bytes."""
    status: Literal["awaiting_upload", "ready", "refused"] | str
    """`awaiting_upload`, `ready` (uploaded and of its type) or `refused`."""


class ExperimentArm(Answered):
    """By which experiment's rules a payment went."""

    arm: Literal["a", "b"] | str
    """`a` or `b`."""
    experiment_id: str
    """The id of the experiment."""


class ExperimentArmsView(Answered):
    """An experiment with its arms. `complete`: false where only its newest 5,000 payments are counted."""

    a: list[dict[str, Any]]
    """The rules by which most payments go."""
    arms: dict[str, ArmView]
    """The payments of each arm, by its name."""
    b: list[dict[str, Any]]
    """The rules by which `share` percent of the payments go."""
    complete: bool
    """False where there was more than one answer can look at."""
    effective_at: datetime | None
    """From when every part of the platform acts by it; null when it did not change."""
    ended_at: datetime | None
    """When it ended, in UTC; null while it goes on."""
    experiment_id: str
    """The id of the experiment."""
    share: int
    """Percent of the payments that go by `b`."""
    started_at: datetime
    """When it began, in UTC."""
    status: Literal["running", "ended"] | str
    """Where it stands."""


class ExperimentList(Answered):
    """Some experiments of a merchant, newest first."""

    data: list[ExperimentView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ExperimentView(Answered):
    """An experiment. `a`, `b`: the rules of each arm. `share`: percent of the payments that go by `b`.

    effective_at: from when every part of the platform acts by its start or, once it has ended, by its end.
    """

    a: list[dict[str, Any]]
    """The rules of arm `a`."""
    b: list[dict[str, Any]]
    """The rules of arm `b`."""
    effective_at: datetime | None
    """From when every part of the platform acts by it; null when it did not change."""
    ended_at: datetime | None
    """When it ended, in UTC; null while it goes on."""
    experiment_id: str
    """The id of the experiment."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    share: int
    """Percent of the payments that go by `b`."""
    started_at: datetime
    """When it began, in UTC."""
    status: Literal["running", "ended"] | str
    """Where it stands."""


class FeeScheduleView(Answered):
    """A line of a connector's price list."""

    brand: str | None
    """The card's brand; null for any."""
    cap: str | None
    """The most that the fee is without tax, in major units; null for no bound."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    currency: str | None
    """ISO 4217, for payments in this currency; null for any."""
    fixed: str | None
    """An amount beside the percentage, in major units of `currency`; null for none."""
    from_: datetime = Field(alias="from")
    """From when it holds, for payments made at that time or later, in UTC."""
    method: str | None
    """For payments by this method; null for any."""
    minimum: str | None
    """The least that the fee is without tax, in major units; null for no bound."""
    percent: str
    """Percent of the amount, as a decimal string with at most 4 decimals."""
    rounding: str
    """How the fee becomes whole minor units: `half_up`, or `up`."""
    tax_percent: str
    """Percent of tax on the fee, such as 18 for India's GST."""


class FeeSums(Answered):
    """What payments cost, counted when they were made: as an estimate until it is known.

    gross: the volume. fee, tax: what providers keep, on either bearer. platform_fee, platform_tax: what the operator
    charges. net: the
    volume less refunds and all of these.
    """

    fee: Decimal
    """What providers keep, without tax, on either bearer, in major units."""
    gross: str
    """Before fees and refunds, in major units."""
    net: Decimal
    """The volume less refunds, fees and taxes, in major units."""
    platform_fee: str
    """What the operator charges, without tax, in major units."""
    platform_tax: str
    """Tax on what the operator charges, in major units."""
    tax: Decimal
    """Tax on the fee, in major units."""


class FeeView(Answered):
    """What the provider keeps of the payment.

    `amount` is without tax. `net` is what was captured less fee and tax; null where the fee is in another currency.
    `source`: estimate (by
    the price list), provider (it answered so) or report (its settlement report says so). `bearer`: merchant (it is
    booked from the
    merchant's balance once it is known) or platform. `estimate`: what the price list said.
    """

    amount: Decimal
    """What the provider keeps, without tax, in major units."""
    bearer: str
    """Who pays it: `merchant` (it is booked from the merchant's balance once it is known) or `platform`."""
    currency: str
    """ISO 4217, in capitals."""
    estimate: CostView | None
    """What the price list of the connector said when the payment was captured; null where it said nothing."""
    net: Decimal | None
    """What was captured, less fee and tax, in major units; null where the fee is in another currency."""
    source: str
    """How it is known: `estimate` (by the price list), `provider` (it answered so) or `report` (its settlement report says
    so).
    """
    tax: Decimal
    """Tax on the fee, in major units."""


class FieldsAction(Answered):
    """The payer types a card into the provider's own fields: on `pay_url`, or on the merchant's page with what else is
    given here.
    """

    client_secret: str | None = None
    """With which Stripe's script names the payment; null for another provider."""
    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    keeps_card: bool | None = None
    """Where `save` was asked for: whether this provider can keep the card. If it cannot, the payer is not asked, and no
    token comes of the payment.
    """
    order_id: str | None = None
    """Razorpay's order, for its script; null for another provider."""
    pay_url: str
    """The payer's page: show it, or send the payer there."""
    provider: str
    """The provider that took part; null where none did."""
    publishable_key: str | None = None
    """The provider's public key, for its script; null where it has none."""
    three_ds: Literal["required"] | str | None = None
    """`required`: a risk rule demands that the payer's bank asks. Have the provider's script do it before it gives the
    card's name; a name without it is refused when it is charged.
    """
    type: Literal["provider_fields"] | str
    """The kind."""


class FirstEndpoint(Answered):
    """The endpoint that `webhook_url` made, with its secret."""

    endpoint_id: str
    """The id of the webhook endpoint."""
    secret: str
    """The signing secret. Shown once: null when the answer is repeated."""


class Health(Answered):
    """The API is up."""

    status: Literal["ok"] | str
    """`ok` while the API answers."""


class HeldAt(Answered):
    """What is held at one provider, or on one chain."""

    amount: Decimal
    """What it holds, in major units."""
    source: str
    """The connector or network."""


class HitView(Answered):
    """One record that was found. `kind`: of what; `found_by`: what of it is what was asked for.

    payment_id: the payment that it is or belongs to. label: what people know it by, such as a link's name.
    """

    amount: Decimal | None
    """Its amount in major units; null for a record without one."""
    created_at: datetime | None
    """When it was made, RFC 3339; null where that is not known."""
    currency: str | None
    """The currency of its amount, ISO 4217; null for a record without one."""
    found_by: str
    """What of it is what was looked for: `id`, `reference`, `provider_reference`, `user`, `email`, `amount`, `last4` or
    `metadata`.
    """
    id: str
    """The id of the record."""
    kind: str
    """What it is: `payment`, `refund`, `capture`, `dispute`, `settlement`, `bank_line`, `reconciliation_item`, `customer`,
    `wallet`, `transfer`, `token`, `session`, `link`, `qr_code`, `address`, `endpoint`, `blocklist_entry`, `event` or
    `delivery`.
    """
    label: str | None
    """What people know it by, such as the name of a link or the user of a payment; null where it has nothing of the kind."""
    payment_id: str | None
    """The payment that it is or belongs to; null where there is none."""
    status: str | None
    """How it stands; null for a record that has no status."""


class InTransit(Answered):
    """What one connector paid out and no bank line shows. `explained`: by payouts and by differences that are named."""

    amount: Decimal
    """What it paid out and no bank line shows, in major units."""
    explained: str
    """What payouts and named differences explain of it."""
    payouts: int
    """How many payouts no bank line shows."""
    source: str
    """The connector."""
    unexplained: str
    """What they do not."""


class InvitedView(Answered):
    """A person who is invited. `invitation_url` is there once, and where no e-mail carries it; a replay has null instead."""

    created_at: datetime
    """When it was made, in UTC."""
    email: str
    """The person's e-mail address."""
    invitation_expires_at: datetime | None
    """When the invitation ends, in UTC; null once it was used."""
    invitation_url: str | None
    """The link to hand over: it lets one add a passkey, once. Null where an e-mail carries it, and in a replay."""
    last_signed_in_at: datetime | None
    """When the person signed in last, in UTC."""
    name: str
    """What the person is called."""
    passkeys: list[PasskeyView]
    """The person's passkeys, without their keys."""
    person_id: str
    """The person's id, `usr_…`."""
    recovery_codes_left: int
    """How many recovery codes were not used yet."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    role: Literal["owner", "admin", "developer", "finance", "support", "read_only"] | str
    """What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`."""
    sent: bool
    """Whether an e-mail carries the link."""
    status: Literal["invited", "active", "disabled"] | str
    """`invited` until a first passkey is there."""


class Invoice(Answered):
    """What the operator charged a merchant in a month. It is paid already: fees are booked with each payment."""

    buyer: InvoiceParty
    """The merchant, as its setting `billing` had it."""
    issued_at: datetime
    """When it was made."""
    lines: list[InvoiceLine]
    """A line for each currency."""
    month: str
    """The month that it is for, in UTC."""
    number: str
    """Its number. Over all merchants of the stack, the numbers of a year have no gaps."""
    seller: InvoiceParty
    """The operator."""
    service_code: str | None
    """What the service is in India's Scheme of Classification of Services; null elsewhere."""


class InvoiceLine(Answered):
    """What was charged in one currency. Below zero: more was given back than charged."""

    count: int
    """How many journals of fees."""
    currency: str
    """ISO 4217, in capitals."""
    fee: Decimal
    """The operator's fees, in major units."""
    tax: Decimal
    """The tax on them, in major units."""
    taxes: list[InvoiceTax]
    """The parts of the tax, which come to it."""
    total: Decimal
    """Both together, in major units."""


class InvoiceList(Answered):
    """A page of invoices, newest first."""

    data: list[Invoice]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class InvoiceParty(Answered):
    """The seller or the buyer of an invoice, as it was when the invoice was made."""

    address: str | None
    """The address; null where none was set."""
    country: str | None
    """ISO 3166-1, two letters; null where none was set."""
    name: str | None
    """The name; null where none was set."""
    tax_id: str | None
    """The tax number, in India the GSTIN; null where none was set."""


class InvoiceTax(Answered):
    """A part of the tax. In India: CGST and SGST between parties of one state, IGST otherwise."""

    amount: Decimal
    """In major units."""
    name: str
    """What it is called."""


class KindSum(Answered):
    """The movements of one kind together."""

    count: int
    """How many journals."""
    credit: Decimal
    """What they added to it together, in major units."""
    debit: Decimal
    """What they took from the account together, in major units."""
    type: str
    """What kind of record the journals belong to, such as `payment`."""


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
    """In major units, as a decimal string."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    corrections: list[str] | None = None
    """By how much the provider changed the amount since; each has a journal of its own."""
    currency: str
    """ISO 4217, in capitals."""
    journal_id: str
    """The ledger journal."""
    kept: Decimal | None = None
    """How much of it was accepted, where that is not all."""
    late_id: str
    """Which money, when more than one is held."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    reason: str | None = None
    """For crypto: `underpaid`, `overpaid`, `extra`, `late` or `wrong_asset`."""
    received_at: datetime
    """When the money came, in UTC."""
    returned: Decimal | None = None
    """How much of it was given back."""
    status: Literal["held", "accepted", "settled", "refunding", "refunded", "reversed"] | str
    """`held`, `accepted` (the merchant's, beside the payment), `settled` (part of the payment), `refunding`, `refunded`,
    or `reversed` (the chain took it back).
    """
    status_before: str | None = None
    """What it was until it was reversed, refunded, or began to be."""


class LateMoneyList(Answered):
    """A page of late money, in the order in which it came."""

    data: list[LateMoney]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class LedgerReference(Answered):
    """The journal of a record."""

    entries: list[EntryReference]
    """The ledger entries."""
    journal_id: str
    """The ledger journal."""


class LimitView(Answered):
    """A flow that the library or the processor has, and that cannot be used here."""

    flow: str
    """The name of a flow, as in `flows`."""
    reason: str
    """Why; null when nothing was said."""


class LinkList(Answered):
    """A page of links, newest first."""

    data: list[LinkView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class LinkPayments(Answered):
    """A page of the checkouts that were begun from a link, newest first: each is one payer."""

    data: list[SessionDetails]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class LinkView(Answered):
    """The contract's link object: a fixed `amount`, or an `open_amount`. `taken`: payments made or under way, of a link
    with a limit.

    `amount_due`: of a link that takes parts, what of its amount is neither paid nor being paid.
    """

    accept_partial: PartialPayments | None
    """The amount may be paid in parts, by one payer or several; null where it is paid at once."""
    amount: Decimal | None
    """What each payer pays; null where the payer types it."""
    amount_due: Decimal | None
    """What of the amount is neither paid nor being paid, of a link that takes parts; null for any other."""
    ask: list[Literal["reference"] | str]
    """What the payer is asked for: `name`, `email` and `phone` say who pays, `reference` is such as the number of an
    invoice.
    """
    code: str
    """What the link's public address ends with."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    link_id: str
    """The id of the payment link; null for a checkout that was not begun from one."""
    max_payments: int | None
    """How many payments the link takes; null for any number."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    methods: list[Literal["wallet", "tokenized", "upi_intent", "crypto"] | str] | None
    """Which ways the payer may choose; null for all that the merchant can take."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    name: str
    """The name."""
    open_amount: OpenAmount | None
    """What the payer may type; null where the amount is fixed."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["active", "inactive", "expired", "exhausted"] | str
    """`active`, `inactive` (switched off), `expired`, or `exhausted` (all its payments are made or under way)."""
    taken: int | None
    """How many of its payments are made or under way; null without a limit."""
    updated_at: datetime
    """When it changed last, in UTC."""
    url: str
    """The public address, to share and to print."""


class LogoView(Answered):
    """What is known of the logo; `GET /v1/merchants/me/logo` is the picture itself. sha256: of its content, in hex. size:
    bytes.
    """

    content_type: Literal["image/png", "image/jpeg"] | str
    """`image/png` or `image/jpeg`, by its content."""
    height: int
    """In pixels."""
    sha256: str
    """SHA-256 of its content, in hex."""
    size: int
    """In bytes."""
    width: int
    """In pixels."""


class MandateView(Answered):
    """A UPI one-time mandate: what the payer's bank blocks for one payment, and how much of it was taken.

    `type`: upi_one_time, the only kind there is. `status`: as `authorization.status` of its payment.
    """

    amount: Decimal
    """What is or was blocked, major units."""
    capturable: Decimal
    """How much of it can be debited still, major units."""
    captured: Decimal
    """How much of it was debited, major units."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    expires_at: datetime | None
    """Until when the amount is blocked, RFC 3339; null where that is not known."""
    payment_id: str
    """The payment for which the payer's bank blocks the amount, and whose capture debits it."""
    status: str
    """How it stands, as `authorization.status` of its payment: pending, failed, authorized, releasing, captured, released,
    voided or expired.
    """
    type: str
    """Always `upi_one_time`: blocked once, and debited once at most."""


class MerchantView(Answered):
    """The merchant's profile and settings, each as it acts: the default where nothing was set.

    settings_effective_at: from when every part of the platform acts by these settings; until then a part may act by
    those before. Null when
    they never changed. ledger_lanes: at most so many lanes; open_ledger_lanes: how many there are, which grow while
    payments wait for each
    other. ledger_lanes_effective_at: always null, because more lanes need no notice.
    money_under_way: after the removal of a connector, what it still held; on every other answer empty.
    """

    account_map: dict[str, str]
    """The merchant's own account codes by the ledger's words, for exports to accounting programs."""
    allow_inr_pan: bool
    """Whether card numbers are taken for payments in INR."""
    billing: dict[str, str]
    """Who the merchant is on the operator's invoices: name, address, tax_id, country."""
    brand: BrandView
    """How payers see the merchant: its name, colour and logo on pages, checkouts, links and receipts."""
    card_storage: Literal["provider_only", "vault"] | str
    """Where card numbers are kept: `provider_only` or `vault`."""
    connectors: dict[str, ConnectorView]
    """Settings by connector."""
    created_at: datetime
    """When it was made, in UTC."""
    crypto_tolerance_percent: Decimal
    """By how much a crypto payment may be less than asked, in percent."""
    currency: str
    """ISO 4217, in capitals."""
    dangerous_acts: DangerousActsView
    """What people do with a passkey that was just used, and with a second person. Set by people in the console, not by
    keys.
    """
    email: str
    """An e-mail address."""
    fee_bearer: str
    """Who pays what providers keep: `platform` or `merchant`. Of a payment that is decided when it is first captured."""
    fee_schedules: list[FeeScheduleView]
    """The price lists of connectors. A list that is given replaces all of them."""
    i_am_pci_dss_assessed: bool
    """The merchant's word that it is assessed by PCI DSS, which `vault` asks for."""
    ledger_lanes: int
    """The most lanes that the ledger may open while payments wait for each other."""
    ledger_lanes_effective_at: datetime | None
    """Always null: more lanes need no notice."""
    live_merchant_id: str | None
    """The live merchant that this test merchant is beside; null of every other."""
    merchant_category_code: str | None
    """Four digits (ISO 18245)."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    money_under_way: list[UnderWayView]
    """After the removal of a connector: what it still held. Else empty."""
    name: str
    """The name."""
    open_ledger_lanes: int
    """How many lanes the ledger has open."""
    payee_name: str | None
    """The name in UPI links."""
    payee_vpa: str | None
    """The UPI address that is paid, such as `shop@bank`."""
    payment_limits: dict[str, str]
    """By method, how much one payment moves at most, in the merchant's currency: against amounts that were meant in minor
    units. Null goes back to the operator's limit. Payments in other currencies have none.
    """
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    requests_per_second: int
    """How many requests a second the merchant may make."""
    risk_rules: list[RiskRuleView]
    """The risk rules that act: the merchant's own, or the default against card testing."""
    routing_rules: list[dict[str, Any]]
    """Which connectors take which payments; the first rule that matches decides."""
    settings_effective_at: datetime | None
    """From when every part of the platform acts by these settings; null when they never changed."""
    settlement_days: dict[str, int]
    """By connector, after how many days a provider's report of a payment is due: 0 to 60. Five for a connector that is not
    named.
    """
    signature_policy: Literal["any", "v2_only"] | str
    """`v2_only` refuses version 1 of the signature."""
    status: str
    """Where it stands."""
    test_merchant_id: str | None
    """The test merchant beside this live one; null until `POST /v1/test` made it."""
    xpubs: dict[str, str]
    """Extended public keys by network, from which addresses of payments are derived."""


class MethodView(Answered):
    """Successful payments by one method."""

    count: int
    """How many."""
    volume: Decimal
    """The sum of successful payments, in major units; by currency where it is an object."""


class MoneyStep(Answered):
    """One place of a payment's money. `amount` is what is there of it: in a payout what the provider's fee leaves."""

    amount: Decimal | None
    """How much of it, in major units; in a payout what the provider's fee leaves. Null where it is not known."""
    at: datetime | None
    """When, in UTC; null where it is not known."""
    currency: str
    """ISO 4217, in capitals."""
    day: str | None
    """The bank's day, such as 2026-11-28; null before a bank statement shows it, and for other places."""
    due_at: datetime | None
    """By when the provider's report of it should be there, in UTC; null where none is waited for."""
    reference: str | None
    """The name of the charge, of the payout, or of the bank's line."""
    settlement_id: str | None
    """The settlement that it was paid out in."""
    status: Literal["done", "waiting", "overdue", "failed"] | str
    """`done`; `waiting` for what is not known to have happened; `overdue` when the provider should have reported it by
    now; `failed` for a payout that brought nothing: its money is with the provider again.
    """
    step: Literal["authorized", "captured", "with_provider", "paid_out", "in_bank"] | str
    """The place: `authorized`, `captured`, `with_provider`, `paid_out`, `in_bank`."""


class MoneyView(Answered):
    """Where the money of one currency is, as the ledger has it now.

    balance: what payers paid, less refunds and fees. Of it with_providers is not paid out yet, on_its_way was paid out
    and is on no bank
    statement yet, and available is the rest. held: what is not the merchant's until somebody decides, late money and
    disputes; it is
    not in the balance.
    """

    available: Decimal
    """Of the balance: what is neither with a provider nor on its way."""
    balance: Decimal
    """What payers paid less refunds and fees, major units."""
    currency: str
    """ISO 4217, in capitals."""
    disputed: str
    """Money that payers' banks ask back, until it is decided."""
    held: Decimal
    """Late and disputed money together. It is not in the balance."""
    late_money: str
    """Money that came late or too much, until it is accepted or refunded."""
    on_its_way: str
    """Of the balance: what was paid out and is on no bank statement yet."""
    with_providers: str
    """Of the balance: what providers have not paid out yet."""


class MovedView(Answered):
    """A wallet with its new balance, and the transfer that changed it."""

    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    transfer: TransferView
    """The transfer that changed the wallet."""
    wallet: WalletView
    """The wallet with its new balance."""


type NextAction = UpiAction | CryptoAction | RedirectAction | FieldsAction


class OpenAmount(Answered):
    """What the payer types is within these."""

    max: str
    """The most."""
    min: str
    """The least."""
    suggested: list[str]
    """Amounts that the page offers, six at most."""


class PaidView(Answered):
    """A wallet with its new balance, and the payment that changed it."""

    payment: PaymentView
    """The payment."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    wallet: WalletView
    """The wallet with its new balance."""


class PartialPayments(Answered):
    """The amount may be paid in parts; `first_min` is the least that the first payer pays."""

    first_min: str
    """The least that the first payer pays."""


class PasskeyView(Answered):
    """A passkey of a person."""

    created_at: datetime
    """When it was made, in UTC."""
    last_used_at: datetime | None
    """When it signed a request last, in UTC, to some minutes; null when it never did."""
    name: str
    """What the person calls the passkey."""
    passkey_id: str
    """The passkey's id."""


class Payer(Answered):
    """What the payer of a link typed. All of it is null once the payer is erased."""

    email: str | None
    """An e-mail address."""
    erased_at: datetime | None
    """When the person was erased; null for everyone else."""
    name: str | None
    """The name."""
    phone: str | None
    """With or without `+` and the country's code; digits only."""


class PaymentEvent(Answered):
    """An event whose `data` is the contract's Payment object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: PaymentView
    """The object as it stood then."""
    event: (
        Literal[
            "payment.created",
            "payment.processing",
            "payment.success",
            "payment.failed",
            "payment.expired",
            "payment.late_money",
            "payment.contradicted",
            "payment.disputed",
            "payment.authorized",
            "payment.captured",
            "payment.voided",
            "payment.released",
            "payment.reviewed",
            "authorization.expiring",
            "authorization.expired",
        ]
        | str
    )
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class PaymentList(Answered):
    """A page of payments, newest first."""

    data: list[PaymentView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class PaymentMoney(Answered):
    """Where a payment's money is, in the order of its way; empty while none has moved."""

    payment_id: str
    """The id of the payment."""
    steps: list[MoneyStep]
    """The places of its money, in the order of its way; empty while none has moved."""


class PaymentProof(Answered):
    """The proof of a payment's ledger entries. `sealed`: it has entries, and a checkpoint covers each of them."""

    entries: list[EntryProof]
    """The ledger entries."""
    payment_id: str
    """The id of the payment."""
    sealed: bool
    """Whether a checkpoint covers it."""


class PaymentSums(Answered):
    """Numbers of a filtered list. complete: false when there are more payments than were read, so that these are the
    least.
    """

    complete: bool
    """False when there are more than were read: the numbers are the least that there is."""
    count: int
    """How many payments were found."""
    sums: list[CurrencySum]
    """Their sums, an entry per currency."""


class PaymentView(Answered):
    """The contract's payment object."""

    amount: Decimal
    """In major units, as a decimal string."""
    amount_captured: Decimal
    """How much was taken, in major units."""
    amount_disputed: Decimal
    """What cannot be refunded because a payer's bank asks for it, or has got it."""
    amount_refunded: Decimal
    """How much was given back, in major units."""
    attempts: list[Attempt]
    """Every try, the first first."""
    authorization: Authorization | None
    """Of a payment that the merchant captures; null for any other."""
    capture_method: Literal["automatic", "manual"] | str
    """`manual` when the merchant captures what was authorized; else `automatic`."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    customer_id: str | None
    """The id of the customer."""
    customer_initiated: bool
    """False for a payment that the merchant starts without the payer, such as a subscription's."""
    description: str | None
    """The merchant's own words; at most 255 characters, no control characters."""
    disputes: list[Dispute]
    """What the payer's bank asks back."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    failure_code: str | None
    """Why it failed, as a stable code; null when it did not."""
    failure_message: str | None
    """Why it failed, for people; null when it did not."""
    fee: FeeView | None
    """What the provider keeps of the payment; null while that is not known, and where no provider takes part."""
    late_money: list[LateMoney]
    """Money that came late or beside what was asked: the first of it, GET /v1/payments/{payment_id}/late lists all."""
    late_money_count: int
    """How much late money there is."""
    ledger: LedgerReference | None
    """Where in the ledger it was booked; null when nothing was."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    method: Literal["wallet", "tokenized", "upi_intent", "crypto"] | str
    """How it is paid."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    network_transaction_id: str | None
    """The card network's id, with which later payments refer to this one."""
    next_action: NextAction | None
    """What the payer does next; null when nothing is left to do."""
    payment_id: str
    """The id of the payment."""
    platform_fee: PlatformFeeView | None
    """What the operator of the platform charges the merchant for the payment; null where no plan is for it."""
    provider: str | None
    """The provider that took part; null where none did."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    qr_code_id: str | None
    """The id of the code on a counter; null for a payment that was not made by one."""
    refund_status: Literal["none", "partial", "full"] | str
    """How much was given back."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    return_url: str | None
    """Where the payer goes after the provider's page: https, at most 1024 characters."""
    review: Review | None
    """Why the payment waits for an operator; null when it does not."""
    risk: RiskView | None
    """Which risk rule, or entry of the blocklist, decided about the payment; null where none did. Its payer is not shown
    it.
    """
    routing: RoutingView | None
    """Why the payment went to its connectors; null where no connector takes part."""
    session_id: str | None
    """The id of the checkout; null for a payment that was not made by one."""
    statement_descriptor: str | None
    """What the payer's statement shows: 2 to 22 characters with at least one letter."""
    status: Literal["pending", "processing", "authorized", "success", "failed"] | str
    """Where it stands."""
    timeline: list[TimelineStep]
    """The statuses that it reached, the first first."""
    token_id: str | None
    """The id of the token."""
    updated_at: datetime
    """When it changed last, in UTC."""
    user_id: str | None
    """The merchant's own name for its user."""
    version: int
    """Counts the changes, from 1."""
    wallet_id: str | None
    """The id of the wallet."""


class PeriodBalance(Answered):
    """What an account held when the month began and when it ended."""

    closing: Decimal
    """Credits less debits at its end, in major units."""
    currency: str
    """ISO 4217, in capitals."""
    entity: str
    """Whose money the account holds."""
    entity_id: str
    """The merchant, or where the money is. Wallets are one account, and so are holds."""
    opening: Decimal
    """Credits less debits before the month, in major units."""


class PeriodFile(Answered):
    """A statement as it was stored when the month was closed."""

    currency: str
    """ISO 4217, in capitals."""
    format: str
    """As GET /v1/statements names it; `json` is the stored form of the sums."""
    sha256: str
    """Of all its bytes (of a CSV, of its pages together), in hexadecimal digits."""
    size: int
    """How many bytes it has."""


class PeriodProof(Answered):
    """A closed month with the proof of the entry that seals it."""

    document: dict[str, Any]
    """What was stated of the day, as it was hashed: JSON with sorted keys and without spaces."""
    sealed: bool
    """Whether a checkpoint covers it."""
    statement: EntryProof
    """The proof of the ledger entry whose description is the document's digest."""


class PersonList(Answered):
    """Some people of a merchant, who came last first."""

    data: list[PersonView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class PersonView(Answered):
    """A person of the merchant."""

    created_at: datetime
    """When it was made, in UTC."""
    email: str
    """The person's e-mail address."""
    invitation_expires_at: datetime | None
    """When the invitation ends, in UTC; null once it was used."""
    last_signed_in_at: datetime | None
    """When the person signed in last, in UTC."""
    name: str
    """What the person is called."""
    passkeys: list[PasskeyView]
    """The person's passkeys, without their keys."""
    person_id: str
    """The person's id, `usr_…`."""
    recovery_codes_left: int
    """How many recovery codes were not used yet."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    role: Literal["owner", "admin", "developer", "finance", "support", "read_only"] | str
    """What the person may do: `owner`, `admin`, `developer`, `finance`, `support` or `read_only`."""
    status: Literal["invited", "active", "disabled"] | str
    """`invited` until a first passkey is there."""


class PlatformFeeView(Answered):
    """What the operator charges for the payment, by this version of the merchant's plan."""

    amount: Decimal
    """The operator's fee without tax, in major units."""
    currency: str
    """ISO 4217, in capitals."""
    plan_version: int
    """The version of the merchant's plan that holds for the payment."""
    tax: Decimal
    """Tax on the fee, in major units."""


class Preview(Answered):
    """The first addresses that a key derives."""

    addresses: list[PreviewedAddress]
    """The derived addresses, the first first."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class PreviewedAddress(Answered):
    """An address that a key derives."""

    address: str
    """An EVM address, `0x` and 40 hex digits; mixed case is checked by EIP-55."""
    index: int
    """The address's place, from 0."""


class PreviewedSettlement(Answered):
    """What a file would add to one payout: sums over its lines."""

    currency: str
    """ISO 4217, in capitals."""
    fee: Decimal
    """What the provider keeps, without tax, in major units."""
    gross: str
    """Sum over its lines before fees, signed, in major units: + to the merchant."""
    lines: int
    """How many lines it has."""
    net: Decimal
    """What the lines add up to: gross less fee and tax."""
    provider_reference: str
    """The provider's name of the payout; empty for lines without one."""
    tax: Decimal
    """The tax on the fees, in major units."""


class PreviousKey(Answered):
    """The key that signed the rotation, when it ends, and until when a part of the platform may accept it.

    Both are null when it goes on, because no other that lasts may manage keys.
    """

    accepted_until: datetime | None
    """From then on every part of the platform refuses the key; null for a key without an end."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    key_id: str
    """The id of the API key."""


class ProcessorList(Answered):
    """A page of processors, by name."""

    data: list[ProcessorView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ProcessorView(Answered):
    """What a processor can do. `name`: as `connectors` and routing rules name it. `methods`: `any` where it asks the payer
    itself.

    `currencies`: null where the account decides. `lookup_by`, `refund_lookup_by`: `our_reference` or
    `provider_reference`.
    `limits`: flows that cannot be used although the processor has them, and why.
    `unavailable_reason`: why it cannot be used here; null when it can.
    """

    certified: bool
    """Whether the platform's own tests cover this processor in full."""
    credentials: list[CredentialView]
    """The fields of the processor's settings."""
    currencies: list[str] | None
    """ISO 4217; null where the account decides."""
    flows: dict[str, bool]
    """What the processor can do, by the flow's name."""
    limits: list[LimitView]
    """Flows that the processor has and that cannot be used here."""
    lookup_by: Literal["our_reference", "provider_reference"] | str | None
    """By what a payment is looked up: `our_reference` or `provider_reference`; null when it cannot be."""
    methods: list[str]
    """What it takes; `any` where it asks the payer itself."""
    name: str
    """The name."""
    refund_lookup_by: Literal["our_reference", "provider_reference"] | str | None
    """By what a refund is looked up: `our_reference` or `provider_reference`; null when it cannot be."""
    unavailable_reason: str | None
    """Why it cannot be used here; null when it can."""


class ProvenEntry(Answered):
    """An entry with all that its hash covers. `account` is merchant#entity#id#currency#lane."""

    account: str
    """The account's key: merchant, entity, id, currency and lane, joined by `#`."""
    balance_minor: int
    """The account's balance after it, in minor units."""
    count: int
    """How many."""
    created_at_ms: int
    """Milliseconds since the epoch."""
    credit_minor: int
    """Credited, in minor units."""
    debit_minor: int
    """Debited, in minor units."""
    description: str | None
    """The merchant's own words; at most 255 characters, no control characters."""
    hash: str
    """SHA-256 over the entry and the hash before it, in lower-case hex."""
    journal_id: str
    """The ledger journal."""
    prev_hash: str
    """The hash of the entry before, in hex."""
    reference_id: str
    """The record that the entry belongs to."""
    reference_type: str
    """The kind of record that the entry belongs to."""
    seq: int
    """The entry's place in its lane, from 1."""
    total_credit_minor: int
    """All credits of the account so far, in minor units."""
    total_debit_minor: int
    """All debits of the account so far, in minor units."""


class QrCodeList(Answered):
    """A page of codes, newest first."""

    data: list[QrCodeView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class QrCodeView(Answered):
    """The contract's code object. `amount`: null where the payer types one. `upi_url`: what the picture says."""

    amount: Decimal | None
    """What each payer pays; null where the payer types it."""
    closed_at: datetime | None
    """When it was switched off; null before."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """What each payment by the code has as its metadata."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    name: str
    """What the code is for."""
    provider: str
    """The connector whose code it is."""
    provider_reference: str
    """The provider's name of the code."""
    qr_code_id: str
    """The id of the code on a counter; null for a payment that was not made by one."""
    qr_png_url: str
    """The picture to print, as PNG."""
    qr_svg_url: str
    """The picture to print, as SVG."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["active", "inactive"] | str
    """`active` or `inactive` (switched off, for good)."""
    updated_at: datetime
    """When it changed last, in UTC."""
    upi_url: str
    """What the picture says."""


class ReasonView(Answered):
    """Payments that failed for one reason, counted when they were made."""

    amount: Decimal
    """Their amounts, major units."""
    count: int
    """Payments that failed so."""


class Reconciliation(Answered):
    """All accounts of a merchant that others' documents explain, and where its money is. `proved`: of all these accounts."""

    accounts: list[ClearingAccount]
    """The accounts that others' documents explain."""
    bank: list[BankPosition]
    """Where the money is, by currency, as `GET /v1/bank/position` has it."""
    proved: bool
    """True when every account is explained to the last unit."""


class ReconciliationDayProof(Answered):
    """A stated day with the proofs of its own entry and of each lane's newest entry."""

    document: dict[str, Any]
    """What was stated of the day, as it was hashed: JSON with sorted keys and without spaces."""
    lanes: list[EntryProof]
    """The proof of each lane's newest entry, in the document's order."""
    sealed: bool
    """True when checkpoints cover all of it."""
    statement: EntryProof
    """The proof of the ledger entry whose description is the document's digest."""


class ReconciliationEvent(Answered):
    """An event whose `data` is the contract's ReconciliationItem object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: ReconciliationItemView
    """The object as it stood then."""
    event: Literal["reconciliation.exception"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class ReconciliationItemList(Answered):
    """A page of items, newest first."""

    data: list[ReconciliationItemView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class ReconciliationItemView(Answered):
    """The contract's item.

    `amount`: what our journals say, signed, positive for what the provider owes. `matched`: what lines of reports say
    of it. `open`: what
    is not explained yet. `fee_expected`, `fee_reported`: with tax, where a report said one.
    """

    age_seconds: int
    """How old it is."""
    amount: Decimal
    """In major units, as a decimal string."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    decided: str
    """What decisions took out of what is open, signed, in major units."""
    decisions: list[Decision]
    """What was decided about it, oldest first."""
    due_at: datetime | None
    """Until when it needs an answer, in UTC."""
    fee_expected: str | None
    """The fee that was known before, with its tax, in major units."""
    fee_reported: str | None
    """The fee that the report says, with its tax, in major units."""
    item_id: str
    """The id of the item."""
    matched: str
    """How much of the gross is about records of ours; of a line, the record that it is about."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    open: str
    """What is not explained yet, signed, in major units: + for what the provider owes."""
    payment_id: str | None
    """The id of the payment."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    reason: str | None
    """Why; null when nothing was said."""
    reference_id: str
    """The id of that record, or the key of that line."""
    reference_type: str
    """What kind of record it is of: `payment`, `late` (money in suspense), `refund`, `dispute`, `topup`, `payout` (a
    settlement), `bank_line`, `transfer` (of a chain), or `line` of a report.
    """
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    responsible: str | None
    """Whose turn it is: `us`, `provider` or `bank`; null for what is matched."""
    settlement_id: str | None
    """The id of the settlement."""
    side: str
    """`ours`: a record of ours whose money a provider holds, or a payout that the bank should have. `provider`: a line of
    a report that no record of ours explains. `bank`: a line of a bank statement. `chain`: a transfer of a chain that is
    booked nowhere.
    """
    since: str
    """Since when it is in this state, in UTC."""
    source: str
    """Whose account it is of: a connector, a network, or `bank_in_transit:<connector>` for what that one has paid out;
    `bank` for a bank line that brings nothing of ours.
    """
    state: str
    """The payer's state or province."""
    updated_at: datetime
    """When it changed last, in UTC."""
    version: int
    """Counts the changes, from 1."""


class RedirectAction(Answered):
    """The payer goes to the bank's or provider's page."""

    type: Literal["redirect"] | str
    """The kind."""
    url: str
    """An https address."""


class RefundEvent(Answered):
    """An event whose `data` is the contract's Refund object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: RefundView
    """The object as it stood then."""
    event: Literal["refund.created", "refund.external", "refund.success", "refund.failed"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class RefundList(Answered):
    """A page of refunds, newest first."""

    data: list[RefundView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class RefundSums(Answered):
    """Refunds that were carried out."""

    amount: Decimal
    """In major units, as a decimal string."""
    count: int
    """How many."""


class RefundView(Answered):
    """The contract's refund object."""

    amount: Decimal
    """In major units, as a decimal string."""
    amount_requested: Decimal | None
    """What was asked for, when the provider made it another amount; else null."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    failure_code: str | None
    """Why it failed, as a stable code; null when it did not."""
    failure_message: str | None
    """Why it failed, for people; null when it did not."""
    ledger: LedgerReference | None
    """Where in the ledger it was booked; null when nothing was."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    next_action: UnsignedTransaction | None
    """For money that came over a chain: the transaction to be signed. Null for any other."""
    origin: Literal["api", "external"] | str
    """`api`, or `external` when it began at the provider."""
    payment_id: str
    """The id of the payment."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    reason: str | None
    """Why; null when nothing was said."""
    refund_id: str
    """The id of the refund."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["pending", "processing", "success", "failed"] | str
    """Where it stands."""
    updated_at: datetime
    """When it changed last, in UTC."""


class RefusedLine(Answered):
    """A line that was refused: its number in the file, from 1, and why."""

    line: int
    """Its number in the file, from 1."""
    reason: str
    """Why it was refused. The line's content is not kept."""


class RegisteredView(Answered):
    """Register's answer. `key_id`, `api_key`, `secret` and `webhook` are there once; a replay has null instead."""

    api_key: str | None
    """The key's public half, sent as `X-API-Key`. Shown once; null when the answer is repeated."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    email: str
    """An e-mail address."""
    key_id: str | None
    """The id of the API key."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    name: str
    """The name."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    secret: str | None
    """The signing secret. Shown once: null when the answer is repeated."""
    status: str
    """Where it stands."""
    webhook: FirstEndpoint | None
    """The first endpoint with its secret; null without `webhook_url`."""


class RemovedPerson(Answered):
    """A person who was removed."""

    person_id: str
    """The person's id, `usr_…`."""
    removed: bool
    """Always true."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class Reopening(Answered):
    """That an operator opened the month again, so that it can be closed once more."""

    at: datetime
    """When."""
    by: str
    """The operator's IAM identity, or the one that a command was given."""
    reason: str
    """Why."""
    version: int
    """The closing that it ended."""


class ReplayView(Answered):
    """A replay: how many deliveries it sends again, and how many are enqueued so far."""

    count: int
    """How many deliveries are sent again."""
    enqueued: int
    """How many are on their way so far."""
    replay_id: str
    """The id of the replay."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["running", "done"] | str
    """`running` or `done`."""


class ReportUpload(Answered):
    """Where the file is put, with exactly these headers, until expires_at."""

    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    headers: dict[str, str]
    """Send exactly these headers with the file."""
    method: str
    """How it is paid."""
    url: str
    """An https address."""


class RequestList(Answered):
    """A page of requests, newest first."""

    data: list[RequestView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class RequestView(Answered):
    """One request. `at`: when its answer was ready; `duration_ms`: inside the function, without the gateway."""

    at: datetime
    """When the answer was ready, RFC 3339."""
    code: str | None
    """The error's code; null for an answer without one."""
    duration_ms: int
    """Milliseconds inside the function, without the gateway."""
    key_id: str | None
    """The id of the API key."""
    method: str
    """The HTTP method."""
    path: str
    """The path, without its query."""
    request_id: str
    """The id of the request, as in `X-Request-Id`."""
    status: int
    """The HTTP status of the answer."""


class Review(Answered):
    """Why a payment waits for an operator: a provider's answer about it contradicts what was asked, and nothing was booked
    by it.

    `reason`: unreadable_amount, another_object, amount_differs, currency_differs, refund_differs, refund_exceeds,
    disputes_exceed (too many), dispute_exceeds (one is more than the payment; it is booked as it is reported),
    dispute_not_found (the
    charge was refunded, and the provider does not know the dispute about it), held_twice or
    captured_twice (another attempt's connector holds money, or took it, beside the hold of this payment).
    `detail`: the text of the answer, masked and short.
    """

    at: datetime
    """When, in UTC."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    detail: str
    """The text of the provider's answer, masked and short."""
    provider_reference: str | None
    """The provider's own id for it; null when there is none."""
    reason: str
    """What contradicts what was asked. The table of reviews in the docs has every reason."""


class RiskRuleView(Answered):
    """A risk rule: payments with the same value of `by` are counted together. One of `max_payments` and `max_amount` is
    null.
    """

    by: str
    """What is counted together: `ip`, `card`, `bin`, `customer` or `email`."""
    max_amount: str | None
    """Payments within the window may come to so much, in the merchant's currency."""
    max_payments: int | None
    """So many payments may be begun within the window; null where the rule sums amounts."""
    rule_id: str
    """What the rule is called: a lower-case letter, then letters, digits and hyphens. Each rule has its own."""
    then: str
    """What happens to a payment that is too much. `block` declines it before a provider is asked. `review` holds its money
    until a person approves or declines it. `require_3ds` lets the payer's bank ask the payer. What cannot be held or
    confirmed is declined.
    """
    window_seconds: int
    """How long is looked back: a minute to seven days, in seconds. The window slides by a sixth of itself."""


class RiskRulesReplayed(Answered):
    """What the rules would have done. `stopped`: the newest 100 of `stopped_count`. complete: false where there were more
    than one answer
    can look at. notes: what it cannot know.
    """

    complete: bool
    """False where there were more payments than one answer can look at."""
    notes: list[str]
    """What it cannot know."""
    payments: int
    """So many payments were counted."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    rules: list[RuleOutcome]
    """What each rule would have done, in the order of the request."""
    stopped: list[StoppedPayment]
    """The newest 100 payments that would have been stopped, newest first."""
    stopped_count: int
    """So many of them would have been stopped."""


class RiskView(Answered):
    """Which rule decided about the payment, and of a review what a person decided. Its payer is not shown it."""

    action: str
    """What followed: `block`, and no provider was asked; `review`, and the money is held until a person decides;
    `require_3ds`, and the payer's bank had to ask the payer. A payment that could not be held or confirmed says
    `block`.
    """
    decision: str | None
    """Of a review: `pending`, `approved`, `declined` (by a person, or by a void) or `expired` with the hold; null before
    the money is held, and where there is no review.
    """
    entry_id: str | None
    """The entry of the blocklist that decided, `blk_…`; null where a rule did."""
    rule_id: str
    """The merchant's rule that decided, or `blocklist`."""


class RotatedView(Answered):
    """Rotate's answer. `api_key`, `secret` and `previous` are there once; a replay has null instead."""

    accepted_until: datetime | None
    """From then on every part of the platform refuses the key; null for a key without an end."""
    api_key: str | None = None
    """The key's public half, sent as `X-API-Key`. Shown once; null when the answer is repeated."""
    created_at: datetime
    """When it was made, in UTC."""
    expires_at: datetime | None
    """When it ends, in UTC; null when it does not."""
    key_id: str
    """The id of the API key."""
    last_used_at: datetime | None
    """When it signed a request last, in UTC, to some minutes; null when it never did."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    prefix: str
    """The beginning of the API key, to tell keys apart."""
    previous: PreviousKey | None = None
    """The key that signed the rotation; null when the answer is repeated."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    scopes: list[
        Literal[
            "payments:read",
            "payments:write",
            "disputes:read",
            "disputes:write",
            "settlements:read",
            "settlements:write",
            "wallet:read",
            "wallet:write",
            "tokens:read",
            "tokens:write",
            "webhooks:read",
            "webhooks:write",
            "crypto:read",
            "crypto:write",
            "dashboard:read",
            "customers:read",
            "customers:write",
            "checkout:read",
            "checkout:write",
            "risk:read",
            "risk:write",
            "merchant:read",
            "merchant:write",
            "people:read",
            "people:write",
            "audit:read",
        ]
        | str
    ]
    """What the key may do."""
    secret: str | None = None
    """The signing secret. Shown once: null when the answer is repeated."""
    status: Literal["active", "revoked", "expired"] | str
    """Where it stands."""


class RoutingView(Answered):
    """Why a payment went to its connectors. `rule`: the place of the rule that chose among `routing_rules`, from 0; null
    for none.
    """

    experiment: ExperimentArm | None
    """By which experiment's rules the payment went; null for none."""
    numbers: list[ComparedView]
    """What was known of the connectors when the payment was routed."""
    reason: str
    """Why this connector, for people."""
    rule: int | None
    """The place among `routing_rules` of the rule that chose, from 0; null for none."""


class RuleOutcome(Answered):
    """What one rule would have done. paid: so many of those that it would have stopped. unknown: what it counts by is not
    known.
    """

    paid: int
    """So many of these were paid."""
    rule_id: str
    """What the rule is called: a lower-case letter, then letters, digits and hyphens. Each rule has its own."""
    stopped: int
    """So many payments this rule would have stopped: declined, held or had confirmed."""
    then: str
    """What the rule does with a payment that is too much."""
    unknown: int
    """Of so many payments it is not known what the rule counts by; they pass it here."""


class RulesReplayed(Answered):
    """What happened, and what would have. `changed`: the newest 100 of `changed_count`. `notes`: what it cannot know.

    approved_after: a whole number where all is known, else with the expected part of `estimate`. fees by currency.
    unnoted: payments of the
    time before routes were noted, whose brand is not known. complete: false where there were more payments than one
    answer can look at.
    """

    approved_after: Decimal
    """How many would have been approved; 0, 1 or a rate for one payment."""
    approved_before: int
    """How many were approved."""
    attempts: int
    """Every try, the first first."""
    changed: list[Changed]
    """The newest 100 payments that would have gone another way."""
    changed_count: int
    """How many payments would have gone another way."""
    complete: bool
    """False where there was more than one answer can look at."""
    estimate: Estimate
    """What only rates tell."""
    fees_after: dict[str, Decimal]
    """The fees that there would have been, by currency."""
    fees_before: dict[str, Decimal]
    """The fees that there were, by currency."""
    notes: list[str]
    """What the replay cannot know."""
    payments: int
    """How many payments."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    unknown: int
    """How many payments are judged by nothing."""
    unnoted: int
    """How many payments are of the time before routes were noted."""


class SealedRun(Answered):
    """The stretch of the account's chain that was sealed with the entry in it; its last entry was the account's head.

    `entry_path` leads from the entry's hash to `entries_root`, `run_path` from the run to the checkpoint's root (RFC
    6962).
    """

    balance_minor: int
    """The account's balance after it, in minor units."""
    count: int
    """How many."""
    entries_root: str
    """The root of the tree of the run's entries, in hex (RFC 6962)."""
    entry_path: list[str]
    """Leads from the entry's hash to `entries_root`."""
    first_seq: int
    """The first entry of the run."""
    head_hash: str
    """The hash of the run's last entry."""
    last_seq: int
    """The last entry of the run."""
    prev_hash: str
    """The hash of the entry before, in hex."""
    run_index: int
    """The run's place in the checkpoint's tree, from 0."""
    run_path: list[str]
    """Leads from the run to the checkpoint's root."""
    total_credit_minor: int
    """All credits of the account so far, in minor units."""
    total_debit_minor: int
    """All debits of the account so far, in minor units."""


class SearchView(Answered):
    """What was found, records that are named themselves first, then payments, newest first. more: there are more payments
    than these.
    """

    data: list[HitView]
    """What was found: first records that the text names themselves, then payments, newest first."""
    more: bool
    """True when more payments match than are shown: narrow it down with a list's filters."""


class SecretView(Answered):
    """An endpoint with its new secret, which is shown once: null when the answer is repeated."""

    bus_arn: str | None
    """The ARN of an event bus of Amazon EventBridge, called `paycorex-` and the merchant's id, in the region of this API."""
    created_at: datetime
    """When it was made, in UTC."""
    disabled_reason: str | None
    """Why it was turned off; null while it is in use."""
    endpoint_id: str
    """The id of the webhook endpoint."""
    events: list[str]
    """Names of events; `*` stands for all."""
    is_active: bool
    """Whether it is in use."""
    kind: Literal["https", "eventbridge"] | str
    """A URL, or an event bus of Amazon EventBridge."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_secret_expires_at: datetime | None = None
    """When the secrets before this one stop signing, in UTC; null when there are none."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    secret: str | None = None
    """The signing secret. Shown once: null when the answer is repeated."""
    url: str
    """An https address."""


class SegmentList(Answered):
    """Some segments, in the order of their names."""

    data: list[SegmentView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class SegmentView(Answered):
    """What is known of a connector in a segment: of its last attempts, at most 300 of 30 days. `brand`: null for what is
    no card.
    """

    brand: str | None
    """The card's brand in lower case, such as `visa`; null for what is no card."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    currency: str
    """ISO 4217, in capitals."""
    fee: Decimal
    """Mean fee as a part of the amount; 0 while none is measured."""
    made_by: str
    """What the numbers were made by."""
    method: str
    """How it is paid."""
    samples: int
    """How many outcomes are known."""
    success_rate: Decimal
    """Success by success and failure, four places; null when there is neither."""
    updated_at: datetime
    """When it changed last, in UTC."""


class SessionDetails(Answered):
    """A checkout with its payer. `payer` is null where none was asked, and for keys without `customers:read`; it is in no
    event.
    """

    amount: Decimal
    """In major units, as a decimal string."""
    cancel_url: str | None
    """Where the payer goes without having paid, with the `session_id` added."""
    capture_method: str
    """`manual` when the merchant captures what was authorized; else `automatic`."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    customer_id: str | None
    """The id of the customer."""
    description: str | None
    """The merchant's own words; at most 255 characters, no control characters."""
    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    link_id: str | None
    """The id of the payment link; null for a checkout that was not begun from one."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    methods: list[str] | None
    """What it takes; `any` where it asks the payer itself."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    payer: Payer | None
    """Who paid, where a link asked; null where none was asked, and for keys without `customers:read`."""
    payment_id: str | None
    """The id of the payment."""
    payment_ids: list[str]
    """The payments that the transaction paid."""
    reference: str | None
    """The merchant's own name for it, such as an order number."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    session_id: str
    """The id of the checkout; null for a payment that was not made by one."""
    status: str
    """Where it stands."""
    success_url: str | None
    """Where the payer goes after having paid, with the `session_id` added. That a payer comes back proves nothing."""
    updated_at: datetime
    """When it changed last, in UTC."""
    url: str | None
    """An https address."""
    user_id: str | None
    """The merchant's own name for its user."""


class SessionList(Answered):
    """A page of checkouts, newest first."""

    data: list[SessionView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class SessionView(Answered):
    """The contract's session object. `payment_ids`: of every choice, the first first; `payment_id`: the one that paid it."""

    amount: Decimal
    """In major units, as a decimal string."""
    cancel_url: str | None
    """Where the payer goes without having paid, with the `session_id` added."""
    capture_method: str
    """`manual` where you capture what its payment holds; else `automatic`."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    customer_id: str | None
    """The id of the customer."""
    description: str | None
    """The merchant's own words; at most 255 characters, no control characters."""
    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    link_id: str | None
    """The id of the payment link; null for a checkout that was not begun from one."""
    merchant_id: str
    """The merchant that owns it."""
    metadata: dict[str, Any] | None
    """The merchant's own names and values: at most 50 entries and 4096 bytes; values are strings, whole numbers, booleans
    or null.
    """
    methods: list[Literal["wallet", "tokenized", "upi_intent", "crypto"] | str] | None
    """Which ways the payer may choose; null for all that the merchant can take."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    payment_id: str | None
    """The payment that paid it; null before."""
    payment_ids: list[str]
    """The payments of every choice, the first first. A choice whose payment was refused at once has none behind its id."""
    reference: str | None
    """What the payer of a link typed; null where it asked for nothing."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    session_id: str
    """The id of the checkout; null for a payment that was not made by one."""
    status: Literal["open", "paid", "expired", "canceled"] | str
    """`open`, `paid`, `expired`, or `canceled`."""
    success_url: str | None
    """Where the payer goes after having paid, with the `session_id` added. That a payer comes back proves nothing."""
    updated_at: datetime
    """When it changed last, in UTC."""
    url: str | None
    """The payer's page; null in events."""
    user_id: str | None
    """The merchant's own name for its user."""


class SettlementEvent(Answered):
    """An event whose `data` is the contract's Settlement object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: SettlementView
    """The object as it stood then."""
    event: Literal["settlement.reconciled"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class SettlementImportView(Answered):
    """The contract's import. `errors` has the first of the rejected lines; `preview` is there with `dry_run`, which books
    nothing.
    """

    accepted: int
    """How many lines are new."""
    created_at: datetime
    """When it was made, in UTC."""
    dry_run: bool
    """Whether it is a preview."""
    errors: list[RefusedLine]
    """The first hundred of the refused lines."""
    format: str | None
    """The report's format; null for what was fetched by API."""
    import_id: str
    """The id of the import."""
    known: int
    """How many lines were reported before and say the same."""
    lines: int | None
    """How many lines there are; null until all were read."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    preview: list[PreviewedSettlement] | None
    """What the file would add, by payout; only with `dry_run`."""
    problem: str | None
    """Why it failed."""
    read: int
    """How many lines were read."""
    rejected: int
    """How many lines were refused."""
    source: str
    """The connector whose report it is, or `bank`."""
    status: str
    """`uploading`, `reading`, `done` or `failed`."""
    updated_at: datetime
    """When it changed last, in UTC."""


class SettlementLineList(Answered):
    """A page of a settlement's lines, oldest first."""

    data: list[SettlementLineView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class SettlementLineView(Answered):
    """The contract's item of a settlement. `matched`: the record of ours that it is about; null while there is none."""

    booked_to: str
    """Where its gross is booked: `clearing`, or `suspense` while no record is known."""
    charge_reference: str | None
    """The provider's id of the charge that is disputed."""
    currency: str
    """ISO 4217, in capitals."""
    fee: Decimal
    """What the provider kept, without tax, in major units; negative where it gives a fee back."""
    gross: str
    """Before fees, signed, in major units: + to the merchant."""
    kind: str
    """What it is about: `payment`, `refund`, `refund_failure`, `dispute`, `dispute_won`, `fee`, `adjustment`, `reserve`,
    `payout_return` or `unknown`.
    """
    kind_name: str
    """The provider's word for the kind."""
    line_reference: str
    """The provider's name of the line."""
    matched: str | None
    """How much of the gross is about records of ours; of a line, the record that it is about."""
    net: Decimal
    """What the line adds to its payout."""
    object_reference: str | None
    """The provider's name of the refund, dispute or failed payout itself."""
    occurred_at: datetime | None
    """When it happened at the provider, in UTC."""
    our_reference: str | None
    """Our id, where the provider kept it."""
    settlement_id: str | None
    """The settlement that it is in; null while it is in none."""
    tax: Decimal
    """The tax on the fee, in major units."""


class SettlementList(Answered):
    """A page of settlements, newest first."""

    data: list[SettlementView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class SettlementView(Answered):
    """The contract's settlement.

    `amount` is what the provider says it paid out (null where it does not say), `net` what its lines add up to.
    `ledger`: a journal, and a
    further one for each part that was reported after the one before was booked.
    """

    amount: Decimal | None
    """How much the provider says that it paid out; null where only lines are known."""
    arrival_at: datetime | None
    """When the provider expects it in the bank account, in UTC."""
    bank_line_id: str | None
    """The line of a bank statement that shows it."""
    bank_reference: str | None
    """What a bank statement shows of the payout (India: UTR)."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    fee: Decimal
    """What the provider kept, without tax, in major units."""
    gross: str
    """Sum over its lines before fees, signed, in major units: + to the merchant."""
    ledger: list[str]
    """Where in the ledger it was booked; null when nothing was."""
    lines: int
    """How many lines it has."""
    lines_root: str | None
    """Merkle root of its lines (RFC 6962, SHA-256) as they were booked last, in hexadecimal digits; the journal's
    description too.
    """
    matched: str
    """How much of the gross is about records of ours; of a line, the record that it is about."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    net: Decimal
    """What its lines add up to: gross less fee and tax."""
    problem: str | None
    """Why it is an exception."""
    provider: str
    """The provider that took part; null where none did."""
    provider_reference: str
    """The provider's own id for it; null when there is none."""
    settlement_id: str
    """The id of the settlement."""
    state: str
    """`reading` (more lines may come), `booked`, `reconciled` (all matched, and a bank line shows it) or `exception`."""
    status: str | None
    """The provider's word for the payout: `pending`, `paid`, `failed` or `canceled`; null where only lines are known."""
    tax: Decimal
    """The tax on the fees, in major units."""
    unmatched: str
    """How much of the gross is about no record of ours: it is booked to suspense."""
    updated_at: datetime
    """When it changed last, in UTC."""
    version: int
    """Counts the changes, from 1."""


class SignedCheckpoint(Answered):
    """A signed root. `signature` is base64 of a DER ECDSA signature over P-256 and SHA-256; `public_key` is PEM."""

    key_id: str
    """The id of the API key."""
    number: int
    """Counts from 1."""
    previous: str
    """The key that signed the rotation; null when the answer is repeated."""
    public_key: str
    """PEM of the key that signs checkpoints."""
    root: str
    """The root of the checkpoint's tree, in hex."""
    runs: int
    """How many runs the checkpoint seals."""
    sealed_at_ms: int
    """Milliseconds since the epoch."""
    signature: str
    """Base64 of a DER ECDSA signature over P-256 and SHA-256."""
    total_entries: int
    """How many entries the checkpoint seals."""


class StateCount(Answered):
    """The open items of one state."""

    amount: Decimal
    """In major units, as a decimal string."""
    count: int
    """How many."""
    state: str
    """The payer's state or province."""


class StatementView(Answered):
    """What the merchant's account held, and what moved it, in one month and currency."""

    closing: Decimal
    """What it holds at the end."""
    count: int
    """How many movements."""
    credit: Decimal
    """What was added to it, in major units."""
    currency: str
    """ISO 4217, in capitals."""
    debit: Decimal
    """What was taken from it, in major units."""
    fee: Decimal
    """Fees that it paid, to providers and to the operator."""
    from_: datetime = Field(alias="from")
    """When the month begins."""
    is_complete: bool
    """Whether the month is over."""
    month: str
    """The month, in UTC."""
    opening: Decimal
    """What the account held when the month began."""
    statement_id: str
    """The statement's name, which is in its files too."""
    tax: Decimal
    """Tax on these fees."""
    to: datetime
    """Until when it reaches: the month's end, or ten minutes ago."""
    types: list[KindSum]
    """The movements by kind."""


class StatsView(Answered):
    """Statistics of from ≤ t < to. net: volume less refunds. balance: as it stands now."""

    authorized: Decimal
    """Held, and nothing of it captured yet."""
    balance: Decimal
    """In major units."""
    by_day: list[DayView]
    """One item per day of the time zone."""
    by_method: dict[str, MethodView]
    """Sums per payment method."""
    by_processor: dict[str, DecidedView]
    """Sums per connector of the payments that it decided, by when they were made. Payments made before the release that
    counts them are not in it.
    """
    by_reason: dict[str, ReasonView]
    """Failed payments per reason: the provider's own where it is a usual one, else the payment's `failure_code`, else
    `other`.
    """
    count: Counts
    """How many."""
    currency: str
    """ISO 4217, in capitals."""
    fees: FeeSums
    """What payments cost, counted when they were made; an estimate until it is known."""
    from_: datetime = Field(alias="from")
    """Start of the time, inclusive: RFC 3339."""
    net: Decimal
    """Volume less refunds, in major units."""
    refunds: RefundSums
    """What was given back."""
    success_rate: Decimal | None
    """Success by success and failure, four places; null when there is neither."""
    timezone: str
    """The time zone by which days are cut (IANA), such as `Asia/Kolkata`."""
    to: datetime
    """End of the time, exclusive: RFC 3339."""
    volume: Decimal
    """The sum of successful payments, in major units; by currency where it is an object."""


class StatusView(Answered):
    """The contract's answer: status is `pending`, `confirmed`, `failed`, `not_found` or `reorged`."""

    block_hash: str | None
    """The hash of the block that holds the transaction; null before it is in one."""
    block_number: int | None
    """The block that holds the transaction; null before it is in one."""
    chain_id: int
    """The network's chain id (EIP-155)."""
    confirmations: int
    """How many blocks confirm the transaction."""
    confirmations_required: int
    """How many confirmations settle a payment on this network."""
    network: Literal["ethereum", "polygon", "bsc"] | str
    """The chain."""
    payment_ids: list[str]
    """The payments that the transaction paid."""
    status: Literal["pending", "confirmed", "failed", "not_found", "reorged"] | str
    """Where it stands."""
    transfers: list[ChainTransfer]
    """The transaction's transfers to the merchant's addresses."""
    tx_hash: str
    """The transaction's hash: `0x` and 64 hex digits."""


class StoppedPayment(Answered):
    """A payment that would have been stopped, and what became of it."""

    amount: Decimal
    """In major units, as a decimal string."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    payment_id: str
    """The id of the payment."""
    rule_id: str
    """What the rule is called: a lower-case letter, then letters, digits and hyphens. Each rule has its own."""
    status: str
    """Where it stands."""
    then: str
    """What the rule does with a payment that is too much."""


class TestClockView(Answered):
    """A merchant's test clock. `advanced_seconds`: all advances together. `moving`: whose records still have to move."""

    advanced_seconds: int
    """All advances of the clock together, in seconds."""
    last_advance_seconds: int | None
    """How far the newest advance went, in seconds; null before there was one."""
    last_advanced_at: datetime | None
    """When the newest advance was asked for, RFC 3339; null before there was one."""
    moving: list[str]
    """Whose records still have to move: `keys`, `payments`, `settlements`, `webhooks`."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    status: Literal["still", "moving"] | str
    """`moving` until every record that waited has gone through the newest advance; the next may be asked for when it is
    `still`.
    """


class TestPayment(Answered):
    """What the sandbox's payer did. `callbacks`: how often the sandbox sent its callback; `payment_id`: null until it did,
    or was asked.
    """

    amount: Decimal
    """What the payer was asked to pay."""
    callbacks: int
    """How often the sandbox sent its callback."""
    currency: str
    """ISO 4217, in capitals."""
    declined: bool
    """Whether the payer declined: nothing was paid."""
    payment_id: str | None
    """The payment; null where nothing was paid, or the callback was never sent: it is then found by asking."""
    provider_reference: str | None
    """The sandbox's name of the payment; null where nothing was paid."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class TimelineStep(Answered):
    """A status that the payment reached."""

    at: datetime
    """When, in UTC."""
    reason: str | None
    """Why it came to this status; null when that says itself."""
    status: str
    """Where it stands."""


class TokenEvent(Answered):
    """An event whose `data` is the contract's Token object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: TokenView
    """The object as it stood then."""
    event: Literal["token.created", "token.deleted"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class TokenList(Answered):
    """A page of tokens, newest first."""

    data: list[TokenView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class TokenView(Answered):
    """The contract's token object.

    `connector`: of a `provider_token`, the only one that can charge it; null once it is deleted. `brands`: every brand
    that a card may
    have, the most likely one, `brand`, first.
    """

    brand: str | None
    """The card's brand in lower case, such as `visa`; null for what is no card."""
    brands: list[str]
    """Every brand that the card may have, the most likely one first."""
    connector: str | None
    """The connector, as `connectors` and routing rules name it."""
    created_at: datetime
    """When it was made, in UTC."""
    expiry_month: int | None
    """1 to 12; null for what is no card."""
    expiry_year: int | None
    """Four digits; null for what is no card."""
    fingerprint: str
    """The same for the same instrument of this merchant."""
    holder_initials: str | None
    """Initials of the cardholder; null when no name was given."""
    is_active: bool
    """Whether it is in use."""
    last4: str | None
    """The last four characters of the number; null for what has none."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    token_id: str
    """The id of the token."""
    type: Literal["card", "bank_account", "upi", "provider_token"] | str
    """The kind of instrument."""
    user_id: str
    """The merchant's own name for its user."""


class TransactionList(Answered):
    """A page of transfers that the monitor found, newest first."""

    data: list[CryptoTransactionView]
    """The page's items."""
    next_cursor: str | None
    """The `cursor` of the next page; null on the last one."""


class TransferView(Answered):
    """The contract's transfer object."""

    amount: Decimal
    """In major units, as a decimal string."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    journal_id: str
    """The ledger journal."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    reference: str | None
    """The merchant's own name for it, such as an order number."""
    transfer_id: str
    """The id of the transfer."""
    type: Literal["topup", "wallet_refund"] | str
    """What moved the money."""
    wallet_id: str
    """The id of the wallet."""


class UnderWayView(Answered):
    """Money at a connector that was removed: nothing asks it for their outcome until it is configured again.

    payments, refunds: how many of the newest ones, made since `looked_back_to`; null when all were looked at.
    """

    connector: str
    """The connector, as `connectors` and routing rules name it."""
    looked_back_to: datetime | None
    """When the oldest of those that were looked at was made; null when all were."""
    payments: int
    """How many of the newest payments are at the connector."""
    refunds: int
    """How many of the newest refunds are at the connector."""


class UnsignedTransaction(Answered):
    """The transaction that the merchant signs and sends to give coins back."""

    address: str
    """Who gets the coins."""
    asset: str
    """The coin or token, such as `ETH` or `USDC`."""
    crypto_amount: Decimal
    """How many coins of `asset`."""
    crypto_uri: str
    """A link that a wallet app opens (EIP-681)."""
    network: Literal["ethereum", "polygon", "bsc"] | str
    """The chain."""
    transaction: dict[str, Any]
    """The fields of the transaction: `chainId`, `to`, `value` and `data`."""
    type: Literal["unsigned_transaction"] | str
    """The kind."""
    units: str
    """The same amount in the asset's smallest units."""


class UpiAction(Answered):
    """The payer opens or scans a UPI link."""

    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    pay_url: str
    """The payer's page: show it, or send the payer there."""
    qr_png_url: str
    """The code that the payer scans, as PNG."""
    qr_svg_url: str
    """The code that the payer scans, as SVG."""
    type: Literal["upi_intent"] | str
    """The kind."""
    upi_url: str
    """A link that a UPI app opens."""


class UploadLink(Answered):
    """Where a file is put, with exactly these headers, until expires_at."""

    expires_at: datetime
    """When it ends, in UTC; null when it does not."""
    file_id: str
    """The id of the file."""
    headers: dict[str, str]
    """Send exactly these headers with the file."""
    method: str
    """How it is paid."""
    url: str
    """An https address."""


class Verified(Answered):
    """What a provider thinks of a merchant's credentials."""

    accepted: bool
    """Whether the provider takes them."""
    checked_at: datetime
    """When the provider was asked, in UTC."""
    connector: str
    """The connector, as `connectors` and routing rules name it."""
    reason: str | None
    """Why the provider does not take them; null when it does."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""


class WalletEvent(Answered):
    """An event whose `data` is the contract's Transfer object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: TransferView
    """The object as it stood then."""
    event: Literal["wallet.topup"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""


class WalletList(Answered):
    """A user's wallets; one per currency, so there is one page."""

    data: list[WalletView]
    """The page's items."""
    next_cursor: str | None = None
    """The `cursor` of the next page; null on the last one."""


class WalletView(Answered):
    """The contract's wallet object."""

    available: Decimal
    """What can be spent, in major units. `balance` is the same."""
    balance: Decimal
    """In major units."""
    created_at: datetime
    """When it was made, in UTC."""
    currency: str
    """ISO 4217, in capitals."""
    held: Decimal
    """What is set aside for payments that were not captured yet, in major units."""
    merchant_id: str
    """The merchant that owns it."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    replayed: bool | None = None
    """True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one."""
    user_id: str
    """The merchant's own name for its user."""
    wallet_id: str
    """The id of the wallet."""


class WebhookEvent(Answered):
    """An event whose `data` is the contract's Endpoint object."""

    created_at: datetime
    """When it was made, in UTC."""
    data: EndpointView
    """The object as it stood then."""
    event: Literal["webhook.disabled", "webhook.test"] | str
    """The event's name."""
    id: str
    """The id."""
    mode: Literal["live", "test"] | str
    """`live`, or `test` where no real money moves: that of the merchant that owns it."""
    previous_event_id: str | None
    """The event before this one of the same object; null for the first."""
    sequence: int
    """Counts the events of one object, from 1: a receiver sees a gap."""
