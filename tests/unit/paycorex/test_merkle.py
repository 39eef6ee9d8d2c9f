"""The Merkle trees are RFC 6962's."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.ledger.proof import merkle

# The leaves and roots of the reference implementation of Certificate Transparency (google/certificate-transparency, merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(hashes: list[bytes]) -> bytes:
    """Section 2.1 word for word: split at the largest power of two below the number of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + by_definition(hashes[:split]) + by_definition(hashes[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_the_empty_trees_root_is_the_hash_of_nothing() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").digest()


def test_a_path_is_the_reference_implementations() -> None:
    """The third of five leaves, from the same vectors."""
    found = [one.hex() for one in merkle.path([merkle.leaf_hash(leaf) for leaf in LEAVES[:5]], 1)]
    assert found == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    """Or a node could be shown as a leaf."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.node_hash(left, right) != merkle.leaf_hash(left + right)


@given(st.integers(1, 300))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    assert merkle.root(hashes) == by_definition(hashes)


@given(st.integers(1, 300), st.sampled_from([1, 2, 8, 32]))
def test_roots_of_equal_blocks_make_the_same_tree(size: int, block: int) -> None:
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    blocks = [hashes[at : at + block] for at in range(0, size, block)]
    roots = [merkle.root(one) for one in blocks]
    assert merkle.root(roots) == merkle.root(hashes)
    for index in (0, size // 2, size - 1):
        number, position = divmod(index, block)
        assert merkle.path(blocks[number], position) + merkle.path(roots, number) == merkle.path(hashes, index)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_path_leads_from_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.path([bytes(32)] * 3, index)
