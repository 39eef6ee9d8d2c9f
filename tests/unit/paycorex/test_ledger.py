"""The ledger's arithmetic: journals balance, entries link, wallets stay above zero, lanes are kept to."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex import caching, clock
from paycorex.ledger import Account, Entity, Entry, InsufficientFunds, Journal, Posting, Reference, ReferenceType, lanes
from paycorex.ledger.entry import GENESIS_HASH
from paycorex.ledger.journal import Unbalanced
from paycorex.ledger.links import check_link
from paycorex.ledger.store import from_wire, to_wire
from paycorex.money import Money

MERCHANT = Account.of_merchant("mer_a", "INR")
WALLET = Account.of_wallet("mer_a", "wal_a", "INR")
TOPUP = Account.clearing("mer_a", "topup", "INR")
REFERENCE = Reference(ReferenceType.PAYMENT, "pay_a")

accounts = st.builds(
    Account,
    merchant_id=st.just("mer_a"),
    entity=st.sampled_from(Entity),
    entity_id=st.sampled_from(["a", "b"]),
    currency=st.sampled_from(["INR", "JPY"]),
    lane=st.integers(0, 2),
)
postings = st.builds(Posting, account=accounts, credit=st.integers(-3, 3), debit=st.integers(-3, 3))


def is_balanced(candidate: list[Posting]) -> bool:
    """The rule, written down a second time: money, or one entry without any where a statement is kept."""
    if [(each.account.entity, each.credit, each.debit) for each in candidate] == [(Entity.RECONCILIATION, 0, 0)]:
        return True
    sums: Counter[str] = Counter()
    for posting in candidate:
        if {posting.credit, posting.debit} != {0, posting.credit + posting.debit} or posting.credit + posting.debit <= 0:
            return False
        sums[posting.account.currency] += posting.credit
        sums[posting.account.currency] -= posting.debit
    one_each = len({posting.account for posting in candidate}) == len(candidate)
    return len(candidate) >= 2 and one_each and not any(sums.values())


@given(candidate=st.lists(postings, max_size=5))
def test_a_journal_balances_per_currency_or_does_not_exist(candidate: list[Posting]) -> None:
    if is_balanced(candidate):
        assert Journal(REFERENCE, tuple(candidate)).postings == tuple(candidate)
    else:
        with pytest.raises(Unbalanced):
            Journal(REFERENCE, tuple(candidate))


@given(amounts=st.lists(st.integers(1, 10**12), min_size=1, max_size=6), skew=st.integers(-5, 5))
def test_one_unit_too_many_unbalances_a_journal(amounts: list[int], skew: int) -> None:
    credited = [Posting(replace(WALLET, entity_id=f"wal_{place}"), amount, 0) for place, amount in enumerate(amounts)]
    total = sum(amounts) + skew
    if total <= 0:
        return
    journal = (Posting(MERCHANT, 0, total), *credited)
    if skew:
        with pytest.raises(Unbalanced):
            Journal(REFERENCE, journal)
    else:
        assert Journal(REFERENCE, journal)


@given(minor=st.integers(1, 10**15))
def test_a_transfer_debits_the_source_and_credits_the_target(minor: int) -> None:
    journal = Journal.transfer(source=WALLET, target=MERCHANT, amount=Money(minor, "INR"), reference=REFERENCE)
    assert journal.postings == (Posting(WALLET, 0, minor), Posting(MERCHANT, minor, 0))


def test_money_does_not_change_its_currency_on_the_way() -> None:
    yen = Account.of_merchant("mer_a", "JPY")
    with pytest.raises(Unbalanced):
        Journal.transfer(source=WALLET, target=yen, amount=Money(100, "INR"), reference=REFERENCE)


def test_a_record_has_one_journal_id() -> None:
    assert REFERENCE.journal_id == Reference(ReferenceType.PAYMENT, "pay_a").journal_id
    assert len({Reference(kind, "pay_a").journal_id for kind in ReferenceType}) == len(ReferenceType)


@given(account=accounts)
def test_an_account_is_found_by_its_key(account: Account) -> None:
    assert Account.from_key(account.key) == account


def test_a_wallet_has_one_lane_whatever_the_merchant_has() -> None:
    assert WALLET.on_lane(5) == WALLET
    assert MERCHANT.on_lane(5).lane == TOPUP.on_lane(5).lane == 5


def entry(previous: Entry | None, posting: Posting, *, now_ms: int = 1_000, description: str | None = None) -> Entry:
    other = Posting(replace(MERCHANT, entity_id="other"), posting.debit, posting.credit)
    return Entry.after(previous, posting, Journal(REFERENCE, (posting, other), description), now_ms)


moves = st.lists(st.tuples(st.booleans(), st.integers(1, 1_000), st.integers(0, 50)), min_size=1, max_size=30)


@given(moves=moves)
def test_a_chain_adds_up_link_by_link(moves: list[tuple[bool, int, int]]) -> None:
    previous: Entry | None = None
    balance = 0
    for seq, (is_credit, amount, moment) in enumerate(moves, start=1):
        made = entry(previous, Posting(MERCHANT, amount, 0) if is_credit else Posting(MERCHANT, 0, amount), now_ms=moment)
        balance += amount if is_credit else -amount
        assert (made.seq, made.balance, made.total_credit - made.total_debit) == (seq, balance, balance)
        assert made.count == sum(credit for credit, _, _ in moves[:seq])
        assert made.prev_hash == (previous.hash if previous else GENESIS_HASH)
        assert made.created_at >= (previous.created_at if previous else 0)
        assert check_link(previous, made) == []
        previous = made


@given(moves=moves)
def test_a_wallet_never_goes_below_zero(moves: list[tuple[bool, int, int]]) -> None:
    previous: Entry | None = None
    for is_credit, amount, _ in moves:
        balance = previous.balance if previous else 0
        if not is_credit and amount > balance:
            with pytest.raises(InsufficientFunds) as refused:
                entry(previous, Posting(WALLET, 0, amount))
            assert (refused.value.balance, refused.value.needed) == (balance, amount)
        else:
            previous = entry(previous, Posting(WALLET, amount, 0) if is_credit else Posting(WALLET, 0, amount))
            assert previous.balance >= 0


def test_the_hash_is_sha256_over_length_prefixed_fields() -> None:
    """Written out by hand, so that an offline reader can be written from the documentation."""
    made = entry(None, Posting(MERCHANT, 1250, 0), now_ms=1_800_000_000_000, description="chai")
    written = ["mer_a#merchant#mer_a#INR#0", "1", "1250", "0", "1250", "1250", "0", "1", REFERENCE.journal_id, "payment", "pay_a", "+chai"]
    encoded = b"".join(len(text).to_bytes(4, "big") + text.encode() for text in [*written, "1800000000000"])
    assert made.hash == hashlib.sha256(b"paycorex-ledger-entry-1" + bytes(32) + encoded).digest()


CHANGES: dict[str, object] = {
    "account": replace(MERCHANT, lane=1),
    "seq": 3,
    "credit": 6,
    "debit": 1,
    "balance": 11,
    "total_credit": 11,
    "total_debit": 1,
    "count": 3,
    "journal_id": "jrn_other",
    "reference": Reference(ReferenceType.REFUND, "pay_a"),
    "description": "",
    "created_at": 2_000,
    "prev_hash": bytes(32),
    "hash": bytes(32),
}


def test_a_change_of_any_field_shows() -> None:
    assert set(CHANGES) == {field.name for field in fields(Entry)}
    first = entry(None, Posting(MERCHANT, 5, 0))
    second = entry(first, Posting(MERCHANT, 5, 0))
    for name, value in CHANGES.items():
        forged = replace(second, **{name: value})  # type: ignore[arg-type]  # one field of any type
        assert check_link(first, forged) != [], name


@pytest.mark.parametrize(("one", "other"), [(None, ""), ("", "+"), ("a", "+a")])
def test_no_two_descriptions_hash_alike(one: str | None, other: str | None) -> None:
    made = [entry(None, Posting(MERCHANT, 5, 0), description=text) for text in (one, other)]
    assert made[0].hash != made[1].hash


@given(amount=st.integers(1, 10**15), description=st.none() | st.text(max_size=20))
def test_an_entry_is_read_as_it_was_stored(amount: int, description: str | None) -> None:
    made = entry(None, Posting(WALLET, amount, 0), description=description)
    assert from_wire(to_wire(made)) == made


@pytest.fixture
def fresh_environment() -> Iterator[None]:
    caching.forget_everything()
    clock.use(lambda: 1_800_000_000.0)
    yield
    clock.use(None)
    caching.forget_everything()


@pytest.mark.usefixtures("fresh_environment")
def test_an_environment_keeps_to_its_lane() -> None:
    chosen = lanes.choose("mer_a", 8)
    assert 0 <= chosen < 8
    assert {lanes.choose("mer_a", 8) for _ in range(50)} == {chosen}


@pytest.mark.usefixtures("fresh_environment")
def test_environments_spread_over_all_lanes() -> None:
    seen = set()
    for _ in range(500):
        caching.forget_everything()
        seen.add(lanes.choose("mer_a", 8))
    assert seen == set(range(8))


@pytest.mark.usefixtures("fresh_environment")
def test_a_contended_lane_is_left_for_another_one() -> None:
    for _ in range(100):
        lane = lanes.choose("mer_a", 4)
        hopped = lanes.switch_lane("mer_a", lane, 4)
        assert hopped != lane
        assert 0 <= hopped < 4
        assert lanes.choose("mer_a", 4) == hopped
    assert lanes.switch_lane("mer_a", 0, 1) == 0


@pytest.mark.usefixtures("fresh_environment")
def test_a_lane_that_is_no_more_is_not_kept_to() -> None:
    for _ in range(50):
        lanes.choose("mer_a", 64)
        assert lanes.choose("mer_a", 2) < 2
        caching.forget_everything()
