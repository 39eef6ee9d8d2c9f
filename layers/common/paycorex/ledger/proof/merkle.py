"""Merkle trees over SHA-256 as RFC 6962, section 2.1, defines them: leaves and nodes are hashed apart, odd ones are not doubled.

A whole power of two of leaves, beginning at a multiple of it, is a subtree. So a tree may be kept as the roots of such blocks, and `root`
and `path` over those roots are the upper part of the tree over all leaves.
"""

import hashlib
from collections.abc import Sequence

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(_LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves or of equally large subtrees; SHA-256 of nothing when there are none."""
    if not hashes:
        return hashlib.sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        # Pairing from the left and handing an odd one up gives the tree that the RFC splits at the largest power of two.
        paired = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """What to hash a leaf with, from below, to come to the root. Raises IndexError for a leaf that is not there."""
    if not 0 <= index < len(hashes):
        raise IndexError(index)
    level, siblings = list(hashes), list[bytes]()
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            siblings.append(level[sibling])
        paired = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return siblings
