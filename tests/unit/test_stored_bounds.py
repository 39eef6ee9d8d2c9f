"""Whatever a stored item lists has a named bound: nothing that comes from outside makes an item grow until it cannot be written.

A list, map or blob that is new in a model fails here until its bound has a name. What happens at a bound is tested where it is kept.
"""

import importlib
import pkgutil
from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Final

import pytest
from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from paycorex.ledger import Account, Journal, Posting, Reference, ReferenceType, journal
from paycorex.ledger.journal import Unbalanced
from paycorex.ledger.proof import sealing_work
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.storage import Item
from payments.connectors import documents, routing
from payments.crypto import state as crypto_state
from payments.crypto.quotes import Rates
from payments.crypto.state import CryptoState, Transfer
from payments.payment import attempts, late_money, versions
from payments.payment.attempts import Note
from payments.payment.late_money import LateMoney
from tests.support.world import World

ROOMS: Final = (
    "paycorex",
    "authorizer",
    "merchants",
    "people",
    "payments",
    "settlements",
    "wallet",
    "tokens",
    "webhooks",
    "crypto_monitor",
    "dashboard",
    "statements",
)
# DynamoDB's limit is 400 KB; what is written at every step of a payment stays far below.
MAX_PAYMENT_BYTES: Final = 64 * 1024
# What cannot grow: one value each.
_SCALARS: Final = (UnicodeAttribute, NumberAttribute, BooleanAttribute)
# A digest, a signature or a public key: as long as its algorithm makes it.
FIXED: Final = "fixed"

# Each list, map or blob of a stored model, and the name of what bounds it: how many, or how many bytes.
BOUNDS: Final = {
    "MerchantItem.profile": "paycorex.routing_rules.MAX_RULES",
    "MerchantItem.fee_plans": "paycorex.records.fee_plan.MAX_VERSIONS",
    # One decision of a fixed shape.
    "PaymentItem.risk": FIXED,
    "PaymentItem.fee": "paycorex.records.payment_fee.MAX_JOURNALS",
    "RollupItem.costs": "dashboard.statistics.payment_rollup.COSTS",
    "ApiKeyItem.scopes": "paycorex.credentials.ALL_SCOPES",
    "WorkItem.fields": "paycorex.audit.entry.MAX_JSON_CHARACTERS",
    "PersonItem.passkeys": "people.passkeys.MAX_PASSKEYS",
    "PersonItem.recovery_codes": "people.tickets.CODES",
    "RosterItem.people": "people.roster.MAX_PEOPLE",
    "KeyRingItem.key_hashes": "merchants.keys.MAX_LIVE_KEYS",
    "InterventionItem.revoked_key_ids": "merchants.keys.MAX_LIVE_KEYS",
    "PaymentItem.metadata": "payments.routes.requests.MAX_METADATA_BYTES",
    "PaymentItem.next_action": "payments.connectors.documents.MAX_URL_CHARACTERS",
    "PaymentItem.method_state": "payments.crypto.state.MAX_TRANSFERS",
    "PaymentItem.attempts": "payments.connectors.routing.MAX_ATTEMPTS",
    "PaymentItem.late_money": "payments.payment.late_money.MAX_ON_PAYMENT",
    "PaymentItem.review": "payments.connectors.documents.MAX_REFERENCE_CHARACTERS",
    "PaymentItem.disputes": "payments.payment.disputes.MAX_DISPUTES",
    "PaymentItem.timeline": "payments.payment.versions.MAX_STEPS",
    "PaymentItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "SessionItem.methods": "paycorex.records.checkout_session.MAX_METHODS",
    "SessionItem.metadata": "payments.routes.requests.MAX_METADATA_BYTES",
    "LinkItem.methods": "paycorex.records.checkout_session.MAX_METHODS",
    "LinkItem.metadata": "payments.routes.requests.MAX_METADATA_BYTES",
    "QrCodeItem.metadata": "payments.routes.requests.MAX_METADATA_BYTES",
    "LinkItem.asks": "paycorex.records.payer.PERSONAL",
    "LinkItem.suggested": "paycorex.records.payment_link.MAX_SUGGESTED",
    "DisputeItem.moves": "payments.disputes.bookings.MAX_MOVES",
    "DisputeItem.evidence": "payments.disputes.evidence_kinds.MAX_FILES",
    "DisputeItem.timeline": "payments.payment.versions.MAX_STEPS",
    "PaymentItem.routing": "paycorex.records.payment_routing.MAX_NUMBERS",
    "PaymentItem.hold": "payments.captures.increment.MAX_INCREMENTS",
    "CaptureItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "TokenItem.brands": "tokens.instruments.brands.MAX_BRANDS",
    # A provider's names of a card that it keeps, and of the payer.
    "TokenItem.provider": "payments.connectors.documents.MAX_REFERENCE_CHARACTERS",
    # What a payer sees of one card: five values.
    "BookItem.card": "payments.connectors.documents.MAX_REFERENCE_CHARACTERS",
    # Twelve bytes for each outcome.
    "OutcomesItem.packed": "paycorex.routing_outcomes.window.SIZE",
    # The rules of two arms.
    "ExperimentItem.arms": "paycorex.routing_rules.MAX_RULES",
    "RefundItem.next_action": "payments.connectors.documents.MAX_URL_CHARACTERS",
    "RefundItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    # One late money, one reference to it, or one transfer.
    "OverflowItem.content": "payments.payment.late_money.MAX_CORRECTIONS",
    "EndpointItem.events": "paycorex.records.stamps.EVENTS",
    "EndpointItem.secrets": "webhooks.endpoints.endpoints.MAX_LIVE_SECRETS",
    "DeliveryItem.attempts": "webhooks.stores.deliveries.MAX_ATTEMPTS_KEPT",
    "ReplayItem.events": "paycorex.records.stamps.EVENTS",
    # The object of one record, as its item bounds it.
    "EventItem.data": "payments.payment.late_money.MAX_ON_PAYMENT",
    # A refusal's details; the longest carries a payment that was just made.
    "ClaimItem.refusal": "payments.connectors.routing.MAX_ATTEMPTS",
    "AsideItem.payload": "paycorex.set_aside.items.MAX_PAYLOAD_BYTES",
    "VerificationItem.findings": "paycorex.ledger.proof.verification_runs.MAX_FINDINGS",
    "SearchTermItem.payments": "dashboard.search.terms.MAX_PAYMENTS",
    # What each of them has is bounded where log lines are read.
    "RequestItem.others": "dashboard.request_log.packs.MAX_REQUESTS",
    "RollupItem.ways": "dashboard.statistics.ways.MAX_NAMES",
    # Quarters of a day for each name; names are the methods and statuses of this code.
    "RollupItem.packed": "dashboard.statistics.tallies.QUARTERS_PER_DAY",
    "CheckpointItem.packed": "paycorex.ledger.proof.checkpoint.RUNS_PER_CHUNK",
    "CheckpointItem.chunk_roots": "paycorex.ledger.proof.checkpoints.MAX_RUNS_PER_CHECKPOINT",
    **dict.fromkeys(
        ("CheckpointItem.root", "CheckpointItem.previous", "CheckpointItem.signature", "CheckpointItem.public_key", "WorkItem.hash"), FIXED
    ),
    "SettlementItem.bookings": "paycorex.records.settlement.MAX_BOOKINGS",
    "SettlementItem.folding": "paycorex.records.settlement.MAX_SUBTREES",
    "SettlementItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "ReconciliationItem.shares": "settlements.matching.items.MAX_SHARES",
    "ReconciliationItem.fees": FIXED,
    "ReconciliationItem.moves": "settlements.matching.items.MAX_DECISIONS",
    "ReconciliationItem.decisions": "settlements.matching.items.MAX_DECISIONS",
    "ReconciliationPosition.lanes": "paycorex.ledger.MAX_LANES",
    "ReconciliationDay.packed": "paycorex.records.reconciliation_day.PART_BYTES",
    "ReconciliationDay.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "SettlementImportItem.mapping": "paycorex.records.settlement_import.MAX_NAMES",
    "SettlementMappingItem.mapping": "paycorex.records.settlement_import.MAX_NAMES",
    "ClockItem.place": "paycorex.test_clock.PLACE_FIELDS",
    "SettlementImportItem.place": "paycorex.records.settlement_import.MAX_NAMES",
    "SettlementImportItem.errors": "paycorex.records.settlement_import.MAX_ERRORS",
    "SettlementImportItem.preview": "paycorex.records.settlement_import.MAX_PREVIEWED",
    "SettlementImportItem.counts": "paycorex.records.settlement_import.MAX_NAMES",
    "BankLineItem.references": "paycorex.records.bank_line.MAX_REFERENCES",
    "BankLineItem.settlements": "paycorex.records.bank_line.MAX_SETTLEMENTS",
    "BankLineItem.proposals": "paycorex.records.bank_line.MAX_PROPOSALS",
    "BankLineItem.decisions": "paycorex.records.bank_line.MAX_DECISIONS",
    "BankLineItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "PeriodItem.balances": "statements.closing.MAX_BALANCES",
    # Four forms of each currency's statement.
    "PeriodItem.files": "statements.closing.MAX_CURRENCIES",
    "PeriodItem.entries": "paycorex.ledger.journal.MAX_POSTINGS",
    "LogoItem.content": "paycorex.pictures.MAX_STORED_BYTES",
    "PeriodItem.content": "statements.store.PART_BYTES",
    # Four names each, of texts that are bounded where they come from.
    "PeriodItem.seller": FIXED,
    "PeriodItem.buyer": FIXED,
    # A line for each currency, of which there are fewer than accounts.
    "PeriodItem.lines": "statements.closing.MAX_BALANCES",
    # The accounts of one batch of the ledger's stream.
    "WorkItem.accounts": "paycorex.ledger.proof.sealing_work.MAX_ACCOUNTS_PER_NOTE",
}


def models() -> Iterator[type[Item]]:
    """Every model of this code."""
    with World().running():
        for room in ROOMS:
            package = importlib.import_module(room)
            for module in pkgutil.walk_packages(package.__path__, f"{room}."):
                importlib.import_module(module.name)
    waiting = [Item]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model.__module__.partition(".")[0] in ROOMS:
            yield model


def growing() -> dict[str, Attribute[object]]:
    """Attributes that hold more than one value."""
    found = {}
    for model in models():
        for name, attribute in model.get_attributes().items():
            if not isinstance(attribute, _SCALARS):
                found[f"{model.__name__}.{name}"] = attribute
    return found


def test_every_list_map_and_blob_has_a_named_bound_and_no_name_is_left_over() -> None:
    assert set(growing()) == set(BOUNDS)


@pytest.mark.parametrize("where", sorted({bound for bound in BOUNDS.values() if bound != FIXED}))
def test_a_bound_is_a_number_or_a_closed_set(where: str) -> None:
    module, _, name = where.rpartition(".")
    bound = getattr(importlib.import_module(module), name)
    assert (len(bound) if isinstance(bound, Collection) else bound) > 0
    assert isinstance(bound, int | tuple | frozenset | MappingProxyType)


def test_a_payment_at_all_its_bounds_is_small() -> None:
    """As long as references, codes, reasons and addresses may be, and as many as a payment keeps."""
    payment = _full()
    size = sum(
        len(name.encode()) + len(str(next(iter(value.values()))).encode()) for name, value in payment.serialize(null_check=False).items()
    )
    assert MAX_PAYMENT_BYTES // 2 < size < MAX_PAYMENT_BYTES


def _full() -> PaymentItem:
    reference, amount = "r" * documents.MAX_REFERENCE_CHARACTERS, Money(10**15 - 1, "INR")
    payment = PaymentItem(payment_id="pay_" + "a" * 26, merchant_id="mer_" + "a" * 26, currency="INR", method="crypto", status="success")
    for _ in range(late_money.MAX_ON_PAYMENT):
        money = LateMoney.held(late_money.next_reference(payment), amount, connector="c" * 32, provider_reference=reference, now_ms=10**12)
        payment.late_money = late_money.stored_with(payment, money)
    note = Note(0, "c" * 32, "declined", "x" * documents.MAX_CODE_CHARACTERS, "y" * 200, reference, 10**12, 10**5)
    for number in range(routing.MAX_ATTEMPTS):
        payment.attempts = attempts.noted(payment.attempts, Note(number, *(getattr(note, name) for name in Note.__slots__[1:])))
    payment.timeline = []
    for _ in range(versions.MAX_STEPS * 2):
        payment.timeline = versions.with_step(payment.timeline, ["processing", 10**12, "z" * documents.MAX_CODE_CHARACTERS])
    transfers = {f"0x{number:064x}:{'d' * 32}-0": _transfer(f"0x{number:064x}") for number in range(crypto_state.MAX_TRANSFERS)}
    rates = Rates("INR", {})
    payment.method_state = CryptoState("ethereum", "ETH", "0x" + "1" * 40, 1, 10**30, 10**30, rates, transfers).stored()
    payment.next_action = {"type": "redirect", "url": "u" * documents.MAX_URL_CHARACTERS}
    payment.metadata = {"text": "m" * 4_080}
    assert late_money.itself(payment) is payment
    return payment


def _transfer(tx_hash: str) -> Transfer:
    return Transfer(tx_hash, 10**6, "confirmed", "ETH", 10**30, tx_hash, 10**12, "settled:pay_" + "a" * 26 + ".1000")


def test_a_timeline_keeps_its_first_and_its_newest_steps() -> None:
    timeline: list[list[object]] = []
    for moment in range(500):
        timeline = versions.with_step(timeline, ["pending", moment])
    moments = [step[1] for step in timeline]
    newest = versions.MAX_STEPS - versions.FIRST_STEPS
    assert moments == [*range(versions.FIRST_STEPS), *range(500 - newest, 500)]


def test_a_batch_of_many_accounts_is_noted_in_small_notes_and_none_is_lost() -> None:
    accounts = [f"mer_{number:026d}#merchant#mer#INR#0" for number in range(2 * sealing_work.MAX_ACCOUNTS_PER_NOTE + 7)]
    with World().running():
        for _twice in range(2):
            sealing_work.note("0" * 40, accounts)
        notes = sealing_work.changed(100).items
    assert [len(note.accounts) for note in notes].count(sealing_work.MAX_ACCOUNTS_PER_NOTE) == 2
    assert sorted(account for note in notes for account in note.accounts) == accounts


def test_a_journal_of_more_postings_than_a_record_remembers_is_refused() -> None:
    several = [Account.suspense(f"mer_{number:026d}", "INR") for number in range(journal.MAX_POSTINGS)]
    postings = [Posting(account, 0, 1) for account in several]
    with pytest.raises(Unbalanced):
        Journal(Reference(ReferenceType.PAYMENT, "pay"), (*postings, Posting(Account.of_merchant("mer_x", "INR"), len(several), 0)))
