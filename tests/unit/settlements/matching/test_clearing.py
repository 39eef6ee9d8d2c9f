"""What entries of clearing accounts are about, and that their sum leaves nothing out."""

import pytest

from paycorex.ledger import Account, Entry, Journal, Reference, ReferenceType
from paycorex.money import Money
from settlements.matching.clearing import fold, record_of

CLEARING = Account.clearing("m_1", "stripe", "INR")
MERCHANT = Account.of_merchant("m_1", "INR")


def chained(*steps: tuple[ReferenceType, str, int, str | None]) -> list[Entry]:
    """Entries of the clearing account: + debits it, so that the provider owes more."""
    entries: list[Entry] = []
    for kind, reference_id, owed, description in steps:
        source, target = (CLEARING, MERCHANT) if owed > 0 else (MERCHANT, CLEARING)
        journal = Journal.transfer(
            source=source, target=target, amount=Money(abs(owed), "INR"), reference=Reference(kind, reference_id), description=description
        )
        posting = next(each for each in journal.postings if each.account == CLEARING)
        entries.append(Entry.after(entries[-1] if entries else None, posting, journal, 1_000 + len(entries)))
    return entries


@pytest.mark.parametrize(
    ("kind", "reference_id", "description", "record"),
    [
        (ReferenceType.PAYMENT, "pay_1", None, "payment:pay_1"),
        (ReferenceType.PAYMENT, "pay_1.2", None, "payment:pay_1"),
        (ReferenceType.REVERSAL, "pay_1.1", None, "payment:pay_1"),
        (ReferenceType.CAPTURE, "cap_1", "pay_1", "payment:pay_1"),
        (ReferenceType.SUSPENSE, "pay_1.1", None, "late:pay_1.1"),
        (ReferenceType.SUSPENSE, "pay_1.1.corrected.2", None, "late:pay_1.1"),
        (ReferenceType.REFUND, "ref_1", "damaged", "refund:ref_1"),
        (ReferenceType.WALLET_REFUND, "ref_1", None, "refund:ref_1"),
        (ReferenceType.REVERSAL, "ref_1", None, "refund:ref_1"),
        (ReferenceType.DISPUTE, "dsp_1.3", None, "dispute:dsp_1"),
        (ReferenceType.TOPUP, "trf_1", None, "topup:trf_1"),
    ],
)
def test_every_kind_of_entry_has_its_record(kind: ReferenceType, reference_id: str, description: str | None, record: str) -> None:
    assert record_of(chained((kind, reference_id, 100, description))[0]) == record


def test_the_sum_of_records_is_the_balance() -> None:
    entries = chained(
        (ReferenceType.CAPTURE, "cap_1", 60, "pay_1"),
        (ReferenceType.CAPTURE, "cap_2", 40, "pay_1"),
        (ReferenceType.REFUND, "ref_1", -30, None),
        (ReferenceType.FEE, "fee_1", 5, None),
    )
    folded = fold(entries)
    assert {record: change.owed for record, change in folded.changes.items()} == {"payment:pay_1": 100, "refund:ref_1": -30, "fee:fee_1": 5}
    assert folded.changes["payment:pay_1"].at == 1_001
    assert folded.balance == -entries[-1].balance == 75
