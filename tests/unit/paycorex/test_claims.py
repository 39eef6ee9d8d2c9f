"""Claims: what makes two requests one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.contract import AmountText, Body
from paycorex.idempotency import Claim
from paycorex.idempotency.claims import hash_request

SIGNATURE = "a" * 64


class Move(Body):
    """A body with an amount."""

    amount: AmountText
    note: str | None = None


def claim(*, key: str | None = None, signed: bool = True, signature: str = SIGNATURE, merchant: str = "mer_a") -> Claim:
    return Claim.of(merchant, signature=signature, key=key, key_is_signed=signed, request_hash="hash")


def test_without_a_key_the_signature_is_the_claim() -> None:
    assert claim().names == (f"sig:{SIGNATURE}",)
    assert claim(signed=False).names == (f"sig:{SIGNATURE}",)


def test_a_signed_key_is_the_whole_claim() -> None:
    """So a retry that is signed anew finds the first one."""
    assert claim(key="k").names == ("key:k",)
    assert claim(key="k").record_id("pay") == claim(key="k", signature="b" * 64).record_id("pay")


def test_under_v1_the_signature_is_claimed_besides_the_key() -> None:
    """v1 does not sign the key, so the signature is a name too. Record ids come from the key under either scheme."""
    assert claim(key="k", signed=False).names == ("key:k", f"sig:{SIGNATURE}")
    assert claim(key="k", signed=False).record_id("pay") == claim(key="k").record_id("pay")
    assert [row.kind for row in claim(key="k", signed=False).signature_rows(reference="pay_x")] == ["Put"]
    assert claim(key="k").signature_rows(reference="pay_x") == []


@given(key=st.text(min_size=1, max_size=30), other=st.text(min_size=1, max_size=30))
def test_keys_are_the_merchants_own(key: str, other: str) -> None:
    assert claim(key=key).record_id("pay") != claim(key=key, merchant="mer_b").record_id("pay")
    assert (claim(key=key).record_id("pay") == claim(key=other).record_id("pay")) is (key == other)


def test_a_key_that_looks_like_a_signature_is_no_signature() -> None:
    assert claim(key=SIGNATURE).record_id("pay") != claim().record_id("pay")


def test_records_of_different_kinds_have_different_ids() -> None:
    assert claim().record_id("pay")[4:] != claim().record_id("ref")[4:]


@pytest.mark.parametrize("amount", ["10", "10.0", "10.00"])
def test_equal_amounts_are_the_same_request(amount: str) -> None:
    same = hash_request("POST", "/v1/wallet/topup", "k", Move(amount="10"))
    assert hash_request("POST", "/v1/wallet/topup", "k", Move(amount=amount)) == same


def test_what_differs_is_another_request() -> None:
    hashes = {
        hash_request("POST", "/v1/wallet/topup", "k", Move(amount="10")),
        hash_request("POST", "/v1/wallet/topup", "k", Move(amount="100")),
        hash_request("POST", "/v1/wallet/topup", "k", Move(amount="10", note="x")),
        hash_request("POST", "/v1/wallet/topup", "other", Move(amount="10")),
        hash_request("POST", "/v1/wallet/topup", None, Move(amount="10")),
        hash_request("POST", "/v1/wallet/pay", "k", Move(amount="10")),
        hash_request("PATCH", "/v1/wallet/topup", "k", Move(amount="10")),
        hash_request("POST", "/v1/wallet/topup", "k", None),
    }
    assert len(hashes) == 8
