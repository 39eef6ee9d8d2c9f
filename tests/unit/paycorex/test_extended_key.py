"""BIP-32 in public: the official vectors, a second library, and keys that must never be taken."""

import hmac
from functools import cache

import pytest
from eth_account import Account
from eth_account.hdaccount import seed_from_mnemonic
from eth_account.hdaccount.deterministic import Node, derive_child_key
from eth_keys.datatypes import PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from paycorex.evm.address import checksummed
from paycorex.evm.extended_key import HARDENED, ExtendedPublicKey, InvalidExtendedKey, PrivateKeyRefused, parse_account

# (parent, child number, child) of https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki, test vectors 1 and 2: every step in them
# that can be taken in public.
PUBLIC_STEPS = [
    (
        "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw",
        1,
        "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ",
    ),
    (
        "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5",
        2,
        "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
    ),
    (
        "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
        1_000_000_000,
        "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy",
    ),
    (
        "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
        0,
        "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
    ),
    (
        "xpub6ASAVgeehLbnwdqV6UKMHVzgqAG8Gr6riv3Fxxpj8ksbH9ebxaEyBLZ85ySDhKiLDBrQSARLq1uNRts8RuJiHjaDMBU4Zn9h8LZNnBC5y4a",
        1,
        "xpub6DF8uhdarytz3FWdA8TvFSvvAh8dP3283MY7p2V4SeE2wyWmG5mg5EwVvmdMVCQcoNJxGoWaU9DCWh89LojfZ537wTfunKau47EL2dhHKon",
    ),
]
# Test vector 5: invalid public keys, with what is wrong with them.
INVALID = [
    ("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBm", "compressed"),
    ("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Txnt3siSujt9RCVYsx4qHZGc62TG4McvMGcAUjeuwZdduYEvFn", "compressed"),
    ("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6N8ZMMXctdiCjxTNq964yKkwrkBJJwpzZS4HS2fxvyYUA4q2Xe4", "compressed"),
    ("xpub661no6RGEX3uJkY4bNnPcw4URcQTrSibUZ4NqJEw5eBkv7ovTwgiT91XX27VbEXGENhYRCf7hyEbWrR3FewATdCEebj6znwMfQkhRYHRLpJ", "master"),
    ("xpub661MyMwAuDcm6CRQ5N4qiHKrJ39Xe1R1NyfouMKTTWcguwVcfrZJaNvhpebzGerh7gucBvzEQWRugZDuDXjNDRmXzSZe4c7mnTK97pTvGS8", "master"),
    ("DMwo58pR1QLEFihHiXPVykYB6fJmsTeHvyTp7hRThAtCX8CvYzgPcn8XnmdfHGMQzT7ayAmfo4z3gY5KfbrZWZ6St24UVf2Qgo6oujFktLHdHY4", "version"),
    ("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Q5JXayek4PRsn35jii4veMimro1xefsM58PgBMrvdYre8QyULY", "point"),
    ("xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBL", "checksum"),
    ("xpub0OIl", "base58"),
    ("", "111 characters"),
    ("x" * 5_000, "111 characters"),
]
PRIVATE = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
JUNK = "test test test test test test test test test test test junk"


# A merchant of the tests takes crypto on every network, with one key: without this each derives it seven times.
@cache
def account_key(mnemonic: str) -> ExtendedPublicKey:
    """The xpub of m/44'/60'/0' by a second library's private derivation (eth-account), which is never in the product."""
    raw = hmac.digest(b"Bitcoin seed", seed_from_mnemonic(mnemonic, ""), "sha512")
    key, chain_code = raw[:32], raw[32:]
    parent = key
    for part in ("44'", "60'", "0'"):
        parent = key
        key, chain_code = derive_child_key(key, chain_code, Node.decode(part))
    public = PrivateKey(key).public_key.to_compressed_bytes()
    fingerprint = ExtendedPublicKey(PrivateKey(parent).public_key.to_compressed_bytes(), bytes(32), 2, bytes(4), 0).fingerprint
    return ExtendedPublicKey(public, chain_code, 3, fingerprint, HARDENED)


@pytest.mark.parametrize(("parent", "number", "child"), PUBLIC_STEPS)
def test_public_derivation_follows_the_official_vectors(parent: str, number: int, child: str) -> None:
    key = ExtendedPublicKey.parse(parent)
    assert str(key) == parent
    assert str(key.child(number)) == child


@pytest.mark.parametrize(("text", "problem"), INVALID)
def test_invalid_keys_are_refused_and_not_repeated(text: str, problem: str) -> None:
    with pytest.raises(InvalidExtendedKey, match=problem) as caught:
        ExtendedPublicKey.parse(text)
    assert not text or text not in caught.value.message


def test_a_private_key_is_refused_loudly_and_not_repeated() -> None:
    with pytest.raises(PrivateKeyRefused, match="PRIVATE KEY") as caught:
        parse_account(PRIVATE)
    assert PRIVATE[4:] not in str(caught.value.details) + caught.value.message


def test_only_an_accounts_key_is_taken() -> None:
    """Another depth would derive addresses that the merchant's wallet does not look at."""
    for text in (PUBLIC_STEPS[0][0], PUBLIC_STEPS[0][2], PUBLIC_STEPS[3][0]):
        with pytest.raises(InvalidExtendedKey, match="account"):
            parse_account(text)


def test_hardened_children_do_not_exist_in_public() -> None:
    with pytest.raises(ValueError, match="hardened"):
        ExtendedPublicKey.parse(PUBLIC_STEPS[0][0]).child(HARDENED)


def test_receive_addresses_are_those_of_another_library() -> None:
    """eth-account derives m/44'/60'/0'/0/i in private; the account's xpub alone must yield the same addresses."""
    Account.enable_unaudited_hdwallet_features()
    account = parse_account(str(account_key(JUNK)))
    assert checksummed(account.receive_address(0)) == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    for index in (0, 1, 2, 7, 100, 65_535, HARDENED - 1):
        theirs = Account.from_mnemonic(JUNK, account_path=f"m/44'/60'/0'/0/{index}").address
        assert checksummed(account.receive_address(index)) == theirs


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32).filter(any), st.binary(min_size=32, max_size=32), st.integers(0, HARDENED - 1))
def test_public_and_private_derivation_meet(private: bytes, chain_code: bytes, number: int) -> None:
    """N(CKDpriv(k, i)) = CKDpub(N(k), i), for any key, against eth-account's private derivation."""
    try:
        point = PrivateKey(private).public_key.to_compressed_bytes()
        child, child_chain = derive_child_key(private, chain_code, Node.decode(str(number)))
    except Exception:  # noqa: BLE001 - not a key of the curve: nothing to compare
        return
    ours = ExtendedPublicKey(point, chain_code, 3, bytes(4), HARDENED).child(number)
    assert ours.public_key == PrivateKey(child).public_key.to_compressed_bytes()
    assert ours.chain_code == child_chain
    assert str(ExtendedPublicKey.parse(str(ours))) == str(ours)
