"""Fingerprints at their real cost, which worlds of tests do not pay."""

import hashlib

from merchants import fingerprints
from paycorex.records.merchant import MerchantItem


def test_each_guess_of_a_secret_costs_sixteen_mebibytes_and_leaves_32_bits() -> None:
    merchant = MerchantItem(merchant_id="mer_1", cursor_key="c" * 32)
    salt, cost = b"c" * 32 + b"#stripe#secret_key", {"n": 16_384, "r": 8, "p": 1}
    slow = hashlib.scrypt(b"sk_live_1", salt=salt, dklen=4, **cost).hex()
    assert fingerprints.fingerprint(merchant, "stripe", "secret_key", "sk_live_1") == slow
    assert 128 * cost["n"] * cost["r"] == 16 * 2**20
